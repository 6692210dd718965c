"""Perturbations while an episode lasts: of senses, of actions and of the course of things."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.contract import SelfColumn
from envs.tasks.episode import Episode
from envs.world.layout import Layout
from envs.world.perturbations.names import check_perturbations
from envs.world.perturbations.staging import stage
from envs.world.perturbations.swaps import choose_swaps, swap
from envs.world.perturbations.ways import spare_door
from envs.world.state import WorldState

DARK_DECISIONS = DEAF_DECISIONS = 60
FROZEN_DECISIONS = 30
"""How long a sense is gone."""
CAMERA_NOISE, AUDIO_NOISE = (8.0, 24.0), (0.01, 0.05)
"""Least and most standard deviation, levels of 0 to 255 and samples of -1 to 1."""
_NEVER = 1 << 30
_FIRST = (5, 26)
"""Decisions in which something can begin."""


class Perturber:
    """The perturbations of a batch of worlds.

    Every one draws from its own random numbers, so a mix is what its parts are alone.

    Args:
        names: which; all episodes get them.

    Raises:
        ValueError: a name is unknown.
    """

    def __init__(self, names: Iterable[str], num_worlds: int, npcs: int) -> None:
        if not isinstance(names, str):
            names = tuple(names)  # perhaps an iterator, which is read twice
        check_perturbations(names)
        self.names = frozenset(names)
        self._npcs = npcs
        rows = num_worlds * npcs
        self._seed = np.zeros(num_worlds, np.int64)
        self._frozen_from = np.full(num_worlds, _NEVER)
        self._deaf_from = np.full(num_worlds, _NEVER)
        self._stops_from = np.full(num_worlds, _NEVER)
        self._swaps_from = np.full(num_worlds, _NEVER)
        self._swaps: list[list[tuple[int, int]]] = [[] for _ in range(num_worlds)]
        self._camera_noise = np.zeros(num_worlds)
        self._audio_noise = np.zeros(num_worlds)
        self._frames: dict[int, NDArray[np.uint8]] = {}
        self._rows = np.arange(rows).reshape(num_worlds, npcs)

    def stage(self, episode: Episode) -> Episode:
        """The episode with its scene changed."""
        return stage(episode, self.names, episode.seed)

    def begin(
        self, world: int, episode: Episode, layout: Layout, state: WorldState,
        random: np.random.Generator,
    ) -> None:  # fmt: skip
        """Choose what will happen in an episode; ``random`` is that of its world."""
        if "door_closes" in self.names:
            state.trap_door[world] = spare_door(episode, layout, random)
        if "camera_dark" in self.names:
            state.dark_from[world] = start = int(random.integers(*_FIRST))
            state.dark_until[world] = start + DARK_DECISIONS
        self._seed[world] = episode.seed
        own = {name: np.random.default_rng([episode.seed, *name.encode()]) for name in self.names}
        for name, begins in (("camera_frozen", self._frozen_from), ("deaf", self._deaf_from)):
            if name in own:
                begins[world] = own[name].integers(*_FIRST)
        if "camera_noise" in own:
            self._camera_noise[world] = own["camera_noise"].uniform(*CAMERA_NOISE)
        if "audio_noise" in own:
            self._audio_noise[world] = own["audio_noise"].uniform(*AUDIO_NOISE)
        if "action_delay" in own:
            delay = own["action_delay"].integers(contract.MAX_ACTION_DELAY + 1)
            state.action_delay[self._rows[world]] = delay
        if "partner_stops" in own and self._npcs > 1:
            self._stops_from[world] = own["partner_stops"].integers(10, 60)
        if "moved_objects" in own:
            self._swaps_from[world] = own["moved_objects"].integers(*_FIRST)
            self._swaps[world] = choose_swaps(episode, own["moved_objects"])

    def disturb_actions(self, actions: NDArray[np.int32], clock: NDArray) -> NDArray[np.int32]:
        """Actions (R, 8) as they are carried out: the last NPC may have stopped."""
        stopped = clock >= self._stops_from
        if not stopped.any():
            return actions
        actions = actions.copy()
        actions[self._rows[stopped, -1]] = contract.NO_OP
        return actions

    def disturb_things(self, worlds: tuple[int, int], state: WorldState) -> None:
        """Let things change places while nobody looks."""
        for world in range(*worlds):
            if state.running[world] and state.clock[world] >= self._swaps_from[world]:
                self._swaps[world] = [
                    pair for pair in self._swaps[world]
                    if not swap(state, world, pair, self._rows[world].tolist())
                ]  # fmt: skip

    def disturb_senses(
        self, worlds: tuple[int, int], state: WorldState, seen: dict[str, NDArray]
    ) -> None:
        """Change what the NPCs of a run of worlds have just observed."""
        for world in range(*worlds):
            if not state.running[world]:
                continue
            clock = int(state.clock[world])
            for row in self._rows[world].tolist():
                self._disturb_camera(world, row, clock, seen["camera"][row])
                self._disturb_ears(world, row, clock, seen["audio"][row], seen["self"][row])

    def _disturb_camera(self, world: int, row: int, clock: int, frame: NDArray[np.uint8]) -> None:
        if self._camera_noise[world] > 0:
            random = np.random.default_rng([self._seed[world], clock, row - self._rows[world, 0]])
            noise = random.standard_normal(frame.shape, np.float32)
            noise *= np.float32(self._camera_noise[world])
            frame[:] = np.clip(np.rint(frame + noise), 0, 255).astype(np.uint8)
        since = clock - self._frozen_from[world]
        if since == 0:
            self._frames[row] = frame.copy()
        elif 0 < since < FROZEN_DECISIONS and row in self._frames:
            frame[:] = self._frames[row]

    def _disturb_ears(
        self, world: int, row: int, clock: int, ears: NDArray[np.float32],
        body: NDArray[np.float32],
    ) -> None:  # fmt: skip
        if self._audio_noise[world] > 0:
            random = np.random.default_rng(
                [self._seed[world], clock, row - self._rows[world, 0], 1]
            )
            noise = random.standard_normal(ears.shape, np.float32)
            ears += np.float32(self._audio_noise[world]) * noise
            np.clip(ears, -1.0, 1.0, out=ears)
        since = clock - self._deaf_from[world]
        if 0 <= since < DEAF_DECISIONS:
            ears[:] = 0.0
            body[SelfColumn.AUDIO_VALID] = 0.0
            body[SelfColumn.AUDIO_AGE] = (since + 1) * contract.DECISION_SECONDS
