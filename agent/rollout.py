"""Playing episodes in process: a policy, a list of (task, seed), and how each episode went.

Every episode of the list is played to its end and counted exactly once, long ones too: an evaluator
that stops early drops the failures. A result depends on its own episode alone, not on how many
worlds play at once nor on what the others play.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.infos import Infos
from envs.contract import NO_OP
from envs.measures import EpisodeRecord, measure_episode
from envs.tasks import Episode, find_task, make_episode
from envs.tasks.scene_tasks import PREFIX
from envs.world.world import BatchWorld, StepResult

Ticket = tuple[str, int]
"""One episode to play: task name and seed."""
EpisodeMaker = Callable[[str, int], Episode]


class Outlook(Protocol):
    """What rollouts keep of a mind's decision for R rows."""

    @property
    def competence(self) -> NDArray[np.float32]:
        """``(R,)`` probability that this goes well."""
        ...

    @property
    def strategy(self) -> Sequence[str]:
        """R names of strategies."""
        ...


class Policy(Protocol):
    """Whoever chooses the actions of R rows; row = world * NPCs per world + NPC."""

    senses: tuple[str, ...]
    """Costly senses that it reads; the others need not be computed."""
    outlook: Outlook | None
    """What it thought at its last ``act``; None for a policy without a mind."""

    def reset(self, rows: NDArray[np.intp]) -> None:
        """Episodes begin in these rows with the next observation."""
        ...

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """Actions ``(R, 8)``; rows whose key is None play nothing and may get any action.

        Only oracle and random look at ``world``; a mind gets observations and infos alone.
        """
        ...


@dataclass(frozen=True)
class EpisodeResult:
    """How one episode went."""

    task: str
    """Full name."""
    seed: int
    map: str
    """"known" or "none"."""
    success: bool
    """Every NPC reached its goal."""
    wrong_commit: bool
    spl: float
    """Success weighted by shortest / walked path; a team's paths are added up."""
    decisions: int
    path: float
    """Metres walked by all NPCs together."""
    shortest: float
    """Metres that they needed at least."""
    collisions: int
    npc_success: tuple[bool, ...] = ()
    competence: NDArray[np.float32] | None = None
    """``(decisions, N)`` what the mind gave itself, None without a mind."""
    strategies: Mapping[str, int] = field(default_factory=dict)
    """How many decisions of its NPCs each strategy took."""
    interventions: int = 0
    """How often the regulator took over from ``policy``, or changed its strategy."""
    family: str = "museum"
    """Of its scene."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """Every measure of ``envs.measures`` by name."""


@dataclass(frozen=True)
class Moment:
    """One decision of one world, for a recorder; arrays are valid during the call only."""

    world: BatchWorld
    index: int
    """The world's index in the batch."""
    rows: slice
    """Its rows in all arrays."""
    observations: Mapping[str, NDArray]
    infos: Infos
    actions: NDArray[np.integer]
    policy: Policy


class Recorder(Protocol):
    """Watches chosen episodes, such as for a report."""

    def wants(self, task: str, seed: int) -> bool:
        """Whether to be called for this episode."""
        ...

    def decided(self, moment: Moment) -> None:
        """A decision was made and is about to be carried out."""
        ...

    def ended(self, moment: Moment, result: EpisodeResult) -> None:
        """The episode is over; ``moment`` is its last decision, carried out."""
        ...


@dataclass
class Played:
    """What `play` brings back."""

    results: list[EpisodeResult]
    """In the order of the list of episodes."""
    act_ms: list[float]
    """Milliseconds of every call of ``Policy.act``."""
    act_rows: list[int]
    """NPCs that each of these calls decided for."""


@dataclass
class _Run:
    """An episode that is being played."""

    number: int
    episode: Episode
    recorded: bool
    decisions: int = 0
    competence: list[NDArray[np.float32]] = field(default_factory=list)
    strategies: Counter[str] = field(default_factory=Counter)
    interventions: int = 0
    last_strategy: list[str] = field(default_factory=list)


