"""Episodes that the checks play: each is played once and looked at by many checks."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.testing.players import act_against_masks, act_busily, act_idly
from envs.testing.subject import ByAgent, Source, Subject

Player = Callable[[Any, Any, np.random.Generator], NDArray[np.int64]]
"""From an observation, an info and random numbers to an action ``(8,)``."""


@dataclass(frozen=True)
class Moment:
    """One decision: what came of the actions, and what was shown then."""

    decision: int
    """How many decisions were taken before it was shown; 0 after the reset."""
    given: ByAgent
    """Observations as they were handed out."""
    seen: ByAgent
    """Copies of them that were made at once."""
    infos: ByAgent
    actions: ByAgent
    """That led here; empty after the reset."""
    rewards: ByAgent
    terminated: ByAgent
    truncated: ByAgent

    @property
    def is_first(self) -> bool:
        """Whether the episode has just begun."""
        return self.decision == 0

    @property
    def is_last(self) -> bool:
        """Whether the episode has ended for all."""
        return not self.is_first and all(
            self.terminated[agent] or self.truncated[agent] for agent in self.seen
        )

    def each(self) -> Iterator[tuple[str, str, Any, Any]]:
        """For every agent: its name, where this is in words, its observation and its info."""
        for agent, observation in self.seen.items():
            yield agent, self.where(agent), observation, self.infos.get(agent, {})

    def where(self, agent: str) -> str:
        """The decision and the agent in words."""
        return f"decision {self.decision}" + (f", {agent}" if len(self.seen) > 1 else "")


class Session:
    """What is checked, and the episodes that were played in it.

    Args:
        source: where environments come from.
        seed: of the episode and of the actions.
        decisions: how long episodes are played at most, where their end is not waited for.
        step_limit: decisions by which every episode must have ended.
    """

    def __init__(self, source: Source, seed: int, decisions: int, step_limit: int) -> None:
        self.source, self.seed = source, seed
        self.decisions, self.step_limit = decisions, step_limit
        self._made: list[Subject] = []

    @cached_property
    def subject(self) -> Subject:
        """The environment that most episodes are played in."""
        return self.make()

    def make(self) -> Subject:
        """Another environment, or the same one again where there is only one."""
        self._made.append(self.source.make())
        return self._made[-1]

    def close(self) -> None:
        """Close all environments that were made; what that raises is for ``check_closing``."""
        for subject in self._made:
            with suppress(Exception):
                subject.env.close()

    @cached_property
    def busy(self) -> list[Moment]:
        """An episode in which much happens."""
        return list(play(self.subject, self.seed, self.decisions, act_busily))

    @cached_property
    def forbidden(self) -> list[Moment]:
        """An episode in which nothing is tried but what the masks forbid."""
        return list(play(self.subject, self.seed, min(self.decisions, 60), act_against_masks))

    @cached_property
    def idle(self) -> Moment:
        """The last moment of an episode in which nothing is done, or of STEP_LIMIT decisions."""
        for moment in play(self.subject, self.seed, self.step_limit, act_idly):
            last = moment
        return last

    @property
    def shown(self) -> list[Moment]:
        """Moments that an NPC may be shown: of a busy episode, and the last of an idle one."""
        return [*self.busy, self.idle]


def play(subject: Subject, seed: int, decisions: int, player: Player) -> Iterator[Moment]:
    """Play an episode to its end or for some decisions, and show every moment of it."""
    rng = np.random.default_rng(seed)
    observations, infos = subject.reset(seed)
    moment = Moment(0, observations, copy.deepcopy(observations), _kept(infos), {}, {}, {}, {})
    yield moment
    for decision in range(1, decisions + 1):
        actions = {
            agent: player(moment.seen[agent], moment.infos.get(agent), rng) for agent in moment.seen
        }
        observations, rewards, terminated, truncated, infos = subject.step(actions)
        moment = Moment(
            decision, observations, copy.deepcopy(observations), _kept(infos), actions,
            rewards, terminated, truncated,
        )  # fmt: skip
        yield moment
        if moment.is_last:
            return


def _kept(infos: ByAgent) -> ByAgent:
    """Infos whose arrays nobody else writes into."""
    return {
        agent: {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in info.items()
        }
        for agent, info in infos.items()
    }
