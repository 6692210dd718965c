"""Which episodes a gym face plays: the tasks and seeds it draws from, and in which scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from envs.generate import check_family
from envs.scene import Scene, load_scene
from envs.suggest import did_you_mean
from envs.tasks import TASKS, TRAIN_SEEDS, Episode, TaskError, find_task, make_episode, parse_seeds


@dataclass(frozen=True)
class EpisodeSource:
    """Draws episodes for a fixed number of NPCs."""

    tasks: tuple[str, ...]
    """Full names, each equally likely."""
    seeds: range
    family: str
    map: Literal["known", "none"] | None
    scene: Scene | None
    npcs: int
    """Controlled NPCs of each world."""

    @staticmethod
    def make(
        npcs: int,
        task: str | Sequence[str] | None = None,
        seeds: str | range | None = None,
        family: str = "museum",
        map: Literal["known", "none"] | None = None,
        scene: str | Scene | None = None,
    ) -> EpisodeSource:
        """Check and complete what a user asks for.

        Args:
            npcs: controlled NPCs of each world.
            task: one or several tasks, ``scene/ID`` for one of the given scene; None: every task
                for this number of NPCs.
            seeds: "A:B" or a range; None: the training seeds.
            family: of generated scenes.
            map: "known", "none", or None for half and half (a given scene keeps its own).
            scene: a scene, its name or its file; None generates one for every seed.

        Raises:
            TaskError: a task is unknown or for another number of NPCs.
            SceneError: the family or the scene is unknown, or the scene not valid.
            ValueError: the seeds are not a range.
        """
        given = load_scene(scene) if isinstance(scene, str) else scene
        names = [task] if isinstance(task, str) else task
        if not names and names is not None:
            raise TaskError("No task is named: name one or several, or None for every one.")
        if given is None:
            check_family(family)
        if names is None:
            names = [
                name for name, known in TASKS.items()
                if npcs in known.team_sizes and family in known.families
            ]  # fmt: skip
            if not names:
                sizes = [size for known in TASKS.values() for size in known.team_sizes]
                raise TaskError(f"No task is for {npcs} NPCs: take {min(sizes)} to {max(sizes)}.")
        found = [find_task(name, given) for name in names]
        for known in found:
            if npcs not in known.team_sizes:
                raise TaskError(
                    f"Task '{known.name}' is for {_counted(known.npcs)} and not for {npcs}: "
                    f"use envs.parallel_env(npcs={known.npcs}) or another task."
                )
        return EpisodeSource(
            tasks=tuple(known.name for known in found),
            seeds=parse_seeds(seeds) if isinstance(seeds, str) else seeds or TRAIN_SEEDS,
            family=family,
            map=map,
            scene=given,
            npcs=npcs,
        )

    def draw(self, rng: np.random.Generator, options: dict[str, Any] | None = None) -> Episode:
        """The next episode.

        Args:
            rng: chooses task and seed.
            options: ``task`` and ``episode_seed`` ask for a certain episode; others are ignored.

        Raises:
            ValueError: an option is misspelt, or the seed of an episode no whole number.
        """
        task = self.tasks[int(rng.integers(len(self.tasks)))]
        seed = self.seeds[int(rng.integers(len(self.seeds)))]
        options = options or {}
        for name in options.keys() - {"task", "episode_seed"}:
            meant = did_you_mean(str(name), ("task", "episode_seed"))
            if meant.startswith("did"):
                raise ValueError(f"There is no option '{name}' of an episode: {meant}")
        chosen = options.get("episode_seed", seed)
        if not isinstance(chosen, int | np.integer):
            raise ValueError(f"episode_seed is {chosen!r}: give a whole number.")
        return make_episode(
            options.get("task", task), int(chosen),
            self.family, self.map, self.scene, self.npcs,
        )  # fmt: skip


def _counted(npcs: int) -> str:
    return "1 NPC" if npcs == 1 else f"{npcs} NPCs"


def start_info(episode: Episode, npc: int = 0) -> dict[str, Any]:
    """What ``info`` says of a new episode beside what every decision has.

    ``goal`` and ``restart`` are the mind's; ``task`` and ``episode_seed`` are for records.
    """
    return {
        "goal": episode.npcs[npc].instruction,
        "restart": True,
        "task": episode.task,
        "episode_seed": episode.seed,
    }
