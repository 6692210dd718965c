"""When a commit is right, when it is wrong, and what is no commit at all."""

from __future__ import annotations

import math

import pytest

from envs.contract import Act
from envs.generate import generate
from envs.tasks import Answer, Episode, NpcTask, WorldTruth, judge

LOOK_ALIKES = ("vase_1", "vase_2", "vase_3", "vase_4")
ENTER = Answer("enter", "hall")
REACH = Answer("reach", "vase_1", look_alikes=LOOK_ALIKES)
DELIVER = Answer("deliver", "vase_1", "hall", look_alikes=LOOK_ALIKES)
SCENE = generate("museum", 0)


def verdict(answer, act, target, item=None, item_place=None, body_place=None, distance=math.inf):
    episode = Episode(SCENE, "test/test", 0, (NpcTask("go", answer, ()),), False, 10)
    return judge(episode, 0, WorldTruth(act, target, item, item_place, body_place, distance))


@pytest.mark.parametrize(
    ("target", "body_place", "expected"),
    [
        ("hall", "hall", "success"),
        ("hall", "room", "wrong"),
        ("hall", None, "wrong"),
        ("room", "room", "wrong"),
        ("concert", "hall", "wrong"),
    ],
)
def test_enter(target, body_place, expected):
    assert verdict(ENTER, Act.FINISH, target, body_place=body_place) == expected


@pytest.mark.parametrize(
    ("target", "distance", "expected"),
    [
        ("vase_1", 1.5, "success"),
        ("vase_1", 1.51, "wrong"),
        ("vase_2", 0.1, "wrong"),
        ("hall", math.inf, "wrong"),
    ],
)
def test_reach(target, distance, expected):
    item = target if target.startswith("vase") else None
    assert verdict(REACH, Act.FINISH, target, item, "hall", "hall", distance) == expected


@pytest.mark.parametrize(
    ("target", "item_place", "body_place", "distance", "expected"),
    [
        ("vase_1", "hall", "hall", 3.0, "success"),
        ("vase_1", "hall", "room", 1.2, "success"),
        ("vase_1", "hall", "room", 3.0, "wrong"),
        ("vase_1", "room", "hall", 1.0, "wrong"),
        ("vase_1", None, "hall", 0.0, "wrong"),
        ("vase_2", "hall", "hall", 1.0, "wrong"),
    ],
)
def test_finish_of_a_delivery(target, item_place, body_place, distance, expected):
    assert (
        verdict(DELIVER, Act.FINISH, target, target, item_place, body_place, distance) == expected
    )
    assert verdict(DELIVER, Act.FINISH, "hall", None, None, "hall") == "wrong"


@pytest.mark.parametrize(
    ("item", "item_place", "expected"),
    [
        ("vase_1", "hall", "success"),
        ("vase_2", "hall", "wrong"),
        ("vase_1", "room", None),
        ("vase_2", "room", None),
        ("radio_1", "hall", None),
    ],
)
def test_put_commits_in_the_goal_place(item, item_place, expected):
    assert verdict(DELIVER, Act.PUT, "hall", item, item_place, "hall") == expected


@pytest.mark.parametrize("act", [Act.SWITCH, Act.GIVE])
@pytest.mark.parametrize("answer", [REACH, DELIVER])
def test_switching_or_giving_a_wrong_look_alike_commits(act, answer):
    assert verdict(answer, act, "vase_2", "vase_2", "hall") == "wrong"
    assert verdict(answer, act, "vase_1", "vase_1", "hall") is None
    assert verdict(answer, act, "radio_1", "radio_1", "hall") is None


def test_without_look_alikes_only_finish_commits():
    ringing = Answer("reach", "vase_1", candidates=LOOK_ALIKES)
    assert verdict(ringing, Act.SWITCH, "vase_2", "vase_2", "hall") is None
    assert verdict(REACH, Act.PUT, "hall", "vase_2", "hall") is None
    assert verdict(ENTER, Act.PUT, "hall", "vase_2", "hall") is None
