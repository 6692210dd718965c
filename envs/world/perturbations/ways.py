"""Doors on the shortest way that can be spared: another way remains without them."""

from __future__ import annotations

import heapq
import itertools
import math

import numpy as np

from envs.tasks.episode import Episode
from envs.world.layout import Layout


def spare_door(episode: Episode, layout: Layout, random: np.random.Generator) -> int:
    """A door on the first NPC's way to its answer that can be spared, -1 if there is none."""
    goal, scene = episode.npcs[0].goal, episode.scene
    wanted, places = goal.place or goal.target, {place.id for place in scene.places}
    found = None if wanted in places else scene.place_of(wanted)
    if found is None and wanted not in places:
        return -1
    target = layout.index[wanted if found is None else found.id]
    body = next(person for person in scene.people if person.role == "npc")
    x, z = (float(np.float32(value)) for value in body.position)
    return choose_trap_door(layout, (x, z), target, random)


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
