"""Planning on a grid of 0.25 m cells: pure geometry, no simulator knowledge.

Kernels (numba, plain arrays; a cell is free when a body's centre may stand on its centre):

    set_rectangle(cells, x0, z0, x1, z1, value)
        mark every cell whose centre lies in a rectangle
    distances(free, x, z, dist, parent, buckets, counts)
        8-connected Dijkstra from a point to every cell, without cutting corners
    waypoint(dist, parent, free, x, z, goal_i, goal_k) -> (wx, wz, length, reachable)
        where to head now on the way to a cell: the furthest one along the path in a straight line
    nearest_free(free, x, z, max_cells) -> (i, k), (-1, -1) when there is none
    pulled_length(parent, free, x, z, goal_i, goal_k) -> metres
        how long the path is when its corners are cut as sight allows
    cheapest_cell(dist, x0, z0, x1, z1, radius, box_x0, box_z0, box_x1, box_z1) -> (i, k)
        the cell soonest walked to among those within a radius of a rectangle and inside a box
    straight_free(free, x0, z0, x1, z1) -> bool
    steer(bearing, distance) -> (move, turn)
        one decision's legs towards a waypoint, in the contract's action values

All positions are metres relative to the grid's origin, which is the low corner of cell (0, 0):
cell (i, k) has its centre at ((i + 0.5) * CELL, (k + 0.5) * CELL), i along x and k along z. The
outermost ring of cells is never entered. ``dist`` counts units of 0.05 m (UNIT); UNREACHED or more
means no way. Scratch for ``distances``: ``make_scratch(shape)``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from envs.contract import Move
from envs.jit import njit

CELL = 0.25
"""Side of a cell, metres."""
UNIT = 0.05
"""Metres per unit of ``dist``: 5 units for a straight step, 7 for a diagonal one."""
UNREACHED = 1 << 29
STRAIGHT_COST = 5
DIAGONAL_COST = 7
BUCKETS = 8
"""More than the dearest step, so that a bucket holds cells of one distance only."""
WAYPOINT_RANGE = 2.0
"""A waypoint is at most about this far along the path, metres."""
SIGHT_STEP = 0.1
"""Spacing of the samples of a straight line, metres."""

DEADBAND = math.radians(6.0)
SMALL_TURN_LIMIT = math.radians(20.0)
"""Nearer to 10 degrees than to 30."""
WALK_LIMIT = math.radians(40.0)
"""Beyond this the body turns on the spot."""
ABOUT_FACE = math.radians(170.0)
"""Beyond this either side is as good, and it is always the right one, so that it cannot flip."""
NEAR_WAYPOINT = 0.35
"""Nearer than this a body that walks while it turns would circle the waypoint, metres."""
RUN_DISTANCE = 0.6

_STAY, _WALK, _RUN = int(Move.STAY), int(Move.WALK), int(Move.RUN)
_LEFT_30, _LEFT_10, _AHEAD, _RIGHT_10, _RIGHT_30 = range(5)


def make_scratch(shape: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Scratch arrays ``(buckets, counts)`` for ``distances`` on grids of this shape."""
    return np.empty((BUCKETS, shape[0] * shape[1]), np.int32), np.empty(BUCKETS, np.int32)


@njit(cache=True, error_model="numpy")
def set_rectangle(cells, x0, z0, x1, z1, value):  # type: ignore[no-untyped-def]
    """Set every cell whose centre lies in the rectangle (metres, borders included)."""
    i0 = max(0, math.ceil(x0 / CELL - 0.5))
    i1 = min(cells.shape[0] - 1, math.floor(x1 / CELL - 0.5))
    k0 = max(0, math.ceil(z0 / CELL - 0.5))
    k1 = min(cells.shape[1] - 1, math.floor(z1 / CELL - 0.5))
    for i in range(i0, i1 + 1):
        for k in range(k0, k1 + 1):
            cells[i, k] = value


