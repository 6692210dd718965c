"""Whether what the brain is about to answer or to say agrees with its own belief.

A commit can not be taken back, so it is worth a second look: is it the thing that the goal names,
has its colour been seen, are we where the goal wants us?
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.fitting import fits_class, is_ruled_out
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.results import is_key
from agent.belief.state import BeliefState
from agent.metacognition.monitor import color_of
from envs.contract import Act, Kind, Say

COMMITS = (int(Act.PUT), int(Act.SWITCH), int(Act.GIVE), int(Act.FINISH))
"""Acts that may commit to an answer."""
CHECKED = (*COMMITS, int(Act.TAKE))
"""Acts that are looked at twice; taking the wrong thing costs a way."""
CLEARLY = 0.6
"""A sound's direction is explained clearly better with an error of less than this share,"""
CLEAR_MARGIN = 0.01
"""less this (both of sin(bearing))."""
ANSWER_REACH = 1.5
"""A thing is answered from at most this far, metres."""


class Doubt(IntEnum):
    """What speaks against an answer."""

    NONE = 0
    COLOR_UNKNOWN = 1
    """The goal names a colour, and that of the thing has not been made out."""
    WRONG_COLOR = 2
    WRONG_THING = 3
    """It is not what the goal names."""
    NOT_THERE = 4
    """The body is not where the answer may be given."""
    OTHER_SOURCE = 5
    """Another thing explains better from where the goal's sound came."""
    UNTRUE = 6
    """Not an answer but a sentence: it says something else than what is believed."""
    TOO_EARLY = 7
    """There is more to do before anything may be answered."""


_FINISHED_THERE = (Verb.GO, Verb.ASK_GO, Verb.FIND_TELL_GO, Verb.TAKE_PUT, Verb.TIDY)
"""Steps that the answer itself completes, where they end."""
_NO_SWITCHING = (Verb.OPEN, Verb.UNLOCK, Verb.LIFT, Verb.THROUGH)
"""Steps on the way of which something else may have to be switched, such as a gate's button."""


def doubt_answer(state: BeliefState, row: int, act: int, target: int) -> Doubt:
    """What speaks against committing with this act on this slot now."""
    goal = state.goals[row]
    verb = int(goal[GoalField.VERB])
    if verb == Verb.NONE or act not in CHECKED:
        return Doubt.NONE
    if act == Act.FINISH and (goal[GoalField.FINISH] > 0 or verb not in _FINISHED_THERE):
        return _doubt_final_answer(state, row, target)
    if act == Act.FINISH and goal[GoalField.REMAINING] > 0:
        return Doubt.TOO_EARLY
    if act == Act.TAKE and is_key(state.nodes[row, target]):
        return Doubt.NONE  # it may open what is in the way
    if verb == Verb.TAKE_PUT:
        return _doubt_delivery(state, row, act, target)
    if verb == Verb.TIDY:
        return _doubt_tidying(state, row, act, target)
    if act == Act.FINISH:
        return _doubt_arrival(state, row, target)
    if act == Act.TAKE or (act == Act.SWITCH and verb not in _NO_SWITCHING):
        return _doubt_source(state, row, target)
    if act in (Act.PUT, Act.GIVE) and verb in (Verb.LIFT, Verb.GIVE):
        return _doubt_thing(state, row, int(state.body[row, BodyColumn.HELD]), near=False)
    return Doubt.NONE


def is_unachieved(state: BeliefState, row: int) -> bool:
    """Whether a goal has steps that no answer completes and that are not known to be done."""
    goal = state.goals[row]
    completed = goal[GoalField.FINISH] > 0 or int(goal[GoalField.VERB]) in _FINISHED_THERE
    return bool(goal[GoalField.REMAINING] > 0) or not completed


def _doubt_final_answer(state: BeliefState, row: int, target: int) -> Doubt:
    """Whether all steps are achieved and this is what then is to be named."""
    goal, body = state.goals[row], state.body[row]
    answer = int(goal[GoalField.FINISH])
    if answer == 0:
        return Doubt.TOO_EARLY
    if target != answer:
        return Doubt.WRONG_THING
    anywhere = int(goal[GoalField.VERB]) in (Verb.TELL, Verb.LIFT)
    is_place = int(state.nodes[row, answer, NodeColumn.KIND]) == Kind.PLACE
    outside = is_place and int(body[BodyColumn.PLACE]) != answer
    return Doubt.NOT_THERE if outside and not anywhere else Doubt.NONE


