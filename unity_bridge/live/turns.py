"""The server's time, shared by connections: whoever sends much is read a little at a time.

A stream whose bytes are there already is read without a pause, so a game that floods would hold up
the decisions of all others until it is through.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from unity_bridge.limits import Throttle

TURN_SECONDS = 0.001
"""After reading one connection for so long it is everybody else's turn."""
SHARE = 0.15
"""Of the server's time that reading one connection may take in the long run; 128 NPCs that
perceive ten times a second took 1.2 %."""
TOGETHER = 0.3
"""Share that all connections may take together that would take more than theirs."""
BURST_SECONDS = 2.0
"""A connection's share of so long may be taken at once: a game begins with much to say."""
READ_SECONDS = 2e-5
"""What it takes to get a message's bytes off its stream."""
SHORTEST_WAIT = 0.005
"""Seconds; the clock of the event loop is too coarse for shorter ones."""


class Turns:
    """When a connection has to let others have their turn.

    Args:
        waiting: those of the same server that have taken more than their share.
        clock: seconds, for tests.
    """

    def __init__(self, waiting: set[Turns], clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting = waiting
        self._throttle = Throttle(SHARE, clock, BURST_SECONDS)
        self.held_back = 0.0
        """Seconds for which nothing was read of it."""
        self._unbroken = 0.0
        """Seconds read since others had their turn."""

    async def spend(self, seconds: float) -> None:
        """Note that taking a message in took so long, and let others have their turn."""
        seconds += READ_SECONDS
        self._unbroken += seconds
        wait = self._throttle.take(seconds)
        if wait <= 0.0:
            self._waiting.discard(self)
        if wait >= SHORTEST_WAIT:
            self._waiting.add(self)
            wait = max(wait, self._unbroken * len(self._waiting) / TOGETHER)
        elif self._unbroken < TURN_SECONDS:
            return
        else:
            wait = 0.0
        self._unbroken = 0.0
        self.held_back += wait
        await asyncio.sleep(wait)

    def end(self) -> None:
        """The connection is over."""
        self._waiting.discard(self)