@njit(cache=True, error_model="numpy")
def nearest_free(free, x, z, max_cells):  # type: ignore[no-untyped-def]
    """The free cell whose centre is nearest to a point, searched ``max_cells`` around it."""
    ci = math.floor(x / CELL)
    ck = math.floor(z / CELL)
    best = 1e18
    best_i = -1
    best_k = -1
    for i in range(max(1, ci - max_cells), min(free.shape[0] - 1, ci + max_cells + 1)):
        for k in range(max(1, ck - max_cells), min(free.shape[1] - 1, ck + max_cells + 1)):
            if free[i, k]:
                dx = (i + 0.5) * CELL - x
                dz = (k + 0.5) * CELL - z
                square = dx * dx + dz * dz
                if square < best:
                    best = square
                    best_i = i
                    best_k = k
    return best_i, best_k


@njit(cache=True, error_model="numpy")
def _seed(free, x, z, dist, buckets, counts):  # type: ignore[no-untyped-def]
    """Put the cells that a path may begin with into the buckets."""
    depth = free.shape[1]
    ci = math.floor(x / CELL)
    ck = math.floor(z / CELL)
    seeds = 0
    for i in range(max(1, ci - 2), min(free.shape[0] - 1, ci + 3)):
        for k in range(max(1, ck - 2), min(depth - 1, ck + 3)):
            if free[i, k]:
                dx = (i + 0.5) * CELL - x
                dz = (k + 0.5) * CELL - z
                units = int(math.sqrt(dx * dx + dz * dz) / UNIT + 0.5)
                if units < BUCKETS:
                    dist[i, k] = units
                    buckets[units, counts[units]] = i * depth + k
                    counts[units] += 1
                    seeds += 1
    if seeds == 0:
        i, k = nearest_free(free, x, z, 4)
        if i >= 0:
            dist[i, k] = 0
            buckets[0, 0] = i * depth + k
            counts[0] = 1


@njit(cache=True, error_model="numpy")
def distances(free, x, z, dist, parent, buckets, counts):  # type: ignore[no-untyped-def]
    """Walking distance from a point to every cell, by Dijkstra with Dial's buckets.

    Starts from the free cells within 0.35 m of the point, or from the nearest one within 1 m, so
    that a body that stands in a blocked cell (pressed against a wall) finds its way out.

    Args:
        free: ``(GX, GZ)`` bool.
        x: start, metres from the grid's origin.
        z: start, metres from the grid's origin.
        dist: ``(GX, GZ)`` int32, written: units of 0.05 m, UNREACHED where there is no way.
        parent: ``(GX, GZ)`` int32, written: flat index of the cell before, -1 at the start.
        buckets: scratch ``(BUCKETS, GX * GZ)`` int32.
        counts: scratch ``(BUCKETS,)`` int32.
    """
    depth = free.shape[1]
    cells = free.reshape(-1)
    reached = dist.reshape(-1)
    before = parent.reshape(-1)
    reached[:] = UNREACHED
    before[:] = -1
    _set_border(dist, -1)  # nothing is cheaper, so the border is never entered
    counts[:] = 0
    _seed(free, x, z, dist, buckets, counts)
    current = 0
    empty = 0
    while empty < BUCKETS:
        b = current % BUCKETS
        size = counts[b]
        if size == 0:
            empty += 1
            current += 1
            continue
        empty = 0
        counts[b] = 0
        straight = current + STRAIGHT_COST
        diagonal = current + DIAGONAL_COST
        straight_bucket = buckets[straight % BUCKETS]
        diagonal_bucket = buckets[diagonal % BUCKETS]
        n = counts[straight % BUCKETS]
        m = counts[diagonal % BUCKETS]
        for entry in range(size):
            cell = buckets[b, entry]
            if reached[cell] != current:  # reached more cheaply since
                continue
            right = cells[cell + depth]
            left = cells[cell - depth]
            ahead = cells[cell + 1]
            behind = cells[cell - 1]
            if right and straight < reached[cell + depth]:
                reached[cell + depth] = straight
                before[cell + depth] = cell
                straight_bucket[n] = cell + depth
                n += 1
            if left and straight < reached[cell - depth]:
                reached[cell - depth] = straight
                before[cell - depth] = cell
                straight_bucket[n] = cell - depth
                n += 1
            if ahead and straight < reached[cell + 1]:
                reached[cell + 1] = straight
                before[cell + 1] = cell
                straight_bucket[n] = cell + 1
                n += 1
            if behind and straight < reached[cell - 1]:
                reached[cell - 1] = straight
                before[cell - 1] = cell
                straight_bucket[n] = cell - 1
                n += 1
            if right and ahead and cells[cell + depth + 1] and diagonal < reached[cell + depth + 1]:
                reached[cell + depth + 1] = diagonal
                before[cell + depth + 1] = cell
                diagonal_bucket[m] = cell + depth + 1
                m += 1
            if (
                right
                and behind
                and cells[cell + depth - 1]
                and diagonal < reached[cell + depth - 1]
            ):
                reached[cell + depth - 1] = diagonal
                before[cell + depth - 1] = cell
                diagonal_bucket[m] = cell + depth - 1
                m += 1
            if left and ahead and cells[cell - depth + 1] and diagonal < reached[cell - depth + 1]:
                reached[cell - depth + 1] = diagonal
                before[cell - depth + 1] = cell
                diagonal_bucket[m] = cell - depth + 1
                m += 1
            if left and behind and cells[cell - depth - 1] and diagonal < reached[cell - depth - 1]:
                reached[cell - depth - 1] = diagonal
                before[cell - depth - 1] = cell
                diagonal_bucket[m] = cell - depth - 1
                m += 1
        counts[straight % BUCKETS] = n
        counts[diagonal % BUCKETS] = m
        current += 1
    _set_border(dist, UNREACHED)


