"""Every act that fails says why, in ``self`` and in words; every lasting act can be broken off."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from envs.contract import REASON_TEXT, Act, Move, Reason, Result, Say, SelfColumn
from envs.scene import Door
from tests.envs.world.stage import Stage, make_object, make_scene

WORDS = {
    Reason.NO_TARGET: "no target was named",
    Reason.NOT_IN_SIGHT: "the target is not in sight",
    Reason.OUT_OF_REACH: "the target is out of reach",
    Reason.NOT_POSSIBLE: "that cannot be done with this",
    Reason.HANDS_FULL: "the hands are full",
    Reason.HANDS_EMPTY: "the hands are empty",
    Reason.LOCKED: "it is locked",
    Reason.ALREADY_SO: "it is so already",
    Reason.NO_ROOM: "there is no room for it",
    Reason.REFUSED: "the other refused",
    Reason.NEEDS_HELP: "it takes two",
}
BY_HAND = (
    Act.EXAMINE, Act.TOUCH, Act.TAKE, Act.OPEN, Act.CLOSE, Act.SWITCH, Act.USE, Act.PUSH, Act.GIVE,
)  # fmt: skip


def store(door: str = "closed") -> Stage:
    """Two halls with something for every reason; two NPCs in the left one, nothing in hand."""
    objects = (
        make_object("cup", "cup", 3.0, 2.0),
        make_object("other_cup", "cup", 3.0, 3.4),
        make_object("still_life", "painting", 5.0, 5.0, affordances=("finish",)),
        make_object("safe", "locker", 1.0, 7.0, key="key"),
        make_object("key", "key", 2.0, 6.2),
        make_object("fridge", "fridge", 5.0, 7.2),
        make_object("milk", "cup", 5.0, 7.2, inside="fridge"),
        make_object("table", "table", 6.5, 1.0),
        *(make_object(f"plate_{n}", "cup", 6.5, 1.0, upon="table") for n in range(3)),
        make_object("chair", "chair", 7.6, 6.8),
        make_object("crate", "crate", 5.0, 3.2),
        make_object("behind", "cup", 8.6, 6.0),
    )
    leaf = Door.model_validate(
        {"id": "door", "between": ("left", "right"), "position": (8.0, 4.0), "state": door,
         "key": "key"}
    )  # fmt: skip
    return Stage(make_scene(*objects, door=leaf, npcs=2))


def take(stage: Stage, thing: str, x: float, z: float, yaw: float = 90.0, row: int = 0) -> None:
    stage.place_body(x, z, yaw, row)
    assert stage.act(Act.TAKE, thing, row) == (Result.DONE, Reason.NONE)


def fails(stage: Stage, act: Act, target: str | None, reason: Reason) -> None:
    """Try an act: it fails for this reason, says so in words, and changes nothing."""
    before = [array.copy() for array in (
        stage.state.object_position, stage.state.object_holder, stage.state.object_open,
        stage.state.object_on, stage.state.door_state, stage.state.person_held,
    )]  # fmt: skip
    slot = stage.slot(target) if target else 0
    assert bool(slot) == bool(target)
    assert stage.act(act, target) == (Result.FAILED, reason)
    body = stage.world.observation["self"][0]
    assert (body[SelfColumn.LAST_ACT], body[SelfColumn.LAST_TARGET]) == (act, slot)
    assert REASON_TEXT[Reason(int(body[SelfColumn.REASON]))] == WORDS[reason]
    after = (
        stage.state.object_position, stage.state.object_holder, stage.state.object_open,
        stage.state.object_on, stage.state.door_state, stage.state.person_held,
    )  # fmt: skip
    assert all((old == new).all() for old, new in zip(before, after, strict=True))
    stage.step()
    assert stage.outcome() == (Result.NONE, Reason.NONE)


# -- reasons of all acts -----------------------------------------------------------------------


@pytest.mark.parametrize("act", [*BY_HAND, Act.FINISH])
def test_nothing_was_named(act: Act) -> None:
    fails(store(), act, None, Reason.NO_TARGET)


def test_nothing_was_named_to_put_it() -> None:
    stage = store()
    take(stage, "cup", 2.2, 2.0)
    fails(stage, Act.PUT, None, Reason.NO_TARGET)


@pytest.mark.parametrize("act", BY_HAND)
def test_the_target_is_too_far_away(act: Act) -> None:
    stage = store()
    stage.place_body(1.0, 2.0)
    fails(stage, act, "cup", Reason.OUT_OF_REACH)


@pytest.mark.parametrize("act", BY_HAND)
def test_the_target_is_behind_a_wall(act: Act) -> None:
    stage = store()
    stage.place_body(10.0, 6.0, -90.0)  # sees it
    stage.place_body(7.5, 6.0)
    fails(stage, act, "behind", Reason.NOT_IN_SIGHT)


@pytest.mark.parametrize("act", BY_HAND)
@pytest.mark.parametrize("target", ["left", "still_life"])
def test_the_target_does_not_offer_it(act: Act, target: str) -> None:
    stage = store()
    stage.place_body(4.0, 5.0)
    fails(stage, act, target, Reason.NOT_POSSIBLE)


# -- reasons of one act ------------------------------------------------------------------------


class Case(NamedTuple):
    act: Act
    target: str | None
    reason: Reason
    prepare: Callable[[Stage], None]
    door: str = "closed"


def stand(x: float, z: float, yaw: float = 90.0) -> Callable[[Stage], None]:
    return lambda stage: stage.place_body(x, z, yaw)


def with_cup(x: float, z: float, yaw: float = 90.0) -> Callable[[Stage], None]:
    """Stand there with a cup in hand."""

    def prepare(stage: Stage) -> None:
        take(stage, "cup", 2.2, 2.0)
        stage.place_body(x, z, yaw)
        stage.step()  # what is held comes along

    return prepare


def with_key(x: float, z: float, yaw: float = 90.0) -> Callable[[Stage], None]:
    """Stand there with the key in hand."""

    def prepare(stage: Stage) -> None:
        take(stage, "key", 2.0, 5.4, 0.0)
        stage.place_body(x, z, yaw)
        stage.step()

    return prepare


def in_a_corner(stage: Stage) -> None:
    """With a cup in hand, and walls close by on all sides."""
    take(stage, "cup", 2.2, 2.0)
    stage.place_body(4.2, 6.6, 0.0)
    stage.step()
    wall = stage.state.boxes[0, 0].copy()
    for box, (x, z) in enumerate([(3.5, 6.6), (4.9, 6.6), (4.2, 5.9), (4.2, 7.3)]):
        side = 1.5 if x == 4.2 else 0.5, 0.5 if x == 4.2 else 1.5
        stage.state.boxes[0, box] = wall
        stage.state.boxes[0, box, [0, 3]] = x - side[0] / 2, x + side[0] / 2
        stage.state.boxes[0, box, [2, 5]] = z - side[1] / 2, z + side[1] / 2


def mate_with(thing: str) -> Callable[[Stage], None]:
    """The other NPC has it in hand, and is near."""

    def prepare(stage: Stage) -> None:
        spots = {"cup": (3.0, 2.9, 180.0), "chair": (7.6, 5.9, 0.0)}
        stage.place_body(*spots[thing], row=1)
        me = stage.state.person[1]
        stage.state.object_holder[0, stage.item(thing)] = me
        stage.state.person_held[0, me] = stage.item(thing)
        stage.step()
        x, z, _ = spots[thing]
        stage.place_body(x - 0.9, z)
        stage.step()

    return prepare


def both_hands_full(stage: Stage) -> None:
    take(stage, "cup", 2.2, 2.0)
    take(stage, "other_cup", 2.2, 3.4, row=1)
    stage.place_body(2.2, 2.6, 0.0)
    stage.step()


def in_the_doorway(stage: Stage) -> None:
    stage.place_body(8.0, 4.0, row=1)
    stage.place_body(6.9, 4.0)


def alone_at_the_crate(stage: Stage) -> None:
    stage.place_body(4.0, 3.2)
    for _ in range(20):
        assert stage.act(Act.TAKE, "crate") == (Result.RUNNING, Reason.NEEDS_HELP)


CASES = [
    Case(Act.TAKE, "other_cup", Reason.HANDS_FULL, with_cup(2.2, 3.4)),
    Case(Act.TAKE, "cup", Reason.REFUSED, mate_with("cup")),
    Case(Act.TAKE, "crate", Reason.NEEDS_HELP, alone_at_the_crate),
    Case(Act.PUT, "left", Reason.HANDS_EMPTY, stand(2.0, 2.0)),
    Case(Act.PUT, "right", Reason.OUT_OF_REACH, with_cup(2.0, 2.0)),
    Case(Act.PUT, "table", Reason.NO_ROOM, with_cup(5.4, 1.0)),
    Case(Act.PUT, "left", Reason.NO_ROOM, in_a_corner),
    Case(Act.PUT, "safe", Reason.LOCKED, with_cup(1.0, 5.8, 0.0)),
    Case(Act.PUT, "fridge", Reason.NOT_POSSIBLE, with_cup(5.0, 6.0, 0.0)),
    Case(Act.PUT, "npc_1", Reason.NOT_POSSIBLE, with_cup(2.0, 3.0, 0.0)),
    Case(Act.PUT, "fridge", Reason.OUT_OF_REACH, with_cup(5.0, 4.0, 0.0)),
    Case(Act.DROP, None, Reason.HANDS_EMPTY, stand(2.0, 2.0)),
    Case(Act.DROP, None, Reason.NO_ROOM, in_a_corner),
    Case(Act.GIVE, "npc_1", Reason.HANDS_EMPTY, stand(2.0, 3.0, 0.0)),
    Case(Act.GIVE, "npc_1", Reason.REFUSED, both_hands_full),
    Case(Act.GIVE, "door", Reason.NOT_POSSIBLE, with_cup(6.9, 4.0)),
    Case(Act.OPEN, "door", Reason.LOCKED, stand(6.9, 4.0), "locked"),
    Case(Act.CLOSE, "door", Reason.LOCKED, stand(6.9, 4.0), "locked"),
    Case(Act.OPEN, "safe", Reason.LOCKED, stand(1.0, 5.8, 0.0)),
    Case(Act.OPEN, "safe", Reason.LOCKED, with_cup(1.0, 5.8, 0.0)),
    Case(Act.OPEN, "door", Reason.ALREADY_SO, stand(6.9, 4.0), "open"),
    Case(Act.CLOSE, "door", Reason.ALREADY_SO, stand(6.9, 4.0)),
    Case(Act.CLOSE, "fridge", Reason.ALREADY_SO, stand(5.0, 6.0, 0.0)),
    Case(Act.CLOSE, "door", Reason.NO_ROOM, in_the_doorway, "open"),
    Case(Act.SWITCH, "door", Reason.NOT_POSSIBLE, stand(6.9, 4.0)),
    Case(Act.USE, "door", Reason.LOCKED, stand(6.9, 4.0), "locked"),
    Case(Act.USE, "safe", Reason.LOCKED, stand(1.0, 5.8, 0.0)),
    Case(Act.USE, "door", Reason.ALREADY_SO, with_key(6.9, 4.0)),
    Case(Act.PUSH, "chair", Reason.NO_ROOM, stand(6.6, 6.8)),
    Case(Act.PUSH, "chair", Reason.REFUSED, mate_with("chair")),
]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.act.name}-{case.target}-{case.reason.name}".lower()
)
def test_an_act_fails_for_its_own_reason(case: Case) -> None:
    stage = store(case.door)
    case.prepare(stage)
    fails(stage, case.act, case.target, case.reason)


def test_every_reason_and_every_act_is_among_them() -> None:
    general = {Reason.NO_TARGET, Reason.OUT_OF_REACH, Reason.NOT_IN_SIGHT, Reason.NOT_POSSIBLE}
    assert general | {case.reason for case in CASES} == set(Reason) - {Reason.NONE}
    assert set(WORDS) == set(Reason) - {Reason.NONE}
    acts = {case.act for case in CASES} | {*BY_HAND, Act.FINISH}
    assert acts == set(Act) - {Act.NONE}


# -- acts that last ----------------------------------------------------------------------------

LASTING = {
    Act.EXAMINE: ("note", (Result.STARTED, Reason.NONE), 3),
    Act.USE: ("press", (Result.STARTED, Reason.NONE), 5),
    Act.TAKE: ("crate", (Result.RUNNING, Reason.NEEDS_HELP), 21),
}
"""Target, first outcome, and decisions that it takes (or waits for help)."""


def busy(act: Act) -> tuple[Stage, int]:
    """Somebody who has begun a lasting act and gone on with it once, and its target's slot."""
    stage = Stage(make_scene(
        make_object("note", "note", 3.0, 2.0, text="the key is in the right hall"),
        make_object("press", "press", 3.2, 2.0), make_object("crate", "crate", 3.2, 2.6),
        make_object("cup", "cup", 2.9, 1.4),
    ))  # fmt: skip
    stage.place_body(2.0, 2.0)
    target, first, _ = LASTING[act]
    assert stage.act(act, target) == first
    stage.step()
    assert stage.outcome() == (Result.RUNNING, first[1])
    return stage, stage.slot(target)


