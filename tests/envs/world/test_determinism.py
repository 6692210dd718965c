"""Same seed, same bytes: whatever the batch size, the other worlds and the number of threads."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from envs import contract
from envs.tasks import make_episode
from envs.world.shards import Shards
from envs.world.world import SENSES, BatchWorld

DECISIONS = 25


def play(seeds: list[int], watched: int, threads: int) -> str:
    """Play some episodes at once with the same random actions for each; hash what one row saw."""
    world = BatchWorld(len(seeds), senses=SENSES, threads=threads)
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


def test_alone_in_a_batch_and_on_any_number_of_threads() -> None:
    alone = play([1_000_005], 0, 1)
    assert play([1_000_005], 0, 1) == alone
    assert play([1_000_007, 1_000_005, 1_000_009], 1, 1) == alone
    assert play([1_000_007, 1_000_005, 1_000_009], 1, 2) == alone


def test_another_seed_differs() -> None:
    assert play([1_000_005], 0, 1) != play([1_000_006], 0, 1)


@pytest.mark.parametrize(("worlds", "threads", "runs"), [(5, 2, [2, 3]), (1, 4, [1]), (7, 1, [7])])
def test_every_world_is_in_one_run(worlds: int, threads: int, runs: list[int]) -> None:
    seen: list[int] = []
    shards = Shards(worlds, threads)
    shards.run(lambda first, last: seen.extend(range(first, last)))
    assert sorted(seen) == list(range(worlds))
    assert [last - first for first, last in shards.ranges] == runs


def test_what_fails_on_a_thread_is_raised() -> None:
    def work(first: int, last: int) -> None:
        if first:
            raise RuntimeError("second run")

    with pytest.raises(RuntimeError, match="second run"):
        Shards(4, 2).run(work)


def test_too_few_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        Shards(4, 0)


def test_a_larger_world_that_joins_later_changes_nothing() -> None:
    """Room is made in all arrays while an episode is on, with what is in them kept."""

    def hear(grows: bool) -> list[bytes]:
        world = BatchWorld(2, senses=("audio",), threads=1)
        for index in range(2):
            world.reset(index, make_episode("navigation/ringing", 1_000_005))
        heard = []
        for decision in range(6):
            heard.append(world.observe()["audio"][0].tobytes())
            if grows and decision == 2:
                before = world.capacity
                world.reset(1, make_episode("navigation/ringing", 1_000_005, "city"))
                assert world.capacity != before
            world.step(np.tile(np.array(contract.NO_OP), (2, 1)))
        return heard

    assert any(np.frombuffer(part, np.float32).any() for part in hear(False))
    assert hear(True) == hear(False)
