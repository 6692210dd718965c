"""Scenes made from a family and a seed: `generate("museum", 7)` is the same scene for ever.

A museum has 4 to 9 rooms on a grid, doors between them, exhibits along the walls, a guide, some
visitors and two events that the guide alone knows the places of. One class of exhibit has four or
five look-alikes that differ in colour only. Whatever is drawn at random is drawn independently, so
that nothing that can be read betrays what must be seen, heard or asked.

Seeds are a convention of training: 0 to 999,999 to train, 1,000,000 to 1,999,999 to validate, from
2,000,000 to test.
"""

from __future__ import annotations

import difflib
import math
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from envs.classes import CLASSES, OBJECT_CLASSES, PORTABLE_CLASSES, SOUND_NAMES
from envs.contract import BODY_RADIUS
from envs.palette import COLOR_NAMES, FLOOR_COLORS, WALL_COLORS
from envs.reach import (
    CELL, Floor, body_footprint, distance_to, doorway_gap, footprint, grow, overlap, touches,
)  # fmt: skip
from envs.scene import (
    WALL_THICKNESS, Door, Fact, Object, Person, Place, Point, Rectangle, Scene, SceneError, Spawn,
    Topic,
)  # fmt: skip

ADJECTIVES = (
    "amber", "marble", "ivory", "copper", "silver", "velvet", "cedar", "maple", "granite", "bronze",
    "royal", "quiet", "grand", "old", "long", "harbor", "winter", "summer", "linen", "coral",
    "river", "island", "garden", "mountain",
)  # fmt: skip
"""First words of room names; each occurs once in a scene, so it alone tells which room is meant."""
NOUNS = ("hall", "room", "gallery", "chamber", "salon", "wing", "court", "studio")
TOPIC_NAMES = (
    "the concert", "the lecture", "the auction", "the workshop", "the reading", "the banquet",
    "the rehearsal", "the ceremony", "the debate", "the screening", "the raffle", "the reception",
)  # fmt: skip
VISITOR_NAMES = (
    "Carla", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Louis",
    "Marta", "Noor",
)  # fmt: skip

ROOM_COUNTS = (4, 5, 6, 7, 8, 9)
ROOM_SIZES = (3.0, 3.25, 3.5, 3.75, 4.0)
EXTRA_DOORS = 0.3
"""Chance of a doorway between neighbours that are connected already."""
CLOSED_DOORS = 0.35
OBJECT_COUNTS = (8, 9, 10, 11, 12, 13, 14)
LOOK_ALIKES = (4, 5)
FREE_STANDING = 0.2
"""Chance that an object stands in the room instead of at a wall."""
OBJECT_SPACING = 1.1
"""Least distance between the middles of two objects, metres."""
DOOR_WIDTH = 1.0
DOOR_ZONE = (0.9, 1.1)
"""Kept free of objects before and behind a door: half width along the wall, depth; metres."""
WALL_GAP = 0.05
SPAWN_COUNT = 4
SPAWN_GAP = 0.6
"""Least distance of a spawn point to anything, metres."""
TRIES = 60

T = TypeVar("T")


class Stream:
    """Random draws that are the same in every Python: all come from ``random()`` alone."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._random() * len(items))]

    def uniform(self, low: float, high: float) -> float:
        """A number between two others, to the centimetre."""
        return round(low + (high - low) * self._random(), 2)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        return self.sample(items, len(items))

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Some different items in random order."""
        pool = list(items)
        for position in range(count):
            other = position + int(self._random() * (len(pool) - position))
            pool[position], pool[other] = pool[other], pool[position]
        return pool[:count]


def generate(family: str, seed: int) -> Scene:
    """Make the scene of a family and seed.

    Raises:
        SceneError: the family is unknown or the seed negative.
    """
    if family not in FAMILIES:
        close = difflib.get_close_matches(family, FAMILIES, 1)
        cure = f"did you mean '{close[0]}'" if close else f"known are {', '.join(FAMILIES)}"
        raise SceneError(f"No family of scenes is called '{family}': {cure}?")
    if seed < 0:
        raise SceneError(f"A scene's seed must be 0 or more, not {seed}: write {family}:{-seed}.")
    stream = Stream(f"{family}:{seed}")
    while True:
        scene = FAMILIES[family](stream, f"{family}:{seed}")
        if scene is not None:
            return scene