@pytest.mark.parametrize("act", LASTING)
@pytest.mark.parametrize("move", [Move.STRAFE_LEFT, Move.JUMP])
def test_a_step_breaks_off_a_lasting_act_and_self_says_so(act: Act, move: Move) -> None:
    stage, slot = busy(act)
    stage.step({"move": move})
    body = stage.world.observation["self"][0]
    assert (body[SelfColumn.LAST_ACT], body[SelfColumn.LAST_TARGET]) == (act, slot)
    assert stage.outcome() == (Result.NONE, Reason.NONE)  # no longer running, and never done
    stage.step()
    assert stage.outcome() == (Result.NONE, Reason.NONE)  # and it does not go on by itself
    assert stage.world.texts(0) == []
    assert stage.state.object_holder[0, stage.item("crate")] == -1
    target, first, needed = LASTING[act]
    stage.place_body(2.0, 2.0)
    assert stage.act(act, target) == first  # from the beginning
    outcomes = []
    for _ in range(needed - 1):
        stage.step()
        outcomes.append(stage.outcome()[0])
    assert outcomes[:-1] == [Result.RUNNING] * (needed - 2)
    assert outcomes[-1] == (Result.FAILED if act == Act.TAKE else Result.DONE)


@pytest.mark.parametrize("act", LASTING)
@pytest.mark.parametrize("other", [Act.TOUCH, None])
def test_another_act_takes_the_place_of_a_lasting_one(act: Act, other: Act | None) -> None:
    """Another act, or the same one on another thing: its result is told."""
    stage, _ = busy(act)
    other = act if other is None else other
    wanted = (Result.FAILED, Reason.NOT_POSSIBLE) if other == Act.USE else (
        Result.DONE, Reason.NONE)  # fmt: skip
    assert stage.act(other, "cup") == wanted
    body = stage.world.observation["self"][0]
    assert (body[SelfColumn.LAST_ACT], body[SelfColumn.LAST_TARGET]) == (other, stage.slot("cup"))
    for _ in range(3):
        stage.step()
        assert stage.outcome() == (Result.NONE, Reason.NONE)
        assert stage.world.texts(0) == []
    assert stage.state.object_holder[0, stage.item("crate")] == -1


@pytest.mark.parametrize("act", LASTING)
def test_looking_turning_and_speaking_break_nothing_off(act: Act) -> None:
    stage, _ = busy(act)
    stage.step({"turn": 3, "look": 0, "say": Say.WARN})
    _, first, needed = LASTING[act]
    assert stage.outcome() == ((Result.DONE, Reason.NONE) if needed == 3
                               else (Result.RUNNING, first[1]))  # fmt: skip


@pytest.mark.parametrize("act", LASTING)
def test_a_lasting_act_ends_with_its_reason_when_its_target_goes_out_of_reach(act: Act) -> None:
    stage, _ = busy(act)
    stage.place_body(6.0, 6.0, -135.0)
    stage.step()
    assert stage.outcome() == (Result.FAILED, Reason.OUT_OF_REACH)
    stage.step()
    assert stage.outcome() == (Result.NONE, Reason.NONE)
