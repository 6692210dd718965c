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
FARTHEST_DEPTH = 1000.0
"""Of anything in ``depth``, metres."""


def observation_space(
    camera_size: int = contract.CAMERA_SIZE, *, depth: bool = False, semantic: bool = False
) -> spaces.Dict:
    """What one NPC perceives: the contract's fields, then the masks of their rows.

    Images are square, the top row first, with a field of view of 90 degrees.

    Args:
        camera_size: pixels along a side, S; ``camera`` is ``(3, S, S)``.
        depth: adds ``depth`` ``(S, S)`` float32: metres along the axis of view, at most
            FARTHEST_DEPTH, and 0 while the camera is dark.
        semantic: adds ``semantic`` ``(S, S)`` uint8: what each pixel is of, as
            ``envs.world.layout.semantic_names`` calls it; 0 is nothing.
    """
    boxes: dict[str, spaces.Space] = {}
    image = (camera_size, camera_size)
    for field in contract.FIELDS:
        low = field.low if math.isfinite(field.low) else -LARGEST
        high = field.high if math.isfinite(field.high) else LARGEST
        shape = (3, *image) if field.name == "camera" else field.shape
        boxes[field.name] = spaces.Box(low, high, shape, np.dtype(field.dtype).type)
    boxes["entities_mask"] = spaces.Box(0, 1, (contract.MAX_ENTITIES,), np.int8)
    boxes["dialogue_mask"] = spaces.Box(0, 1, (contract.MAX_UTTERANCES,), np.int8)
    if depth:
        boxes["depth"] = spaces.Box(0, FARTHEST_DEPTH, image, np.float32)
    if semantic:
        boxes["semantic"] = spaces.Box(0, 255, image, np.uint8)
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
