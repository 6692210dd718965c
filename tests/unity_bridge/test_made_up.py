"""Made-up messages (see ``strategies``): each is read, or refused in one line; nothing else."""

import asyncio
import json
import logging

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from envs.contract import BRANCH_SIZES, FIELDS, MASK_SIZE
from tests.unity_bridge.fuzzing import check_sentence
from tests.unity_bridge.fuzzing_live import LiveTarget, streams
from tests.unity_bridge.helpers import RecordingMind
from tests.unity_bridge.strategies import (
    agent_infos,
    any_message,
    brains,
    json_texts,
    observations,
    side_channel_bytes,
)
from unity_bridge import channels
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
from unity_bridge.inbox import Inbox
from unity_bridge.llapi import UnityObservationException
from unity_bridge.protocol import messages
from unity_bridge.session import Session
from unity_bridge.steps import StepDecoder, make_spec


def examples(count):
    """The same examples everywhere, and none kept: what fails becomes a test of its own."""
    return settings(
        max_examples=count, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


class Keeper(RecordingMind):
    """Also saves and restores."""

    async def save(self, world, npc):
        return npc.encode()

    async def restore(self, world, npc, blob):
        blob.decode()


class Heard(logging.Handler):
    """Checks what a session tells."""

    def emit(self, record):
        check_sentence(record.getMessage())
        assert record.levelno < logging.ERROR, record.getMessage()


@pytest.fixture(autouse=True, scope="module")
def heard():
    logger, handler = logging.getLogger("unity_bridge.host"), Heard()
    logger.addHandler(handler)
    before, logger.propagate = logger.propagate, False  # pytest would print thousands of lines
    yield
    logger.removeHandler(handler)
    logger.propagate = before


# ----------------------------------------------------------------------------------------- sessions


@examples(100)
@given(st.lists(any_message(), max_size=5), st.booleans())
def test_a_session_of_any_messages_in_any_order(said, shakes_hands):
    mind = Keeper()
    session = Session("w", mind, 1, {}, max_npcs=4)
    opening = [make_greeting(), make_waiting()] if shakes_hands else []
    asyncio.run(converse(session, [*opening, *said]))
    session.close()
    session.close()
    assert len(mind.worlds) == len(mind.gone) == int(session.greeted)
    for batch in mind.batches:
        count = len(batch.agents)
        assert batch.action_mask.shape == (count, MASK_SIZE)
        assert all(len(value) == count for value in batch.observations.values())
        assert all(np.isfinite(value).all() for value in batch.observations.values())


async def converse(session, said):
    for message in said:
        try:
            reply = await session.answer(message)
        except BridgeError as error:
            check_sentence(str(error))
            return
        answer = reply.unity_input.rl_input
        for name, infos in message.unity_output.rl_output.agentInfos.items():
            alive = sum(not info.done for info in infos.value)
            if answer.command == messages.STEP and answer.agent_actions:
                assert len(answer.agent_actions[name].value) == alive
        channels.decode_frames(answer.side_channel)


@examples(150)
@given(st.lists(streams(), min_size=1, max_size=2))
def test_a_live_link_takes_any_streams(said):
    async def talk():
        target = LiveTarget()
        for data in said:
            check_sentence(await target.answer(data))

    asyncio.run(talk())


# ------------------------------------------------------------------------------------------- codec


@examples(150)
@given(st.lists(agent_infos(), max_size=3))
def test_records_of_ours_are_read_or_refused(infos):
    try:
        found = decode_observations(infos)
    except BridgeError as error:
        check_sentence(str(error))
    else:
        for field in FIELDS:
            assert found[field.name].shape == (len(infos), *field.shape)
            assert found[field.name].dtype == field.dtype
            assert np.isfinite(found[field.name]).all()
    try:
        assert decode_masks(infos).shape == (len(infos), MASK_SIZE)
    except BridgeError as error:
        check_sentence(str(error))


@examples(150)
@given(brains(), st.lists(agent_infos(), min_size=1, max_size=3), st.sampled_from(["CHW", "HWC"]))
def test_records_of_any_build_are_read_or_refused(brain, infos, layout):
    make_idle_action(brain, infos[0])
    why = why_not_ours(brain, infos[0])
    assert why is None or len(why) < 2000
    try:
        spec = make_spec(brain, infos[0])
        decisions, terminals = StepDecoder(brain.brain_name, spec, layout).decode(infos)
    except (BridgeError, UnityObservationException) as error:
        check_sentence(str(error))
    except RuntimeError as error:
        assert "NaN or infinite" in str(error)
    else:
        assert len(decisions) + len(terminals) == len(infos)


@examples(150)
@given(observations())
def test_one_observation_of_any_build(observation):
    info = messages.AgentInfoProto(id=1, observations=[observation])
    brain = messages.BrainParametersProto(brain_name="Made")
    try:
        spec = make_spec(brain, info)
        decisions, _ = StepDecoder("Made", spec, "CHW").decode([info])
    except (BridgeError, UnityObservationException) as error:
        check_sentence(str(error))
    except RuntimeError as error:
        assert "NaN or infinite" in str(error)
    else:
        assert decisions.obs[0].shape == (1, *spec.observation_specs[0].shape)


@examples(100)
@given(st.lists(st.tuples(*[st.integers(0, size - 1) for size in BRANCH_SIZES]), max_size=5))
def test_actions_go_round(actions):
    sent = np.array(actions, np.int64).reshape(-1, len(BRANCH_SIZES))
    assert (decode_actions(encode_actions(sent)) == sent).all()


@examples(150)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_not(data):
    try:
        message = messages.UnityMessageProto.FromString(data)
    except DecodeError:
        return
    asyncio.run(converse(Session("w", RecordingMind(), 1, {}), [message]))


# ---------------------------------------------------------------------------------------- channels


@examples(200)
@given(side_channel_bytes())
@example(channels.encode_frames([(channels.HELLO, b'{"npcs":{},"hash":"a\\nroot: all is well"}')]))
def test_an_inbox_takes_in_any_bytes(data):
    inbox = Inbox()
    for _, _, sentence in inbox.read(data):
        check_sentence(sentence)
    for texts in inbox.texts.values():
        for text in texts:
            text.text.encode("utf-8")


UNREADABLE = {
    "infinite": (b'{"npcs":{"1":[{"text":"","utterance":1e999}]}}', "utterance is inf"),
    "long": (b'{"npcs":{"1":[{"text":"","utterance":"' + b"A" * 9999 + b'"}]}}', "AAA"),
    "deep": (b'{"npcs":' + b"[" * 50_000, "it is nested too deeply"),
    "bytes": (b'{"npcs":"\xed\xa0\x80"}', "can't decode"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_no_text_can_be_is_ignored_with_a_reason(name):
    payload, reason = UNREADABLE[name]
    (told,) = Inbox().read(channels.encode_frames([(channels.DIALOGUE, payload)]))
    assert reason in told[2] and len(told[2]) < 400


@examples(100)
@given(st.sampled_from(list(channels.OUR_CHANNELS)), json_texts())
def test_json_goes_round(channel, text):
    try:
        content = channels.decode_json(channel, text.encode())
    except BridgeError as error:
        check_sentence(str(error))
        return
    again = channels.decode_json(channel, channels.encode_json(content))
    assert json.dumps(again) == json.dumps(content)


@examples(100)
@given(st.lists(st.tuples(st.uuids(), st.binary(max_size=40)), max_size=5))
def test_frames_go_round(frames):
    assert channels.decode_frames(channels.encode_frames(frames)) == frames


FLOAT32 = st.floats(width=32, allow_nan=False)
SAMPLED = st.one_of(
    st.builds(
        channels.SampledParameter, st.integers(-(2**31), 2**31 - 1),
        st.sampled_from([channels.Sampler.UNIFORM, channels.Sampler.GAUSSIAN]),
        st.tuples(FLOAT32, FLOAT32),
    ),
    st.builds(
        channels.SampledParameter, st.integers(-(2**31), 2**31 - 1),
        st.just(channels.Sampler.MULTIRANGE), st.lists(FLOAT32, max_size=6).map(tuple),
    ),
)  # fmt: skip
ASCII = st.text(st.characters(max_codepoint=127), max_size=20)


@examples(100)
@given(ASCII, FLOAT32 | SAMPLED)
def test_parameters_go_round(key, value):
    assert channels.decode_parameter(channels.encode_parameter(key, value)) == (key, value)


@examples(50)
@given(ASCII, FLOAT32, st.sampled_from(channels.Aggregation))
def test_stats_go_round(name, value, aggregation):
    data = channels.encode_stat(name, value, aggregation)
    assert channels.decode_stat(data) == (name, value, aggregation)


@examples(200)
@given(st.binary(max_size=60))
def test_any_payload_of_unitys_channels(payload):
    for decode in (
        channels.decode_engine_setting, channels.decode_parameter, channels.decode_stat,
        channels.decode_frames,
    ):  # fmt: skip
        try:
            decode(payload)
        except BridgeError as error:
            check_sentence(str(error))
