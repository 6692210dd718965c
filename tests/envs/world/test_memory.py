"""A long run needs no more memory than a short one."""

from __future__ import annotations

import resource
import sys

import numpy as np
import pytest

from envs.contract import BRANCH_SIZES, Act, Branch
from envs.tasks import make_episode
from envs.world.world import BatchWorld

AGENTS = 256
STEPS = 1_000_000 // AGENTS
WARM = 400
"""Decisions after which everything that is kept is there: the longest episodes have ended once."""
GROWTH = 24.0
"""MiB that the highest use may rise by afterwards: the fragments of an allocator, not a leak."""


def peak_mib() -> float:
    """The highest use of memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_memory_is_flat_over_a_million_agent_steps() -> None:
    world = BatchWorld(AGENTS)
    random = np.random.default_rng(0)
    seed = 0
    for index in range(AGENTS):
        world.reset(index, make_episode("navigation/ringing", seed))
        seed += 1
    before = 0.0
    for step in range(STEPS):
        world.observe()
        for row in range(world.num_rows):
            world.take_catalogue(row)
        actions = random.integers(0, BRANCH_SIZES, (AGENTS, len(BRANCH_SIZES)))
        actions[:, Branch.ACT] %= int(Act.FINISH)  # episodes last to their limit
        result = world.step(actions)
        for index in np.flatnonzero(result.terminated | result.truncated).tolist():
            world.reset(index, make_episode("navigation/ringing", seed))
            seed += 1
        if step == WARM + STEPS // 10:
            before = peak_mib()
    assert seed > 8 * AGENTS
    assert peak_mib() - before < GROWTH
