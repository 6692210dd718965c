"""Acts that move things: take (heavy things by two), give, put, drop, push."""

from __future__ import annotations

import math

from envs.contract import Act, Kind, Reason, Result
from envs.jit import njit
from envs.scene import INSIDE_ROOM, UPON_ROOM
from envs.world.acts.begin import wants
from envs.world.acts.things import (
    find_spot_ahead,
    free_spot_of,
    place_object,
    release,
)
from envs.world.motion import is_blocked

HELP_DECISIONS = 20
"""How long a body waits at a heavy thing for a second one to take it too."""
PUSH_STEP = 0.2
"""Metres that a push moves a thing."""
_PLACE, _OBJECT, _NPC = Kind.PLACE.value, Kind.OBJECT.value, Kind.NPC.value


@njit(cache=True, error_model="numpy", nogil=True)
def take_and_give(
    first_world, last_world,
    npcs, running, thing_kind, thing_index, object_heavy, object_holder, object_second_holder,
    object_inside, object_upon, object_spot, person, person_held, last_act,
    act_thing, lasting,
):  # fmt: skip
    """Carry out `take` and `give`, NPC by NPC: who comes first gets a thing that two want."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world]:
            continue
        takes, gives = wants(row, Act.TAKE, last_act), wants(row, Act.GIVE, last_act)
        if not takes and not gives:
            continue
        me, thing = person[row], act_thing[row]
        held = person_held[world, me]
        kind, index = thing_kind[world, thing], thing_index[world, thing]
        reason = Reason.NONE.value
        if gives:
            if held < 0:
                reason = Reason.HANDS_EMPTY.value
            elif kind != _NPC or object_second_holder[world, held] >= 0:
                reason = Reason.NOT_POSSIBLE.value
            elif person_held[world, index] >= 0:
                reason = Reason.REFUSED.value
            else:
                person_held[world, me] = -1
                person_held[world, index] = held
                object_holder[world, held] = index
        elif kind != _OBJECT:
            reason = Reason.NOT_POSSIBLE.value
        elif held >= 0:
            lifted = held == index and object_second_holder[world, index] >= 0
            if not lifted:  # otherwise the other one has lifted it with us just now
                reason = Reason.HANDS_FULL.value
        elif object_holder[world, index] >= 0:
            reason = Reason.REFUSED.value
        elif object_heavy[world, index]:
            first = world * npcs
            helper = _waiting_helper(row, first, first + npcs, thing, lasting)
            if helper >= 0:
                other = person[helper]
                object_holder[world, index] = other
                object_second_holder[world, index] = me
                person_held[world, other] = index
                person_held[world, me] = index
                last_act[helper, 2] = Result.DONE.value
                last_act[helper, 3] = Reason.NONE.value
                lasting[helper, :] = 0
                lasting[row, :] = 0
            else:
                reason = Reason.NEEDS_HELP.value
                lasting[row, 0] = Act.TAKE.value
                lasting[row, 1] = thing
                lasting[row, 2] += 1
                last_act[row, 2] = Result.RUNNING.value
                if lasting[row, 2] > HELP_DECISIONS:
                    lasting[row, :] = 0
                    last_act[row, 2] = Result.FAILED.value
        else:
            object_holder[world, index] = me
            person_held[world, me] = index
        if takes and kind == _OBJECT and object_holder[world, index] >= 0:
            object_inside[world, index] = -1
            object_upon[world, index] = -1
            object_spot[world, index] = 0
        last_act[row, 3] = reason


@njit(cache=True, error_model="numpy")
def _waiting_helper(row, first, last, thing, lasting):
    """Another row of the same world that holds on to a heavy thing and waits, -1 for none."""
    for other in range(first, last):
        waits = lasting[other, 0] == Act.TAKE and lasting[other, 1] == thing
        if other != row and waits:
            return other
    return -1


@njit(cache=True, error_model="numpy", nogil=True)
def put_and_drop(
    first_world, last_world,
    npcs, running, wall_count, door_count, boxes, thing_kind, thing_index, place, place_rect,
    object_count, object_position, object_size, object_boxes, object_heavy, object_container,
    object_open, object_locked, object_inside, object_upon, object_spot, object_holder,
    object_second_holder, person, person_count, person_position, person_yaw, person_held, last_act,
    act_thing,
):  # fmt: skip
    """Carry out `put` and `drop`: on the floor ahead, on a surface or in a container."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world]:
            continue
        puts = wants(row, Act.PUT, last_act)
        if not puts and not wants(row, Act.DROP, last_act):
            continue
        me, thing = person[row], act_thing[row]
        held = person_held[world, me]
        reason = Reason.NONE.value
        if held < 0:  # the other one has just set down what both carried
            reason = Reason.HANDS_EMPTY.value
        elif puts and thing_kind[world, thing] == _OBJECT:
            index = thing_index[world, thing]
            inside = object_container[world, index]
            if object_heavy[world, held] or (inside and object_container[world, held]):
                reason = Reason.NOT_POSSIBLE.value
            elif inside and object_locked[world, index]:
                reason = Reason.LOCKED.value
            elif inside and not object_open[world, index]:
                reason = Reason.NOT_POSSIBLE.value
            else:
                spot_number = free_spot_of(
                    index, INSIDE_ROOM if inside else UPON_ROOM, object_count[world],
                    object_inside[world], object_upon[world], object_spot[world],
                )  # fmt: skip
                if spot_number < 0:
                    reason = Reason.NO_ROOM.value
                else:  # `carry_things` moves it there
                    release(held, object_holder[world], object_second_holder[world],
                            person_held[world])  # fmt: skip
                    object_spot[world, held] = spot_number
                    if inside:
                        object_inside[world, held] = index
                    else:
                        object_upon[world, held] = index
        else:
            spot = person_position[world, me].copy()
            opaque = wall_count[world] + door_count[world]
            found = find_spot_ahead(
                person_position[world, me, 0], person_position[world, me, 2],
                person_yaw[world, me], object_size[world, held], place_rect[world, place[row]],
                boxes[world], opaque, object_count[world], object_holder[world],
                person_count[world], person_position[world], spot,
            )  # fmt: skip
            if found:
                release(held, object_holder[world], object_second_holder[world],
                        person_held[world])  # fmt: skip
                place_object(
                    held, opaque, (spot[0], 0.0, spot[1]), boxes[world], object_position[world],
                    object_boxes[world],
                )  # fmt: skip
            else:
                reason = Reason.NO_ROOM.value
        last_act[row, 3] = reason


