"""Hypothesis strategies for what a player may say: whole messages, of every kind and none."""

import json
import string

from hypothesis import strategies as st

from envs.contract import BRANCH_SIZES, FIELDS, MASK_SIZE
from tests.unity_bridge.helpers import make_infos
from unity_bridge import channels
from unity_bridge.codec import make_brain_parameters
from unity_bridge.game import BEHAVIOR, make_greeting, make_waiting
from unity_bridge.protocol import messages
from unity_bridge.session import make_reply

INT32 = st.one_of(st.integers(-2, 9), st.integers(-(2**31), 2**31 - 1))
FLOATS = st.floats(width=32)
ANY_CHANNEL = [*channels.OUR_CHANNELS, channels.ENGINE_CONFIGURATION,
               channels.ENVIRONMENT_PARAMETERS, channels.STATS,
               channels.TRAINING_ANALYTICS]  # fmt: skip
WORDS = [
    "npcs", "op", "set", "cancel", "save", "restore", "mind", "request", "goal", "text",
    "utterance",
    "speaker", "to_me", "voice", "sequence", "slot", "kind", "name", "class_name", "polygon",
    "doorways", "position", "width", "places", "hash", "contract", "round_trip_ms", "staleness_ms",
]  # fmt: skip
GOOD = make_infos(3)


# ------------------------------------------------------------------------------------ side channels


