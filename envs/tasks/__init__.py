"""What is asked of NPCs in the headless world, when it is done, and what that is worth.

`make_episode` stages a task; a world plays it and a `Judge` says what was achieved and whether a
commit was right.
The modules that are imported here register their tasks.
"""

from __future__ import annotations

from typing import Literal

from envs.generate import generate
from envs.scene import Scene
from envs.tasks import (
    coordination,
    handling,
    interaction,
    navigation,
    routes,
    seeing,
    sounds,
    teamwork,
)
from envs.tasks.episode import (
    Briefing,
    Episode,
    NpcTask,
    TaskError,
)
from envs.tasks.judging import Judge, WorldTruth
from envs.tasks.registry import TASKS, Task
from envs.tasks.scene_tasks import find_task
from envs.tasks.seeds import TEST_SEEDS, TRAIN_SEEDS, VALIDATION_SEEDS, parse_seeds
from envs.tasks.staging import Stage

__all__ = [
    "TASKS",
    "TEST_SEEDS",
    "TRAIN_SEEDS",
    "VALIDATION_SEEDS",
    "Briefing",
    "Episode",
    "Judge",
    "NpcTask",
    "Task",
    "TaskError",
    "WorldTruth",
    "coordination",
    "find_task",
    "handling",
    "interaction",
    "make_episode",
    "navigation",
    "parse_seeds",
    "routes",
    "seeing",
    "sounds",
    "teamwork",
]


VARIANTS = 12
"""Generated scenes of one seed that a task is tried in, until one has all that it needs."""

MORE_DECISIONS = 100
"""Added to the step limit for every NPC above a task's default: they often wait for one another."""


def make_episode(
    task: str,
    seed: int,
    family: str = "museum",
    map: Literal["known", "none"] | None = None,
    scene: Scene | None = None,
    npcs: int | None = None,
    difficulty: float | None = None,
) -> Episode:
    """Stage one episode, the same one for the same arguments.

    Args:
        task: full name of a task or its last part; ``scene/ID`` is a task of the given scene.
        seed: chooses the scene (unless one is given) and everything the task draws.
        family: of generated scenes.
        map: whether NPCs know places and doors from the start; None: as a given scene says, else
            known for even seeds and none for odd ones.
        scene: a scene to stage the task in; None generates the family's scene of the seed.
        npcs: controlled NPCs; None: as many as the task has by default.
        difficulty: of a generated scene, from 0, easy, to 1, hard; None: as the seed draws it.

    Raises:
        TaskError: the task is unknown, not for so many NPCs, or the scene lacks what it needs.
        SceneError: the family is unknown.
    """
    found = find_task(task, scene)
    if npcs is not None and npcs not in found.team_sizes:
        sizes = ", ".join(str(size) for size in found.team_sizes)
        raise TaskError(f"{found.name} cannot be played by {npcs} NPCs: choose out of {sizes}.")
    team = npcs or found.npcs
    if scene is not None:
        return _stage(found, seed, scene, map, team)
    map = map or ("none" if seed % 2 else "known")
    for variant in range(VARIANTS - 1):
        try:
            drawn = generate(family, seed, difficulty, variant)
            return _stage(found, seed, drawn, map, team)
        except TaskError:
            continue  # the scene lacks something: the seed's next one may have it
    return _stage(found, seed, generate(family, seed, difficulty, VARIANTS - 1), map, team)


def _stage(
    task: Task, seed: int, scene: Scene, map: Literal["known", "none"] | None, npcs: int
) -> Episode:
    if map is not None and map != scene.map:
        scene = scene.model_copy(update={"map": map})
    limit = task.step_limit + MORE_DECISIONS * (npcs - task.npcs)
    return task.stage(Stage(task.name, seed, scene, npcs, limit, task.reward))
