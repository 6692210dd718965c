"""Many worlds of one NPC each as gymnasium's vector environment, stepped as one batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from envs.episodes import start_info
from envs.measures import EpisodeRecord, measure_episode
from envs.rendering import FRAMES_PER_SECOND, RENDER_MODES, Renderer
from envs.settings import DEFAULT_TASK, EnvSettings, perceived
from envs.spaces import action_space
from envs.suggest import did_you_mean

Observations = dict[str, Any]
Step = tuple[
    Observations, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]
]


class HeedfulVectorEnv(VectorEnv[Observations, NDArray[np.int64], NDArray[Any]]):
    """``gymnasium.make_vec("envs:heedful/Museum-v0", num_envs=64)``.

    ``infos`` hold what ``HeedfulEnv`` says, an array over the rows for each key;
    ``infos["_" + key]`` says in which rows it is meant. ``catalogue`` and ``text`` are arrays of
    lists. Row i seeded with s + i plays the same episodes as a single environment seeded with
    s + i. What happens when a row's episode ends is gymnasium's ``AutoresetMode``:

    ``NEXT_STEP`` (as it is unless asked for otherwise)
        The row's last observation and measures are returned with its end. The next step ignores
        the row's action and returns the first observation of a new episode, reward 0 and no end.
    ``SAME_STEP``
        The new episode begins within the step that ended the old one: the observation is the new
        one's first, and ``infos["final_obs"][row]`` and ``infos["final_info"]`` (with the
        measures) are the old one's last.
    ``DISABLED``
        Nothing begins by itself. Rows that have ended must be reset before the next step by
        ``reset(options={"reset_mask": ended})``, which leaves all other rows as they are.
    """

    metadata = {
        "render_modes": list(RENDER_MODES),
        "render_fps": FRAMES_PER_SECOND,
        "autoreset_mode": AutoresetMode.NEXT_STEP,
    }

    def __init__(
        self,
        num_envs: int = 1,
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        threads: int | None = None,
        copy: bool = True,
        **settings: Any,
    ) -> None:
        """Make the environment.

        Args:
            num_envs: worlds.
            autoreset_mode: what happens at the end of an episode; or its name.
            threads: that the worlds are dealt over; None: all cores.
            copy: False returns views of arrays that the next step overwrites, which is faster.
            settings: as for ``HeedfulEnv``.
        """
        worlds: Any = num_envs  # whatever a user wrote
        if not isinstance(worlds, int | np.integer) or worlds < 1:
            raise ValueError(f"num_envs is {worlds!r}: give a whole number of worlds from 1.")
        self.settings = EnvSettings.read(settings, task=DEFAULT_TASK)
        self.num_envs = num_envs
        self.render_mode = self.settings.render_mode
        self.autoreset_mode = _autoreset_mode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = self.settings.observation_space()
        self.single_action_space = action_space()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._source = self.settings.make_source(1)
        self.world = self.settings.make_world(num_envs, 1, threads)
        self._renderer = Renderer(self.world, self.render_mode, self.settings.render_size)
        self._copy = copy
        self._draws = [np.random.default_rng() for _ in range(num_envs)]
        self._ended = np.ones(num_envs, np.bool_)
        """(num_envs,) rows that play no episode."""

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observations, dict[str, Any]]:
        """Begin a new episode in every world, or in some.

        Args:
            seed: of the draws of episodes: one for each world, or s for s, s + 1, ...
            options: as in ``HeedfulEnv.reset``, for every world that is reset; ``reset_mask``,
                ``(num_envs,)`` bool, says which ones are.
        """
        options = dict(options or {})
        rows = np.flatnonzero(self._checked_mask(options.pop("reset_mask", None))).tolist()
        for row, own in enumerate(self._seeds(seed)):
            if own is not None and row in rows:
                self._draws[row] = np.random.Generator(np.random.PCG64(own))
        infos: dict[str, Any] = {}
        self._begin(rows, infos, options)
        if len(rows) == self.num_envs:
            self.world.observe()
        else:
            for row in rows:
                self.world.observe(only=row)
        self._tell(infos, rows)
        return self._observations(), infos

    def step(self, actions: NDArray[np.int64]) -> Step:
        """Take one decision in every world; values that the masks forbid do nothing."""
        again = self._ended.copy()
        if again.any() and (self.autoreset_mode == AutoresetMode.DISABLED or again.all()):
            self._refuse(again)
        result = self.world.step(actions)
        reward = np.where(again, 0.0, result.reward)
        terminated, truncated = result.terminated & ~again, result.truncated & ~again
        infos: dict[str, Any] = {}
        self._begin(np.flatnonzero(again).tolist(), infos, None)
        self.world.observe()
        self._ended = terminated | truncated
        self._finish(infos)
        self._tell(infos, range(self.num_envs))
        return self._observations(), reward, terminated, truncated, infos

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """A picture of each world (see ``envs.rendering``); a window shows all of them."""
        frames = self._renderer.render()
        return None if frames is None else tuple(frames)

    def close_extras(self, **kwargs: Any) -> None:
        """Close the window, if there is one."""
        self._renderer.close()

    def _begin(
        self, rows: Iterable[int], infos: dict[str, Any], options: dict[str, Any] | None
    ) -> None:
        """Begin episodes in some rows and write into the infos what is said of them."""
        for row in rows:
            episode = self._source.draw(self._draws[row], options)
            self.world.reset(row, episode)
            self._ended[row] = False
            self._add_info(infos, start_info(episode), row)

    def _finish(self, infos: dict[str, Any]) -> None:
        """Say how the rows that have just ended went, and begin anew where that is wanted."""
        for row in np.flatnonzero(self._ended).tolist():
            measures = measure_episode(EpisodeRecord.of(self.world, row))
            if self.autoreset_mode != AutoresetMode.SAME_STEP:
                self._add_info(infos, measures, row)
                continue
            last = {name: values[row].copy() for name, values in perceived(self.world).items()}
            final = {"final_obs": last, "final_info": self._said(row) | measures}
            self._add_info(infos, final, row)
            self._begin([row], infos, None)
            self.world.observe(only=row)

    def _said(self, row: int) -> dict[str, Any]:
        """What every info has of a row."""
        return {
            "catalogue": self.world.take_catalogue(row),
            "text": self.world.texts(row),
            "action_mask": self.world.action_mask()[row].copy(),
        }

    def _tell(self, infos: dict[str, Any], rows: Iterable[int]) -> None:
        for row in rows:
            self._add_info(infos, self._said(row), row)
        if self._renderer.is_window:
            self._renderer.render()

    def _observations(self) -> Observations:
        seen = perceived(self.world)
        return {name: values.copy() for name, values in seen.items()} if self._copy else seen

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int):
            return [seed + row for row in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(
                f"There are {len(seed)} seeds for {self.num_envs} worlds: give one each."
            )
        return list(seed)

    def _checked_mask(self, mask: Any) -> NDArray[np.bool_]:
        if mask is None:
            return np.ones(self.num_envs, np.bool_)
        mask = np.asarray(mask)
        if mask.shape != (self.num_envs,) or mask.dtype != np.bool_ or not mask.any():
            raise ValueError(
                f"A reset_mask is a bool for each of the {self.num_envs} worlds, at least one True."
            )
        if not mask[self._unplayed()].all():
            raise ValueError("The first reset is for every world: leave out the reset_mask.")
        return mask

    def _unplayed(self) -> NDArray[np.intp]:
        """Rows that have never had an episode."""
        return np.flatnonzero([episode is None for episode in self.world.episodes])

    def _refuse(self, ended: NDArray[np.bool_]) -> None:
        """Raise if rows cannot be stepped: there is no episode, or nothing begins a new one."""
        if self._unplayed().size:
            raise ValueError("There is no episode to step: call reset first.")
        if self.autoreset_mode == AutoresetMode.DISABLED:
            raise ValueError(
                f"The episode of world {int(np.argmax(ended))} has ended: reset it first with "
                "reset(options={'reset_mask': ended})."
            )


def _autoreset_mode(mode: str | AutoresetMode) -> AutoresetMode:
    """The mode of a name ("SAME_STEP") or value ("SameStep")."""
    for known in AutoresetMode:
        if mode in (known, known.name, known.value):
            return known
    names = [known.name for known in AutoresetMode]
    raise ValueError(f"There is no autoreset mode '{mode}': {did_you_mean(str(mode), names)}")
