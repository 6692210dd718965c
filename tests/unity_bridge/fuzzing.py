"""Mutated messages for everything that reads what comes from outside.

A target takes bytes and says in a word or sentence what it made of them; it lets no exception out
but those that nobody may see. Inputs that brought a new answer are kept in ``fixtures/corpus``.
"""

import asyncio
import random
import re
import resource
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

from envs.contract import CatalogueEntry
from tests.unity_bridge import fuzzing_live
from tests.unity_bridge.builds import make_agent, make_message
from tests.unity_bridge.helpers import RECORDED, RecordingMind, make_infos, make_step, recorded
from unity_bridge import channels, llapi
from unity_bridge.codec import (
    decode_actions,
    decode_masks,
    decode_observations,
    encode_actions,
    make_idle_action,
    why_not_ours,
)
from unity_bridge.errors import BridgeError
from unity_bridge.game import make_greeting, make_waiting
from unity_bridge.host import Host
from unity_bridge.images import decode_image, decode_usual, split_png_files
from unity_bridge.inbox import Inbox
from unity_bridge.limits import Limits
from unity_bridge.png import decode_png, encode_png
from unity_bridge.protocol import messages
from unity_bridge.session import make_reply
from unity_bridge.steps import StepDecoder, find_largest_observation, make_spec

CORPUS = Path(__file__).parents[1] / "fixtures" / "corpus"
SLOWEST_SECONDS = 5.0
"""One input may take so long on a machine that is busy with other things."""
KEPT_BYTES = 3000
"""Longer inputs are not kept."""


class Call:
    """What a host sees of a call."""

    def __init__(self, peer):
        self._peer = peer

    def peer(self):
        return self._peer


# ---------------------------------------------------------------------------------------- targets


class Targets:
    """Everything that reads bytes from outside, by name."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        limits = Limits(max_worlds=1000, messages_per_second=1e9)
        self.host = Host(RecordingMind(), limits=limits)
        self.live_link = fuzzing_live.LiveTarget()
        self.calls = 0

    def steps(self, data):
        """The drop-in: records of any build."""
        said = messages.UnityMessageProto.FromString(data).unity_output
        find_largest_observation(messages.UnityMessageProto(unity_output=said))
        infos = said.rl_output.agentInfos
        for brain in said.rl_initialization_output.brain_parameters:
            if brain.brain_name in infos and infos[brain.brain_name].value:
                records = infos[brain.brain_name].value
                spec = make_spec(brain, records[0])
                decisions, terminals = StepDecoder(brain.brain_name, spec, "CHW").decode(records)
                assert len(decisions) + len(terminals) == len(records)
                for steps in (decisions, terminals):
                    for seen, observed in zip(steps.obs, spec.observation_specs, strict=True):
                        assert seen.shape == (len(steps), *observed.shape)
                        assert seen.dtype == np.float32
        return "decoded"

    def codec(self, data):
        """The contract's observations, masks and actions."""
        said = messages.UnityMessageProto.FromString(data)
        for listed in said.unity_output.rl_output.agentInfos.values():
            for brain in said.unity_output.rl_initialization_output.brain_parameters:
                for info in listed.value:
                    why_not_ours(brain, info)
                    make_idle_action(brain, info)
            observations = decode_observations(listed.value)
            assert all(len(rows) == len(listed.value) for rows in observations.values())
            decode_masks(listed.value)
        for actions in said.unity_input.rl_input.agent_actions.values():
            decode_actions(actions.value)
        return "decoded"

    def host_answers(self, data):
        """A whole host, to which a world says hello before."""
        mind = self.host._mind
        peer = f"ipv4:127.0.0.1:{self.calls % 50000}"
        self.calls += 1
        status = self.loop.run_until_complete(self._converse(peer, data))
        self.host._release(peer)
        assert not self.host.worlds
        assert not self.host.meters.refused["server_failed"], "the host did not expect this"
        assert isinstance(mind, RecordingMind)
        assert len(mind.worlds) == len(mind.gone), "a world was not released"
        for found in (mind.batches, mind.worlds, mind.gone):
            found.clear()
        return f"answered {status}"

    async def _converse(self, peer, data):
        status = 200
        for sent in (GREETING, WAITING, data, data):
            call: Any = Call(peer)
            reply = messages.UnityMessageProto.FromString(await self.host._exchange(sent, call))
            status = reply.header.status
            assert status in (200, 400)
        return status

    def live(self, data):
        """A whole server of the live link: what one connection sends."""
        told = self.loop.run_until_complete(self.live_link.answer(data))
        check_sentence(told)
        return told

    def side_channels(self, data):
        """Frames, and what is in them, for host and player."""
        for _, _, sentence in Inbox().read(data):
            check_sentence(sentence)
        for channel, payload in channels.decode_frames(data):
            if channel == channels.ENGINE_CONFIGURATION:
                channels.decode_engine_setting(payload)
            elif channel == channels.ENVIRONMENT_PARAMETERS:
                channels.decode_parameter(payload)
            elif channel == channels.STATS:
                channels.decode_stat(payload)
            elif channel in channels.OUR_CHANNELS:
                channels.decode_npcs(channel, payload)
        return "read"

    def pictures(self, data):
        """PNG files: one, several in a row, those of many agents."""
        usual = decode_usual([data, data], (3, 8, 8), "CHW")
        try:
            alone = decode_png(data, 8, 8)
        finally:
            split_png_files(data)
        if usual is not None and not usual[1]:
            scaled = alone.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
            assert (usual[0] == scaled).all()
        decode_image(data, (1, 8, 8), (), "CHW")
        decode_image(data, (8, 8, 3), (2, 1, 0), "HWC")
        return "read"


