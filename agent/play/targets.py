"""What can be done now, and to what: the choices of menus, and what a hand goes for by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.play.view import View
from envs import contract
from envs.classes import CLASSES
from envs.contract import STATE_NAMES, Act, Branch, EntityColumn, Reason, SelfColumn
from envs.tasks.episode import REACHED

AHEAD = math.radians(60)
"""Things farther to the side than this are not looked at, radians."""
_HANDS = (Act.TAKE, Act.SWITCH, Act.OPEN, Act.USE, Act.CLOSE, Act.PUSH, Act.EXAMINE, Act.TOUCH)
"""What a hand does with a thing unless told otherwise: the first of these that is possible."""
_NOTHING = (Act.NONE, Act.DROP)
"""Acts without a target."""


@dataclass(frozen=True)
class Choice:
    """An act and the slot that it is done to, 0 for none."""

    act: Act
    target: int = 0


def is_allowed(view: View, branch: Branch, value: int) -> bool:
    """Whether the mask allows a value of a branch."""
    return bool(view.mask[contract.BRANCH_STARTS[branch] + value])


def allowed_acts(view: View) -> list[Act]:
    """The acts that the mask allows and that there is something to do to."""
    return [
        act for act in Act
        if act != Act.NONE and is_allowed(view, Branch.ACT, act)
        and (act in _NOTHING or targets_of(view, act))
    ]  # fmt: skip


def targets_of(view: View, act: Act) -> list[int]:
    """Slots that an act can be done to, the nearest first; empty for acts without a target.

    Where nothing in sight fits an act that is allowed, hands reach for something that is not, such
    as behind the back: then it is any of the things that are known and out of sight.
    """
    if act in _NOTHING:
        return []
    if act == Act.FINISH:
        seen = [_slot(row) for row in view.entities()]
        known = [slot for slot in sorted(view.names, key=view.name_of) if slot not in seen]
        return [slot for slot in (*seen, *known) if is_allowed(view, Branch.TARGET, slot)]
    found = [_slot(row) for row in _reachable(view) if _fits(view, row, act)]
    if not found and act != Act.PUT:
        found = _out_of_sight(view, act)
    return [view.place, *found] if act == Act.PUT and view.place else found


def choose_ahead(view: View) -> Choice | None:
    """What a hand goes for: the thing nearest to the middle of the view, with the fitting act."""
    rows = [row for row in _reachable(view) if abs(_bearing(row)) <= AHEAD]
    for row in sorted(rows, key=lambda row: abs(_bearing(row))):
        slot = _slot(row)
        for act in _preferences(view, row):
            if is_allowed(view, Branch.ACT, act) and slot in targets_of(view, act):
                return Choice(act, slot)
    return None


def _preferences(view: View, row: NDArray[np.float32]) -> Iterator[Act]:
    """Acts to try on a thing, the most fitting first."""
    slot = _slot(row)
    found_locked = (
        int(view.column(SelfColumn.LAST_TARGET)) == slot
        and int(view.column(SelfColumn.REASON)) == Reason.LOCKED
    )
    if found_locked:
        yield Act.USE
    if view.held:
        yield Act.GIVE
        if _carries(view, slot):
            yield Act.PUT
    yield from _HANDS


def _reachable(view: View) -> list[NDArray[np.float32]]:
    """Rows of what is within reach of the hands and not in them, the nearest first."""
    rows = view.entities()
    return [
        row for row in rows if row[EntityColumn.DISTANCE] <= REACHED and _slot(row) != view.held
    ]


def _out_of_sight(view: View, act: Act) -> list[int]:
    """Slots of known things with a body that are not in sight, by name."""
    kinds = ("npc",) if act == Act.GIVE else ("object", "door")
    seen = {_slot(row) for row in view.entities()} | {view.held}
    slots = [slot for slot, named in view.names.items() if named.kind in kinds]
    return sorted((slot for slot in slots if slot not in seen), key=view.name_of)


def _fits(view: View, row: NDArray[np.float32], act: Act) -> bool:
    """Whether an act makes sense with a thing within reach."""
    is_object = row[EntityColumn.KIND] > 0
    if act == Act.PUT:
        return bool(is_object)
    if act == Act.OPEN and _state(row, "open"):
        return False
    if act == Act.CLOSE and _state(row, "closed"):
        return False
    if act == Act.USE and view.held and (_opens(row) or row[EntityColumn.KIND + 1] > 0):
        return True  # a key that is in hand
    return bool(row[EntityColumn.AFFORDANCE + act - 1] > 0)


def _carries(view: View, slot: int) -> bool:
    """Whether things can be put on or into a thing of this class."""
    named = view.names.get(slot)
    known = CLASSES.get(named.class_name) if named else None
    return known is not None and (known.surface or known.container)


def _opens(row: NDArray[np.float32]) -> bool:
    return bool(row[EntityColumn.AFFORDANCE + Act.OPEN - 1] > 0)


def _state(row: NDArray[np.float32], name: str) -> bool:
    return bool(row[EntityColumn.STATE + STATE_NAMES.index(name)] > 0)


def _slot(row: NDArray[np.float32]) -> int:
    return int(row[EntityColumn.SLOT])


def _bearing(row: NDArray[np.float32]) -> float:
    return math.atan2(row[EntityColumn.X], row[EntityColumn.Z])
