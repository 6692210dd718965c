"""Our equals of mlagents_envs' types, beside the official ones and without them."""

import inspect
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path

import numpy as np
import pytest

from unity_bridge import UnityEnvironment, channels, llapi
from unity_bridge.images import decode_image
from unity_bridge.llapi import (
    official,
    own_exceptions,
    own_side_channels,
    own_specs,
    own_steps,
)
from unity_bridge.png import encode_png

ROOT = Path(__file__).parents[2]
SPEC = own_specs.BehaviorSpec(
    [own_specs.ObservationSpec((2, 3), (own_specs.DimensionProperty.NONE,) * 2,
                               own_specs.ObservationType.DEFAULT, "v")],
    own_specs.ActionSpec(1, (3, 2)),
)  # fmt: skip

INTERNAL = {"ConfigurationType", "EnvironmentDataTypes", "SamplerTypes"}
"""Enumerations inside official channels, of numbers that only the wire has."""

needs_official = pytest.mark.skipif(not official.is_installed(), reason="needs mlagents_envs")


def run_without_official(code):
    """Run code where mlagents_envs is not to be found."""
    block = "import sys; sys.modules['mlagents_envs'] = None\n"
    return subprocess.run(
        [sys.executable, "-c", block + textwrap.dedent(code)], cwd=ROOT, capture_output=True,
        text=True, timeout=100,
    )  # fmt: skip


def test_everything_works_without_mlagents_envs():
    run = run_without_official("""
        import numpy as np
        from tests.unity_bridge.builds import BEHAVIOR, Build, counting
        from unity_bridge import ActionTuple, llapi
        from unity_bridge.llapi import own_steps
        from unity_bridge.side_channels import EngineConfigurationChannel
        engine = EngineConfigurationChannel()
        engine.set_configuration(llapi.EngineConfig.default_config())
        with Build(counting(episode=3), side_channels=[engine]) as build:
            build.env.reset()
            for _ in range(7):
                decisions, terminals = build.env.get_steps(BEHAVIOR)
                assert type(decisions) is own_steps.DecisionSteps
                build.env.set_actions(BEHAVIOR, ActionTuple(discrete=np.array([[1, 0]])))
                build.env.step()
            assert not any("mlagents_envs." in name for name in sys.modules)
        print("played")
    """)
    assert run.stdout == "played\n", run.stderr


@needs_official
def test_it_is_an_official_environment_and_makes_its_modules_load():
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent("""
            from unity_bridge import UnityEnvironment
            from mlagents_envs.base_env import BaseEnv
            from mlagents_envs.side_channel.stats_side_channel import StatsSideChannel
            from mlagents_envs.side_channel import DefaultTrainingAnalyticsSideChannel
            from unity_bridge import llapi
            DefaultTrainingAnalyticsSideChannel().environment_initialized()
            assert issubclass(UnityEnvironment, BaseEnv)
            assert llapi.StatsSideChannel is StatsSideChannel
        """)], cwd=ROOT, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


@needs_official
def test_the_official_messages_are_the_modules_that_are_replaced():
    folder = Path(inspect.getfile(llapi.BaseEnv)).with_name("communicator_objects")
    assert {f"{name}_pb2" for name in official.MESSAGE_MODULES} == {
        path.stem for path in folder.glob("*_pb2.py")
    }


@needs_official
@pytest.mark.parametrize(
    ("own", "name"),
    [
        (own, name)
        for own in (own_exceptions, own_specs, own_steps, own_side_channels)
        for name in llapi.__all__
        if hasattr(own, name)
    ],
)
def test_ours_have_all_that_the_official_have(own, name):
    theirs, ours = getattr(llapi, name), getattr(own, name)
    assert theirs is not ours
    public = {member for member in vars(theirs) if not member.startswith("_")} - INTERNAL
    assert not {member for member in public if not hasattr(ours, member)}
    assert getattr(theirs, "_fields", None) == getattr(ours, "_fields", None)
    for member in public:
        theirs_at, ours_at = getattr(theirs, member), getattr(ours, member)
        if inspect.isfunction(theirs_at):
            parameters = list(inspect.signature(theirs_at).parameters)
            assert list(inspect.signature(ours_at).parameters) == parameters, member


