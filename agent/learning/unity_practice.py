"""Practice in Unity: the same lessons as in the headless world, in games that come over the wire.

The expert plans on the mind's own belief, so it needs nothing that a game does not tell any mind.
How an episode went is what the player says on the ``episode`` channel; where it says nothing, an
episode that ends with a positive reward has succeeded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from agent.brain import Brain
from agent.learning.buffer import LessonBuffer
from agent.learning.practice import Tally, choose_lessons, disturb_actions, label_actions
from agent.learning.recipe import Recipe
from agent.learning.unity_worlds import UnityWorlds
from agent.mind import Mind
from agent.policies.expert import expert
from agent.recording import last_message
from agent.senses.heads import Senses
from agent.serving.gather import join_infos
from unity_bridge.batch import WorldBatch, WorldReply


@dataclass
class _Episode:
    """What one NPC is playing."""

    expert_drives: bool
    task: str
    decisions: int = 0
    stored: list[tuple[int, int]] = field(default_factory=list)
    """Serial number and clock of its lessons."""


class UnityPractice:
    """Plays Unity worlds with one mind and stores lessons.

    Args:
        senses: perception heads, shared and not changed.
        brain: the learner's brain, shared; it acts with its present weights.
        buffer: where lessons go.
        recipe: how to practise.
        worlds: where.
        seed: of everything random here.
    """

    def __init__(
        self,
        senses: Senses,
        brain: Brain,
        buffer: LessonBuffer,
        recipe: Recipe,
        worlds: UnityWorlds,
        seed: Sequence[int],
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.buffer, self.recipe, self.worlds = buffer, recipe, worlds
        self.mind = Mind(senses, brain, seed=int(self.random.integers(1 << 30)))
        self._episodes: dict[tuple[str, str], _Episode] = {}

    def play(self, decisions: int, expert_share: float) -> Tally:
        """Play on for some decisions.

        Args:
            decisions: how many times questions are taken and answered.
            expert_share: chance that the expert drives an episode that begins.

        Raises:
            BridgeError: no player asks any more.
        """
        tally = Tally()
        for _ in range(decisions):
            questions = self.worlds.take()
            batches = [question.batch for question in questions]
            keys = [(batch.world, npc) for batch in batches for npc in batch.npcs]
            for batch in batches:
                self._note_endings(batch, tally)
                self._note_beginnings(batch, expert_share)
            actions = self._decide(batches, keys)
            bounds = np.cumsum([len(batch.npcs) for batch in batches])[:-1]
            for question, part in zip(questions, np.split(actions, bounds), strict=True):
                self.worlds.answer(question, WorldReply(part))
            tally.decisions += len(keys)
        return tally

    def _decide(
        self, batches: Sequence[WorldBatch], keys: Sequence[tuple[str, str]]
    ) -> NDArray[np.int64]:
        """Perceive, ask the expert, keep lessons, and act as whoever drives."""
        observations = {
            name: np.concatenate([batch.observations[name] for batch in batches])
            for name in batches[0].observations
        }
        restart = np.concatenate([batch.first for batch in batches])
        infos = replace(join_infos(batches), keys=list(keys), restart=restart)
        view = self.mind.perceive(observations, infos)
        answers, _ = expert(view.belief, view.plan)
        rows = choose_lessons(view, self.recipe.imitation.keep, self.random)
        episodes = [self._episodes[key] for key in keys]
        serials = self.buffer.add(view.inputs, label_actions(view, answers), rows)
        for row, serial in zip(rows, serials, strict=True):
            episodes[row].stored.append((int(serial), episodes[row].decisions))
        actions = disturb_actions(answers, self.recipe.imitation.noise, self.random)
        driven = np.array([episode.expert_drives for episode in episodes])
        if not driven.all():
            actions = np.where(driven[:, None], actions, self.mind.propose(view).actions)
        self.mind.act(view, actions)
        for episode in episodes:
            episode.decisions += 1
        return actions

    def _note_beginnings(self, batch: WorldBatch, expert_share: float) -> None:
        """NPCs whose episode begins; those of one world are driven by the same hand."""
        drives = bool(self.random.random() < expert_share)
        for row, npc in enumerate(batch.npcs):
            if batch.first[row] or (batch.world, npc) not in self._episodes:
                task = str(last_message(batch.episodes[row], "start").get("task", batch.behavior))
                self._episodes[batch.world, npc] = _Episode(drives, task)

    def _note_endings(self, batch: WorldBatch, tally: Tally) -> None:
        said = {
            npc: last_message(news, "end")
            for npc, news in zip(batch.npcs, batch.episodes, strict=True)
        }
        for ending in batch.endings:
            episode = self._episodes.pop((batch.world, ending.npc), None)
            if episode is None or episode.expert_drives:
                continue
            reward = ending.reward + ending.group_reward
            success = bool(said.get(ending.npc, {}).get("success", reward > 0))
            if episode.stored:
                serials, clocks = np.array(episode.stored).T
                self.buffer.finish(serials, episode.decisions - clocks, success)
            tally.played[episode.task] += 1
            tally.won[episode.task] += success
