"""Checks that a world keeps the contract; for our worlds' tests and for everybody who writes one.

    from envs.testing import check_world
    check_world(lambda: my_world_ready_to_observe())

A failed check raises ``WorldError`` with a sentence that says what was broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.contract import Branch, CatalogueEntry, DialogueColumn, EntityColumn, Utterance
from envs.policies import random_actions
from envs.spaces import observation_space

REUSE_SECONDS = 60.0
"""A slot that was given back is not given to another thing for so long, unless by removal."""
_FORBIDDEN = (int(contract.Act.FINISH),)
"""The checks play on as long as they can, so they commit to nothing."""


class WorldError(AssertionError):
    """A world that does not keep the contract."""


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


def check_world(make: Callable[[], World], decisions: int = 100, seed: int = 0) -> None:
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
            check_texts(observation["dialogue"][row], first.texts(row), row)
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


def check_observation(observation: dict[str, NDArray[Any]], rows: int) -> None:
    """Names, shapes, dtypes and ranges, and how rows of ``entities`` and ``dialogue`` are kept."""
    for name, space in observation_space().items():
        if name not in observation:
            raise WorldError(f"The observation lacks '{name}': give every field of the contract.")
        values = observation[name]
        expected = (rows, *(space.shape or ()))
        if values.shape != expected or values.dtype != space.dtype:
            raise WorldError(
                f"'{name}' is {values.dtype} {values.shape}: it must be {space.dtype} {expected}."
            )
        if not np.isfinite(values).all() or not space.contains(values[0]):
            raise WorldError(f"'{name}' has values outside its range: clip them to the contract's.")
    _check_rows(observation, "entities", int(EntityColumn.SLOT))
    _check_rows(observation, "dialogue", int(DialogueColumn.UTTERANCE))
    slots = observation["entities"][:, :, EntityColumn.SLOT]
    is_descending = slots[:, 1:] <= slots[:, :-1]
    if (is_descending & (observation["entities_mask"][:, 1:] > 0)).any():
        raise WorldError("'entities' is not in the order of its slots: sort it, each slot once.")


def _check_rows(observation: dict[str, NDArray[Any]], name: str, key: int) -> None:
    rows, mask = observation[name], observation[name + "_mask"]
    is_real = mask > 0
    if (rows[~is_real] != 0).any():
        raise WorldError(f"'{name}' has an absent row that is not all zero: clear it.")
    if (rows[is_real][:, key] <= 0).any():
        raise WorldError(
            f"'{name}' has a real row without its number: no real row may begin with 0."
        )
    if (np.diff(is_real.astype(np.int8), axis=1) > 0).any():
        raise WorldError(f"'{name}' has a gap: put real rows first and absent ones after them.")


def check_mask(mask: NDArray[np.bool_], rows: int) -> None:
    """Shape and dtype, and that doing nothing is always allowed."""
    if mask.shape != (rows, contract.MASK_SIZE) or mask.dtype != np.bool_:
        raise WorldError(
            f"The action mask is {mask.dtype} {mask.shape}: it must be bool "
            f"{(rows, contract.MASK_SIZE)}, True where allowed."
        )
    for (name, _), start, value in zip(
        contract.BRANCHES, contract.BRANCH_STARTS, contract.NO_OP, strict=True
    ):
        if not mask[:, start + value].all():
            raise WorldError(f"The mask forbids to do nothing in branch '{name}': always allow it.")


def check_texts(dialogue: NDArray[Any], texts: Sequence[Utterance], row: int) -> None:
    """Every row of ``dialogue`` has its text, and every text its row."""
    heard = [int(number) for number in dialogue[:, DialogueColumn.UTTERANCE] if number]
    written = [utterance.utterance for utterance in texts]
    if sorted(heard) != sorted(written):
        raise WorldError(
            f"Row {row} has utterances {heard} but texts of {written}: give each the same id."
        )


class SlotBook:
    """What one NPC's slots are called, checked entry by entry."""

    def __init__(self, row: int) -> None:
        self.names: dict[int, str] = {}
        self._row = row
        self._sequence = 0
        self._kinds: dict[int, str] = {}
        self._freed: dict[int, float] = {}

    def read(self, entries: Sequence[CatalogueEntry], seconds: float) -> None:
        """Take in new entries."""
        for entry in entries:
            self._check(entry, seconds)
            if entry.op == "remove":
                del self.names[entry.slot], self._kinds[entry.slot]
                self._freed[entry.slot] = seconds
            else:
                self.names[entry.slot] = entry.name
                self._kinds[entry.slot] = entry.kind

    def _check(self, entry: CatalogueEntry, seconds: float) -> None:
        where = f"Row {self._row}, catalogue entry {entry.sequence}"
        if entry.sequence != self._sequence + 1:
            raise WorldError(f"{where}: it must be number {self._sequence + 1}, without a gap.")
        self._sequence = entry.sequence
        if not 0 < entry.slot < contract.SLOTS:
            raise WorldError(f"{where}: slot {entry.slot} is not one of 1 to {contract.SLOTS - 1}.")
        known = entry.slot in self.names
        if entry.op == "add" and known:
            raise WorldError(f"{where}: slot {entry.slot} has a thing already: remove it first.")
        if entry.op != "add" and not known:
            raise WorldError(f"{where}: {entry.op} of slot {entry.slot}, which was never added.")
        if entry.op == "change" and self._kinds[entry.slot] != entry.kind:
            raise WorldError(
                f"{where}: slot {entry.slot} changed its kind: it must stay one thing."
            )
        if entry.op == "add" and seconds - self._freed.get(entry.slot, -np.inf) < REUSE_SECONDS:
            raise WorldError(
                f"{where}: slot {entry.slot} is used again before {REUSE_SECONDS:g} s."
            )

    def check_row(self, observation: dict[str, NDArray[Any]], mask: NDArray[np.bool_]) -> None:
        """Every slot that the row sees or may point at has an entry."""
        columns = {
            "entities": observation["entities"][self._row, :, EntityColumn.SLOT],
            "dialogue": observation["dialogue"][self._row, :, DialogueColumn.SPEAKER],
            "self": observation["self"][self._row][
                [contract.SelfColumn.PLACE, contract.SelfColumn.HELD]
            ],
        }
        for branch in (Branch.TARGET, Branch.ABOUT, Branch.WHERE):
            start = contract.BRANCH_STARTS[branch]
            allowed = mask[self._row, start : start + contract.SLOTS]
            columns[f"the mask of '{branch.name.lower()}'"] = np.flatnonzero(allowed)
        for name, slots in columns.items():
            unknown = {int(slot) for slot in slots} - {0} - set(self.names)
            if unknown:
                raise WorldError(
                    f"Row {self._row}: {name} has slot {min(unknown)}, which the catalogue does "
                    "not name: send its entry with or before it."
                )
