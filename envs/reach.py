"""Where a body can get in a scene: a flood fill over a coarse grid, as bit operations on integers.

The floor is cut into cells of CELL metres; a cell is free when the middle of a body fits on the
middle of the cell. A row of cells is an integer with one bit a column, the whole floor one integer
of all rows, so that a step of the flood is five shifts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from envs.contract import BODY_RADIUS
from envs.scene import WALL_THICKNESS, Point, Rectangle

CELL = 0.25
CLEARANCE = BODY_RADIUS + 0.03
"""Kept between the middle of a body and everything, metres; a little more than the body needs."""
NEAR = 1.0
"""A body must get this near to a thing, metres."""


class Floor:
    """The free cells of places joined by doorways; obstacles are taken out one by one."""

    def __init__(self, places: Iterable[Rectangle], doorways: Iterable[Rectangle]) -> None:
        """Make the floor.

        Args:
            places: floors of the places.
            doorways: gaps in the walls, as `doorway_gap` makes them.
        """
        places = tuple(places)
        self._x0 = min(place[0] for place in places)
        self._z0 = min(place[1] for place in places)
        width = max(place[2] for place in places) - self._x0
        self._columns = math.ceil(width / CELL) + 1  # an always blocked one ends each row
        self.free = 0
        margin = WALL_THICKNESS / 2 + CLEARANCE
        for place in places:
            self.free |= self.cells(grow(place, -margin))
        for gap in doorways:
            self.free |= self.cells(gap)

    def cells(self, area: Rectangle) -> int:
        """The cells whose middle is inside an area."""
        first = max(0, math.ceil((area[0] - self._x0) / CELL - 0.5))
        last = min(self._columns - 2, math.floor((area[2] - self._x0) / CELL - 0.5))
        low = max(0, math.ceil((area[1] - self._z0) / CELL - 0.5))
        high = math.floor((area[3] - self._z0) / CELL - 0.5)
        if last < first:
            return 0
        row = ((1 << (last - first + 1)) - 1) << first
        found = 0
        for number in range(low, high + 1):
            found |= row << (number * self._columns)
        return found

    def block(self, footprint: Rectangle) -> None:
        """Put an obstacle there."""
        self.free &= ~self.cells(grow(footprint, CLEARANCE))

    def reached_from(self, start: Point) -> int:
        """The free cells to which a body at a free point can walk; 0 when the point is not free."""
        reached = self.cells(around(start)) & self.free
        columns, free, before = self._columns, self.free, 0
        while reached != before:
            before = reached
            reached |= ((reached << 1) | (reached >> 1)) & free
            reached |= ((reached << columns) | (reached >> columns)) & free
        return reached

    def near(self, footprint: Rectangle, place: Rectangle) -> int:
        """The cells of a place from which a thing in it is near."""
        return self.cells(overlap(grow(footprint, NEAR), place))


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


def doorway_gap(position: Point, width: float, along_x: bool) -> Rectangle:
    """Where the middle of a body can be in a doorway and right before it on both sides."""
    x, z = position
    half = width / 2 - CLEARANCE
    deep = WALL_THICKNESS / 2 + CLEARANCE + CELL
    return (x - half, z - deep, x + half, z + deep) if along_x else (
        x - deep, z - half, x + deep, z + half)  # fmt: skip


def footprint(position: Point, size: tuple[float, float, float], yaw_degrees: float) -> Rectangle:
    """The floor that a thing of this size stands on."""
    x, z = position
    width, _, depth = size
    if round(yaw_degrees / 90) % 2:
        width, depth = depth, width
    return x - width / 2, z - depth / 2, x + width / 2, z + depth / 2


def body_footprint(position: Point) -> Rectangle:
    """The floor that a standing body takes."""
    x, z = position
    return x - BODY_RADIUS, z - BODY_RADIUS, x + BODY_RADIUS, z + BODY_RADIUS


def around(position: Point) -> Rectangle:
    """The area as large as a cell around a point; it holds the middle of at least one cell."""
    x, z = position
    return grow((x, z, x, z), CELL / 2)


def grow(area: Rectangle, by: float) -> Rectangle:
    """An area with every edge moved outward."""
    return area[0] - by, area[1] - by, area[2] + by, area[3] + by


def overlap(one: Rectangle, other: Rectangle) -> Rectangle:
    """What two areas have in common; an inside-out rectangle when nothing."""
    return (
        max(one[0], other[0]), max(one[1], other[1]),
        min(one[2], other[2]), min(one[3], other[3]),
    )  # fmt: skip


def touches(one: Rectangle, other: Rectangle) -> bool:
    """True when two areas have a part in common."""
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )  # fmt: skip


def distance_to(area: Rectangle, point: Point) -> float:
    """Distance of a point to the nearest point of an area, metres; 0 inside."""
    x, z = point
    return math.hypot(max(area[0] - x, 0.0, x - area[2]), max(area[1] - z, 0.0, z - area[3]))
