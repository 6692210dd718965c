"""Minds behind a host: decisions for every NPC of every world that is connected, in one batch.

A mind is kept by (world, NPC key). It is forgotten when its world leaves, and when a player that
evaluates begins an episode (the ``episode`` channel); a game's own episodes never reset a mind.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np

from agent.infos import Infos
from agent.mind import Decision, Mind
from agent.recording import EpisodeLog
from agent.seats import begin_episodes, name_dice
from agent.serving.gather import blank_observations, ends, join_infos, split
from agent.serving.saving import read_mind, restore_mind, save_mind
from unity_bridge.batch import WorldBatch, WorldReply

GATHER_SECONDS = 0.002
"""So long a world waits for the others, so that all are decided in one batch."""
ACTIVE_SECONDS = 1.0
"""Worlds that asked within this time are waited for."""
ONE_THREAD_ROWS = 16
"""Up to so many NPCs are decided by one thread: beside a game that uses the other cores, waiting
for a second one takes longer than it saves."""
WARM_UP_ROWS = (1, 2, 8, 32)


@dataclass
class _Request:
    batch: WorldBatch
    answer: asyncio.Future[WorldReply]
    came: float


class Minds:
    """Decides for the worlds of a host (`unity_bridge.batch.MindServer`).

    Args:
        mind: who decides.
        log: writes every decision down, None for nothing.
        threads: of the kernels; None for one while few NPCs ask, else all cores.
    """

    def __init__(
        self, mind: Mind, *, log: EpisodeLog | None = None, threads: int | None = None
    ) -> None:
        self.mind = mind
        self.log = log
        self.milliseconds: list[float] = []
        """From the arrival of each world's question to its answer."""
        self.decisions = 0
        """Decisions of single NPCs."""
        self._threads = threads
        self._seats: dict[tuple[str, str], int] = {}
        self._free: list[int] = []
        self._active: dict[str, float] = {}
        self._requests: list[_Request] = []
        self._came = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._threads_in_use = 0
        self._thread = ThreadPoolExecutor(1, "mind")

    # -- what a host calls ---------------------------------------------------------------------

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Decide for the NPCs of a world, together with whoever else asks now."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        request = _Request(batch, asyncio.get_running_loop().create_future(), time.perf_counter())
        self._active[batch.world] = request.came
        self._requests.append(request)
        self._came.set()
        return await request.answer

    def connected(self, world: str) -> None:
        """Nothing to prepare: minds begin with their first decision."""

    def released(self, world: str) -> None:
        """Forget the minds of a world."""
        self._active.pop(world, None)
        self._thread.submit(self._release, world)

    async def save(self, world: str, npc: str) -> bytes | None:
        """The mind of an NPC as at most 64 KiB for the game's own save file; None: not known.

        Raises:
            SaveError: it does not fit.
        """
        return await self._do(self._save, world, npc)

    async def restore(self, world: str, npc: str, blob: bytes) -> None:
        """Put a saved mind into an NPC, which goes on from there; it need not have asked before.

        Raises:
            SaveError: the blob is no saved mind, is of another version, or is damaged.
        """
        await self._do(self._restore, world, npc, blob)

    # -- the life of the server ----------------------------------------------------------------

    def warm_up(self) -> None:
        """Compile everything and touch all memory with blank observations."""
        self._thread.submit(self._warm_up).result()

    async def close(self) -> None:
        """Stop deciding and close the log."""
        if self._worker is not None:
            self._worker.cancel()
        self._thread.shutdown(wait=True)
        if self.log is not None:
            self.log.close()

    # -- deciding ------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Answer everything that has been asked, again and again."""
        loop = asyncio.get_running_loop()
        while True:
            await self._came.wait()
            await self._gather()
            requests, self._requests = self._requests, []
            self._came.clear()
            requests.sort(key=lambda request: request.batch.world)
            batches = [request.batch for request in requests]
            try:
                replies = await loop.run_in_executor(self._thread, self._decide_all, batches)
            except Exception as error:  # the host says so it and lets these NPCs stand still
                for request in requests:
                    if not request.answer.done():
                        request.answer.set_exception(error)
                continue
            now = time.perf_counter()
            for request, reply in zip(requests, replies, strict=True):
                self.milliseconds.append((now - request.came) * 1000.0)
                if not request.answer.done():
                    request.answer.set_result(reply)

    async def _gather(self) -> None:
        """Wait a moment for worlds that are likely to ask too."""
        deadline = time.perf_counter() + GATHER_SECONDS
        while (now := time.perf_counter()) < deadline:
            expected = sum(now - last < ACTIVE_SECONDS for last in self._active.values())
            if len(self._requests) >= expected:
                return
            await asyncio.sleep(0.0003)

    def _decide_all(self, batches: Sequence[WorldBatch]) -> list[WorldReply]:
        """One decision of the mind for several worlds; runs in the mind's thread."""
        observations = {
            name: np.concatenate([batch.observations[name] for batch in batches])
            if len(batches) > 1
            else array
            for name, array in batches[0].observations.items()
        }
        infos = join_infos(batches)
        seats = [
            self._seat(batch.world, npc, str(name))
            for batch, names in zip(batches, split(infos.keys, batches), strict=True)
            for npc, name in zip(batch.npcs, names, strict=True)
        ]
        self._set_threads(infos.rows)
        begin_episodes(self.mind, infos, seats)
        decision = self.mind.decide(
            observations, replace(infos, keys=seats), attention=self.log is not None
        )
        self.decisions += len(seats)
        if self.log is not None:
            self.log.write(batches, decision)
        shown = [_display(decision, row) for row in range(len(seats))]
        actions = np.asarray(decision.action)
        return [
            WorldReply(part, mind)
            for part, mind in zip(
                np.split(actions, ends(batches)), split(shown, batches), strict=True
            )
        ]

    def _seat(self, world: str, npc: str, name: str) -> int:
        """The number that the mind knows an NPC by; a new NPC takes one that is free."""
        key = (world, npc)
        if key not in self._seats:
            seat = heapq.heappop(self._free) if self._free else len(self._seats)
            self._seats[key] = seat
            name_dice(self.mind, seat, name)
        return self._seats[key]

    async def _do(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Run in the mind's thread, between two decisions."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _save(self, world: str, npc: str) -> bytes | None:
        seat = self._seats.get((world, npc))
        return save_mind(self.mind, seat) if seat is not None else None

    def _restore(self, world: str, npc: str, blob: bytes) -> None:
        saved = read_mind(blob)
        restore_mind(self.mind, self._seat(world, npc, npc), saved)

    def _release(self, world: str) -> None:
        keys = [key for key in self._seats if key[0] == world]
        seats = [self._seats.pop(key) for key in keys]
        self.mind.reset(seats)
        for seat in seats:
            heapq.heappush(self._free, seat)
        if self.log is not None:
            self.log.leave(world)

    # -- warming up ----------------------------------------------------------------------------

    def _set_threads(self, rows: int) -> None:
        """Threads of the kernels; runs in the mind's thread."""
        wanted = self._threads or (1 if rows <= ONE_THREAD_ROWS else os.cpu_count() or 1)
        if wanted == self._threads_in_use:
            return
        numba.set_num_threads(min(wanted, numba.config.NUMBA_NUM_THREADS))
        self._threads_in_use = wanted

    def _warm_up(self) -> None:
        for rows in WARM_UP_ROWS:
            self._set_threads(rows)
            for _ in range(2):
                self.mind.decide(blank_observations(rows), Infos.empty(rows))
        self.mind.reset(range(max(WARM_UP_ROWS)))
        # What is loaded by now stays for good: a full collection that walks it holds a decision up.
        gc.collect()
        gc.freeze()


def _display(decision: Decision, row: int) -> dict[str, object]:
    return {
        "strategy": decision.strategy[row],
        "reason": decision.reason[row],
        "competence": round(float(decision.competence[row]), 3),
    }
