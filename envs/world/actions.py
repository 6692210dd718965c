"""Actions on their way from a caller to the kernels: checked, and as late as bodies are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.world.state import WorldState

_BRANCH_SIZES = np.array(contract.BRANCH_SIZES, np.int32)


def check_actions(given: NDArray[np.integer], rows: int) -> NDArray[np.int32]:
    """One action per row as int32 (R, 8).

    Raises:
        ValueError: wrong shape, no whole numbers, or a value outside its branch; says which.
    """
    expected = (
        f"expected {(rows, 8)}: one row per NPC with the branches "
        f"{', '.join(contract.BRANCH_NAMES)}"
    )
    try:
        actions = np.asarray(given)
    except ValueError as error:
        raise ValueError(f"actions have rows of several lengths; {expected}") from error
    if actions.shape != (rows, len(contract.BRANCHES)):
        raise ValueError(f"actions have shape {actions.shape}; {expected}")
    if actions.dtype.kind not in "iu":
        _check_whole(actions)
    outside = (actions < 0) | (actions >= _BRANCH_SIZES)
    if outside.any():
        row, branch = np.argwhere(outside)[0]
        name, size = contract.BRANCHES[branch]
        raise ValueError(
            f"action of row {row}: branch {name!r} is {actions[row, branch]}, "
            f"allowed are 0 to {size - 1}"
        )
    # Cast only now: a cast of what is outside would wrap round to what is allowed.
    return np.ascontiguousarray(actions, np.int32)


def _check_whole(actions: NDArray[Any]) -> None:
    """Refuse what a cast would cut: 0.9 would be branch value 0."""
    whole = actions.dtype.kind == "b" or (
        actions.dtype.kind == "f" and bool((actions == np.rint(actions)).all())
    )
    if not whole:
        raise ValueError(
            f"actions are {actions.dtype} and not whole numbers: choose a value of each branch, "
            "as action_space.sample() does"
        )


def delay_actions(actions: NDArray[np.int32], state: WorldState) -> NDArray[np.int32]:
    """The actions that the bodies carry out now: those chosen ``action_delay`` decisions ago."""
    queue = state.action_queue
    queue[:, 1:] = queue[:, :-1].copy()
    queue[:, 0] = actions
    return np.ascontiguousarray(queue[np.arange(len(queue)), state.action_delay])