def default_npcs(task: str) -> int:
    """Controlled NPCs of a task when no other number is asked for."""
    return find_task(task).npcs


def _full_name(task: str) -> str:
    return task if task.startswith(PREFIX) else find_task(task).name


def play(
    policy: Policy,
    episodes: Iterable[Ticket],
    num_worlds: int = 32,
    *,
    make: EpisodeMaker = make_episode,
    npcs_of: Callable[[str], int] = default_npcs,
    perturbations: Sequence[str] = (),
    action_delay: int = 0,
    speech: str = "text",
    tell_slots: bool = True,
    threads: int | None = None,
    recorder: Recorder | None = None,
    on_result: Callable[[EpisodeResult], None] | None = None,
) -> Played:
    """Play every episode once.

    Args:
        policy: who acts.
        episodes: (task, seed) of each; tasks for different numbers of NPCs may be mixed.
        num_worlds: how many to play at once, at most.
        make: stages an episode from task and seed.
        npcs_of: controlled NPCs of a task, by its name.
        perturbations: names that every episode gets.
        action_delay: decisions between an observation and its action.
        speech: how others are heard, "text" or "voice".
        tell_slots: False withholds slots that would be given by telling.
        threads: of the world's kernels, None for all cores.
        recorder: watches the episodes that it wants.
        on_result: called after each episode, in the order in which they end.
    """
    tickets = [(_full_name(task), seed) for task, seed in episodes]
    team = {task: npcs_of(task) for task, _ in tickets}
    results: dict[int, EpisodeResult] = {}
    played = Played([], [], [])
    senses = ("camera", "audio") if recorder is not None else policy.senses
    for npcs in sorted(set(team.values())):
        numbers = [n for n, (task, _) in enumerate(tickets) if team[task] == npcs]
        world = BatchWorld(
            min(num_worlds, len(numbers)), npcs, senses=senses, perturbations=perturbations,
            action_delay=action_delay, speech=speech, tell_slots=tell_slots, threads=threads,
        )  # fmt: skip
        batch = _Batch(policy, world, make, recorder, deque((n, *tickets[n]) for n in numbers))
        for number, result in batch.play(played):
            results[number] = result
            if on_result is not None:
                on_result(result)
    played.results = [results[number] for number in range(len(tickets))]
    return played