def json_texts():
    """Any JSON, with the words of our channels, and what looks like JSON to some."""
    numbers = ["1e999", "-1e999", "NaN", "1" + "0" * 400, "-0", "1.5", "1e-999", "9" * 5000]
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9),
        st.sampled_from(WORDS), st.sampled_from(["\ud800", "a\nb", "x" * 3000]),
    ).map(json.dumps) | st.sampled_from(numbers)  # fmt: skip
    keys = st.sampled_from(WORDS) | st.text(max_size=5) | st.sampled_from(["1", "-7", "9" * 99])

    def grow(inner):
        pairs = st.dictionaries(keys, inner, max_size=5)
        return st.one_of(
            st.lists(inner, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
            pairs.map(_object),
        )

    deep = st.sampled_from(['{"npcs":' + "[" * 3000, "[" * 3000 + "]" * 3000])
    return st.recursive(leaves, grow, max_leaves=12) | deep


def _object(pairs):
    return "{" + ",".join(f"{json.dumps(key)}:{part}" for key, part in pairs.items()) + "}"


def parts(channel):
    """What one NPC's part of a message looks like: right, but for any value of any field."""
    fields = {
        channels.CATALOGUE: ("sequence", "op", "slot", "kind", "name", "polygon", "doorways"),
        channels.DIALOGUE: ("utterance", "speaker", "to_me", "text", "voice"),
        channels.GOAL: ("op", "goal", "text", "priority", "deadline"),
        channels.EPISODE: ("op", "task", "seed", "map"),
        channels.MIND: ("op", "request", "mind"),
    }.get(channel, ())
    usual = st.sampled_from(
        ['"save"', '"restore"', '"add"', "1", "true", '"go"', "[]", "[[0,1]]", "false"]
    )
    entry = st.fixed_dictionaries(
        {field: usual | json_texts() for field in fields if field != "voice"},
        optional={"voice": json_texts()},
    )
    return st.lists(entry.map(_object), max_size=3).map(lambda listed: f"[{','.join(listed)}]")


@st.composite
def payloads(draw, channel):
    """What a frame of a channel holds."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return draw(st.binary(max_size=60))
    if kind == 1:
        return draw(json_texts()).encode()
    if channel == channels.HELLO:
        keys = ("npcs", "hash", "contract", "round_trip_ms", "staleness_ms")
        npcs = st.just('{"1":"Ada","2":"Ben"}')
        hello = {key: npcs | json_texts() if key == "npcs" else json_texts() for key in keys}
        return _object(draw(st.fixed_dictionaries({}, optional=hello))).encode()
    npcs = draw(st.dictionaries(st.sampled_from(["1", "2", "-3"]), parts(channel), max_size=3))
    return _object({"npcs": _object(npcs)}).encode()


@st.composite
def side_channel_bytes(draw):
    """Frames of known and unknown channels, sometimes cut off or followed by something."""
    frames = []
    for _ in range(draw(st.integers(0, 4))):
        channel = draw(st.sampled_from(ANY_CHANNEL) | st.uuids())
        frames.append((channel, draw(payloads(channel))))
    data = channels.encode_frames(frames)
    match draw(st.integers(0, 5)):
        case 0:
            return data[: draw(st.integers(0, len(data)))]
        case 1:
            return data + draw(st.binary(max_size=30))
    return data


# ----------------------------------------------------------------------------------------- messages

NAMES = st.sampled_from([field.name for field in FIELDS]) | st.text(max_size=12)
BEHAVIORS = st.sampled_from([BEHAVIOR, "Other?team=1"]) | st.text(max_size=8)


@st.composite
def observations(draw):
    """An observation of any shape and compression; often the shape and the numbers agree."""
    shape = draw(st.lists(st.integers(0, 4), max_size=4) | st.lists(INT32, max_size=5))
    message = messages.ObservationProto(
        name=draw(NAMES), shape=shape, compression_type=draw(st.integers(0, 2)),
        dimension_properties=draw(st.lists(st.integers(0, 9), max_size=5)),
        observation_type=draw(st.integers(0, 3)),
        compressed_channel_mapping=draw(st.lists(st.integers(-1, 5), max_size=4)),
    )  # fmt: skip
    match draw(st.integers(0, 2)):
        case 0:
            message.compressed_data = draw(st.binary(max_size=80))
        case 1:
            message.float_data.data.extend(draw(st.lists(FLOATS, max_size=20)))
    return message


@st.composite
def agent_infos(draw):
    """A good record of ours with something changed, or one of anybody's."""
    if draw(st.booleans()):
        info = messages.AgentInfoProto()
        info.CopyFrom(draw(st.sampled_from(GOOD)))
        match draw(st.integers(0, 5)):
            case 0:
                info.observations.append(draw(observations()))
            case 1:
                del info.observations[draw(st.integers(0, len(FIELDS) - 1))]
            case 2:
                place = draw(st.integers(0, len(FIELDS) - 1))
                changed = draw(observations())
                changed.name = info.observations[place].name
                info.observations[place].CopyFrom(changed)
    else:
        info = messages.AgentInfoProto(observations=draw(st.lists(observations(), max_size=4)))
    if draw(st.booleans()):
        info.id = draw(INT32)
    info.done = draw(st.booleans())
    info.max_step_reached = draw(st.booleans())
    if not draw(st.integers(0, 3)):
        info.reward, info.group_reward = draw(FLOATS), draw(FLOATS)
    if not draw(st.integers(0, 3)):
        del info.action_mask[:]
        count = draw(st.sampled_from([0, 1, MASK_SIZE - 1, MASK_SIZE]))
        info.action_mask.extend([draw(st.booleans())] * count)
    return info


@st.composite
def brains(draw):
    """A behaviour of ours, or one of anybody's."""
    if draw(st.booleans()):
        return make_brain_parameters(draw(BEHAVIORS))
    sizes = st.lists(INT32, max_size=4) | st.just(list(BRANCH_SIZES))
    spec = messages.ActionSpecProto(
        num_continuous_actions=draw(INT32), num_discrete_actions=draw(INT32),
        discrete_branch_sizes=draw(sizes),
    )  # fmt: skip
    return messages.BrainParametersProto(
        brain_name=draw(BEHAVIORS), action_spec=spec,
        vector_action_size_deprecated=draw(st.lists(INT32, max_size=2)),
    )  # fmt: skip


@st.composite
def steps(draw):
    """What a player says at a step."""
    message = make_waiting()
    said = message.unity_output
    for name in draw(st.lists(BEHAVIORS, max_size=2, unique=True)):
        said.rl_output.agentInfos[name].value.extend(draw(st.lists(agent_infos(), max_size=3)))
        if draw(st.booleans()):
            said.rl_initialization_output.brain_parameters.append(draw(brains()))
            if draw(st.booleans()):
                said.rl_initialization_output.brain_parameters[-1].brain_name = name
    if draw(st.booleans()):
        said.rl_output.side_channel = draw(side_channel_bytes())
    return message


@st.composite
def any_message(draw):
    """A message of a session, of any moment of it."""
    match draw(st.integers(0, 8)):
        case 0:
            message = make_greeting()
            said = message.unity_output.rl_initialization_output
            versions = st.sampled_from(["1.5.0", "2.0", ""]) | st.text(string.printable, max_size=9)
            said.communication_version = draw(versions)
            said.name = draw(st.text(max_size=9))
            return message
        case 1:
            return make_waiting()
        case 2:
            return make_reply(draw(st.sampled_from([0, 200, 400, -1])))
        case 3:
            acting = make_reply()
            acting.unity_input.rl_input.command = draw(st.integers(0, 3))
            return acting
    return draw(steps())
