"""Hypothesis strategies for a world that says odd things: right messages with wrong values.

What ``tests.unity_bridge.strategies`` makes up is mostly refused at the door. Here every message
has the shape of a good one, so that what is odd in it reaches the mind if nothing stops it.
"""

import base64
import json
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from envs.contract import FIELDS, KIND_NAMES, MASK_SIZE, EntityColumn, SelfColumn
from tests.unity_bridge.helpers import make_infos, make_step, random_observations
from unity_bridge import channels
from unity_bridge.codec import encode_mask, encode_observations
from unity_bridge.protocol import messages

AGENTS = (1, 2)
SENTENCES = (
    "go to the amber hall", "find out where the concert is, then go there", "then then then",
    "tidy every cup into the box", "tidy all into the hall", "put every in the hall",
    "press the button that", "read where", "examine the note to find out where", "give to",
    "ask Anna where", "tell Anna where it is, then go to the red vase in the amber hall",
    "carry the crate to with Anna", "Anna looks for the vase, ask where it is", "look at", "look",
    "switch off", "go through the door on your left. go through the door", "the vase is not in x",
    "find and it", "find the radio and switch it off", "follow the directions", "where is", "",
    "take and", "take up and and", "put with Anna", "tidy up of the in the hall",
)  # fmt: skip
NAMES = ("the amber hall", "Anna", "the red vase", "the concert", "hall", "a", "the", "", "then",
         "the door", "the\nnote", "\U0001f600", "\u9928\u9928")  # fmt: skip
