"""What a trainer asks of the headless player beside actions."""

import sys
import time
from pathlib import Path

import pytest

from tests.unity_bridge.helpers import RecordingMind
from unity_bridge import UnityEnvironment, channels
from unity_bridge.channels import EngineSetting, SampledParameter, Sampler
from unity_bridge.game import Game, make_greeting
from unity_bridge.parameters import Parameters
from unity_bridge.programme import PlayerOptions, Programme
from unity_bridge.protocol import messages
from unity_bridge.session import Session, make_reply
from unity_bridge.side_channels import EngineConfigurationChannel

HEEDFUL_PLAYER = Path(sys.executable).with_name("heedful-player")


@pytest.fixture(scope="module")
def greeting_answer():
    import asyncio

    return asyncio.run(Session("world", RecordingMind(), 0, {}).answer(make_greeting()))


def make_game(answer, **options):
    return Game(Programme(PlayerOptions(0, threads=1, tasks=("named_place",), **options)), answer)


def reset(game, *frames):
    """Reset with these side channel messages; the episode that begins."""
    reply = make_reply()
    reply.unity_input.rl_input.command = messages.RESET
    reply.unity_input.rl_input.side_channel = channels.encode_frames(frames)
    assert game.answer(reply) is not None
    assert game._areas is not None
    return game._areas


def parameter(key, value):
    return channels.ENVIRONMENT_PARAMETERS, channels.encode_parameter(key, value)


def test_difficulty_makes_scenes_larger(greeting_answer):
    game = make_game(greeting_answer, family="city")
    sizes = []
    for difficulty in (0.0, 1.0):
        areas = reset(game, parameter("difficulty", difficulty), parameter("seed", 5.0))
        episode = areas.episodes[0]
        assert episode.scene.difficulty == difficulty
        sizes.append(len(episode.scene.places))
    assert sizes[0] < sizes[1]


def test_perturbations_are_turned_on_and_off(greeting_answer):
    game = make_game(greeting_answer)
    areas = reset(game, parameter("perturbation.crowd", 1.0))
    assert areas.world.perturbations == ("crowd",)
    areas = reset(game, parameter("perturbation.crowd", 0.0))
    assert areas.world.perturbations == ()


def test_a_perturbation_that_is_unknown_is_told(caplog):
    parameters = Parameters(0)
    parameters.set("perturbation.camera_drak", 1.0)
    assert "camera_dark" in caplog.text
    assert parameters.perturbations == ()


@pytest.mark.parametrize(
    "sampled, low, high",
    [
        (SampledParameter(3, Sampler.UNIFORM, (0.2, 0.4)), 0.2, 0.4),
        (SampledParameter(3, Sampler.GAUSSIAN, (0.5, 0.01)), 0.4, 0.6),
        (SampledParameter(3, Sampler.MULTIRANGE, (0.0, 0.1, 0.0, 0.1)), 0.0, 0.1),
        (SampledParameter(3, Sampler.UNIFORM, (5.0, 9.0)), 1.0, 1.0),
    ],
)
def test_a_difficulty_is_drawn_for_each_episode_the_same_for_the_same_seed(sampled, low, high):
    drawn = []
    for _ in range(2):
        parameters = Parameters(0)
        parameters.set("difficulty", sampled)
        drawn.append([parameters.draw_difficulty() for _ in range(20)])
    assert drawn[0] == drawn[1]
    assert all(low <= value <= high for value in drawn[0])
    assert low == high or len(set(drawn[0])) > 1


def test_numbers_that_are_none_change_nothing():
    parameters = Parameters(7)
    parameters.set("seed", float("nan"))
    assert parameters.seed == 7
    assert parameters.draw_difficulty() is None


def test_the_time_scale_sets_how_long_a_decision_takes(greeting_answer):
    game = make_game(greeting_answer)
    assert game.parameters.decision_seconds == 0
    frame = channels.encode_engine_setting(EngineSetting.TIME_SCALE, 20.0)
    reset(game, (channels.ENGINE_CONFIGURATION, frame))
    assert game.parameters.decision_seconds == pytest.approx(0.005)
    game.parameters.set_engine(EngineSetting.TIME_SCALE, (0.0,))
    assert game.parameters.decision_seconds == pytest.approx(0.005)


def test_a_player_keeps_to_the_time_scale():
    """At time scale 2 a decision of 0.1 s takes 0.05 s of ours, at 100 next to nothing."""

    def seconds_of_eight_steps(scale):
        engine = EngineConfigurationChannel()
        env = UnityEnvironment(
            str(HEEDFUL_PLAYER), base_port=6390, timeout_wait=60, side_channels=[engine],
            additional_args=["--task", "named_place", "--threads", "1"],
        )  # fmt: skip
        try:
            engine.set_configuration_parameters(time_scale=scale)
            env.reset()
            env.step()
            begun = time.perf_counter()
            for _ in range(8):
                env.step()
            return time.perf_counter() - begun
        finally:
            env.close()

    assert seconds_of_eight_steps(2.0) >= 0.95 * 8 * 0.05
    assert seconds_of_eight_steps(100.0) < 8 * 0.05
