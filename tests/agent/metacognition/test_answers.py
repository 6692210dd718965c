"""What speaks against an answer, verb by verb."""

import pytest

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.metacognition.answers import Doubt, doubt_answer
from envs.contract import Act
from envs.words import word_id
from tests.agent.metacognition.hand_made import GONG, GUIDE, HALL, VASE, Stage


@pytest.fixture
def stage():
    stage = Stage()
    for slot, word in ((VASE, "vase"), (GONG, "gong")):
        node = stage.belief.nodes[0, slot]
        node[NodeColumn.KNOWN] = node[NodeColumn.PLACED] = node[NodeColumn.VISIBLE] = 1.0
        node[NodeColumn.KIND] = stage.belief.nodes[0, VASE, NodeColumn.KIND]
        node[NodeColumn.CLASS_WORD], node[NodeColumn.DISTANCE] = word_id(word), 0.8
    return stage


def doubt(stage, act, target):
    return doubt_answer(stage.belief, 0, act, target)


def test_nothing_is_answered_before_the_last_step(stage):
    stage.goal(verb=Verb.GO, place=HALL, remaining=1)
    stage.belief.body[0, BodyColumn.PLACE] = HALL
    assert doubt(stage, Act.FINISH, HALL) == Doubt.TOO_EARLY
    stage.belief.goals[0, GoalField.REMAINING] = 0
    assert doubt(stage, Act.FINISH, HALL) == Doubt.NONE


def test_what_was_achieved_last_is_the_answer(stage):
    stage.goal(verb=Verb.TOUCH, class_word=word_id("vase"))
    assert doubt(stage, Act.FINISH, VASE) == Doubt.TOO_EARLY
    stage.belief.goals[0, GoalField.FINISH] = VASE
    assert doubt(stage, Act.FINISH, VASE) == Doubt.NONE
    assert doubt(stage, Act.FINISH, GONG) == Doubt.WRONG_THING


def test_after_telling_one_answers_from_anywhere(stage):
    stage.goal(verb=Verb.TELL, person=GUIDE, finish=HALL)
    assert doubt(stage, Act.FINISH, HALL) == Doubt.NONE
    stage.goal(verb=Verb.ASK, person=GUIDE, finish=HALL)
    assert doubt(stage, Act.FINISH, HALL) == Doubt.NOT_THERE


@pytest.mark.parametrize("verb", [Verb.LIFT, Verb.TIDY, Verb.TAKE])
def test_only_what_is_meant_is_taken(stage, verb):
    stage.goal(verb=verb, place=HALL, class_word=word_id("vase"))
    assert doubt(stage, Act.TAKE, VASE) == Doubt.NONE
    assert doubt(stage, Act.TAKE, GONG) == Doubt.WRONG_THING


def test_a_key_may_always_be_taken(stage):
    stage.goal(verb=Verb.OPEN, class_word=word_id("vase"))
    stage.belief.nodes[0, GONG, NodeColumn.CLASS_WORD] = word_id("key")
    assert doubt(stage, Act.TAKE, GONG) == Doubt.NONE


def test_tidying_is_not_done_while_something_lies_about(stage):
    stage.goal(verb=Verb.TIDY, place=HALL, class_word=word_id("vase"))
    stage.belief.body[0, BodyColumn.PLACE] = HALL
    assert doubt(stage, Act.FINISH, HALL) == Doubt.TOO_EARLY
    stage.belief.nodes[0, VASE, NodeColumn.PLACE] = HALL
    assert doubt(stage, Act.FINISH, HALL) == Doubt.NONE
    assert doubt(stage, Act.FINISH, VASE) == Doubt.WRONG_THING
    stage.belief.body[0, BodyColumn.PLACE] = 0
    assert doubt(stage, Act.FINISH, HALL) == Doubt.NOT_THERE


def test_a_button_is_pressed_on_the_way_to_something_else(stage):
    stage.goal(verb=Verb.OPEN, class_word=word_id("gate"))
    assert doubt(stage, Act.SWITCH, GONG) == Doubt.NONE
    stage.goal(verb=Verb.SWITCH_OFF, class_word=word_id("vase"))
    assert doubt(stage, Act.SWITCH, GONG) == Doubt.WRONG_THING