TARGETS = ("steps", "codec", "host_answers", "live", "side_channels", "pictures")
TURNS = ("steps", "pictures", "side_channels") * 6 + ("codec", "host_answers", "live", "live")
"""Who gets an input: those that read much, seldom."""
REFUSALS = (DecodeError, BridgeError, llapi.UnityObservationException)
"""What a target may raise, besides numbers that are not finite."""


def check_sentence(sentence):
    """What a log or a refusal says: one line, not endless, whatever came."""
    assert sentence.isprintable() and len(sentence) < 2000, sentence[:2000]


def run(targets, name, data):
    """What a target made of an input, without the numbers in it."""
    try:
        answer = getattr(targets, name)(data)
    except DecodeError:
        return "no message"
    except REFUSALS as error:
        answer = str(error)
        check_sentence(answer)
        assert "object at 0x" not in answer, answer
    except RuntimeError as error:
        answer = str(error)
        assert "NaN or infinite" in answer, answer
    return re.sub(r"'[^']*'|[-\d.]+|\([^)]*\)|\[[^]]*\]", "#", answer)[:90]


# --------------------------------------------------------------------------------- seeds, mutations


def frames():
    """Side channel bytes with a frame of every kind."""
    entry = CatalogueEntry(sequence=1, op="add", slot=2, polygon=((0, 1),), doorways=())
    parts = {
        channels.CATALOGUE: {1: [entry.to_json()]},
        channels.DIALOGUE: {1: [{"utterance": 1, "speaker": 2, "to_me": True, "text": "hello"}]},
        channels.GOAL: {1: [{"op": "set", "goal": 1, "text": "go to the door", "priority": 1}]},
        channels.EPISODE: {1: [{"op": "start", "task": "t", "seed": 3, "map": "known"}]},
        channels.MIND: {1: [{"op": "save", "request": 1}]},
    }
    setting, resolution = channels.EngineSetting, (84, 84)
    sampled = channels.SampledParameter(1, channels.Sampler.MULTIRANGE, (0.0, 1.0, 2.0, 3.0))
    return channels.encode_frames([
        (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}, "round_trip_ms": 3})),
        *((channel, channels.encode_npcs(part)) for channel, part in parts.items()),
        (channels.ENGINE_CONFIGURATION,
         channels.encode_engine_setting(setting.RESOLUTION, *resolution)),
        (channels.ENGINE_CONFIGURATION, channels.encode_engine_setting(setting.TIME_SCALE, 2.0)),
        (channels.ENVIRONMENT_PARAMETERS, channels.encode_parameter("seed", 3.0)),
        (channels.ENVIRONMENT_PARAMETERS, channels.encode_parameter("light", sampled)),
        (channels.STATS, channels.encode_stat("success", 1.0)),
    ])  # fmt: skip


