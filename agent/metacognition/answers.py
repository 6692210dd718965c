"""Whether what the brain is about to answer or to say agrees with its own belief.

A commit can not be taken back, so it is worth a second look: is it the thing that the goal names,
has its colour been seen, are we where the goal wants us?
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.goal_columns import GoalField, Verb
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


def doubt_answer(state: BeliefState, row: int, act: int, target: int) -> Doubt:
    """What speaks against committing with this act on this slot now."""
    goal, body = state.goals[row], state.body[row]
    verb = int(goal[GoalField.VERB])
    if verb == Verb.NONE or act not in CHECKED:
        return Doubt.NONE
    if verb == Verb.TAKE_PUT:
        return _doubt_delivery(state, row, act, target)
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
    doubt = _doubt_thing(state, row, target)
    if doubt == Doubt.NONE and better_source(state, row, target):
        return Doubt.OTHER_SOURCE
    return doubt


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
    told = int(state.nodes[row, about, NodeColumn.TOLD_PLACE])
    return say == Say.TELL and told > 0 and where != told


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
