"""Gates, barriers, openings and doors that close by themselves."""

from __future__ import annotations

from typing import Literal

import pytest

from envs.contract import Act, EntityColumn, Move, Reason, Result, SelfColumn
from envs.scene import Door, Scene
from envs.world.state import DOOR_CLOSED, DOOR_OPEN
from tests.envs.world.stage import Stage, make_object, make_scene

Kind = Literal["door", "opening", "gate", "barrier"]


def hall_with(kind: Kind, *objects, **more) -> Scene:
    door = Door(id="door", between=("left", "right"), position=(8.0, 4.0), width=1.2, kind=kind,
                **more)  # fmt: skip
    return make_scene(*objects, door=door)


def gate(**more) -> Stage:
    button = make_object("button", "button", 7.4, 2.4, powers=("door",))
    return Stage(hall_with("gate", button, state="closed", **more))


def x_of(stage: Stage) -> float:
    return float(stage.world.observation["self"][0, SelfColumn.X])


def press(stage: Stage, act: Act = Act.SWITCH) -> None:
    stage.place_body(6.4, 2.4)
    assert stage.act(act, "button") == (Result.DONE, Reason.NONE)


def test_hands_do_not_open_a_gate_but_its_button_does() -> None:
    stage = gate()
    stage.place_body(7.0, 4.0)
    assert stage.act(Act.OPEN, "door") == (Result.FAILED, Reason.NOT_POSSIBLE)
    assert stage.bit("door", "closed") == 1.0
    entity = stage.entity("door")
    assert entity is not None
    assert entity[EntityColumn.AFFORDANCE + Act.OPEN - 1] == 0.0
    press(stage)
    assert stage.state.door_state[0, 0] == DOOR_OPEN
    for _ in range(30):
        stage.step()
    assert stage.state.door_state[0, 0] == DOOR_OPEN  # nothing closes it
    press(stage)
    stage.step()
    assert stage.state.door_state[0, 0] == DOOR_CLOSED


@pytest.mark.parametrize("act", [Act.SWITCH, Act.USE])
def test_a_gate_closes_after_its_time_and_the_button_springs_back(act: Act) -> None:
    stage = gate(stays_open=1.0)
    for _ in range(2):
        press(stage, act)
        open_for = 0
        while stage.state.door_state[0, 0] == DOOR_OPEN:
            open_for += 1
            stage.step()
        assert open_for == 10
        assert not stage.state.object_on[0, 0]


def test_a_gate_waits_for_whoever_stands_in_it() -> None:
    stage = gate(stays_open=0.5)
    press(stage)
    stage.place_body(8.0, 4.0)
    for _ in range(20):
        stage.step()
    assert stage.state.door_state[0, 0] == DOOR_OPEN
    stage.walk(4)
    assert stage.state.door_state[0, 0] == DOOR_CLOSED
    assert x_of(stage) > 8.3


def test_a_door_that_was_opened_by_hand_closes_by_itself_too() -> None:
    stage = Stage(hall_with("door", state="closed", stays_open=0.5))
    stage.place_body(7.0, 4.0)
    stage.act(Act.OPEN, "door")
    for _ in range(6):
        stage.step()
    assert stage.bit("door", "closed") == 1.0


def test_a_barrier_stops_who_walks_and_not_who_jumps() -> None:
    stage = Stage(hall_with("barrier", make_object("cup", "cup", 9.0, 4.0)))
    stage.place_body(7.0, 4.0)
    assert stage.slot("cup") > 0  # one sees over it
    assert stage.bit("door", "open") == stage.bit("door", "closed") == 0.0
    entity = stage.entity("door")
    assert entity is not None
    assert entity[EntityColumn.SIZE_Y] == pytest.approx(0.35)
    stage.walk(12)
    assert x_of(stage) < 8.0 - 0.06 - 0.2
    assert stage.act(Act.OPEN, "door") == (Result.FAILED, Reason.NOT_POSSIBLE)
    stage.walk(8, move=Move.JUMP)
    assert x_of(stage) > 8.0 + 0.06


@pytest.mark.parametrize("start", [7.05, 7.1, 7.15, 7.2, 7.3, 7.4, 7.5, 7.6])
def test_whoever_lands_on_a_barrier_walks_off_it(start: float) -> None:
    stage = Stage(hall_with("barrier"))
    stage.place_body(start, 4.0)
    stage.walk(1, move=Move.JUMP)
    stage.walk(5)
    stage.walk(1, move=Move.JUMP)
    stage.walk(12)
    assert x_of(stage) > 8.3
    assert stage.state.person_position[0, 0, 1] == 0.0


def test_an_opening_is_free_and_has_no_lintel() -> None:
    stage = Stage(hall_with("opening"))
    gap = stage.state.boxes[0, : stage.state.wall_count[0]]
    over = (gap[:, 0] < 8.0) & (gap[:, 3] > 8.0) & (gap[:, 2] < 4.0) & (gap[:, 5] > 4.0)
    assert not over.any()
    stage.place_body(7.0, 4.0)
    assert stage.act(Act.CLOSE, "door") == (Result.FAILED, Reason.NOT_POSSIBLE)
    stage.walk(12)
    assert x_of(stage) > 8.3
