"""gymnasium spaces of a Unity behaviour, and what its agents observe and do in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from unity_bridge.llapi import ActionSpec, ActionTuple, BehaviorSpec, DecisionSteps, TerminalSteps

_IMAGE_RANK = 3


class BehaviorSpaces:
    """The spaces of one behaviour.

    Attributes:
        observation: a ``Box`` where there is one observation, else a ``Dict`` by sensor name.
            Images are float32 as Unity declares them, or uint8.
        action: ``Discrete`` for one branch, ``MultiDiscrete`` for several, ``Box`` -1 to 1 for
            continuous actions, a ``Dict`` of ``continuous`` and ``discrete`` for both.

    Args:
        spec: the behaviour.
        uint8_images: images as 0 to 255 instead of 0 to 1.
    """

    def __init__(self, spec: BehaviorSpec, *, uint8_images: bool = False):
        self._spec = spec.action_spec
        self._images = [
            uint8_images and len(observed.shape) == _IMAGE_RANK
            for observed in spec.observation_specs
        ]
        self._names = _unique([observed.name for observed in spec.observation_specs])
        boxes: list[spaces.Space[Any]] = [
            spaces.Box(0, 255, observed.shape, np.uint8)
            if image
            else spaces.Box(-np.inf, np.inf, observed.shape, np.float32)
            for observed, image in zip(spec.observation_specs, self._images, strict=True)
        ]
        self.observation: spaces.Space[Any] = (
            boxes[0] if len(boxes) == 1 else spaces.Dict(dict(zip(self._names, boxes, strict=True)))
        )
        self.action = _action_space(spec.action_spec)

    def read_observation(self, steps: DecisionSteps | TerminalSteps, row: int) -> Any:
        """What the agent in a row of a batch has observed, as the space has it."""
        values = [
            _to_uint8(value[row]) if image else value[row].copy()
            for value, image in zip(steps.obs, self._images, strict=True)
        ]
        return values[0] if len(values) == 1 else dict(zip(self._names, values, strict=True))

    def read_mask(self, steps: DecisionSteps, row: int) -> NDArray[np.bool_]:
        """``(sum of branch sizes,)`` bool, True where a value is allowed; branches in a row."""
        if steps.action_mask is None:
            return np.ones(sum(self._spec.discrete_branches), bool)
        return ~np.concatenate([mask[row] for mask in steps.action_mask])

    def write_action(self, actions: ActionTuple, row: int, action: Any) -> None:
        """Put an action of the space into a row of a batch.

        Raises:
            ValueError: when it is not of the space's shape.
        """
        both = self._spec.continuous_size > 0 and self._spec.discrete_size > 0
        if self._spec.continuous_size:
            numbers = action["continuous"] if both else action
            actions.continuous[row] = _flat(numbers, self._spec.continuous_size, "numbers")
        if self._spec.discrete_size:
            indices = action["discrete"] if both else action
            actions.discrete[row] = _flat(indices, self._spec.discrete_size, "branches")


def _flat(values: Any, size: int, what: str) -> NDArray[Any]:
    """One part of an action as ``(size,)``."""
    flat = np.ravel(values)
    if len(flat) != size:
        raise ValueError(f"the action has {len(flat)} {what}: give {size}, as action_space says")
    return flat


def make_idle_actions(spec: ActionSpec, decisions: DecisionSteps) -> ActionTuple:
    """Zeros, and the first allowed index of each branch, for all agents that ask."""
    actions = spec.empty_action(len(decisions))
    for branch, mask in enumerate(decisions.action_mask or ()):
        actions.discrete[:, branch] = np.argmin(mask, axis=1)  # the first that is not forbidden
    return actions


def _action_space(spec: ActionSpec) -> spaces.Space[Any]:
    continuous = spaces.Box(-1.0, 1.0, (spec.continuous_size,), np.float32)
    if not spec.discrete_size:
        return continuous
    discrete = spaces.MultiDiscrete(list(spec.discrete_branches))
    if spec.continuous_size:
        return spaces.Dict({"continuous": continuous, "discrete": discrete})
    if spec.discrete_size == 1:
        return spaces.Discrete(int(spec.discrete_branches[0]))
    return discrete


def _unique(names: list[str]) -> list[str]:
    """Sensor names, with a number where two are the same or one is empty."""
    found: list[str] = []
    for number, name in enumerate(names):
        free = name and name not in found
        found.append(name if free else f"{name or 'observation'}_{number}")
    return found


def _to_uint8(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(image.clip(0.0, 1.0) * 255.0).astype(np.uint8)
