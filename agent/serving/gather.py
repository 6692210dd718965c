"""Questions of several worlds as one batch, and what came beside them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.infos import Infos
from agent.recording import last_message
from envs.contract import FIELDS, MASK_FIELDS, MAX_ENTITIES, MAX_UTTERANCES
from unity_bridge.batch import WorldBatch


def join_infos(batches: Sequence[WorldBatch]) -> Infos:
    """What came beside the observations of several worlds; keys name the dice of each NPC."""
    starts = [[_start_of(news) for news in batch.episodes] for batch in batches]
    return Infos(
        keys=[
            f"{start['task']}/{start['seed']}/{npc.rpartition('/')[2]}" if start else npc
            for batch, begun in zip(batches, starts, strict=True)
            for npc, start in zip(batch.npcs, begun, strict=True)
        ],
        catalogue=list(itertools.chain.from_iterable(batch.catalogue for batch in batches)),
        texts=list(itertools.chain.from_iterable(batch.texts for batch in batches)),
        goals=[_goal_of(news) for batch in batches for news in batch.goals],
        action_mask=np.concatenate([batch.action_mask for batch in batches]),
        restart=np.array([bool(start) for begun in starts for start in begun], np.bool_),
    )


def blank_observations(rows: int) -> dict[str, NDArray]:
    """Contract arrays in which nothing is to be seen or heard."""
    blank = {field.name: np.zeros((rows, *field.shape), np.dtype(field.dtype)) for field in FIELDS}
    sizes = (MAX_ENTITIES, MAX_UTTERANCES)
    for name, size in zip(MASK_FIELDS, sizes, strict=True):
        blank[name] = np.zeros((rows, size), np.int8)
    return blank


def _start_of(news: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The message that begins an episode which is measured, if there is one."""
    start = last_message(news, "start")
    return start if {"task", "seed"} <= start.keys() else None


def _goal_of(news: Sequence[Mapping[str, Any]]) -> str:
    return str(last_message(news, "set").get("text") or "")


def select_rows(batch: WorldBatch, rows: Sequence[int]) -> WorldBatch:
    """Some rows of a batch, in their order; the batch itself where they are all."""
    if len(rows) == len(batch.npcs):
        return batch
    chosen = np.asarray(rows, np.int64)
    return replace(
        batch,
        agents=batch.agents[chosen],
        npcs=[batch.npcs[row] for row in rows],
        observations={name: array[chosen] for name, array in batch.observations.items()},
        action_mask=batch.action_mask[chosen],
        reward=batch.reward[chosen],
        first=batch.first[chosen],
        catalogue=[batch.catalogue[row] for row in rows],
        texts=[batch.texts[row] for row in rows],
        goals=[batch.goals[row] for row in rows],
        episodes=[batch.episodes[row] for row in rows],
    )


def is_measured(news: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an episode that is measured begins."""
    return _start_of(news) is not None
