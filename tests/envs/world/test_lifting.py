"""Heavy things, which two carry together."""

from __future__ import annotations

import pytest

from envs.contract import Act, Move, Reason, Result, SelfColumn
from envs.goals import Goal, Step, Verb
from envs.world.referee import SUCCEEDED
from tests.envs.world.stage import Stage, make_object, make_scene

WAITING = (Result.RUNNING, Reason.NEEDS_HELP)
DONE = (Result.DONE, Reason.NONE)


def with_crate() -> Stage:
    """Two NPCs at both sides of a crate, facing it, who are to carry it to the left hall."""
    goal = Goal((Step(do=Verb.LIFT, what="crate", where="left"),), "crate")
    stage = Stage(make_scene(make_object("crate", "crate", 4.0, 4.0), npcs=2), goal=goal)
    stage.place_body(3.2, 4.0)
    stage.place_body(4.8, 4.0, -90.0, row=1)
    return stage


def lifted() -> Stage:
    stage = with_crate()
    stage.act(Act.TAKE, "crate")
    stage.act(Act.TAKE, "crate", row=1)
    return stage


def test_nobody_lifts_a_heavy_thing_alone() -> None:
    stage = with_crate()
    assert [stage.act(Act.TAKE, "crate") for _ in range(20)] == [WAITING] * 20
    assert stage.act(Act.TAKE, "crate") == (Result.FAILED, Reason.NEEDS_HELP)
    assert stage.act(Act.TAKE, "crate") == WAITING
    stage.walk(move=Move.BACK)  # lets go
    assert stage.act(Act.TAKE, "crate", row=1) == WAITING
    assert stage.state.object_holder[0, 0] == -1


@pytest.mark.parametrize("first", [0, 1])
def test_two_lift_it_together(first: int) -> None:
    stage = with_crate()
    assert stage.act(Act.TAKE, "crate", row=first) == WAITING
    assert stage.act(Act.TAKE, "crate", row=1 - first) == DONE
    assert stage.outcome(first) == DONE  # it held on by itself
    for row in range(2):
        assert stage.world.observation["self"][row, SelfColumn.HELD] == stage.slot("crate", row)
        assert stage.bit("crate", "held_by_me", row) == 1.0
        assert stage.bit("crate", "held_by_other", row) == 1.0
    assert stage.position("crate") == pytest.approx([4.0, 0.5, 4.0])


def test_both_at_once_lift_it_too() -> None:
    stage = with_crate()
    stage.step(*({"act": Act.TAKE, "target": stage.slot("crate", row)} for row in range(2)))
    assert [stage.outcome(row) for row in range(2)] == [DONE, DONE]


def test_they_walk_at_most_at_walking_pace_and_it_is_between_them() -> None:
    stage = lifted()
    running = {"move": Move.RUN, "turn": 2}
    stage.step({"move": Move.BACK, "turn": 2}, running)
    body = stage.world.observation["self"][1]
    assert body[SelfColumn.VELOCITY_FORWARD] == pytest.approx(1.4, abs=1e-3)
    middle = stage.state.person_position[0, :2, 0].mean()
    assert stage.position("crate")[0] == pytest.approx(float(middle), abs=1e-3)


def test_it_drops_when_they_walk_apart() -> None:
    stage = lifted()
    for _ in range(20):
        stage.step({"move": Move.BACK}, {"move": Move.BACK})
    assert stage.state.object_holder[0, 0] == stage.state.object_second_holder[0, 0] == -1
    assert (stage.state.person_held[0, :2] == -1).all()
    assert stage.position("crate")[1] == 0.0


@pytest.mark.parametrize(("row", "act", "target"), [(0, Act.PUT, "left"), (1, Act.DROP, None)])
def test_either_sets_it_down(row: int, act: Act, target: str | None) -> None:
    stage = lifted()
    assert stage.act(act, target, row) == DONE
    assert (stage.state.person_held[0, :2] == -1).all()
    assert stage.position("crate")[1] == 0.0
    assert stage.act(Act.DROP, row=1 - row) == (Result.FAILED, Reason.HANDS_EMPTY)


def test_what_two_carry_is_neither_given_nor_put_on_a_table() -> None:
    table = make_object("table", "table", 3.2, 5.2)
    stage = Stage(make_scene(make_object("crate", "crate", 4.0, 4.0), table, npcs=2))
    stage.place_body(3.2, 4.0, 60.0)
    stage.place_body(4.8, 4.0, -90.0, row=1)
    stage.act(Act.TAKE, "crate")
    stage.act(Act.TAKE, "crate", row=1)
    assert stage.act(Act.GIVE, "npc_1") == (Result.FAILED, Reason.NOT_POSSIBLE)
    stage.place_body(3.2, 4.0, 0.0)
    assert stage.act(Act.PUT, "table") == (Result.FAILED, Reason.NOT_POSSIBLE)


@pytest.mark.parametrize("comes_back", [False, True])
def test_what_came_to_its_place_without_being_lifted_does_not_count(comes_back: bool) -> None:
    stage = lifted()
    stage.act(Act.PUT, "left")
    assert stage.world.referee.steps_done.tolist() == [1, 1]
    if comes_back:  # it has been elsewhere in the meantime
        crate = stage.state.object_position[0, stage.item("crate")]
        before = float(crate[0])
        for x in (12.0, before):
            crate[0] = x
            stage.step()
    stage.act(Act.FINISH, "crate")
    assert (stage.state.done[0] == SUCCEEDED) == (not comes_back)
