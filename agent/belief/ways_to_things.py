"""Where the ways to doors, objects and people end."""

from __future__ import annotations

import math

from agent.belief.body import WINDOW_METRES
from agent.belief.columns import (
    MAX_DOORWAYS,
    BodyColumn,
    DoorwayColumn,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
)
from agent.belief.ground import half_extents
from agent.belief.routes import face_when_there, fill_route
from agent.belief.seeing import place_at
from envs import grid
from envs.jit import njit

BEYOND_DOOR = 0.5
"""Where the way to a door ends: so far on its other side, metres."""
REACH = 1.4
"""Where the way to a thing ends: this near to its nearest point, metres."""
READ_FROM = 1.3
"""Signs are read from so far in front of a thing, metres."""
_UNVISITED_FIRST = 1 << 20


@njit(cache=True, error_model="numpy")
def way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes, doorway_of):  # type: ignore[no-untyped-def]
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
            if i < 0 or distance[i, k] >= grid.UNREACHED:
                continue
            if along_x:
                beyond = ((k + 0.5) * grid.CELL + az - doorway[DoorwayColumn.Z]) * side
            else:
                beyond = ((i + 0.5) * grid.CELL + ax - doorway[DoorwayColumn.X]) * side
            if beyond < 0.5 * BEYOND_DOOR:
                continue
            cost = distance[i, k]
            if unvisited:
                cost += _UNVISITED_FIRST
            if cost > best:
                best = cost
                best_i = i
                best_k = k
        if doorway[DoorwayColumn.BLOCKED_UNTIL] > body[BodyColumn.CLOCK]:
            _way_to_blocked(doorway, nodes[slot], body, route, free, distance, parent, doorways,
                            nodes, doorway_of)  # fmt: skip
            return
        route[RouteColumn.FRONTIER] = 1.0 if frontier else 0.0
        if frontier and best < _UNVISITED_FIRST:
            return  # what is behind it cannot be reached
        fill_route(route, best_i, best_k, body, free, distance, parent, doorways, nodes,
                   doorway_of)  # fmt: skip
        return


@njit(cache=True, error_model="numpy")
def _way_to_blocked(doorway, node, body, route, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
                    doorway_of):  # fmt: skip
    """To the side of a locked door, or of a closed gate, from which it can be reached."""
    x = doorway[DoorwayColumn.X] - body[BodyColumn.ANCHOR_X]
    z = doorway[DoorwayColumn.Z] - body[BodyColumn.ANCHOR_Z]
    far = WINDOW_METRES
    for radius in (0.7, 1.0, REACH):
        i, k = grid.cheapest_cell(distance, x, z, x, z, radius, 0.0, 0.0, far, far)
        if i >= 0:
            break
    if i < 0 or node[NodeColumn.LOCKED] < 0.5:
        return
    fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
    face_when_there(node, body, route)


@njit(cache=True, error_model="numpy")
def way_to_thing(node, places, body, route, reads, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
                 doorway_of):  # fmt: skip
    """To the nearest cell from which it is within reach, on its own side of the wall.

    Where its sign is to be read, the way ends before its front.
    """
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    x = node[NodeColumn.X] - ax
    z = node[NodeColumn.Z] - az
    slot = int(node[NodeColumn.PLACE])
    i = -1
    k = -1
    if slot > 0 and places[slot, PlaceColumn.SHAPED] > 0.5:
        place = places[slot]
        half_x, half_z = half_extents(node)
        if reads and node[NodeColumn.SIGN_DECIDED] < 0.5:
            i, k = grid.nearest_free(
                free, x + READ_FROM * node[NodeColumn.SIN_HEADING],
                z + READ_FROM * node[NodeColumn.COS_HEADING], 2)  # fmt: skip
            if i >= 0 and distance[i, k] < grid.UNREACHED:
                fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
                face_when_there(node, body, route)
                return
            i = -1
            k = -1
        # The way ends right at the thing: acts are possible on the way, as soon as it is near.
        for radius in (0.5, 0.8, 1.2, REACH):
            i, k = grid.cheapest_cell(
                distance, x - half_x, z - half_z, x + half_x, z + half_z, radius,
                place[PlaceColumn.X0] - ax, place[PlaceColumn.Z0] - az,
                place[PlaceColumn.X1] - ax, place[PlaceColumn.Z1] - az)  # fmt: skip
            if i >= 0:
                break
    else:
        i, k = _cell_towards_unknown(x, z, ax, az, places, doorways, free, distance)
    fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
    face_when_there(node, body, route)


@njit(cache=True, error_model="numpy")
def _cell_towards_unknown(x, z, ax, az, places, doorways, free, distance):  # type: ignore[no-untyped-def]
    """A thing on unknown ground was seen through a doorway: the cell behind the likeliest one."""
    best = 1e9
    best_i = -1
    best_k = -1
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5:
            continue
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        for side in (-1.0, 1.0):
            beyond_x = doorway[DoorwayColumn.X] + (0.0 if along_x else side * BEYOND_DOOR)
            beyond_z = doorway[DoorwayColumn.Z] + (side * BEYOND_DOOR if along_x else 0.0)
            if place_at(places, beyond_x, beyond_z) > 0:
                continue
            i, k = grid.nearest_free(free, beyond_x - ax, beyond_z - az, 1)
            if i < 0 or distance[i, k] >= grid.UNREACHED:
                continue
            onward = math.hypot(x + ax - beyond_x, z + az - beyond_z)
            cost = distance[i, k] * grid.UNIT + onward
            if cost < best:
                best = cost
                best_i = i
                best_k = k
    return best_i, best_k
