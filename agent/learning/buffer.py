"""What imitation learns from: decisions with the expert's answer, and later how it went."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.network import BrainInput

NO_LABEL = -1
"""In pointer labels: the expert points at nothing that the brain can see."""

_STORED = {
    "node_features": torch.float16,
    "node_words": torch.int16,
    "node_mask": torch.bool,
    "relation": torch.uint8,
    "goal": torch.int16,
    "utterances": torch.float16,
    "body": torch.float16,
    "audio": torch.float16,
    "camera": torch.uint8,
}
_READ = {torch.float16: torch.float32, torch.int16: torch.int64}


@dataclass
class Lessons:
    """A batch of stored decisions."""

    inputs: BrainInput[Tensor]
    actions: Tensor
    """``(n, 8)`` int64 of the expert; pointers are node indices, 0 none, NO_LABEL unknown."""
    success: Tensor
    """``(n,)`` 1 or 0, NaN where the episode has not ended or the expert drove it."""
    remaining: Tensor
    """``(n,)`` decisions from here to the end of the episode."""


class LessonBuffer:
    """A ring of decisions, written by many threads at once.

    Args:
        capacity: how many are kept.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.written = 0
        """Decisions ever stored."""
        self._lock = threading.Lock()
        self._inputs: dict[str, Tensor] = {}
        self._actions = torch.zeros(capacity, 8, dtype=torch.int8)
        self._success = torch.full((capacity,), float("nan"))
        self._remaining = torch.zeros(capacity)
        self._nodes = torch.zeros(capacity, dtype=torch.uint8)

    def __len__(self) -> int:
        return min(self.written, self.capacity)

    def add(
        self, inputs: BrainInput[NDArray], actions: NDArray[np.integer], rows: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Store some rows of a decision; returns their serial numbers, for ``finish``."""
        with self._lock:
            serial = self.written + np.arange(len(rows))
            self.written += len(rows)
            for name, kind in _STORED.items():
                if name not in self._inputs:
                    shape = getattr(inputs, name).shape[1:]
                    self._inputs[name] = torch.zeros((self.capacity, *shape), dtype=kind)
        place = torch.from_numpy(serial % self.capacity)
        for name, kind in _STORED.items():
            self._inputs[name][place] = torch.from_numpy(getattr(inputs, name)[rows]).to(kind)
        self._actions[place] = torch.from_numpy(actions[rows].astype(np.int8))
        self._success[place] = float("nan")
        self._nodes[place] = torch.from_numpy(inputs.node_mask[rows].sum(axis=1).astype(np.uint8))
        return serial

    def finish(
        self, serials: NDArray[np.int64], remaining: NDArray[np.integer], success: bool
    ) -> None:
        """An episode has ended: note how it went with those of its decisions that are left."""
        left = serials > self.written - 1 - self.capacity
        place = torch.from_numpy(serials[left] % self.capacity)
        self._success[place] = float(success)
        self._remaining[place] = torch.from_numpy(remaining[left].astype(np.float32))

    def draw(self, batch: int, batches: int, generator: np.random.Generator) -> list[Lessons]:
        """Random batches, each of decisions with about as many nodes, so that they can be trimmed.

        Args:
            batch: size of each.
            batches: how many.
            generator: of the choice.
        """
        chosen = torch.from_numpy(generator.integers(0, len(self), batch * batches))
        by_size = chosen[torch.argsort(self._nodes[chosen])].view(batches, batch)
        order = generator.permutation(batches)
        return [self._read(by_size[index]) for index in order]

    def _read(self, chosen: Tensor) -> Lessons:
        count = max(1, int(self._nodes[chosen].max()))
        fields: dict[str, Tensor] = {}
        for name, kind in _STORED.items():
            stored = self._inputs[name]
            if name.startswith("node_"):
                stored = stored[:, :count]
            elif name == "relation":
                stored = stored[:, :count, :count]
            fields[name] = stored[chosen].to(_READ.get(kind, kind))
        return Lessons(
            inputs=BrainInput(**fields),
            actions=self._actions[chosen].long(),
            success=self._success[chosen],
            remaining=self._remaining[chosen],
        )


def node_labels(
    actions: NDArray[np.integer], node_slot: NDArray[np.int32], pointers: Mapping[str, int]
) -> NDArray[np.int64]:
    """The expert's actions with slots turned into node indices.

    Args:
        actions: ``(R, 8)``.
        node_slot: ``(R, K)`` slot of each node, 0 where there is none.
        pointers: branch name -> column of the branches that hold slots.

    Returns:
        ``(R, 8)``: in pointer columns 0 for none, k + 1 for node k, NO_LABEL when no node has it.
    """
    labels = actions.astype(np.int64).copy()
    for column in pointers.values():
        wanted = actions[:, column]
        match = (node_slot == wanted[:, None]) & (node_slot > 0)
        found = np.where(match.any(axis=1), match.argmax(axis=1) + 1, NO_LABEL)
        labels[:, column] = np.where(wanted == 0, 0, found)
    return labels
