"""One NPC in one world as a gymnasium environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import gymnasium
import numpy as np
from numpy.typing import NDArray

from envs.contract import DECISION_SECONDS
from envs.episodes import EpisodeSource, start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.scene import Scene
from envs.spaces import action_space, observation_space
from envs.world.world import BatchWorld

Observation = dict[str, Any]
"""The contract's fields and masks, each an array."""


class HeedfulEnv(gymnasium.Env[Observation, NDArray[np.int64]]):
    """``gymnasium.make("envs:heedful/Museum-v0")``: a decision of one NPC is a step.

    Observations are the contract's fields and masks (``envs.contract``). Every ``info`` has
    ``catalogue`` (new entries: what slots are called), ``text`` (what was heard, as text) and
    ``action_mask`` ((MASK_SIZE,) bool, True where a branch value is allowed; the branches one
    after the other); after a reset also ``goal``, ``restart``, ``task`` and ``episode_seed``;
    at the end of an episode the measures, among them ``success`` and ``spl``.

    The reward is 1 for success, -0.5 for a wrong commit and -0.001 for every decision. An episode
    terminates at a commit and is truncated at the task's step limit.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": round(1 / DECISION_SECONDS)}

    def __init__(
        self,
        family: str = "museum",
        task: str | Sequence[str] | None = "navigation/named_place",
        seeds: str | range | None = None,
        map: Literal["known", "none"] | None = None,
        scene: str | Scene | None = None,
        senses: Sequence[str] = ("camera", "audio"),
        perturbations: Sequence[str] = (),
        action_delay: int = 0,
        render_mode: str | None = None,
    ) -> None:
        """Make the environment.

        Args:
            family: of generated scenes.
            task: one or several tasks to draw from; None for every task of one NPC.
            seeds: "A:B" or a range to draw episodes from; None: the training seeds.
            map: "known", "none", or None for half and half.
            scene: a scene, its name or its file, instead of generated ones.
            senses: those that are computed; the others stay blank.
            perturbations: what goes wrong on purpose in every episode.
            action_delay: decisions between an observation and the action that it causes.
            render_mode: "rgb_array": ``render`` returns what the NPC sees.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"There is no render mode '{render_mode}': use 'rgb_array' or None.")
        self.render_mode = render_mode
        self.observation_space = observation_space()
        self.action_space = action_space()
        self._source = EpisodeSource.make(1, task, seeds, family, map, scene)
        self.world = BatchWorld(
            1, 1, senses=senses, perturbations=perturbations, action_delay=action_delay
        )

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin a new episode.

        Args:
            seed: of the draws of episodes from here on.
            options: ``{"episode_seed": 2000000, "task": "navigation/ringing"}`` asks for a certain
                episode; both may be left out.
        """
        super().reset(seed=seed)
        episode = self._source.draw(self.np_random, options)
        self.world.reset(0, episode)
        observation, info = self._observe()
        return observation, info | start_info(episode)

    def step(
        self, action: NDArray[np.int64]
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take one decision; values that the mask forbids do nothing."""
        result = self.world.step(np.asarray(action)[None])
        observation, info = self._observe()
        terminated, truncated = bool(result.terminated[0]), bool(result.truncated[0])
        if terminated or truncated:
            info |= measure_episode(EpisodeRecord.of(self.world, 0))
        return observation, float(result.reward[0]), terminated, truncated, info

    def render(self) -> NDArray[np.uint8] | None:
        """What the NPC saw last, ``(64, 64, 3)``; None without a render mode."""
        if self.render_mode is None:
            return None
        return self.world.observation["camera"][0].transpose(1, 2, 0).copy()

    def _observe(self) -> tuple[Observation, dict[str, Any]]:
        batch = self.world.observe()
        info = {
            "catalogue": self.world.take_catalogue(0),
            "text": self.world.texts(0),
            "action_mask": self.world.action_mask()[0].copy(),
        }
        return {name: values[0].copy() for name, values in batch.items()}, info
