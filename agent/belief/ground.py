"""The ground on which a belief plans: a window of cells, free where the body may stand."""

from __future__ import annotations

import math

from agent.belief.body import WINDOW_METRES
from agent.belief.columns import (
    MAX_DOORWAYS,
    BodyColumn,
    DoorwayColumn,
    NodeColumn,
    PlaceColumn,
)
from envs import grid
from envs.contract import BODY_RADIUS, SLOTS, STATE_NAMES, Kind
from envs.jit import njit

WINDOW_CELLS = round(WINDOW_METRES / grid.CELL)
WALL_MARGIN = BODY_RADIUS + 0.06 + 0.03
"""Kept from the edge of a place: the body, half a wall and a little air, metres."""
THING_MARGIN = BODY_RADIUS + 0.04
PERSON_MARGIN = 2 * BODY_RADIUS - 0.02
"""A little less than what two bodies need: they slide past each other, metres."""
DOORWAY_DEPTH = 0.7
"""How far the free ground of a doorway reaches into either side, metres."""
DOOR_DEPTH = 0.3
"""A cell this near to the wall's middle is in the doorway itself, metres."""
PERSON_SECONDS = 30.0
"""People out of sight stand in the way for so long."""
UNDERFOOT = 0.3
"""A thing believed to be this near along both axes lies where the body stands, metres."""
HIGH_BASE = 1.6
"""What begins above this does not stand in the way, metres."""

_HELD_BIT = STATE_NAMES.index("held_by_other")
_OBJECT, _NPC = int(Kind.OBJECT), int(Kind.NPC)


@njit(cache=True, error_model="numpy")
def draw_places(places, body, free):  # type: ignore[no-untyped-def]
    """Free cells inside the walls of known places."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    free[:] = False
    for slot in range(1, SLOTS):
        place = places[slot]
        if place[PlaceColumn.SHAPED] > 0.5:
            grid.set_rectangle(
                free, place[PlaceColumn.X0] - ax + WALL_MARGIN,
                place[PlaceColumn.Z0] - az + WALL_MARGIN,
                place[PlaceColumn.X1] - ax - WALL_MARGIN,
                place[PlaceColumn.Z1] - az - WALL_MARGIN, True)  # fmt: skip


@njit(cache=True, error_model="numpy")
def draw_doorways(doorways, body, free, doorway_of):  # type: ignore[no-untyped-def]
    """Free cells in doorways, also where a person stands: people there are on their way."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    clock = body[BodyColumn.CLOCK]
    doorway_of[:] = -1
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5:
            continue
        x = doorway[DoorwayColumn.X] - ax
        z = doorway[DoorwayColumn.Z] - az
        # At least one lane of cells fits, wherever the doorway lies on the grid.
        side = max(0.5 * grid.CELL + 0.01, 0.5 * doorway[DoorwayColumn.WIDTH] - BODY_RADIUS - 0.02)
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        is_open = doorway[DoorwayColumn.BLOCKED_UNTIL] <= clock
        depth = DOORWAY_DEPTH if is_open else WALL_MARGIN
        half_x = side if along_x else depth
        half_z = depth if along_x else side
        grid.set_rectangle(free, x - half_x, z - half_z, x + half_x, z + half_z, is_open)
        half_x = side if along_x else DOOR_DEPTH
        half_z = DOOR_DEPTH if along_x else side
        grid.set_rectangle(doorway_of, x - half_x, z - half_z, x + half_x, z + half_z, d)


@njit(cache=True, error_model="numpy")
def draw_people(nodes, body, carrier, free):  # type: ignore[no-untyped-def]
    """Take out the cells where the body would push into a person, a round obstacle.

    Args:
        nodes, body: of the belief.
        carrier: slot of who carries something with us and moves as we do, 0 for nobody.
        free: cells, written.
    """
    reach = math.ceil(PERSON_MARGIN / grid.CELL)
    for slot in range(1, SLOTS):
        node = nodes[slot]
        age = body[BodyColumn.CLOCK] - node[NodeColumn.LAST_SEEN]
        person = int(node[NodeColumn.KIND]) == _NPC and node[NodeColumn.PLACED] > 0.5
        if not person or age > PERSON_SECONDS or slot == carrier:
            continue
        x = (node[NodeColumn.X] - body[BodyColumn.ANCHOR_X]) / grid.CELL - 0.5
        z = (node[NodeColumn.Z] - body[BodyColumn.ANCHOR_Z]) / grid.CELL - 0.5
        for i in range(math.floor(x) - reach, math.floor(x) + reach + 2):
            for k in range(math.floor(z) - reach, math.floor(z) + reach + 2):
                away = math.hypot(i - x, k - z) * grid.CELL
                if away < PERSON_MARGIN and 0 <= i < free.shape[0] and 0 <= k < free.shape[1]:
                    free[i, k] = False


@njit(cache=True, error_model="numpy")
def draw_objects(nodes, body, free):  # type: ignore[no-untyped-def]
    """Take out the cells where the body would touch a known object."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    held = int(body[BodyColumn.HELD])
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if (int(node[NodeColumn.KIND]) != _OBJECT or node[NodeColumn.PLACED] < 0.5
                or slot == held or node[NodeColumn.STATE + _HELD_BIT] > 0.5):  # fmt: skip
            continue
        if node[NodeColumn.Y] - 0.5 * node[NodeColumn.SIZE_Y] > HIGH_BASE:
            continue
        here = abs(node[NodeColumn.X] - body[BodyColumn.X]) < UNDERFOOT
        if here and abs(node[NodeColumn.Z] - body[BodyColumn.Z]) < UNDERFOOT:
            continue  # just put down: where the body stands, it is not in the way
        half_x, half_z = half_extents(node)
        x = node[NodeColumn.X] - ax
        z = node[NodeColumn.Z] - az
        grid.set_rectangle(
            free, x - half_x - THING_MARGIN, z - half_z - THING_MARGIN,
            x + half_x + THING_MARGIN, z + half_z + THING_MARGIN, False)  # fmt: skip


@njit(cache=True, error_model="numpy")
def half_extents(node):  # type: ignore[no-untyped-def]
    """Half the extents of a thing's footprint along x and z, metres."""
    sin = abs(node[NodeColumn.SIN_HEADING])
    cos = abs(node[NodeColumn.COS_HEADING])
    half_x = 0.5 * (node[NodeColumn.SIZE_X] * cos + node[NodeColumn.SIZE_Z] * sin)
    half_z = 0.5 * (node[NodeColumn.SIZE_Z] * cos + node[NodeColumn.SIZE_X] * sin)
    return half_x, half_z


@njit(cache=True, error_model="numpy")
def nearest_doorway(doorways, x, z):  # type: ignore[no-untyped-def]
    """Distance to the middle of the nearest doorway, metres."""
    nearest = 1e9
    for d in range(MAX_DOORWAYS):
        if doorways[d, DoorwayColumn.USED] > 0.5:
            away = math.hypot(doorways[d, DoorwayColumn.X] - x, doorways[d, DoorwayColumn.Z] - z)
            nearest = min(nearest, away)
    return nearest
