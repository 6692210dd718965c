"""Which episode is next: one list of (task, seed), dealt to areas in the order they ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True)
class Ticket:
    """One episode to play."""

    number: int
    """0 for the first that was dealt."""
    task: str
    seed: int


class Deal:
    """Deals every task of every seed, seed by seed; without an end when ``seeds`` has none.

    Args:
        tasks: full task names, in the order in which each seed plays them.
        seeds: the seeds, or None for all from ``first_seed`` on.
        first_seed: where to begin when ``seeds`` is None.
        first_number: number of the first ticket.
    """

    def __init__(
        self,
        tasks: Sequence[str],
        seeds: range | None = None,
        first_seed: int = 0,
        first_number: int = 0,
    ):
        endless = count(first_seed) if seeds is None else seeds
        pairs = ((task, seed) for seed in endless for task in tasks)
        self._tickets: Iterator[Ticket] = (
            Ticket(number, task, seed) for number, (task, seed) in enumerate(pairs, first_number)
        )

    def take(self) -> Ticket | None:
        """The next episode, None when all have been dealt."""
        return next(self._tickets, None)
