"""What a host counts: plain numbers that anybody may read at any time, such as a metrics page."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.0167, 0.025, 0.0333, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the buckets of times; a frame of 60 Hz and one of 30 Hz among them."""


@dataclass
class Histogram:
    """How often values fell between bounds; flat in memory."""

    bounds: tuple[float, ...] = SECONDS
    counts: list[int] = field(default_factory=list)
    """Of values up to each bound and above the one before; the last is above all."""
    total: float = 0.0
    """Sum of all values."""

    def __post_init__(self) -> None:
        self.counts = self.counts or [0] * (len(self.bounds) + 1)

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)


@dataclass
class HostMeters:
    """What a host has counted since it was made, and what is there now."""

    messages: int = 0
    bytes_received: int = 0
    bytes_sent: int = 0
    worlds_connected: int = 0
    worlds: int = 0
    """Connected now."""
    npcs: int = 0
    """That have had a decision in an episode that has not ended."""
    refused: Counter[str] = field(default_factory=Counter)
    """Messages that a world was told to quit for, by event."""
    idle: Counter[str] = field(default_factory=Counter)
    """Actions that did nothing because none could be decided, by event."""
    answer_seconds: Histogram = field(default_factory=Histogram)
    """From a message's arrival to its answer, of messages that asked for a decision."""
    round_trip_seconds: Histogram = field(default_factory=Histogram)
    """As players measured it and told on the hello channel."""
    staleness_seconds: Histogram = field(default_factory=Histogram)
    """Age of the observation that an action was decided on, as it was applied; as players told."""

    def note_link(self, round_trip_ms: float | None, staleness_ms: float | None) -> None:
        """Count what a player has measured of its link, milliseconds."""
        if round_trip_ms is not None:
            self.round_trip_seconds.add(round_trip_ms / 1000.0)
        if staleness_ms is not None:
            self.staleness_seconds.add(staleness_ms / 1000.0)
