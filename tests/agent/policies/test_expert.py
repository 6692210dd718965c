"""The expert and the scripted policy by hand: what they do in one known situation."""

import pytest

from agent.belief.actions import remember_actions
from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.testimony import apply_utterances
from agent.policies.expert import expert
from agent.policies.scripted import scripted
from envs.contract import Act, Branch, Kind, Look, Move, Say, Utterance
from tests.agent.belief.house import (
    CONCERT,
    DOOR,
    GUIDE,
    HALL,
    LECTURE,
    ROOM,
    VASE,
    House,
    entity,
)

TELL_GOAL = (
    "find the guide who knows where the concert is, tell the guide where the lecture is, "
    "then go to the concert"
)


def said(text, speaker=0):
    return [Utterance(1, speaker, True, text)]


def test_without_a_goal_it_stands_still():
    house = House()
    house.perceive()
    action = house.decide(expert)
    assert action.tolist() == [Move.STAY, 2, Look.LEVEL, Act.NONE, 0, Say.NONE, 0, 0]


def test_it_runs_to_the_place_and_finishes_inside():
    house = House("go to the blue room")
    house.perceive(x=2.0, z=2.0, yaw=90)
    action = house.decide(expert)
    assert action[Branch.MOVE] == Move.RUN
    assert action[Branch.TARGET] == ROOM
    house.perceive(x=4.1, z=2.0, yaw=90)
    assert house.decide(expert)[Branch.ACT] == Act.NONE  # hardly inside
    house.perceive(x=4.5, z=2.0, yaw=90)
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, ROOM)


def test_it_opens_the_closed_door_on_its_way():
    house = House("go to the blue room")
    door = entity(DOOR, 0, 0.9, Kind.DOOR, "door", ["closed"])
    house.perceive(x=3.1, z=2.0, yaw=90, things=[door])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.OPEN, DOOR)
    assert house.state.body[0, BodyColumn.INTENT] == 0  # opening is not where it wants to go


def test_it_commits_only_to_a_decided_colour():
    house = House("go to the red vase")
    for _ in range(3):
        house.perceive(things=[entity(VASE, 0, 1)], colors=[-1])
    assert house.decide(expert)[Branch.ACT] == Act.NONE
    for _ in range(3):
        house.perceive(things=[entity(VASE, 0, 1)], colors=[0])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, VASE)


def test_it_passes_by_a_vase_of_another_colour():
    house = House("go to the red vase")
    for _ in range(3):
        house.perceive(things=[entity(VASE, 0, 1)], colors=[1])
    action = house.decide(expert)
    assert action[Branch.ACT] == Act.NONE
    assert action[Branch.TARGET] != VASE


def test_it_looks_at_an_undecided_thing_behind_it_before_it_walks():
    house = House("go to the red vase")
    house.perceive(things=[entity(VASE, 0, 1.5)])
    house.perceive(yaw=120)
    action = house.decide(expert)
    assert action[Branch.TARGET] == VASE
    assert action[Branch.MOVE] == Move.STAY
    assert action[Branch.TURN] == 0


def test_scripted_takes_the_nearest_of_the_class_whatever_its_colour():
    house = House("go to the red vase")
    house.perceive(things=[entity(VASE, 0, 1)], colors=[1])
    action = house.decide(scripted)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, VASE)


def test_it_takes_carries_and_puts():
    house = House("take the red vase and put it in the blue room")
    for _ in range(3):
        house.perceive(things=[entity(VASE, 0, 1)], colors=[0])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.TAKE, VASE)
    house.perceive(x=2.0, yaw=90, HELD=VASE)
    assert house.decide(expert)[Branch.TARGET] == ROOM
    house.perceive(x=4.8, z=2.0, yaw=90, HELD=VASE)
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.PUT, ROOM)
    house.perceive(x=4.8, z=2.0, yaw=90, things=[entity(VASE, 0, 0.6)])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, VASE)


def test_it_drops_a_thing_of_the_wrong_class():
    house = House("take the red vase and put it in the blue room")
    house.perceive(things=[entity(6, 0, 1, class_name="drum")])
    house.perceive(HELD=6)
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.DROP, 6)


