"""Same seed, same bytes: whatever the batch size, the other worlds and the number of threads."""

from __future__ import annotations

import hashlib

import numba
import numpy as np
import pytest

from envs import contract
from envs.tasks import make_episode
from envs.world.world import BatchWorld

DECISIONS = 25


def play(seeds: list[int], watched: int, threads: int) -> str:
    """Play some episodes at once with the same random actions for each; hash what one row saw."""
    world = BatchWorld(len(seeds), threads=threads)
    for index, seed in enumerate(seeds):
        world.reset(index, make_episode("navigation/ringing", seed))
    random = np.random.default_rng(3)
    digest = hashlib.sha256()
    for _ in range(DECISIONS):
        seen = world.observe()
        for name in sorted(seen):
            digest.update(np.ascontiguousarray(seen[name][watched]).tobytes())
        digest.update(world.depth[watched].tobytes() + world.semantic[watched].tobytes())
        digest.update(repr(world.take_catalogue(watched)).encode())
        digest.update(repr(world.texts(watched)).encode())
        digest.update(world.action_mask()[watched].tobytes())
        action = np.array([int(random.integers(size)) for size in contract.BRANCH_SIZES])
        action[3] %= 12  # do not finish
        world.step(np.tile(action, (len(seeds), 1)))
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def _threads_are_restored():
    before = numba.get_num_threads()
    yield
    numba.set_num_threads(before)


def test_alone_in_a_batch_and_on_any_number_of_threads() -> None:
    alone = play([1_000_005], 0, 1)
    assert play([1_000_005], 0, 1) == alone
    assert play([1_000_007, 1_000_005, 1_000_009], 1, 1) == alone
    assert play([1_000_007, 1_000_005, 1_000_009], 1, numba.config.NUMBA_NUM_THREADS) == alone


def test_another_seed_differs() -> None:
    assert play([1_000_005], 0, 1) != play([1_000_006], 0, 1)
