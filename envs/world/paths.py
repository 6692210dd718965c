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
            count = person_path_count[world, me]
            if count == 0 or person_role[world, me] == ROLE_NPC:
                continue
            target = person_path[world, me, person_path_next[world, me]]
            dx = target[0] - person_position[world, me, 0]
            dz = target[1] - person_position[world, me, 2]
            distance = math.sqrt(dx * dx + dz * dz)
            stride = min(distance, person_speed[world, me] * DECISION_SECONDS)
            if distance > 1e-4:
                east, north = dx / distance, dz / distance
                x = person_position[world, me, 0] + stride * east
                z = person_position[world, me, 2] + stride * north
                person_yaw[world, me] = math.atan2(east, north)
                stopped = body_ahead(
                    x, z, east, north, 2 * BODY_RADIUS + KEEP_AWAY, person_count[world],
                    person_position[world], me,
                ) or is_blocked(
                    x, z, BODY_RADIUS, 0.0, boxes[world], opaque, object_count[world],
                    object_holder[world], person_count[world], person_position[world], me,
                )  # fmt: skip
                if stopped and person_waited[world, me] < PATIENCE:
                    person_waited[world, me] += 1
                    continue
                if not stopped:
                    person_position[world, me, 0] = x
                    person_position[world, me, 2] = z
                    person_moving[world, me] = True
                    person_waited[world, me] = 0
                    if stride < distance:
                        continue
            person_waited[world, me] = 0
            person_path_next[world, me] = (person_path_next[world, me] + 1) % count


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
            count = object_path_count[world, item]
            if count == 0 or object_holder[world, item] >= 0:
                continue
            carried = object_inside[world, item] >= 0 or object_upon[world, item] >= 0
            is_off = object_affordance[world, item, _SWITCH] > 0 and not object_on[world, item]
            if carried or is_off:
                continue
            target = object_path[world, item, object_path_next[world, item]]
            dx = target[0] - object_position[world, item, 0]
            dz = target[1] - object_position[world, item, 2]
            distance = math.sqrt(dx * dx + dz * dz)
            stride = min(distance, object_speed[world, item] * DECISION_SECONDS)
            if distance > 1e-4:
                east, north = dx / distance, dz / distance
                x = object_position[world, item, 0] + stride * east
                z = object_position[world, item, 2] + stride * north
                radius = 0.5 * max(object_size[world, item, 0], object_size[world, item, 2])
                object_holder[world, item] = 0  # so that it does not block itself
                stopped = body_ahead(
                    x, z, east, north, radius + BODY_RADIUS + KEEP_AWAY, person_count[world],
                    person_position[world], -1,
                ) or is_blocked(
                    x, z, radius, 0.0, boxes[world], opaque, object_count[world],
                    object_holder[world], person_count[world], person_position[world], -1,
                )  # fmt: skip
                object_holder[world, item] = -1
                if stopped and object_waited[world, item] < PATIENCE:
                    object_waited[world, item] += 1
                    continue
                if not stopped:
                    place_object(item, opaque, (x, 0.0, z), boxes[world], object_position[world],
                                 object_boxes[world])  # fmt: skip
                    object_moving[world, item] = True
                    object_waited[world, item] = 0
                    if stride < distance:
                        continue
            object_waited[world, item] = 0
            object_path_next[world, item] = (object_path_next[world, item] + 1) % count
