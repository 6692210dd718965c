"""From logits to actions: deterministic noise, and masks that nothing gets around.

The legs and the turn are sampled, since the most likely move alone tends to swing left and right
for ever. The noise is a function of (seed, NPC, decision number), so that an NPC acts the same in
every batch, process and order.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from envs.contract import BRANCH_SIZES, BRANCH_STARTS, BRANCHES, NO_OP, Branch

SAMPLED = (Branch.MOVE, Branch.TURN)
TEMPERATURE = 0.5

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def key_number(key: object, seed: int) -> int:
    """A 64-bit number for an NPC's key and a seed, the same on every machine."""
    digest = hashlib.blake2b(f"{seed}/{key}".encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@cache
def _cells(branch: int, size: int) -> NDArray[np.uint64]:
    """A number for each choice of a branch."""
    return _mix((np.arange(size, dtype=np.uint64) + np.uint64(64 * branch + 1)) * _GOLDEN)


def gumbel_noise(
    numbers: NDArray[np.uint64], decisions: NDArray[np.int64], branch: int, size: int
) -> NDArray[np.float64]:
    """Gumbel noise ``(R, size)`` of one branch.

    Args:
        numbers: ``(R,)`` one number per NPC (``key_number``).
        decisions: ``(R,)`` how many decisions each has made.
        branch: index of the branch.
        size: number of its choices.
    """
    with np.errstate(over="ignore"):
        rows = _mix(numbers + decisions.astype(np.uint64) * _GOLDEN)
        bits = _mix(rows[:, None] ^ _cells(branch, size)[None, :])
    uniform = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return -np.log(-np.log(uniform))


def choose_actions(
    logits: dict[str, NDArray[np.float32]],
    action_mask: NDArray[np.bool_],
    numbers: NDArray[np.uint64],
    decisions: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The most likely action of every branch under its mask; moves and turns are sampled.

    Args:
        logits: per branch ``(R, size)``, pointers already over slots.
        action_mask: ``(R, MASK_SIZE)`` True where allowed.
        numbers: ``(R,)`` one number per NPC.
        decisions: ``(R,)`` how many decisions each has made.

    Returns:
        ``(R, 8)``. A branch whose mask allows nothing does what it does in ``NO_OP``.
    """
    scores = np.concatenate([logits[name] for name, _ in BRANCHES], axis=1).astype(np.float64)
    for branch in SAMPLED:
        part = scores[:, _columns(branch)]
        part /= TEMPERATURE
        part += gumbel_noise(numbers, decisions, branch, BRANCH_SIZES[branch])
    scores = np.where(action_mask, scores, -np.inf)
    best = [scores[:, _columns(branch)].argmax(axis=1) for branch in range(len(BRANCHES))]
    any_allowed = np.logical_or.reduceat(action_mask, BRANCH_STARTS, axis=1)
    return np.where(any_allowed, np.stack(best, axis=1), NO_OP)


def _columns(branch: int) -> slice:
    """Where a branch is in a mask."""
    return slice(BRANCH_STARTS[branch], BRANCH_STARTS[branch] + BRANCH_SIZES[branch])


def allow_no_op(action_mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with doing nothing allowed in every branch, whatever the world forgot."""
    mask = action_mask.copy()
    mask[:, np.add(BRANCH_STARTS, NO_OP)] = True
    return mask


def all_allowed(rows: int) -> NDArray[np.bool_]:
    """A mask ``(rows, MASK_SIZE)`` that forbids nothing."""
    return np.ones((rows, sum(BRANCH_SIZES)), np.bool_)
