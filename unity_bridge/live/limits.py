"""What a live server puts up with."""

from __future__ import annotations

import time
from dataclasses import dataclass

from unity_bridge.errors import BridgeError

MIND_BYTES = 64 * 1024
"""The most that a saved mind has."""


@dataclass(frozen=True)
class LiveLimits:
    """Limits of a live server; what goes over one gets a sentence that names it."""

    worlds: int = 64
    """Worlds with minds, connected or in their grace time."""
    npcs: int = 128
    """NPCs of a world; the others stand still."""
    message_bytes: int = 256 * 1024
    """The most that one message has; an observation has about 30 KiB."""
    hello_bytes: int = 4096
    """The most that the first message has."""
    messages_per_second: int = 5_000
    bytes_per_second: int = 128 * 2**20
    channel_bytes_per_second: int = 1 * 2**20
    """Messages of side channels of one world, which take longest to read; more of them wait."""
    pending_news: int = 1_000
    """Messages of side channels that an NPC may have waiting for its next observation; later ones
    are left out, since one that is paused may be talked to for long."""
    unsent_bytes: int = 1 * 2**20
    """A game that leaves so much unread gets no actions until it reads again."""
    strangers: int = 64
    """Connections that have not said hello yet."""
    hello_seconds: float = 5.0
    """So long a connection may take to say hello."""
    silence_seconds: float = 10.0
    """A game that says nothing for so long, no ping either, has vanished."""
    grace_seconds: float = 60.0
    """So long minds are kept for a game that has vanished."""


class Allowance:
    """Counts what one connection sends against the limits of a second; short bursts are fine."""

    def __init__(self, limits: LiveLimits) -> None:
        self._limits = limits
        self._messages = float(limits.messages_per_second)
        self._bytes = float(limits.bytes_per_second)
        self._last = time.monotonic()

    def spend(self, size: int) -> None:
        """Take note of a message of ``size`` bytes.

        Raises:
            BridgeError: when that is too much.
        """
        now, limits = time.monotonic(), self._limits
        passed, self._last = now - self._last, now
        self._messages = min(self._messages + passed * limits.messages_per_second,
                             limits.messages_per_second) - 1.0  # fmt: skip
        self._bytes = min(self._bytes + passed * limits.bytes_per_second,
                          limits.bytes_per_second) - size  # fmt: skip
        if self._messages < 0.0:
            raise BridgeError(
                f"it sends more than {limits.messages_per_second} messages a second: send each "
                "NPC's observation ten times a second"
            )
        if self._bytes < 0.0:
            raise BridgeError(f"it sends more than {limits.bytes_per_second} bytes a second")
