"""Shortest ways in a scene as it really is: for staging tasks, for SPL and for the oracle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from envs import grid
from envs.classes import CLASSES
from envs.reach import body_footprint, doorway_gap, footprint, grow
from envs.scene import WALL_THICKNESS, Object, Place, Point, Rectangle, Scene

CLEARANCE = 0.25
"""Kept between the middle of a body and everything, metres; a little more than the body needs."""
WALL_CLEARANCE = WALL_THICKNESS / 2 + CLEARANCE
INSIDE = 0.3
"""A place is entered this far behind its edge, metres."""
REACH = 1.5 - grid.CELL / 2
"""A thing is reached from here, metres to its nearest point; half a cell within the rules' 1.5."""
HEARING = 2.0
"""Somebody is spoken to from within this distance, metres."""
BORDER = 2 * grid.CELL


@dataclass(frozen=True)
class Way:
    """A way to somewhere: its length in metres and the point where it ends."""

    length: float
    end: Point


def object_area(thing: Object) -> Rectangle:
    """The floor that an object stands on."""
    size = thing.size or CLASSES[thing.class_name].size
    return footprint(thing.position, size, thing.yaw_degrees)


class TrueMap:
    """The free cells of a scene and the ways from one point at a time.

    Closed doors count as passable (they can be opened), locked ones do not. Objects stand in the
    way; so do people who do not move.
    """

    def __init__(self, scene: Scene, people: bool = True) -> None:
        floors = [place.floor for place in scene.places]
        self.origin = (min(f[0] for f in floors) - BORDER, min(f[1] for f in floors) - BORDER)
        width = max(f[2] for f in floors) - self.origin[0] + BORDER
        depth = max(f[3] for f in floors) - self.origin[1] + BORDER
        shape = (math.ceil(width / grid.CELL), math.ceil(depth / grid.CELL))
        self.free = np.zeros(shape, np.bool_)
        self._dist = np.empty(shape, np.int32)
        self._parent = np.empty(shape, np.int32)
        self._scratch = grid.make_scratch(shape)
        self._start: Point = (0.0, 0.0)
        self._floors = {place.id: place.floor for place in scene.places}
        for floor in floors:
            self._set(grow(floor, -WALL_CLEARANCE), True)
        for door in scene.doors:
            if door.state != "locked":
                along_x = door.position[1] in self._floors[door.between[0]][1::2]
                self._set(doorway_gap(door.position, door.width, along_x), True)
        for thing in scene.objects:
            self.block(object_area(thing))
        for person in scene.people if people else ():
            if person.role != "npc":
                self.block(body_footprint(person.position))

    def _set(self, area: Rectangle, value: bool) -> None:
        x, z = self.origin
        grid.set_rectangle(self.free, area[0] - x, area[1] - z, area[2] - x, area[3] - z, value)

    def block(self, area: Rectangle) -> None:
        """Put an obstacle with this footprint there."""
        self._set(grow(area, CLEARANCE), False)

    def start_from(self, point: Point) -> None:
        """Measure all ways from this point; the questions below are about them."""
        self._start = (point[0] - self.origin[0], point[1] - self.origin[1])
        grid.distances(self.free, *self._start, self._dist, self._parent, *self._scratch)

    def spots(self, within: float) -> list[tuple[Point, float]]:
        """Middles of the free cells that can be walked to, and the way there in metres.

        Args:
            within: longest way, metres.
        """
        x, z = self.origin
        cells = np.argwhere(self._dist * grid.UNIT <= within).tolist()
        return [
            (
                (round(x + (i + 0.5) * grid.CELL, 3), round(z + (k + 0.5) * grid.CELL, 3)),
                float(self._dist[i, k]) * grid.UNIT,
            )
            for i, k in cells if self.free[i, k]
        ]  # fmt: skip

    def to_place(self, place: Place) -> Way | None:
        """The way into a place, None when there is none."""
        x0, z0, x1, z1 = grow(place.floor, -INSIDE)
        return self._to((x0, z0, x1, z1), 0.0, (x0, z0, x1, z1))

    def to_thing(self, area: Rectangle, place: Place, radius: float = REACH) -> Way | None:
        """The way to within a radius of a footprint, in the place that the thing is in."""
        return self._to(area, radius, place.floor)

    def _to(self, area: Rectangle, radius: float, box: Rectangle) -> Way | None:
        x, z = self.origin
        cell = grid.cheapest_cell(
            self._dist, area[0] - x, area[1] - z, area[2] - x, area[3] - z, radius,
            box[0] - x, box[1] - z, box[2] - x, box[3] - z,
        )  # fmt: skip
        if cell[0] < 0:
            return None
        length = grid.pulled_length(self._parent, self.free, *self._start, *cell)
        return Way(length, (x + (cell[0] + 0.5) * grid.CELL, z + (cell[1] + 0.5) * grid.CELL))
