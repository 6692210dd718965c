import json

import pytest

from agent.belief.graph import GOAL, ME, SceneGraph
from agent.belief.testimony import apply_utterances
from envs.contract import Kind, Utterance
from tests.agent.belief.house import CONCERT, DOOR, GUIDE, HALL, ROOM, VASE, House, entity


@pytest.fixture
def graph():
    house = House("go to the concert, the guide knows where it is")
    heard = [
        Utterance(1, GUIDE, True, "the concert is in the blue room"),
        Utterance(2, 0, True, "the concert is in the amber hall"),
    ]
    apply_utterances(house.state, 0, heard)
    for _ in range(2):
        house.perceive(things=[entity(VASE, 0, 1)], colors=[2])
    return SceneGraph(house.state)


def test_neighbors_by_relation(graph):
    assert graph.neighbors(VASE, "in") == [HALL]
    assert set(graph.neighbors(DOOR, "joins")) == {HALL, ROOM}
    assert graph.neighbors(ME, "wants") == [GOAL]
    assert VASE in graph.neighbors(HALL)
    assert graph.graph.nodes[VASE]["color"] == "blue"


def test_route_leads_through_doors(graph):
    assert graph.route(ME, ROOM) == [ME, HALL, DOOR, ROOM]
    assert graph.route(VASE, VASE) == [VASE]
    assert graph.route(ME, GUIDE) == []


def test_a_locked_door_is_no_route():
    house = House()
    house.perceive(x=3, yaw=90, things=[entity(DOOR, 0, 1, Kind.DOOR, "door", ["locked"])])
    assert SceneGraph(house.state).route(ME, ROOM) == []


def test_answers_rest_on_facts_and_admit_contradictions(graph):
    answer = graph.ask("Where is the concert?")
    assert answer.nodes == (HALL,)
    assert answer.text == (
        "the concert is in the amber hall, so I was told; I have also heard the blue room."
    )
    assert [fact.source for fact in answer.facts] == [0, GUIDE]
    assert answer.confidence == pytest.approx(0.95)


def test_other_questions(graph):
    assert graph.ask("where am I").text == "I am in the amber hall."
    assert graph.ask("where is the lecture").text == "I do not know where the lecture is."
    assert graph.ask("where is Atlantis").confidence == 0.0
    assert set(graph.ask("what is in the amber hall").nodes) == {ME, VASE, CONCERT}


def test_find_by_name(graph):
    assert graph.find("the blue room") == graph.find("blue room") == ROOM
    with pytest.raises(KeyError, match="Nothing known is called 'Atlantis': ask for one of"):
        graph.find("Atlantis")


def test_export_is_plain_data(graph):
    data = json.loads(json.dumps(graph.to_json()))
    assert {node["id"] for node in data["nodes"]} >= {ME, GOAL, HALL, VASE}
    assert {"about": VASE, "relation": "in", "where": HALL}.items() <= next(
        fact for fact in data["facts"] if fact["about"] == VASE
    ).items()
