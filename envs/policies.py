"""Policies that need no mind: the oracle (on the world's truth) and random (on its masks).

A policy is a function from a batch of worlds, just observed, to actions for all its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from envs.contract import BRANCH_SIZES, BRANCH_STARTS
from envs.oracle import Oracle
from envs.suggest import did_you_mean

if TYPE_CHECKING:
    from envs.world.world import BatchWorld

Policy = Callable[["BatchWorld"], NDArray[np.int32]]

_oracles: WeakKeyDictionary[BatchWorld, Oracle] = WeakKeyDictionary()


def oracle(world: BatchWorld) -> NDArray[np.int32]:
    """Actions ``(R, 8)`` of the oracle; call it once per decision, after ``observe``.

    What it has said already is remembered per batch and forgotten when a world is reset.
    """
    player = _oracles.get(world)
    if player is None:
        player = _oracles[world] = Oracle(world)
    return player.act()


def random_policy(world: BatchWorld, rng: np.random.Generator) -> NDArray[np.int32]:
    """Actions ``(R, 8)`` drawn uniformly, branch by branch, from what the masks allow."""
    return random_actions(world.action_mask(), rng)


def random_actions(mask: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int32]:
    """Actions ``(R, 8)`` drawn uniformly from a mask ``(R, MASK_SIZE)``, True where allowed."""
    chance = np.where(mask, rng.random(mask.shape), -1.0)
    actions = np.empty((len(mask), len(BRANCH_SIZES)), np.int32)
    for branch, (start, size) in enumerate(zip(BRANCH_STARTS, BRANCH_SIZES, strict=True)):
        actions[:, branch] = chance[:, start : start + size].argmax(axis=1)
    return actions


def make_policy(name: str, seed: int = 0) -> Policy:
    """A policy by its name, "oracle" or "random".

    Args:
        name: which one.
        seed: of the random policy's draws.

    Raises:
        ValueError: there is none of this name.
    """
    if name == "oracle":
        return oracle
    if name == "random":
        rng = np.random.default_rng(seed)
        return lambda world: random_policy(world, rng)
    raise ValueError(
        f"envs has no policy '{name}': {did_you_mean(name, ('oracle', 'random'))} "
        "Minds come from the package agent."
    )
