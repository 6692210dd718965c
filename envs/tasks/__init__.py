"""What is asked of NPCs in the headless world, when it is done, and what that is worth.

`make_episode` stages a task; a world plays it and lets `judge` say whether a commit was right.
One module per category registers its tasks: navigation, interaction, coordination.
"""

from __future__ import annotations

from typing import Literal

from envs.generate import generate
from envs.scene import Scene
from envs.tasks import coordination, interaction, navigation
from envs.tasks.episode import (
    DECISION_REWARD,
    SUCCESS_REWARD,
    WRONG_COMMIT_REWARD,
    Answer,
    Briefing,
    Episode,
    NpcTask,
    TaskError,
    WorldTruth,
    judge,
)
from envs.tasks.registry import TASKS, Task, find_task
from envs.tasks.seeds import TEST_SEEDS, TRAIN_SEEDS, VALIDATION_SEEDS, parse_seeds
from envs.tasks.staging import Stage

__all__ = [
    "DECISION_REWARD",
    "SUCCESS_REWARD",
    "TASKS",
    "TEST_SEEDS",
    "TRAIN_SEEDS",
    "VALIDATION_SEEDS",
    "WRONG_COMMIT_REWARD",
    "Answer",
    "Briefing",
    "Episode",
    "NpcTask",
    "Task",
    "TaskError",
    "WorldTruth",
    "coordination",
    "find_task",
    "interaction",
    "judge",
    "make_episode",
    "navigation",
    "parse_seeds",
]


def make_episode(
    task: str,
    seed: int,
    family: str = "museum",
    map: Literal["known", "none"] | None = None,
    scene: Scene | None = None,
) -> Episode:
    """Stage one episode, the same one for the same arguments.

    Args:
        task: full name of a task or its last part.
        seed: chooses the scene (unless one is given) and everything the task draws.
        family: of generated scenes.
        map: whether NPCs know places and doors from the start; None: as a given scene says, else
            known for even seeds and none for odd ones.
        scene: a scene to stage the task in; None generates the family's scene of the seed.

    Raises:
        TaskError: the task is unknown, or the scene lacks what it needs.
        SceneError: the family is unknown.
    """
    found = find_task(task)
    if scene is None:
        scene = generate(family, seed)
        map = map or ("none" if seed % 2 else "known")
    if map is not None and map != scene.map:
        scene = scene.model_copy(update={"map": map})
    return found.stage(Stage(found.name, seed, scene, found.npcs, found.step_limit))
