"""What the engine says is in line of sight or in hand: the rows of ``entities``."""

from __future__ import annotations

import math

import numpy as np

from envs import contract
from envs.contract import EntityColumn, Kind
from envs.jit import njit
from envs.scene import BARRIER_HEIGHT, DOOR_HEIGHT, INSIDE_ROOM, UPON_ROOM
from envs.world.acts.reach import door_distance, offers
from envs.world.acts.things import free_spot_of, is_out_of_sight
from envs.world.boxes import BARRIER_THICKNESS, LEAF_THICKNESS
from envs.world.motion import BODY_RADIUS
from envs.world.sight import footprint_distance, walls_between
from envs.world.slots import count_room, give_slot
from envs.world.state import (
    DOOR_OPEN,
    KIND_BARRIER,
    KIND_DOOR,
    KIND_GATE,
)

SIGHT_RANGE = 10.0
"""Metres within which entities are told."""
_DOOR, _OBJECT, _NPC = Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_TAN_HALF_VIEW = math.tan(0.5 * contract.CAMERA_FIELD_OF_VIEW)
_STATE = EntityColumn.STATE.value
_OPEN, _CLOSED, _ON, _MINE, _OTHERS, _MOVING, _FULL = (
    _STATE + contract.STATE_NAMES.index(name)
    for name in ("open", "closed", "on", "held_by_me", "held_by_other", "moving", "full")
)


