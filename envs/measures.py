"""Measures of an ended episode: objects that declare what they depend on.

A team's episode has one value of each measure: it succeeds when all of it do, its progress is the
mean, and what can be counted or walked is summed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from envs.contract import DECISION_SECONDS
from envs.world.truth import straight_distance

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
    progress: NDArray[np.float32]
    """(N,) share of the goal's steps that are achieved, the way to the next one counted in part."""
    idle: NDArray[np.int32]
    """(N,) decisions without a move, a turn, an act or a word before the NPC had finished."""
    messages: NDArray[np.int32]
    """(N,) things said."""
    acts: NDArray[np.int32]
    """(N,) acts completed."""

    @staticmethod
    def of(world: BatchWorld, index: int) -> EpisodeRecord:
        """The record of one world of a batch as it is now."""
        episode = world.episodes[index]
        if episode is None:
            raise ValueError(
                f"World {index} has no episode yet: call reset({index}, episode) first."
            )
        state, tally = world.state, world.tally
        rows = slice(index * world.npcs_per_world, (index + 1) * world.npcs_per_world)
        return EpisodeRecord(
            succeeded=state.done[rows] == 1,
            committed_wrongly=state.done[rows] == 2,
            walked=state.walked[rows].copy(),
            shortest=np.array([npc.shortest_path for npc in episode.npcs], np.float32),
            collisions=state.collisions[rows].copy(),
            decisions=int(state.clock[index]),
            progress=_progress(world, index),
            idle=tally.idle[rows].copy(),
            messages=tally.messages[rows].copy(),
            acts=tally.acts[rows].copy(),
        )


def _progress(world: BatchWorld, index: int) -> NDArray[np.float32]:
    """(N,) achieved steps and the covered part of the straight line to the next one's thing."""
    episode, layout, state = world.episodes[index], world.layouts[index], world.state
    assert episode is not None and layout is not None
    bodies = [person for person in episode.scene.people if person.role == "npc"]
    progress = np.zeros(len(episode.npcs), np.float32)
    for npc, task in enumerate(episode.npcs):
        row = index * world.npcs_per_world + npc
        steps, done = task.goal.steps, int(world.referee.steps_done[row])
        covered = 0.0
        if done < len(steps):
            aim = steps[done].where or steps[done].who or steps[done].what
            thing = layout.index[aim]
            x, _, z = state.person_position[index, state.person[row]].tolist()
            left = straight_distance(state, index, thing, x, z)
            whole = straight_distance(state, index, thing, *bodies[npc].position)
            if math.isfinite(whole) and whole > 0:
                covered = max(0.0, 1.0 - left / whole)
        progress[npc] = (done + covered) / len(steps)
    return progress


@dataclass(frozen=True)
class Measure:
    """One number about an episode."""

    name: str
    unit: str
    compute: Callable[[EpisodeRecord, Mapping[str, float]], float]
    """From the record and the values of what it depends on."""
    depends_on: tuple[str, ...] = ()
    """Names of the measures whose values it reads."""


def _directness(values: Mapping[str, float]) -> float:
    """How much of the walked path was needed."""
    shortest = values["shortest_path"]
    return shortest / max(shortest, values["path_length"], 1e-6)


def _spl(record: EpisodeRecord, values: Mapping[str, float]) -> float:
    """Success weighted by path length (Anderson et al., 2018, arXiv:1807.06757)."""
    return values["success"] * _directness(values)


def _soft_spl(record: EpisodeRecord, values: Mapping[str, float]) -> float:
    """SPL with progress in place of success (SoftSPL, Datta et al., 2020, arXiv:2009.03231).

    There progress is the covered part of the distance to the goal; here every achieved step of the
    goal counts, and the covered part of the straight line to the next.
    """
    return values["progress"] * _directness(values)


def _share_of_work(record: EpisodeRecord, values: Mapping[str, float]) -> float:
    """How evenly walking and acts are shared: 1 for equal shares, 0 when one NPC does it all.

    Pielou's evenness, H / log N (Pielou, 1966, J. Theor. Biol. 13), of each NPC's mean share of the
    team's path and of its acts; 1 for an NPC alone.
    """
    if len(record.walked) == 1:
        return 1.0
    kinds = (record.walked.astype(np.float64), record.acts.astype(np.float64))
    shares = [work / work.sum() for work in kinds if work.sum() > 0]
    if not shares:
        return 0.0
    share = np.mean(shares, axis=0)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum() / math.log(len(record.walked)))


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("success", "0 or 1", lambda record, _: float(record.succeeded.all())),
        Measure("wrong_commit", "0 or 1", lambda record, _: float(record.committed_wrongly.any())),
        Measure("progress", "0 to 1", lambda record, _: float(record.progress.mean())),
        Measure("steps", "decisions", lambda record, _: float(record.decisions)),
        Measure("path_length", "metres", lambda record, _: float(record.walked.sum())),
        Measure("shortest_path", "metres", lambda record, _: float(record.shortest.sum())),
        Measure("collisions", "decisions", lambda record, _: float(record.collisions.sum())),
        Measure("idle_time", "seconds", lambda r, _: float(r.idle.sum() * DECISION_SECONDS)),
        Measure("messages", "count", lambda record, _: float(record.messages.sum())),
        Measure("acts", "count", lambda record, _: float(record.acts.sum())),
        Measure("share_of_work", "0 to 1", _share_of_work),
        Measure("spl", "0 to 1", _spl, ("success", "path_length", "shortest_path")),
        Measure("soft_spl", "0 to 1", _soft_spl, ("progress", "path_length", "shortest_path")),
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
