"""Ways over known ground: one Dijkstra per row, then a waypoint towards every known thing.

The planner sees what the belief knows and no more: floors of known places, doorways, things and
people as obstacles, doors that turned out locked. It works on a window of 96 x 96 cells of 0.25 m
that is anchored in the state. Closed doors can be passed (somebody will open them); the first one on
each way is reported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from agent.belief.columns import (
    LOOK_SAMPLES,
    MAX_DOORWAYS,
    ROUTE_SIZE,
    UNREACHABLE,
    BodyColumn,
    DoorwayColumn,
    GoalField,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
)
from agent.belief.state import BeliefState
from agent.belief.update import WINDOW_METRES, place_at, sample_point
from envs import grid
from envs.contract import BODY_RADIUS, SLOTS, STATE_NAMES, Kind

WINDOW_CELLS = round(WINDOW_METRES / grid.CELL)
WALL_MARGIN = BODY_RADIUS + 0.06 + 0.03
"""Kept from the edge of a place: the body, half a wall and a little air, metres."""
THING_MARGIN = BODY_RADIUS + 0.04
DOORWAY_DEPTH = 0.7
"""How far the free ground of a doorway reaches into either side, metres."""
BEYOND_DOOR = 0.5
"""Where the way to a door ends: so far on its other side, metres."""
REACH = 1.4
"""Where the way to a thing ends: this near to its nearest point, metres."""
PERSON_REACH = 1.6
PLACE_INSET = 0.35
"""Where the way to a place ends: so far inside its walls, metres."""
HIGH_BASE = 1.6
"""What begins above this does not stand in the way, metres."""

_CLOSED_BIT = STATE_NAMES.index("closed")
_LOCKED_BIT = STATE_NAMES.index("locked")
_HELD_BIT = STATE_NAMES.index("held_by_other")
_OBJECT, _DOOR, _NPC, _PLACE = int(Kind.OBJECT), int(Kind.DOOR), int(Kind.NPC), int(Kind.PLACE)


@dataclass
class Plan:
    """Ways to every slot, for R rows."""

    routes: NDArray[np.float32]
    """``(R, 64, ROUTE_SIZE)``, columns in ``RouteColumn``."""
    free: NDArray[np.bool_]
    """``(R, 96, 96)`` cells of the window on which the body may stand."""


class Planner:
    """Plans for batches of beliefs; owns the scratch memory and nothing else."""

    def __init__(self, rows: int) -> None:
        """Make a planner for ``rows`` NPCs."""
        shape = (WINDOW_CELLS, WINDOW_CELLS)
        self._plan = Plan(
            np.zeros((rows, SLOTS, ROUTE_SIZE), np.float32), np.zeros((rows, *shape), np.bool_)
        )
        self._distance = np.empty(shape, np.int32)
        self._parent = np.empty(shape, np.int32)
        self._doorway_of = np.empty(shape, np.int8)
        self._buckets, self._counts = grid.make_scratch(shape)

    def plan(self, state: BeliefState) -> Plan:
        """Ways to everything known; the arrays are valid until the next call."""
        _plan_rows(
            state.nodes, state.places, state.doorways, state.goals, state.body,
            self._plan.routes, self._plan.free, self._distance, self._parent, self._doorway_of,
            self._buckets, self._counts,
        )  # fmt: skip
        return self._plan


@njit(cache=True, error_model="numpy", nogil=True)
def _plan_rows(nodes, places, doorways, goals, body, routes, free, distance, parent, doorway_of,
               buckets, counts):  # type: ignore[no-untyped-def]  # fmt: skip
    """All rows, one after the other."""
    for row in range(body.shape[0]):
        x = body[row, BodyColumn.X] - body[row, BodyColumn.ANCHOR_X]
        z = body[row, BodyColumn.Z] - body[row, BodyColumn.ANCHOR_Z]
        _draw_ground(places[row], doorways[row], body[row], free[row], doorway_of)
        _draw_things(nodes[row], body[row], goals[row], free[row])
        grid.distances(free[row], x, z, distance, parent, buckets, counts)
        _find_ways(nodes[row], places[row], doorways[row], body[row], goals[row], routes[row],
                   free[row], distance, parent, doorway_of)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _draw_ground(places, doorways, body, free, doorway_of):  # type: ignore[no-untyped-def]
    """Free cells: inside known places and in doorways that are not blocked."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    clock = body[BodyColumn.CLOCK]
    free[:] = False
    doorway_of[:] = -1
    for slot in range(1, SLOTS):
        place = places[slot]
        if place[PlaceColumn.SHAPED] > 0.5:
            grid.set_rectangle(
                free, place[PlaceColumn.X0] - ax + WALL_MARGIN,
                place[PlaceColumn.Z0] - az + WALL_MARGIN,
                place[PlaceColumn.X1] - ax - WALL_MARGIN,
                place[PlaceColumn.Z1] - az - WALL_MARGIN, True)  # fmt: skip
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5:
            continue
        x = doorway[DoorwayColumn.X] - ax
        z = doorway[DoorwayColumn.Z] - az
        # At least one lane of cells fits, wherever the doorway lies on the grid.
        side = max(0.5 * grid.CELL + 0.01, 0.5 * doorway[DoorwayColumn.WIDTH] - BODY_RADIUS - 0.02)
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        half_x = side if along_x else DOORWAY_DEPTH
        half_z = DOORWAY_DEPTH if along_x else side
        is_open = doorway[DoorwayColumn.BLOCKED_UNTIL] <= clock
        if is_open:
            grid.set_rectangle(free, x - half_x, z - half_z, x + half_x, z + half_z, True)
        else:
            core_x = half_x if along_x else WALL_MARGIN
            core_z = WALL_MARGIN if along_x else half_z
            grid.set_rectangle(free, x - core_x, z - core_z, x + core_x, z + core_z, False)
        core_x = half_x if along_x else 0.3
        core_z = 0.3 if along_x else half_z
        grid.set_rectangle(doorway_of, x - core_x, z - core_z, x + core_x, z + core_z, d)


