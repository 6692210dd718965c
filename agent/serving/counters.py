"""What a server counts about its decisions: totals, and the last few thousand measurements."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

KEPT = 4096
"""Measurements that are kept of each kind."""


class Recent:
    """The last measurements of one kind, and the count and sum of all of them."""

    def __init__(self, kept: int = KEPT) -> None:
        self.count = 0
        """All that were ever added."""
        self.total = 0.0
        """Their sum."""
        self._ring = np.zeros(kept, np.float64)

    def add(self, value: float) -> None:
        """Take in one measurement."""
        self._ring[self.count % len(self._ring)] = value
        self.count += 1
        self.total += value

    def values(self) -> NDArray[np.float64]:
        """The last ones, in no order, ``(min(count, kept),)``."""
        return self._ring[: min(self.count, len(self._ring))].copy()


@dataclass
class Counters:
    """How much was decided, how fast, and what went otherwise. All rows are single NPCs."""

    decisions: int = 0
    """Rows that the mind decided."""
    fallbacks: int = 0
    """Rows whose decision was missed: the last intent went on, or the game's idle was sent."""
    idles: int = 0
    """Rows that got the game's idle, since there was no last intent or it was too old."""
    late: int = 0
    """Rows that got a decision which had come too late for the question before."""
    paced: int = 0
    """Rows that were left to their last intent because time was short: no fallback."""
    refused: int = 0
    """Rows that got the game's idle because a limit was reached."""
    failures: int = 0
    """Calls of the mind that failed."""
    swaps: int = 0
    """Weights that took over."""
    rollbacks: int = 0
    """Weights that were given up again."""
    waiting: int = 0
    """Rows that wait for the mind now."""
    npcs: int = 0
    """NPCs whose minds are kept now."""
    worlds: int = 0
    """Worlds that are connected or have asked."""
    call_ms: Recent = field(default_factory=Recent)
    """From the arrival of a world's question to its answer."""
    mind_ms: Recent = field(default_factory=Recent)
    """Of each batch in the mind."""
    batch_rows: Recent = field(default_factory=Recent)
    """Rows of each batch."""
    staleness_ms: Recent = field(default_factory=Recent)
    """Age, when it is sent, of the observation that a row's action was decided on; rows that were
    never decided are left out."""
