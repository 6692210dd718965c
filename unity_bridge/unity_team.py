"""All agents of any Unity build as a PettingZoo parallel environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gymnasium import spaces
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from unity_bridge.llapi import BaseEnv, DecisionSteps, TerminalSteps
from unity_bridge.unity_spaces import BehaviorSpaces, make_idle_actions


@dataclass
class _Outcome:
    """What a step brought, by agent."""

    observations: dict[str, Any] = field(default_factory=dict)
    rewards: dict[str, float] = field(default_factory=dict)
    terminations: dict[str, bool] = field(default_factory=dict)
    truncations: dict[str, bool] = field(default_factory=dict)
    infos: dict[str, dict[str, Any]] = field(default_factory=dict)


Step = tuple[
    dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]
]


class UnityParallelEnv(ParallelEnv[str, Any, Any]):
    """``UnityParallelEnv(UnityEnvironment("builds/Soccer"))``: every agent of every behaviour.

    Agents are called ``"<behaviour>?agent_id=<id>"``, as in ``mlagents_envs``. An agent whose
    episode has ended leaves until ``reset``, and idles in Unity; one that appears during an episode
    joins. Agents may ask for actions at different rates: ``infos[agent]["asks"]`` is False for one
    that does not ask now, whose observation is its last one and whose action will not be used.
    ``infos[agent]["action_mask"]`` is as in ``UnityGymEnv``. Rewards include the group's.

    Args:
        env: any ``BaseEnv``; closed with this one.
        uint8_images: images as uint8 0 to 255 instead of float32 0 to 1.
    """

    metadata: dict[str, Any] = {"name": "unity_v0", "render_modes": [], "is_parallelizable": True}

    def __init__(self, env: BaseEnv, *, uint8_images: bool = False):
        self._env = env
        self._uint8_images = uint8_images
        self._spaces: dict[str, BehaviorSpaces] = {}
        self._behavior_of: dict[str, str] = {}
        self._gone: set[str] = set()
        self.possible_agents: list[str] = []
        self.agents: list[str] = []
        self.render_mode = None
        self._last: dict[str, Any] = {}
        self.reset()

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent observes."""
        return self._spaces[self._behavior_of[agent]].observation

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent can do."""
        return self._spaces[self._behavior_of[agent]].action

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Begin anew; Unity is not seeded again, see ``UnityGymEnv``."""
        self._env.reset()
        self.agents = []
        self._gone = set()
        outcome = _Outcome()
        self._collect(outcome)
        while not self.agents:
            self._env.step()
            self._collect(outcome)
        return outcome.observations, outcome.infos

    def step(self, actions: dict[str, Any]) -> Step:
        """Act, and wait until an agent asks again or its episode ends.

        Args:
            actions: for each agent, in its action space; one that is left out idles.
        """
        for behavior, spec in self._env.behavior_specs.items():
            decisions, _ = self._env.get_steps(behavior)
            batch = make_idle_actions(spec.action_spec, decisions)
            for row, number in enumerate(decisions.agent_id):
                agent = _name(behavior, number)
                if agent in actions and agent not in self._gone:
                    self._spaces[behavior].write_action(batch, row, actions[agent])
            self._env.set_actions(behavior, batch)
        self._env.step()
        outcome = _Outcome()
        waiting = list(self.agents)
        self._collect(outcome)
        for agent in waiting:
            if agent not in outcome.observations:
                self._put(outcome, agent, self._last[agent], 0.0, {"asks": False})
        return (
            outcome.observations,
            outcome.rewards,
            outcome.terminations,
            outcome.truncations,
            outcome.infos,
        )

    def render(self) -> None:
        """Unity renders by itself."""

    def close(self) -> None:
        """Close the Unity environment."""
        self._env.close()

    def _collect(self, outcome: _Outcome) -> None:
        """Sort what the agents observed: those that ask, those that ended, those that are new."""
        for behavior, spec in self._env.behavior_specs.items():
            if behavior not in self._spaces:
                self._spaces[behavior] = BehaviorSpaces(spec, uint8_images=self._uint8_images)
            decisions, terminals = self._env.get_steps(behavior)
            for row, number in enumerate(terminals.agent_id):
                agent = _name(behavior, number)
                if agent in self.agents:
                    self._end(outcome, agent, terminals, row)
            for row, number in enumerate(decisions.agent_id):
                agent = _name(behavior, number)
                if agent not in self._gone:
                    self._ask(outcome, agent, behavior, decisions, row)

    def _ask(
        self, outcome: _Outcome, agent: str, behavior: str, decisions: DecisionSteps, row: int
    ) -> None:
        self._behavior_of[agent] = behavior
        if agent not in self.possible_agents:
            self.possible_agents.append(agent)
        if agent not in self.agents:
            self.agents.append(agent)
        info: dict[str, Any] = {"asks": True}
        if decisions.action_mask is not None:
            info["action_mask"] = self._spaces[behavior].read_mask(decisions, row)
        observation = self._spaces[behavior].read_observation(decisions, row)
        self._last[agent] = observation
        self._put(outcome, agent, observation, _reward(decisions, row), info)

    def _end(self, outcome: _Outcome, agent: str, terminals: TerminalSteps, row: int) -> None:
        observation = self._spaces[self._behavior_of[agent]].read_observation(terminals, row)
        self._put(outcome, agent, observation, _reward(terminals, row), {"asks": False})
        interrupted = bool(terminals.interrupted[row])
        outcome.terminations[agent] = not interrupted
        outcome.truncations[agent] = interrupted
        self._gone.add(agent)
        self.agents.remove(agent)

    @staticmethod
    def _put(
        outcome: _Outcome, agent: str, observation: Any, reward: float, info: dict[str, Any]
    ) -> None:
        outcome.observations[agent] = observation
        outcome.rewards[agent] = reward
        outcome.terminations[agent] = outcome.truncations[agent] = False
        outcome.infos[agent] = info


def _name(behavior: str, number: int) -> str:
    return f"{behavior}?agent_id={number}"


def _reward(steps: DecisionSteps | TerminalSteps, row: int) -> float:
    return float(steps.reward[row] + steps.group_reward[row])