class _Crowded(Exception):
    """No room is left for what must stand somewhere; the scene is drawn anew."""


def _museum(stream: Stream, name: str) -> Scene | None:
    """Draw one museum; None when the draw does not work out."""
    places = _rooms(stream)
    doors = _doors(stream, places)
    builder = _Builder(stream, places, doors)
    try:
        objects = builder.objects()
        people = builder.people()
        spawns = builder.spawns()
    except _Crowded:
        return None
    if not builder.all_reached(objects, people, spawns):
        return None
    objects = _with_sounds(stream, objects)
    topics, people = _with_knowledge(stream, places, objects, people)
    return Scene.model_construct(
        name=name,
        family="museum",
        map=stream.choice(("known", "none")),
        height=2.6,
        floor_color=stream.choice(FLOOR_COLORS),
        wall_color=stream.choice(WALL_COLORS),
        places=tuple(places),
        doors=tuple(doors),
        objects=tuple(objects),
        people=tuple(people),
        topics=topics,
        spawns=tuple(spawns),
    )


FAMILIES: dict[str, Callable[[Stream, str], Scene | None]] = {"museum": _museum}


# ---------------------------------------------------------------------------------------------
# Rooms and doors


def _rooms(stream: Stream) -> list[Place]:
    """Connected cells of a grid whose columns and rows have sizes of their own."""
    count = stream.choice(ROOM_COUNTS)
    columns, rows = stream.choice([
        (c, r) for c in (2, 3, 4) for r in (2, 3, 4) if count <= c * r <= count + 3
    ])  # fmt: skip
    x_edges, z_edges = [0.0], [0.0]
    for _ in range(columns):
        x_edges.append(x_edges[-1] + stream.choice(ROOM_SIZES))
    for _ in range(rows):
        z_edges.append(z_edges[-1] + stream.choice(ROOM_SIZES))
    cells = {(int(stream.uniform(0, columns - 0.01)), int(stream.uniform(0, rows - 0.01)))}
    while len(cells) < count:
        border = [
            (c, r) for c in range(columns) for r in range(rows)
            if (c, r) not in cells
            and cells & {(c - 1, r), (c + 1, r), (c, r - 1), (c, r + 1)}
        ]  # fmt: skip
        cells.add(stream.choice(border))
    left, low = min(c for c, _ in cells), min(r for _, r in cells)
    places = []
    for (c, r), adjective in zip(sorted(cells), stream.sample(ADJECTIVES, count), strict=True):
        noun = stream.choice(NOUNS)
        floor = (
            x_edges[c] - x_edges[left], z_edges[r] - z_edges[low],
            x_edges[c + 1] - x_edges[left], z_edges[r + 1] - z_edges[low],
        )  # fmt: skip
        places.append(Place.model_construct(
            id=f"{adjective}_{noun}", name=f"the {adjective} {noun}", floor=floor,
        ))  # fmt: skip
    return stream.shuffled(places)


def shared_edge(one: Rectangle, other: Rectangle) -> tuple[bool, float, float, float] | None:
    """The edge that two rectangles share.

    Returns:
        Whether it runs along x, the line's coordinate, its start and end; None when there is none.
    """
    for near, far in ((one, other), (other, one)):
        if near[2] == far[0]:
            start, end = max(near[1], far[1]), min(near[3], far[3])
            if start < end:
                return False, near[2], start, end
        if near[3] == far[1]:
            start, end = max(near[0], far[0]), min(near[2], far[2])
            if start < end:
                return True, near[3], start, end
    return None


def _doors(stream: Stream, places: list[Place]) -> list[Door]:
    """A doorway on each branch of a random spanning tree and on some other shared edges."""
    edges = []
    for a in range(len(places)):
        for b in range(a + 1, len(places)):
            edge = shared_edge(places[a].floor, places[b].floor)
            if edge is not None:
                edges.append((a, b, edge))
    group = list(range(len(places)))
    doors = []
    for a, b, (along_x, line, start, end) in stream.shuffled(edges):
        if group[a] == group[b] and not stream.chance(EXTRA_DOORS):
            continue
        group = [group[a] if other == group[b] else other for other in group]
        margin = DOOR_WIDTH / 2 + CELL
        steps = round((end - start - 2 * margin) / CELL)
        middle = start + margin + CELL * int(stream.choice(range(steps + 1)))
        doors.append(Door.model_construct(
            id="", between=(places[a].id, places[b].id),
            position=(middle, line) if along_x else (line, middle),
            width=DOOR_WIDTH,
            state="closed" if stream.chance(CLOSED_DOORS) else "open",
        ))  # fmt: skip
    return [
        door.model_copy(update={"id": f"door_{number}"})
        for number, door in enumerate(stream.shuffled(doors), 1)
    ]


