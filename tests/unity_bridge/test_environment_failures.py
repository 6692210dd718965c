"""The limits of the drop-in and what goes wrong with its players, over real gRPC."""

import time

import numpy as np
import pytest

from tests.unity_bridge.builds import (
    BEHAVIOR,
    Build,
    add_floats,
    add_image,
    counting,
    free_port,
    greeting,
    make_agent,
    make_message,
    pixels,
)
from unity_bridge import UnityEnvironment, llapi
from unity_bridge.png import encode_png
from unity_bridge.protocol import messages

# ------------------------------------------------------------------------------------------- limits


def message_of(size):
    message = make_message([make_agent()])
    add_image(message.unity_output.rl_output.agentInfos[BEHAVIOR].value[0], "map", b"", (3, 4, 5))
    big = message.unity_output.rl_output.agentInfos[BEHAVIOR].value[0].observations[2]
    big.compressed_data = encode_png(pixels())
    while message.ByteSize() < size:
        # what follows the last picture is not read
        big.compressed_data += bytes(size - message.ByteSize())
        if message.ByteSize() > size:
            big.compressed_data = big.compressed_data[: size - message.ByteSize()]
    assert message.ByteSize() == size
    return message


LIMIT = 20_000


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
def test_a_message_up_to_the_limit_is_taken(size):
    with Build(lambda number, reply: message_of(size), max_message_bytes=LIMIT) as build:
        build.env.reset()
        assert len(build.env.get_steps(BEHAVIOR)[0]) == 1


def test_a_message_over_the_limit_is_an_error_at_once_that_names_the_observation():
    with Build(lambda number, reply: message_of(LIMIT + 1), max_message_bytes=LIMIT) as build:
        start = time.monotonic()
        with pytest.raises(
            llapi.UnityObservationException,
            match=f"{LIMIT + 1} bytes is over the limit of {LIMIT} bytes.*'map' of 1 agents of "
            r"behavior Made\?team=0",
        ):
            build.env.reset()
        assert time.monotonic() - start < 4


def test_a_message_larger_than_the_official_limit_arrives():
    def play(number, reply):
        info = messages.AgentInfoProto(id=1)
        add_floats(info, "big", np.arange(2_000_000))
        return make_message([info])

    with Build(play) as build:
        build.env.reset()
        assert build.env.get_steps(BEHAVIOR)[0].obs[0][0, -1] == 1_999_999


# ----------------------------------------------------------------------------- what goes wrong


def wrong_count(info):
    info.observations[0].float_data.data.append(1.0)


def wrong_shape(info):
    info.observations[0].shape[0] = 3


def wrong_number(info):
    info.observations[0].float_data.data[1] = float("nan")


def wrong_reward(info):
    info.reward = float("inf")


def one_less(info):
    del info.observations[1]


def damaged(info):
    info.observations[1].compressed_data = info.observations[1].compressed_data[:50]


def other_size(info):
    info.observations[1].compressed_data = encode_png(pixels(6, 6))


def packed_vector(info):
    info.observations[0].compression_type = messages.PNG


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (
            wrong_count,
            llapi.UnityObservationException,
            "agent 2, observation 'position': it holds 3",
        ),
        (wrong_shape, llapi.UnityObservationException, r"'position': its shape is \(3,\), and was"),
        (wrong_number, RuntimeError, "agent 2, observation 'position': it holds a number that is"),
        (wrong_reward, RuntimeError, "agent 2: its reward is NaN or infinite"),
        (one_less, llapi.UnityObservationException, "agent 2: it has 1 observations, and 2"),
        (damaged, llapi.UnityObservationException, "'eye': the PNG is damaged"),
        (other_size, llapi.UnityObservationException, "'eye': its PNG is 6 x 6 pixels"),
        (packed_vector, llapi.UnityObservationException, "'position': it is compressed"),
    ],
)
def test_a_wrong_observation_is_named(spoil, kind, words):
    def play(number, reply):
        infos = [make_agent(1), make_agent(2)]
        if number:
            spoil(infos[1])
        return make_message(infos, announce=number == 0)

    with Build(play) as build:
        build.env.reset()
        with pytest.raises(kind, match=words):
            build.env.step()


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (greeting(version="0.15.0", package="1.0.8"), "version is 0.15.0 .package 1.0.8. and ours"),
        (greeting(version="2.0.0"), "version is 2.0.0"),
        (greeting(version=""), "did not begin with ML-Agents' handshake"),
        (b"\xff\xff", "not an ML-Agents message"),
        (messages.UnityMessageProto(), "no status"),
    ],
)
def test_a_player_that_speaks_another_version_is_told_apart_at_once(first, words):
    start = time.monotonic()
    with (
        pytest.raises(llapi.UnityEnvironmentException, match=words),
        Build(counting(), first=first),
    ):
        pass
    assert time.monotonic() - start < 5


