"""What the wrappers make of observations: for batches ``(N, ...)``, so for one as for many NPCs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from gymnasium import spaces
from gymnasium.spaces.utils import flatdim
from numpy.typing import NDArray

from envs.contract import (
    MASK_SIZE,
    MAX_UTTERANCES,
    MAX_WORDS,
    TEXT_BAG_SIZE,
    DialogueColumn,
    EntityColumn,
    GoalColumn,
)
from envs.suggest import did_you_mean
from envs.words import WORD_ID_LIMIT, encode_bag

Batch = dict[str, NDArray[Any]]
Encoder = Callable[[str], Any]
"""From a sentence to a vector of fixed size, such as a sentence model's ``encode``."""


class Transform(Protocol):
    """From a batch of observations to another kind of observation."""

    @property
    def space(self) -> spaces.Space[Any]:
        """Of one NPC's new observation."""
        ...

    def __call__(self, batch: Batch, infos: Sequence[Mapping[str, Any]], rows: range) -> Any:
        """The new observations.

        Args:
            batch: observations ``(N, ...)``.
            infos: what was said of each of them, nothing where it is unchanged.
            rows: which NPCs they are of, for what must be remembered.
        """
        ...


class Sentences:
    """Adds ``instruction`` ``(size,)`` and ``utterances`` ``(MAX_UTTERANCES, size)`` float32.

    Utterances stand in the rows of ``dialogue``; absent ones are zero.
    """

    def __init__(
        self, space: spaces.Space[Any], npcs: int, size: int, encode: Encoder | None
    ) -> None:
        self._encode: Encoder = encode or (lambda text: encode_bag(text, size))
        self._size = size
        self._instruction = np.zeros((npcs, size), np.float32)
        self._utterances = np.zeros((npcs, MAX_UTTERANCES, size), np.float32)
        added = {
            "instruction": spaces.Box(-np.inf, np.inf, (size,), np.float32),
            "utterances": spaces.Box(-np.inf, np.inf, (MAX_UTTERANCES, size), np.float32),
        }
        self.space = spaces.Dict({**_parts(space), **added})

    def __call__(self, batch: Batch, infos: Sequence[Mapping[str, Any]], rows: range) -> Batch:
        """The batch with the vectors."""
        for place, (row, info) in enumerate(zip(rows, infos, strict=True)):
            if "goal" in info:
                self._instruction[row] = self._vector(info["goal"])
            if "text" in info:
                self._hear(row, batch["dialogue"][place, :, DialogueColumn.UTTERANCE], info["text"])
        own = slice(rows.start, rows.stop)
        return batch | {
            "instruction": self._instruction[own].copy(),
            "utterances": self._utterances[own].copy(),
        }

    def _hear(self, row: int, numbers: NDArray[Any], heard: Sequence[Any]) -> None:
        texts = {utterance.utterance: utterance.text for utterance in heard}
        self._utterances[row] = 0.0
        for place, number in enumerate(numbers.astype(int).tolist()):
            if number in texts:
                self._utterances[row, place] = self._vector(texts[number])

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.asarray(self._encode(text), np.float32)
        if vector.shape != (self._size,):
            raise ValueError(
                f"The sentence encoder gave a vector {vector.shape} for '{text}': "
                f"it must be ({self._size},), or say size={vector.size}."
            )
        return vector


class Masked:
    """Adds ``action_mask`` ``(MASK_SIZE,)`` int8, 1 where a branch value is allowed."""

    def __init__(self, space: spaces.Space[Any], npcs: int) -> None:
        self._mask = np.zeros((npcs, MASK_SIZE), np.int8)
        mask = spaces.Box(0, 1, (MASK_SIZE,), np.int8)
        self.space = spaces.Dict({**_parts(space), "action_mask": mask})

    def __call__(self, batch: Batch, infos: Sequence[Mapping[str, Any]], rows: range) -> Batch:
        """The batch with the masks."""
        for row, info in zip(rows, infos, strict=True):
            if "action_mask" in info:
                self._mask[row] = info["action_mask"]
        return batch | {"action_mask": self._mask[rows.start : rows.stop].copy()}


class Plain:
    """One float32 vector: fields one after the other in the order of their names, each row by row.

    ``layout`` says where each field is. Bytes of the camera are divided by 255, and word, utterance
    and goal ids by 2**24, so that nothing is larger than what bodies and distances are; ``depth``
    stays metres and ``semantic`` ids.
    """

    def __init__(self, space: spaces.Space[Any], fields: Sequence[str] | None) -> None:
        parts = _parts(space)
        if isinstance(fields, str) or fields == ():
            raise ValueError(
                f"fields is {fields!r}: give names, such as ('goal',), or None for all."
            )
        for name in fields or ():
            if name not in parts:
                raise ValueError(f"There is no field '{name}': {did_you_mean(name, parts)}")
        self._names = sorted(fields or parts)
        self._scales = {name: _scale(name, parts[name]) for name in self._names}
        self.layout: dict[str, slice] = {}
        start = 0
        for name in self._names:
            size = flatdim(parts[name])
            self.layout[name] = slice(start, start + size)
            start += size
        self.space = spaces.Box(-np.inf, np.inf, (start,), np.float32)

    def __call__(
        self, batch: Batch, infos: Sequence[Mapping[str, Any]], rows: range
    ) -> NDArray[np.float32]:
        """The vectors, ``(N, size)``."""
        flat = np.empty((len(rows), *self.space.shape), np.float32)
        for name, part in self.layout.items():
            flat[:, part] = batch[name].reshape(len(rows), -1) * self._scales[name]
        return flat


class Camera:
    """The camera alone, ``(S, S, 3)`` or, with channels first, ``(3, S, S)``, uint8."""

    def __init__(self, space: spaces.Space[Any], channels_last: bool) -> None:
        shape = _parts(space)["camera"].shape or ()
        self._axes = (0, 2, 3, 1) if channels_last else (0, 1, 2, 3)
        self.space = spaces.Box(0, 255, tuple(shape[axis - 1] for axis in self._axes[1:]), np.uint8)

    def __call__(
        self, batch: Batch, infos: Sequence[Mapping[str, Any]], rows: range
    ) -> NDArray[np.uint8]:
        """The pictures, ``(N, H, W, C)`` or ``(N, C, H, W)``."""
        return np.ascontiguousarray(batch["camera"].transpose(self._axes))


def _parts(space: spaces.Space[Any]) -> dict[str, spaces.Space[Any]]:
    if not isinstance(space, spaces.Dict):
        raise TypeError(
            "This wrapper reads observations that are dictionaries: put it below the wrappers "
            "that make one array of them."
        )
    return dict(space.spaces)


def _scale(name: str, space: spaces.Space[Any]) -> NDArray[np.float32]:
    """What the flattened values of a field are multiplied by."""
    scale = np.ones(space.shape or (), np.float32)
    small = np.float32(1 / WORD_ID_LIMIT)
    if name == "camera":
        scale /= 255
    elif name == "entities":
        scale[:, EntityColumn.CLASS_WORD] = small
    elif name == "dialogue":
        scale[:, DialogueColumn.UTTERANCE] = small
        scale[:, DialogueColumn.WORDS : DialogueColumn.WORDS + MAX_WORDS] = small
    elif name == "goal":
        scale[GoalColumn.GOAL] = small
        scale[GoalColumn.WORDS : GoalColumn.WORDS + MAX_WORDS] = small
    return scale.reshape(-1)


SENTENCE_SIZE = TEXT_BAG_SIZE
"""Size of a sentence's vector unless asked for otherwise: the contract's own bag of words."""
