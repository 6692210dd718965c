"""Puts objects, people and spawn points into the rooms of a generated scene."""

from __future__ import annotations

import math
from collections.abc import Sequence

from envs.classes import CLASSES, MUSEUM_CLASSES, MUSEUM_PORTABLE
from envs.contract import BODY_RADIUS
from envs.palette import COLOR_NAMES
from envs.reach import Floor, body_footprint, distance_to, doorway_gap, footprint, grow, touches
from envs.scene import (
    WALL_THICKNESS,
    Door,
    Object,
    Person,
    Place,
    Point,
    Rectangle,
    Spawn,
)
from envs.stream import Stream

VISITOR_NAMES = (
    "Carla", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Louis",
    "Marta", "Noor",
)  # fmt: skip

OBJECT_COUNTS = (8, 9, 10, 11, 12, 13, 14)
LOOK_ALIKES = (4, 5)
FREE_STANDING = 0.2
"""Chance that an object stands in the room instead of at a wall."""
OBJECT_SPACING = 1.1
"""Least distance between the middles of two objects, metres."""
DOOR_ZONE = (0.9, 1.1)
"""Kept free of objects before and behind a door: half width along the wall, depth; metres."""
WALL_GAP = 0.05
SPAWN_COUNT = 4
SPAWN_GAP = 0.6
"""Least distance of a spawn point to anything, metres."""
TRIES = 60


class CrowdedError(Exception):
    """No room is left for what must stand somewhere; the scene is to be drawn anew."""


class Placer:
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
            along_x = door.along_x(self._floors[door.between[0]])
            (x, z), (half, deep) = door.position, DOOR_ZONE
            reach = (half, deep) if along_x else (deep, half)
            self._zones.append((x - reach[0], z - reach[1], x + reach[0], z + reach[1]))
            self._gaps.append(doorway_gap(door.position, door.width, along_x))

    def objects(self) -> list[Object]:
        """Exhibits with colours; the look-alikes are hidden among the others by order too."""
        stream = self._stream
        count = stream.choice(OBJECT_COUNTS)
        twins = stream.choice(LOOK_ALIKES)
        look_alike = stream.choice(MUSEUM_PORTABLE)
        others = stream.shuffled([name for name in MUSEUM_CLASSES if name != look_alike])
        chosen = [(look_alike, color) for color in stream.sample(COLOR_NAMES, twins)]
        for number in range(count - twins):
            # The first four stay the only ones of their class; later ones may repeat each other.
            class_name = others[number] if number < 4 else stream.choice(others[4:])
            chosen.append((class_name, stream.choice(COLOR_NAMES)))
        numbers = dict.fromkeys(MUSEUM_CLASSES, 0)
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
        raise CrowdedError

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
        raise CrowdedError

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
        positions = [thing.position for thing in objects] + [person.position for person in people]
        for position, area in zip(positions, self._taken, strict=True):
            place = next(p for p in self._places if p.contains(*position))
            if not floor.near(area, place.floor) & reached:
                return False
        return all(floor.reached_from(spawn.position) == reached for spawn in spawns[1:]) and all(
            floor.cells(grow(area, -1.0)) & reached for area in self._floors.values()
        )