def test_a_player_of_before_ml_agents_1_is_told_apart_at_once():
    old = "/communicator_objects.UnityToExternal/Exchange"
    start = time.monotonic()
    with (
        pytest.raises(llapi.UnityEnvironmentException, match=f"it calls {old}, and ML-Agents 1.0"),
        Build(counting(), path=old),
    ):
        pass
    assert time.monotonic() - start < 5


def test_a_player_that_quits_or_vanishes_is_reported_in_seconds():
    def quits(number, reply):
        message = messages.UnityMessageProto()
        message.header.status, message.header.message = 400, "lunch"
        return message

    for play, words in (
        (quits, r"it quit by itself \(lunch\)"),
        (lambda number, reply: None, "connection was lost"),
    ):
        with Build(play) as build:
            start = time.monotonic()
            with pytest.raises(llapi.UnityCommunicatorStoppedException, match=words):
                build.env.reset()
            assert time.monotonic() - start < 4
            with pytest.raises(llapi.UnityEnvironmentException, match="No Unity environment"):
                build.env.step()


def test_a_player_that_hangs_is_reported_after_its_time_and_nobody_is_told_so():
    def play(number, reply):
        time.sleep(2.5)
        return make_message([make_agent()])

    with (
        Build(play, timeout_wait=1) as build,
        pytest.raises(llapi.UnityTimeOutException, match="said nothing for 1 s: it hangs"),
    ):
        build.env.reset()
    with pytest.raises(llapi.UnityTimeOutException, match="nobody connected to port"):
        UnityEnvironment(base_port=free_port(), timeout_wait=0.3)


def test_a_second_player_is_sent_away_and_the_first_plays_on():
    with Build(counting()) as build:
        build.env.reset()
        second = Build(counting(), port=build.port)
        second._thread.start()
        second._thread.join(10)
        assert [reply.header.status for reply in second.heard] == [400]
        assert "another is connected" in second.heard[0].header.message
        build.env.step()
        assert build.env.get_steps(BEHAVIOR)[0].obs[0][0, 0] == 1.0


def test_a_taken_port_and_a_worker_of_the_editor_are_refused():
    with Build(counting()) as build, pytest.raises(llapi.UnityWorkerInUseException):
        UnityEnvironment(base_port=build.port)
    with pytest.raises(llapi.UnityEnvironmentException, match="worker-id must be 0"):
        UnityEnvironment(worker_id=1)


def test_an_environment_can_be_closed_twice_and_its_port_used_again():
    port = free_port()
    for _ in range(3):
        with Build(counting(), port=port) as build:
            build.env.reset()
            build.env.close()
            build.env.close()


def test_it_can_be_reset_a_thousand_times():
    with Build(counting(agents=2)) as build:
        for _ in range(1000):
            build.env.reset()
        assert build.env.get_steps(BEHAVIOR)[0].obs[0][:, 1].tolist() == [1.0, 2.0]
    assert len(build.heard) == 1002


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"base_port": 70_000}, r"port 70000 .base_port 70000 and worker_id 0. is none: ports are"),
        ({"base_port": -5}, "port -5"),
        ({"timeout_wait": float("nan")}, "timeout_wait is nan: give the seconds"),
        ({"seed": 2**31}, "seed is 2147483648: give a whole number from -2147483648 to 2147483647"),
        ({"seed": -(2**31) - 1}, "seed is -2147483649: give a whole number"),
        ({"seed": 1.5}, "seed is 1.5: give a whole number"),
        ({"num_areas": 2**31}, "num_areas is 2147483648: give a whole number from 1 to 2147483647"),
        ({"num_areas": 0}, "num_areas is 0: give a whole number from 1"),
        ({"max_message_bytes": 0}, "max_message_bytes is 0: give the bytes that a message"),
        ({"max_message_bytes": -1}, "max_message_bytes is -1: give the bytes"),
        ({"max_message_bytes": float("nan")}, "max_message_bytes is nan: give the bytes"),
    ],
)
def test_an_argument_that_is_of_no_use_is_told_at_once(given, sentence):
    with pytest.raises(llapi.UnityEnvironmentException, match=sentence):
        UnityEnvironment(**given)
