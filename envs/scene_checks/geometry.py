"""Places, doors and all that stands: on floors, clear of walls, doorways and each other."""

from __future__ import annotations

from collections.abc import Iterator

from envs.classes import CLASSES
from envs.reach import body_footprint, doorway_gap, footprint, grow, shared_edge, touches
from envs.scene import WALL_THICKNESS, Door, Object, Point, Rectangle, Scene
from envs.scene_checks.problem import Location, Problem

SMALLEST_PLACE = 1.0
LARGEST_SCENE = 100.0
"""Side of a place and of the whole scene, metres."""
WALL_HALF = WALL_THICKNESS / 2


def geometry_problems(scene: Scene) -> Iterator[Problem]:
    """What has no room where it is."""
    problems = list(_places(scene))
    yield from problems
    if problems:
        return  # nothing else can be judged
    yield from _doors(scene)
    yield from _standing(scene)


def _places(scene: Scene) -> Iterator[Problem]:
    for number, place in enumerate(scene.places):
        x0, z0, x1, z1 = place.floor
        at: Location = ("places", number, "floor")
        if x1 - x0 < SMALLEST_PLACE or z1 - z0 < SMALLEST_PLACE:
            yield Problem(at, "must be [x0, z0, x1, z1] with x1 and z1 at least "
                          f"{SMALLEST_PLACE:g} m beyond x0 and z0.")  # fmt: skip
            continue
        for other in scene.places[:number]:
            if touches(place.floor, other.floor):
                yield Problem(at, f"overlaps with the floor of '{other.id}': places may share "
                              "edges only.")  # fmt: skip
    floors = [place.floor for place in scene.places]
    for side, (low, high) in enumerate(((0, 2), (1, 3))):
        extent = max(floor[high] for floor in floors) - min(floor[low] for floor in floors)
        if extent > LARGEST_SCENE:
            yield Problem(("places",), f"the scene is {extent:g} m {('wide', 'deep')[side]}: "
                          f"keep it within {LARGEST_SCENE:g} m.")  # fmt: skip


def _doors(scene: Scene) -> Iterator[Problem]:
    floors = {place.id: place.floor for place in scene.places}
    seen: list[tuple[str, Rectangle]] = []
    for number, door in enumerate(scene.doors):
        one, other = door.between
        edge = shared_edge(floors[one], floors[other])
        if edge is None:
            yield Problem(("doors", number, "between"),
                          f"'{one}' and '{other}' share no edge: make their floors touch or name "
                          "other places.")  # fmt: skip
            continue
        along_x, line, start, end = edge
        x, z = door.position
        middle, across = (x, z) if along_x else (z, x)
        low, high = start + WALL_HALF + door.width / 2, end - WALL_HALF - door.width / 2
        names = ("x", "z") if along_x else ("z", "x")
        if low > high:
            yield Problem(("doors", number, "width"),
                          f"a door {door.width:g} m wide does not fit on the edge of "
                          f"{end - start:g} m that '{one}' and '{other}' share: make it "
                          "narrower.")  # fmt: skip
        elif across != line or not low <= middle <= high:
            yield Problem(("doors", number, "position"),
                          f"is not on the edge that '{one}' and '{other}' share: use "
                          f"{names[1]} = {line:g} and {names[0]} from {low:g} to "
                          f"{high:g}.")  # fmt: skip
        else:
            opening = doorway_area(door, along_x)
            for earlier, its_opening in seen:
                if touches(opening, its_opening):
                    yield Problem(("doors", number, "position"),
                                  f"overlaps with door '{earlier}': move them "
                                  "apart.")  # fmt: skip
            seen.append((door.id, opening))


def _standing(scene: Scene) -> Iterator[Problem]:
    """Objects, people and spawn points: inside a place, clear of walls, doorways and each other."""
    gaps = [(door.id, gap) for door, gap in zip(scene.doors, doorway_gaps(scene), strict=True)]
    taken: list[tuple[str, Rectangle]] = []
    for at, name, position, area in footprints(scene):
        place = scene.place_at(*position)
        if place is None:
            yield Problem((*at, "position"), "is in no place: put it on a floor.")
            continue
        room = grow(place.floor, -WALL_HALF)
        half = (area[2] - area[0]) / 2, (area[3] - area[1]) / 2
        if not _inside(area, room):
            yield Problem((*at, "position"),
                          f"is in a wall of '{place.id}': use x from {room[0] + half[0]:g} to "
                          f"{room[2] - half[0]:g} and z from {room[1] + half[1]:g} to "
                          f"{room[3] - half[1]:g}.")  # fmt: skip
        for door_id, gap in gaps:
            if at[0] == "objects" and touches(area, gap):
                yield Problem((*at, "position"),
                              f"blocks the doorway of door '{door_id}': move it "
                              "away.")  # fmt: skip
        for other, its_area in taken:
            if touches(area, its_area):
                yield Problem((*at, "position"), f"overlaps with {other}: move them apart.")
        if name:
            taken.append((name, area))


def footprints(scene: Scene) -> Iterator[tuple[Location, str, Point, Rectangle]]:
    """Location, name, position, footprint.

    The name is empty for what may share a spot: spawn points and controlled NPCs, which begin at
    them. What is inside or upon another takes no floor and is left out.
    """
    for number, thing in enumerate(scene.objects):
        if thing.inside or thing.upon:
            continue
        yield ("objects", number), f"'{thing.id}'", thing.position, object_footprint(thing)
    for number, person in enumerate(scene.people):
        area = body_footprint(person.position)
        name = "" if person.role == "npc" else f"'{person.id}'"
        yield ("people", number), name, person.position, area
    for number, spawn in enumerate(scene.spawns):
        yield ("spawns", number), "", spawn.position, body_footprint(spawn.position)


def _inside(area: Rectangle, room: Rectangle) -> bool:
    slack = 1e-6  # for positions written to the last digit
    return (
        area[0] >= room[0] - slack
        and area[1] >= room[1] - slack
        and area[2] <= room[2] + slack
        and area[3] <= room[3] + slack
    )


def object_footprint(thing: Object) -> Rectangle:
    """The floor that an object stands on."""
    size = thing.size or CLASSES[thing.class_name].size
    return footprint(thing.position, size, thing.yaw_degrees)


def doorway_area(door: Door, along_x: bool) -> Rectangle:
    """The floor under a doorway, as thick as the wall."""
    x, z = door.position
    half = door.width / 2
    return (x - half, z - WALL_HALF, x + half, z + WALL_HALF) if along_x else (
        x - WALL_HALF, z - half, x + WALL_HALF, z + half)  # fmt: skip


def doorway_gaps(scene: Scene) -> list[Rectangle]:
    """Where the middle of a body can be in each doorway."""
    floors = {place.id: place.floor for place in scene.places}
    return [
        doorway_gap(door.position, door.width, door.along_x(floors[door.between[0]]))
        for door in scene.doors
    ]
