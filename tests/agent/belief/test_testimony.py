import numpy as np
import pytest

from agent.belief.columns import (
    MAX_FACTS,
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PlaceColumn,
    Relation,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.testimony import add_fact, apply_catalogue, apply_goal, apply_utterances
from envs.contract import CatalogueEntry, Doorway, Utterance
from tests.agent.belief.house import CONCERT, DOOR, GUIDE, HALL, HALL_ENTRY, LECTURE, ROOM, House


def said(text, speaker=0, to_me=True):
    return [Utterance(1, speaker, to_me, text)]


def test_the_catalogue_names_and_shapes():
    state = House().state
    assert state.memory[0].names[HALL].name == "the amber hall"
    assert state.nodes[0, HALL, NodeColumn.PLACED] == 1.0
    assert state.words[0, HALL, :3].astype(bool).tolist() == [True, True, False]
    assert state.doorways[0, :, DoorwayColumn.USED].sum() == 1  # told twice, kept once
    assert state.doorways[0, 0, DoorwayColumn.ALONG_X] == 0.0
    assert state.nodes[0, DOOR, NodeColumn.KNOWN] == 1.0


def test_remove_forgets_the_slot():
    house = House()
    apply_catalogue(house.state, 0, [CatalogueEntry(9, "remove", CONCERT)])
    assert house.state.nodes[0, CONCERT, NodeColumn.KNOWN] == 0.0
    assert CONCERT not in house.state.memory[0].names


def test_a_briefing_answers_the_goal():
    house = House("ask the guide where the concert is, then go there")
    assert house.state.goals[0, GoalField.ANSWER] == 0
    apply_utterances(house.state, 0, said("the concert is in the blue room"))
    assert house.state.goals[0, GoalField.ANSWER] == ROOM
    assert house.state.nodes[0, CONCERT, NodeColumn.TOLD_CONFIDENCE] == pytest.approx(0.95)


def test_contradictions_are_kept_and_the_newest_trusted_wins():
    house = House("ask the guide where the concert is, then go there")
    apply_utterances(house.state, 0, said("the concert is in the blue room", GUIDE))
    house.state.body[0, BodyColumn.CLOCK] = 5.0
    apply_utterances(house.state, 0, said("the concert is in the amber hall", GUIDE))
    facts = house.state.facts[0]
    stated = facts[facts[:, FactColumn.RELATION] == Relation.IN]
    assert stated[:, FactColumn.WHERE].tolist() == [ROOM, HALL]
    assert stated[:, FactColumn.CONTRADICTED].tolist() == [1.0, 0.0]
    assert house.state.goals[0, GoalField.ANSWER] == HALL
    assert house.state.body[0, BodyColumn.RESOLVED] == 1.0


def test_the_more_trusted_beats_the_slightly_newer():
    house = House("ask the guide where the concert is, then go there")
    apply_utterances(house.state, 0, said("the concert is in the blue room"))  # a briefing
    house.state.body[0, BodyColumn.CLOCK] = 1.0
    apply_utterances(house.state, 0, said("the concert is in the amber hall", 33, to_me=False))
    assert house.state.goals[0, GoalField.ANSWER] == ROOM


def test_a_sentence_is_understood_when_its_name_appears_later():
    house = House("go to the concert", entries=())
    apply_utterances(house.state, 0, said("the concert is in the amber hall"))
    assert house.state.goals[0, GoalField.ANSWER] == 0
    apply_catalogue(house.state, 0, [CatalogueEntry(1, "add", CONCERT, "topic", "the concert")])
    apply_catalogue(house.state, 0, [HALL_ENTRY])
    assert house.state.goals[0, GoalField.TOPIC] == CONCERT
    assert house.state.goals[0, GoalField.ANSWER] == HALL


def test_a_question_to_us_stays_open():
    house = House()
    apply_utterances(house.state, 0, said("where is the concert", GUIDE))
    assert house.state.nodes[0, GUIDE, NodeColumn.ASKED_US_ABOUT] == CONCERT


def test_doubt_halves_the_confidence():
    house = House("go to the concert")
    apply_utterances(house.state, 0, said("the concert is in the blue room"))
    apply_utterances(house.state, 0, said("the concert is not in the blue room", GUIDE))
    assert house.state.facts[0, 0, FactColumn.CONFIDENCE] == pytest.approx(0.475)


def test_who_knows_what_is_a_fact_too():
    house = House()
    apply_utterances(house.state, 0, said("the guide knows where the lecture is"))
    about, relation, where = house.state.facts[0, 0, :3]
    assert (about, relation, where) == (GUIDE, Relation.KNOWS, LECTURE)


def test_the_oldest_fact_falls_out():
    house = House()
    for number in range(MAX_FACTS + 3):
        add_fact(house.state, 0, number + 1, Relation.IN, HALL, 0, float(number), 0.9)
    abouts = house.state.facts[0, :, FactColumn.ABOUT]
    assert abouts[0] == 4
    assert abouts[-1] == MAX_FACTS + 3


def test_a_new_goal_keeps_the_belief_and_clears_what_was_about_the_old_one():
    house = House("go to the thing that is ringing")
    apply_utterances(house.state, 0, said("the concert is in the blue room"))
    house.state.nodes[0, 5, NodeColumn.REJECTED_UNTIL] = 99.0
    apply_goal(house.state, 0, "go to the concert", 2.0)
    goal = house.state.goals[0]
    assert goal[GoalField.VERB] == Verb.GO
    assert goal[GoalField.SOUND] == -1
    assert goal[GoalField.ANSWER] == ROOM
    assert not house.state.nodes[0, :, NodeColumn.REJECTED_UNTIL].any()


def test_the_same_goal_again_changes_nothing():
    house = House("go to the amber hall")
    house.state.body[0, BodyColumn.INTENT] = 7.0
    apply_goal(house.state, 0, "go to the amber hall")
    assert house.state.body[0, BodyColumn.INTENT] == 7.0


def test_numbers_outside_the_contract_change_nothing():
    house = House(entries=())
    nowhere = Doorway((float("nan"), 0.0, 2.0), 1.0, (HALL, 0), DOOR)
    far = Doorway((4.0, 0.0, 2.0), 1.0, (HALL, 99), 640)
    polygon = ((0.0, 0.0), (float("inf"), 0.0), (4.0, 4.0))
    entry = CatalogueEntry(1, "add", HALL, "place", "the hall", "", polygon, (nowhere, far))
    apply_catalogue(house.state, 0, [entry])
    assert house.state.places[0, HALL, PlaceColumn.SHAPED] == 0.0
    assert house.state.doorways[0, :, DoorwayColumn.USED].sum() == 1
    assert house.state.doorways[0, 0, DoorwayColumn.DOOR] == 0
    apply_utterances(house.state, 0, said("where is the hall", 640))
    assert house.state.memory[0].heard[0].speaker == 0


def test_slots_outside_the_contract_are_passed_over():
    house = House()
    before = house.state.nodes.copy()
    apply_catalogue(house.state, 0, [CatalogueEntry(9, "add", 0, "object", "x"),
                                     CatalogueEntry(10, "add", 64, "object", "y")])  # fmt: skip
    assert np.array_equal(house.state.nodes, before)