@needs_official
@pytest.mark.parametrize("name", ["DimensionProperty", "ObservationType", "StatsAggregationMethod"])
def test_enumerations_have_the_official_values(name):
    own = own_side_channels if name.startswith("Stats") else own_specs
    theirs = {member.name: member.value for member in getattr(llapi, name)}
    assert {member.name: member.value for member in getattr(own, name)} == theirs


@needs_official
def test_the_class_takes_the_official_arguments_in_their_order():
    names = [
        "self", "file_name", "worker_id", "base_port", "seed", "no_graphics", "timeout_wait",
        "additional_args", "side_channels", "log_folder", "num_areas",
    ]  # fmt: skip
    parameters = inspect.signature(UnityEnvironment.__init__).parameters
    assert list(parameters)[: len(names)] == names
    rest = list(parameters.values())[len(names) :]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in rest)


def sent_by(channel):
    payloads = [bytes(payload) for payload in channel.message_queue]
    channel.message_queue = []
    return payloads


def fill(kind):
    """Use every way of sending of a module's channels."""
    engine = kind.EngineConfigurationChannel()
    engine.set_configuration(kind.EngineConfig.default_config())
    parameters = kind.EnvironmentParametersChannel()
    parameters.set_float_parameter("a", 0.5)
    parameters.set_uniform_sampler_parameters("b", 0.0, 1.0, 3)
    parameters.set_gaussian_sampler_parameters("c", 0.0, 1.0, 3)
    parameters.set_multirangeuniform_sampler_parameters("d", [(0.0, 1.0), (2.0, 3.0)], 3)
    properties = kind.FloatPropertiesChannel()
    properties.set_property("e", 1.5)
    raw = kind.RawBytesChannel(uuid.UUID(int=1))
    raw.send_raw_data(b"bytes")
    message = kind.OutgoingMessage()
    message.write_bool(True)
    message.write_float32_list([1.0, 2.0])
    message.write_string("text")
    raw.queue_message_to_send(message)
    sent = [sent_by(channel) for channel in (engine, parameters, properties, raw)]
    read = kind.IncomingMessage(sent[3][1])
    values = [read.read_bool(), read.read_float32_list(), read.read_string(), read.read_int32(7)]
    properties.on_message_received(kind.IncomingMessage(sent[2][0]))
    stats = kind.StatsSideChannel()
    stats.on_message_received(kind.IncomingMessage(channels.encode_stat("Score", 2.0)))
    ((value, how),) = stats.get_and_reset_stats()["Score"]
    ids = [channel.channel_id for channel in (engine, parameters, properties, raw, stats)]
    return sent, values, properties.get_property_dict_copy(), (value, how.name), ids


@needs_official
def test_our_side_channels_send_the_official_bytes():
    assert fill(own_side_channels) == fill(llapi)


def test_our_side_channels_refuse_what_unity_could_not_read():
    with pytest.raises(own_exceptions.UnitySideChannelException, match=r"'café' is not ASCII"):
        own_side_channels.OutgoingMessage().write_string("café")
    engine = own_side_channels.EngineConfigurationChannel()
    with pytest.raises(own_exceptions.UnitySideChannelException, match="without also setting"):
        engine.set_configuration_parameters(width=80)
    with pytest.raises(own_exceptions.UnityCommunicationException, match="EngineConfiguration"):
        engine.on_message_received(own_side_channels.IncomingMessage(b""))


def test_our_actions_are_checked_and_drawn():
    spec = SPEC.action_spec
    assert str(spec) == "Continuous: 1, Discrete: (3, 2)"
    drawn = spec.random_action(50)
    assert drawn.continuous.shape == (50, 1)
    assert drawn.discrete.max(axis=0).tolist() == [2, 1]
    assert own_specs.ActionSpec.create_continuous(2).random_action(3).discrete.shape == (3, 0)
    assert own_specs.ActionTuple(discrete=np.ones((2, 2))).discrete.dtype == np.int32
    with pytest.raises(own_exceptions.UnityActionException, match="discrete input of dimension"):
        spec._validate_action(own_specs.ActionTuple(np.ones((2, 1))), 2, "b")
    with pytest.raises(own_exceptions.UnityActionException, match="continuous input"):
        spec._validate_action(own_specs.ActionTuple(), 2, "b")


