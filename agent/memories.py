"""What a mind keeps of each NPC between decisions, found by the NPC's key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.belief.state import ARRAY_SHAPES, BeliefState, make_state, reset_rows
from agent.network import UTTERANCE_SIZE, UTTERANCES
from agent.sampling import key_number
from envs.contract import DialogueColumn

FORGET_SECONDS = 20.0
"""Age at which a remembered utterance counts as old; ages are clipped there."""
_BAG = slice(int(DialogueColumn.BAG), int(DialogueColumn.BAG) + 32)


class Memories:
    """Beliefs, last utterances and decision counts of all NPCs that a mind knows."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.belief: BeliefState = make_state(0)
        self.utterances = np.zeros((0, UTTERANCES, UTTERANCE_SIZE), np.float32)
        """Presence, addressed to me, age, direction (2), bag; the newest first."""
        self.decisions = np.zeros(0, np.int64)
        self.numbers = np.zeros(0, np.uint64)
        """One number per NPC for its noise."""
        self._index: dict[object, int] = {}

    def find(self, keys: Sequence[object]) -> NDArray[np.int64]:
        """Index of each key's memory; an NPC that is new gets an empty one."""
        new = [key for key in dict.fromkeys(keys) if key not in self._index]
        if new:
            self._grow(new)
        return np.fromiter((self._index[key] for key in keys), np.int64, len(keys))

    def forget(self, indices: Iterable[int]) -> None:
        """Empty these memories; the NPCs keep their places."""
        chosen = [int(index) for index in indices]
        reset_rows(self.belief, chosen)
        self.utterances[chosen] = 0.0
        self.decisions[chosen] = 0

    def known(self, keys: Iterable[object]) -> list[int]:
        """Indices of those keys that are known."""
        return [self._index[key] for key in keys if key in self._index]

    def drop_all(self) -> None:
        """Forget everybody, and that they were there."""
        self.__init__(self.seed)  # type: ignore[misc]

    def _grow(self, keys: Sequence[object]) -> None:
        more = make_state(len(keys))
        old = self.belief
        arrays = {
            name: np.concatenate([getattr(old, name), getattr(more, name)]) for name in ARRAY_SHAPES
        }
        for key in keys:
            self._index[key] = len(self._index)
        self.belief = BeliefState(**arrays, memory=old.memory + more.memory)
        extra = np.zeros((len(keys), UTTERANCES, UTTERANCE_SIZE), np.float32)
        self.utterances = np.concatenate([self.utterances, extra])
        self.decisions = np.concatenate([self.decisions, np.zeros(len(keys), np.int64)])
        fresh = np.array([key_number(key, self.seed) for key in keys], np.uint64)
        self.numbers = np.concatenate([self.numbers, fresh])

    def take_belief(self, indices: NDArray[np.int64]) -> BeliefState:
        """The beliefs at these indices; without copying when they are all, in order."""
        if len(indices) == self.belief.rows and bool((indices == np.arange(len(indices))).all()):
            return self.belief
        arrays = {name: getattr(self.belief, name)[indices] for name in ARRAY_SHAPES}
        return BeliefState(**arrays, memory=[self.belief.memory[index] for index in indices])

    def put_belief(self, indices: NDArray[np.int64], belief: BeliefState) -> None:
        """Store beliefs that were taken and updated."""
        if belief.rows == self.belief.rows and bool((indices == np.arange(len(indices))).all()):
            self.belief = belief
            return
        for name in ARRAY_SHAPES:
            getattr(self.belief, name)[indices] = getattr(belief, name)
        for index, memory in zip(indices, belief.memory, strict=True):
            self.belief.memory[index] = memory

    def hear(self, indices: NDArray[np.int64], dialogue: NDArray[np.float32]) -> NDArray:
        """Remember what was said now; returns the last utterances ``(R, UTTERANCES, ...)``."""
        recent = self.utterances[indices]
        recent[..., 2] = np.minimum(recent[..., 2] + 0.1 / FORGET_SECONDS, 1.0)
        for row, line in np.argwhere(dialogue[:, :, DialogueColumn.UTTERANCE] > 0):
            said = dialogue[row, line]
            recent[row, 1:] = recent[row, :-1].copy()
            recent[row, 0, 0] = 1.0
            recent[row, 0, 1] = said[DialogueColumn.TO_ME]
            recent[row, 0, 2] = 0.0
            recent[row, 0, 3] = said[DialogueColumn.SIN_DIRECTION]
            recent[row, 0, 4] = said[DialogueColumn.COS_DIRECTION]
            recent[row, 0, 5:] = said[_BAG]
        recent[..., 2] *= recent[..., 0]
        self.utterances[indices] = recent
        return recent
