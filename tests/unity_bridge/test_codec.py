import numpy as np
import pytest

from envs.contract import (
    BRANCH_NAMES,
    BRANCH_SIZES,
    ENTITY_SIZE,
    FIELDS,
    MASK_SIZE,
    MAX_ENTITIES,
    NO_OP,
)
from tests.unity_bridge.helpers import make_infos, random_observations
from unity_bridge.codec import (
    decode_actions,
    decode_masks,
    decode_observations,
    encode_actions,
    encode_mask,
    layout_of_peer,
    make_brain_parameters,
    make_idle_action,
    why_not_ours,
)
from unity_bridge.errors import BridgeError
from unity_bridge.protocol import messages


@pytest.mark.parametrize("layout", ["CHW", "HWC"])
def test_observations_survive_the_wire_bit_by_bit(layout):
    observations = random_observations(3)
    sent = [info.SerializeToString() for info in make_infos(3, layout=layout)]
    decoded = decode_observations([messages.AgentInfoProto.FromString(data) for data in sent])
    assert set(decoded) == set(observations)
    for name, value in observations.items():
        assert decoded[name].dtype == value.dtype
        assert (decoded[name] == value).all(), name


def test_observations_are_named_and_shaped_as_the_official_trainer_wants_them():
    (info,) = make_infos(1)
    found = {
        o.name: (list(o.shape), list(o.dimension_properties), o.observation_type)
        for o in info.observations
    }
    assert list(found) == sorted(found)
    default, goal = messages.DEFAULT, messages.GOAL_SIGNAL
    assert found == {
        "audio": ([3200], [1], default),
        "camera": ([3, 64, 64], [1, 2, 2], default),
        "dialogue": ([8, 64], [4, 1], default),
        "entities": ([32, 50], [4, 1], default),
        "goal": ([64], [1], goal),
        "self": ([32], [1], default),
    }
    (last,) = make_infos(1, layout="HWC")
    camera = last.observations[1]
    assert (list(camera.shape), list(camera.dimension_properties)) == ([64, 64, 3], [2, 2, 1])


@pytest.mark.parametrize(
    ("version", "layout"), [("0.28.0", "HWC"), ("1.0.0", "CHW"), ("1.1.0", "CHW"), ("", "CHW")]
)
def test_the_layout_follows_the_version_of_a_python_peer(version, layout):
    assert layout_of_peer(version) == layout


@pytest.mark.parametrize("layout", ["CHW", "HWC"])
def test_an_uncompressed_camera_is_read(layout):
    (info,) = make_infos(1, layout=layout)
    camera = info.observations[1]
    pixels = random_observations(1)["camera"][0]
    camera.compression_type = messages.NONE
    ordered = pixels if layout == "CHW" else pixels.transpose(1, 2, 0)
    camera.float_data.data.extend((ordered.astype(np.float32) / 255).ravel())
    assert (decode_observations([info])["camera"][0] == pixels).all()


def test_other_observations_and_fields_are_ignored():
    (info,) = make_infos(1)
    info.observations.add(name="rays", shape=[4])
    data = info.observations[0].float_data
    data.MergeFromString(b"\xfa\x3f\x01x")  # field 1023 of a later protocol
    decoded = decode_observations([info])
    assert (decoded["audio"] == random_observations(1)["audio"]).all()


def spoil(change):
    """The sentence for a record of agent 1 that ``change`` has spoilt."""
    (info,) = make_infos(1)
    change({o.name: o for o in info.observations}, info)
    with pytest.raises(BridgeError) as error:
        decode_observations([info])
    return str(error.value)


def set_shape(observation, *shape):
    observation.ClearField("shape")
    observation.shape.extend(shape)


def test_a_missing_observation_is_named():
    sentence = spoil(lambda o, info: o["goal"].__setattr__("name", "gaol"))
    assert sentence == (
        "agent 1, observation 'goal': it is missing "
        "(the agent sent audio, camera, dialogue, entities, gaol, self)"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda o, i: set_shape(o["audio"], 16, 100),
         "'audio': its shape is (16, 100), the contract says (3200,)"),
        (lambda o, i: set_shape(o["camera"], 1, 64, 64),
         "'camera': its shape is (1, 64, 64), the contract says (3, 64, 64)"),
        (lambda o, i: o["self"].float_data.data.append(1.0),
         "'self': it holds 33 numbers instead of 32"),
        (lambda o, i: o["self"].ClearField("float_data"),
         "'self': it holds 0 numbers instead of 32"),
        (lambda o, i: o["self"].float_data.data.__setitem__(3, float("nan")),
         "'self': it holds a number that is not finite"),
        (lambda o, i: o["entities"].float_data.data.__setitem__(9, float("inf")),
         "'entities': it holds a number that is not finite"),
        (lambda o, i: o["self"].float_data.data.__setitem__(4, -2e9),
         "'self': it holds -2e+09, and no number may be larger than 1e+09 either way"),
        (lambda o, i: setattr(o["audio"], "compression_type", messages.PNG),
         "'audio': it is compressed, the contract says plain floats"),
        (lambda o, i: setattr(o["camera"], "compressed_data", b"no picture"),
         "'camera': its bytes are not a PNG file"),
        (lambda o, i: setattr(o["camera"], "compressed_data", o["camera"].compressed_data[:400]),
         "'camera': the PNG is damaged"),
        (lambda o, i: o["camera"].compressed_channel_mapping.extend([0, 0, 0]),
         "'camera': its channels are re-ordered, the contract says plain RGB"),
    ],
)  # fmt: skip
def test_a_malformed_observation_gets_a_sentence(change, sentence):
    assert spoil(change).startswith(f"agent 1, observation {sentence}")