@njit(cache=True, error_model="numpy", nogil=True)
def push(
    first_world, last_world,
    npcs, running, wall_count, door_count, boxes, thing_kind, thing_index, object_count,
    object_position, object_size, object_boxes, object_holder, object_inside, object_upon, person,
    person_count, person_position, last_act, act_thing,
):  # fmt: skip
    """Carry out `push`: the thing moves away from the body unless something is in its way."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world] or not wants(row, Act.PUSH, last_act):
            continue
        me, thing = person[row], act_thing[row]
        index = thing_index[world, thing]
        if (
            thing_kind[world, thing] != _OBJECT
            or object_holder[world, index] == me
            or object_inside[world, index] >= 0
            or object_upon[world, index] >= 0
        ):
            last_act[row, 3] = Reason.NOT_POSSIBLE.value
            continue
        if object_holder[world, index] >= 0:
            last_act[row, 3] = Reason.REFUSED.value
            continue
        opaque = wall_count[world] + door_count[world]
        dx = object_position[world, index, 0] - person_position[world, me, 0]
        dz = object_position[world, index, 2] - person_position[world, me, 2]
        length = max(1e-3, math.sqrt(dx * dx + dz * dz))
        x = object_position[world, index, 0] + PUSH_STEP * dx / length
        z = object_position[world, index, 2] + PUSH_STEP * dz / length
        radius = 0.5 * max(object_size[world, index, 0], object_size[world, index, 2])
        object_holder[world, index] = me  # so that it does not block itself
        stopped = is_blocked(
            x, z, radius, 0.0, boxes[world], opaque, object_count[world], object_holder[world],
            person_count[world], person_position[world], me,
        )  # fmt: skip
        object_holder[world, index] = -1
        if stopped:
            last_act[row, 3] = Reason.NO_ROOM.value
        else:
            place_object(
                index, opaque, (x, 0.0, z), boxes[world], object_position[world],
                object_boxes[world],
            )  # fmt: skip
