"""Many worlds of one NPC each as gymnasium's vector environment, stepped as one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from envs.contract import DECISION_SECONDS
from envs.episodes import EpisodeSource, start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.scene import Scene
from envs.spaces import action_space, observation_space
from envs.world.world import BatchWorld

Observations = dict[str, Any]
Step = tuple[
    Observations, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]
]


class HeedfulVectorEnv(VectorEnv[Observations, NDArray[np.int64], NDArray[Any]]):
    """``gymnasium.make_vec("envs:heedful/Museum-v0", num_envs=64)``.

    Autoreset is NEXT_STEP: the step after an episode's end ignores that row's action, returns the
    first observation of a new episode, reward 0 and no end. ``infos`` hold what
    ``HeedfulEnv`` says, an array over the rows for each key; ``infos["_" + key]`` says in which
    rows it is meant. ``catalogue`` and ``text`` are arrays of lists.

    Row i seeded with s + i plays the same episodes as a single environment seeded with s + i.
    """

    metadata = {
        "render_modes": ["rgb_array"],
        "render_fps": round(1 / DECISION_SECONDS),
        "autoreset_mode": AutoresetMode.NEXT_STEP,
    }

    def __init__(
        self,
        num_envs: int = 1,
        family: str = "museum",
        task: str | Sequence[str] | None = "navigation/named_place",
        seeds: str | range | None = None,
        map: Literal["known", "none"] | None = None,
        scene: str | Scene | None = None,
        senses: Sequence[str] = ("camera", "audio"),
        perturbations: Sequence[str] = (),
        action_delay: int = 0,
        threads: int | None = None,
        copy: bool = True,
        render_mode: str | None = None,
    ) -> None:
        """Make the environment; arguments are those of ``HeedfulEnv`` and these.

        Args:
            num_envs: worlds.
            threads: of the kernels; None: all cores.
            copy: False returns views of arrays that the next step overwrites, which is faster.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"There is no render mode '{render_mode}': use 'rgb_array' or None.")
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.single_observation_space = observation_space()
        self.single_action_space = action_space()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._source = EpisodeSource.make(1, task, seeds, family, map, scene)
        self.world = BatchWorld(
            num_envs, 1, senses=senses, perturbations=perturbations, action_delay=action_delay,
            threads=threads,
        )  # fmt: skip
        self._copy = copy
        self._draws = [np.random.default_rng() for _ in range(num_envs)]
        self._ended = np.zeros(num_envs, np.bool_)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observations, dict[str, Any]]:
        """Begin a new episode in every world.

        Args:
            seed: of the draws of episodes: one for each world, or s for s, s + 1, ...
            options: as in ``HeedfulEnv.reset``, for every world.
        """
        seeds = [None if seed is None else seed + i for i in range(self.num_envs)] if (
            seed is None or isinstance(seed, int)) else list(seed)  # fmt: skip
        if len(seeds) != self.num_envs:
            raise ValueError(
                f"There are {len(seeds)} seeds for {self.num_envs} worlds: give one each."
            )
        for index, own in enumerate(seeds):
            if own is not None:
                self._draws[index] = np.random.Generator(np.random.PCG64(own))
        self._ended[:] = False
        everywhere = np.ones(self.num_envs, np.bool_)
        infos = self._begin(everywhere, options)
        return self._observe(infos), infos

    def step(self, actions: NDArray[np.int64]) -> Step:
        """Take one decision in every world; values that the masks forbid do nothing."""
        result = self.world.step(actions)
        again = self._ended
        reward = np.where(again, 0.0, result.reward)
        terminated, truncated = result.terminated & ~again, result.truncated & ~again
        infos = self._begin(again, None)
        self._ended = terminated | truncated
        for index in np.flatnonzero(self._ended).tolist():
            values = measure_episode(EpisodeRecord.of(self.world, index))
            self._write(infos, index, values)
        return self._observe(infos), reward, terminated, truncated, infos

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """What the NPCs saw last, ``(64, 64, 3)`` each; None without a render mode."""
        if self.render_mode is None:
            return None
        return tuple(self.world.observation["camera"].transpose(0, 2, 3, 1).copy())

    def _begin(self, where: NDArray[np.bool_], options: dict[str, Any] | None) -> dict[str, Any]:
        """Begin episodes in some worlds; what the infos say of them."""
        infos: dict[str, Any] = {}
        for index in np.flatnonzero(where).tolist():
            episode = self._source.draw(self._draws[index], options)
            self.world.reset(index, episode)
            self._write(infos, index, start_info(episode))
        return infos

    def _write(self, infos: dict[str, Any], index: int, values: dict[str, Any]) -> None:
        """Set values of one row of the infos."""
        for name, value in values.items():
            if name not in infos:
                kind = type(value) if isinstance(value, (bool, int, float)) else object
                infos[name] = np.zeros(self.num_envs, kind)
                infos["_" + name] = np.zeros(self.num_envs, np.bool_)
            infos[name][index] = value
            infos["_" + name][index] = True

    def _observe(self, infos: dict[str, Any]) -> Observations:
        batch = self.world.observe()
        infos["action_mask"] = self.world.action_mask().copy()
        infos["_action_mask"] = np.ones(self.num_envs, np.bool_)
        for name, read in (("catalogue", self.world.take_catalogue), ("text", self.world.texts)):
            lists = np.empty(self.num_envs, object)
            for row in range(self.num_envs):
                lists[row] = read(row)
            infos[name], infos["_" + name] = lists, np.ones(self.num_envs, np.bool_)
        return {name: values.copy() for name, values in batch.items()} if self._copy else batch