@njit(cache=True, error_model="numpy")
def _draw_things(nodes, body, goal, free):  # type: ignore[no-untyped-def]
    """Take out the cells where the body would touch a known thing or person."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    held = int(body[BodyColumn.HELD])
    for slot in range(1, SLOTS):
        node = nodes[slot]
        kind = int(node[NodeColumn.KIND])
        if (node[NodeColumn.PLACED] < 0.5 or node[NodeColumn.KNOWN] < 0.5 or slot == held
                or (kind != _OBJECT and kind != _NPC)
                or node[NodeColumn.STATE + _HELD_BIT] > 0.5):  # fmt: skip
            continue
        if node[NodeColumn.Y] - 0.5 * node[NodeColumn.SIZE_Y] > HIGH_BASE:
            continue
        if kind == _NPC and body[BodyColumn.CLOCK] - node[NodeColumn.LAST_SEEN] > 3.0:
            continue  # people do not wait where they were
        sin = abs(node[NodeColumn.SIN_HEADING])
        cos = abs(node[NodeColumn.COS_HEADING])
        half_x = 0.5 * (node[NodeColumn.SIZE_X] * cos + node[NodeColumn.SIZE_Z] * sin)
        half_z = 0.5 * (node[NodeColumn.SIZE_Z] * cos + node[NodeColumn.SIZE_X] * sin)
        x = node[NodeColumn.X] - ax
        z = node[NodeColumn.Z] - az
        grid.set_rectangle(
            free, x - half_x - THING_MARGIN, z - half_z - THING_MARGIN,
            x + half_x + THING_MARGIN, z + half_z + THING_MARGIN, False)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _find_ways(nodes, places, doorways, body, goal, routes, free, distance, parent, doorway_of):  # type: ignore[no-untyped-def]
    """Where the way to each known thing ends, and what the way is like."""
    own_place = int(body[BodyColumn.PLACE])
    for slot in range(1, SLOTS):
        route = routes[slot]
        route[:] = 0.0
        route[RouteColumn.LENGTH] = UNREACHABLE
        node = nodes[slot]
        if node[NodeColumn.KNOWN] < 0.5 or node[NodeColumn.PLACED] < 0.5:
            continue
        kind = int(node[NodeColumn.KIND])
        if slot == int(body[BodyColumn.HELD]):
            route[RouteColumn.REACHABLE] = 1.0
            route[RouteColumn.LENGTH] = 0.0
            continue
        if kind == _PLACE:
            _way_to_place(places[slot], body, route, slot == own_place, free, distance, parent,
                          doorways, nodes, doorway_of)  # fmt: skip
        elif kind == _DOOR:
            _way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes,
                         doorway_of)  # fmt: skip
        else:
            _way_to_thing(node, places, body, route, kind, free, distance, parent, doorways, nodes,
                          doorway_of)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _way_to_place(place, body, route, inside, free, distance, parent, doorways, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """To the nearest point well inside; from inside, to face what has not been looked at."""
    if place[PlaceColumn.SHAPED] < 0.5:
        return
    unseen = 0
    for sample in range(LOOK_SAMPLES):
        if place[PlaceColumn.SEEN + sample] < 0.5:
            unseen += 1
    route[RouteColumn.FRONTIER] = unseen / LOOK_SAMPLES
    x = body[BodyColumn.X]
    z = body[BodyColumn.Z]
    inset = min(min(x - place[PlaceColumn.X0], place[PlaceColumn.X1] - x),
                min(z - place[PlaceColumn.Z0], place[PlaceColumn.Z1] - z))  # fmt: skip
    route[RouteColumn.INSET] = max(0.0, inset)
    if inside and inset >= PLACE_INSET:
        route[RouteColumn.REACHABLE] = 1.0
        route[RouteColumn.LENGTH] = 0.0
        if unseen > 0:
            _face_unseen(place, body, route)
        return
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    x0 = place[PlaceColumn.X0] - ax + PLACE_INSET
    z0 = place[PlaceColumn.Z0] - az + PLACE_INSET
    x1 = place[PlaceColumn.X1] - ax - PLACE_INSET
    z1 = place[PlaceColumn.Z1] - az - PLACE_INSET
    i, k = grid.cheapest_cell(distance, x0, z0, x1, z1, 0.0, x0, z0, x1, z1)
    _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)


@njit(cache=True, error_model="numpy")
def _face_unseen(place, body, route):  # type: ignore[no-untyped-def]
    """Bearing of the unseen sample point that needs the smallest turn."""
    best = 10.0
    for sample in range(LOOK_SAMPLES):
        if place[PlaceColumn.SEEN + sample] > 0.5:
            continue
        x, z = sample_point(place, sample)
        dx = x - body[BodyColumn.X]
        dz = z - body[BodyColumn.Z]
        bearing = _relative_bearing(dx, dz, body)
        if abs(bearing) < abs(best):
            best = bearing
            route[RouteColumn.BEARING] = bearing
            route[RouteColumn.DISTANCE] = math.hypot(dx, dz)


@njit(cache=True, error_model="numpy")
def _way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """To a cell beyond the door: on the side not visited yet, else on the side further off."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5 or int(doorway[DoorwayColumn.DOOR]) != slot:
            continue
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        best_i = -1
        best_k = -1
        best = -1
        frontier = False
        for side in (-1.0, 1.0):
            x = doorway[DoorwayColumn.X] + (0.0 if along_x else side * BEYOND_DOOR)
            z = doorway[DoorwayColumn.Z] + (side * BEYOND_DOOR if along_x else 0.0)
            place = place_at(places, x, z)
            unvisited = place == 0 or places[place, PlaceColumn.VISITED] < 0.5
            frontier = frontier or unvisited
            i, k = grid.nearest_free(free, x - ax, z - az, 1)
            if i < 0:
                continue
            cost = distance[i, k]
            if cost >= grid.UNREACHED:
                continue
            if unvisited:
                cost += 1 << 20
            if cost > best:
                best = cost
                best_i = i
                best_k = k
        route[RouteColumn.FRONTIER] = 1.0 if frontier else 0.0
        _fill_route(route, best_i, best_k, body, free, distance, parent, doorways, nodes,
                    doorway_of)  # fmt: skip
        return


