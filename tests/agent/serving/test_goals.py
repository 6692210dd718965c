"""Goals of one NPC: what is taken up, refused, advanced, reached and failed, and what is said."""

import json
import math

import numpy as np
import pytest

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.testimony import apply_catalogue, apply_goal
from agent.dialogue.refusal import goal_of_verb, why_not
from agent.memories import Memories
from agent.serving import blank_observations
from agent.serving.goal_watch import GoalWatch
from agent.serving.goals import MOST_OPEN
from envs.contract import (
    NO_OP,
    Act,
    Branch,
    CatalogueEntry,
    GoalColumn,
    Result,
    SelfColumn,
)

NAMES = (
    CatalogueEntry(1, "add", 3, "place", "the amber hall"),
    CatalogueEntry(2, "add", 4, "place", "the blue room"),
    CatalogueEntry(3, "add", 5, "object", "the vase", "vase"),
    CatalogueEntry(4, "add", 6, "npc", "Anna"),
    CatalogueEntry(5, "add", 7, "topic", "the concert"),
)
FINISH = np.array(NO_OP)
FINISH[Branch.ACT] = Act.FINISH
SEAT = 2


class Npc:
    """An NPC whose game sets goals, without a brain: its belief is moved by hand."""

    def __init__(self):
        self.memories = Memories(0)
        self.watch = GoalWatch()
        self.clock = 0.0
        self.named = 0
        """The goal that its observation names."""
        (self.index,) = self.memories.find([SEAT]).tolist()
        apply_catalogue(self.belief, self.index, NAMES)

    @property
    def belief(self):
        return self.memories.belief

    @property
    def text(self):
        return self.belief.memory[self.index].goal_text

    @property
    def goal(self):
        return self.belief.goals[self.index]

    def step(self, *news, act=Act.NONE, result=Result.NONE, action=NO_OP, catalogue=()):
        """One decision; what is said to the game."""
        self.clock += 0.1
        observations = blank_observations(1)
        me = observations["self"][0]
        me[SelfColumn.CLOCK], me[SelfColumn.LAST_ACT] = self.clock, act
        me[SelfColumn.RESULT] = result
        observations["goal"][0, [GoalColumn.PRESENT, GoalColumn.GOAL]] = self.named > 0, self.named
        if news:
            row = {name: array[0] for name, array in observations.items()}
            text = self.watch.hear(self.memories, SEAT, news, catalogue, row)
            if text:
                apply_goal(self.belief, self.index, text, float(self.named))
        actions = np.array([action])
        said = self.watch.watch(self.memories, [SEAT], observations, actions)
        return said.get(0, [])

    def advance(self):
        """The mind takes up the next step of its goal."""
        at = int(self.goal[GoalField.STEP]) + 1
        self.goal[:] = self.belief.program[self.index, at]


def ask(number, text, **more):
    return {"op": "set", "goal": number, "text": text, **more}


def word(op, number, **more):
    return {"op": op, "goal": number, **more}


@pytest.fixture
def npc():
    return Npc()


def test_a_goal_is_taken_up_advanced_and_reached(npc):
    text = "take the vase, then go to the amber hall, then touch the vase"
    assert npc.step(ask(1, text)) == [word("accepted", 1)]
    assert npc.step() == []
    npc.advance()
    second = word("progress", 1, step=2, steps=3, reason="go to the amber hall")
    assert npc.step() == [second]
    assert npc.step() == []
    npc.advance()
    assert [said["reason"] for said in npc.step()] == ["touch the vase"]
    assert npc.step(action=FINISH) == []
    assert npc.step(act=Act.FINISH, result=Result.STARTED, action=FINISH) == []
    assert npc.step(act=Act.FINISH, result=Result.DONE) == [word("succeeded", 1)]
    assert npc.text == "" and npc.goal[GoalField.VERB] == Verb.NONE
    assert npc.step(act=Act.FINISH, result=Result.DONE) == []


def test_what_another_goal_has_finished_does_not_count(npc):
    npc.step(ask(1, "touch the vase"))
    assert npc.step(act=Act.FINISH, result=Result.DONE) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("paint the vase", "It does not know how to 'paint': say it with a verb that it knows, "
         "such as go, take, put, open or tell."),
        ("go to the amber hall, then dance", "It does not know how to 'dance': say it with a verb "
         "that it knows, such as go, take, put, open or tell."),
        (" ?!", "The goal is empty: say what is wanted."),
        ("go", "'go' does not say what it is about: name a thing or a place."),
        ("take the amber hall", "It cannot take the amber hall, which is a place: name a thing."),
        ("open Anna", "It cannot open Anna, which is a person: name a thing."),
        ("touch the concert", "It cannot touch the concert, which is a topic: name a thing."),
    ],
)  # fmt: skip
def test_a_goal_that_cannot_be_is_refused(npc, text, reason):
    assert npc.step(ask(1, text)) == [word("refused", 1, reason=reason)]
    assert npc.text == ""