# ---------------------------------------------------------------------------------------------
# Things that stand somewhere


class _Builder:
    """Finds free spots, keeping objects, people and spawn points apart from each other."""

    def __init__(self, stream: Stream, places: list[Place], doors: list[Door]) -> None:
        self._stream = stream
        self._places = places
        self._doors = doors
        self._floors = {place.id: place.floor for place in places}
        self._taken: list[Rectangle] = []  # footprints of objects and people
        self._middles: list[Point] = []  # of objects
        self._spots: list[Point] = []  # of people and spawn points
        self._zones: list[Rectangle] = []
        self._gaps: list[Rectangle] = []
        for door in doors:
            along_x = door.position[1] in self._floors[door.between[0]][1::2]
            (x, z), (half, deep) = door.position, DOOR_ZONE
            reach = (half, deep) if along_x else (deep, half)
            self._zones.append((x - reach[0], z - reach[1], x + reach[0], z + reach[1]))
            self._gaps.append(doorway_gap(door.position, door.width, along_x))

    def objects(self) -> list[Object]:
        """Exhibits with colours; the look-alikes are hidden among the others by order too."""
        stream = self._stream
        count = stream.choice(OBJECT_COUNTS)
        twins = stream.choice(LOOK_ALIKES)
        look_alike = stream.choice(PORTABLE_CLASSES)
        others = stream.shuffled([name for name in OBJECT_CLASSES if name != look_alike])
        chosen = [(look_alike, color) for color in stream.sample(COLOR_NAMES, twins)]
        for number in range(count - twins):
            # The first four stay the only ones of their class; later ones may repeat each other.
            class_name = others[number] if number < 4 else stream.choice(others[4:])
            chosen.append((class_name, stream.choice(COLOR_NAMES)))
        numbers = dict.fromkeys(OBJECT_CLASSES, 0)
        made = []
        for class_name, color in stream.shuffled(chosen):
            numbers[class_name] += 1
            position, yaw = self._stand(CLASSES[class_name].size)
            made.append(Object.model_construct(
                id=f"{class_name}_{numbers[class_name]}", class_name=class_name, color=color,
                position=position, yaw_degrees=yaw,
            ))  # fmt: skip
        return made

    def _stand(self, size: tuple[float, float, float]) -> tuple[Point, float]:
        """A spot for an object, mostly at a wall with its back to it."""
        stream = self._stream
        for _ in range(TRIES):
            x0, z0, x1, z1 = grow(stream.choice(self._places).floor, -WALL_THICKNESS / 2)
            yaw = stream.choice((0.0, 90.0, 180.0, 270.0))  # faces +z, +x, -z, -x
            across, deep = size[0] / 2 + WALL_GAP, size[2] / 2 + WALL_GAP
            if stream.chance(FREE_STANDING):
                margin = max(across, deep) + 0.75
                x, z = stream.uniform(x0 + margin, x1 - margin), stream.uniform(
                    z0 + margin, z1 - margin)  # fmt: skip
            elif yaw in (0.0, 180.0):
                x = stream.uniform(x0 + across, x1 - across)
                z = round(z0 + deep if yaw == 0.0 else z1 - deep, 3)
            else:
                x = round(x0 + deep if yaw == 90.0 else x1 - deep, 3)
                z = stream.uniform(z0 + across, z1 - across)
            area = footprint((x, z), size, yaw)
            if any(math.dist((x, z), other) < OBJECT_SPACING for other in self._middles):
                continue
            if any(touches(area, zone) for zone in self._zones):
                continue
            self._middles.append((x, z))
            self._taken.append(area)
            return (x, z), yaw
        raise _Crowded

    def people(self) -> list[Person]:
        """The guide and some visitors, still without knowledge."""
        stream = self._stream
        visitors = stream.sample(VISITOR_NAMES, stream.choice((0, 1, 2)))
        people = []
        for name in stream.shuffled(["the guide", *visitors]):
            role = "guide" if name == "the guide" else "visitor"
            spot = self._free_spot(self._places, BODY_RADIUS + 0.3)
            self._spots.append(spot)
            self._taken.append(body_footprint(spot))
            people.append(Person.model_construct(
                id="guide" if role == "guide" else name.lower(), name=name, role=role,
                position=spot, yaw_degrees=self._heading(),
            ))  # fmt: skip
        return people

    def spawns(self) -> list[Spawn]:
        """Where controlled NPCs may begin: the second in the first's place or next door."""
        stream = self._stream
        first = stream.choice(self._places)
        near = [place for place in self._places if place.id == first.id or any(
            {first.id, place.id} == set(door.between) for door in self._doors)]  # fmt: skip
        spawns = []
        for number in range(SPAWN_COUNT):
            choices = [first] if number == 0 else near if number == 1 else self._places
            spot = self._free_spot(choices, SPAWN_GAP)
            self._spots.append(spot)
            spawns.append(Spawn.model_construct(position=spot, yaw_degrees=self._heading()))
        return spawns

    def _free_spot(self, places: Sequence[Place], gap: float) -> Point:
        """A point this far from walls, objects and people and outside the doors' zones."""
        stream = self._stream
        for _ in range(TRIES):
            x0, z0, x1, z1 = grow(stream.choice(places).floor, -WALL_THICKNESS / 2 - gap)
            spot = (stream.uniform(x0, x1), stream.uniform(z0, z1))
            if any(distance_to(area, spot) < gap for area in self._taken):
                continue
            if any(math.dist(spot, other) < gap + 2 * BODY_RADIUS for other in self._spots):
                continue
            if any(distance_to(zone, spot) == 0.0 for zone in self._zones):
                continue
            return spot
        raise _Crowded

    def _heading(self) -> float:
        return 10.0 * self._stream.choice(range(36))

    def all_reached(self, objects: list[Object], people: list[Person], spawns: list[Spawn]) -> bool:
        """True when a body can walk from the first spawn point to everything, opening doors."""
        floor = Floor(self._floors.values(), self._gaps)
        for area in self._taken:
            floor.block(area)
        reached = floor.reached_from(spawns[0].position)
        for gap in self._gaps:
            if floor.cells(gap) & ~reached:
                return False
        for thing, area in zip((*objects, *people), self._taken, strict=True):
            place = next(p for p in self._places if p.contains(*thing.position))
            if not floor.near(area, place.floor) & reached:
                return False
        return all(floor.reached_from(s.position) == reached for s in spawns[1:]) and all(
            floor.cells(overlap(area, grow(area, -1.0))) & reached for area in self._floors.values()
        )