@njit(cache=True, error_model="numpy")
def _way_to_thing(node, places, body, route, kind, free, distance, parent, doorways, nodes,
                  doorway_of):  # type: ignore[no-untyped-def]  # fmt: skip
    """To the nearest cell from which it is within reach, on its own side of the wall."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    sin = abs(node[NodeColumn.SIN_HEADING])
    cos = abs(node[NodeColumn.COS_HEADING])
    half_x = 0.5 * (node[NodeColumn.SIZE_X] * cos + node[NodeColumn.SIZE_Z] * sin)
    half_z = 0.5 * (node[NodeColumn.SIZE_Z] * cos + node[NodeColumn.SIZE_X] * sin)
    x = node[NodeColumn.X] - ax
    z = node[NodeColumn.Z] - az
    box = (-1e6, -1e6, 1e6, 1e6)
    slot = int(node[NodeColumn.PLACE])
    if slot > 0 and places[slot, PlaceColumn.SHAPED] > 0.5:
        place = places[slot]
        box = (place[PlaceColumn.X0] - ax, place[PlaceColumn.Z0] - az,
               place[PlaceColumn.X1] - ax, place[PlaceColumn.Z1] - az)  # fmt: skip
    # The way ends right at the thing: acts are possible on the way there, as soon as it is near.
    i = -1
    k = -1
    for radius in (0.5, 0.8, 1.2, REACH):
        i, k = grid.cheapest_cell(distance, x - half_x, z - half_z, x + half_x, z + half_z, radius,
                                  box[0], box[1], box[2], box[3])  # fmt: skip
        if i >= 0:
            break
    _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
    if route[RouteColumn.REACHABLE] > 0.5 and route[RouteColumn.LENGTH] < 0.5:
        dx = node[NodeColumn.X] - body[BodyColumn.X]
        dz = node[NodeColumn.Z] - body[BodyColumn.Z]
        route[RouteColumn.BEARING] = _relative_bearing(dx, dz, body)
        route[RouteColumn.DISTANCE] = math.hypot(dx, dz)


@njit(cache=True, error_model="numpy")
def _relative_bearing(dx, dz, body):  # type: ignore[no-untyped-def]
    """Bearing of an offset in the world relative to the body's heading, radians."""
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    return math.atan2(dx * cos_yaw - dz * sin_yaw, dx * sin_yaw + dz * cos_yaw)


