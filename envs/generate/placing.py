"""Puts objects, people and spawn points into the places of a generated scene."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from envs.classes import CLASSES
from envs.contract import BODY_RADIUS
from envs.palette import COLOR_NAMES
from envs.reach import body_footprint, distance_to, footprint, grow, touches
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

Role = Literal["guide", "visitor", "npc", "resident", "teacher", "clerk", "worker"]

FREE_STANDING = 0.2
"""Chance that an object stands in the room instead of at a wall."""
FREE_MARGIN = 0.75
"""Least distance of a free-standing object from the walls, metres."""
OBJECT_SPACING = 1.1
"""Least distance between the middles of two objects, metres."""
DOOR_ZONE = (0.4, 1.1)
"""Kept free of objects before and behind a doorway: beyond its half width, depth; metres."""
WALL_GAP = 0.05
SPAWN_GAP = 0.6
"""Least distance of a spawn point to anything, metres."""
PATH_HALF_WIDTH = 0.65
"""Kept free of everything around a path, metres."""
PATH_INSET = 1.4
"""From the ends of a path to the walls before them, metres."""
INSIDE = 0.8
"""Share of a container's size that what is in it may take."""
TRIES = 60


class CrowdedError(Exception):
    """No room is left for what must stand somewhere; the scene is to be drawn anew."""


