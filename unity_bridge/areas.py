"""The headless world as a player sees it: areas that play one dealt episode after the other.

All that the player knows of ``envs.world`` and ``envs.tasks`` is here. An area is one world of a
batch; row = area * NPCs per area + NPC.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from envs.contract import NO_OP
from envs.tasks import Episode
from envs.world.world import BatchWorld, StepResult
from unity_bridge.deal import Deal, Ticket


@dataclass(frozen=True)
class EpisodeResult:
    """How an episode went: one line of a results file."""

    number: int
    task: str
    seed: int
    map: str
    area: int
    success: bool
    """All NPCs of the episode reached their goals."""
    wrong_commit: bool
    interrupted: bool
    """The step limit ended it."""
    decisions: int
    walked: float
    """Metres, of all its NPCs together."""
    shortest: float
    """Metres that all its NPCs together needed at least."""
    spl: float
    reward: float
    """Mean over its NPCs."""


@dataclass(frozen=True)
class Record:
    """One NPC in a turn: it waits for a decision, or its episode has ended."""

    row: int
    reward: float = 0.0
    """Its own since the last turn."""
    group: int = 0
    """Number of its team, 0 for none."""
    group_reward: float = 0.0
    """Its team's since the last turn: the mean of its NPCs, which then get none of their own."""
    interrupted: bool = False
    """The episode was ended by the step limit."""


@dataclass(frozen=True)
class Turn:
    """What the areas show after a reset or a step."""

    observations: dict[str, NDArray]
    """Contract arrays ``(R, ...)``, valid in the rows that wait."""
    action_mask: NDArray[np.bool_]
    """``(R, MASK_SIZE)``, true = allowed."""
    waiting: list[Record]
    """NPCs that need a decision, by row."""
    began: frozenset[int]
    """Waiting rows whose episode begins with this turn."""
    ended: list[Record] = field(default_factory=list)
    """NPCs whose episode has ended, by row."""
    last_observations: dict[str, NDArray] = field(default_factory=dict)
    """Contract arrays ``(R, ...)`` of the moment of the ending, valid in the ended rows."""
    results: list[EpisodeResult] = field(default_factory=list)
    """Results of the episodes that have ended, by area."""


class Areas:
    """Plays the episodes of a deal in the worlds of a batch.

    Args:
        world: the batch.
        areas: number of its worlds.
        npcs: NPCs in each.
        deal: what to play.
        make_episode: (task, seed) -> episode.
    """

    def __init__(
        self,
        world: BatchWorld,
        areas: int,
        npcs: int,
        deal: Deal,
        make_episode: Callable[[str, int], Episode],
    ):
        self.world = world
        self.deal = deal
        self.npcs = npcs
        self.episodes: list[Episode | None] = [None] * areas
        """The episode that each area plays, None when there was no other."""
        self._make_episode = make_episode
        self._tickets: list[Ticket | None] = [None] * areas
        self._decisions = np.zeros(areas, np.int64)
        self._returns = np.zeros(areas * npcs, np.float32)

    def rows(self, area: int) -> range:
        """Rows of the NPCs of an area."""
        return range(area * self.npcs, (area + 1) * self.npcs)

    def episode(self, row: int) -> Episode:
        """The episode that a waiting row plays."""
        episode = self.episodes[row // self.npcs]
        if episode is None:
            raise ValueError(f"row {row} plays no episode")
        return episode

    def reset(self) -> Turn:
        """Abandon what is being played and begin the next episode in every area."""
        areas = range(len(self.episodes))
        self._begin(areas)
        return self._show(np.zeros_like(self._returns), areas)

    def step(self, actions: NDArray[np.integer], waiting: list[Record]) -> Turn:
        """Take the actions of the NPCs that waited, ``(len(waiting), 8)``."""
        full = np.tile(np.array(NO_OP, np.int64), (len(self._returns), 1))
        full[[record.row for record in waiting]] = actions
        step = self.world.step(full)
        self._returns += step.reward
        self._decisions += 1
        over = np.flatnonzero(step.terminated | step.truncated).tolist()
        over = [area for area in over if self.episodes[area] is not None]
        if not over:
            return self._show(step.reward)
        last = self._observe_endings(over)
        ended = [
            dataclasses.replace(record, interrupted=bool(step.truncated[area]))
            for area in over
            for record in self._records(area, step.reward)
        ]
        results = [self._result(area, step) for area in over]
        self._begin(over)
        turn = self._show(step.reward, over, last)
        return dataclasses.replace(turn, ended=ended, last_observations=last, results=results)

    def _observe_endings(self, areas: list[int]) -> dict[str, NDArray]:
        """Copies of what all areas observe, those that have just ended included."""
        running = self.world.state.running
        running[areas] = True  # a world that has stopped observes nothing
        observations = {name: value.copy() for name, value in self.world.observe().items()}
        running[areas] = False
        return observations

    def _records(self, area: int, reward: NDArray[np.float32]) -> list[Record]:
        episode = self.episodes[area]
        if episode is None:
            return []
        rows = self.rows(area)
        if not episode.team:
            return [Record(row, float(reward[row])) for row in rows]
        shared = float(reward[list(rows)].mean())
        return [Record(row, group=area + 1, group_reward=shared) for row in rows]

    def _begin(self, areas: Iterable[int]) -> None:
        """Begin the next episodes in some areas; an area is empty when all have been dealt."""
        for area in areas:
            ticket = self._tickets[area] = self.deal.take()
            if ticket is None:
                self.episodes[area] = None
                continue
            episode = self.episodes[area] = self._make_episode(ticket.task, ticket.seed)
            self.world.reset(area, episode)
            self._decisions[area] = 0
            self._returns[list(self.rows(area))] = 0.0

    def _show(
        self,
        reward: NDArray[np.float32],
        began: Sequence[int] = (),
        earlier: dict[str, NDArray] | None = None,
    ) -> Turn:
        """Observe.

        Args:
            reward: ``(R,)`` of the last step.
            began: areas that have just begun an episode; their reward is 0.
            earlier: what the other areas have observed at this moment already.
        """
        observations = self.world.observe()
        rows = [row for area in began for row in self.rows(area)]
        if earlier is not None:
            fresh, observations = observations, {k: v.copy() for k, v in earlier.items()}
            for name, value in fresh.items():
                observations[name][rows] = value[rows]
        reward = reward.copy()
        reward[rows] = 0.0
        waiting = [
            record for area in range(len(self.episodes)) for record in self._records(area, reward)
        ]
        began_rows = frozenset(record.row for record in waiting if record.row in rows)
        return Turn(observations, self.world.action_mask(), waiting, began_rows)

    def _result(self, area: int, step: StepResult) -> EpisodeResult:
        episode, ticket = self.episodes[area], self._tickets[area]
        assert episode is not None and ticket is not None
        rows = self.rows(area)
        success = bool(step.success[list(rows)].all())
        walked = float(self.world.state.walked[list(rows)].sum())
        shortest = float(sum(npc.shortest_path for npc in episode.npcs))
        return EpisodeResult(
            number=ticket.number,
            task=episode.task,
            seed=episode.seed,
            map=episode.scene.map,
            area=area,
            success=success,
            wrong_commit=bool(step.wrong_commit[list(rows)].any()),
            interrupted=bool(step.truncated[area]),
            decisions=int(self._decisions[area]),
            walked=walked,
            shortest=shortest,
            spl=float(success) * shortest / max(shortest, walked, 1e-9),
            reward=float(self._returns[list(rows)].mean()),
        )