@njit(cache=True, error_model="numpy")
def _set_border(cells, value):  # type: ignore[no-untyped-def]
    """Set the outermost ring of cells."""
    cells[0, :] = value
    cells[-1, :] = value
    cells[:, 0] = value
    cells[:, -1] = value


@njit(cache=True, error_model="numpy")
def straight_free(free, x0, z0, x1, z1):  # type: ignore[no-untyped-def]
    """Whether a straight line between two points stays on free cells (its first cell excepted)."""
    own_i = math.floor(x0 / CELL)
    own_k = math.floor(z0 / CELL)
    dx = x1 - x0
    dz = z1 - z0
    steps = int(math.sqrt(dx * dx + dz * dz) / SIGHT_STEP) + 1
    for step in range(1, steps + 1):
        part = step / steps
        i = math.floor((x0 + dx * part) / CELL)
        k = math.floor((z0 + dz * part) / CELL)
        if i < 0 or k < 0 or i >= free.shape[0] or k >= free.shape[1]:
            return False
        if not free[i, k] and (i != own_i or k != own_k):
            return False
    return True


@njit(cache=True, error_model="numpy")
def waypoint(dist, parent, free, x, z, goal_i, goal_k):  # type: ignore[no-untyped-def]
    """Where to head now on the way to a cell, after ``distances`` from the same point.

    The furthest cell of the path, within about 2 m, that a straight line of free cells joins to the
    point; never the cell that the point is in, unless that is the goal itself.

    Returns:
        ``(wx, wz, length, reachable)``: the waypoint and the length of the whole path, metres; the
        point itself and an infinite length where there is no way.
    """
    if goal_i < 0 or goal_k < 0 or dist[goal_i, goal_k] >= UNREACHED:
        return x, z, np.inf, False
    depth = free.shape[1]
    length = dist[goal_i, goal_k] * UNIT
    limit = int(WAYPOINT_RANGE / UNIT)
    i = goal_i
    k = goal_k
    while dist[i, k] > limit:
        cell = parent[i, k]
        i = cell // depth
        k = cell - i * depth
    own_i = math.floor(x / CELL)
    own_k = math.floor(z / CELL)
    while True:
        wx = (i + 0.5) * CELL
        wz = (k + 0.5) * CELL
        cell = parent[i, k]
        if cell < 0:  # the first cell of the path
            return wx, wz, length, True
        next_i = cell // depth
        next_k = cell - next_i * depth
        if (next_i == own_i and next_k == own_k) or straight_free(free, x, z, wx, wz):
            return wx, wz, length, True
        i = next_i
        k = next_k


