"""Open, close and unlock doors and containers; doors that close by themselves."""

from __future__ import annotations

from envs.contract import Act, Kind, Reason
from envs.jit import njit
from envs.world.acts.begin import wants
from envs.world.acts.things import set_leaf, someone_in_leaf
from envs.world.state import DOOR_CLOSED, DOOR_LOCKED, DOOR_OPEN

_DOOR, _OBJECT = Kind.DOOR.value, Kind.OBJECT.value


@njit(cache=True, error_model="numpy", nogil=True)
def open_and_close(
    first_world, last_world,
    npcs, running, clock, wall_count, boxes, thing_kind, thing_index, door_state, leaf_box,
    door_key, door_stays_open, door_closes_at, object_container, object_open, object_locked,
    object_key, person, person_count, person_position, person_held, last_act, act_thing,
):  # fmt: skip
    """Carry out `open` and `close`, and `use` of a door or a container, which unlocks it."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world]:
            continue
        opens, closes = wants(row, Act.OPEN, last_act), wants(row, Act.CLOSE, last_act)
        unlocks = wants(row, Act.USE, last_act)
        if not opens and not closes and not unlocks:
            continue
        thing = act_thing[row]
        kind, index = thing_kind[world, thing], thing_index[world, thing]
        held = person_held[world, person[row]]
        if kind == _DOOR:
            key = door_key[world, index]
            locked = door_state[world, index] == DOOR_LOCKED
            is_open = door_state[world, index] == DOOR_OPEN
        elif kind == _OBJECT and object_container[world, index]:
            key = object_key[world, index]
            locked, is_open = object_locked[world, index], object_open[world, index]
        else:
            if not unlocks:
                last_act[row, 3] = Reason.NOT_POSSIBLE.value
            continue
        has_key = key >= 0 and held == key
        if unlocks:
            if key < 0:
                if kind == _DOOR:
                    last_act[row, 3] = Reason.NOT_POSSIBLE.value
                continue
            if not locked:
                last_act[row, 3] = Reason.ALREADY_SO.value
                continue
            if not has_key:
                last_act[row, 3] = Reason.LOCKED.value
                continue
        elif locked and not (opens and has_key):
            last_act[row, 3] = Reason.LOCKED.value
            continue
        elif is_open == opens:
            last_act[row, 3] = Reason.ALREADY_SO.value
            continue
        elif (
            closes
            and kind == _DOOR
            and someone_in_leaf(leaf_box[world, index], person_count[world], person_position[world])
        ):
            last_act[row, 3] = Reason.NO_ROOM.value
            continue

        if kind == _OBJECT:
            object_locked[world, index] = False
            object_open[world, index] = opens
            continue
        door_state[world, index] = DOOR_OPEN if opens else DOOR_CLOSED
        set_leaf(index, wall_count[world], not opens, boxes[world], leaf_box[world])
        timed = opens and door_stays_open[world, index] > 0
        door_closes_at[world, index] = clock[world] + door_stays_open[world, index] if timed else 0


@njit(cache=True, error_model="numpy", nogil=True)
def close_doors(
    first_world, last_world,
    running, clock, wall_count, door_count, boxes, leaf_box, door_state, door_closes_at,
    first_thing, object_count, object_powers, object_on, object_sound, object_sounding,
    person_count, person_position,
):  # fmt: skip
    """Close the doors whose time is over, as soon as nobody stands in them.

    What powers such a door springs back, so that pressing it again opens the door again.
    """
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        for door in range(door_count[world]):
            due = door_closes_at[world, door]
            if due == 0 or clock[world] < due or door_state[world, door] != DOOR_OPEN:
                continue
            if someone_in_leaf(leaf_box[world, door], person_count[world], person_position[world]):
                continue
            door_state[world, door] = DOOR_CLOSED
            door_closes_at[world, door] = 0
            set_leaf(door, wall_count[world], True, boxes[world], leaf_box[world])
            for item in range(object_count[world]):
                for powered in object_powers[world, item]:
                    if powered == first_thing[world, 1] + door:
                        object_on[world, item] = False
                        if object_sound[world, item] >= 0:
                            object_sounding[world, item] = False
