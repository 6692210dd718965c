"""People and things that move by themselves, from point to point of their path, for ever."""

from __future__ import annotations

import math

from envs.classes import AFFORDANCES
from envs.contract import BODY_RADIUS, DECISION_SECONDS, Act
from envs.jit import njit
from envs.world.acts.things import place_object
from envs.world.motion import is_blocked
from envs.world.state import ROLE_NPC

KEEP_AWAY = 0.2
"""Metres that a mover stays away from a body in front of it."""
PATIENCE = 30
"""Decisions that a mover waits for what stands in its way before it turns to its next point."""
_SWITCH = AFFORDANCES.index(Act.SWITCH)


@njit(cache=True, error_model="numpy")
def body_ahead(x, z, east, north, distance, person_count, person_position, me):
    """Whether somebody but ``me`` is within ``distance`` of (x, z), ahead along (east, north)."""
    for other in range(person_count):
        dx, dz = person_position[other, 0] - x, person_position[other, 2] - z
        near = dx * dx + dz * dz < distance * distance
        if other != me and near and dx * east + dz * north > 0.0:
            return True
    return False


@njit(cache=True, error_model="numpy")
def stride_on(
    mover, x, z, yaw, radius, me, path, count, next_point, speed, moving, waited,
    boxes, opaque, object_count, object_holder, person_count, person_position,
):  # fmt: skip
    """Let something go on towards its next point, or turn to the one after when it is there.

    It stops before what is in its way, and turns to the next point when that does not go away.

    Args:
        mover: its row in ``path``, ``count``, ``next_point``, ``speed``, ``moving``, ``waited``.
        x, z, yaw: where it is and how it is turned.
        radius: of its body, metres.
        me: its number when it is a person, else -1.

    Returns:
        (x, z, yaw) as they are now.
    """
    target = path[mover, next_point[mover]]
    dx = target[0] - x
    dz = target[1] - z
    distance = math.sqrt(dx * dx + dz * dz)
    stride = min(distance, speed[mover] * DECISION_SECONDS)
    if distance > 1e-4:
        east, north = dx / distance, dz / distance
        yaw = math.atan2(east, north)
        ahead_x, ahead_z = x + stride * east, z + stride * north
        stopped = body_ahead(
            ahead_x, ahead_z, east, north, radius + BODY_RADIUS + KEEP_AWAY, person_count,
            person_position, me,
        ) or is_blocked(
            ahead_x, ahead_z, radius, 0.0, boxes, opaque, object_count, object_holder,
            person_count, person_position, me,
        )  # fmt: skip
        if stopped and waited[mover] < PATIENCE:
            waited[mover] += 1
            return x, z, yaw
        if not stopped:
            x, z = ahead_x, ahead_z
            moving[mover] = True
            if stride < distance:
                waited[mover] = 0
                return x, z, yaw
    waited[mover] = 0
    next_point[mover] = (next_point[mover] + 1) % count[mover]
    return x, z, yaw


@njit(cache=True, error_model="numpy", nogil=True)
def walk_paths(
    first_world, last_world,
    running, wall_count, door_count, boxes, object_count, object_holder, person_count, person_role,
    person_position, person_yaw, person_path, person_path_count, person_path_next, person_speed,
    person_moving, person_waited,
):  # fmt: skip
    """Let the people walk on; they stop before bodies, closed doors and things, and push nobody."""
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        opaque = wall_count[world] + door_count[world]
        for me in range(person_count[world]):
            person_moving[world, me] = False
            if person_path_count[world, me] == 0 or person_role[world, me] == ROLE_NPC:
                continue
            x, z, yaw = stride_on(
                me, person_position[world, me, 0], person_position[world, me, 2],
                person_yaw[world, me], BODY_RADIUS, me, person_path[world],
                person_path_count[world], person_path_next[world], person_speed[world],
                person_moving[world], person_waited[world], boxes[world], opaque,
                object_count[world], object_holder[world], person_count[world],
                person_position[world],
            )  # fmt: skip
            person_position[world, me, 0] = x
            person_position[world, me, 2] = z
            person_yaw[world, me] = yaw


@njit(cache=True, error_model="numpy", nogil=True)
def drive_paths(
    first_world, last_world,
    running, wall_count, door_count, boxes, object_count, object_position, object_size,
    object_boxes, object_affordance, object_on, object_holder, object_inside, object_upon,
    object_path, object_path_count, object_path_next, object_speed, object_moving, object_waited,
    person_count, person_position,
):  # fmt: skip
    """Let the things drive on: those with a switch only while on, none while it is held."""
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        opaque = wall_count[world] + door_count[world]
        for item in range(object_count[world]):
            object_moving[world, item] = False
            if object_path_count[world, item] == 0 or object_holder[world, item] >= 0:
                continue
            carried = object_inside[world, item] >= 0 or object_upon[world, item] >= 0
            is_off = object_affordance[world, item, _SWITCH] > 0 and not object_on[world, item]
            if carried or is_off:
                continue
            radius = 0.5 * max(object_size[world, item, 0], object_size[world, item, 2])
            object_holder[world, item] = 0  # so that it does not block itself
            x, z, _ = stride_on(
                item, object_position[world, item, 0], object_position[world, item, 2], 0.0,
                radius, -1, object_path[world], object_path_count[world], object_path_next[world],
                object_speed[world], object_moving[world], object_waited[world], boxes[world],
                opaque, object_count[world], object_holder[world], person_count[world],
                person_position[world],
            )  # fmt: skip
            object_holder[world, item] = -1
            if object_moving[world, item]:
                place_object(item, opaque, (x, 0.0, z), boxes[world], object_position[world],
                             object_boxes[world])  # fmt: skip
