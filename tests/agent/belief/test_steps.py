"""A goal of several steps: the belief takes up the next one when its senses show this one done."""

import pytest

from agent.belief.columns import DoorKind, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.testimony import apply_utterances
from agent.policies.expert import expert
from envs.contract import Act, Branch, Kind, Move, Reason, Result, Utterance
from tests.agent.belief.house import DOOR, GUIDE, HALL, ROOM, VASE, House, entity

KEY, LOCKER, CRATE = 6, 7, 8


def goal(house, field):
    return house.state.goals[0, field]


def did(act, target, result=Result.DONE, reason=Reason.NONE):
    """Self columns that tell of the last act."""
    return {"LAST_ACT": act, "LAST_TARGET": target, "RESULT": result, "REASON": reason}


def verb(house):
    return Verb(int(goal(house, GoalField.VERB)))


def test_the_next_step_begins_when_the_first_is_done():
    house = House("touch the vase, then go to the blue room")
    vase = entity(VASE, 0, 1)
    house.perceive(things=[vase])
    assert (verb(house), goal(house, GoalField.REMAINING)) == (Verb.TOUCH, 1)
    house.decide(expert)
    house.perceive(things=[vase], **did(Act.TOUCH, VASE))
    assert (verb(house), goal(house, GoalField.PLACE)) == (Verb.GO, ROOM)


def test_a_failed_act_achieves_nothing():
    house = House("touch the vase, then go to the blue room")
    vase = entity(VASE, 0, 1)
    house.perceive(things=[vase])
    house.decide(expert)
    house.perceive(things=[vase], **did(Act.TOUCH, VASE, Result.FAILED, Reason.OUT_OF_REACH))
    assert verb(house) == Verb.TOUCH


def test_after_the_last_step_the_answer_is_what_it_was_done_to():
    house = House("examine the vase")
    vase = entity(VASE, 0, 1)
    house.perceive(things=[vase])
    assert house.decide(expert)[Branch.ACT] == Act.EXAMINE
    house.perceive(things=[vase], **did(Act.EXAMINE, VASE))
    assert goal(house, GoalField.FINISH) == VASE
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, VASE)


def test_who_waits_goes_on_when_spoken_to():
    house = House("wait until the guide tells you, then go to the blue room")
    house.perceive()
    assert verb(house) == Verb.WAIT
    waiting = house.decide(expert)
    assert waiting[Branch.MOVE] == Move.STAY
    apply_utterances(house.state, 0, [Utterance(1, GUIDE, True, "the vase is in the blue room")])
    house.state.nodes[0, GUIDE, NodeColumn.HEARD_CLOCK] = house.clock + 0.1
    house.perceive()
    assert verb(house) == Verb.GO


def test_a_locked_container_is_opened_with_its_key():
    house = House("open the locker")
    locker = entity(LOCKER, 0, 1, class_name="locker", states=["closed"])
    key = entity(KEY, 0.9, 0.5, class_name="key", size=0.1)
    house.perceive(things=[locker, key])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.OPEN, LOCKER)
    house.perceive(things=[locker, key], **did(Act.OPEN, LOCKER, Result.FAILED, Reason.LOCKED))
    assert house.state.nodes[0, LOCKER, NodeColumn.LOCKED] == 1.0
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.TAKE, KEY)


def test_a_wrong_key_is_not_tried_again():
    house = House("open the locker")
    locker = entity(LOCKER, 0, 1, class_name="locker", states=["closed"])
    key = entity(KEY, 0.9, 0.5, class_name="key", size=0.1)
    house.perceive(things=[locker, key])
    house.perceive(things=[locker], HELD=KEY, **did(Act.USE, LOCKER, Result.FAILED, Reason.LOCKED))
    assert house.state.nodes[0, KEY, NodeColumn.REJECTED_UNTIL] > house.clock + 30


def test_a_barrier_on_the_way_is_reported_and_jumped():
    house = House("go to the blue room")
    barrier = entity(DOOR, 0, 2, Kind.DOOR, "barrier")
    house.perceive(x=2.0, yaw=90, things=[barrier])
    assert house.state.nodes[0, DOOR, NodeColumn.DOOR_KIND] == DoorKind.BARRIER
    assert house.plan().routes[0, ROOM, RouteColumn.JUMP] == DOOR
    barrier = entity(DOOR, 0, 0.7, Kind.DOOR, "barrier")
    house.perceive(x=3.3, yaw=90, things=[barrier])
    assert house.decide(expert)[Branch.MOVE] == Move.JUMP


def test_a_closed_gate_is_no_way():
    house = House("go to the blue room")
    gate = entity(DOOR, 0, 2, Kind.DOOR, "gate", ["closed"])
    house.perceive(x=2.0, yaw=90, things=[gate])
    assert house.plan().routes[0, ROOM, RouteColumn.REACHABLE] == 0.0


def test_what_two_carry_is_put_down_where_both_have_come_in():
    house = House("carry the drum to the blue room with the guide")
    house.perceive(things=[entity(CRATE, 0, 1, class_name="drum")])
    assert verb(house) == Verb.LIFT
    mate = entity(GUIDE, 0, -1.2, Kind.NPC, "person")
    house.perceive(x=5.5, yaw=90, things=[mate], HELD=CRATE)
    outside = entity(GUIDE, 0, -2.2, Kind.NPC, "person")
    for _ in range(3):
        house.perceive(x=4.6, yaw=90, things=[outside], HELD=CRATE)
    assert house.decide(expert)[Branch.ACT] != Act.PUT  # half of it is still in the hall
    house.perceive(x=6.0, yaw=90, things=[mate], HELD=CRATE)
    assert house.decide(expert)[Branch.ACT] == Act.PUT


def test_tidying_ends_only_when_nothing_lies_about():
    house = House("put all the vases in the amber hall")
    vase = entity(VASE, 0, 1.5)
    house.perceive(x=2.0, z=2.0, things=[vase])
    assert verb(house) == Verb.TIDY
    assert goal(house, GoalField.PLACE) == HALL
    assert house.decide(expert)[Branch.ACT] != Act.FINISH  # the blue room has not been looked at


@pytest.mark.parametrize("side,expected", [("ahead", DOOR)])
def test_directions_mean_the_door_on_that_side(side, expected):
    house = House(f"go through the door {side}")
    house.perceive(x=2.0, z=2.0, yaw=90, things=[entity(DOOR, 0, 2, Kind.DOOR, "door")])
    assert verb(house) == Verb.THROUGH
    assert goal(house, GoalField.THING) == expected
