"""What a way to a cell is like: its length, its next waypoint, what is shut on it."""

from __future__ import annotations

import math

from agent.belief.columns import (
    BodyColumn,
    DoorKind,
    DoorwayColumn,
    NodeColumn,
    RouteColumn,
)
from envs import grid
from envs.contract import STATE_NAMES
from envs.jit import njit

_CLOSED_BIT = STATE_NAMES.index("closed")
_LOCKED_BIT = STATE_NAMES.index("locked")
_OPENING, _BARRIER = int(DoorKind.OPENING), int(DoorKind.BARRIER)


@njit(cache=True, error_model="numpy")
def fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """Length, waypoint and first closed door of the way to a cell."""
    x = body[BodyColumn.THEN_X] - body[BodyColumn.ANCHOR_X]
    z = body[BodyColumn.THEN_Z] - body[BodyColumn.ANCHOR_Z]
    wx, wz, length, reachable = grid.waypoint(distance, parent, free, x, z, i, k)
    if not reachable:
        return
    route[RouteColumn.REACHABLE] = 1.0
    route[RouteColumn.LENGTH] = length
    route[RouteColumn.BEARING] = relative_bearing(wx - x, wz - z, body)
    route[RouteColumn.DISTANCE] = math.hypot(wx - x, wz - z)
    depth = free.shape[1]
    cell = i * depth + k
    while cell >= 0:
        ci = cell // depth
        ck = cell - ci * depth
        d = doorway_of[ci, ck]
        if d >= 0:
            door = int(doorways[d, DoorwayColumn.DOOR])
            kind = int(nodes[door, NodeColumn.DOOR_KIND])
            if door > 0 and kind == _BARRIER:
                route[RouteColumn.JUMP] = door
                route[RouteColumn.JUMP_LENGTH] = distance[ci, ck] * grid.UNIT
            elif door > 0 and kind != _OPENING:
                shut = (nodes[door, NodeColumn.STATE + _CLOSED_BIT] > 0.5
                        or nodes[door, NodeColumn.STATE + _LOCKED_BIT] > 0.5)  # fmt: skip
                if shut:
                    route[RouteColumn.DOOR] = door
                    route[RouteColumn.DOOR_LENGTH] = distance[ci, ck] * grid.UNIT
        cell = parent[ci, ck]


@njit(cache=True, error_model="numpy")
def face_when_there(node, body, route):  # type: ignore[no-untyped-def]
    """At the end of the way one turns to the thing itself."""
    if route[RouteColumn.REACHABLE] > 0.5 and route[RouteColumn.LENGTH] < 0.5:
        dx = node[NodeColumn.X] - body[BodyColumn.THEN_X]
        dz = node[NodeColumn.Z] - body[BodyColumn.THEN_Z]
        route[RouteColumn.BEARING] = relative_bearing(dx, dz, body)
        route[RouteColumn.DISTANCE] = math.hypot(dx, dz)


@njit(cache=True, error_model="numpy")
def relative_bearing(dx, dz, body):  # type: ignore[no-untyped-def]
    """Bearing of an offset in the world relative to the body's heading, radians."""
    sin_yaw = math.sin(body[BodyColumn.THEN_YAW])
    cos_yaw = math.cos(body[BodyColumn.THEN_YAW])
    return math.atan2(dx * cos_yaw - dz * sin_yaw, dx * sin_yaw + dz * cos_yaw)
