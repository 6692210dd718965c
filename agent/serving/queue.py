"""Questions that wait for the mind: one of each behaviour of each world, taken in turn."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.serving.residents import Resident
from unity_bridge.batch import WorldBatch, WorldReply


@dataclass(eq=False)
class Request:
    """One question of a world and what is known of its answer."""

    batch: WorldBatch
    residents: list[Resident | None]
    """Of each row; None past a limit."""
    came: float
    """Seconds."""
    answer: asyncio.Future[WorldReply]
    actions: NDArray[np.int64]
    """``(n, 8)``."""
    shown: list[dict[str, Any] | None]
    waiting: list[int] = field(default_factory=list)
    """Rows that the mind has not taken yet, the most urgent first."""
    deciding: set[int] = field(default_factory=set)
    """Rows that the mind has taken."""
    patient: bool = False
    """Whether it is measured and may wait for the mind, since nobody else is held up."""
    timer: asyncio.TimerHandle | None = None

    @property
    def open(self) -> bool:
        """Whether its world still waits."""
        return not self.answer.done()


@dataclass(eq=False)
class Part:
    """Rows of a request that are decided in one batch."""

    request: Request
    rows: list[int]


class Queue:
    """Requests by world and behaviour."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str], Request] = {}
        self._served: dict[str, int] = {}
        self._turns = itertools.count(1)
        self.wary: set[str] = set()
        """Worlds that are decided apart from all others, since the mind failed on them."""

    def put(self, request: Request) -> None:
        """Add a request."""
        self._requests[request.batch.world, request.batch.behavior] = request

    def find(self, batch: WorldBatch) -> Request | None:
        """The request of the same behaviour that waits."""
        return self._requests.get((batch.world, batch.behavior))

    def remove(self, request: Request) -> None:
        """Take a request out, whatever of it waits."""
        key = (request.batch.world, request.batch.behavior)
        if self._requests.get(key) is request:
            del self._requests[key]

    def forget(self, world: str) -> list[Request]:
        """A world has left: its requests."""
        self._served.pop(world, None)
        self.wary.discard(world)
        gone = [request for key, request in self._requests.items() if key[0] == world]
        for request in gone:
            self.remove(request)
        return gone

    @property
    def rows(self) -> int:
        """Rows that wait; the metrics ask from a thread of their own."""
        return sum(len(request.waiting) for request in list(self._requests.values()))

    @property
    def patient(self) -> bool:
        """Whether all that wait may wait for the mind."""
        return all(request.patient for request in self._requests.values() if request.waiting)

    @property
    def worlds(self) -> set[str]:
        """Worlds of which rows wait."""
        return {key[0] for key, request in self._requests.items() if request.waiting}

    def take(self, most: int) -> list[Part]:
        """The rows of the next batch: every world gets its share, whoever waited longest first.

        Args:
            most: rows of the batch.
        """
        order = sorted(self.worlds, key=lambda world: (self._served.get(world, 0), world))
        if not order:
            return []
        if order[0] in self.wary:
            order = order[:1]
        else:
            order = [world for world in order if world not in self.wary]
        requests = {
            world: [r for key, r in self._requests.items() if key[0] == world] for world in order
        }
        taken: dict[Request, list[int]] = {}
        while most > 0 and order:
            share = max(1, most // len(order))
            for world in list(order):
                got = self._take_from(requests[world], min(share, most), taken)
                most -= got
                if got:
                    self._served[world] = next(self._turns)
                if not any(request.waiting for request in requests[world]):
                    order.remove(world)
                if most == 0:
                    break
        parts = [Part(request, sorted(rows)) for request, rows in taken.items()]
        return sorted(parts, key=lambda part: part.request.batch.world)

    def _take_from(
        self, requests: list[Request], most: int, taken: dict[Request, list[int]]
    ) -> int:
        """Move up to so many waiting rows of one world's requests; how many there were."""
        left = most
        for request in requests:
            rows = request.waiting[:left]
            if rows:
                del request.waiting[: len(rows)]
                request.deciding.update(rows)
                taken.setdefault(request, []).extend(rows)
                left -= len(rows)
            if not request.waiting:
                self.remove(request)
        return most - left
