"""What a body tells its NPC: ``self``, ``entities``, eyes for the camera, sources for the ears."""

from __future__ import annotations

import math

import numpy as np

from envs import contract
from envs.contract import EntityColumn, Kind, SelfColumn
from envs.jit import njit
from envs.world.motion import BODY_RADIUS
from envs.world.rules import door_distance, reach_thing
from envs.world.sight import footprint_distance, walls_between
from envs.world.slots import give_slot, learn_place

SIGHT_RANGE = 10.0
"""Metres within which entities are told."""
DOOR_HEIGHT, DOOR_THICKNESS = 2.1, 0.06
_PLACE, _DOOR, _OBJECT, _NPC = Kind.PLACE.value, Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_TAN_HALF_VIEW = math.tan(0.5 * contract.CAMERA_FIELD_OF_VIEW)
_STATE_OPEN, _STATE_CLOSED, _STATE_LOCKED, _STATE_ON, _STATE_MINE, _STATE_OTHERS = range(6)
_DOOR_AFFORDANCES = np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1], np.float32)
_PERSON_AFFORDANCES = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], np.float32)


@njit(cache=True, error_model="numpy", nogil=True)
def observe_bodies(
    first_world, last_world,
    self_rows, npcs, running, clock, place_count, place_rect, door_count, door_places, first_thing,
    thing_kind, person, person_position, person_yaw, person_held, person_speaks_until, look,
    velocity, turn_rate, bumped, last_act, action_delay, team, place, goal_thing, place_known,
    thing_slot, slot_thing, slot_order, slot_used_until, slot_perceived, event_count, event,
):  # fmt: skip
    """Fill ``self`` (R, SELF_SIZE) and let each row learn the place it stands in."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        out = self_rows[row]
        out[:] = 0.0
        if not running[world]:
            continue
        me = person[row]
        x, z = person_position[world, me, 0], person_position[world, me, 2]
        held = person_held[world, me]
        held_thing = first_thing[world, 0] + held if held >= 0 else -1
        inside = -1
        for index in range(place_count[world]):
            rect = place_rect[world, index]
            if rect[0] <= x < rect[2] and rect[1] <= z < rect[3]:
                inside = index
        place[row] = inside
        if inside >= 0:
            learn_place(
                row, inside, clock[world], held_thing, door_count[world], door_places[world],
                first_thing[world], thing_kind[world], goal_thing, place_known, thing_slot,
                slot_thing, slot_order, slot_used_until, slot_perceived, event_count, event,
            )  # fmt: skip
            out[SelfColumn.PLACE.value] = thing_slot[row, first_thing[world, 3] + inside]
        if held >= 0:
            out[SelfColumn.HELD.value] = give_slot(
                row, held_thing, clock[world], held_thing, thing_kind[world], goal_thing,
                thing_slot, slot_thing, slot_order, slot_used_until, slot_perceived, event_count,
                event,
            )  # fmt: skip
        out[SelfColumn.X.value] = x
        out[SelfColumn.Y.value] = person_position[world, me, 1]
        out[SelfColumn.Z.value] = z
        out[SelfColumn.SIN_YAW.value] = math.sin(person_yaw[world, me])
        out[SelfColumn.COS_YAW.value] = math.cos(person_yaw[world, me])
        out[SelfColumn.VELOCITY_RIGHT.value] = velocity[row, 0]
        out[SelfColumn.VELOCITY_UP.value] = velocity[row, 1]
        out[SelfColumn.VELOCITY_FORWARD.value] = velocity[row, 2]
        out[SelfColumn.TURN_RATE.value] = turn_rate[row]
        out[SelfColumn.PITCH.value] = contract.LOOK_PITCH[look[row]]
        out[SelfColumn.LAST_ACT.value] = last_act[row, 0]
        out[SelfColumn.LAST_TARGET.value] = last_act[row, 1]
        out[SelfColumn.RESULT.value] = last_act[row, 2]
        out[SelfColumn.REASON.value] = last_act[row, 3]
        out[SelfColumn.BUMPED.value] = 1.0 if bumped[row] else 0.0
        out[SelfColumn.GROUNDED.value] = 1.0 if person_position[world, me, 1] <= 0.0 else 0.0
        out[SelfColumn.ACTION_DELAY.value] = action_delay[row]
        out[SelfColumn.CLOCK.value] = clock[world] * contract.DECISION_SECONDS
        for sense in range(4):
            out[SelfColumn.CAMERA_VALID.value + sense] = 1.0
        out[SelfColumn.HEIGHT.value] = contract.EYE_HEIGHT
        speaking = person_speaks_until[world, me] > clock[world]
        out[SelfColumn.SPEAKING.value] = 1.0 if speaking else 0.0
        out[SelfColumn.TEAM.value] = 1.0 if team[world] else 0.0


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy", nogil=True)
def observe_entities(
    first_world, last_world,
    entities, entity_color, npcs, running, clock, wall_count, door_count, boxes, thing_count,
    thing_kind, thing_index, first_thing, class_word, class_bag, door_position, door_along_x,
    door_width, door_state, object_position, object_size, object_yaw, object_affordance, object_on,
    object_holder, object_color_index, person, person_position, person_yaw, person_held, goal_thing,
    thing_slot, slot_thing, slot_order, slot_used_until, slot_perceived, event_count, event,
):  # fmt: skip
    """Fill ``entities`` (R, MAX_ENTITIES, ENTITY_SIZE), ordered by slot, nearest kept if too many.

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
        opaque = wall_count[world] + door_count[world]
        held = person_held[world, me]
        held_thing = first_thing[world, 0] + held if held >= 0 else -1
        seen = np.empty(thing_count[world], np.int32)
        seen_slot = np.empty(thing_count[world], np.int32)
        seen_distance = np.empty(thing_count[world], np.float32)
        count = 0
        for thing in range(thing_count[world]):
            kind, index = thing_kind[world, thing], thing_index[world, thing]
            leaf = -1
            if kind == _DOOR:
                tx, tz = door_position[world, index]
                leaf = wall_count[world] + index
            elif kind == _OBJECT:
                tx, tz = object_position[world, index, 0], object_position[world, index, 2]
            elif kind == _NPC and index != me:
                tx, tz = person_position[world, index, 0], person_position[world, index, 2]
            else:
                continue
            dx, dz = tx - x, tz - z
            right, forward = dx * cosine - dz * sine, dx * sine + dz * cosine
            if thing != held_thing:
                if dx * dx + dz * dz > SIGHT_RANGE * SIGHT_RANGE:
                    continue
                if forward < 0.05 or abs(right) > forward * _TAN_HALF_VIEW:
                    continue
                if walls_between(boxes[world], opaque, x, z, tx, tz, leaf, 1) > 0:
                    continue
            slot = give_slot(
                row, thing, clock[world], held_thing, thing_kind[world], goal_thing, thing_slot,
                slot_thing, slot_order, slot_used_until, slot_perceived, event_count, event,
            )  # fmt: skip
            if slot == 0:
                continue
            seen[count] = thing
            seen_slot[count] = slot
            seen_distance[count] = -1.0 if thing == held_thing else dx * dx + dz * dz
            count += 1
        while count > contract.MAX_ENTITIES:
            farthest = 0
            for candidate in range(count):
                if seen_distance[candidate] > seen_distance[farthest]:
                    farthest = candidate
            count -= 1
            seen[farthest] = seen[count]
            seen_slot[farthest] = seen_slot[count]
            seen_distance[farthest] = seen_distance[count]
        order = np.argsort(seen_slot[:count])
        for position in range(count):
            thing = seen[order[position]]
            slot = seen_slot[order[position]]
            kind, index = thing_kind[world, thing], thing_index[world, thing]
            out = entities[row, position]
            state, affordance = EntityColumn.STATE.value, EntityColumn.AFFORDANCE.value
            if kind == _DOOR:
                tx, tz = door_position[world, index]
                heading = 0.0 if door_along_x[world, index] else 0.5 * math.pi
                base, tall = 0.0, DOOR_HEIGHT
                wide, deep = door_width[world, index], DOOR_THICKNESS
                distance = door_distance(
                    x, z, door_position[world, index], door_along_x[world, index], wide
                )
                is_open = door_state[world, index] == 0
                out[state + _STATE_OPEN] = 1.0 if is_open else 0.0
                out[state + _STATE_CLOSED] = 0.0 if is_open else 1.0
                for act in range(12):
                    out[affordance + act] = _DOOR_AFFORDANCES[act]
            elif kind == _OBJECT:
                tx, tz = object_position[world, index, 0], object_position[world, index, 2]
                heading = object_yaw[world, index]
                base, tall = object_position[world, index, 1], object_size[world, index, 1]
                wide, deep = object_size[world, index, 0], object_size[world, index, 2]
                distance = footprint_distance(
                    x, z, object_position[world, index], object_size[world, index], heading
                )
                holder = object_holder[world, index]
                out[state + _STATE_ON] = 1.0 if object_on[world, index] else 0.0
                out[state + _STATE_MINE] = 1.0 if holder == me else 0.0
                out[state + _STATE_OTHERS] = 1.0 if holder >= 0 and holder != me else 0.0
                for act in range(12):
                    out[affordance + act] = object_affordance[world, index, act]
                entity_color[row, position] = object_color_index[world, index]
            else:
                tx, tz = person_position[world, index, 0], person_position[world, index, 2]
                heading = person_yaw[world, index]
                base, tall = person_position[world, index, 1], contract.BODY_HEIGHT
                wide, deep = 2 * BODY_RADIUS, 2 * BODY_RADIUS
                distance = max(0.0, math.sqrt((tx - x) ** 2 + (tz - z) ** 2) - BODY_RADIUS)
                for act in range(12):
                    out[affordance + act] = _PERSON_AFFORDANCES[act]
            dx, dz = tx - x, tz - z
            relative = heading - person_yaw[world, me]
            _write_entity(
                out, slot, 0 if kind == _OBJECT else (1 if kind == _DOOR else 2),
                class_word[world, thing], class_bag[world, thing], dx * cosine - dz * sine,
                base + 0.5 * tall - feet, dx * sine + dz * cosine, distance, math.sin(relative),
                math.cos(relative), wide, tall, deep,
            )  # fmt: skip


