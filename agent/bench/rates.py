"""Steps per second of a batch of worlds, measured in short windows taken in turn.

Machines are shared and change their pace, so settings that are compared are played in turn, window
by window, and compared by the median of the ratios of neighbouring windows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from agent.bench.crowded import make_crowded_episode
from envs.contract import NO_OP, Branch, Move
from envs.tasks import Episode, make_episode
from envs.world.world import BatchWorld

EVERY_SENSE = ("camera", "depth", "semantic", "audio")
WALKING = 0.7
"""Share of decisions in which a body walks."""
WARM_UP = 3
"""Steps before the first window: they may compile, and they fill caches."""


@dataclass(frozen=True)
class Setting:
    """One way to play the world."""

    agents: int = 256
    npcs: int = 1
    """Per world."""
    senses: tuple[str, ...] = EVERY_SENSE
    camera_size: int = 64
    threads: int | None = 1
    """None: one per core."""
    objects: int | None = None
    """Objects of each scene; None: the museum family as it is."""


class Walkers:
    """A batch in which everybody walks at random; episodes that end begin anew."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        worlds = max(1, setting.agents // setting.npcs)
        self.world = BatchWorld(
            worlds, setting.npcs, senses=setting.senses, camera_size=setting.camera_size,
            threads=setting.threads,
        )  # fmt: skip
        self._seeds = iter(range(1 << 30))
        self._random = np.random.default_rng(0)
        self._actions = np.tile(np.array(NO_OP, np.int32), (self.world.num_rows, 1))
        for index in range(worlds):
            self.world.reset(index, self._episode())
        for _ in range(WARM_UP):
            self._step()

    def _episode(self) -> Episode:
        setting, seed = self.setting, next(self._seeds)
        if setting.objects is not None:
            return make_crowded_episode(setting.objects, seed)
        if setting.npcs == 1:
            return make_episode("navigation/named_place", seed)
        return make_episode("coordination/two_know_halves", seed, npcs=setting.npcs)

    def _step(self) -> None:
        world, actions, random = self.world, self._actions, self._random
        world.observe()
        walks = random.random(len(actions)) < WALKING
        actions[:, Branch.MOVE] = np.where(walks, Move.WALK, Move.STAY)
        actions[:, Branch.TURN] = random.integers(0, 5, len(actions))
        result = world.step(actions)
        for index in np.flatnonzero(result.terminated | result.truncated).tolist():
            world.reset(index, self._episode())

    def rate(self, seconds: float) -> float:
        """Agent-steps per second over one window."""
        steps, started = 0, time.perf_counter()
        while True:
            self._step()
            steps += 1
            elapsed = time.perf_counter() - started
            if elapsed >= seconds:
                return steps * self.world.num_rows / elapsed


def rates_in_turn(
    settings: Mapping[str, Setting],
    seconds: float,
    rounds: int,
    on_window: Callable[[str], None] = lambda name: None,
) -> dict[str, list[float]]:
    """Rates of each setting, one per round, in windows taken in turn.

    Args:
        settings: name -> setting; all are kept in memory at once.
        seconds: length of a window.
        rounds: windows of each setting.
        on_window: called after each window.
    """
    players = {name: Walkers(setting) for name, setting in settings.items()}
    rates: dict[str, list[float]] = {name: [] for name in settings}
    for _ in range(rounds):
        for name, player in players.items():
            rates[name].append(player.rate(seconds))
            on_window(name)
    return rates


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Median of the ratios of windows that were measured one after the other."""
    return median(a / b for a, b in zip(above, below, strict=True))
