"""What a face of the headless world is asked for: one dataclass for gymnasium and PettingZoo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from envs.episodes import EpisodeSource
from envs.rendering import check_render_mode
from envs.scene import Scene
from envs.suggest import did_you_mean
from envs.world.world import BatchWorld

DEFAULT_TASK = "navigation/named_place"
"""What a face of one NPC plays unless it is told otherwise."""


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
    senses: Sequence[str] = ("camera", "audio")
    """Those that are computed; the others stay blank."""
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
            ValueError: there is no such render mode.
        """
        known = tuple(field.name for field in fields(EnvSettings))
        for name in given:
            if name not in known:
                raise TypeError(f"There is no setting '{name}': {did_you_mean(name, known)}")
        settings = EnvSettings(**{**defaults, **given})
        check_render_mode(settings.render_mode)
        return settings

    def make_source(self, npcs: int) -> EpisodeSource:
        """What draws the episodes; raises as ``EpisodeSource.make`` does."""
        return EpisodeSource.make(npcs, self.task, self.seeds, self.family, self.map, self.scene)

    def make_world(self, num_worlds: int, npcs: int, threads: int | None = None) -> BatchWorld:
        """The worlds that are played, without episodes yet."""
        return BatchWorld(
            num_worlds, npcs, senses=self.senses, perturbations=self.perturbations,
            action_delay=self.action_delay, threads=threads,
        )  # fmt: skip
