"""What acts do to the world: examine, touch, take, put, drop, open, close, switch, use, push, give.

An impossible act changes nothing; its reason comes back in ``self``. ``finish``, and every act
that may commit an NPC to an answer, is reported in ``commit`` and judged by the task.
"""

from __future__ import annotations

import math

from envs.contract import Act, Kind, Reason, Result
from envs.jit import njit
from envs.world.motion import BODY_RADIUS, is_blocked, touches_box
from envs.world.sight import footprint_distance, walls_between
from envs.world.state import HIDDEN

REACH = 1.5
"""Metres to the nearest point of a thing's footprint."""
CARRY_FORWARD, CARRY_HEIGHT = 0.42, 0.5
"""Where a held thing is carried, metres in front of the body and above the floor."""
PUT_DISTANCES = (0.65, 0.85, 0.5)
PUSH_STEP = 0.2
USE_DECISIONS = 20
_PLACE, _DOOR, _OBJECT, _NPC = Kind.PLACE.value, Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_FIRST_AFFORDANCE = Act.EXAMINE.value


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def set_leaf(door, wall_count, is_shut, boxes, leaf_box):
    """Put a door's leaf into its frame, or out of the way when the door is open."""
    box = boxes[wall_count + door]
    for axis in range(6):
        box[axis] = leaf_box[door, axis]
    if not is_shut:
        box[1] = HIDDEN
        box[4] = HIDDEN


@njit(cache=True, error_model="numpy")
def door_distance(x, z, position, along_x, width):
    """Horizontal distance in metres from (x, z) to the nearest point of a doorway."""
    dx, dz = abs(x - position[0]), abs(z - position[1])
    if along_x:
        dx = max(0.0, dx - 0.5 * width)
    else:
        dz = max(0.0, dz - 0.5 * width)
    return math.sqrt(dx * dx + dz * dz)


