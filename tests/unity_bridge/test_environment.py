"""The drop-in for mlagents_envs' UnityEnvironment, with players over real gRPC."""

import logging
import uuid

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
from tests.unity_bridge.helpers import RECORDED, recorded
from unity_bridge import ActionTuple, UnityEnvironment, channels, llapi
from unity_bridge.png import encode_png
from unity_bridge.protocol import messages
from unity_bridge.side_channels import (
    EngineConfigurationChannel,
    EnvironmentParametersChannel,
    OutgoingMessage,
    RawBytesChannel,
    SideChannel,
    StatsSideChannel,
)
from unity_bridge.steps import make_spec


def last_action(build):
    return build.heard[-1].unity_input.rl_input.agent_actions[BEHAVIOR].value


# ------------------------------------------------------------------------------------------ the API


def test_specs_and_steps_are_what_the_player_said():
    def play(number, reply):
        info = make_agent(7, 0.25, reward=2.0, group_id=3, group_reward=0.5,
                          action_mask=[True, False, False, False, True])  # fmt: skip
        add_floats(info, "things", np.ones((4, 2)), dimension_properties=[4, 1],
                   observation_type=messages.GOAL_SIGNAL)  # fmt: skip
        ended = messages.AgentInfoProto()
        ended.CopyFrom(info)
        ended.done, ended.max_step_reached, ended.id = True, True, 9
        return make_message([info, ended], continuous=2)

    with Build(play) as build:
        build.env.reset()
        spec = build.env.behavior_specs[BEHAVIOR]
        decisions, terminals = build.env.get_steps(BEHAVIOR)
    assert spec.action_spec.continuous_size == 2
    assert spec.action_spec.discrete_branches == (3, 2)
    assert [(o.name, o.shape) for o in spec.observation_specs] == [
        ("position", (2,)), ("eye", (3, 4, 5)), ("things", (4, 2)),
    ]  # fmt: skip
    assert spec.observation_specs[2].dimension_property == (
        llapi.DimensionProperty.VARIABLE_SIZE, llapi.DimensionProperty.NONE,
    )  # fmt: skip
    assert spec.observation_specs[2].observation_type == llapi.ObservationType.GOAL_SIGNAL
    assert spec.observation_specs[0].dimension_property == (llapi.DimensionProperty.UNSPECIFIED,)
    step = decisions[7]
    assert step.obs[0].tolist() == [0.25, 7.0]
    assert (step.obs[1] == pixels(seed=7).transpose(2, 0, 1) / np.float32(255)).all()
    assert (step.reward, step.group_id, step.group_reward) == (2.0, 3, 0.5)
    assert [mask.tolist() for mask in step.action_mask] == [[True, False, False], [False, True]]
    assert terminals[9].interrupted
    assert list(decisions) == [7]
    assert list(terminals) == [9]
    assert all(value.dtype == np.float32 for value in (*decisions.obs, *terminals.obs))


def test_actions_go_to_the_agents_in_order_and_zeros_to_the_others():
    def play(number, reply):
        infos = [make_agent(5), make_agent(4, done=True), make_agent(3)]
        return make_message(infos, continuous=1, announce=number == 0)

    with Build(play, seed=np.int64(2**31 - 1)) as build:
        build.env.step()  # the first one resets
        assert build.heard[0].unity_input.rl_initialization_input.seed == 2**31 - 1
        assert build.heard[-1].unity_input.rl_input.command == messages.RESET
        action = ActionTuple(np.array([[0.5], [-1.5]]), np.array([[2, 1], [0, 1]]))
        build.env.set_actions(BEHAVIOR, action)
        build.env.step()
        first, second = last_action(build)
        assert list(first.continuous_actions) == [0.5]
        assert list(first.discrete_actions) == [2, 1]
        assert list(second.vector_actions_deprecated) == [-1.5, 0.0, 1.0]
        build.env.set_action_for_agent(
            BEHAVIOR, 3, ActionTuple(np.array([[0.75]]), np.array([[1, 1]]))
        )
        build.env.step()
        first, second = last_action(build)
        assert list(first.discrete_actions) == [0, 0]
        assert list(second.discrete_actions) == [1, 1]
        assert list(second.continuous_actions) == [0.75]
        build.env.step()  # none is kept
        assert list(last_action(build)[1].discrete_actions) == [0, 0]
        with pytest.raises(IndexError, match=r"agent 4 .* does not ask"):
            build.env.set_action_for_agent(
                BEHAVIOR, 4, ActionTuple(np.ones((1, 1)), action.discrete[:1])
            )
        with pytest.raises(llapi.UnityActionException, match=r"dimension \(2, 2\)"):
            build.env.set_actions(BEHAVIOR, ActionTuple(np.ones((2, 1)), np.ones((2, 3))))
        for nothing in (None, np.zeros((2, 3)), ActionTuple()):
            with pytest.raises(llapi.UnityActionException, match="give an ActionTuple that holds"):
                build.env.set_actions(BEHAVIOR, nothing)
            with pytest.raises(llapi.UnityActionException, match="give an ActionTuple that holds"):
                build.env.set_action_for_agent(BEHAVIOR, 3, nothing)
        with pytest.raises(llapi.UnityActionException, match="The group Other does not"):
            build.env.get_steps("Other")


