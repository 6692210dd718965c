from __future__ import annotations

import numpy as np
import pytest

from agent.belief.columns import BodyColumn, DoorwayColumn, FactColumn
from agent.belief.goal_columns import GoalField
from agent.metacognition.monitor import entropy, failure_reason, failure_target
from envs.contract import Act, DialogueColumn, Reason, Result, Say
from tests.agent.metacognition.hand_made import CONCERT, DOOR, GUIDE, HALL, LEFT, RIGHT, VASE, Stage


@pytest.fixture
def stage():
    stage = Stage()
    stage.goal(place=HALL)
    stage.way(HALL, 8.0)
    stage.way(VASE, 3.0)
    stage.intend(HALL)
    return stage


def signals(stage, times=1):
    stage.repeat(times)
    return stage.regulator.signals


def test_a_way_that_gets_shorter_is_progress(stage):
    for length in (8.0, 7.8, 7.6, 7.4):
        stage.way(HALL, length)
        seen = signals(stage)
    assert seen.idle[0] == 0
    assert signals(stage, 5).idle[0] == 5


def test_changing_the_intent_is_no_progress(stage):
    signals(stage, 3)
    for target in (VASE, HALL, VASE, HALL):
        stage.intend(target)
        seen = signals(stage)
    assert seen.idle[0] == 7
    assert seen.wavering[0] > 3


def test_opening_a_door_and_speaking_do_not_change_the_intent(stage):
    signals(stage)
    stage.intend(DOOR, act=Act.OPEN)
    assert signals(stage).intent[0] == HALL
    stage.intend(GUIDE, say=Say.ASK)
    assert signals(stage).intent[0] == HALL


def test_waiting_for_an_answer_is_not_idle(stage):
    stage.observations["dialogue"][0, 0, DialogueColumn.UTTERANCE] = 4
    assert signals(stage, 8).idle[0] == 0


def test_turns_that_undo_each_other_are_counted(stage):
    for turn in (LEFT, RIGHT) * 4:
        stage.intend(HALL, turn=turn)
        seen = signals(stage)
    assert seen.dithering[0] > 3
    stage.intend(HALL, turn=RIGHT)
    assert signals(stage, 30).dithering[0] < 0.3


def test_bumps_and_distance_travelled(stage):
    stage.belief.body[0, BodyColumn.BUMPED] = 1.0
    for _ in range(12):
        stage.belief.body[0, BodyColumn.X] += 0.14
        seen = signals(stage)
    assert seen.bumping[0] > 5
    assert seen.travelled[0] == pytest.approx(1.4, abs=1e-4)


def test_the_same_failure_again_and_again(stage):
    stage.intend(DOOR, act=Act.OPEN)
    signals(stage)
    body = stage.belief.body[0]
    body[BodyColumn.LAST_ACT], body[BodyColumn.LAST_TARGET] = Act.OPEN, DOOR
    body[BodyColumn.RESULT], body[BodyColumn.REASON] = Result.FAILED, Reason.ALREADY_SO
    assert signals(stage, 4).failures[0] == 4
    body[BodyColumn.REASON] = Reason.LOCKED
    assert signals(stage).failures[0] == 1
    failure = int(stage.regulator.memory.failure[0])
    assert (failure_reason(failure), failure_target(failure)) == (Reason.LOCKED, DOOR)
    body[BodyColumn.RESULT] = Result.DONE
    assert signals(stage).failures[0] == 0


def test_a_doorway_that_has_just_been_blocked(stage):
    stage.doorway(0, 1.0, 1.0)
    assert not signals(stage).locked[0]
    stage.belief.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] = 30.0
    assert signals(stage).locked[0]
    assert not signals(stage).locked[0]


def test_how_much_longer_the_way_has_become(stage):
    signals(stage)
    stage.way(HALL, 12.0)
    assert signals(stage).detour[0] == pytest.approx(4.0)


def test_contradictions_are_counted(stage):
    stage.belief.facts[0, :2, FactColumn.CONTRADICTED] = 1.0
    assert signals(stage).contradictions[0] == 2


def test_lost_is_not_knowing_where_the_goal_is(stage):
    assert signals(stage, 3).lost[0] == 0
    stage.node(HALL, placed=0.0)
    assert signals(stage, 3).lost[0] == 3
    stage.goal(place=0, topic=CONCERT)
    assert signals(stage).lost[0] == 4
    stage.belief.goals[0, GoalField.ANSWER] = HALL
    stage.node(HALL, placed=1.0)
    assert signals(stage).lost[0] == 0


def test_what_is_believed_of_the_intents_color(stage):
    stage.goal(color=2)
    stage.intend(VASE)
    seen = signals(stage)
    assert seen.needs_color[0] and not seen.color_decided[0]
    assert seen.color_share[0] == pytest.approx(1 / 8)
    stage.color(VASE, 2, decided=True)
    seen = signals(stage)
    assert seen.color_decided[0] and seen.color_share[0] > 0.9


def test_dark_is_a_camera_that_has_worked_before(stage):
    stage.dark()
    assert not signals(stage).dark[0]
    stage.dark(False)
    signals(stage)
    stage.dark()
    assert signals(stage).dark[0]
    stage.regulator.forget([0])
    assert not signals(stage).dark[0]


def test_entropy_is_between_sure_and_no_idea():
    logits = np.array([[0.0] * 5, [50.0, 0, 0, 0, 0], [9.0, 9.0, -1e9, -1e9, -1e9]], np.float32)
    assert entropy(logits, 3) == pytest.approx([1.0, 0.0, np.log(2) / np.log(5)], abs=1e-5)
    assert entropy(None, 2).tolist() == [0.0, 0.0]