@njit(cache=True, error_model="numpy")
def pulled_length(parent, free, x, z, goal_i, goal_k):  # type: ignore[no-untyped-def]
    """Length in metres of the path to a reached cell with its corners cut as sight allows.

    ``dist`` counts steps in eight directions and is up to 8 % longer than what a body walks.
    """
    depth = free.shape[1]
    length = 0.0
    anchor_x = (goal_i + 0.5) * CELL
    anchor_z = (goal_k + 0.5) * CELL
    seen_x = anchor_x
    seen_z = anchor_z
    cell = parent[goal_i, goal_k]
    while True:
        if cell >= 0:
            next_x = (cell // depth + 0.5) * CELL
            next_z = (cell % depth + 0.5) * CELL
        else:
            next_x = x
            next_z = z
        if not straight_free(free, next_x, next_z, anchor_x, anchor_z):
            length += math.sqrt((seen_x - anchor_x) ** 2 + (seen_z - anchor_z) ** 2)
            anchor_x = seen_x
            anchor_z = seen_z
        seen_x = next_x
        seen_z = next_z
        if cell < 0:
            return length + math.sqrt((seen_x - anchor_x) ** 2 + (seen_z - anchor_z) ** 2)
        cell = parent[cell // depth, cell % depth]


@njit(cache=True, error_model="numpy")
def cheapest_cell(dist, x0, z0, x1, z1, radius, box_x0, box_z0, box_x1, box_z1):  # type: ignore[no-untyped-def]
    """The cell soonest walked to from which a rectangle is within a radius.

    Only cells with their centre inside the box count (the place that the thing is in, so that
    nobody reaches through a wall). A rectangle of no size is a point; a radius of 0 asks for the
    cells inside the rectangle. ``(-1, -1)`` when none is reached.
    """
    i0 = max(1, math.ceil(max(x0 - radius, box_x0) / CELL - 0.5))
    i1 = min(dist.shape[0] - 2, math.floor(min(x1 + radius, box_x1) / CELL - 0.5))
    k0 = max(1, math.ceil(max(z0 - radius, box_z0) / CELL - 0.5))
    k1 = min(dist.shape[1] - 2, math.floor(min(z1 + radius, box_z1) / CELL - 0.5))
    best = UNREACHED
    best_i = -1
    best_k = -1
    for i in range(i0, i1 + 1):
        for k in range(k0, k1 + 1):
            if dist[i, k] >= best:
                continue
            cx = (i + 0.5) * CELL
            cz = (k + 0.5) * CELL
            dx = max(0.0, max(x0 - cx, cx - x1))
            dz = max(0.0, max(z0 - cz, cz - z1))
            if dx * dx + dz * dz <= radius * radius:
                best = dist[i, k]
                best_i = i
                best_k = k
    return best_i, best_k


@njit(cache=True, error_model="numpy")
def steer(bearing, distance):  # type: ignore[no-untyped-def]
    """One decision's legs towards a waypoint: ``(move, turn)`` in the contract's action values.

    The turn is the one nearest to the bearing and comes before the motion. The body turns on the
    spot when it would leave its course or circle a near waypoint.

    Args:
        bearing: direction of the waypoint relative to the body, radians, positive to the right.
        distance: metres to the waypoint.
    """
    angle = math.atan2(math.sin(bearing), math.cos(bearing))
    off = abs(angle)
    to_right = angle > 0.0 or off > ABOUT_FACE
    if off <= DEADBAND:
        return (_RUN if distance > RUN_DISTANCE else _WALK), _AHEAD
    if off <= SMALL_TURN_LIMIT:
        return _WALK, (_RIGHT_10 if to_right else _LEFT_10)
    turn = _RIGHT_30 if to_right else _LEFT_30
    if off > WALK_LIMIT or distance < NEAR_WAYPOINT:
        return _STAY, turn
    return _WALK, turn
