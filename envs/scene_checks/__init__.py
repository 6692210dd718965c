"""What makes a scene wrong although every field is well formed.

One module per question: do names and ids meet (`names`), do the fields of a thing go together
(`things`), can the tasks be done (`tasks`), does everything have room (`geometry`), keep to its
path (`paths`) and can be got at (`access`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from envs.scene import Scene
from envs.scene_checks.access import access_problems
from envs.scene_checks.geometry import geometry_problems, object_footprint
from envs.scene_checks.names import name_problems
from envs.scene_checks.paths import path_problems
from envs.scene_checks.problem import Location, Problem
from envs.scene_checks.tasks import task_problems
from envs.scene_checks.things import thing_problems

__all__ = ["Location", "Problem", "find_problems", "object_footprint"]


def find_problems(scene: Scene) -> list[Problem]:
    """Everything that is wrong with a scene.

    Checks build on each other: what things can do is looked at once all names are right, geometry
    once that is, and paths and access once the geometry is.
    """
    stages: tuple[tuple[Callable[[Scene], Iterator[Problem]], ...], ...] = (
        (name_problems,),
        (thing_problems, task_problems),
        (geometry_problems,),
        (path_problems, access_problems),
    )
    for checks in stages:
        problems = [problem for check in checks for problem in check(scene)]
        if problems:
            return problems
    return []
