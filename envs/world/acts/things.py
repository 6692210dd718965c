"""Objects and leaves as boxes: moving them, what is out of sight, where there is room."""

from __future__ import annotations

import math

from envs.contract import BODY_RADIUS
from envs.jit import njit
from envs.scene import INSIDE_ROOM, UPON_ROOM
from envs.world.motion import is_blocked, touches_box
from envs.world.state import HIDDEN

PUT_DISTANCES = (0.65, 0.85, 0.5)
"""Metres from the body at which room for a thing is looked for, in this order."""
DROP_RINGS = 5
"""Rings of 0.3 m around the middle in which room is looked for when a carried thing is let go."""


@njit(cache=True, error_model="numpy", _nrt=False)
def place_object(item, first_box, position, boxes, object_position, object_boxes):
    """Move an object and its two boxes of one world to ``position`` (x, base y, z)."""
    x, y, z = position
    object_position[item, 0] = x
    object_position[item, 1] = y
    object_position[item, 2] = z
    for part in range(2):
        box = boxes[first_box + 2 * item + part]
        shape = object_boxes[item, part]
        box[0], box[3] = x + shape[0], x + shape[3]
        box[1], box[4] = y + shape[1], y + shape[4]
        box[2], box[5] = z + shape[2], z + shape[5]


@njit(cache=True, error_model="numpy", _nrt=False)
def set_leaf(door, wall_count, is_shut, boxes, leaf_box):
    """Put a door's leaf into its frame, or out of the way when the door is open."""
    box = boxes[wall_count + door]
    for axis in range(6):
        box[axis] = leaf_box[door, axis]
    if not is_shut:
        box[1] = HIDDEN
        box[4] = HIDDEN


@njit(cache=True, error_model="numpy", _nrt=False)
def someone_in_leaf(leaf, person_count, person_position):
    """Whether a body stands where a closing leaf would be."""
    for person in range(person_count):
        x, z = person_position[person, 0], person_position[person, 2]
        if touches_box(x, z, BODY_RADIUS + 0.05, 0.0, leaf):
            return True
    return False


@njit(cache=True, error_model="numpy", _nrt=False)
def is_out_of_sight(item, object_inside, object_open):
    """Whether an object is in a closed container: not seen, not drawn, not to be reached."""
    return object_inside[item] >= 0 and not object_open[object_inside[item]]


@njit(cache=True, error_model="numpy", _nrt=False)
def free_spot_of(carrier, capacity, object_count, object_inside, object_upon, object_spot):
    """The first free spot of a container or surface that has ``capacity``, -1 when it is full."""
    taken = 0  # one bit a spot
    for other in range(object_count):
        if object_inside[other] == carrier or object_upon[other] == carrier:
            taken |= 1 << min(object_spot[other], capacity)
    for spot in range(capacity):
        if not taken >> spot & 1:
            return spot
    return -1


@njit(cache=True, error_model="numpy", _nrt=False)
def settle_contents(
    object_count, first_box, boxes, object_position, object_size, object_yaw, object_boxes,
    object_inside, object_upon, object_spot, object_open,
):  # fmt: skip
    """Put what is in or on something where that is now.

    A surface has its spots side by side, the middle one first. What is in an open container shows
    above its rim, one spot in each quarter; what is in a closed one has its boxes hidden.
    """
    for inside in range(2):  # what is upon first: a box on a table may hold something
        for item in range(object_count):
            carrier = object_inside[item] if inside == 1 else object_upon[item]
            if carrier < 0:
                continue
            right, forward = 0.0, 0.0
            spot = object_spot[item]
            if inside == 1:
                right = (0.25 if spot % 2 == 1 else -0.25) * object_size[carrier, 0]
                forward = (0.25 if spot < INSIDE_ROOM // 2 else -0.25) * object_size[carrier, 2]
            elif spot > 0:
                side = 1.0 if spot == 1 else -1.0
                right = side * object_size[carrier, 0] / UPON_ROOM
            sine, cosine = 0.0, 1.0
            if spot > 0 or inside == 1:
                sine, cosine = math.sin(object_yaw[carrier]), math.cos(object_yaw[carrier])
            x = object_position[carrier, 0] + right * cosine + forward * sine
            z = object_position[carrier, 2] - right * sine + forward * cosine
            y = object_position[carrier, 1] + object_size[carrier, 1]
            place_object(item, first_box, (x, y, z), boxes, object_position, object_boxes)
            if inside == 1 and not object_open[carrier]:
                for part in range(2):
                    boxes[first_box + 2 * item + part, 1] = HIDDEN
                    boxes[first_box + 2 * item + part, 4] = HIDDEN


@njit(cache=True, error_model="numpy", _nrt=False)
def find_spot_ahead(
    x, z, yaw, size, rect, boxes, opaque, object_count, object_holder, person_count,
    person_position, spot,
):  # fmt: skip
    """Find a spot near the body, inside ``rect``, where an object of ``size`` can stand.

    The straight-ahead direction comes first. Returns True and fills ``spot`` (2,) when found.
    """
    radius = 0.5 * max(size[0], size[2]) + 0.03
    for distance in PUT_DISTANCES:
        for turn in range(8):
            offset = ((turn + 1) // 2) * (math.pi / 4.0) * (1.0 if turn % 2 == 0 else -1.0)
            px = x + distance * math.sin(yaw + offset)
            pz = z + distance * math.cos(yaw + offset)
            margin = radius + 0.08
            inside_x = rect[0] + margin <= px <= rect[2] - margin
            inside_z = rect[1] + margin <= pz <= rect[3] - margin
            if not (inside_x and inside_z):
                continue
            if is_blocked(px, pz, radius, 0.0, boxes, opaque, object_count, object_holder,
                          person_count, person_position, -1):  # fmt: skip
                continue
            spot[0], spot[1] = px, pz
            return True
    return False


@njit(cache=True, error_model="numpy", _nrt=False)
def find_spot_around(
    x, z, size, boxes, opaque, object_count, object_holder, person_count, person_position, spot,
):  # fmt: skip
    """Find the spot nearest to (x, z) where an object of ``size`` can stand on the floor.

    Returns True and fills ``spot`` (2,) when there is one within `DROP_RINGS` rings.
    """
    radius = 0.5 * max(size[0], size[2]) + 0.03
    for ring in range(DROP_RINGS):
        for turn in range(8 if ring > 0 else 1):
            px = x + 0.3 * ring * math.sin(turn * math.pi / 4.0)
            pz = z + 0.3 * ring * math.cos(turn * math.pi / 4.0)
            if not is_blocked(px, pz, radius, 0.0, boxes, opaque, object_count, object_holder,
                              person_count, person_position, -1):  # fmt: skip
                spot[0], spot[1] = px, pz
                return True
    return False


@njit(cache=True, error_model="numpy", _nrt=False)
def release(item, object_holder, object_second_holder, person_held):
    """Take an object out of the hands of whoever holds it."""
    for holder in (object_holder[item], object_second_holder[item]):
        if holder >= 0:
            person_held[holder] = -1
    object_holder[item] = -1
    object_second_holder[item] = -1
