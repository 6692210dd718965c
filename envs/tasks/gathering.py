"""Where a team begins: near each other, with room to move."""

from __future__ import annotations

import math

from envs.scene import Point, Spawn
from envs.tasks.staging import Stage

APART = 0.9
"""Least distance between two who start, metres."""
NEAR = 9.0
"""Farthest way from the first of them to another, metres."""


def gather(stage: Stage, count: int) -> list[Spawn]:
    """Spawn points near each other; where the scene has too few, free floor serves too.

    Raises:
        TaskError: there is no room for so many near any spawn point.
    """
    for first in stage.stream.shuffled(stage.scene.spawns):
        stage.true_map.start_from(first.position)
        spots = dict(stage.true_map.spots(NEAR))
        chosen = [first]
        others = [spawn for spawn in stage.scene.spawns if _near(spawn.position, spots)]
        for spawn in stage.stream.shuffled(others):
            if len(chosen) < count and _is_apart(spawn.position, chosen):
                chosen.append(spawn)
        for point in stage.stream.shuffled(sorted(spots)):
            if len(chosen) == count:
                break
            if _is_apart(point, chosen):
                turn = stage.stream.choice((0.0, 90.0, 180.0, 270.0))
                chosen.append(Spawn.model_construct(position=point, yaw_degrees=turn))
        if len(chosen) == count:
            return chosen
    raise stage.fail(f"room for {count} near one spawn point")


def _near(point: Point, spots: dict[Point, float]) -> bool:
    """Whether a point is within half a metre of ground that can be walked to."""
    return any(math.dist(point, spot) < 0.5 for spot in spots)


def _is_apart(point: Point, chosen: list[Spawn]) -> bool:
    return all(math.dist(point, other.position) >= APART for other in chosen)
