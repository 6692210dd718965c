"""Things that go wrong on purpose, chosen by the episode's seed."""

from __future__ import annotations

import heapq
import itertools
import math

import numpy as np

from envs.jit import njit
from envs.world.acts.things import set_leaf, someone_in_leaf
from envs.world.layout import Layout

PERTURBATIONS: dict[str, str] = {
    "door_closes": "a door on the shortest way shuts and locks when the NPC comes near it; "
    "there is always another way",
    "camera_dark": "the camera is black for six seconds",
}
"""Name -> what it does."""

DARK_DECISIONS = 60
"""How long cameras stay dark."""
_FIRST_DARK = (5, 26)


def choose_darkness(random: np.random.Generator) -> tuple[int, int]:
    """First decision with a dark camera and the first without."""
    start = int(random.integers(*_FIRST_DARK))
    return start, start + DARK_DECISIONS


def choose_trap_door(
    layout: Layout, start: tuple[float, float], goal_place: int, random: np.random.Generator
) -> int:
    """A door on the shortest way from a point to a place, without which another way remains.

    Returns:
        Index of the door, -1 when no door on the way can be spared.
    """
    way = _doors_on_way(layout, start, goal_place, without=-1)
    if way is None:
        return -1
    spare = [
        door for door in way if _doors_on_way(layout, start, goal_place, without=door) is not None
    ]
    return int(spare[random.integers(len(spare))]) if spare else -1


def _doors_on_way(
    layout: Layout, start: tuple[float, float], goal_place: int, without: int
) -> list[int] | None:
    """Doors of the shortest way through doorway centres (Dijkstra), None when there is none."""
    here = next(
        (
            place
            for place, (x0, z0, x1, z1) in enumerate(layout.place_rect)
            if x0 <= start[0] < x1 and z0 <= start[1] < z1
        ),
        -1,
    )
    tie = itertools.count()
    queue: list[tuple[float, int, int, tuple[float, float], list[int]]] = [
        (0.0, next(tie), here, start, [])
    ]
    passed: set[int] = set()
    while queue:
        length, _, place, point, doors = heapq.heappop(queue)
        if place == goal_place:
            return doors
        for door in range(layout.door_count):
            joined = layout.door_places[door]
            if door in (without, *passed) or place not in joined or layout.door_state[door] == 2:
                continue
            center = (float(layout.door_position[door, 0]), float(layout.door_position[door, 1]))
            behind = int(joined[1] if joined[0] == place else joined[0])
            longer = length + math.dist(point, center)
            heapq.heappush(queue, (longer, next(tie), behind, center, [*doors, door]))
        if doors:
            passed.add(doors[-1])
    return None


@njit(cache=True, error_model="numpy", nogil=True)
def spring_traps(
    first_world, last_world,
    npcs, running, trap_door, wall_count, boxes, leaf_box, door_position, door_state, person,
    person_count, person_position,
):  # fmt: skip
    """Perturbation ``door_closes``: close and lock the trap door when an NPC comes near."""
    for world in range(first_world, last_world):
        door = trap_door[world]
        if not running[world] or door < 0:
            continue
        for row in range(world * npcs, world * npcs + npcs):
            me = person[row]
            dx = person_position[world, me, 0] - door_position[world, door, 0]
            dz = person_position[world, me, 2] - door_position[world, door, 1]
            near = dx * dx + dz * dz < 2.5 * 2.5
            if near and not someone_in_leaf(
                leaf_box[world, door], person_count[world], person_position[world]
            ):
                door_state[world, door] = 2
                set_leaf(door, wall_count[world], True, boxes[world], leaf_box[world])
                trap_door[world] = -1
                break