def test_a_behavior_is_known_with_its_first_agent_and_empty_when_it_says_nothing():
    def play(number, reply):
        if number == 0:
            return make_message([])
        if number == 1:
            return make_message([make_agent()], announce=False)
        return make_message([make_agent()], behavior="Other")

    with Build(play) as build:
        build.env.reset()
        assert not build.env.behavior_specs
        build.env.step()
        assert list(build.env.behavior_specs) == [BEHAVIOR]
        build.env.step()
        assert list(build.env.behavior_specs) == [BEHAVIOR, "Other"]
        decisions, terminals = build.env.get_steps(BEHAVIOR)
        assert len(decisions) == len(terminals) == 0
        assert decisions.obs[1].shape == (0, 3, 4, 5)


def test_a_behavior_of_before_action_specs_and_one_that_is_nothing():
    brain = messages.BrainParametersProto(
        brain_name="Old",
        vector_action_size_deprecated=[3],
        vector_action_space_type_deprecated=messages.continuous,
    )
    assert make_spec(brain, make_agent()).action_spec == llapi.ActionSpec(3, ())
    brain.vector_action_space_type_deprecated = messages.discrete
    brain.vector_action_size_deprecated.append(2)
    assert make_spec(brain, make_agent()).action_spec == llapi.ActionSpec(0, (3, 2))
    info = make_agent()
    info.observations[0].shape[0] = -1
    with pytest.raises(llapi.UnityObservationException, match=r"'position' has shape \[-1\]"):
        make_spec(brain, info)
    info = make_agent()
    info.observations[0].observation_type = 9
    with pytest.raises(llapi.UnityObservationException, match="Old: 9 is not a valid"):
        make_spec(brain, info)


def test_seed_areas_and_capabilities_reach_the_player():
    with Build(counting(), seed=77, num_areas=5) as build:
        assert build.env.academy_capabilities.hybridActions
        told = build.heard[0].unity_input.rl_initialization_input
    assert (told.seed, told.num_areas, told.communication_version) == (77, 5, "1.5.0")
    assert told.capabilities.hybridActions
    assert build.heard[-1].header.status == 400


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_the_real_sdk_said_is_read(path):
    requests = [messages.UnityMessageProto.FromString(request) for request, _ in recorded(path)]
    requests = [request for request in requests if request.header.status == 200]

    def play(number, reply):
        return requests[number + 2]

    with Build(play, first=requests[0]) as build:
        build.env.reset()
        rows = 0
        for _ in requests[3:]:
            build.env.step()
            (name,) = build.env.behavior_specs
            decisions, terminals = build.env.get_steps(name)
            rows += len(decisions) + len(terminals)
            index = [o.name for o in build.env.behavior_specs[name].observation_specs]
            image = decisions.obs[index.index("LinePixels")]
            assert image.shape[1:] == (3, 6, 10)
            if (
                "raw" not in path.stem
            ):  # uncompressed, the SDK writes channels last under this shape
                assert set(np.unique(image[:, 0])) == {0.0, 1.0}
    assert rows > 10


# ------------------------------------------------------------------------------------------- images


