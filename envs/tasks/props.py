"""What tasks bring into a scene: look-alikes of another class, single things, other doorways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from typing import Any

from envs.classes import CLASSES, SOUND_NAMES
from envs.scene import Door, Object, Place, Point
from envs.tasks.staging import Stage
from envs.tasks.true_map import object_area

STAND_IN = "statue"
"""What a thing becomes when its class is needed for the look-alikes alone."""
ROOM = 0.75
"""Nothing is within this distance of the middle of an added thing, metres."""


def size_of(thing: Object) -> tuple[float, float, float]:
    """Full extent of an object."""
    return thing.size or CLASSES[thing.class_name].size


def turn_into(stage: Stage, group: Sequence[Object], class_name: str) -> list[Object]:
    """Make a group of objects look-alikes of another class, the only ones of it in the scene.

    They keep where they stand and their colours, and grow no wider, so that no way changes.
    """
    ids = {thing.id for thing in group}
    for thing in stage.scene.objects:
        width, _, depth = size_of(thing)
        if thing.id in ids:
            wide, tall, deep = CLASSES[class_name].size
            narrow = min(1.0, min(width, depth) / max(wide, deep))
            size = (round(wide * narrow, 3), tall, round(deep * narrow, 3))
            stage.replace_object(
                thing.id, class_name=class_name, size=size, affordances=None, sound=None,
                sounding=False, on=False, sign=None, text=None, powers=(), path=(),
            )  # fmt: skip
        elif thing.class_name == class_name:
            tall = CLASSES[STAND_IN].size[1]
            stage.replace_object(
                thing.id, class_name=STAND_IN, size=(width, tall, depth), affordances=None,
                text=None, sign=None, on=False, sound=None, sounding=False,
            )  # fmt: skip
    return [thing for thing in stage.scene.objects if thing.id in ids]


def silence(stage: Stage) -> None:
    """Let nothing sound."""
    for thing in stage.scene.objects:
        if thing.sounding or thing.sound is not None:
            stage.replace_object(thing.id, sound=None, sounding=False)


def draw_sounds(stage: Stage, sounds: Sequence[str], count: int) -> list[str]:
    """Different sounds out of some, in random order."""
    return stage.stream.sample([name for name in SOUND_NAMES if name in sounds], count)


def add_object(
    stage: Stage, class_name: str, color: str, near: Sequence[tuple[Point, float]], **more: Any
) -> Object | None:
    """Put a new object on free floor.

    Args:
        stage: whose scene gets it.
        class_name: of the object.
        color: of the object.
        near: spots to choose from, as ``TrueMap.spots`` gives them.
        more: other fields of the object.

    Returns:
        The object; None when no spot has room.
    """
    taken = [person.position for person in (*stage.scene.people, *stage.actors)]
    taken += [spawn.position for spawn in stage.scene.spawns]
    for point, _ in stage.stream.shuffled(list(near)):
        place = stage.scene.place_at(*point)
        if place is None or not _has_room(stage, point, place):
            continue
        if any(math.dist(point, other) < ROOM for other in taken):
            continue
        made = Object.model_construct(
            id=_free_id(stage, class_name), class_name=class_name, color=color, position=point,
            yaw_degrees=stage.stream.choice((0.0, 90.0, 180.0, 270.0)), **more,
        )  # fmt: skip
        stage.scene = stage.scene.model_copy(update={"objects": (*stage.scene.objects, made)})
        stage.true_map.block(object_area(made))
        return made
    return None


def _free_id(stage: Stage, class_name: str) -> str:
    """The first id of a class that nothing in the scene has."""
    taken = set(stage.scene.thing_ids())
    return next(name for n in count(1) if (name := f"{class_name}_{n}") not in taken)


def _has_room(stage: Stage, point: Point, place: Place) -> bool:
    """Whether a body can go all around a point inside a place."""
    x, z = point
    x0, z0, x1, z1 = place.floor
    if min(x - x0, z - z0, x1 - x, z1 - z) < ROOM:
        return False
    doors = (door.position for door in stage.scene.doors)
    if any(math.dist(point, door) < 2 * ROOM for door in doors):
        return False
    for thing in stage.scene.objects:
        ax0, az0, ax1, az1 = object_area(thing)
        away = math.hypot(max(ax0 - x, 0, x - ax1), max(az0 - z, 0, z - az1))
        if away < ROOM:
            return False
    return True


def replace_door(stage: Stage, door: Door, **changes: object) -> Door:
    """Change what is in a doorway."""
    changed = door.model_copy(update=changes)
    doors = tuple(changed if other.id == door.id else other for other in stage.scene.doors)
    stage.scene = stage.scene.model_copy(update={"doors": doors})
    return changed
