"""What a host logs of its worlds: each cause once for each world, and of one kind few a minute.

Records carry ``event`` (the kind, such as ``connected``), ``world``, ``npc`` and ``peer`` beside
their sentence, for logs that are read by programs.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator

MINUTE = 60.0
PER_MINUTE = 60
"""Lines of one event in a minute, whatever number of worlds comes and goes."""
_CAUSES = 200
"""A world's causes beyond so many are not told."""

log = logging.getLogger("unity_bridge.host")


class Gate:
    """Lets at most ``per_minute`` lines of each event through, and counts the others."""

    def __init__(self, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic):
        self._per_minute = per_minute
        self._clock = clock
        self._began = clock()
        self._said: Counter[str] = Counter()

    def admit(self, event: str) -> bool:
        """Whether a line of this event may be said now."""
        self._said[event] += 1
        return self._said[event] <= self._per_minute

    def turn(self) -> Iterator[str]:
        """Begin a new minute when it is time.

        Yields:
            A sentence for each event of which lines were left out.
        """
        if self._clock() - self._began < MINUTE:
            return
        self._began = self._clock()
        said, self._said = self._said, Counter()
        for event, count in said.items():
            if count > self._per_minute:
                yield f"{count - self._per_minute} more lines of the kind '{event}' were left out"


class Voice:
    """Tells what happens to one world.

    Args:
        world: its name, "" for a player that has none.
        gate: shared by all worlds of a host; None lets everything through.
        peer: where it calls from.
    """

    def __init__(self, world: str, gate: Gate | None = None, peer: str = ""):
        self.world = world
        self._gate = gate
        self._peer = peer
        self._told: set[tuple[str, str]] = set()

    def note(self, event: str, sentence: str) -> None:
        """Say something that is as it should be."""
        self._say(logging.INFO, event, sentence, "", None)

    def warn(self, event: str, sentence: str, *, about: str = "", npc: str = "") -> None:
        """Say something that should not be, once for each event and what it is ``about``."""
        if self._is_new(event, about):
            self._say(logging.WARNING, event, sentence, npc, None)

    def fail(self, event: str, sentence: str, error: BaseException) -> None:
        """Say that something of ours went wrong, with where, once for each event and error."""
        if self._is_new(event, type(error).__name__):
            self._say(logging.ERROR, event, sentence, "", error)

    def _is_new(self, event: str, about: str) -> bool:
        if (event, about) in self._told or len(self._told) >= _CAUSES:
            return False
        self._told.add((event, about))
        return True

    def _say(
        self, level: int, event: str, sentence: str, npc: str, error: BaseException | None
    ) -> None:
        if self._gate is not None and not self._gate.admit(event):
            return
        who = self.world or f"a player ({self._peer})"
        colon = ":" if level > logging.INFO else ""
        extra = {"event": event, "world": self.world, "npc": npc, "peer": self._peer}
        log.log(level, "%s%s %s", who, colon, sentence, extra=extra, exc_info=error)
