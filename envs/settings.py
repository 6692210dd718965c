"""What a face of the headless world is asked for: one dataclass for gymnasium and PettingZoo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from envs import contract
from envs.episodes import EpisodeSource
from envs.rendering import check_render_mode
from envs.scene import Scene
from envs.spaces import observation_space
from envs.suggest import did_you_mean
from envs.world.camera import LARGEST, SMALLEST
from envs.world.ears import Speech, check_speech
from envs.world.world import BatchWorld

DEFAULT_TASK = "navigation/named_place"
"""What a face of one NPC plays unless it is told otherwise."""
CONTRACT_SENSES = ("camera", "audio")
"""Senses of the contract that take time to compute."""


@dataclass(frozen=True, kw_only=True)
class EnvSettings:
    """The keyword arguments of every face, such as ``gymnasium.make(ID, task="ringing")``."""

    family: str = "museum"
    """Of generated scenes."""
    task: str | Sequence[str] | None = None
    """One or several tasks to draw from; None: every task for the number of NPCs."""
    seeds: str | range | None = None
    """"A:B" or a range to draw episodes from; None: the training seeds."""
    map: Literal["known", "none"] | None = None
    """Whether NPCs know the map; None: half and half, and a given scene keeps its own."""
    scene: str | Scene | None = None
    """A scene, its name or its file, instead of generated ones."""
    senses: Sequence[str] = CONTRACT_SENSES
    """Those of the contract's that are computed; the others stay blank: black, silent."""
    camera_size: int = contract.CAMERA_SIZE
    """Pixels along a side of every image, 16 to 512; a brain of ours needs the contract's 64."""
    depth: bool = False
    """Whether observations also have ``depth``, metres (``envs.spaces.observation_space``)."""
    semantic: bool = False
    """Whether observations also have ``semantic``, ids of classes (as for ``depth``)."""
    speech: Speech = "text"
    """How others are heard: "voice" speaks their sentences aloud (the extra ``voice``)."""
    perturbations: Sequence[str] = ()
    """What goes wrong on purpose in every episode."""
    action_delay: int = 0
    """Decisions between an observation and the action that it causes."""
    render_mode: str | None = None
    """One of ``envs.rendering.RENDER_MODES``, or None."""
    render_size: int | None = None
    """Height of rendered pictures, pixels; None: the camera's own, or 512 for a plan or window."""

    @staticmethod
    def read(given: Mapping[str, Any], **defaults: Any) -> EnvSettings:
        """Settings from keyword arguments.

        Args:
            given: what the user wrote.
            defaults: what counts for those that the user left out.

        Raises:
            TypeError: there is no setting of a name.
            ValueError: a setting has no such value.
            VoiceError: voices cannot be had.
        """
        known = tuple(field.name for field in fields(EnvSettings))
        for name in given:
            if name == "npcs":
                raise TypeError("This face has one NPC: use envs.parallel_env(npcs=...) for more.")
            if name not in known:
                raise TypeError(f"There is no setting '{name}': {did_you_mean(name, known)}")
        settings = EnvSettings(**{**defaults, **given})
        check_render_mode(settings.render_mode)
        check_speech(settings.speech)
        _check_senses(settings.senses)
        _check_images(settings)
        _check_episodes(settings)
        return settings

    def make_source(self, npcs: int) -> EpisodeSource:
        """What draws the episodes; raises as ``EpisodeSource.make`` does."""
        return EpisodeSource.make(npcs, self.task, self.seeds, self.family, self.map, self.scene)

    def observation_space(self) -> spaces.Dict:
        """What one NPC perceives with these settings."""
        return observation_space(self.camera_size, depth=self.depth, semantic=self.semantic)

    def make_world(self, num_worlds: int, npcs: int, threads: int | None = None) -> BatchWorld:
        """The worlds that are played, without episodes yet."""
        wanted = {"depth": self.depth, "semantic": self.semantic}
        senses = (*self.senses, *(name for name, is_wanted in wanted.items() if is_wanted))
        return BatchWorld(
            num_worlds, npcs, senses=senses, camera_size=self.camera_size,
            perturbations=self.perturbations, action_delay=self.action_delay, speech=self.speech,
            threads=threads,
        )  # fmt: skip


def perceived(world: BatchWorld) -> dict[str, NDArray[Any]]:
    """What every row perceived last, ``(R, ...)``: the contract's fields, then images asked for.

    The arrays are valid until the next ``observe``.
    """
    images: dict[str, NDArray[Any]] = {
        "depth": world.camera.depth,
        "semantic": world.camera.semantic,
    }
    return world.observation | {name: images[name] for name in images if name in world.senses}


def _check_senses(senses: object) -> None:
    if isinstance(senses, str) or not isinstance(senses, Sequence):
        raise ValueError(
            f"senses is {senses!r}: give the names of those to compute, such as ('camera',), "
            "or () for none."
        )
    for name in senses:
        if name in ("depth", "semantic"):
            raise ValueError(f"'{name}' is no sense of the contract: ask for it by {name}=True.")
        if name not in CONTRACT_SENSES:
            raise ValueError(
                f"There is no sense '{name}': {did_you_mean(str(name), CONTRACT_SENSES)}"
            )


def _check_images(settings: EnvSettings) -> None:
    size: Any = settings.camera_size
    is_whole = isinstance(size, int | np.integer) and not isinstance(size, bool)
    if not is_whole or not SMALLEST <= size <= LARGEST:
        raise ValueError(
            f"camera_size is {size!r}: give a whole number of pixels from {SMALLEST} to {LARGEST}, "
            "the side of a square image."
        )
    for name in ("depth", "semantic"):
        value = getattr(settings, name)
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} is {value!r}: say True or False.")


def _check_episodes(settings: EnvSettings) -> None:
    """What would otherwise be read as something else: another map, the training seeds."""
    seeds: Any = settings.seeds
    if settings.map not in ("known", "none", None):
        raise ValueError(
            f"map is {settings.map!r}: say 'known', 'none', or None for half and half."
        )
    if not (seeds is None or isinstance(seeds, str | range)) or seeds == range(0):
        raise ValueError(
            f"seeds is {seeds!r}: give some as 'A:B' or range(A, B), or None for the training "
            "seeds."
        )
    size: Any = settings.render_size
    if size is not None and not isinstance(size, int | np.integer):
        raise ValueError(f"render_size is {size!r}: give the height of the picture in pixels.")