ODD = (
    "null", "true", "[]", "{}", '""', "7", "-1", "0", "1.5", "1e999", "-1e999", "NaN", "1e300",
    "1e39", "9" * 400, "-9223372036854775809", '"7"', '"none"', '[[["a"]]]', '["a","b"]',
    '{"a":[1]}', '"\\ud800"', '"\\u0000"', json.dumps("long " * 4000), json.dumps("x" * 20000),
    "[" * 90 + "]" * 90, json.dumps(["the hall"] * 500), json.dumps([[0, 1]] * 3000),
)  # fmt: skip
NUMBERS = (0.0, -1.0, 0.5, 1.5, 63.0, 64.0, 1e4, -1e4, 2.0**24, 2.0**31, 2.0**63, -(2.0**63),
           1e19, 1e30, -1e30, 3.4e38, -3.4e38, 1e-40, float("nan"),
           float("inf"), float("-inf"))  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A message of a world, told in a line when a test fails."""

    message: messages.UnityMessageProto

    def __repr__(self):
        channel = self.message.unity_output.rl_output.side_channel
        return f"Said(side_channel={base64.b64encode(channel)!r:.2000})"


def some(good):
    """JSON of a value: mostly a good one."""
    right = good.map(json.dumps)
    return st.one_of(right, right, right, st.sampled_from(ODD))


slots = st.integers(-1, 65)
names = st.sampled_from(NAMES)
texts = st.sampled_from(SENTENCES) | st.lists(st.sampled_from(SENTENCES), max_size=4).map(". ".join)
points = st.tuples(st.floats(-20, 20), st.floats(-20, 20))


def objects(fields):
    """JSON objects of fields, some of which are missing now and then."""
    optional = {name: value for name, value in fields.items() if name not in ("op", "slot")}
    required = {name: value for name, value in fields.items() if name in ("op", "slot")}
    whole = st.fixed_dictionaries(fields)
    parts = whole | whole | st.fixed_dictionaries(required, optional=optional)
    return parts.map(
        lambda found: "{" + ",".join(f'"{key}":{part}' for key, part in found.items()) + "}"
    )


def lists(parts, most=6):
    """JSON lists of a few, now and then of one thing a thousand times."""
    few = st.lists(parts, max_size=most)
    many = parts.map(lambda part: [part] * (1000 if len(part) < 500 else 2))
    return st.one_of(few, few, few, many).map(lambda found: "[" + ",".join(found) + "]")


doorways = objects({
    "position": some(st.tuples(st.floats(-20, 20), st.just(0.0), st.floats(-20, 20))),
    "width": some(st.floats(0.1, 3.0)), "places": some(st.tuples(slots, slots)),
    "door": some(slots),
})  # fmt: skip
entries = objects({
    "sequence": some(st.integers(0, 99)), "op": some(st.sampled_from(["add", "change", "remove"])),
    "slot": some(slots), "kind": some(st.sampled_from(KIND_NAMES)), "name": some(names),
    "class_name": some(st.sampled_from(["vase", "door", "hall", ""])),
    "polygon": some(st.lists(points, max_size=5)),
    "doorways": lists(doorways, 2) | st.sampled_from(ODD),
})  # fmt: skip
utterances = objects({
    "utterance": some(st.integers(0, 9)), "speaker": some(slots), "to_me": some(st.booleans()),
    "text": some(texts),
})  # fmt: skip
goals = objects({
    "op": some(st.sampled_from(["set", "cancel"])), "goal": some(st.integers(0, 9)),
    "text": some(texts), "priority": some(st.floats(0, 1)), "deadline": some(st.floats(0, 99)),
})  # fmt: skip
episodes = objects({
    "op": some(st.sampled_from(["start", "end"])), "task": some(st.just("navigation/ringing")),
    "seed": some(st.integers(0, 9)), "map": some(st.just("known")), "success": some(st.booleans()),
    "wrong_commit": some(st.booleans()), "decisions": some(st.integers(0, 9)),
    "walked": some(st.floats(0, 9)), "shortest": some(st.floats(0, 9)),
    "spl": some(st.floats(0, 1)),
})  # fmt: skip
minds = objects({
    "op": some(st.sampled_from(["save", "restore"])), "request": some(st.integers(0, 9)),
    "mind": some(st.just("AAAA")),
})  # fmt: skip
PARTS = {
    channels.CATALOGUE: entries, channels.DIALOGUE: utterances, channels.GOAL: goals,
    channels.EPISODE: episodes, channels.MIND: minds,
}  # fmt: skip
hellos = objects({
    "contract": some(st.just(1)), "hash": some(st.just("abc")),
    "npcs": some(st.fixed_dictionaries({"1": names, "2": names})),
    "round_trip_ms": some(st.floats(0, 99)),
})  # fmt: skip


@st.composite
def side_channels(draw):
    """Side channel bytes: catalogue, goals and talk that a mind would take in, but for some."""
    frames = []
    if draw(st.integers(0, 3)) == 0:
        frames.append((channels.HELLO, draw(hellos).encode()))
    for channel, parts in PARTS.items():
        if draw(st.integers(0, 2)):
            npcs = ",".join(f'"{agent}":{draw(lists(parts))}' for agent in AGENTS)
            frames.append((channel, ('{"npcs":{' + npcs + "}}").encode()))
    return channels.encode_frames(frames)


@st.composite
def odd_observations(draw):
    """Contract arrays of two NPCs, some numbers of which no world should send."""
    observed = random_observations(len(AGENTS), draw(st.integers(0, 3)))
    observed["entities"][:, :8, EntityColumn.SLOT] = draw(
        st.lists(st.sampled_from([0, 1, 5, 7, 63, 64, -3, 1e9]), min_size=8, max_size=8)
    )
    observed["self"][:, SelfColumn.CAMERA_VALID : SelfColumn.CAMERA_VALID + 4] = 1.0
    for _ in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from([field.name for field in FIELDS if field.name != "camera"]))
        value = observed[name].reshape(len(AGENTS), -1)
        columns = 64 if name == "audio" else value.shape[1]
        value[draw(st.integers(0, 1)), draw(st.integers(0, columns - 1))] = draw(
            st.sampled_from(NUMBERS)
        )
    if draw(st.integers(0, 9)) == 0:
        everything = draw(st.sampled_from(NUMBERS))
        observed[draw(st.sampled_from(["entities", "self", "goal", "audio", "dialogue"]))][:] = (
            everything
        )
    return observed


@st.composite
def odd_steps(draw):
    """What the odd world says at one step."""
    observed = draw(odd_observations())
    infos = []
    for row, agent in enumerate(AGENTS):
        info = messages.AgentInfoProto(id=agent)
        encode_observations(info, observed, row)
        allowed = np.ones(MASK_SIZE, bool)
        if draw(st.integers(0, 4)) == 0:
            allowed[:] = draw(st.booleans())
        encode_mask(info, allowed)
        camera = next(one for one in info.observations if one.name == "camera")
        if draw(st.integers(0, 9)) == 0:
            broken = camera.compressed_data[: draw(st.integers(0, 200))]
            camera.compressed_data = draw(st.sampled_from([b"", b"GIF89a", broken]))
        info.done = draw(st.integers(0, 9)) == 0
        info.reward = draw(st.sampled_from([0.0, 0.0, 0.0, 1e30, float("nan")]))
        infos.append(info)
    message = make_step(infos)
    message.unity_output.rl_output.side_channel = draw(side_channels())
    return Said(message)


def usual_step():
    """What a good world of as many NPCs says."""
    return make_step(make_infos(len(AGENTS)))
