"""After every decision of a batch: what was achieved, who is done, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.contract import Result
from envs.tasks.episode import Episode
from envs.tasks.judging import Judge
from envs.world.layout import Layout
from envs.world.state import WorldState
from envs.world.truth import StateTruth

PLAYING, SUCCEEDED, FAILED = 0, 1, 2
"""Values of ``WorldState.done``."""
_SUCCESS, _WRONG, _DECISION, _STEP = range(4)
"""Columns of what an episode is worth, as ``envs.goals.Reward`` has them."""


@dataclass(frozen=True)
class StepResult:
    """What one step brought."""

    reward: NDArray[np.float32]
    """(R,)"""
    terminated: NDArray[np.bool_]
    """(W,) the episode ended by success or a wrong commit."""
    truncated: NDArray[np.bool_]
    """(W,) the step limit was reached."""
    success: NDArray[np.bool_]
    """(R,) this NPC has reached its goal."""
    wrong_commit: NDArray[np.bool_]
    """(R,) this NPC committed to a wrong answer."""
    achieved: NDArray[np.int32]
    """(R,) steps of its goal that this NPC has newly achieved."""


class Referee:
    """Judges the worlds of a batch.

    Judges are asked only about worlds in which something happened that can matter: an act was
    completed, a body came into another place, somebody spoke.

    Attributes:
        steps_done: (R,) how many steps of its goal each NPC has achieved.
    """

    def __init__(self, num_worlds: int, npcs: int) -> None:
        self.steps_done = np.zeros(num_worlds * npcs, np.int32)
        self._shape = (num_worlds, npcs)
        self._judges: list[Judge | None] = [None] * num_worlds
        self._listens = np.zeros(num_worlds, np.bool_)
        self._watches = np.zeros(num_worlds, np.bool_)
        self._worth = np.zeros((4, num_worlds * npcs), np.float32)
        self._place = np.full(num_worlds * npcs, -1, np.int32)

    def begin(self, world: int, episode: Episode) -> None:
        """Follow another episode in one world."""
        judge = self._judges[world] = Judge(episode)
        rows = self._rows(world)
        self.steps_done[rows] = 0
        self._place[rows] = -1
        self._listens[world], self._watches[world] = judge.listens, judge.watches
        worth = episode.reward
        each = (worth.success, worth.wrong, worth.decision, worth.step)
        self._worth[:, rows] = np.array(each, np.float32)[:, None]

    def judge(
        self,
        state: WorldState,
        layouts: list[Layout | None],
        running: NDArray[np.bool_],
        playing: NDArray[np.bool_],
    ) -> StepResult:
        """Judge the decision that the worlds have just taken; ends episodes in ``state``.

        Args:
            state: after the decision.
            layouts: of all worlds.
            running: (W,) worlds that took it.
            playing: (R,) NPCs that took it.
        """
        before = self.steps_done.copy()
        wrong = np.zeros(len(playing), np.bool_)
        for world in np.flatnonzero(running & self._has_news(state, playing)).tolist():
            judge, layout = self._judges[world], layouts[world]
            if judge is not None and layout is not None:
                truth = StateTruth(state, layout, world, self._shape[1])
                self._judge_world(judge, truth, state, world, playing, wrong)
        achieved = self.steps_done - before
        terminated, truncated = self._end_episodes(state, running)
        success = state.done == SUCCEEDED
        reward = np.zeros(len(playing), np.float32)
        for worth, outcome in zip(
            self._worth, (success & playing, wrong, playing, achieved), strict=True
        ):
            reward += worth * outcome.astype(np.float32)
        return StepResult(reward, terminated, truncated, success, wrong, achieved)

    def _has_news(self, state: WorldState, playing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(W,) worlds in which something may have been achieved."""
        moved = state.place != self._place
        self._place[:] = state.place
        done_something = state.last_act[:, 2] == Result.DONE
        news = (playing & (moved | done_something)).reshape(self._shape).any(axis=1)
        return news | self._watches | (self._listens & (state.spoken_count > 0))

    def _judge_world(
        self,
        judge: Judge,
        truth: StateTruth,
        state: WorldState,
        world: int,
        playing: NDArray[np.bool_],
        wrong: NDArray[np.bool_],
    ) -> None:
        rows = self._rows(world)
        judge.advance(truth, playing[rows].tolist())
        self.steps_done[rows] = judge.achieved
        for npc, row in enumerate(range(rows.start, rows.stop)):
            if not playing[row]:
                continue
            verdict = judge.judge_commit(npc, truth)
            if verdict is not None:
                state.done[row] = SUCCEEDED if verdict == "success" else FAILED
                wrong[row] = verdict == "wrong"

    def _end_episodes(
        self, state: WorldState, running: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(W,) worlds that ended by themselves, and by the step limit."""
        done = state.done.reshape(self._shape)
        failed = (done == FAILED).any(axis=1)
        all_done = (done != PLAYING).all(axis=1)
        terminated = running & (all_done | (failed & state.team))
        truncated = running & ~terminated & (state.clock >= state.step_limit)
        state.running[terminated | truncated] = False
        return terminated, truncated

    def _rows(self, world: int) -> slice:
        return slice(world * self._shape[1], (world + 1) * self._shape[1])