def make_seeds():
    """Good inputs by target."""
    ours = make_step(make_infos(1))
    ours.unity_output.rl_output.side_channel = frames()
    acting = make_reply()
    acting.unity_input.rl_input.agent_actions["Ours"].value.extend(
        encode_actions(np.ones((2, 8), np.int64))
    )
    any_build = make_message([make_agent(1), make_agent(2, done=True)], continuous=1)
    sdk = [request for path in RECORDED for request, _ in recorded(path)[2:4]]
    sdk = [request for request in sdk if len(request) < 20_000]
    said = [message.SerializeToString() for message in (ours, any_build)]
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (8, 8, 3), np.uint8)
    pictures = [
        encode_png(pixels, 0),
        encode_png(pixels // 64, 9),
        encode_png(pixels) * 2,
        encode_png(pixels[:3]).replace(b"\0\0\0\x03", b"\0\0\0\x08", 1),  # too few rows
    ]
    return {
        "steps": [*said[1:], *sdk],
        "codec": [said[0], acting.SerializeToString()],
        "host_answers": [*said, *sdk, acting.SerializeToString()],
        "live": fuzzing_live.make_streams(),
        "side_channels": [frames()],
        "pictures": pictures,
    }


GREETING = make_greeting().SerializeToString()
WAITING = make_waiting().SerializeToString()
_NUMBERS = (0, 1, -1, 2, 127, 255, 256, 65535, 2**31 - 1, -(2**31))
_JSON_VALUE = re.compile(rb'[\d.]+|"[^"]*"|true|false')
_OTHER_VALUES = (b"1e999", b"NaN", b"null", b"[]", b"{}", b"[[[1]]]", b"true", b"-1", b"1.5",
                 b"9" * 400, b'"\\ud800"', b'"none"', b'"' + b"long " * 100 + b'"')  # fmt: skip
_FLOATS = (0.0, -1.0, 1e30, float("nan"), float("inf"), float("-inf"))


def spoil(data, rng):
    """Change some bytes, cut some off, put some in, say some twice."""
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 10))):
        place = rng.randrange(len(spoilt) + 1)
        match rng.randrange(5):
            case 0 if place < len(spoilt):
                spoilt[place] = rng.randrange(256)
            case 1:
                spoilt[place : place + rng.randrange(1, 40)] = b""
            case 2:
                spoilt[place:place] = spoilt[place : place + rng.randrange(1, 60)]
            case 3:
                spoilt[place : place + 4] = struct.pack("<I", rng.choice(_NUMBERS) % 2**32)
            case _:
                spoilt[place:place] = rng.randbytes(rng.randrange(1, 9))
    return bytes(spoilt)


def alter(data, rng, name=""):
    """Change a field of a message somewhere, so that it stays a message.

    Args:
        data: a message, or the stream of them that the target ``live`` takes.
        rng: chooses.
        name: of the target.
    """
    if name == "live":
        return alter_stream(data, rng)
    try:
        message = messages.UnityMessageProto.FromString(data)
    except DecodeError:
        return spoil(data, rng)
    for _ in range(rng.choice((1, 1, 2, 5))):
        _alter_field(message, rng)
    return message.SerializeToString()


