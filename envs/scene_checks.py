"""What makes a scene wrong although every field is well formed: names, geometry, reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from envs.classes import AFFORDANCE_NAMES, CLASSES, SOUND_NAMES
from envs.contract import BODY_RADIUS
from envs.palette import COLORS
from envs.reach import (
    NEAR,
    Floor,
    around,
    body_footprint,
    doorway_gap,
    footprint,
    grow,
    shared_edge,
    touches,
)
from envs.scene import MAX_THINGS, WALL_THICKNESS, Object, Place, Point, Rectangle, Scene
from envs.suggest import did_you_mean

Location = tuple[str | int, ...]
"""Path of a field, such as ("objects", 3, "color")."""

SMALLEST_PLACE = 1.0
LARGEST_SCENE = 100.0
"""Side of a place and of the whole scene, metres."""
LARGEST_OBJECT = 3.0
WALL_HALF = WALL_THICKNESS / 2


class Problem(NamedTuple):
    """One thing that is wrong."""

    at: Location
    text: str


def find_problems(scene: Scene) -> list[Problem]:
    """Everything that is wrong with a scene.

    Checks build on each other: geometry is looked at once all names are right, and reach once the
    geometry is.
    """
    stages: tuple[Callable[[Scene], Iterator[Problem]], ...] = (_names, _geometry, _reach)
    for stage in stages:
        problems = list(stage(scene))
        if problems:
            return problems
    return []


# ---------------------------------------------------------------------------------------------
# Names and references


def _names(scene: Scene) -> Iterator[Problem]:
    yield from _unique_names(scene)
    yield from _references(scene)
    for number, thing in enumerate(scene.objects):
        yield from _words_of_object(("objects", number), thing)
    for number, person in enumerate(scene.people):
        if person.tells_every is not None and not person.facts:
            yield Problem(("people", number, "tells_every"),
                          "there are no facts to tell: add facts or leave this out.")  # fmt: skip
    count = len(scene.thing_ids())
    if count > MAX_THINGS:
        yield Problem((), f"the scene has {count} things, and a scene can have {MAX_THINGS}: "
                      "leave some out.")  # fmt: skip


def _unique_names(scene: Scene) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for group in ("places", "doors", "objects", "people", "topics"):
        for number, thing in enumerate(getattr(scene, group)):
            if thing.id in ids:
                yield Problem((group, number, "id"),
                              f"'{thing.id}' is the id of {ids[thing.id]} already: "
                              "choose another.")  # fmt: skip
            ids[thing.id] = f"{group}[{number}]"
            if group in ("doors", "objects"):
                continue  # these are named after their class
            name = " ".join(thing.name.lower().split())
            if name in names:
                yield Problem((group, number, "name"),
                              f"'{thing.name}' is the name of {names[name]} already: "
                              "choose another.")  # fmt: skip
            names[name] = f"{group}[{number}]"


def _references(scene: Scene) -> Iterator[Problem]:
    places = [place.id for place in scene.places]
    for number, door in enumerate(scene.doors):
        for side, place_id in enumerate(door.between):
            if place_id not in places:
                yield Problem(("doors", number, "between", side),
                              f"no place has the id '{place_id}', "
                              f"{did_you_mean(place_id, places)}")  # fmt: skip
        if door.between[0] == door.between[1]:
            yield Problem(("doors", number, "between"), "name two different places.")
    about = [thing.id for group in (scene.objects, scene.people, scene.topics) for thing in group]
    for number, person in enumerate(scene.people):
        for row, fact in enumerate(person.facts):
            at: Location = ("people", number, "facts", row)
            if fact.about not in about:
                yield Problem((*at, "about"), f"no object, person or topic has the id "
                              f"'{fact.about}', {did_you_mean(fact.about, about)}")  # fmt: skip
            if fact.where not in places:
                yield Problem((*at, "where"), f"no place has the id '{fact.where}', "
                              f"{did_you_mean(fact.where, places)}")  # fmt: skip


def _words_of_object(at: Location, thing: Object) -> Iterator[Problem]:
    words = [("class", thing.class_name, tuple(CLASSES)), ("color", thing.color, tuple(COLORS))]
    if thing.sound is not None:
        words.append(("sound", thing.sound, SOUND_NAMES))
    for field, word, known in words:
        if word not in known:
            yield Problem((*at, field), f"unknown {field} '{word}', {did_you_mean(word, known)}")
    for number, word in enumerate(thing.affordances or ()):
        if word not in AFFORDANCE_NAMES:
            yield Problem((*at, "affordances", number),
                          f"unknown affordance '{word}', "
                          f"{did_you_mean(word, AFFORDANCE_NAMES)}")  # fmt: skip
    if thing.sounding and thing.sound is None:
        yield Problem((*at, "sounding"), "it has no sound: add the field sound.")
    if thing.size is not None and not all(0 < side <= LARGEST_OBJECT for side in thing.size):
        yield Problem((*at, "size"),
                      f"each side must be more than 0 and at most "
                      f"{LARGEST_OBJECT:g} m.")  # fmt: skip
    if thing.yaw_degrees % 90:
        yield Problem((*at, "yaw_degrees"),
                      f"objects stand square: use 0, 90, 180 or 270, "
                      f"not {thing.yaw_degrees:g}.")  # fmt: skip


# ---------------------------------------------------------------------------------------------
# Geometry


def _geometry(scene: Scene) -> Iterator[Problem]:
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
            half = door.width / 2
            opening = grow((x, z, x, z), WALL_HALF)
            opening = (x - half, opening[1], x + half, opening[3]) if along_x else (
                opening[0], z - half, opening[2], z + half)  # fmt: skip
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
    for at, name, position, area in _footprints(scene):
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


def _footprints(scene: Scene) -> Iterator[tuple[Location, str, Point, Rectangle]]:
    """Location, name (empty for spawn points, which may share a spot), position, footprint."""
    for number, thing in enumerate(scene.objects):
        yield ("objects", number), f"'{thing.id}'", thing.position, object_footprint(thing)
    for number, person in enumerate(scene.people):
        area = body_footprint(person.position)
        yield ("people", number), f"'{person.id}'", person.position, area
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


def doorway_gaps(scene: Scene) -> list[Rectangle]:
    """Where the middle of a body can be in each doorway."""
    floors = {place.id: place.floor for place in scene.places}
    return [
        doorway_gap(door.position, door.width, door.along_x(floors[door.between[0]]))
        for door in scene.doors
    ]


# ---------------------------------------------------------------------------------------------
# Reach


def _reach(scene: Scene) -> Iterator[Problem]:
    """Everything can be walked to from the first spawn point, through all doors but locked ones."""
    gaps = doorway_gaps(scene)
    floor = Floor(
        [place.floor for place in scene.places],
        [gap for door, gap in zip(scene.doors, gaps, strict=True) if door.state != "locked"],
    )
    things = list(_footprints(scene))
    for _, name, _, area in things:
        if name:
            floor.block(area)
    reached = floor.reached_from(scene.spawns[0].position)
    if not reached:
        yield Problem(("spawns", 0, "position"),
                      f"a body of {2 * BODY_RADIUS:g} m does not fit here: give it more "
                      "room.")  # fmt: skip
        return
    cut_off: list[Place] = []
    for number, place in enumerate(scene.places):
        if not floor.cells(grow(place.floor, -WALL_HALF - BODY_RADIUS)) & reached:
            cut_off.append(place)
            yield Problem(("places", number), f"'{place.id}' cannot be reached from spawns[0]: add "
                          "a door that is not locked or clear the way.")  # fmt: skip
    for at, name, position, area in things:
        home = next(place for place in scene.places if place.contains(*position))
        if home in cut_off:
            continue  # said already
        if not name:
            if not floor.cells(around(position)) & reached:
                yield Problem((*at, "position"),
                              "a body cannot get there from spawns[0]: move it or clear the "
                              "way.")  # fmt: skip
        elif not floor.near(area, home.floor) & reached:
            yield Problem((*at, "position"),
                          f"a body cannot get within {NEAR:g} m of it from spawns[0]: move it or "
                          "clear the way.")  # fmt: skip
