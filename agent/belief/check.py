"""Whether a belief that came from outside may be computed on.

Kernels index arrays with numbers of the belief and do not look whether they are inside. A saved
belief comes from a game's save file, which players edit, so every such number is looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import (
    COLORS,
    MAX_STEPS,
    SENT_ACTIONS,
    SIGNS,
    SOUNDS,
    BodyColumn,
    DoorKind,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    Relation,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.state import ARRAY_SHAPES, BeliefState
from envs.contract import (
    KIND_NAMES,
    MAX_ACTION_DELAY,
    SLOTS,
    TURN_DEGREES,
    Act,
    Move,
    Reason,
    Result,
)

LARGEST = 2.0**24
"""No number of a belief is larger: word ids and clocks are the largest ones."""

Ranges = Mapping[IntEnum, tuple[int, int]]
"""Smallest and largest value of the columns that serve as indices."""

_SLOT = (0, SLOTS - 1)
_NODES: Ranges = {
    NodeColumn.KIND: (0, len(KIND_NAMES) - 1),
    NodeColumn.PLACE: _SLOT,
    NodeColumn.TOLD_PLACE: _SLOT,
    NodeColumn.ASKED_US_ABOUT: _SLOT,
    NodeColumn.DOOR_KIND: (0, len(DoorKind) - 1),
}
_DOORWAYS: Ranges = {
    DoorwayColumn.PLACE_A: _SLOT,
    DoorwayColumn.PLACE_B: _SLOT,
    DoorwayColumn.DOOR: _SLOT,
}
_FACTS: Ranges = {
    FactColumn.ABOUT: _SLOT,
    FactColumn.RELATION: (0, len(Relation) - 1),
    FactColumn.WHERE: _SLOT,
    FactColumn.SOURCE: _SLOT,
}
_GOALS: Ranges = {
    GoalField.VERB: (0, len(Verb) - 1),
    **dict.fromkeys(
        (
            GoalField.PLACE, GoalField.TOPIC, GoalField.PERSON, GoalField.TELL_TOPIC,
            GoalField.ANSWER, GoalField.TELL_PLACE, GoalField.THING, GoalField.THING_PLACE,
            GoalField.TO_THING, GoalField.FINISH,
        ),
        _SLOT,
    ),
    GoalField.COLOR: (-1, COLORS - 1),
    GoalField.TO_COLOR: (-1, COLORS - 1),
    GoalField.SOUND: (-1, SOUNDS - 1),
    GoalField.SIGN: (-1, SIGNS - 1),
    GoalField.LIT: (-1, 1),
    GoalField.STEP: (0, MAX_STEPS - 1),
    GoalField.REMAINING: (0, MAX_STEPS - 1),
    GoalField.SIDE: (-1, 1),
}  # fmt: skip
_BODY: Ranges = {
    **dict.fromkeys(
        (
            BodyColumn.PLACE, BodyColumn.HELD, BodyColumn.LAST_TARGET, BodyColumn.INTENT,
            BodyColumn.PUT_SLOT, BodyColumn.PUT_PLACE, BodyColumn.DONE_SLOT,
        ),
        _SLOT,
    ),
    BodyColumn.LAST_ACT: (0, len(Act) - 1),
    BodyColumn.RESULT: (0, len(Result) - 1),
    BodyColumn.REASON: (0, len(Reason) - 1),
    BodyColumn.DELAY: (0, MAX_ACTION_DELAY),
    BodyColumn.DECISIONS: (0, 2**24),
    BodyColumn.HEARD_COUNT: (0, 2**24),
}  # fmt: skip


def is_sound(state: BeliefState) -> bool:
    """Whether every number is finite, and every number that serves as an index is inside."""
    for name in ARRAY_SHAPES:
        array = getattr(state, name)
        if not (np.isfinite(array).all() and np.abs(array.astype(np.float64)).max() <= LARGEST):
            return False
    sent = state.body[:, BodyColumn.SENT : BodyColumn.SENT + 2 * SENT_ACTIONS]
    return (
        _are_inside(state.nodes, _NODES)
        and _are_inside(state.doorways, _DOORWAYS)
        and _are_inside(state.facts, _FACTS)
        and _are_inside(state.goals, _GOALS)
        and _are_inside(state.program, _GOALS)
        and _are_inside(state.body, _BODY)
        and _is_inside(sent[:, 0::2], 0, len(Move) - 1)
        and _is_inside(sent[:, 1::2], 0, len(TURN_DEGREES) - 1)
    )


def _are_inside(array: NDArray[np.float32], ranges: Ranges) -> bool:
    return all(_is_inside(array[..., column], *limits) for column, limits in ranges.items())


def _is_inside(values: NDArray[np.float32], low: int, high: int) -> bool:
    return bool(((values >= low) & (values <= high)).all())