@njit(cache=True, error_model="numpy", _nrt=False)
def list_seen(
    seen, distance, me, held_thing, wall_count, door_count, boxes, thing_count, thing_kind,
    thing_index, door_position, object_position, object_inside, object_open, person_position,
    person_yaw,
):  # fmt: skip
    """Write the things of one world that a person sees or holds, and their squared distances.

    Args:
        seen: (H,) i32 out.
        distance: (H,) f32 out, square metres; -1 for what is held.
        me: person who looks.
        held_thing: thing in their hand, -1 for none.

    Returns:
        Number of things written.
    """
    x, z = person_position[me, 0], person_position[me, 2]
    sine, cosine = math.sin(person_yaw[me]), math.cos(person_yaw[me])
    opaque = wall_count + door_count
    count = 0
    for thing in range(thing_count):
        kind, index = thing_kind[thing], thing_index[thing]
        leaf = -1
        if kind == _OBJECT:
            tx, tz = object_position[index, 0], object_position[index, 2]
        elif kind == _DOOR:
            tx, tz = door_position[index]
            leaf = wall_count + index
        elif kind == _NPC and index != me:
            tx, tz = person_position[index, 0], person_position[index, 2]
        else:
            continue
        dx, dz = tx - x, tz - z
        right, forward = dx * cosine - dz * sine, dx * sine + dz * cosine
        if thing != held_thing:
            if dx * dx + dz * dz > SIGHT_RANGE * SIGHT_RANGE:
                continue
            if forward < 0.05 or abs(right) > forward * _TAN_HALF_VIEW:
                continue
        if kind == _OBJECT and is_out_of_sight(index, object_inside, object_open):
            continue
        if thing != held_thing and walls_between(boxes, opaque, x, z, tx, tz, leaf, 1) > 0:
            continue
        seen[count] = thing
        distance[count] = -1.0 if thing == held_thing else dx * dx + dz * dz
        count += 1
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def select_entities(
    first_world, last_world,
    seen_count, seen_thing, npcs, running, clock, wall_count, door_count, boxes, thing_count,
    thing_kind, thing_index, first_thing, door_position, object_position, object_inside,
    object_open, person, person_position, person_yaw, person_held, goal_thing, thing_slot,
    slot_thing, slot_order, slot_perceived, event_count, event,
):  # fmt: skip
    """Find out which things each row sees, the nearest ones if too many, and give them slots.

    Fills ``seen_count`` (R,) and ``seen_thing`` (R, MAX_ENTITIES) int32, ordered by slot.
    """
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        seen_count[row] = 0
        if not running[world]:
            continue
        held = person_held[world, person[row]]
        held_thing = first_thing[world, 0] + held if held >= 0 else -1
        seen = np.empty(thing_count[world], np.int32)
        distance = np.empty(thing_count[world], np.float32)
        count = list_seen(
            seen, distance, person[row], held_thing, wall_count[world], door_count[world],
            boxes[world], thing_count[world], thing_kind[world], thing_index[world],
            door_position[world], object_position[world], object_inside[world],
            object_open[world], person_position[world], person_yaw[world],
        )  # fmt: skip
        nearest = np.argsort(distance[:count])[: contract.MAX_ENTITIES]
        new = 0
        for rank in range(len(nearest)):
            slot = int(thing_slot[row, seen[nearest[rank]]])
            if slot > 0:
                slot_perceived[row, slot] = clock[world]
            else:
                new += 1
        room = new
        if new > 0:
            room = count_room(row, clock[world], held_thing, thing_kind[world], goal_thing,
                              slot_thing, slot_perceived)  # fmt: skip
        kept = np.empty(len(nearest), np.int32)
        count = 0
        for rank in range(len(nearest)):  # the nearest of the new ones get the slots that are left
            thing = seen[nearest[rank]]
            if thing_slot[row, thing] == 0:
                if room <= 0:
                    continue
                room -= 1
            kept[count] = thing
            count += 1
        things = np.sort(kept[:count])
        slots = np.empty(count, np.int32)
        for rank in range(count):
            slots[rank] = give_slot(
                row, things[rank], clock[world], held_thing, thing_kind[world], goal_thing,
                thing_slot, slot_thing, slot_order, slot_perceived, event_count, event,
            )  # fmt: skip
        order = np.argsort(slots)
        for rank in range(count):
            seen_thing[row, rank] = things[order[rank]]
        seen_count[row] = count


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def observe_entities(
    first_world, last_world,
    entities, entity_color, seen_count, seen_thing, npcs, running, thing_kind, thing_index,
    class_word, class_bag, door_kind, door_position, door_along_x, door_width, door_state,
    object_count, object_position, object_size, object_yaw, object_affordance, object_on,
    object_glows, object_surface, object_container, object_open, object_inside, object_upon,
    object_spot, object_moving, object_holder, object_second_holder, object_color_index, person,
    person_position, person_yaw, person_moving, thing_slot,
):  # fmt: skip
    """Fill ``entities`` (R, MAX_ENTITIES, ENTITY_SIZE) with the things that were selected.

    ``entity_color`` (R, MAX_ENTITIES) int32 gets the palette index of each object, -1 otherwise:
    a target of learning, never shown to a mind.
    """
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        entities[row] = 0.0
        entity_color[row] = -1
        if not running[world]:
            continue
        me = person[row]
        x, feet, z = person_position[world, me]
        sine, cosine = math.sin(person_yaw[world, me]), math.cos(person_yaw[world, me])
        for position in range(seen_count[row]):
            thing = seen_thing[row, position]
            kind, index = thing_kind[world, thing], thing_index[world, thing]
            out = entities[row, position]
            if kind == _DOOR:
                tx, tz = door_position[world, index]
                heading = 0.0 if door_along_x[world, index] else 0.5 * math.pi
                bar = door_kind[world, index] == KIND_BARRIER
                base, tall = 0.0, BARRIER_HEIGHT if bar else DOOR_HEIGHT
                wide = door_width[world, index]
                deep = BARRIER_THICKNESS if bar else LEAF_THICKNESS
                distance = door_distance(
                    x, z, door_position[world, index], door_along_x[world, index], wide
                )
                if door_kind[world, index] in (KIND_DOOR, KIND_GATE):
                    is_open = door_state[world, index] == DOOR_OPEN
                    out[_OPEN] = 1.0 if is_open else 0.0
                    out[_CLOSED] = 0.0 if is_open else 1.0
            elif kind == _OBJECT:
                tx, tz = object_position[world, index, 0], object_position[world, index, 2]
                heading = object_yaw[world, index]
                base, tall = object_position[world, index, 1], object_size[world, index, 1]
                wide, deep = object_size[world, index, 0], object_size[world, index, 2]
                distance = footprint_distance(
                    x, z, object_position[world, index], object_size[world, index], heading
                )
                _write_object_state(
                    out, index, me, object_count[world], object_on[world], object_glows[world],
                    object_surface[world], object_container[world], object_open[world],
                    object_inside[world], object_upon[world], object_spot[world],
                    object_moving[world], object_holder[world], object_second_holder[world],
                )  # fmt: skip
                entity_color[row, position] = object_color_index[world, index]
            else:
                tx, tz = person_position[world, index, 0], person_position[world, index, 2]
                heading = person_yaw[world, index]
                base, tall = person_position[world, index, 1], contract.BODY_HEIGHT
                wide, deep = 2 * BODY_RADIUS, 2 * BODY_RADIUS
                distance = max(0.0, math.sqrt((tx - x) ** 2 + (tz - z) ** 2) - BODY_RADIUS)
                out[_MOVING] = 1.0 if person_moving[world, index] else 0.0
            for act in range(contract.Act.EXAMINE.value, contract.Act.FINISH.value + 1):
                if offers(kind, index, act, door_kind[world], object_affordance[world]):
                    out[EntityColumn.AFFORDANCE.value + act - 1] = 1.0
            dx, dz = tx - x, tz - z
            relative = heading - person_yaw[world, me]
            _write_entity(
                out, thing_slot[row, thing], 0 if kind == _OBJECT else (1 if kind == _DOOR else 2),
                class_word[world, thing], class_bag[world, thing], dx * cosine - dz * sine,
                base + 0.5 * tall - feet, dx * sine + dz * cosine, distance, math.sin(relative),
                math.cos(relative), wide, tall, deep,
            )  # fmt: skip