@njit(cache=True, error_model="numpy", nogil=True)
def allow_actions(
    first_world, last_world,
    mask, npcs, running, done, wall_count, door_count, boxes, thing_kind, thing_index,
    thing_count, door_position, door_along_x, door_width, object_position, object_size, object_yaw,
    object_affordance, object_holder, person, person_position, person_held, place, slot_thing,
    thing_slot,
):  # fmt: skip
    """Fill ``mask`` (R, MASK_SIZE): True where a branch value may be chosen now."""
    move, turn, _look, act, target, say, about, where = contract.BRANCH_STARTS
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        mask[row] = False
        for branch in range(8):
            mask[row, contract.BRANCH_STARTS[branch] + contract.NO_OP[branch]] = True
        if not running[world] or done[row] != 0:
            continue
        for value in range(contract.Move.GO):
            mask[row, move + value] = True
        for value in range(turn, act):
            mask[row, value] = True
        for value in range(say, about):
            mask[row, value] = True
        for slot in range(1, contract.SLOTS):
            known = slot_thing[row, slot] >= 0
            mask[row, target + slot] = known
            mask[row, about + slot] = known
            mask[row, where + slot] = known
        mask[row, act + contract.Act.FINISH.value] = True
        me = person[row]
        x, z = person_position[world, me, 0], person_position[world, me, 2]
        holding = person_held[world, me] >= 0
        mask[row, act + contract.Act.PUT.value] = holding and place[row] >= 0
        mask[row, act + contract.Act.DROP.value] = holding and place[row] >= 0
        opaque = wall_count[world] + door_count[world]
        for thing in range(thing_count[world]):
            kind, index = thing_kind[world, thing], thing_index[world, thing]
            if thing_slot[row, thing] == 0 or kind == _PLACE or kind == Kind.TOPIC.value:
                continue
            if kind == _NPC and index == me:
                continue
            mine = kind == _OBJECT and object_holder[world, index] == me
            if not mine:
                reason = reach_thing(
                    kind, index, x, z, boxes[world], opaque, wall_count[world],
                    door_position[world], door_along_x[world], door_width[world],
                    object_position[world], object_size[world], object_yaw[world],
                    person_position[world],
                )  # fmt: skip
                if reason != 0:
                    continue
            for value in range(1, 12):
                if value in (contract.Act.PUT.value, contract.Act.DROP.value):
                    continue
                if kind == _DOOR:
                    offered = _DOOR_AFFORDANCES[value - 1] > 0
                elif kind == _NPC:
                    offered = _PERSON_AFFORDANCES[value - 1] > 0
                    offered = offered and (value != contract.Act.GIVE.value or holding)
                else:
                    offered = object_affordance[world, index, value - 1] > 0
                    if value == contract.Act.TAKE.value:
                        offered = offered and not holding
                    if value == contract.Act.GIVE.value:
                        offered = False
                if offered:
                    mask[row, act + value] = True


