"""What an NPC does when there is no new decision: it goes on, or does nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.sampling import allow_no_op
from envs.contract import BRANCH_STARTS, NO_OP, Branch, Move

IDLE: NDArray[np.int64] = np.array(NO_OP, np.int64)
"""The game's idle."""
_GO = int(Move.GO)


def continued(action: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last intent of an NPC: legs, turn and look of its last action, without act and speech.

    Args:
        action: ``(8,)`` in branch order.
    """
    kept = IDLE.copy()
    kept[: Branch.ACT] = action[: Branch.ACT]
    if action[Branch.MOVE] == _GO:  # the body walks to the target
        kept[Branch.TARGET] = action[Branch.TARGET]
    return kept


def masked(action: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The action with every forbidden part replaced by doing nothing.

    Args:
        action: ``(8,)``.
        allowed: ``(MASK_SIZE,)`` true = allowed.
    """
    return np.where(allow_no_op(allowed[None])[0][np.add(BRANCH_STARTS, action)], action, IDLE)