class _Batch:
    """Plays a queue of episodes for one number of NPCs in the worlds of one batch."""

    def __init__(
        self,
        policy: Policy,
        world: BatchWorld,
        make: EpisodeMaker,
        recorder: Recorder | None,
        queue: deque[tuple[int, str, int]],
    ) -> None:
        self.policy, self.world, self.make = policy, world, make
        self.recorder, self.queue = recorder, queue
        self.runs: list[_Run | None] = [None] * world.num_worlds
        self.keys: list[str | None] = [None] * world.num_rows
        self.restart = np.zeros(world.num_rows, np.bool_)

    def rows(self, index: int) -> slice:
        npcs = self.world.npcs_per_world
        return slice(index * npcs, (index + 1) * npcs)

    def play(self, played: Played) -> Iterable[tuple[int, EpisodeResult]]:
        """Play until the queue is empty; yields (number, result) as episodes end."""
        self._begin(range(self.world.num_worlds))
        while any(run is not None for run in self.runs):
            observations = self.world.observe()
            infos = self._infos()
            started = time.perf_counter()
            actions = self.policy.act(observations, infos, self.world)
            played.act_ms.append((time.perf_counter() - started) * 1000.0)
            played.act_rows.append(sum(key is not None for key in self.keys))
            actions = np.where(self._playing()[:, None], actions, np.array(NO_OP))
            moments = self._note(observations, infos, actions)
            step = self.world.step(actions)
            self.restart[:] = False
            ended = np.flatnonzero(step.terminated | step.truncated).tolist()
            for index in ended:
                run = self.runs[index]
                if run is None:
                    continue
                result = self._result(index, run, step)
                if run.recorded and self.recorder is not None:
                    self.recorder.ended(moments[index], result)
                yield run.number, result
            self._begin(ended)

    def _begin(self, worlds: Iterable[int]) -> None:
        """Begin the next episodes of the queue in these worlds."""
        begun: list[int] = []
        for index in worlds:
            rows = self.rows(index)
            self.runs[index] = None
            self.keys[rows] = [None] * self.world.npcs_per_world
            if not self.queue:
                continue
            number, task, seed = self.queue.popleft()
            episode = self.make(task, seed)
            self.world.reset(index, episode)
            recorded = self.recorder is not None and self.recorder.wants(task, seed)
            self.runs[index] = _Run(number, episode, recorded)
            npcs = range(self.world.npcs_per_world)
            self.keys[rows] = [npc_key(task, seed, npc) for npc in npcs]
            self.restart[rows] = True
            begun.extend(range(rows.start, rows.stop))
        if begun:
            self.policy.reset(np.array(begun, np.intp))

    def _playing(self) -> NDArray[np.bool_]:
        return np.array([key is not None for key in self.keys])

    def _infos(self) -> Infos:
        world, rows = self.world, range(self.world.num_rows)
        return Infos(
            keys=list(self.keys),
            catalogue=[world.take_catalogue(row) if self.keys[row] else () for row in rows],
            texts=[world.texts(row) if self.keys[row] else () for row in rows],
            goals=[self._goal(row) if self.restart[row] else "" for row in rows],
            action_mask=world.action_mask(),
            restart=self.restart.copy(),
        )

    def _goal(self, row: int) -> str:
        run = self.runs[row // self.world.npcs_per_world]
        return run.episode.npcs[row % self.world.npcs_per_world].instruction if run else ""

    def _note(
        self, observations: Mapping[str, NDArray], infos: Infos, actions: NDArray[np.integer]
    ) -> dict[int, Moment]:
        """Keep what the policy thought; the moments of recorded worlds."""
        moments: dict[int, Moment] = {}
        outlook = self.policy.outlook
        for index, run in enumerate(self.runs):
            if run is None:
                continue
            rows = self.rows(index)
            run.decisions += 1
            if outlook is not None:
                _note_outlook(run, outlook, rows)
            if run.recorded and self.recorder is not None:
                moments[index] = Moment(
                    self.world, index, rows, observations, infos, actions, self.policy
                )
                self.recorder.decided(moments[index])
        return moments

    def _result(self, index: int, run: _Run, step: StepResult) -> EpisodeResult:
        rows, episode = self.rows(index), run.episode
        measures = measure_episode(EpisodeRecord.of(self.world, index))
        return EpisodeResult(
            task=episode.task,
            seed=episode.seed,
            map=episode.scene.map,
            success=bool(measures["success"]),
            wrong_commit=bool(measures["wrong_commit"]),
            spl=measures["spl"],
            decisions=run.decisions,
            path=measures["path_length"],
            shortest=measures["shortest_path"],
            collisions=int(measures["collisions"]),
            npc_success=tuple(step.success[rows].tolist()),
            competence=np.stack(run.competence) if run.competence else None,
            strategies=dict(run.strategies),
            interventions=run.interventions,
            family=episode.scene.family,
            measures=measures,
        )


def npc_key(task: str, seed: int, npc: int) -> str:
    """Key of an NPC that is evaluated: a new NPC in every episode, the same in every process."""
    return f"{task}/{seed}/npc{npc}"


def _note_outlook(run: _Run, outlook: Outlook, rows: slice) -> None:
    strategies = list(outlook.strategy[rows])
    before = run.last_strategy or ["policy"] * len(strategies)
    run.competence.append(np.array(outlook.competence[rows], np.float32))
    run.strategies.update(strategies)
    run.interventions += sum(
        now not in ("policy", last) for now, last in zip(strategies, before, strict=True)
    )
    run.last_strategy = strategies