@pytest.mark.parametrize(("package", "shape"), [("3.0.0", (3, 4, 5)), ("2.3.0", (4, 5, 3))])
def test_both_image_layouts_stay_as_declared(package, shape):
    def play(number, reply):
        info = messages.AgentInfoProto(id=1)
        add_image(info, "eye", encode_png(pixels()), shape)
        return make_message([info])

    with Build(play, first=greeting(package=package)) as build:
        build.env.reset()
        (image,) = build.env.get_steps(BEHAVIOR)[0].obs
    expected = pixels() if shape[2] == 3 else pixels().transpose(2, 0, 1)
    assert (image[0] == expected / np.float32(255)).all()


@pytest.mark.parametrize(("package", "first"), [("4.0.0", "channels"), ("2.3.0-exp.3", "rows")])
def test_a_shape_that_fits_both_layouts_is_read_as_the_package_writes_it(package, first):
    def play(number, reply):
        info = messages.AgentInfoProto(id=1)
        add_image(info, "eye", encode_png(pixels(3, 3)), (3, 3, 3))
        return make_message([info])

    with Build(play, first=greeting(package=package)) as build:
        build.env.reset()
        (image,) = build.env.get_steps(BEHAVIOR)[0].obs
    expected = pixels(3, 3).transpose(2, 0, 1) if first == "channels" else pixels(3, 3)
    assert (image[0] == expected / np.float32(255)).all()


# ------------------------------------------------------------------------------------ side channels


class Echo(SideChannel):
    def __init__(self):
        super().__init__(uuid.UUID("621f0a70-4f87-11ea-a6bf-784f4387d1f7"))
        self.heard = []

    def on_message_received(self, msg):
        self.heard.append((msg.read_string(), msg.read_int32()))

    def say(self, text):
        msg = OutgoingMessage()
        msg.write_string(text)
        self.queue_message_to_send(msg)


def test_side_channels_own_and_built_in_work_both_ways(caplog):
    echo, stats, raw = Echo(), StatsSideChannel(), RawBytesChannel(uuid.uuid4())
    engine, parameters = EngineConfigurationChannel(), EnvironmentParametersChannel()
    stranger = uuid.UUID(int=5)

    def play(number, reply):
        message = make_message([make_agent()], announce=number == 0)
        message.unity_output.rl_output.side_channel = channels.encode_frames([
            (echo.channel_id, b"\x02\x00\x00\x00hi\x07\x00\x00\x00"),
            (channels.STATS, channels.encode_stat("Score", 2.5)),
            (stranger, b"?"),
            (raw.channel_id, b"bytes"),
        ])  # fmt: skip
        return message

    echo.say("one")
    engine.set_configuration_parameters(time_scale=20.0)
    parameters.set_uniform_sampler_parameters("speed", 0.5, 2.0, seed=4)
    with (
        caplog.at_level(logging.WARNING),
        Build(play, side_channels=[echo, stats, raw, engine, parameters]) as build,
    ):
        build.env.reset()
        raw.send_raw_data(b"there")
        build.env.step()
    sent = [
        channels.decode_frames(reply.unity_input.rl_input.side_channel)
        for reply in build.heard[1:3]
    ]
    assert sent[0][0] == (echo.channel_id, b"\x03\x00\x00\x00one")
    assert channels.decode_engine_setting(sent[0][1][1]) == (
        channels.EngineSetting.TIME_SCALE,
        (20,),
    )
    assert channels.decode_parameter(sent[0][2][1]) == (
        "speed", channels.SampledParameter(4, channels.Sampler.UNIFORM, (0.5, 2.0)),
    )  # fmt: skip
    assert sent[1] == [(raw.channel_id, b"there")]
    assert echo.heard == [("hi", 7)] * 2
    assert raw.get_and_clear_received_messages() == [b"bytes"] * 2
    ((value, how),) = stats.get_and_reset_stats()["Score"][:1]
    assert (value, how.name) == (2.5, "AVERAGE")
    assert caplog.text.count(str(stranger)) == 1


def test_two_side_channels_of_one_id_are_refused():
    with pytest.raises(llapi.UnityEnvironmentException, match="two side channels"):
        UnityEnvironment(base_port=free_port(), side_channels=[Echo(), Echo()])