@pytest.mark.parametrize(
    "text",
    ["take the vase", "the amber hall", "blue thing", "could you bring the vase to Anna", "wait",
     "Anna gives you the vase", "take a lamp that nobody has named", "find out where Bo is",
     "wait for the rain"],
)  # fmt: skip
def test_a_goal_that_can_be_is_not_refused(text):
    names = Npc().belief.memory[0].names
    assert why_not(text, names) == ""


def test_a_refused_goal_leaves_the_present_one_alone(npc):
    npc.step(ask(1, "go to the amber hall"))
    npc.step(ask(2, "paint the vase", priority=9.0))
    assert npc.text == "go to the amber hall"


def test_names_that_come_with_a_goal_count(npc):
    bell = CatalogueEntry(6, "add", 9, "place", "the bell tower")
    (refused,) = npc.step(ask(1, "take the bell tower"), catalogue=[bell])
    assert refused["op"] == "refused"


def test_a_goal_by_a_verb_alone_is_put_into_words(npc):
    assert npc.step({"op": "set", "goal": 1, "verb": "put", "target": 5, "place": 3}) == [
        word("accepted", 1)
    ]
    assert npc.text == "put the vase in the amber hall"
    assert goal_of_verb("ask", "the concert", "Anna") == "ask Anna where the concert is"
    assert goal_of_verb("switch_on", "the lamp", "") == "switch on the lamp"


def test_a_goal_about_a_slot_that_has_no_name_is_refused(npc):
    (refused,) = npc.step({"op": "set", "goal": 1, "verb": "take", "target": 40})
    assert refused["reason"] == (
        "The NPC knows nothing by its target's slot 40: send the catalogue entry of that slot "
        "before the goal."
    )


def test_the_highest_priority_comes_first_then_the_oldest(npc):
    go, take, touch = "go to the amber hall", "take the vase", "touch the vase"
    assert npc.step(ask(1, go), ask(2, take), ask(3, touch, priority=2.0)) == [word("accepted", 3)]
    assert npc.text == touch
    assert npc.step(word("cancel", 3)) == [word("cancelled", 3), word("accepted", 1)]
    assert npc.text == go
    assert npc.step(word("succeeded", 1)) == [word("accepted", 2)]
    assert npc.text == take
    assert npc.step(word("failed", 2)) == []
    assert npc.text == ""


def test_the_goal_that_the_game_names_comes_first(npc):
    """The package takes the newest of equals, and says so in each observation."""
    npc.named = 1
    npc.step(ask(1, "go to the amber hall"))
    npc.named = 2
    npc.step(ask(2, "take the vase"))
    assert npc.text == "take the vase"
    npc.named = 1
    npc.step(word("cancelled", 2), ask(1, "go to the amber hall"))
    assert npc.text == "go to the amber hall"


def test_a_goal_goes_on_at_the_step_where_another_one_took_its_place(npc):
    npc.step(ask(1, "take the vase, then go to the amber hall, then touch the vase"))
    npc.advance()
    npc.step()
    npc.step(ask(2, "go to the blue room", priority=2.0))
    assert npc.goal[GoalField.STEP] == 0 and npc.goal[GoalField.PLACE] == 4
    assert npc.step(word("cancelled", 2)) == [word("accepted", 1)]
    assert npc.goal[GoalField.STEP] == 1 and npc.goal[GoalField.PLACE] == 3
    assert npc.step() == []
    npc.advance()
    (third,) = npc.step()
    assert (third["step"], third["steps"]) == (3, 3)


def test_a_goal_whose_time_is_over_fails_and_the_next_one_is_taken_up(npc):
    npc.step(ask(1, "go to the amber hall", priority=2.0, deadline=0.25), ask(2, "take the vase"))
    assert npc.step() == npc.step() == []
    late = word("failed", 1, reason="the time is over")
    assert npc.step() == [late, word("accepted", 2)]
    assert npc.text == "take the vase"


@pytest.mark.parametrize("left", [0, -5.0])
def test_a_goal_whose_time_is_over_when_it_is_set_takes_nobodys_place(npc, left):
    npc.step(ask(1, "take the vase"))
    late = ask(2, "go to the amber hall", priority=2.0, deadline=left)
    assert npc.step(late) == [word("failed", 2, reason="the time is over")]
    assert npc.text == "take the vase"


def test_a_goal_that_waits_fails_when_its_time_is_over(npc):
    npc.step(ask(1, "go to the amber hall"), ask(2, "take the vase", deadline=0.15, priority=0.5))
    npc.named = 1
    npc.step()
    assert npc.step() == [word("failed", 2, reason="the time is over")]
    assert npc.text == "go to the amber hall"


