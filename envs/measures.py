"""Measures of an ended episode: objects that declare what they depend on.

A team's episode has one value of each measure: it succeeds when all of it do, and paths and
collisions are summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from envs.world.world import BatchWorld


@dataclass(frozen=True)
class EpisodeRecord:
    """What happened in one episode, per NPC; N controlled NPCs."""

    succeeded: NDArray[np.bool_]
    """(N,)"""
    committed_wrongly: NDArray[np.bool_]
    """(N,)"""
    walked: NDArray[np.float32]
    """(N,) metres."""
    shortest: NDArray[np.float32]
    """(N,) metres that the task takes at least."""
    collisions: NDArray[np.int32]
    """(N,) decisions in which a move was stopped or deflected."""
    decisions: int

    @staticmethod
    def of(world: BatchWorld, index: int) -> EpisodeRecord:
        """The record of one world of a batch as it is now."""
        episode = world.episodes[index]
        if episode is None:
            raise ValueError(
                f"World {index} has no episode yet: call reset({index}, episode) first."
            )
        state = world.state
        rows = slice(index * world.npcs_per_world, (index + 1) * world.npcs_per_world)
        return EpisodeRecord(
            succeeded=state.done[rows] == 1,
            committed_wrongly=state.done[rows] == 2,
            walked=state.walked[rows].copy(),
            shortest=np.array([npc.shortest_path for npc in episode.npcs], np.float32),
            collisions=state.collisions[rows].copy(),
            decisions=int(state.clock[index]),
        )


@dataclass(frozen=True)
class Measure:
    """One number about an episode."""

    name: str
    unit: str
    compute: Callable[[EpisodeRecord, Mapping[str, float]], float]
    """From the record and the values of what it depends on."""
    depends_on: tuple[str, ...] = ()
    """Names of the measures whose values it reads."""


def _spl(record: EpisodeRecord, values: Mapping[str, float]) -> float:
    """Success weighted by path length (Anderson et al., 2018, arXiv:1807.06757)."""
    shortest = values["shortest_path"]
    return values["success"] * shortest / max(shortest, values["path_length"], 1e-6)


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("success", "0 or 1", lambda record, _: float(record.succeeded.all())),
        Measure("wrong_commit", "0 or 1", lambda record, _: float(record.committed_wrongly.any())),
        Measure("steps", "decisions", lambda record, _: float(record.decisions)),
        Measure("path_length", "metres", lambda record, _: float(record.walked.sum())),
        Measure("shortest_path", "metres", lambda record, _: float(record.shortest.sum())),
        Measure("collisions", "decisions", lambda record, _: float(record.collisions.sum())),
        Measure("spl", "0 to 1", _spl, ("success", "path_length", "shortest_path")),
    )
}
"""Every measure by its name."""


def measure_episode(
    record: EpisodeRecord, measures: Iterable[Measure] | None = None
) -> dict[str, float]:
    """Values of some measures (all of them unless given) by name.

    Raises:
        ValueError: a measure depends on one that is not among them, or on itself.
    """
    wanted = {measure.name: measure for measure in (measures or MEASURES.values())}
    values: dict[str, float] = {}
    for name in wanted:
        _compute(name, wanted, record, values, ())
    return values


def _compute(
    name: str,
    wanted: Mapping[str, Measure],
    record: EpisodeRecord,
    values: dict[str, float],
    asking: tuple[str, ...],
) -> None:
    if name in values:
        return
    if name in asking:
        raise ValueError(f"Measure '{name}' depends on itself: {' -> '.join((*asking, name))}.")
    if name not in wanted:
        raise ValueError(f"Measure '{asking[-1]}' depends on '{name}': add that one to the list.")
    measure = wanted[name]
    for other in measure.depends_on:
        _compute(other, wanted, record, values, (*asking, name))
    values[name] = measure.compute(record, values)
