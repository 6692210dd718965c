"""Our equals of the steps in ``mlagents_envs.base_env``: what agents observed, batched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from unity_bridge.llapi.own_specs import BehaviorSpec

Step = TypeVar("Step")


class DecisionStep(NamedTuple):
    """What one agent that asks for an action has observed; see ``DecisionSteps``."""

    obs: list[NDArray]
    reward: float
    agent_id: int
    action_mask: list[NDArray[np.bool_]] | None
    group_id: int
    group_reward: float


class TerminalStep(NamedTuple):
    """What one agent observed as its episode ended; see ``TerminalSteps``."""

    obs: list[NDArray]
    reward: float
    interrupted: bool
    agent_id: int
    group_id: int
    group_reward: float


class _Steps(Mapping[int, Step]):
    """Rows of agents, found by agent id."""

    agent_id: NDArray[np.int32]

    @property
    def agent_id_to_index(self) -> dict[int, int]:
        """Agent id -> row."""
        return {int(agent): row for row, agent in enumerate(self.agent_id)}

    def _row(self, agent_id: int) -> int:
        rows = np.flatnonzero(self.agent_id == agent_id)
        if not rows.size:
            raise KeyError(f"agent_id {agent_id} is not present in the {type(self).__name__}")
        return int(rows[-1])

    def __len__(self) -> int:
        return len(self.agent_id)

    def __iter__(self) -> Iterator[int]:
        return iter(self.agent_id)


class DecisionSteps(_Steps[DecisionStep]):
    """Agents that ask for an action.

    Attributes:
        obs: for each observation ``(n, *shape)`` float32.
        reward: ``(n,)`` float32, since the agent's last step.
        agent_id: ``(n,)`` int32.
        action_mask: for each branch ``(n, size)`` bool, True = forbidden; None without branches
            or agents.
        group_id: ``(n,)`` int32, 0 for none.
        group_reward: ``(n,)`` float32.
    """

    def __init__(
        self,
        obs: list[NDArray],
        reward: NDArray,
        agent_id: NDArray,
        action_mask: list[NDArray] | None,
        group_id: NDArray,
        group_reward: NDArray,
    ):
        self.obs = obs
        self.reward = reward
        self.agent_id = agent_id
        self.action_mask = action_mask
        self.group_id = group_id
        self.group_reward = group_reward

    def __getitem__(self, agent_id: int) -> DecisionStep:
        row = self._row(agent_id)
        masks = self.action_mask
        return DecisionStep(
            [value[row] for value in self.obs],
            self.reward[row],
            agent_id,
            None if masks is None else [mask[row] for mask in masks],
            self.group_id[row],
            self.group_reward[row],
        )

    @staticmethod
    def empty(spec: BehaviorSpec) -> DecisionSteps:
        """No agents."""
        return DecisionSteps(
            _no_observations(spec), np.zeros(0, np.float32), np.zeros(0, np.int32), None,
            np.zeros(0, np.int32), np.zeros(0, np.float32),
        )  # fmt: skip


class TerminalSteps(_Steps[TerminalStep]):
    """Agents whose episode has ended.

    Attributes:
        obs: for each observation ``(n, *shape)`` float32.
        reward: ``(n,)`` float32, since the agent's last step.
        interrupted: ``(n,)`` bool, True where the episode was cut off, as by a step limit.
        agent_id: ``(n,)`` int32.
        group_id: ``(n,)`` int32, 0 for none.
        group_reward: ``(n,)`` float32.
    """

    def __init__(
        self,
        obs: list[NDArray],
        reward: NDArray,
        interrupted: NDArray,
        agent_id: NDArray,
        group_id: NDArray,
        group_reward: NDArray,
    ):
        self.obs = obs
        self.reward = reward
        self.interrupted = interrupted
        self.agent_id = agent_id
        self.group_id = group_id
        self.group_reward = group_reward

    def __getitem__(self, agent_id: int) -> TerminalStep:
        row = self._row(agent_id)
        return TerminalStep(
            [value[row] for value in self.obs],
            self.reward[row],
            self.interrupted[row],
            agent_id,
            self.group_id[row],
            self.group_reward[row],
        )

    @staticmethod
    def empty(spec: BehaviorSpec) -> TerminalSteps:
        """No agents."""
        return TerminalSteps(
            _no_observations(spec), np.zeros(0, np.float32), np.zeros(0, bool),
            np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32),
        )  # fmt: skip


def _no_observations(spec: BehaviorSpec) -> list[NDArray]:
    return [np.zeros((0, *observed.shape), np.float32) for observed in spec.observation_specs]
