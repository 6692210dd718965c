"""The wrappers of ``envs.wrappers`` for vector environments, under the same names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import VectorEnv, VectorWrapper
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from envs.wrappers.discrete import action_table, actions_of, allowed_numbers
from envs.wrappers.transforms import (
    SENTENCE_SIZE,
    Camera,
    Encoder,
    Masked,
    Plain,
    Sentences,
    Transform,
)

__all__ = ["ActionMask", "CameraOnly", "DiscreteActions", "PlainVector", "SentenceVectors"]

_READ = ("goal", "text", "action_mask")
"""Keys of infos that transforms read."""


class _Transformed(VectorWrapper):
    """A vector environment whose observations, final ones too, are transformed."""

    def __init__(self, env: VectorEnv[Any, Any, Any], transform: Transform) -> None:
        super().__init__(env)
        self._transform = transform
        self.single_observation_space = transform.space
        self.observation_space = batch_space(transform.space, env.num_envs)

    def reset(
        self,
        *,
        seed: Any = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Begin new episodes."""
        observations, infos = self.env.reset(seed=seed, options=options)
        return self._transformed(observations, infos), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Take one decision in every world."""
        observations, rewards, terminated, truncated, infos = self.env.step(actions)
        self._transform_final(infos)
        return self._transformed(observations, infos), rewards, terminated, truncated, infos

    def _transformed(self, observations: dict[str, Any], infos: dict[str, Any]) -> Any:
        rows = range(self.num_envs)
        return self._transform(observations, [_row(infos, row) for row in rows], rows)

    def _transform_final(self, infos: dict[str, Any]) -> None:
        """Transform what ended episodes showed last, before their rows begin anew."""
        for row in np.flatnonzero(infos.get("_final_obs", ())).tolist():
            batch = {name: value[None] for name, value in infos["final_obs"][row].items()}
            said = [_row(infos["final_info"], row)]
            made = self._transform(batch, said, range(row, row + 1))
            if isinstance(made, dict):
                infos["final_obs"][row] = {name: value[0] for name, value in made.items()}
            else:
                infos["final_obs"][row] = made[0]


def _row(infos: dict[str, Any], row: int) -> dict[str, Any]:
    """What infos say of one row."""
    return {name: infos[name][row] for name in _READ if name in infos and infos["_" + name][row]}


class SentenceVectors(_Transformed):
    """As ``envs.wrappers.SentenceVectors``."""

    def __init__(
        self,
        env: VectorEnv[Any, Any, Any],
        size: int = SENTENCE_SIZE,
        encode: Encoder | None = None,
    ) -> None:
        space = env.single_observation_space
        super().__init__(env, Sentences(space, env.num_envs, size, encode))


class ActionMask(_Transformed):
    """As ``envs.wrappers.ActionMask``."""

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        super().__init__(env, Masked(env.single_observation_space, env.num_envs))


class PlainVector(_Transformed):
    """As ``envs.wrappers.PlainVector``."""

    def __init__(self, env: VectorEnv[Any, Any, Any], fields: Sequence[str] | None = None) -> None:
        plain = Plain(env.single_observation_space, fields)
        super().__init__(env, plain)
        self.layout = plain.layout


class CameraOnly(_Transformed):
    """As ``envs.wrappers.CameraOnly``."""

    def __init__(self, env: VectorEnv[Any, Any, Any], channels_last: bool = True) -> None:
        super().__init__(env, Camera(env.single_observation_space, channels_last))


class DiscreteActions(VectorWrapper):
    """As ``envs.wrappers.DiscreteActions``; ``action_masks()`` is ``(num_envs, A)``."""

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        super().__init__(env)
        self.table = action_table()
        self.single_action_space = spaces.Discrete(len(self.table))
        self.action_space = batch_space(self.single_action_space, env.num_envs)
        self._allowed = np.zeros((env.num_envs, len(self.table)), np.bool_)

    def reset(
        self,
        *,
        seed: Any = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Begin new episodes."""
        observations, infos = self.env.reset(seed=seed, options=options)
        self._allow(infos)
        return observations, infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Do what the numbers stand for."""
        observations, rewards, terminated, truncated, infos = self.env.step(
            actions_of(actions, self.table)
        )
        self._allow(infos)
        return observations, rewards, terminated, truncated, infos

    def action_masks(self) -> NDArray[np.bool_]:
        """Which numbers are allowed now, ``(num_envs, A)``."""
        return self._allowed

    def _allow(self, infos: dict[str, Any]) -> None:
        told = infos["_action_mask"]
        self._allowed[told] = allowed_numbers(self.table, infos["action_mask"][told])
