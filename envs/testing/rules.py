"""The rules of the contract for what one decision shows, and for what slots are called over time.

Each raises ``WorldError`` with a sentence that says what was broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from envs import contract
from envs.contract import Branch, CatalogueEntry, DialogueColumn, EntityColumn, Utterance
from envs.spaces import observation_space
from envs.testing.report import WorldError

REUSE_SECONDS = 60.0
"""A slot that was given back is not given to another thing for so long, unless by removal."""
_ROWS = {"entities": int(EntityColumn.SLOT), "dialogue": int(DialogueColumn.UTTERANCE)}
"""Fields of variable rows -> the column that numbers them."""


def check_observation(
    observation: dict[str, NDArray[Any]], rows: int, space: spaces.Dict | None = None
) -> None:
    """Names, shapes, dtypes and ranges, and how rows of ``entities`` and ``dialogue`` are kept.

    Args:
        observation: the fields and masks, ``(rows, ...)``.
        rows: how many.
        space: of one row; None: the contract's own.
    """
    parts = (space or observation_space()).spaces
    for name in observation:
        if name not in parts:
            raise WorldError(f"The observation has '{name}', which its space does not: name it.")
    for name, part in parts.items():
        if name not in observation:
            raise WorldError(f"The observation lacks '{name}': give every field of the contract.")
        _check_field(name, observation[name], rows, part)
    for name, column in _ROWS.items():
        _check_rows(observation, name, column)
    slots = observation["entities"][:, :, EntityColumn.SLOT]
    is_descending = slots[:, 1:] <= slots[:, :-1]
    if (is_descending & (observation["entities_mask"][:, 1:] > 0)).any():
        raise WorldError("'entities' is not in the order of its slots: sort it, each slot once.")


def _check_field(name: str, values: object, rows: int, space: spaces.Space[Any]) -> None:
    expected = (rows, *(space.shape or ()))
    if not isinstance(values, np.ndarray):
        raise WorldError(
            f"'{name}' is a {type(values).__name__}: it must be an array {space.dtype} {expected}."
        )
    if values.shape != expected or values.dtype != space.dtype:
        raise WorldError(
            f"'{name}' is {values.dtype} {values.shape}: it must be {space.dtype} {expected}."
        )
    if not np.isfinite(values).all() or not all(space.contains(row) for row in values):
        raise WorldError(
            f"'{name}' has values outside its range, from {_number(values.min())} to "
            f"{_number(values.max())}: clip them to the contract's."
        )


def _number(value: Any) -> str:
    return f"{float(value):g}"


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


def check_texts(dialogue: NDArray[Any], texts: Sequence[Utterance], who: str) -> None:
    """Every row of ``dialogue`` has its text, and every text its row; ``who`` heard them."""
    heard = [int(number) for number in dialogue[:, DialogueColumn.UTTERANCE] if number]
    written = [utterance.utterance for utterance in texts]
    if sorted(heard) != sorted(written):
        raise WorldError(
            f"{who} has utterances {heard} but texts of {written}: give each the same id."
        )


class SlotBook:
    """What one NPC's slots are called, checked entry by entry.

    Args:
        row: of the arrays.
        who: what sentences call it; None: its row.
    """

    def __init__(self, row: int, who: str | None = None) -> None:
        self.names: dict[int, str] = {}
        self._row, self._who = row, who or f"Row {row}"
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
        where = f"{self._who}, catalogue entry {entry.sequence}"
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
                    f"{self._who}: {name} has slot {min(unknown)}, which the catalogue does "
                    "not name: send its entry with or before it."
                )
