"""Where a body can walk in one world as it is now, and ways over that floor (kernels)."""

from __future__ import annotations

import math

from envs import grid
from envs.jit import njit
from envs.tasks.true_map import CLEARANCE, WALL_CLEARANCE
from envs.world.state import DOOR_LOCKED, DOOR_OPEN, KIND_GATE

KEEP_CLEAR = 1.1
"""Depth of the floor before a doorway on which nobody stays, metres."""
ALL, NONE = -2, -1
"""Instead of the index of a door: every one, and none."""
RING = 3
"""Cells from a body's middle to those just beyond what it takes."""
LOOK_AHEAD = 8
"""Cells of a path within which the next waypoint is chosen."""
STRAYED = 0.8
"""Further than this from its path a body needs a new one, metres."""


@njit(cache=True, error_model="numpy")
def draw_floor(  # type: ignore[no-untyped-def]
    free, origin_x, origin_z, place_count, place_rect, door_count, door_position, door_along_x,
    door_width, door_state, door_kind, door_key, object_count, object_position, object_size,
    object_yaw, object_holder, object_inside, object_upon, person_count, person_position, me,
    companion, berth, opened,
):  # fmt: skip
    """Mark the cells that a body's centre can be in.

    Closed doors count as passable; what is locked, and closed gates, only when ``opened``.

    Args:
        free: ``(GX, GZ)`` bool, written.
        me: person that is not in its own way.
        companion: person who comes along and is not in its way either, -1 none.
        berth: half the side of the square kept free of everybody, metres; 0 ignores them.
        opened: index of a door that counts as open although a key or a button is needed for it;
            ALL for all such doors, NONE for none.
    """
    free[:, :] = False
    for place in range(place_count):
        rect = place_rect[place]
        grid.set_rectangle(
            free, rect[0] + WALL_CLEARANCE - origin_x, rect[1] + WALL_CLEARANCE - origin_z,
            rect[2] - WALL_CLEARANCE - origin_x, rect[3] - WALL_CLEARANCE - origin_z, True,
        )  # fmt: skip
    for door in range(door_count):
        is_gate = door_kind[door] == KIND_GATE and door_state[door] != DOOR_OPEN
        is_locked = door_state[door] == DOOR_LOCKED and not is_gate
        if (is_gate or is_locked) and opened != door and opened != ALL:
            continue
        if is_locked and door_key[door] < 0:
            continue
        x = door_position[door, 0] - origin_x
        z = door_position[door, 1] - origin_z
        half = door_width[door] / 2 - CLEARANCE
        deep = WALL_CLEARANCE + grid.CELL
        if door_along_x[door]:
            grid.set_rectangle(free, x - half, z - deep, x + half, z + deep, True)
        else:
            grid.set_rectangle(free, x - deep, z - half, x + deep, z + half, True)
    for item in range(object_count):
        if object_holder[item] >= 0 or object_inside[item] >= 0 or object_upon[item] >= 0:
            continue
        x = object_position[item, 0] - origin_x
        z = object_position[item, 2] - origin_z
        turned = abs(math.sin(object_yaw[item])) > 0.5
        across = object_size[item, 2] if turned else object_size[item, 0]
        along = object_size[item, 0] if turned else object_size[item, 2]
        half = across / 2 + CLEARANCE
        deep = along / 2 + CLEARANCE
        grid.set_rectangle(free, x - half, z - deep, x + half, z + deep, False)
    for person in range(person_count):
        if person not in (me, companion) and berth > 0.0:
            x = person_position[person, 0] - origin_x
            z = person_position[person, 2] - origin_z
            grid.set_rectangle(free, x - berth, z - berth, x + berth, z + berth, False)


@njit(cache=True, error_model="numpy")
def mark_doorways(  # type: ignore[no-untyped-def]
    cells, origin_x, origin_z, door_count, door_position, door_along_x, door_width
):
    """Mark the cells in and before every doorway, where nobody should stay."""
    cells[:, :] = False
    for door in range(door_count):
        x = door_position[door, 0] - origin_x
        z = door_position[door, 1] - origin_z
        half = door_width[door] / 2 + CLEARANCE
        deep = KEEP_CLEAR
        if not door_along_x[door]:
            half, deep = deep, half
        grid.set_rectangle(cells, x - half, z - deep, x + half, z + deep, True)


