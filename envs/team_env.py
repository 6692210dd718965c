"""Several NPCs in one world as a PettingZoo parallel environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from envs.contract import DECISION_SECONDS
from envs.episodes import EpisodeSource, start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.scene import Scene
from envs.spaces import action_space, observation_space
from envs.world.world import BatchWorld

Observation = dict[str, Any]
Step = tuple[
    dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, Any]
]


class HeedfulParallelEnv(ParallelEnv[str, Observation, NDArray[np.int64]]):
    """``envs.parallel_env("museum", npcs=2)``: agents "npc_0", "npc_1", ... act at the same time.

    Observations, actions, rewards and ``infos`` are those of ``HeedfulEnv``, per agent. An agent
    that has finished waits (its mask leaves it nothing but to stay) until the episode ends for all:
    when all have succeeded, when one of a team has committed wrongly, or at the step limit.
    """

    metadata = {
        "name": "heedful_museum_v0",
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / DECISION_SECONDS),
        "is_parallelizable": True,
    }

    def __init__(
        self,
        family: str = "museum",
        npcs: int = 2,
        task: str | Sequence[str] | None = None,
        seeds: str | range | None = None,
        map: Literal["known", "none"] | None = None,
        scene: str | Scene | None = None,
        senses: Sequence[str] = ("camera", "audio"),
        perturbations: Sequence[str] = (),
        action_delay: int = 0,
        render_mode: str | None = None,
    ) -> None:
        """Make the environment; arguments are those of ``HeedfulEnv`` and this.

        Args:
            npcs: agents; ``task`` None means every task for that number.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"There is no render mode '{render_mode}': use 'rgb_array' or None.")
        self.render_mode = render_mode
        self.possible_agents = [f"npc_{number}" for number in range(npcs)]
        self.agents: list[str] = []
        self._source = EpisodeSource.make(npcs, task, seeds, family, map, scene)
        self._observation_spaces = {agent: observation_space() for agent in self.possible_agents}
        self._action_spaces = {agent: action_space() for agent in self.possible_agents}
        self.world = BatchWorld(
            1, npcs, senses=senses, perturbations=perturbations, action_delay=action_delay
        )
        self._rng, _ = seeding.np_random(None)

    def observation_space(self, agent: str) -> spaces.Dict:
        """What an agent perceives."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.MultiDiscrete:
        """What an agent does."""
        return self._action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """Begin a new episode; ``seed`` and ``options`` as in ``HeedfulEnv.reset``."""
        if seed is not None:
            self._rng, _ = seeding.np_random(seed)
        episode = self._source.draw(self._rng, options)
        self.world.reset(0, episode)
        self.agents = list(self.possible_agents)
        observations, infos = self._observe()
        for number, agent in enumerate(self.agents):
            infos[agent] |= start_info(episode, number)
        return observations, infos

    def step(self, actions: dict[str, NDArray[np.int64]]) -> Step:
        """Take one decision of every agent."""
        missing = [agent for agent in self.agents if agent not in actions]
        if missing or not self.agents:
            cure = f"give one for {missing[0]}" if missing else "call reset first"
            raise ValueError(f"A step needs an episode and an action of every agent: {cure}.")
        result = self.world.step(np.stack([actions[agent] for agent in self.agents]))
        observations, infos = self._observe()
        terminated, truncated = bool(result.terminated[0]), bool(result.truncated[0])
        if terminated or truncated:
            values = measure_episode(EpisodeRecord.of(self.world, 0))
            for agent in self.agents:
                infos[agent] |= values
        rewards = dict(zip(self.agents, result.reward.tolist(), strict=True))
        terminations = dict.fromkeys(self.agents, terminated)
        truncations = dict.fromkeys(self.agents, truncated)
        if terminated or truncated:
            self.agents = []
        return observations, rewards, terminations, truncations, infos

    def render(self) -> NDArray[np.uint8] | None:
        """What the agents saw last, side by side, ``(64, 64 * npcs, 3)``."""
        if self.render_mode is None:
            return None
        return np.concatenate(list(self.world.observation["camera"].transpose(0, 2, 3, 1)), axis=1)

    def _observe(self) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        batch, masks = self.world.observe(), self.world.action_mask()
        observations = {
            agent: {name: values[row].copy() for name, values in batch.items()}
            for row, agent in enumerate(self.agents)
        }
        infos = {
            agent: {
                "catalogue": self.world.take_catalogue(row),
                "text": self.world.texts(row),
                "action_mask": masks[row].copy(),
                "npc": agent,
            }
            for row, agent in enumerate(self.agents)
        }
        return observations, infos