# ---------------------------------------------------------------------------------------------
# What can be heard and who knows what


def _with_sounds(stream: Stream, objects: list[Object]) -> list[Object]:
    """Let none, one or two objects sound from the start; none of them rings."""
    sounding = stream.sample(range(len(objects)), stream.choice((0, 1, 2)))
    sounds = stream.sample(SOUND_NAMES[1:], len(sounding))
    changed = list(objects)
    for number, sound in zip(sounding, sounds, strict=True):
        changed[number] = objects[number].model_copy(update={"sound": sound, "sounding": True})
    return changed


def _with_knowledge(
    stream: Stream, places: list[Place], objects: list[Object], people: list[Person]
) -> tuple[tuple[Topic, ...], list[Person]]:
    """Tell the guide where two events are, and visitors where some one-of-a-kind objects are."""
    names = stream.sample(TOPIC_NAMES, 2)
    topics = tuple(Topic.model_construct(id=name.removeprefix("the "), name=name) for name in names)
    where = stream.sample(places, 2)
    facts = [
        Fact.model_construct(about=topic.id, where=place.id)
        for topic, place in zip(topics, where, strict=True)
    ]
    classes = [thing.class_name for thing in objects]
    unique = [thing for thing in objects if classes.count(thing.class_name) == 1]
    knowing = []
    for person in people:
        if person.role == "guide":
            knowing.append(person.model_copy(update={"facts": tuple(facts)}))
            continue
        known = stream.sample(unique, stream.choice((1, 2)))
        told = tuple(
            Fact.model_construct(about=thing.id, where=place.id)
            for thing in known for place in places if place.contains(*thing.position)
        )  # fmt: skip
        every = stream.choice((None, 8.0, 12.0, 16.0))
        knowing.append(person.model_copy(update={"facts": told, "tells_every": every}))
    return topics, knowing