@njit(cache=True, error_model="numpy", nogil=True)
def place_senses(
    first_world, last_world,
    eyes, listeners, source_sound, source_position, source_walls, sound_label, npcs, running, clock,
    wall_count, door_count, boxes, person, person_position, person_yaw, person_count,
    person_speaks_until, look, source_object, object_position, object_sound, object_sounding,
    object_used_until, speech_sound,
):  # fmt: skip
    """Eyes for the camera; listeners, sources and walls between for the ears.

    Args:
        eyes: ``(R, 5)`` x, y, z, yaw, pitch. listeners: ``(R, 3)`` x, z, yaw.
        source_sound: ``(W, S)`` int32, -1 silent. source_position: ``(W, S, 2)``.
        source_walls: ``(R, S)`` int32.
        sound_label: ``(R, 8, 3)`` presence, sin(bearing), loudness of the loudest source of each
            class: a target of learning, never shown to a mind.
    """
    object_sources = source_object.shape[1]
    for world in range(first_world, last_world):
        source_sound[world] = -1
        if not running[world]:
            continue
        for source in range(object_sources):
            item = source_object[world, source]
            if item < 0:
                continue
            source_position[world, source, 0] = object_position[world, item, 0]
            source_position[world, source, 1] = object_position[world, item, 2]
            if object_sounding[world, item] or object_used_until[world, item] > clock[world]:
                source_sound[world, source] = object_sound[world, item]
        for other in range(person_count[world]):
            source = object_sources + other
            source_position[world, source, 0] = person_position[world, other, 0]
            source_position[world, source, 1] = person_position[world, other, 2]
            if person_speaks_until[world, other] > clock[world]:
                source_sound[world, source] = speech_sound
        opaque = wall_count[world] + door_count[world]
        for row in range(world * npcs, world * npcs + npcs):
            me = person[row]
            x, z = person_position[world, me, 0], person_position[world, me, 2]
            yaw = person_yaw[world, me]
            eyes[row, 0] = x
            eyes[row, 1] = person_position[world, me, 1] + contract.EYE_HEIGHT
            eyes[row, 2] = z
            eyes[row, 3] = yaw
            eyes[row, 4] = contract.LOOK_PITCH[look[row]]
            listeners[row, 0] = x
            listeners[row, 1] = z
            listeners[row, 2] = yaw
            sound_label[row] = 0.0
            for source in range(source_sound.shape[1]):
                sound = source_sound[world, source]
                if sound < 0:
                    continue
                sx, sz = source_position[world, source, 0], source_position[world, source, 1]
                walls = walls_between(boxes[world], opaque, x, z, sx, sz, -1, 3)
                source_walls[row, source] = walls
                if sound >= sound_label.shape[1]:
                    continue
                distance = math.sqrt((sx - x) ** 2 + (sz - z) ** 2)
                if distance > 12.0:
                    continue
                loudness = 0.6**walls / max(0.5, distance)
                if loudness > sound_label[row, sound, 2]:
                    bearing = ((sx - x) * math.cos(yaw) - (sz - z) * math.sin(yaw)) / max(
                        1e-3, distance
                    )
                    sound_label[row, sound, 0] = 1.0
                    sound_label[row, sound, 1] = bearing
                    sound_label[row, sound, 2] = loudness
