"""Several NPCs in one world as a PettingZoo parallel environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from envs import contract
from envs.episodes import start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.rendering import FRAMES_PER_SECOND, RENDER_MODES, Renderer
from envs.settings import EnvSettings, perceived
from envs.spaces import action_space

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
        "name": "heedful_v0",
        "render_modes": list(RENDER_MODES),
        "render_fps": FRAMES_PER_SECOND,
        "is_parallelizable": True,
    }

    def __init__(self, family: str = "museum", npcs: int = 2, **settings: Any) -> None:
        """Make the environment.

        Args:
            family: of generated scenes.
            npcs: agents.
            settings: as for ``HeedfulEnv``; without a ``task``, every task for that number.
        """
        self.settings = EnvSettings.read({"family": family, **settings})
        self.metadata = {**self.metadata, "name": f"heedful_{family}_v0"}
        self.render_mode = self.settings.render_mode
        self.possible_agents = [f"npc_{number}" for number in range(npcs)]
        self.agents: list[str] = []
        self._source = self.settings.make_source(npcs)
        self._observation_spaces = {
            agent: self.settings.observation_space() for agent in self.possible_agents
        }
        self._action_spaces = {agent: action_space() for agent in self.possible_agents}
        self.world = self.settings.make_world(1, npcs)
        self._renderer = Renderer(self.world, self.render_mode, self.settings.render_size)
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
        """Take one decision of every agent.

        Raises:
            ValueError: there is no episode, or an agent's action is missing or is no action.
        """
        if not isinstance(actions, Mapping):
            raise ValueError("Actions are a dictionary: give one with an action for every agent.")
        missing = [agent for agent in self.agents if agent not in actions]
        if missing or not self.agents:
            cure = f"give one for {missing[0]}" if missing else "call reset first"
            raise ValueError(f"A step needs an episode and an action of every agent: {cure}.")
        for agent in self.agents:
            if np.shape(actions[agent]) != (len(contract.BRANCHES),):
                raise ValueError(
                    f"The action of {agent} has shape {np.shape(actions[agent])}: give "
                    f"{len(contract.BRANCHES)} numbers, as action_space('{agent}').sample() does."
                )
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
        """The picture of ``render_mode`` (see ``envs.rendering``), None for a window or no mode."""
        frames = self._renderer.render()
        return None if frames is None else frames[0]

    def close(self) -> None:
        """Close the window, if there is one."""
        self._renderer.close()

    def _observe(self) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        self.world.observe()
        batch, masks = perceived(self.world), self.world.action_mask()
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
        if self._renderer.is_window:
            self._renderer.render()
        return observations, infos
