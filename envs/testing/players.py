"""How the checks act: so that much happens, against the masks, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import (
    BRANCH_SIZES,
    BRANCH_STARTS,
    ENTITY_SIZE,
    MASK_SIZE,
    MAX_ENTITIES,
    NO_OP,
    SELF_SIZE,
    SLOTS,
    Act,
    Branch,
    EntityColumn,
    Move,
    SelfColumn,
)
from envs.policies import random_actions

_TARGET = BRANCH_STARTS[Branch.TARGET]


def busy_actions(
    mask: NDArray[np.bool_], shown: Mapping[str, Any], rng: np.random.Generator
) -> NDArray[np.int32]:
    """Random allowed actions ``(R, 8)`` that get about and get things done.

    Bodies run until they bump into something, hands reach for what is in sight, and nobody gives
    the answer, which would end the episode.

    Args:
        mask: ``(R, MASK_SIZE)``.
        shown: ``self`` and ``entities`` of these rows.
        rng: draws the same numbers whatever is shown.
    """
    actions = random_actions(mask, rng)
    actions[actions[:, Branch.ACT] == Act.FINISH, Branch.ACT] = Act.NONE
    is_free = mask[:, Move.RUN] & (shown["self"][:, SelfColumn.BUMPED] == 0)
    runs = is_free & (rng.random(len(mask)) < 0.8)
    actions[runs, Branch.MOVE] = Move.RUN
    actions[is_free, Branch.TURN] = NO_OP[Branch.TURN]
    slots = shown["entities"][..., EntityColumn.SLOT].astype(np.int32)
    rows = np.arange(len(slots))
    chosen = slots[rows, (rng.random(len(slots)) * (slots > 0).sum(1)).astype(int)]
    in_sight = (chosen > 0) & mask[rows, _TARGET + chosen]
    actions[in_sight, Branch.TARGET] = chosen[in_sight]
    return actions


def act_busily(observation: Any, info: Any, rng: np.random.Generator) -> NDArray[np.int64]:
    """An action ``(8,)`` as ``busy_actions``, however badly the observation is made."""
    mask = read_mask(info)
    if mask is None:
        return act_idly(observation, info, rng)
    shown = {
        "self": _read(observation, "self", (SELF_SIZE,)),
        "entities": _read(observation, "entities", (MAX_ENTITIES, ENTITY_SIZE)),
    }
    return busy_actions(mask[None], shown, rng)[0].astype(np.int64)


def act_against_masks(observation: Any, info: Any, rng: np.random.Generator) -> NDArray[np.int64]:
    """An action with a move and an act that the mask forbids, on some target that it allows."""
    action = act_idly(observation, info, rng)
    mask = read_mask(info)
    draws = rng.random(3)
    if mask is None:
        return action
    targets = np.flatnonzero(mask[_TARGET : _TARGET + SLOTS])
    slots = _read(observation, "entities", (MAX_ENTITIES, ENTITY_SIZE))[0, :, EntityColumn.SLOT]
    in_sight = np.intersect1d(targets, slots[slots > 0].astype(np.int64))
    for branch, values, draw in (
        (Branch.ACT, _forbidden(mask, Branch.ACT), draws[0]),
        (Branch.TARGET, in_sight if len(in_sight) else targets, draws[1]),
        (Branch.MOVE, _forbidden(mask, Branch.MOVE), draws[2]),
    ):
        if len(values):
            action[branch] = values[int(draw * len(values))]
    return action


def _forbidden(mask: NDArray[np.bool_], branch: Branch) -> NDArray[np.intp]:
    """Values of a branch that a mask forbids."""
    return np.flatnonzero(~mask[BRANCH_STARTS[branch] :][: BRANCH_SIZES[branch]])


def act_idly(observation: Any, info: Any, rng: np.random.Generator) -> NDArray[np.int64]:
    """The action that does nothing."""
    return np.array(NO_OP, np.int64)


def read_mask(info: Any) -> NDArray[np.bool_] | None:
    """The action mask of an info, None unless it is one."""
    mask = info.get("action_mask") if isinstance(info, Mapping) else None
    if isinstance(mask, np.ndarray) and mask.shape == (MASK_SIZE,) and mask.dtype == np.bool_:
        allows_something = all(
            mask[start : start + size].any()
            for start, size in zip(BRANCH_STARTS, BRANCH_SIZES, strict=True)
        )
        return mask if allows_something else None
    return None


def _read(observation: Any, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """A field ``(1, ...)``, blank unless it is as the contract has it."""
    values = observation.get(name) if isinstance(observation, Mapping) else None
    if isinstance(values, np.ndarray) and values.shape == shape and np.isfinite(values).all():
        return values[None]
    return np.zeros((1, *shape), np.float32)