def test_masks_are_inverted_on_the_wire():
    allowed = np.random.default_rng(0).random((2, MASK_SIZE)) < 0.5
    infos = [messages.AgentInfoProto(id=row) for row in range(3)]
    for row in range(2):
        encode_mask(infos[row], allowed[row])
    assert list(infos[0].action_mask) == (~allowed[0]).tolist()
    decoded = decode_masks(infos)
    assert (decoded[:2] == allowed).all()
    assert decoded[2].all()


def test_a_mask_of_another_length_gets_a_sentence():
    info = messages.AgentInfoProto(id=4, action_mask=[True] * 3)
    with pytest.raises(BridgeError) as error:
        decode_masks([info])
    assert str(error.value) == "agent 4: its action mask has 3 entries, the contract says 229"


def test_actions_survive_the_wire():
    actions = np.random.default_rng(0).integers(0, BRANCH_SIZES, (5, len(BRANCH_SIZES)))
    encoded = encode_actions(actions)
    assert list(encoded[0].vector_actions_deprecated) == actions[0].tolist()
    assert (decode_actions(encoded) == actions).all()
    assert decode_actions([]).shape == (0, 8)


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ([0] * 7, "an action has 7 branches, the contract says 8: move, turn,"),
        ([0, 5, 0, 0, 0, 0, 0, 0], "an action has 5 in branch 'turn', which takes 0 to 4"),
        ([0, 0, 0, 0, -1, 0, 0, 0], "an action has -1 in branch 'target', which takes 0 to 63"),
    ],
)
def test_a_bad_action_gets_a_sentence(action, sentence):
    with pytest.raises(BridgeError) as error:
        decode_actions([messages.AgentActionProto(discrete_actions=action)])
    assert str(error.value).startswith(sentence)


def test_brain_parameters_hold_the_branches():
    spec = make_brain_parameters("Heedful?team=0").action_spec
    assert tuple(spec.discrete_branch_sizes) == BRANCH_SIZES
    assert tuple(spec.action_descriptions) == BRANCH_NAMES
    assert spec.num_discrete_actions == 8
    assert spec.num_continuous_actions == 0


def test_a_behaviour_is_ours_when_its_actions_and_observations_are():
    (info,) = make_infos(1)
    assert why_not_ours(make_brain_parameters("Guard?team=0"), info) is None
    other = messages.BrainParametersProto(
        action_spec=messages.ActionSpecProto(num_continuous_actions=2)
    )
    assert "its actions are 2 continuous and discrete branches []" in str(why_not_ours(other, info))
    del info.observations[1], info.observations[2]
    assert why_not_ours(make_brain_parameters("Guard"), info) == (
        "it has no observation named camera, entities; the contract says "
        f"camera uint8 (3, 64, 64), entities float32 ({MAX_ENTITIES}, {ENTITY_SIZE})"
    )


def test_an_idle_action_fits_any_behaviour_and_its_mask():
    spec = messages.ActionSpecProto(num_continuous_actions=2, discrete_branch_sizes=[3, 2])
    info = messages.AgentInfoProto(action_mask=[True, False, False, True, True])
    action = make_idle_action(messages.BrainParametersProto(action_spec=spec), info)
    assert list(action.continuous_actions) == [0, 0]
    assert list(action.discrete_actions) == [1, 0]
    assert list(make_idle_action(None, info).discrete_actions) == []


def test_the_action_that_does_nothing_fits_the_contract():
    assert (decode_actions(encode_actions(np.array([NO_OP]))) == NO_OP).all()
    assert [field.name for field in FIELDS] == sorted(field.name for field in FIELDS)


@pytest.mark.parametrize("agents", [1, 2])
def test_arrays_are_alike_for_one_agent_and_for_several(agents):
    """Kernels are compiled for arrays that are aligned and may be written to."""
    for name, array in decode_observations(make_infos(agents)).items():
        assert array.flags.writeable and array.flags.aligned and array.flags.c_contiguous, name
