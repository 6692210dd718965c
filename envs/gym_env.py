"""One NPC in one world as a gymnasium environment."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from envs.episodes import start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.rendering import FRAMES_PER_SECOND, RENDER_MODES, Renderer
from envs.settings import DEFAULT_TASK, EnvSettings, perceived
from envs.spaces import action_space

Observation = dict[str, Any]
"""The contract's fields and masks, each an array."""


class HeedfulEnv(gymnasium.Env[Observation, NDArray[np.int64]]):
    """``gymnasium.make("envs:heedful/Museum-v0")``: a decision of one NPC is a step.

    Observations are the contract's fields and masks (``envs.contract``); other sizes of images,
    ``depth`` and ``semantic`` may be asked for (``envs.spaces.observation_space`` says in which
    units). Every ``info`` has
    ``catalogue`` (new entries: what slots are called), ``text`` (what was heard, as text) and
    ``action_mask`` ((MASK_SIZE,) bool, True where a branch value is allowed; the branches one
    after the other); after a reset also ``goal``, ``restart``, ``task`` and ``episode_seed``;
    at the end of an episode the measures, among them ``success`` and ``spl``.

    The reward is 1 for success, -0.5 for a wrong commit and -0.001 for every decision, unless a
    scene's own task says otherwise. An episode terminates at a commit and is truncated at the
    task's step limit.
    """

    metadata = {"render_modes": list(RENDER_MODES), "render_fps": FRAMES_PER_SECOND}

    def __init__(self, **settings: Any) -> None:
        """Make the environment.

        Args:
            settings: fields of ``envs.settings.EnvSettings``, such as ``family``, ``task``,
                ``seeds``, ``map``, ``scene``, ``senses``, ``camera_size``, ``depth``, ``semantic``
                and ``render_mode``; the task is "navigation/named_place" unless given.
        """
        self.settings = EnvSettings.read(settings, task=DEFAULT_TASK)
        self.render_mode = self.settings.render_mode
        self.observation_space = self.settings.observation_space()
        self.action_space = action_space()
        self._source = self.settings.make_source(1)
        self.world = self.settings.make_world(1, 1)
        self._renderer = Renderer(self.world, self.render_mode, self.settings.render_size)
        self._is_playing = False

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
        self._is_playing = True
        observation, info = self._observe()
        return observation, info | start_info(episode)

    def step(
        self, action: NDArray[np.int64]
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Take one decision; values that the mask forbids do nothing.

        Raises:
            ValueError: there is no episode, or it has ended; or this is no action.
        """
        if not self._is_playing:
            is_new = self.world.episodes[0] is None
            why = "There is no episode to step" if is_new else "The episode has ended"
            raise ValueError(f"{why}: call reset first.")
        result = self.world.step(np.asarray(action)[None])
        observation, info = self._observe()
        terminated, truncated = bool(result.terminated[0]), bool(result.truncated[0])
        if terminated or truncated:
            self._is_playing = False
            info |= measure_episode(EpisodeRecord.of(self.world, 0))
        return observation, float(result.reward[0]), terminated, truncated, info

    def render(self) -> NDArray[np.uint8] | None:
        """The picture of ``render_mode`` (see ``envs.rendering``), None for a window or no mode."""
        frames = self._renderer.render()
        return None if frames is None else frames[0]

    def close(self) -> None:
        """Close the window, if there is one."""
        self._renderer.close()

    def _observe(self) -> tuple[Observation, dict[str, Any]]:
        self.world.observe()
        info = {
            "catalogue": self.world.take_catalogue(0),
            "text": self.world.texts(0),
            "action_mask": self.world.action_mask()[0].copy(),
        }
        if self._renderer.is_window:
            self._renderer.render()
        return {name: values[0].copy() for name, values in perceived(self.world).items()}, info