def alter_stream(data, rng):
    """Change a field of one message of a stream, or leave one out, or say one twice."""
    try:
        said = fuzzing_live.split(data)
    except DecodeError:
        return spoil(data, rng)
    if not said:
        return spoil(data, rng)
    place = rng.randrange(len(said))
    match rng.randrange(8):
        case 0:
            del said[place]
        case 1:
            said.insert(rng.randrange(len(said) + 1), said[place])
        case 2 if said[place].HasField("news"):
            said[place].news.content = alter_json(said[place].news.content, rng)
        case _:
            for _ in range(rng.choice((1, 1, 2, 5))):
                _alter_field(said[place], rng)
    return fuzzing_live.join(said)


def alter_json(text, rng):
    """Put other values in the place of some values of a JSON text."""
    values = list(_JSON_VALUE.finditer(text))
    for value in sorted(rng.sample(values, min(len(values), rng.choice((1, 1, 2)))),
                        key=lambda found: -found.start()):  # fmt: skip
        text = text[: value.start()] + rng.choice(_OTHER_VALUES) + text[value.end() :]
    return text


def _alter_field(message, rng):
    while True:
        present = message.ListFields()
        if not present:
            return
        field, value = rng.choice(present)
        if rng.random() < 0.05:
            message.ClearField(field.name)
            return
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            message = value[rng.choice(list(value))]
        elif field.is_repeated:
            place = rng.randrange(len(value))
            match rng.randrange(4):
                case 0:
                    del value[place]
                    return
                case 1:
                    value.extend([value[place]] * rng.choice((1, 3, 50)))
                    return
            if field.message_type is None:
                value[place] = _other(field, value[place], rng)
                return
            message = value[place]
        elif field.message_type is not None:
            message = value
        else:
            setattr(message, field.name, _other(field, value, rng))
            return


def _other(field, value, rng):
    """Another value for a field."""
    if field.cpp_type in (field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE):
        return rng.choice(_FLOATS)
    if field.cpp_type == field.CPPTYPE_BOOL:
        return not value
    if field.type == field.TYPE_BYTES:
        return spoil(value, rng)
    if field.cpp_type == field.CPPTYPE_STRING:
        return rng.choice(("", value * 2, "\u0000", "\U0001f600" * 9, value[:-1], "x" * 500))
    if field.cpp_type in (field.CPPTYPE_UINT32, field.CPPTYPE_UINT64):
        return rng.choice(_NUMBERS) % 2**32
    return rng.choice(_NUMBERS)


def mutate(data, rng, name):
    """An input of a target from another one."""
    if name in ("steps", "codec", "host_answers", "live") and rng.random() < 0.6:
        return alter(data, rng, name)
    return spoil(data, rng)


def read_corpus(name):
    """Kept inputs of a target."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*.bin"))]


def resident_mebibytes():
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def fuzz(count, seed, keep=False):
    """Run so many mutated inputs through all targets.

    Returns:
        answers by target, the slowest input's seconds, and by how many MiB memory grew after the
        first fifth.
    """
    rng, targets = random.Random(seed), Targets()
    inputs = {name: seeds + read_corpus(name) for name, seeds in make_seeds().items()}
    answers = {name: {run(targets, name, data) for data in inputs[name]} for name in TARGETS}
    slowest, memory = 0.0, 0.0
    for number in range(count):
        name = TURNS[number % len(TURNS)]
        data = mutate(rng.choice(inputs[name]), rng, name)
        begun = time.perf_counter()
        try:
            answer = run(targets, name, data)
        except BaseException:
            path = CORPUS / name / f"failed-{seed}-{number}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            raise
        slowest = max(slowest, time.perf_counter() - begun)
        if answer not in answers[name]:
            answers[name].add(answer)
            if len(data) <= KEPT_BYTES:
                inputs[name].append(data)
                if keep:
                    path = CORPUS / name / f"{len(answers[name]):03}.bin"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
        if number == count // 5:
            memory = resident_mebibytes()
    targets.loop.close()
    return answers, slowest, resident_mebibytes() - memory
