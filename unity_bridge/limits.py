"""How much one world may ask of a host, so that no world takes from the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from unity_bridge.client import HOST_MESSAGE_BYTES

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What a host takes; what is over it is refused, told once, and ends no other world."""

    max_worlds: int = 64
    """Worlds at once; a further one is told to quit."""
    max_npcs: int = 256
    """NPCs of one world that are decided for; the others stand still."""
    max_message_bytes: int = HOST_MESSAGE_BYTES
    """The most that one message may hold; who sends more is told to quit."""
    messages_per_second: float = 1000.0
    """Of one world, a message counting once for each MiB begun; faster ones wait for answers."""


class Throttle:
    """Spreads what comes to at most ``rate`` a second; a second's worth may come at once.

    Args:
        rate: units a second, more than 0.
        clock: seconds, for tests.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic):
        self._rate = rate
        self._clock = clock
        self._free = clock() - 1.0
        """When all that has come so far would be done at the rate."""

    def take(self, units: float = 1.0) -> float:
        """Count ``units``; the seconds to wait before they may be served, 0 below the rate."""
        now = self._clock()
        self._free = max(self._free, now - 1.0) + units / self._rate
        return max(0.0, self._free - now)
