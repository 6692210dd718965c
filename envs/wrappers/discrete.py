"""The action as one number, for trainers that know nothing but ``Discrete``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import BRANCH_STARTS, NO_OP, SLOTS, TURN_DEGREES, Act, Branch, Look, Move, Say


def action_table() -> NDArray[np.int64]:
    """What each number does, one thing at a time, ``(A, 8)``.

    Number 0 does nothing. Then come the moves (without ``go``), the turns, the looks; every act
    with every slot as its target (act by act); everything that can be said about every slot
    (``where`` stays none).
    """
    rows: list[tuple[int, ...]] = [NO_OP]
    rows += [_with(Branch.MOVE, move) for move in Move if move not in (Move.STAY, Move.GO)]
    straight = NO_OP[Branch.TURN]
    rows += [_with(Branch.TURN, turn) for turn in range(len(TURN_DEGREES)) if turn != straight]
    rows += [_with(Branch.LOOK, look) for look in Look if look != Look.LEVEL]
    for kind, slot_branch, values in (
        (Branch.ACT, Branch.TARGET, [act for act in Act if act != Act.NONE]),
        (Branch.SAY, Branch.ABOUT, [say for say in Say if say != Say.NONE]),
    ):
        for value in values:
            for slot in range(SLOTS):
                rows.append(_with(kind, value, slot_branch, slot))
    return np.array(rows, np.int64)


def actions_of(numbers: Any, table: NDArray[np.int64]) -> NDArray[np.int64]:
    """What numbers stand for, ``(..., 8)``.

    Raises:
        ValueError: one is no whole number, or none of the table's: -1 would be the last one.
    """
    given = np.asarray(numbers)
    if given.dtype.kind not in "iu":
        raise ValueError(f"Actions are whole numbers from 0 to {len(table) - 1}, not {numbers!r}.")
    outside = (given < 0) | (given >= len(table))
    if outside.any():
        raise ValueError(
            f"There is no action {given[outside].flat[0]}: they go from 0 to {len(table) - 1}."
        )
    return table[given]


def allowed_numbers(table: NDArray[np.int64], masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which numbers a mask ``(N, MASK_SIZE)`` allows, ``(N, A)``."""
    return np.all(masks[:, table + np.array(BRANCH_STARTS)], axis=2)


def _with(*changes: int) -> tuple[int, ...]:
    """The action that does nothing, with some branches (branch, value, branch, value) changed."""
    action = list(NO_OP)
    for branch, value in zip(changes[::2], changes[1::2], strict=True):
        action[branch] = int(value)
    return tuple(action)
