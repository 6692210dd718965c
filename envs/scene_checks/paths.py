"""The ways of what moves by itself: on floors, through open doorways, clear of all that stands."""

from __future__ import annotations

import math
from collections.abc import Iterator

from envs.classes import CLASSES
from envs.contract import BODY_RADIUS
from envs.reach import grow
from envs.scene import Point, Rectangle, Scene
from envs.scene_checks.geometry import WALL_HALF, doorway_area, doorway_gaps, footprints
from envs.scene_checks.problem import Location, Problem

STEP = 0.1
"""A way is looked at every so many metres."""


def path_problems(scene: Scene) -> Iterator[Problem]:
    """Paths that lead through walls, closed doors or what stands there."""
    gaps = doorway_gaps(scene)
    floors = {place.id: place.floor for place in scene.places}
    shut = [
        (door.id, doorway_area(door, door.along_x(floors[door.between[0]])))
        for door in scene.doors
        if door.kind in ("gate", "barrier") or door.state != "open"
    ]
    standing = list(footprints(scene))
    for at, start, path, radius in _paths(scene):
        if len(path) == 1:
            yield Problem((*at, "path"), "one point is no way: add another.")
            continue
        rooms = [grow(place.floor, -WALL_HALF - radius) for place in scene.places]
        obstacles = [(name, area) for where, name, _, area in standing
                     if name and where[0] == "objects" and where != at]  # fmt: skip
        for row, (one, other) in enumerate(zip((start, *path), (*path, path[0]), strict=True)):
            steps = _steps(one, other)
            trouble = _off_floor(steps, [*rooms, *gaps]) or _blocked(steps, shut, obstacles)
            if trouble:
                last = row == len(path)
                way = "the way back to path[0]" if last else "the way to it"
                yield Problem((*at, "path", row - last), f"{way} {trouble}")
                break


def _off_floor(steps: list[Point], floors: list[Rectangle]) -> str | None:
    for step in steps:
        if not _within(step, floors):
            return (f"leads through a wall or off the floor at ({step[0]:.2f}, {step[1]:.2f}): "
                    "lead it elsewhere.")  # fmt: skip
    return None


def _blocked(
    steps: list[Point],
    shut: list[tuple[str, Rectangle]],
    obstacles: list[tuple[str, Rectangle]],
) -> str | None:
    for door_id, area in shut:
        if any(_within(step, [area]) for step in steps):
            return (f"leads through '{door_id}', which does not let it pass: lead it elsewhere or "
                    "open that.")  # fmt: skip
    for name, area in obstacles:
        if any(_within(step, [area]) for step in steps):
            return f"leads through {name}: lead it around that."
    return None


def _paths(scene: Scene) -> Iterator[tuple[Location, Point, tuple[Point, ...], float]]:
    """Location, starting point, path and radius of everything that has a path."""
    for number, thing in enumerate(scene.objects):
        if thing.path:
            width, _, depth = thing.size or CLASSES[thing.class_name].size
            yield ("objects", number), thing.position, thing.path, max(width, depth) / 2
    for number, person in enumerate(scene.people):
        if person.path:
            yield ("people", number), person.position, person.path, BODY_RADIUS


def _steps(one: Point, other: Point) -> list[Point]:
    """Points on the line between two, both included."""
    count = max(1, math.ceil(math.dist(one, other) / STEP))
    return [
        (one[0] + (other[0] - one[0]) * n / count, one[1] + (other[1] - one[1]) * n / count)
        for n in range(count + 1)
    ]


def _within(point: Point, areas: list[Rectangle]) -> bool:
    """True when a point is in one of some areas, edges included."""
    x, z = point
    slack = 1e-6  # for positions written to the last digit
    return any(
        a[0] - slack <= x <= a[2] + slack and a[1] - slack <= z <= a[3] + slack for a in areas
    )
