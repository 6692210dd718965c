"""The contract as gymnasium spaces."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from envs import contract

LARGEST = float(1 << 24)
"""Bound of columns that the contract leaves open: word and utterance ids are the largest."""


def observation_space() -> spaces.Dict:
    """What one NPC perceives: the contract's fields, then the masks of their rows."""
    boxes: dict[str, spaces.Space] = {}
    for field in contract.FIELDS:
        low = field.low if math.isfinite(field.low) else -LARGEST
        high = field.high if math.isfinite(field.high) else LARGEST
        boxes[field.name] = spaces.Box(low, high, field.shape, np.dtype(field.dtype).type)
    boxes["entities_mask"] = spaces.Box(0, 1, (contract.MAX_ENTITIES,), np.int8)
    boxes["dialogue_mask"] = spaces.Box(0, 1, (contract.MAX_UTTERANCES,), np.int8)
    return spaces.Dict(boxes)


class BranchSpace(spaces.MultiDiscrete):
    """A value for every branch; ``sample`` also takes the flat mask of ``info["action_mask"]``."""

    def sample(self, mask: Any = None, probability: Any = None) -> NDArray[np.int64]:
        """A random action, drawn branch by branch from what the mask allows."""
        if isinstance(mask, np.ndarray):
            parts = np.split(mask.astype(np.int8), contract.BRANCH_STARTS[1:])
            return super().sample(mask=tuple(parts))
        return super().sample(mask=mask, probability=probability)


def action_space() -> BranchSpace:
    """What one NPC does: a value for every branch, in the contract's order."""
    return BranchSpace(list(contract.BRANCH_SIZES))