def test_it_finishes_at_what_rings_once_it_is_sure():
    house = House("go to the thing that is ringing")
    for _ in range(6):
        house.perceive(things=[entity(VASE, 0, 1.2)], sound=[(0, 0.0, 0.8)])
    action = house.decide(expert)
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.FINISH, VASE)


@pytest.mark.parametrize("sound", [[], [(1, 0.0, 0.8)], [(0, 0.9, 0.8)]])
def test_it_does_not_finish_at_what_does_not_ring(sound):
    house = House("go to the thing that is ringing")
    for _ in range(6):
        house.perceive(things=[entity(VASE, 0, 1.2)], sound=sound)
        assert house.decide(expert)[Branch.ACT] != Act.FINISH


def test_it_asks_waits_and_goes_where_it_was_told():
    house = House("ask the guide where the concert is, then go there")
    guide = [entity(GUIDE, 0, 2, Kind.NPC, "person")]
    house.perceive(things=guide)
    action = house.decide(expert)
    assert action[[Branch.SAY, Branch.ABOUT, Branch.TARGET]].tolist() == [Say.ASK, CONCERT, GUIDE]
    house.perceive(things=guide)
    assert house.decide(expert)[Branch.SAY] == Say.NONE
    apply_utterances(house.state, 0, said("the concert is in the blue room", GUIDE))
    house.perceive(things=guide)
    assert house.decide(expert)[Branch.TARGET] == ROOM


def test_it_asks_again_when_nobody_answers():
    house = House("ask the guide where the concert is, then go there")
    says = []
    for _ in range(20):
        house.perceive(things=[entity(GUIDE, 0, 2, Kind.NPC, "person")])
        says.append(int(house.decide(expert)[Branch.SAY]))
    assert says.count(Say.ASK) in (2, 3)


def test_it_answers_a_question_before_anything_else():
    house = House("go to the blue room")
    heard = [*said("the concert is in the amber hall"), *said("where is the concert", GUIDE)]
    apply_utterances(house.state, 0, heard)
    house.perceive()
    action = house.decide(expert)
    assert action[Branch.SAY :].tolist() == [Say.TELL, CONCERT, HALL]
    assert action[Branch.TARGET] == GUIDE
    house.perceive()
    assert house.decide(expert)[Branch.SAY] == Say.NONE  # once is enough


def test_it_tells_and_asks_its_mate_and_leaves_when_both_know():
    house = House(TELL_GOAL)
    apply_utterances(house.state, 0, said("the lecture is in the amber hall"))
    mate = [entity(GUIDE, 0, 2, Kind.NPC, "person")]
    spoken = []
    for decision in range(6):
        if decision == 4:
            apply_utterances(house.state, 0, said("the concert is in the blue room", GUIDE))
        house.perceive(things=mate)
        action = house.decide(expert)
        if action[Branch.SAY]:
            spoken.append(action[[Branch.SAY, Branch.ABOUT, Branch.WHERE]].tolist())
    assert spoken == [[Say.TELL, LECTURE, HALL], [Say.ASK, CONCERT, 0]]
    assert action[Branch.TARGET] == ROOM


def test_telling_somebody_far_away_does_not_count_as_told():
    house = House(TELL_GOAL)
    apply_utterances(house.state, 0, said("the lecture is in the amber hall"))
    house.perceive(things=[entity(GUIDE, 0, 2, Kind.NPC, "person")])
    actions, _ = expert(house.state, house.plan())
    actions[0, Branch.SAY :] = (Say.TELL, LECTURE, HALL)
    actions[0, Branch.TARGET] = GUIDE
    house.state.nodes[0, GUIDE, NodeColumn.DISTANCE] = 7.0
    remember_actions(house.state, actions)
    assert house.state.nodes[0, GUIDE, NodeColumn.GIVEN_CLOCK] == -1.0
    house.state.nodes[0, GUIDE, NodeColumn.DISTANCE] = 3.0
    remember_actions(house.state, actions)
    assert house.state.nodes[0, GUIDE, NodeColumn.GIVEN_CLOCK] >= 0.0