def test_a_goal_that_is_said_again_is_kept_and_answered_again(npc):
    npc.step(ask(1, "take the vase, then go to the amber hall", deadline=0.35))
    npc.advance()
    npc.step()
    again = ask(1, "take the vase, then go to the amber hall", deadline=5.0)
    assert npc.step(again) == [word("accepted", 1)]
    assert npc.goal[GoalField.STEP] == 1
    assert [npc.step() for _ in range(5)] == [[]] * 5


def test_a_goal_whose_words_change_begins_anew(npc):
    npc.step(ask(1, "take the vase, then go to the amber hall"))
    npc.advance()
    assert [said["op"] for said in npc.step(ask(1, "go to the blue room"))] == ["accepted"]
    assert npc.text == "go to the blue room" and npc.goal[GoalField.STEP] == 0


def test_an_npc_has_so_many_open_goals_at_most(npc):
    for number in range(MOST_OPEN):
        npc.step(ask(number + 1, "take the vase"))
    (refused,) = npc.step(ask(99, "take the vase"))
    assert (
        refused["reason"] == f"It has {MOST_OPEN} open goals, which is the most: cancel some first."
    )


def test_no_goal_is_as_before_the_first_one(npc):
    before = npc.goal.copy(), npc.belief.program[npc.index].copy()
    npc.step(ask(1, "bring the red vase to the amber hall, then open the door"))
    assert npc.belief.nodes[npc.index, 3, NodeColumn.NAME_IN_GOAL] == 1.0
    npc.step(word("cancelled", 1))
    assert np.array_equal(npc.goal, before[0])
    assert np.array_equal(npc.belief.program[npc.index], before[1])
    assert not npc.belief.nodes[npc.index, :, NodeColumn.NAME_IN_GOAL].any()


def test_acts_for_another_goal_do_not_count_for_one_that_is_taken_up_again(npc):
    npc.step(ask(1, "touch the vase"))
    body = npc.belief.body[npc.index]
    npc.step(ask(2, "take the vase", priority=2.0))
    body[BodyColumn.CLOCK] = 7.0
    npc.step(word("cancelled", 2))
    assert npc.belief.body[npc.index, BodyColumn.STEP_CLOCK] == 7.0


@pytest.mark.parametrize("junk", [
    {"op": "set"}, {"op": "set", "goal": "x", "text": 5}, {"op": "set", "goal": math.inf},
    {"op": "set", "goal": 10**400, "text": "go to the amber hall", "priority": "high",
     "deadline": math.nan}, {"op": 7}, {}, {"op": "cancel", "goal": []},
    {"op": "set", "verb": {}, "target": "5"}, {"op": "set", "verb": "take", "target": -1},
])  # fmt: skip
def test_junk_is_no_mistake_of_ours(npc, junk):
    assert all(said["op"] in ("accepted", "refused") for said in npc.step(junk))


def test_saved_goals_go_on_with_another_clock(npc):
    npc.step(ask(1, "take the vase, then go to the amber hall", deadline=0.55), ask(2, "wait"))
    npc.advance()
    npc.step()
    npc.memories.belief.body[npc.index, BodyColumn.CLOCK] = npc.clock
    saved = json.loads(json.dumps(npc.watch.save(npc.memories, SEAT)))
    npc.watch.restore(SEAT, saved)
    assert npc.watch.save(npc.memories, SEAT) == saved
    npc.clock = 100.0
    assert [npc.step() for _ in range(4)] == [[]] * 4
    assert npc.step() == [word("failed", 1, reason="the time is over"), word("accepted", 2)]


def test_a_saved_goal_that_was_being_finished_succeeds(npc):
    npc.step(ask(1, "touch the vase"), action=FINISH)
    npc.memories.belief.body[npc.index, BodyColumn.CLOCK] = npc.clock
    npc.watch.restore(SEAT, npc.watch.save(npc.memories, SEAT))
    assert npc.step(act=Act.FINISH, result=Result.DONE) == [word("succeeded", 1)]


def test_an_npc_that_never_had_a_goal_has_none_to_save(npc):
    assert npc.watch.save(npc.memories, SEAT) is None
    npc.watch.restore(SEAT, None)
    assert npc.step() == []


def test_a_mind_that_begins_anew_is_set_its_goal_again(npc):
    npc.step(ask(1, "take the vase, then go to the amber hall"), ask(2, "wait", priority=0.5))
    npc.advance()
    npc.step()
    npc.memories.forget([npc.index])
    npc.watch.begin_anew(npc.memories, SEAT)
    assert npc.step() == []
    assert npc.text == "take the vase, then go to the amber hall"
    assert npc.goal[GoalField.STEP] == 0
    npc.watch.begin_anew(npc.memories, 5)  # somebody without goals


def test_whoever_is_gone_is_not_watched(npc):
    npc.step(ask(1, "go to the amber hall", deadline=0.15))
    npc.watch.forget([SEAT])
    assert [npc.step() for _ in range(4)] == [[]] * 4
