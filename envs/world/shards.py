"""Worlds dealt over threads: each thread takes a run of whole worlds through all kernels of a call.

Kernels release Python's lock, and worlds share nothing, so threads need to meet only once per call
and what comes out does not depend on how many there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Shards:
    """Runs of worlds, one per thread.

    Args:
        num_worlds: worlds to deal.
        threads: at most so many; None: one per core.
    """

    def __init__(self, num_worlds: int, threads: int | None) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"threads must be 1 or more, or None for one per core, not {threads}")
        count = min(num_worlds, threads or available_cores())
        edges = [num_worlds * part // count for part in range(count + 1)]
        self.ranges = tuple(pairwise(edges))
        """(first world, last world) of each thread, the last exclusive."""
        self._pool = ThreadPoolExecutor(count - 1, "worlds") if count > 1 else None

    def run(self, work: Callable[[int, int], None]) -> None:
        """Call ``work(first, last)`` for every run of worlds, one of them on this thread."""
        if self._pool is None:
            work(*self.ranges[0])
            return
        others = [self._pool.submit(work, *part) for part in self.ranges[1:]]
        work(*self.ranges[0])
        for other in others:
            other.result()
