"""The environment parameters and engine settings that a trainer sends a headless player.

``difficulty`` (0 to 1) makes the scenes of the next episodes easier or harder; a parameter
``perturbation.NAME`` above 0.5 turns a perturbation of the headless world on, from the next reset
on; ``seed`` begins another series of episodes at the next reset. Others are kept and mean nothing.
"""

from __future__ import annotations

import logging

import numpy as np

from envs.contract import DECISION_SECONDS
from envs.suggest import did_you_mean
from envs.world.perturbations import PERTURBATIONS
from unity_bridge.channels import EngineSetting, SampledParameter, Sampler

DIFFICULTY = "difficulty"
PERTURBATION = "perturbation."

_log = logging.getLogger("unity_bridge.player")


class Parameters:
    """What the trainer wants of the world.

    Args:
        seed: of the episodes until the trainer gives another one.
    """

    def __init__(self, seed: int) -> None:
        self.decision_seconds = 0.0
        """A decision takes at least so long; 0 is as fast as possible."""
        self._values: dict[str, float] = {"seed": float(seed)}
        self._sampled: dict[str, tuple[SampledParameter, np.random.Generator]] = {}

    @property
    def seed(self) -> int:
        """Of the series of episodes."""
        return int(self._values["seed"])

    @property
    def perturbations(self) -> tuple[str, ...]:
        """Names of those that are on, in the world's order."""
        return tuple(
            name for name in PERTURBATIONS if (self._value(PERTURBATION + name) or 0.0) > 0.5
        )

    def draw_difficulty(self) -> float | None:
        """Of one episode, within 0 and 1; None when the trainer has not set it."""
        value = self._value(DIFFICULTY)
        return None if value is None else min(max(value, 0.0), 1.0)

    def set(self, key: str, value: float | SampledParameter) -> None:
        """Take a parameter in."""
        name = key.removeprefix(PERTURBATION)
        if key != name and name not in PERTURBATIONS:
            _log.warning(
                "environment parameter %s is ignored: %s", key, did_you_mean(name, PERTURBATIONS)
            )
            return
        self._sampled.pop(key, None)
        if isinstance(value, SampledParameter):
            self._sampled[key] = (value, np.random.default_rng(max(value.seed, 0)))
        elif np.isfinite(value):
            self._values[key] = value

    def set_engine(self, setting: EngineSetting, values: tuple[float, ...]) -> None:
        """Take an engine setting in: the time scale counts, the rest is about rendering."""
        if setting is EngineSetting.TIME_SCALE and values[0] > 0:
            self.decision_seconds = DECISION_SECONDS / values[0]

    def _value(self, key: str) -> float | None:
        if key in self._sampled:
            return _draw(*self._sampled[key])
        return self._values.get(key)


def _draw(parameter: SampledParameter, random: np.random.Generator) -> float:
    values = parameter.values
    if parameter.sampler is Sampler.GAUSSIAN:
        return float(random.normal(values[0], abs(values[1])))
    intervals = np.reshape(values[: len(values) // 2 * 2], (-1, 2))
    widths = np.abs(intervals[:, 1] - intervals[:, 0]) + 1e-12
    low, high = intervals[random.choice(len(intervals), p=widths / widths.sum())]
    return float(low + (high - low) * random.random())