def test_our_steps_are_found_by_agent():
    steps = own_steps.DecisionSteps(
        [np.arange(12.0).reshape(2, 2, 3)], np.array([1.0, 2.0]), np.array([4, 9]),
        [np.eye(2, dtype=bool)], np.array([0, 5]), np.zeros(2),
    )  # fmt: skip
    assert steps.agent_id_to_index == {4: 0, 9: 1}
    assert steps[9].obs[0][0, 0] == 6.0
    assert [mask.tolist() for mask in steps[9].action_mask or ()] == [[False, True]]
    assert (list(steps), len(steps), steps[9].group_id) == ([4, 9], 2, 5)
    with pytest.raises(KeyError, match="agent_id 5 is not present in the DecisionSteps"):
        steps[5]
    empty = own_steps.TerminalSteps.empty(SPEC)
    assert empty.obs[0].shape == (0, 2, 3)
    assert own_steps.DecisionSteps.empty(SPEC).action_mask is None
    assert len(own_specs.BehaviorMapping({"b": SPEC})) == 1


# ------------------------------------------------------------------------------------------- images


def picture(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (6, 7, 3), np.uint8)


@needs_official
@pytest.mark.parametrize(
    ("files", "channels_", "mapping"),
    [
        (1, 3, []),
        (1, 1, []),
        (1, 1, [0, 0, 0]),
        (2, 5, []),
        (2, 5, [0, 1, 2, 3, 4, -1]),
        (2, 6, [5, 4, 3, 2, 1, 0]),
        (2, 2, [0, 0, 0, 1, 1, 1]),
        (3, 4, [0, 1, -1, 2, 2, 3, 3, 3, 0]),
    ],
)
def test_pictures_are_what_the_official_decoder_makes_of_them(files, channels_, mapping):
    official.replace_messages()
    from mlagents_envs.rpc_utils import process_pixels

    data = b"".join(encode_png(picture(number)) for number in range(files))
    theirs = process_pixels(data, channels_, mapping).astype(np.float32)
    ours = decode_image(data, (6, 7, channels_), mapping, "HWC")
    np.testing.assert_array_equal(ours, theirs)
    first = decode_image(data, (channels_, 6, 7), mapping, "CHW")
    np.testing.assert_array_equal(first, theirs.transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("data", "shape", "mapping", "words"),
    [
        (b"no", (6, 7, 3), [], "not a PNG file"),
        (encode_png(picture())[:60], (6, 7, 3), [], "cut off"),
        (encode_png(picture()), (6, 8, 3), [], "which its shape"),
        (encode_png(picture()), (6, 7, 4), [], "hold 3 channels"),
        (encode_png(picture()), (6, 7, 3), [0, 1], "has 2 entries for the 3 channels"),
        (encode_png(picture()), (6, 7, 3), [0, 1, 3], "leaves channels out"),
        (encode_png(picture()) + encode_png(picture()[:5]), (6, 7, 6), [], "7 x 5 pixels"),
    ],
)
def test_a_wrong_picture_is_said(data, shape, mapping, words):
    from unity_bridge.errors import BridgeError

    with pytest.raises(BridgeError, match=words):
        decode_image(data, shape, mapping, "HWC")


def test_a_picture_with_opacity_and_a_grey_one_are_read():
    import io

    from PIL import Image

    def saved(image):
        file = io.BytesIO()
        image.save(file, "PNG")
        return file.getvalue()

    four = np.random.default_rng(1).integers(0, 256, (6, 7, 4), np.uint8)
    data = saved(Image.fromarray(four))
    assert (decode_image(data, (6, 7, 4), [], "HWC") == four / np.float32(255)).all()
    assert (decode_image(data, (6, 7, 3), [], "HWC") == four[..., :3] / np.float32(255)).all()
    grey = saved(Image.fromarray(four[..., 0]))
    expected = four[..., :1] / np.float32(255)
    np.testing.assert_allclose(decode_image(grey, (6, 7, 1), [], "HWC"), expected, rtol=1e-6)