@njit(cache=True, error_model="numpy")
def find_free_spot(
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


@njit(cache=True, error_model="numpy")
def put_on_surface(
    item, surface, first_box, object_count, boxes, object_position, object_size, object_boxes,
    object_holder,
):  # fmt: skip
    """Put an object on top of another, which holds one thing; returns the Reason if it failed."""
    x, z = object_position[surface, 0], object_position[surface, 2]
    for other in range(object_count):
        if object_holder[other] >= 0 or object_position[other, 1] == 0.0:
            continue
        if abs(object_position[other, 0] - x) < 0.1 and abs(object_position[other, 2] - z) < 0.1:
            return Reason.NO_ROOM.value
    top = object_position[surface, 1] + object_size[surface, 1]
    object_holder[item] = -1
    place_object(item, first_box, (x, top, z), boxes, object_position, object_boxes)
    return Reason.NONE.value


@njit(cache=True, error_model="numpy")
def reach_thing(
    kind, index, x, z, boxes, opaque, wall_count, door_position, door_along_x, door_width,
    object_position, object_size, object_yaw, person_position,
):  # fmt: skip
    """Why a thing cannot be reached from (x, z): Reason.NONE, OUT_OF_REACH or NOT_IN_SIGHT."""
    leaf = -1
    if kind == _DOOR:
        tx, tz = door_position[index, 0], door_position[index, 1]
        distance = door_distance(x, z, door_position[index], door_along_x[index], door_width[index])
        leaf = wall_count + index
    elif kind == _OBJECT:
        tx, tz = object_position[index, 0], object_position[index, 2]
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


@njit(cache=True, error_model="numpy", nogil=True)
def apply_acts(
    first_world, last_world,
    actions, npcs, running, done, clock, wall_count, door_count, boxes, thing_kind, thing_index,
    slot_thing, place, place_rect, door_position, door_along_x, door_width, door_state, leaf_box,
    object_count, object_position, object_size, object_yaw, object_boxes, object_affordance,
    object_surface, object_on, object_sound, object_sounding, object_used_until, object_holder,
    person, person_count, person_position, person_yaw, person_held, last_act, last_held, commit,
):  # fmt: skip
    """Apply branches act and target of every row, NPC by NPC, and report commits."""
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        opaque = wall_count[world] + door_count[world]
        spot = person_position[world, 0].copy()
        for row in range(world * npcs, world * npcs + npcs):
            commit[row, 0] = 0
            commit[row, 1] = -1
            act = actions[row, 3]
            if done[row] != 0 or act == Act.NONE:
                last_act[row, 2] = Result.NONE.value
                last_act[row, 3] = Reason.NONE.value
                continue
            me = person[row]
            x, z = person_position[world, me, 0], person_position[world, me, 2]
            yaw = person_yaw[world, me]
            slot = actions[row, 4]
            thing = int(slot_thing[row, slot]) if slot > 0 else -1
            held = person_held[world, me]
            last_held[row] = held
            reason = Reason.NONE.value
            kind, index = -1, -1
            if thing >= 0:
                kind, index = thing_kind[world, thing], thing_index[world, thing]

            if act == Act.FINISH:
                if thing < 0:
                    reason = Reason.NO_TARGET.value
            elif act == Act.PUT and held >= 0 and kind == _OBJECT and object_surface[world, index]:
                reason = reach_thing(
                    kind, index, x, z, boxes[world], opaque, wall_count[world],
                    door_position[world], door_along_x[world], door_width[world],
                    object_position[world], object_size[world], object_yaw[world],
                    person_position[world],
                )  # fmt: skip
                if reason == Reason.NONE:
                    reason = put_on_surface(
                        held, index, opaque, object_count[world], boxes[world],
                        object_position[world], object_size[world], object_boxes[world],
                        object_holder[world],
                    )  # fmt: skip
                if reason == Reason.NONE:
                    person_held[world, me] = -1
            elif act == Act.PUT or act == Act.DROP:
                if held < 0:
                    reason = Reason.HANDS_EMPTY.value
                elif act == Act.PUT and thing < 0:
                    reason = Reason.NO_TARGET.value
                elif act == Act.PUT and kind != _PLACE:
                    reason = Reason.NOT_POSSIBLE.value
                elif act == Act.PUT and place[row] != index:
                    reason = Reason.OUT_OF_REACH.value
                elif place[row] < 0:
                    reason = Reason.NO_ROOM.value
                else:
                    found = find_free_spot(
                        x, z, yaw, object_size[world, held], place_rect[world, place[row]],
                        boxes[world], opaque, object_count[world], object_holder[world],
                        person_count[world], person_position[world], spot,
                    )  # fmt: skip
                    if found:
                        object_holder[world, held] = -1
                        person_held[world, me] = -1
                        place_object(
                            held, opaque, (spot[0], 0.0, spot[1]), boxes[world],
                            object_position[world], object_boxes[world],
                        )  # fmt: skip
                    else:
                        reason = Reason.NO_ROOM.value
            elif thing < 0:
                reason = Reason.NO_TARGET.value
            elif kind != _DOOR and kind != _OBJECT and kind != _NPC:
                reason = Reason.NOT_POSSIBLE.value
            else:
                mine = kind == _OBJECT and object_holder[world, index] == me
                if not mine:
                    reason = reach_thing(
                        kind, index, x, z, boxes[world], opaque, wall_count[world],
                        door_position[world], door_along_x[world], door_width[world],
                        object_position[world], object_size[world], object_yaw[world],
                        person_position[world],
                    )  # fmt: skip
                if reason == Reason.NONE and kind == _OBJECT:
                    offered = object_affordance[world, index, act - _FIRST_AFFORDANCE]
                    reason = Reason.NONE.value if offered else Reason.NOT_POSSIBLE.value
                if reason != Reason.NONE:
                    pass
                elif act == Act.OPEN or act == Act.CLOSE:
                    if kind != _DOOR:
                        reason = Reason.NOT_POSSIBLE.value
                    elif door_state[world, index] == 2:
                        reason = Reason.LOCKED.value
                    elif (door_state[world, index] == 0) == (act == Act.OPEN):
                        reason = Reason.ALREADY_SO.value
                    elif act == Act.CLOSE and _someone_in_leaf(
                        leaf_box[world, index], person_count[world], person_position[world]
                    ):
                        reason = Reason.NO_ROOM.value
                    else:
                        shut = act == Act.CLOSE
                        door_state[world, index] = 1 if shut else 0
                        set_leaf(index, wall_count[world], shut, boxes[world], leaf_box[world])
                elif act == Act.TAKE:
                    if kind != _OBJECT:
                        reason = Reason.NOT_POSSIBLE.value
                    elif held >= 0:
                        reason = Reason.HANDS_FULL.value
                    elif object_holder[world, index] >= 0:
                        reason = Reason.REFUSED.value
                    else:
                        object_holder[world, index] = me
                        person_held[world, me] = index
                elif act == Act.SWITCH:
                    if kind != _OBJECT:
                        reason = Reason.NOT_POSSIBLE.value
                    else:
                        object_on[world, index] = not object_on[world, index]
                        if object_sound[world, index] >= 0:
                            object_sounding[world, index] = object_on[world, index]
                elif act == Act.USE:
                    if kind != _OBJECT:
                        reason = Reason.NOT_POSSIBLE.value
                    else:
                        object_used_until[world, index] = clock[world] + USE_DECISIONS
                elif act == Act.PUSH:
                    if kind != _OBJECT or mine:
                        reason = Reason.NOT_POSSIBLE.value
                    else:
                        dx = object_position[world, index, 0] - x
                        dz = object_position[world, index, 2] - z
                        length = max(1e-3, math.sqrt(dx * dx + dz * dz))
                        px = object_position[world, index, 0] + PUSH_STEP * dx / length
                        pz = object_position[world, index, 2] + PUSH_STEP * dz / length
                        radius = 0.5 * max(
                            object_size[world, index, 0], object_size[world, index, 2]
                        )
                        object_holder[world, index] = me  # so that it does not block itself
                        stopped = is_blocked(
                            px, pz, radius, 0.0, boxes[world], opaque, object_count[world],
                            object_holder[world], person_count[world], person_position[world], me,
                        )  # fmt: skip
                        object_holder[world, index] = -1
                        if stopped:
                            reason = Reason.NO_ROOM.value
                        else:
                            place_object(
                                index, opaque, (px, 0.0, pz), boxes[world], object_position[world],
                                object_boxes[world],
                            )  # fmt: skip
                elif act == Act.GIVE:
                    if held < 0:
                        reason = Reason.HANDS_EMPTY.value
                    elif kind != _NPC:
                        reason = Reason.NOT_POSSIBLE.value
                    elif person_held[world, index] >= 0:
                        reason = Reason.REFUSED.value
                    else:
                        person_held[world, me] = -1
                        person_held[world, index] = held
                        object_holder[world, held] = index

            last_act[row, 0] = act
            last_act[row, 1] = slot
            last_act[row, 2] = Result.DONE.value if reason == Reason.NONE else Result.FAILED.value
            last_act[row, 3] = reason
            may_commit = act in (Act.FINISH, Act.PUT, Act.SWITCH, Act.GIVE)
            if reason == Reason.NONE and may_commit:
                commit[row, 0] = act
                commit[row, 1] = thing

        for holder in range(person_count[world]):
            carried = person_held[world, holder]
            if carried >= 0:
                yaw = person_yaw[world, holder]
                px = person_position[world, holder, 0] + CARRY_FORWARD * math.sin(yaw)
                pz = person_position[world, holder, 2] + CARRY_FORWARD * math.cos(yaw)
                place_object(
                    carried, opaque, (px, CARRY_HEIGHT, pz), boxes[world], object_position[world],
                    object_boxes[world],
                )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _someone_in_leaf(leaf, person_count, person_position):
    for person in range(person_count):
        x, z = person_position[person, 0], person_position[person, 2]
        if touches_box(x, z, BODY_RADIUS + 0.05, 0.0, leaf):
            return True
    return False


@njit(cache=True, error_model="numpy", nogil=True)
def spring_traps(
    first_world, last_world,
    npcs, running, trap_door, wall_count, boxes, leaf_box, door_position, door_state, person,
    person_count, person_position,
):  # fmt: skip
    """Perturbation ``door_closes``: close and lock the trap door when an NPC comes near."""
    for world in range(first_world, last_world):
        door = trap_door[world]
        if not running[world] or door < 0:
            continue
        for row in range(world * npcs, world * npcs + npcs):
            me = person[row]
            dx = person_position[world, me, 0] - door_position[world, door, 0]
            dz = person_position[world, me, 2] - door_position[world, door, 1]
            near = dx * dx + dz * dz < 2.5 * 2.5
            if near and not _someone_in_leaf(
                leaf_box[world, door], person_count[world], person_position[world]
            ):
                door_state[world, door] = 2
                set_leaf(door, wall_count[world], True, boxes[world], leaf_box[world])
                trap_door[world] = -1
                break
