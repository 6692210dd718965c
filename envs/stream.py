"""Random draws that are the same in every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """Seeded draws; all come from ``random()``, the one method whose stream Python promises."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._random() * len(items))]

    def uniform(self, low: float, high: float) -> float:
        """A number between two others, to the centimetre."""
        return round(low + (high - low) * self._random(), 2)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        return self.sample(items, len(items))

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Some different items in random order."""
        pool = list(items)
        for position in range(count):
            other = position + int(self._random() * (len(pool) - position))
            pool[position], pool[other] = pool[other], pool[position]
        return pool[:count]
