"""The two rooms in play: goals, cut scenes, another game's agent, memory, the real server."""

import json

import pytest

from agent.report.processes import Child
from envs.contract import Act, GoalColumn, Move
from envs.contract import EntityColumn as E
from tests.unity_package.build import VERSIONS, why_not
from tests.unity_package.players import command, play, run
from tests.unity_package.test_rooms import allowed, entities

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]


@pytest.fixture(params=VERSIONS, ids=lambda sdk: f"sdk{sdk}")
def sdk(request):
    return request.param


def walk(*_):
    return {"move": Move.WALK}


def errands(npc, number, moment):
    """Ada says at her fifth decision that she has found the lamp; Bo walks to it and switches."""
    lamp = moment.slot("the lamp")
    if npc == "Ada":
        return {"act": Act.FINISH, "target": lamp} if number == 4 else {}
    near = entities(moment).get("the lamp")
    if moment.observations["goal"][GoalColumn.TARGET] != lamp or near is None:
        return {}
    if near[E.DISTANCE] > 0.6 or not allowed(moment, "ACT", Act.SWITCH):
        return {"move": Move.WALK}
    return {"act": Act.SWITCH, "target": lamp}


def test_goals_reach_the_mind_and_events_come_back(sdk):
    """Ada has two goals in words, the second with 3 s; Bo has two by verbs and one is nonsense."""
    played = play(sdk, errands, "--decisions", "60", "--script", "goals")
    assert played.events[0].startswith("Bo 3 refused: nobody knows how to 'juggle' the lamp")
    assert [event for event in played.events if event.startswith("Ada")] == [
        "Ada 1 accepted",
        "Ada 1 succeeded",
        "Ada 2 accepted",
        "Ada 2 failed: the time is over",
    ]
    assert [event for event in played.events[1:] if event.startswith("Bo")] == [
        "Bo 1 accepted",
        "Bo 1 progress switch the lamp",
        "Bo 1 succeeded",
        "Bo 2 accepted",  # and taken back by the game, which needs no event
    ]
    ada, bo = played.mind.moments["Ada"], played.mind.moments["Bo"]
    assert [goal["op"] for moment in ada for goal in moment.goals] == [
        "set", "succeeded", "set", "failed",
    ]  # fmt: skip
    assert [goal["op"] for moment in bo for goal in moment.goals] == [
        "set", "succeeded", "set", "cancelled",
    ]  # fmt: skip
    assert ada[0].goals == [{"op": "set", "goal": 1, "text": "find the lamp", "priority": 1}]
    assert bo[0].goals[0]["text"] == "switch on the lamp"
    assert bo[0].goals[0]["target"] == bo[0].slot("the lamp")
    goal = ada[0].observations["goal"]
    assert goal[GoalColumn.PRESENT] == goal[GoalColumn.GOAL] == 1
    assert goal[GoalColumn.VERB] == goal[GoalColumn.TARGET] == goal[GoalColumn.PLACE] == 0
    assert goal[GoalColumn.WORD_COUNT] == 3
    # find, the, lamp: 1 + FNV-1a of the word modulo 2**24 - 1
    assert tuple(goal[GoalColumn.WORDS : GoalColumn.WORDS + 4]) == (15762968, 963281, 15789991, 0)
    bag = {30: 3**-0.5, 16: 3**-0.5, 7: 3**-0.5}  # where they fall, all with a plus
    assert {
        place: pytest.approx(value, abs=1e-6)
        for place, value in enumerate(goal[GoalColumn.BAG :])
        if value
    } == bag
    goal = bo[0].observations["goal"]
    assert goal[GoalColumn.VERB] == Act.SWITCH
    assert goal[GoalColumn.PRIORITY] == 2
    assert goal[GoalColumn.SECONDS_LEFT] == pytest.approx(59.98, abs=0.021)
    assert not ada[-1].observations["goal"].any()
    assert not bo[-1].observations["goal"].any()


def test_cut_scenes_win_over_the_mind(sdk):
    """The mind always walks, 0.028 m a frame; the game steps back with half of it, then stands."""
    played = play(sdk, walk, "--decisions", "40", "--script", "cut")
    at = {int(name[3:]): float(x) for name, x in played.said.items() if name.startswith("at ")}
    assert at[25] == pytest.approx(8 - 25 * 0.028, abs=2e-3)
    assert at[50] == pytest.approx(8 - 50 * 0.028, abs=2e-3)
    assert at[75] == pytest.approx(at[50] + 25 * 0.014, abs=2e-3)  # Override: back
    assert at[100] == at[75]  # Override: stand
    assert at[125] == pytest.approx(at[100] - 20 * 0.028, abs=2e-3)  # from the next decision on
    assert at[150] == at[125]  # Pause
    assert at[175] == pytest.approx(at[150] - 20 * 0.028, abs=2e-3)  # Resume
    # The mind goes on perceiving while it is overridden, and not while it is paused.
    assert len(played.mind.moments["Ada"]) - len(played.mind.moments["Bo"]) == 5


def test_our_code_allocates_nothing_per_step(sdk, record_property):
    """While NPCs walk, see, hear and are answered; what the SDK itself allocates is reported."""
    played = play(sdk, walk, "--decisions", "130", "--script", "allocate")
    assert played.said["allocated HeedfulNpc"] == "0"
    assert played.said["allocated sensors"] == "0"
    theirs = int(played.said["allocated AcademyFixedUpdateStepper"]) / 200  # 100 decisions of two
    record_property("bytes of the SDK for a decision of one NPC", theirs)
    print(f"ML-Agents {sdk} allocates {theirs / 1024:.0f} KiB for a decision of one NPC")


def test_an_unknown_behaviour_gets_a_no_op_and_one_warning(sdk, caplog):
    played = play(sdk, walk, "--decisions", "30", "--script", "stranger")
    actions, _, rest = played.said["stranger"].partition(" actions, ")
    assert int(actions) > 20
    assert rest == "0 of them something"
    assert played.mind.behaviors == {"Heedful?team=0"}
    about = [record.getMessage() for record in caplog.records if "Stranger" in record.getMessage()]
    assert len(about) == 1
    assert "the contract's are discrete branches [8, 5, 3, 13, 64, 8, 64, 64]" in about[0]
    assert int(played.said["actions"]) > 50  # our own NPCs live on beside it


def test_two_hundred_decisions_of_the_real_server(sdk, serve):
    played = run(command(sdk, serve, "--decisions", "200", "--script", "errand"))
    assert played.said["decisions"] == "200"
    assert played.said["failures"] == played.said["warnings"] == "0"
    assert int(played.said["actions"]) == 400
    assert played.said["masked"] == "0"
    shown = json.loads(played.said["shown"])
    assert shown["strategy"]
    assert played.said["hers"] == "Succeeded"


def test_a_mind_is_saved_and_goes_on_where_it_was(sdk, serve):
    played = run(command(sdk, serve, "--decisions", "60", "--script", "save"))
    assert 100 < int(played.said["saved"]) < 70_000  # a mind of at most 64 KiB, and the slots
    assert played.said["slots kept"] == "True"
    assert played.said["warnings"] == "0"
    assert json.loads(played.said["shown"])["strategy"]


@pytest.fixture(scope="module")
def serve():
    """The port of `heedful serve` with the shipped brain."""
    with Child("heedful serve", "agent.cli", ["serve", "--port", "0"]) as server:
        yield int(server.wait_for_line("listening on", 240.0).rpartition(":")[2])