@njit(cache=True, error_model="numpy")
def _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """Length, waypoint and first closed door of the way to a cell."""
    x = body[BodyColumn.X] - body[BodyColumn.ANCHOR_X]
    z = body[BodyColumn.Z] - body[BodyColumn.ANCHOR_Z]
    wx, wz, length, reachable = grid.waypoint(distance, parent, free, x, z, i, k)
    if not reachable:
        return
    route[RouteColumn.REACHABLE] = 1.0
    route[RouteColumn.LENGTH] = length
    route[RouteColumn.BEARING] = _relative_bearing(wx - x, wz - z, body)
    route[RouteColumn.DISTANCE] = math.hypot(wx - x, wz - z)
    depth = free.shape[1]
    cell = i * depth + k
    while cell >= 0:
        ci = cell // depth
        ck = cell - ci * depth
        d = doorway_of[ci, ck]
        if d >= 0:
            door = int(doorways[d, DoorwayColumn.DOOR])
            if door > 0:
                shut = (nodes[door, NodeColumn.STATE + _CLOSED_BIT] > 0.5
                        or nodes[door, NodeColumn.STATE + _LOCKED_BIT] > 0.5)  # fmt: skip
                if shut:
                    route[RouteColumn.DOOR] = door
                    route[RouteColumn.DOOR_LENGTH] = distance[ci, ck] * grid.UNIT
        cell = parent[ci, ck]
