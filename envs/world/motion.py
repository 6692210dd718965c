"""How bodies turn, walk, slide along obstacles and jump."""

from __future__ import annotations

import math

import numpy as np

from envs import contract
from envs.contract import Move
from envs.jit import njit
from envs.world.state import KIND_BARRIER

BODY_RADIUS = contract.BODY_RADIUS
WALK_SPEED, RUN_SPEED, BACK_SPEED, STRAFE_SPEED = 1.4, 2.8, 0.7, 1.0
"""Metres per second."""
JUMP_SPEED, GRAVITY = 3.2, 9.81
STEP_OVER = 0.12
"""Obstacles lower than this above the feet do not stop a body, metres."""
HEAD_ROOM = 1.0
"""Obstacles that begin higher than this above the floor do not stop a body."""
DEFLECTIONS = np.deg2rad(np.array([0.0, 40.0, -40.0, 75.0, -75.0]))
"""Directions tried, in this order, when a body slides along an obstacle."""
TURNS = np.deg2rad(np.array(contract.TURN_DEGREES))
_DT = contract.DECISION_SECONDS


@njit(cache=True, error_model="numpy", _nrt=False, inline="never")
def touches_box(x, z, radius, feet, box):
    """Whether a body at (x, z) overlaps a box ``(6,)`` that is neither under nor over it."""
    if box[1] > HEAD_ROOM or box[4] < feet + STEP_OVER:
        return False
    outside_x = max(box[0] - x, 0.0, x - box[3])
    outside_z = max(box[2] - z, 0.0, z - box[5])
    return outside_x * outside_x + outside_z * outside_z < radius * radius


@njit(cache=True, error_model="numpy", _nrt=False)
def is_beside(x, z, radius, box):
    """Whether a box is so far off along one axis that ``touches_box`` is false: the quick test."""
    beside_x = (box[0] - x >= radius) | (x - box[3] >= radius)
    return beside_x | (box[2] - z >= radius) | (z - box[5] >= radius)


@njit(cache=True, error_model="numpy", _nrt=False)
def is_blocked(
    x, z, radius, feet, boxes, opaque_count, object_count, object_holder, person_count,
    person_position, me,
):  # fmt: skip
    """Whether a body of this radius would overlap anything at (x, z).

    Args:
        boxes: ``(M, 6)``: ``opaque_count`` walls and leaves, then two boxes per object.
        me: person index that does not block itself, -1 for none.
    """
    for index in range(opaque_count):
        if is_beside(x, z, radius, boxes[index]):
            continue
        if touches_box(x, z, radius, feet, boxes[index]):
            return True
    for item in range(object_count):
        for index in range(opaque_count + 2 * item, opaque_count + 2 * item + 2):
            if is_beside(x, z, radius, boxes[index]) or object_holder[item] >= 0:
                continue
            if touches_box(x, z, radius, feet, boxes[index]):
                return True
    for person in range(person_count):
        if person == me:
            continue
        dx = person_position[person, 0] - x
        dz = person_position[person, 2] - z
        if dx * dx + dz * dz < (radius + BODY_RADIUS) ** 2:
            return True
    return False


@njit(cache=True, error_model="numpy", _nrt=False)
def ground_under(x, z, wall_count, door_count, door_kind, boxes):
    """Height in metres that a body at (x, z) stands on: 0, or the top of a barrier under it."""
    for door in range(door_count):
        box = boxes[wall_count + door]
        if door_kind[door] == KIND_BARRIER and touches_box(x, z, BODY_RADIUS, 0.0, box):
            return box[4]
    return np.float32(0.0)


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def move_bodies(
    first_world, last_world,
    actions, npcs, running, done, wall_count, door_count, door_kind, boxes, object_count,
    object_holder, object_second_holder, person, person_count, person_position, person_yaw,
    person_held, look, velocity, fall_speed, turn_rate,
    bumped, walked, collisions,
):  # fmt: skip
    """Apply branches move, turn and look of every row for one decision.

    Args:
        actions: ``(R, 8)`` int32, already delayed and masked.
        npcs: rows per world.
    """
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        opaque = wall_count[world] + door_count[world]
        for row in range(world * npcs, world * npcs + npcs):
            bumped[row] = False
            turn_rate[row] = 0.0
            velocity[row, :] = 0.0
            if done[row] != 0:
                continue
            me = person[row]
            position = person_position[world, me]
            turn = TURNS[actions[row, 1]]
            yaw = person_yaw[world, me] + turn
            if yaw > math.pi:
                yaw -= 2.0 * math.pi
            elif yaw < -math.pi:
                yaw += 2.0 * math.pi
            person_yaw[world, me] = yaw
            turn_rate[row] = turn / _DT
            look[row] = actions[row, 2]

            move = actions[row, 0]
            speed = 0.0
            heading = yaw
            if move == Move.WALK or move == Move.JUMP:
                speed = WALK_SPEED
            elif move == Move.RUN:
                held = person_held[world, me]
                by_two = held >= 0 and object_second_holder[world, held] >= 0
                speed = WALK_SPEED if by_two else RUN_SPEED
            elif move == Move.BACK:
                speed, heading = BACK_SPEED, yaw + math.pi
            elif move == Move.STRAFE_LEFT:
                speed, heading = STRAFE_SPEED, yaw - 0.5 * math.pi
            elif move == Move.STRAFE_RIGHT:
                speed, heading = STRAFE_SPEED, yaw + 0.5 * math.pi
            ground = ground_under(
                position[0], position[2], wall_count[world], door_count[world], door_kind[world],
                boxes[world],
            )  # fmt: skip
            if move == Move.JUMP and position[1] <= ground:
                fall_speed[row] = JUMP_SPEED

            height_before = position[1]
            if position[1] > ground or fall_speed[row] > 0.0:
                rise = fall_speed[row] * _DT - 0.5 * GRAVITY * _DT * _DT
                position[1] = max(ground, position[1] + rise)
                fall_speed[row] = fall_speed[row] - GRAVITY * _DT if position[1] > ground else 0.0

            start_x, start_z = position[0], position[2]
            parts = 2 if speed > 2.0 else 1
            length = speed * _DT / parts
            for _part in range(parts):
                if speed == 0.0:
                    break
                for attempt in range(5):
                    angle = heading + DEFLECTIONS[attempt]
                    stride = length * math.cos(DEFLECTIONS[attempt])
                    x = position[0] + stride * math.sin(angle)
                    z = position[2] + stride * math.cos(angle)
                    if attempt > 0:
                        bumped[row] = True
                    free = not is_blocked(
                        x, z, BODY_RADIUS, position[1], boxes[world], opaque, object_count[world],
                        object_holder[world], person_count[world], person_position[world], me,
                    )  # fmt: skip
                    if free:
                        position[0] = x
                        position[2] = z
                        break
            dx = position[0] - start_x
            dz = position[2] - start_z
            walked[row] += math.sqrt(dx * dx + dz * dz)
            collisions[row] += bumped[row]
            sine, cosine = math.sin(yaw), math.cos(yaw)
            velocity[row, 0] = (dx * cosine - dz * sine) / _DT
            velocity[row, 1] = (position[1] - height_before) / _DT
            velocity[row, 2] = (dx * sine + dz * cosine) / _DT
