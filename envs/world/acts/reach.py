"""Which things a body can reach with its hands, and what they offer them."""

from __future__ import annotations

import math

import numpy as np

from envs.contract import BODY_RADIUS, Act, Kind, Reason
from envs.jit import njit
from envs.world.acts.things import is_out_of_sight
from envs.world.sight import footprint_distance, walls_between
from envs.world.state import KIND_DOOR

REACH = 1.5
"""Metres to the nearest point of a thing's footprint."""
DOOR_AFFORDANCES = np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1], np.uint8)
"""EXAMINE..FINISH that a door offers."""
DOORWAY_AFFORDANCES = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], np.uint8)
"""Those of openings, gates and barriers, on which hands do nothing."""
PERSON_AFFORDANCES = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], np.uint8)
_DOOR, _OBJECT, _NPC = Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_FIRST = Act.EXAMINE.value


@njit(cache=True, error_model="numpy", _nrt=False)
def door_distance(x, z, position, along_x, width):
    """Horizontal distance in metres from (x, z) to the nearest point of a doorway."""
    dx, dz = abs(x - position[0]), abs(z - position[1])
    if along_x:
        dx = max(0.0, dx - 0.5 * width)
    else:
        dz = max(0.0, dz - 0.5 * width)
    return math.sqrt(dx * dx + dz * dz)


@njit(cache=True, error_model="numpy", _nrt=False)
def offers(kind, index, act, door_kind, object_affordance):
    """Whether a thing of one world has the affordance bit of an act EXAMINE..FINISH."""
    if kind == _DOOR:
        if door_kind[index] == KIND_DOOR:
            return DOOR_AFFORDANCES[act - _FIRST] > 0
        return DOORWAY_AFFORDANCES[act - _FIRST] > 0
    if kind == _NPC:
        return PERSON_AFFORDANCES[act - _FIRST] > 0
    return object_affordance[index, act - _FIRST] > 0


@njit(cache=True, error_model="numpy", _nrt=False)
def reach_thing(
    kind, index, x, z, boxes, opaque, wall_count, door_position, door_along_x, door_width,
    object_position, object_size, object_yaw, object_inside, object_open, person_position,
):  # fmt: skip
    """Why a thing cannot be reached from (x, z): Reason.NONE, OUT_OF_REACH or NOT_IN_SIGHT."""
    leaf = -1
    if kind == _DOOR:
        tx, tz = door_position[index, 0], door_position[index, 1]
        distance = door_distance(x, z, door_position[index], door_along_x[index], door_width[index])
        leaf = wall_count + index
    elif kind == _OBJECT:
        if is_out_of_sight(index, object_inside, object_open):
            return Reason.NOT_IN_SIGHT.value
        tx, tz = object_position[index, 0], object_position[index, 2]
        farthest = REACH + object_size[index, 0] + object_size[index, 2]
        if abs(tx - x) > farthest or abs(tz - z) > farthest:  # however it is turned
            return Reason.OUT_OF_REACH.value
        distance = footprint_distance(
            x, z, object_position[index], object_size[index], object_yaw[index]
        )
    else:
        tx, tz = person_position[index, 0], person_position[index, 2]
        distance = max(0.0, math.sqrt((tx - x) ** 2 + (tz - z) ** 2) - BODY_RADIUS)
    if distance > REACH:
        return Reason.OUT_OF_REACH.value
    if walls_between(boxes, opaque, x, z, tx, tz, leaf, 1) > 0:
        return Reason.NOT_IN_SIGHT.value
    return Reason.NONE.value
