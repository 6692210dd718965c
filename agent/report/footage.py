"""Filming episodes while they are played in process: what a video and a report page are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.policies.adapters import MindPolicy
from agent.report.chronicle import Chronicle
from agent.report.record import EpisodeRecord, ResultRecord
from agent.rollout import EpisodeResult, Moment, Ticket
from envs.contract import Branch
from envs.world.layout import Layout
from envs.world.load import npc_people
from envs.world.state import WorldState


@dataclass(frozen=True)
class Shot:
    """One world at the moment of one decision."""

    people: NDArray[np.float32]
    """``(Q, 2)`` x, z in metres."""
    yaws: NDArray[np.float32]
    """``(Q,)`` radians."""
    doors: NDArray[np.int8]
    """``(D,)`` index into DOOR_STATES."""
    objects: NDArray[np.float32]
    """``(O, 3)`` x, y, z in metres."""
    cameras: NDArray[np.uint8]
    """``(N, 3, 64, 64)`` what each NPC sees."""
    targets: tuple[int, ...]
    """Thing numbers that the NPCs' actions point at."""


@dataclass
class Footage:
    """A filmed episode."""

    task: str
    seed: int
    layout: Layout
    names: tuple[str, ...]
    """Of the NPCs."""
    people: tuple[int, ...]
    """Person number of each NPC."""
    shots: list[Shot] = field(default_factory=list)
    """One for each decision, and one after the last."""
    records: tuple[EpisodeRecord, ...] = ()
    """One for each NPC, once the episode is over."""
    result: EpisodeResult | None = None


class Camera:
    """Films chosen episodes of a mind (`agent.rollout.Recorder`).

    Args:
        wanted: full task name and seed of each episode to film.
        brain: name of the brain, for the reader.
    """

    def __init__(self, wanted: Iterable[Ticket], brain: str = "") -> None:
        self._wanted = set(wanted)
        self._brain = brain
        self._running: dict[Ticket, tuple[Footage, list[Chronicle]]] = {}
        self.footage: dict[Ticket, Footage] = {}
        """Episodes that are over."""

    def wants(self, task: str, seed: int) -> bool:
        """Whether this episode is to be filmed."""
        return (task, seed) in self._wanted

    def decided(self, moment: Moment) -> None:
        """Film a decision and write it down."""
        ticket = _ticket(moment)
        if ticket not in self._running:
            self._running[ticket] = self._begin(moment)
        footage, chronicles = self._running[ticket]
        policy = moment.policy
        assert isinstance(policy, MindPolicy) and policy.decision is not None
        for row, chronicle in zip(_rows(moment), chronicles, strict=True):
            chronicle.note(policy.decision, int(np.flatnonzero(policy.playing == row)[0]))
        cameras = moment.observations["camera"][moment.rows].copy()
        footage.shots.append(_shoot(moment, footage.layout, cameras))

    def ended(self, moment: Moment, result: EpisodeResult) -> None:
        """Film the end."""
        footage, chronicles = self._running.pop(_ticket(moment))
        footage.shots.append(_shoot(moment, footage.layout, footage.shots[-1].cameras))
        told = ResultRecord(
            result.success, result.wrong_commit, result.decisions, round(result.path, 2),
            round(result.shortest, 2), round(result.spl, 4),
        )  # fmt: skip
        footage.records = tuple(
            chronicle.close(task=result.task, seed=result.seed, map=result.map, result=told)
            for chronicle in chronicles
        )
        footage.result = result
        self.footage[footage.task, footage.seed] = footage

    def _begin(self, moment: Moment) -> tuple[Footage, list[Chronicle]]:
        episode, layout = moment.world.episodes[moment.index], moment.world.layouts[moment.index]
        assert episode is not None and layout is not None
        people = tuple(npc_people(episode.scene)[: len(episode.npcs)])
        names = tuple(layout.names[layout.first_person + person] for person in people)
        chronicles = [Chronicle(f"npc{npc}", self._brain) for npc in range(len(people))]
        return Footage(episode.task, episode.seed, layout, names, people), chronicles


def _ticket(moment: Moment) -> Ticket:
    episode = moment.world.episodes[moment.index]
    assert episode is not None
    return episode.task, episode.seed


def _rows(moment: Moment) -> range:
    return range(moment.rows.start, moment.rows.stop)


def _shoot(moment: Moment, layout: Layout, cameras: NDArray[np.uint8]) -> Shot:
    state: WorldState = moment.world.state
    index = moment.index
    return Shot(
        people=state.person_position[index, : layout.person_count][:, ::2].copy(),
        yaws=state.person_yaw[index, : layout.person_count].copy(),
        doors=state.door_state[index, : layout.door_count].copy(),
        objects=state.object_position[index, : layout.object_count].copy(),
        cameras=cameras,
        targets=tuple(
            sorted(
                {
                    int(state.slot_thing[row, slot])
                    for row in _rows(moment)
                    if (slot := int(moment.actions[row, Branch.TARGET]))
                    and state.slot_thing[row, slot] >= 0
                }
            )
        ),
    )
