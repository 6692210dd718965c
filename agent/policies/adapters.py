"""Everything that can act, behind the one protocol of rollouts (`agent.rollout.Policy`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.infos import Infos
from agent.rollout import Outlook
from agent.sampling import key_number
from agent.seats import begin_episodes
from envs.contract import NO_OP
from envs.policies import oracle, random_actions
from envs.world.world import BatchWorld

if TYPE_CHECKING:
    from agent.belief.planner import Plan
    from agent.belief.state import BeliefState
    from agent.mind import Decision, Mind

Rule = Callable[["BeliefState", "Plan"], tuple[NDArray[np.int64], NDArray[np.int32]]]
"""(belief, plan) -> (actions (R, 8), intents (R,))."""


class OraclePolicy:
    """Acts on the world's truth."""

    senses: tuple[str, ...] = ()
    outlook: Outlook | None = None

    def reset(self, rows: NDArray[np.intp]) -> None:
        """Nothing to forget: the oracle watches resets itself."""

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """The oracle's actions."""
        return oracle(world)


class RandomPolicy:
    """Uniform over the masks; every NPC draws from its own stream, seeded by its key."""

    senses: tuple[str, ...] = ()
    outlook: Outlook | None = None

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._streams: dict[int, np.random.Generator] = {}

    def reset(self, rows: NDArray[np.intp]) -> None:
        """New streams in these rows."""
        for row in rows.tolist():
            self._streams.pop(row, None)

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """Random actions."""
        actions = np.tile(np.array(NO_OP, np.int64), (infos.rows, 1))
        for row, key in enumerate(infos.keys):
            if key is None:
                continue
            if row not in self._streams:
                self._streams[row] = np.random.default_rng(key_number(key, self._seed))
            actions[row] = random_actions(infos.action_mask[row : row + 1], self._streams[row])[0]
        return actions


class MindPolicy:
    """A mind; it decides for the rows that play and for no others.

    Attributes:
        mind: who decides.
        decision: its last decision, one entry per NPC of ``playing``.
        playing: rows that it decided for.
        attention: whether decisions keep their attention weights.
    """

    senses: tuple[str, ...] = ("camera", "audio")

    def __init__(self, mind: Mind) -> None:
        self.mind = mind
        self.decision: Decision | None = None
        self.playing: NDArray[np.intp] = np.zeros(0, np.intp)
        self.attention = False
        self.outlook: Outlook | None = None

    def reset(self, rows: NDArray[np.intp]) -> None:
        """Nothing to do: ``restart`` in the next infos says it."""

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """The mind's actions."""
        self.playing = np.flatnonzero([key is not None for key in infos.keys])
        mine, beside = choose_rows(observations, infos, self.playing)
        begin_episodes(self.mind, beside, self.playing.tolist())
        decision = self.mind.decide(
            mine, replace(beside, keys=self.playing.tolist()), attention=self.attention
        )
        self.decision = decision
        actions = np.tile(np.array(NO_OP, np.int64), (infos.rows, 1))
        actions[self.playing] = decision.action
        self.outlook = _spread(decision, self.playing, infos.rows)
        return actions


class RulePolicy:
    """A rule on the belief of a mind whose brain is not asked."""

    senses: tuple[str, ...] = ("camera", "audio")
    outlook: Outlook | None = None

    def __init__(self, mind: Mind, rule: Rule, senses: tuple[str, ...] = senses) -> None:
        self.mind, self.rule, self.senses = mind, rule, senses

    def reset(self, rows: NDArray[np.intp]) -> None:
        """Nothing to do: ``restart`` in the next infos says it."""

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """The rule's actions."""
        playing = np.flatnonzero([key is not None for key in infos.keys])
        mine, beside = choose_rows(observations, infos, playing)
        view = self.mind.perceive(mine, replace(beside, keys=playing.tolist()))
        chosen, _ = self.rule(view.belief, view.plan)
        self.mind.act(view, chosen)
        actions = np.tile(np.array(NO_OP, np.int64), (infos.rows, 1))
        actions[playing] = chosen
        return actions


def expert_policy(mind: Mind) -> RulePolicy:
    """The expert, who sees and hears with this mind's perception."""
    from agent.policies.expert import expert

    return RulePolicy(mind, expert)


def scripted_policy(without: Iterable[str], seed: int) -> RulePolicy:
    """The scripted policy: its perception is neither trained nor used."""
    from agent.mind import Mind
    from agent.policies.scripted import scripted

    blind = {*without, "camera", "audio"}
    return RulePolicy(Mind.untrained(without=blind, seed=seed), scripted, ())


def choose_rows(
    observations: Mapping[str, NDArray], infos: Infos, rows: NDArray[np.intp]
) -> tuple[dict[str, NDArray], Infos]:
    """Observations and infos of some rows; copied only when some are left out."""
    chosen = rows.tolist()
    if len(chosen) == infos.rows:
        return dict(observations), infos
    return {name: array[rows] for name, array in observations.items()}, Infos(
        keys=[infos.keys[row] for row in chosen],
        catalogue=[infos.catalogue[row] for row in chosen],
        texts=[infos.texts[row] for row in chosen],
        goals=[infos.goals[row] for row in chosen],
        action_mask=infos.action_mask[rows],
        restart=infos.restart[rows],
    )


class _Spread:
    """A decision's outlook over all rows of the batch; rows that do not play count as policy."""

    def __init__(self, competence: NDArray[np.float32], strategy: list[str]) -> None:
        self.competence, self.strategy = competence, strategy


def _spread(decision: Decision, playing: NDArray[np.intp], rows: int) -> _Spread:
    competence = np.zeros(rows, np.float32)
    competence[playing] = decision.competence
    strategy = ["policy"] * rows
    for row, name in zip(playing.tolist(), decision.strategy, strict=True):
        strategy[row] = name
    return _Spread(competence, strategy)
