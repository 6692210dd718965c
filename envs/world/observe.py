"""What a body tells its NPC: ``self``, eyes for the camera, sources for the ears."""

from __future__ import annotations

import math

from envs import contract
from envs.contract import SelfColumn
from envs.jit import njit
from envs.world.sight import walls_between
from envs.world.slots import give_slot, learn_place


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def observe_bodies(
    first_world, last_world,
    self_rows, npcs, running, clock, place_count, place_rect, door_count, door_places, first_thing,
    thing_kind, person, person_position, person_yaw, person_held, person_speaks_until, look,
    velocity, turn_rate, bumped, last_act, action_delay, team, place, goal_thing, place_known,
    thing_slot, slot_thing, slot_order, slot_perceived, event_count, event,
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
                slot_thing, slot_order, slot_perceived, event_count, event,
            )  # fmt: skip
            out[SelfColumn.PLACE.value] = thing_slot[row, first_thing[world, 3] + inside]
        if held >= 0:
            out[SelfColumn.HELD.value] = give_slot(
                row, held_thing, clock[world], held_thing, thing_kind[world], goal_thing,
                thing_slot, slot_thing, slot_order, slot_perceived, event_count,
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


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def place_senses(
    first_world, last_world,
    eyes, listeners, source_sound, source_position, source_walls, sound_label, npcs, running, clock,
    wall_count, door_count, boxes, person, person_position, person_yaw, person_count,
    person_speaks_until, look, source_object, object_position, object_sound, object_sounding,
    object_used_until, object_sounds_from, object_sounds_until, speech_sound,
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
            until = object_sounds_until[world, item]
            if clock[world] < object_sounds_from[world, item] or 0 < until <= clock[world]:
                continue
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
