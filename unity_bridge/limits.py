"""How much one world may ask of a host, so that no world takes from the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What a host takes; what is over it is refused, told once, and ends no other world."""

    max_worlds: int = 64
    """Worlds at once; a further one is told to quit."""
    max_npcs: int = 256
    """NPCs of one world that are decided for; the others stand still."""
    max_message_bytes: int = 64 * MEBIBYTE
    """The most that one message may hold; who sends more is told to quit. 256 NPCs that see and
    hear take 9 MiB."""
    messages_per_second: float = 1000.0
    """Of one world, a message counting once for each MiB begun; faster ones wait for answers."""
    reading_share: float = 0.25
    """Of the server's time that reading one world's side channels may take; whose takes more waits
    for answers. A world of 256 NPCs that names all it knows in its first step is in time."""


class Throttle:
    """Spreads what comes to at most ``rate`` a second; some seconds' worth may come at once.

    Args:
        rate: units a second, more than 0.
        clock: seconds, for tests.
        at_once: so many seconds' worth.
    """

    def __init__(
        self, rate: float, clock: Callable[[], float] = time.monotonic, at_once: float = 1.0
    ):
        self._rate = rate
        self._clock = clock
        self._at_once = at_once
        self._free = clock() - at_once
        """When all that has come so far would be done at the rate."""

    def take(self, units: float = 1.0) -> float:
        """Count ``units``; the seconds to wait before they may be served, 0 below the rate."""
        now = self._clock()
        self._free = max(self._free, now - self._at_once) + units / self._rate
        return max(0.0, self._free - now)
