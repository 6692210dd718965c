"""Actions on their way from a caller to the kernels: checked, and as late as bodies are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.world.state import WorldState

_BRANCH_SIZES = np.array(contract.BRANCH_SIZES, np.int32)


def check_actions(given: NDArray[np.integer], rows: int) -> NDArray[np.int32]:
    """One action per row as int32 (R, 8).

    Raises:
        ValueError: wrong shape, or a value outside its branch; says which.
    """
    actions = np.asarray(given, np.int32)
    if actions.shape != (rows, len(contract.BRANCHES)):
        raise ValueError(
            f"actions have shape {actions.shape}; expected {(rows, 8)}: one row per "
            f"NPC with the branches {', '.join(contract.BRANCH_NAMES)}"
        )
    outside = (actions < 0) | (actions >= _BRANCH_SIZES)
    if outside.any():
        row, branch = np.argwhere(outside)[0]
        name, size = contract.BRANCHES[branch]
        raise ValueError(
            f"action of row {row}: branch {name!r} is {actions[row, branch]}, "
            f"allowed are 0 to {size - 1}"
        )
    return np.ascontiguousarray(actions)


def delay_actions(actions: NDArray[np.int32], state: WorldState) -> NDArray[np.int32]:
    """The actions that the bodies carry out now: those chosen ``action_delay`` decisions ago."""
    queue = state.action_queue
    queue[:, 1:] = queue[:, :-1].copy()
    queue[:, 0] = actions
    return np.ascontiguousarray(queue[np.arange(len(queue)), state.action_delay])
