"""Where the brain practises: it or the expert drives, and the expert always says what is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numba
import numpy as np
import torch
from numpy.typing import NDArray

from agent.ablation import SENSES, blank_senses
from agent.brain import POINTERS, Brain
from agent.infos import Infos
from agent.learning.buffer import LessonBuffer, node_labels
from agent.learning.recipe import Recipe
from agent.mind import Mind, View
from agent.policies.expert import expert
from agent.sampling import allow_no_op
from agent.senses.heads import Senses
from envs.contract import BRANCH_NAMES, NO_OP, TURN_DEGREES, Act, Branch, Move, Say
from envs.tasks import TASKS, Episode, find_task, make_episode
from envs.world.world import BatchWorld

NEEDED = {
    "navigation/ringing": {"audio"},
    "navigation/heard_sound": {"audio"},
    "navigation/unheard_sound": {"audio"},
    "navigation/silent_sound": {"audio"},
    "navigation/distracted_sound": {"audio"},
    "navigation/coloured_object": {"camera"},
    "navigation/described_object": {"camera"},
    "navigation/ask_then_go": {"dialogue"},
    "navigation/spoken_directions": {"dialogue"},
    "interaction/fetch_and_put": {"camera"},
    "interaction/rearrange": {"camera"},
    "interaction/switch_off_beeping": {"audio"},
    "interaction/examine_and_answer": {"dialogue"},
    "coordination/two_know_halves": {"dialogue"},
    "coordination/two_person_lift": {"camera"},
    "coordination/split_errands": {"camera", "dialogue"},
    "coordination/search_and_report": {"camera", "dialogue"},
    "coordination/hand_over": {"camera"},
}
"""Senses without which a task cannot be done: never dropped in it."""

_POINTER_COLUMNS = {name: BRANCH_NAMES.index(name) for name in POINTERS}
_NOISE_MOVES = (Move.STAY, Move.WALK, Move.BACK, Move.STRAFE_LEFT, Move.STRAFE_RIGHT)


@dataclass
class Tally:
    """How episodes ended, by task, for those that the brain drove to the end."""

    played: Counter[str] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)
    decisions: int = 0

    def add(self, other: Tally) -> None:
        """Count another tally too."""
        self.played += other.played
        self.won += other.won
        self.decisions += other.decisions


class Stage:
    """Worlds with the same number of NPCs and the same delay, and the episodes they play."""

    def __init__(
        self, worlds: int, npcs: int, delay: int, recipe: Recipe, random: np.random.Generator
    ) -> None:
        chosen = {find_task(name).name: share for name, share in recipe.worlds.tasks.items()}
        self.tasks = {name: share for name, share in chosen.items() if TASKS[name].npcs == npcs}
        self.world = BatchWorld(worlds, npcs, action_delay=delay, threads=1)
        self.recipe, self.random = recipe, random
        self.npcs = npcs
        for index in range(worlds):
            self.renew(index)

    def renew(self, index: int) -> Episode:
        """Begin the next episode in a world."""
        names, shares = list(self.tasks), np.array(list(self.tasks.values()))
        name = names[self.random.choice(len(names), p=shares / shares.sum())]
        seed = int(self.random.integers(*self.recipe.worlds.seeds))
        families = self.recipe.worlds.families_of(name)
        episode = make_episode(name, seed, families[self.random.integers(len(families))])
        self.world.reset(index, episode)
        return episode


class Practice:
    """Plays some stages with one mind and stores lessons; belongs to one thread.

    Args:
        senses: perception heads, shared and not changed.
        brain: the learner's brain, shared; it acts with its present weights.
        buffer: where lessons go.
        recipe: how to practise.
        worlds: number of worlds with one NPC, and with two.
        seed: of everything random here.
    """

    def __init__(
        self,
        senses: Senses,
        brain: Brain,
        buffer: LessonBuffer,
        recipe: Recipe,
        worlds: tuple[int, int],
        seed: Sequence[int],
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.buffer, self.recipe = buffer, recipe
        self.stages = [
            Stage(share, npcs, delay, recipe, self.random)
            for count, npcs in zip(worlds, (1, 2), strict=True)
            for delay, share in deal(count, recipe.worlds.delays).items()
            if share
        ]
        self.mind = Mind(senses, brain, seed=int(self.random.integers(1 << 30)))
        self.rows = sum(stage.world.num_rows for stage in self.stages)
        self.expert_drives = np.ones(self.rows, np.bool_)
        self.dropped = np.zeros((self.rows, len(SENSES)), np.bool_)
        self.restart = np.ones(self.rows, np.bool_)
        self.decision = np.zeros(self.rows, np.int64)
        self._stored: list[list[tuple[int, int]]] = [[] for _ in range(self.rows)]
        """Per row: serial number and clock of the decisions stored since its episode began."""

    def play(self, decisions: int, expert_share: float) -> Tally:
        """Play on for some decisions.

        Args:
            decisions: how many, in every world.
            expert_share: chance that the expert drives an episode that begins.
        """
        torch.set_num_threads(1)
        numba.set_num_threads(1)
        tally = Tally()
        for _ in range(decisions):
            view = self._perceive()
            answers, _ = expert(view.belief, view.plan)
            self._store(view, answers)
            actions = disturb_actions(answers, self.recipe.imitation.noise, self.random)
            if not self.expert_drives.all():
                proposal = self.mind.propose(view)
                actions = np.where(self.expert_drives[:, None], actions, proposal.actions)
            self.mind.act(view, actions)
            self.decision += 1
            self.restart[:] = False
            self._step(actions, expert_share, tally)
            tally.decisions += self.rows
        return tally

    def _perceive(self) -> View:
        """Observe all stages as one batch of rows."""
        parts = [stage.world.observe() for stage in self.stages]
        observations = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for column, sense in enumerate(SENSES):
            if self.dropped[:, column].any():
                observations = blank_senses(observations, [sense], self.dropped[:, column])
        infos = Infos.empty(self.rows)
        infos.catalogue, infos.texts, infos.goals = [], [], []
        deaf = self.dropped[:, SENSES.index("dialogue")]
        for stage in self.stages:
            for row in range(stage.world.num_rows):
                at = len(infos.goals)
                episode = stage.world.episodes[row // stage.npcs]
                assert episode is not None
                new = self.restart[at]
                infos.goals.append(episode.npcs[row % stage.npcs].instruction if new else "")
                infos.catalogue.append(stage.world.take_catalogue(row))
                infos.texts.append(() if deaf[at] else stage.world.texts(row))
        infos.action_mask = np.concatenate([stage.world.action_mask() for stage in self.stages])
        infos.restart = self.restart.copy()
        return self.mind.perceive(observations, infos)

    def _store(self, view: View, answers: NDArray[np.int64]) -> None:
        """Keep a share of the rows."""
        rows = choose_lessons(view, self.recipe.imitation.keep, self.random)
        serials = self.buffer.add(view.inputs, label_actions(view, answers), rows)
        for row, serial in zip(rows, serials, strict=True):
            self._stored[row].append((int(serial), int(self.decision[row])))

    def _step(self, actions: NDArray[np.int64], expert_share: float, tally: Tally) -> None:
        """Step all stages; where an episode ended, say how it went and begin the next."""
        start = 0
        for stage in self.stages:
            world = stage.world
            rows = slice(start, start + world.num_rows)
            result = world.step(actions[rows])
            for index in np.flatnonzero(result.terminated | result.truncated):
                first = start + int(index) * stage.npcs
                team = range(first, first + stage.npcs)
                success = bool(result.success[first - start : first - start + stage.npcs].all())
                self._end(team, success, world.episodes[index], tally)
                task = stage.renew(int(index)).task
                self._begin(team, task, expert_share)
            start += world.num_rows

    def _end(self, team: range, success: bool, episode: Episode | None, tally: Tally) -> None:
        by_brain = not self.expert_drives[team.start : team.stop].any()
        for row in team:
            if by_brain and self._stored[row]:
                serials, clocks = np.array(self._stored[row]).T
                self.buffer.finish(serials, self.decision[row] - clocks, success)
            self._stored[row].clear()
        if by_brain and episode is not None:
            tally.played[episode.task] += 1
            tally.won[episode.task] += success

    def _begin(self, team: range, task: str, expert_share: float) -> None:
        rows = slice(team.start, team.stop)
        self.restart[rows] = True
        self.decision[rows] = 0
        self.expert_drives[rows] = self.random.random() < expert_share
        chance = self.recipe.worlds.dropped_senses
        for column, sense in enumerate(SENSES):
            droppable = sense not in NEEDED.get(task, set())
            drawn = self.random.random(len(team)) < chance
            self.dropped[rows, column] = drawn & droppable


def choose_lessons(view: View, keep: float, random: np.random.Generator) -> NDArray[np.int64]:
    """A share of the rows; those that wait for their team have nothing to learn."""
    free = allow_no_op(view.infos.action_mask).sum(axis=1) > len(NO_OP)
    return np.flatnonzero(free & (random.random(len(free)) < keep))


def label_actions(view: View, answers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The expert's actions ``(R, 8)`` with nodes in place of slots."""
    return node_labels(answers, view.features.node_slot, _POINTER_COLUMNS)


def disturb_actions(
    answers: NDArray[np.int64], noise: float, random: np.random.Generator
) -> NDArray[np.int64]:
    """The expert's actions with a little noise, so that it shows how to recover."""
    actions = answers.copy()
    noisy = np.flatnonzero(random.random(len(answers)) < noise)
    actions[noisy, Branch.MOVE] = random.choice(_NOISE_MOVES, len(noisy))
    actions[noisy, Branch.TURN] = random.integers(0, len(TURN_DEGREES), len(noisy))
    actions[noisy, Branch.ACT] = Act.NONE
    actions[noisy, Branch.SAY] = Say.NONE
    return actions


def deal(count: int, shares: dict[int, float]) -> dict[int, int]:
    """Deal whole things by shares, so that none is lost.

    >>> deal(8, {0: 0.7, 1: 0.3})
    {0: 6, 1: 2}
    """
    total, dealt, seen = sum(shares.values()), 0, 0.0
    parts = {}
    for key, share in shares.items():
        seen += share
        parts[key] = round(count * seen / total) - dealt
        dealt += parts[key]
    return parts