@njit(cache=True, error_model="numpy", _nrt=False)
def _write_object_state(
    out, item, me, object_count, object_on, object_glows, object_surface, object_container,
    object_open, object_inside, object_upon, object_spot, object_moving, object_holder,
    object_second_holder,
):  # fmt: skip
    """State bits of an object; what glows is seen to be on, what is locked is found out."""
    holder, second = object_holder[item], object_second_holder[item]
    out[_ON] = 1.0 if object_on[item] and not object_glows[item] else 0.0
    out[_MINE] = 1.0 if holder == me or second == me else 0.0
    out[_OTHERS] = 1.0 if (holder >= 0 and holder != me) or (second >= 0 and second != me) else 0.0
    out[_MOVING] = 1.0 if object_moving[item] else 0.0
    spots = 0
    if object_container[item]:
        out[_OPEN] = 1.0 if object_open[item] else 0.0
        out[_CLOSED] = 0.0 if object_open[item] else 1.0
        spots = INSIDE_ROOM if object_open[item] else 0
    elif object_surface[item]:
        spots = UPON_ROOM
    if spots > 0:
        spot = free_spot_of(item, spots, object_count, object_inside, object_upon, object_spot)
        out[_FULL] = 1.0 if spot < 0 else 0.0


@njit(cache=True, error_model="numpy", _nrt=False)
def _write_entity(
    out, slot, kind, class_word, class_bag, right, up, forward, distance, sine, cosine, size_x,
    size_y, size_z,
):  # fmt: skip
    out[EntityColumn.SLOT.value] = slot
    out[EntityColumn.CLASS_WORD.value] = class_word
    for column in range(contract.CLASS_BAG_SIZE):
        out[EntityColumn.CLASS_BAG.value + column] = class_bag[column]
    out[EntityColumn.X.value] = right
    out[EntityColumn.Y.value] = up
    out[EntityColumn.Z.value] = forward
    out[EntityColumn.DISTANCE.value] = distance
    out[EntityColumn.SIN_HEADING.value] = sine
    out[EntityColumn.COS_HEADING.value] = cosine
    out[EntityColumn.SIZE_X.value] = size_x
    out[EntityColumn.SIZE_Y.value] = size_y
    out[EntityColumn.SIZE_Z.value] = size_z
    out[EntityColumn.KIND.value + kind] = 1.0