class Placer:
    """Finds free spots, keeping objects, people, paths and spawn points apart from each other."""

    def __init__(self, stream: Stream, places: list[Place], doors: list[Door]) -> None:
        self.places = places
        self.objects: list[Object] = []
        """All that has been put somewhere, in that order."""
        self.standing: list[tuple[Point, Rectangle]] = []
        """Position and footprint of every object and person on the floor, in that order."""
        self._stream = stream
        self._doors = doors
        floors = {place.id: place.floor for place in places}
        self._numbers: dict[str, int] = {}  # of objects by class
        self._middles: list[Point] = []  # of objects
        self._spots: list[Point] = []  # of people and spawn points
        self._zones: list[Rectangle] = []
        self._walked: set[str] = set()  # ids of the places with a path
        for door in doors:
            along_x = door.along_x(floors[door.between[0]])
            (x, z), (beside, deep) = door.position, DOOR_ZONE
            half = round(door.width / 2 + beside, 3)
            reach = (half, deep) if along_x else (deep, half)
            self._zones.append((x - reach[0], z - reach[1], x + reach[0], z + reach[1]))

    # -----------------------------------------------------------------------------------------
    # Objects

    def stand(
        self,
        class_name: str,
        color: str | None = None,
        places: Sequence[Place] | None = None,
        free: float = FREE_STANDING,
        **fields: Any,
    ) -> Object:
        """Stand an object somewhere, mostly at a wall with its back to it.

        Args:
            class_name: a name out of ``envs.classes.CLASSES``.
            color: None: any.
            places: where it may stand; None: anywhere.
            free: chance that it stands in the room instead of at a wall.
            fields: more fields of the object.

        Raises:
            CrowdedError: no spot was found.
        """
        size = CLASSES[class_name].size
        position, yaw = self._free_stand(size, places or self.places, free)
        return self._stand_at(position, yaw, class_name, color, **fields)

    def stand_at(
        self, position: Point, yaw_degrees: float, class_name: str, **fields: Any
    ) -> Object:
        """Stand an object at a certain spot.

        Raises:
            CrowdedError: the spot is taken.
        """
        if not self._is_free(position, footprint(position, CLASSES[class_name].size, yaw_degrees)):
            raise CrowdedError
        return self._stand_at(position, yaw_degrees, class_name, None, **fields)

    def ride(self, class_name: str, path: tuple[Point, ...], **fields: Any) -> Object:
        """An object that drives along a path, headed along its first leg."""
        (x0, z0), (x1, z1) = path[:2]
        yaw = 90.0 if abs(x1 - x0) > abs(z1 - z0) else 0.0
        return self._stand_at(path[0], yaw, class_name, None, path=path, **fields)

    def _stand_at(
        self, position: Point, yaw: float, class_name: str, color: str | None, **fields: Any
    ) -> Object:
        self._middles.append(position)
        area = footprint(position, CLASSES[class_name].size, yaw)
        self.standing.append((position, area))
        return self._add(class_name, color, position=position, yaw_degrees=yaw, **fields)

    def put_upon(
        self, surface: Object, class_name: str, color: str | None = None, **fields: Any
    ) -> Object:
        """Put an object on another."""
        return self._add(
            class_name, color, position=surface.position, yaw_degrees=surface.yaw_degrees,
            upon=surface.id, **fields,
        )  # fmt: skip

    def put_inside(
        self, container: Object, class_name: str, color: str | None = None, **fields: Any
    ) -> Object:
        """Put an object into a container; it is made small enough to fit in."""
        size, room = CLASSES[class_name].size, CLASSES[container.class_name].size
        share = min(INSIDE * high / side for side, high in zip(size, room, strict=True))
        if share < 1:
            fields["size"] = tuple(round(share * side, 2) for side in size)
        return self._add(
            class_name, color, position=container.position, yaw_degrees=container.yaw_degrees,
            inside=container.id, **fields,
        )  # fmt: skip

    def _add(self, class_name: str, color: str | None, **fields: Any) -> Object:
        number = self._numbers[class_name] = self._numbers.get(class_name, 0) + 1
        color = color or self._stream.choice(COLOR_NAMES)
        made = Object.model_construct(
            id=f"{class_name}_{number}", class_name=class_name, color=color, **fields
        )
        self.objects.append(made)
        return made

    def _free_stand(
        self, size: tuple[float, float, float], places: Sequence[Place], free: float
    ) -> tuple[Point, float]:
        """A spot and a heading."""
        stream = self._stream
        for _ in range(TRIES):
            x0, z0, x1, z1 = grow(stream.choice(places).floor, -WALL_THICKNESS / 2)
            yaw = stream.choice((0.0, 90.0, 180.0, 270.0))  # faces +z, +x, -z, -x
            across, deep = size[0] / 2 + WALL_GAP, size[2] / 2 + WALL_GAP
            if stream.chance(free):
                margin = max(across, deep) + FREE_MARGIN
                x, z = stream.uniform(x0 + margin, x1 - margin), stream.uniform(
                    z0 + margin, z1 - margin)  # fmt: skip
            elif yaw in (0.0, 180.0):
                x = stream.uniform(x0 + across, x1 - across)
                z = round(z0 + deep if yaw == 0.0 else z1 - deep, 3)
            else:
                x = round(x0 + deep if yaw == 90.0 else x1 - deep, 3)
                z = stream.uniform(z0 + across, z1 - across)
            if self._is_free((x, z), footprint((x, z), size, yaw)):
                return (x, z), yaw
        raise CrowdedError

    def _is_free(self, position: Point, area: Rectangle) -> bool:
        """True when an object may stand there."""
        return not (
            any(math.dist(position, other) < OBJECT_SPACING for other in self._middles)
            or any(touches(area, other) for _, other in self.standing)
            or any(touches(area, zone) for zone in self._zones)
        )

    # -----------------------------------------------------------------------------------------
    # People, paths and spawn points

    def path(self, place: Place) -> tuple[Point, ...]:
        """A straight walk through the middle of a place along its longer side, kept free.

        To be drawn before anything stands there.

        Raises:
            CrowdedError: somebody walks there already.
        """
        x0, z0, x1, z1 = grow(place.floor, -PATH_INSET)
        x, z = place.center
        low, high = ((x0, z), (x1, z)) if x1 - x0 > z1 - z0 else ((x, z0), (x, z1))
        ends = (low, high)
        if place.id in self._walked:
            raise CrowdedError
        self._walked.add(place.id)
        self._zones.append(grow((*low, *high), PATH_HALF_WIDTH))
        return ends if self._stream.chance(0.5) else ends[::-1]

    def person(
        self,
        name: str,
        role: Role,
        places: Sequence[Place] | None = None,
        path: tuple[Point, ...] = (),
        **fields: Any,
    ) -> Person:
        """Somebody at a free spot, or at the first point of their path.

        Raises:
            CrowdedError: no spot was found.
        """
        spot = path[0] if path else self._free_spot(places or self.places, BODY_RADIUS + 0.3)
        self._spots.append(spot)
        self.standing.append((spot, body_footprint(spot)))
        return Person.model_construct(
            id=name.removeprefix("the ").lower().replace(" ", "_"), name=name, role=role,
            position=spot, yaw_degrees=self._heading(), path=path, **fields,
        )  # fmt: skip

    def next_to(self, place: Place) -> list[Place]:
        """A place and those that a doorway joins to it."""
        return [other for other in self.places if other.id == place.id or any(
            {place.id, other.id} == set(door.between) for door in self._doors)]  # fmt: skip

    def spawn(self, places: Sequence[Place]) -> Spawn:
        """Where a controlled NPC may begin, in one of some places."""
        spot = self._free_spot(places, SPAWN_GAP)
        self._spots.append(spot)
        return Spawn.model_construct(position=spot, yaw_degrees=self._heading())

    def spawn_pairs(self, count: int, places: Sequence[Place] | None = None) -> list[Spawn]:
        """Pairs of spawn points; the two of a pair are in one place or next door."""
        allowed = places or self.places
        spawns = []
        for _ in range(count):
            first = self.spawn(allowed)
            home = next(place for place in allowed if place.contains(*first.position))
            near = [place for place in self.next_to(home) if place in allowed]
            spawns += [first, self.spawn(near)]
        return spawns

    def _free_spot(self, places: Sequence[Place], gap: float) -> Point:
        """A point this far from walls, objects and people and outside the doors' zones."""
        stream = self._stream
        for _ in range(TRIES):
            x0, z0, x1, z1 = grow(stream.choice(places).floor, -WALL_THICKNESS / 2 - gap)
            spot = (stream.uniform(x0, x1), stream.uniform(z0, z1))
            if any(distance_to(area, spot) < gap for _, area in self.standing):
                continue
            if any(math.dist(spot, other) < gap + 2 * BODY_RADIUS for other in self._spots):
                continue
            if any(distance_to(zone, spot) == 0.0 for zone in self._zones):
                continue
            return spot
        raise CrowdedError

    def _heading(self) -> float:
        return 10.0 * self._stream.choice(range(36))