def _doubt_arrival(state: BeliefState, row: int, target: int) -> Doubt:
    """Whether this is the place or thing that was to be gone to, and we are there."""
    goal, body = state.goals[row], state.body[row]
    place = int(goal[GoalField.PLACE])
    if goal[GoalField.TOPIC] > 0:
        place = int(goal[GoalField.ANSWER])
        if place == 0:
            return Doubt.WRONG_THING
    if place:
        if target != place:
            return Doubt.WRONG_THING
        outside = int(body[BodyColumn.PLACE]) != place
        return Doubt.NOT_THERE if outside else Doubt.NONE
    return _doubt_source(state, row, target)


def _doubt_source(state: BeliefState, row: int, target: int) -> Doubt:
    """Whether a thing looks as the goal says and its sound comes from there."""
    doubt = _doubt_thing(state, row, target)
    if doubt == Doubt.NONE and better_source(state, row, target):
        return Doubt.OTHER_SOURCE
    return doubt


def _doubt_tidying(state: BeliefState, row: int, act: int, target: int) -> Doubt:
    """Whether a thing is of the kind that is tidied up, and whether all of them lie there."""
    goal, body, nodes = state.goals[row], state.body[row], state.nodes[row]
    place = int(goal[GoalField.PLACE])
    if act == Act.TAKE:
        return _doubt_thing(state, row, target)
    if act != Act.FINISH:
        return Doubt.NONE
    if target != place:
        return Doubt.WRONG_THING
    if int(body[BodyColumn.PLACE]) != place:
        return Doubt.NOT_THERE
    lies_about = any(
        fits_class(node, goal) and not is_ruled_out(node, goal)
        for node in nodes[
            (nodes[:, NodeColumn.PLACED] > 0.5) & (nodes[:, NodeColumn.PLACE] != place)
        ]
    )
    return Doubt.TOO_EARLY if lies_about else Doubt.NONE


def better_source(state: BeliefState, row: int, slot: int) -> int:
    """A thing that explains the goal's sound clearly better than this one, 0 for none."""
    if state.goals[row, GoalField.SOUND] < 0:
        return 0
    nodes = state.nodes[row]
    sounding = (
        (nodes[:, NodeColumn.KNOWN] > 0.5)
        & (nodes[:, NodeColumn.KIND] == int(Kind.OBJECT))
        & (nodes[:, NodeColumn.PLACED] > 0.5)
        & (nodes[:, NodeColumn.REJECTED_UNTIL] <= state.body[row, BodyColumn.CLOCK])
    )
    error = np.where(sounding, nodes[:, NodeColumn.SOUND_ERROR], np.inf)
    best = int(error.argmin())
    clearly = error[best] < CLEARLY * nodes[slot, NodeColumn.SOUND_ERROR] - CLEAR_MARGIN
    return best if clearly else 0


def is_untrue(state: BeliefState, row: int, say: int, about: int, where: int) -> bool:
    """Whether telling this contradicts where the belief has the thing itself."""
    if say != Say.TELL:
        return False
    told = int(state.nodes[row, about, NodeColumn.TOLD_PLACE])
    return told > 0 and where != told


def _doubt_delivery(state: BeliefState, row: int, act: int, target: int) -> Doubt:
    goal, body = state.goals[row], state.body[row]
    place, here = int(goal[GoalField.PLACE]), int(body[BodyColumn.PLACE])
    if act == Act.TAKE:
        return _doubt_thing(state, row, target)
    if act == Act.PUT:
        if place and here == place:
            return _doubt_thing(state, row, int(body[BodyColumn.HELD]), near=False)
        return Doubt.NONE  # put down anywhere else it can be taken up again
    delivered = int(body[BodyColumn.PUT_SLOT])
    lies_there = state.nodes[row, target, NodeColumn.PLACE] == place
    if act == Act.FINISH and (target != delivered or int(body[BodyColumn.PUT_PLACE]) != place):
        return Doubt.NONE if lies_there and target == delivered else Doubt.NOT_THERE
    return _doubt_thing(state, row, target, near=False)


def _doubt_thing(state: BeliefState, row: int, slot: int, near: bool = True) -> Doubt:
    """Whether a thing is of the goal's class and colour, and near."""
    goal, node = state.goals[row], state.nodes[row, slot]
    wanted, named = goal[GoalField.CLASS_WORD], int(goal[GoalField.THING])
    if slot == 0 or int(node[NodeColumn.KIND]) != Kind.OBJECT:
        return Doubt.WRONG_THING
    if (wanted > 0 and node[NodeColumn.CLASS_WORD] != wanted) or (
        named and slot != named and goal[GoalField.COLOR] < 0
    ):
        return Doubt.WRONG_THING
    if near and node[NodeColumn.DISTANCE] > ANSWER_REACH:
        return Doubt.NOT_THERE
    _, share, decided = color_of(state, np.array([row]), np.array([slot]))
    if not decided[0]:
        return Doubt.COLOR_UNKNOWN
    return Doubt.WRONG_COLOR if share[0] < 0.5 else Doubt.NONE
