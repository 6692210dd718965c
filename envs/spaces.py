"""The contract as gymnasium spaces."""

from __future__ import annotations

import math

import numpy as np
from gymnasium import spaces

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


def action_space() -> spaces.MultiDiscrete:
    """What one NPC does: a value for every branch, in the contract's order."""
    return spaces.MultiDiscrete(list(contract.BRANCH_SIZES))