@njit(cache=True, error_model="numpy")
def mark_passages(free, cells):  # type: ignore[no-untyped-def]
    """Mark the free cells in which a body that stays could part the floor.

    Around such a cell, just beyond what a body takes, the free floor is in several pieces.
    """
    cells[:, :] = False
    ring = 8 * RING
    for i in range(RING, free.shape[0] - RING):
        for k in range(RING, free.shape[1] - RING):
            if not free[i, k]:
                continue
            pieces = 0
            before = _is_free_on_ring(free, i, k, ring - 1)
            for step in range(ring):
                now = _is_free_on_ring(free, i, k, step)
                pieces += now and not before
                before = now
            cells[i, k] = pieces > 1


@njit(cache=True, error_model="numpy")
def _is_free_on_ring(free, i, k, step):  # type: ignore[no-untyped-def]
    """Whether a cell of the square ring around a cell is free; steps count along the ring."""
    side, along = step // (2 * RING), step % (2 * RING)
    if side == 0:
        return free[i - RING + along, k - RING]
    if side == 1:
        return free[i + RING, k - RING + along]
    if side == 2:
        return free[i + RING - along, k + RING]
    return free[i - RING, k + RING - along]


@njit(cache=True, error_model="numpy")
def find_path(free, closed, dist, parent, buckets, counts, x, z, goal, path):  # type: ignore[no-untyped-def]
    """Write the way to the soonest cell of a goal into ``path``.

    Args:
        free: ``(GX, GZ)`` bool: cells to walk on.
        closed: ``(GX, GZ)`` bool: cells where the way must not end.
        dist: scratch ``(GX, GZ)`` int32.
        parent: scratch ``(GX, GZ)`` int32.
        buckets: scratch of ``grid.distances``.
        counts: scratch of ``grid.distances``.
        x: start, metres from the grid's origin.
        z: start, metres from the grid's origin.
        goal: ``(9,)`` area (4), radius, and box (4), as ``grid.cheapest_cell`` takes them.
        path: ``(n, 2)`` float32, written: centres of cells from the goal back to the start.

    Returns:
        Cells of the way, 0 when there is none.
    """
    grid.distances(free, x, z, dist, parent, buckets, counts)
    for i in range(dist.shape[0]):
        for k in range(dist.shape[1]):
            if closed[i, k]:
                dist[i, k] = grid.UNREACHED
    i, k = grid.cheapest_cell(
        dist, goal[0], goal[1], goal[2], goal[3], goal[4], goal[5], goal[6], goal[7], goal[8]
    )
    if i < 0:
        return 0
    depth = free.shape[1]
    cell = i * depth + k
    count = 0
    while cell >= 0 and count < path.shape[0]:
        path[count, 0] = (cell // depth + 0.5) * grid.CELL
        path[count, 1] = (cell % depth + 0.5) * grid.CELL
        count += 1
        cell = parent[cell // depth, cell % depth]
    return count


@njit(cache=True, error_model="numpy")
def next_waypoint(free, path, count, x, z):  # type: ignore[no-untyped-def]
    """The index in a path of where to head now from a point, -1 when it has strayed."""
    nearest = -1
    best = STRAYED * STRAYED
    for index in range(count):
        dx = path[index, 0] - x
        dz = path[index, 1] - z
        if dx * dx + dz * dz < best:
            best = dx * dx + dz * dz
            nearest = index
    if nearest < 0:
        return -1
    own_i = math.floor(x / grid.CELL)
    own_k = math.floor(z / grid.CELL)
    for index in range(max(0, nearest - LOOK_AHEAD), nearest):
        is_own = math.floor(path[index + 1, 0] / grid.CELL) == own_i
        is_own = is_own and math.floor(path[index + 1, 1] / grid.CELL) == own_k
        if is_own or grid.straight_free(free, x, z, path[index, 0], path[index, 1]):
            return index
    is_at_nearest = nearest > 0 and best < (grid.CELL / 2) ** 2
    return nearest - 1 if is_at_nearest else nearest
