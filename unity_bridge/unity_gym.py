"""One agent of any Unity build as a gymnasium environment."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from unity_bridge.llapi import BaseEnv, DecisionSteps, TerminalSteps
from unity_bridge.unity_spaces import BehaviorSpaces, make_idle_actions

Step = tuple[Any, float, bool, bool, dict[str, Any]]


class UnityGymEnv(gymnasium.Env[Any, Any]):
    """``UnityGymEnv(UnityEnvironment("builds/Pushblock"))``: a scene with one agent.

    ``info["action_mask"]`` says which values of the branches are allowed (bool, True = allowed, the
    branches one after the other). A build seeds itself once, with the ``seed`` of
    ``UnityEnvironment``; a seed given to ``reset`` seeds only ``np_random``.

    Args:
        env: any ``BaseEnv``; closed with this one.
        uint8_images: images as uint8 0 to 255 instead of float32 0 to 1.

    Raises:
        ValueError: when the scene has several behaviours or agents: those are for
            ``UnityParallelEnv``.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, env: BaseEnv, *, uint8_images: bool = False):
        self._env = env
        if not env.behavior_specs:
            env.reset()
        if len(env.behavior_specs) != 1:
            names = ", ".join(env.behavior_specs) or "none"
            raise ValueError(
                f"gymnasium takes one behaviour, and the scene has {names}: use UnityParallelEnv"
            )
        (self.behavior,) = env.behavior_specs
        self._spec = env.behavior_specs[self.behavior]
        self._spaces = BehaviorSpaces(self._spec, uint8_images=uint8_images)
        self.observation_space = self._spaces.observation
        self.action_space = self._spaces.action
        self._decisions, _ = self._steps()
        self._ended = True

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)
        self._env.reset()
        self._ended = False
        self._decisions, _ = self._steps()
        while not len(self._decisions):
            self._env.step()
            self._decisions, _ = self._steps()
        return self._spaces.read_observation(self._decisions, 0), self._info()

    def step(self, action: Any) -> Step:
        """Act, and wait until the agent asks again or its episode ends.

        Raises:
            RuntimeError: when the episode has ended.
        """
        if self._ended:
            raise RuntimeError("the episode has ended: call reset() before step()")
        actions = make_idle_actions(self._spec.action_spec, self._decisions)
        self._spaces.write_action(actions, 0, action)
        self._env.set_actions(self.behavior, actions)
        self._env.step()
        self._decisions, terminals = self._steps()
        while not len(self._decisions) and not len(terminals):
            self._env.step()
            self._decisions, terminals = self._steps()
        if len(terminals):
            self._ended = True
            observation = self._spaces.read_observation(terminals, 0)
            interrupted = bool(terminals.interrupted[0])
            return observation, _reward(terminals), not interrupted, interrupted, {}
        observation = self._spaces.read_observation(self._decisions, 0)
        return observation, _reward(self._decisions), False, False, self._info()

    def close(self) -> None:
        """Close the Unity environment."""
        self._env.close()

    def _steps(self) -> tuple[DecisionSteps, TerminalSteps]:
        decisions, terminals = self._env.get_steps(self.behavior)
        agents = len(set(decisions.agent_id.tolist()))
        if agents > 1 or len(self._env.behavior_specs) != 1:
            raise ValueError(
                f"gymnasium takes one agent, and {agents} of {len(self._env.behavior_specs)} "
                "behaviours ask for actions: use UnityParallelEnv"
            )
        return decisions, terminals

    def _info(self) -> dict[str, Any]:
        if not self._spec.action_spec.discrete_size:
            return {}
        return {"action_mask": self._spaces.read_mask(self._decisions, 0)}


def _reward(steps: DecisionSteps | TerminalSteps) -> float:
    return float(np.float32(steps.reward[0]) + np.float32(steps.group_reward[0]))
