"""The check of a batch of rows that are observed and stepped together, as ``BatchWorld`` is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.contract import Branch, CatalogueEntry, Utterance
from envs.policies import random_actions
from envs.testing.report import WorldError
from envs.testing.rules import SlotBook, check_mask, check_observation, check_texts

_FORBIDDEN = (int(contract.Act.FINISH),)
"""The check plays on as long as it can, so it commits to nothing."""


class World(Protocol):
    """What is checked: a batch of rows that has been reset and can be observed."""

    num_rows: int

    def observe(self) -> dict[str, NDArray[Any]]:
        """The contract's fields and masks, ``(R, ...)``."""
        ...

    def step(self, actions: NDArray[Any]) -> object:
        """Take ``(R, 8)`` actions."""
        ...

    def action_mask(self) -> NDArray[np.bool_]:
        """``(R, MASK_SIZE)``, True where allowed."""
        ...

    def take_catalogue(self, row: int) -> Sequence[CatalogueEntry]:
        """New entries of a row."""
        ...

    def texts(self, row: int) -> Sequence[Utterance]:
        """What a row has just heard."""
        ...


def check_batch(make: Callable[[], World], decisions: int = 100, seed: int = 0) -> None:
    """Play a world twice with the same random allowed actions and check all that it shows.

    Args:
        make: returns the world, ready for its first ``observe``; every call the same one.
        decisions: how long it is played.
        seed: of the actions.

    Raises:
        WorldError: the world breaks the contract.
    """
    first, second = make(), make()
    rng = np.random.default_rng(seed)
    books = [SlotBook(row) for row in range(first.num_rows)]
    for decision in range(decisions):
        observation = first.observe()
        mask = first.action_mask()
        check_observation(observation, first.num_rows)
        check_mask(mask, first.num_rows)
        for row, book in enumerate(books):
            book.read(first.take_catalogue(row), decision * contract.DECISION_SECONDS)
            book.check_row(observation, mask)
            check_texts(observation["dialogue"][row], first.texts(row), f"Row {row}")
        again = second.observe()
        for name, values in observation.items():
            if not np.array_equal(values, again[name]):
                raise WorldError(
                    f"'{name}' differs between two runs with the same seed and actions at decision "
                    f"{decision}: draw every random number from the episode's seed."
                )
        actions = _harmless(random_actions(mask, rng))
        first.step(actions)
        second.step(actions)


def _harmless(actions: NDArray[np.int32]) -> NDArray[np.int32]:
    commits = np.isin(actions[:, Branch.ACT], _FORBIDDEN)
    actions[commits, Branch.ACT] = int(contract.Act.NONE)
    return actions
