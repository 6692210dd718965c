"""Wrappers for one environment; ``envs.wrappers.vector`` has the same for many at once.

    env = gymnasium.make("envs:heedful/Museum-v0", senses=())
    env = PlainVector(DiscreteActions(env), fields=("entities", "goal", "self"))

===================  ==============================================================================
``SentenceVectors``  the instruction and what was heard as vectors of fixed size
``ActionMask``       the action mask as part of the observation
``PlainVector``      one float vector instead of a dictionary
``CameraOnly``       the camera's picture instead of a dictionary
``DiscreteActions``  one number as the action, and ``action_masks()`` for trainers that mask
===================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.utils import RecordConstructorArgs
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


class _Transformed(gymnasium.Wrapper[Any, Any, Any, Any], RecordConstructorArgs):
    """An environment whose observations are transformed."""

    def __init__(
        self, env: gymnasium.Env[Any, Any], transform: Transform, **arguments: Any
    ) -> None:
        """Wrap an environment; ``arguments`` are what gymnasium makes the wrapper anew with."""
        RecordConstructorArgs.__init__(self, **arguments)
        gymnasium.Wrapper.__init__(self, env)
        self._transform = transform
        self.observation_space = transform.space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin a new episode."""
        observation, info = self.env.reset(seed=seed, options=options)
        return self._transformed(observation, info), info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Take one decision."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        return self._transformed(observation, info), reward, terminated, truncated, info

    def _transformed(self, observation: dict[str, Any], info: dict[str, Any]) -> Any:
        batch = {name: np.asarray(value)[None] for name, value in observation.items()}
        made = self._transform(batch, [info], range(1))
        if isinstance(made, dict):
            return {name: value[0] for name, value in made.items()}
        return made[0]


class SentenceVectors(_Transformed):
    """Adds ``instruction`` and ``utterances``: sentences as float32 vectors of fixed size."""

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        size: int = SENTENCE_SIZE,
        encode: Encoder | None = None,
    ) -> None:
        """Wrap an environment.

        Args:
            env: one of ours.
            size: of each vector.
            encode: gives the vector of a sentence; None: a signed feature hash of its words, which
                needs no language library.
        """
        super().__init__(
            env, Sentences(env.observation_space, 1, size, encode), size=size, encode=encode
        )


class ActionMask(_Transformed):
    """Adds ``action_mask``, ``(MASK_SIZE,)`` int8, 1 where a branch value is allowed."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        super().__init__(env, Masked(env.observation_space, 1))


class PlainVector(_Transformed):
    """Observations as one float32 vector; ``layout`` says which slice holds which field.

    Fields stand in the order of their names, each row by row; see ``transforms.Plain``.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], fields: Sequence[str] | None = None) -> None:
        """Wrap an environment.

        Args:
            env: one of ours, also with other wrappers around it.
            fields: which to keep; None: all of them.
        """
        plain = Plain(env.observation_space, fields)
        super().__init__(env, plain, fields=fields)
        self.layout = plain.layout


class CameraOnly(_Transformed):
    """Observations are the camera's picture and nothing else."""

    def __init__(self, env: gymnasium.Env[Any, Any], channels_last: bool = True) -> None:
        super().__init__(
            env, Camera(env.observation_space, channels_last), channels_last=channels_last
        )


class DiscreteActions(
    gymnasium.Wrapper[Any, np.int64, Any, NDArray[np.int64]], RecordConstructorArgs
):
    """Actions are one number out of ``table`` (see ``discrete.action_table``)."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        RecordConstructorArgs.__init__(self)
        gymnasium.Wrapper.__init__(self, env)
        self.table = action_table()
        self.action_space = spaces.Discrete(len(self.table))
        self._allowed = np.zeros(len(self.table), np.bool_)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin a new episode."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._allow(info)
        return observation, info

    def step(self, action: int | np.int64) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Do what the number stands for.

        Raises:
            ValueError: there is no such action.
        """
        chosen: Any = actions_of(action, self.table)
        observation, reward, terminated, truncated, info = self.env.step(chosen)
        self._allow(info)
        return observation, reward, terminated, truncated, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Which numbers are allowed now, ``(A,)`` (the name that sb3-contrib asks for)."""
        return self._allowed

    def _allow(self, info: dict[str, Any]) -> None:
        self._allowed = allowed_numbers(self.table, info["action_mask"][None])[0]
