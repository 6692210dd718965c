"""Whatever bytes come, the host answers and lives on."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from google.protobuf.message import DecodeError

from tests.unity_bridge.builds import make_agent, make_message
from tests.unity_bridge.helpers import RECORDED, RecordingMind, make_infos, make_step, recorded
from unity_bridge import channels, llapi
from unity_bridge.errors import BridgeError
from unity_bridge.game import make_greeting, make_waiting
from unity_bridge.host import Host
from unity_bridge.limits import Limits
from unity_bridge.png import decode_png, encode_png
from unity_bridge.protocol import messages
from unity_bridge.steps import StepDecoder, make_spec


class Call:
    """What a host sees of a call."""

    def __init__(self, peer):
        self._peer = peer

    def peer(self):
        return self._peer


def conversation():
    """The bytes of a small conversation of ours."""
    step = make_step(make_infos(1))
    parts = {1: [{"sequence": 1, "op": "add", "slot": 2, "polygon": [[0, 1]], "doorways": []}]}
    step.unity_output.rl_output.side_channel = channels.encode_frames([
        (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}})),
        (channels.CATALOGUE, channels.encode_npcs(parts)),
        (channels.DIALOGUE, channels.encode_npcs({1: []})),
    ])  # fmt: skip
    return [m.SerializeToString() for m in (make_greeting(), make_waiting(), step)]


def spoil(data, rng):
    """Change some bytes, cut some off, or put some in."""
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 10))):
        place = rng.randrange(len(spoilt) + 1)
        match rng.randrange(3):
            case 0 if place < len(spoilt):
                spoilt[place] = rng.randrange(256)
            case 1:
                spoilt[place : place + rng.randrange(1, 40)] = b""
            case _:
                spoilt[place:place] = rng.randbytes(rng.randrange(1, 9))
    return bytes(spoilt)


@pytest.mark.parametrize("source", ["ours", *[path.stem for path in RECORDED[:2]]])
def test_spoilt_messages_are_answered(source):
    asyncio.run(answer_spoilt(source))


async def answer_spoilt(source):
    if source == "ours":
        good = conversation()
    else:
        (path,) = [path for path in RECORDED if path.stem == source]
        good = [request for request, _ in recorded(path)[:4]]
    rng = random.Random(7)
    mind = RecordingMind()
    host = Host(mind, limits=Limits(max_worlds=1000))
    for trial in range(300):
        call: Any = Call(f"ipv4:127.0.0.1:{trial}")
        spoilt = rng.randrange(len(good))
        for index, data in enumerate(good):
            sent = spoil(data, rng) if index == spoilt else data
            reply = messages.UnityMessageProto.FromString(await host._exchange(sent, call))
            assert reply.header.status in (200, 400)
            if reply.header.status == 400:
                break
    call = Call("ipv4:127.0.0.1:5")
    for data in good:
        reply = messages.UnityMessageProto.FromString(await host._exchange(data, call))
        assert reply.header.status == 200
    assert len(mind.worlds) - len(mind.gone) == len(host.worlds)


def test_spoilt_pictures_are_read_or_get_a_sentence():
    rng = random.Random(1)
    good = encode_png(bytes_as_pixels(rng))
    for _ in range(500):
        try:
            assert decode_png(spoil(good, rng), 8, 8).shape == (8, 8, 3)
        except BridgeError as error:
            assert "\n" not in str(error)


def bytes_as_pixels(rng):
    return np.frombuffer(rng.randbytes(8 * 8 * 3), np.uint8).reshape(8, 8, 3)


def test_spoilt_side_channels_are_read_or_get_a_sentence():
    rng = random.Random(2)
    setting, parameter = channels.EngineSetting.RESOLUTION, channels.encode_parameter("seed", 3.0)
    payloads: dict[Callable[[bytes], object], bytes] = {
        channels.decode_engine_setting: channels.encode_engine_setting(setting, 84, 84),
        channels.decode_parameter: parameter,
        channels.decode_stat: channels.encode_stat("success", 1.0),
        channels.decode_frames: channels.encode_frames([(channels.GOAL, b"{}")]),
    }
    for decode, good in payloads.items():
        for _ in range(300):
            try:
                decode(spoil(good, rng))
            except BridgeError as error:
                assert "\n" not in str(error)


def test_whatever_a_build_says_is_decoded_or_refused_in_words():
    rng = random.Random(5)
    good = make_message([make_agent(1), make_agent(2, done=True)], continuous=1).SerializeToString()
    refused = 0
    for _ in range(400):
        try:
            message = messages.UnityMessageProto.FromString(spoil(good, rng))
        except DecodeError:
            continue
        infos = message.unity_output.rl_output.agentInfos
        for brain in message.unity_output.rl_initialization_output.brain_parameters:
            if brain.brain_name not in infos or not infos[brain.brain_name].value:
                continue
            records = infos[brain.brain_name].value
            try:
                spec = make_spec(brain, records[0])
                decisions, terminals = StepDecoder(brain.brain_name, spec, "CHW").decode(records)
            except (llapi.UnityObservationException, RuntimeError):
                refused += 1
            else:
                assert len(decisions) + len(terminals) == len(records)
    assert refused > 20
