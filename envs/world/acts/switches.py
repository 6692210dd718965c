"""Switch and use: what is on, what sounds, and what a switch powers."""

from __future__ import annotations

from envs.contract import Act, Kind, Reason
from envs.jit import njit
from envs.scene import MAX_POWERED
from envs.world.acts.begin import wants
from envs.world.acts.things import set_leaf
from envs.world.state import DOOR_OPEN

USE_DECISIONS = 20
"""How long something that has a sound sounds when it is used."""
_DOOR, _OBJECT = Kind.DOOR.value, Kind.OBJECT.value


@njit(cache=True, error_model="numpy", nogil=True)
def switch_and_use(
    first_world, last_world,
    npcs, running, clock, wall_count, boxes, thing_kind, thing_index, door_state, leaf_box,
    door_stays_open, door_closes_at, object_on, object_sound, object_sounding, object_used_until,
    object_powers, object_container, object_key, last_act, act_thing,
):  # fmt: skip
    """Carry out `switch` and `use` of objects."""
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world]:
            continue
        switches, uses = wants(row, Act.SWITCH, last_act), wants(row, Act.USE, last_act)
        if not switches and not uses:
            continue
        thing = act_thing[row]
        kind, index = thing_kind[world, thing], thing_index[world, thing]
        if kind != _OBJECT:
            if switches:
                last_act[row, 3] = Reason.NOT_POSSIBLE.value
            continue
        if uses and object_container[world, index] and object_key[world, index] >= 0:
            continue  # unlocked, by `open_and_close`
        powers = object_powers[world, index, 0] >= 0
        if uses:
            object_used_until[world, index] = clock[world] + USE_DECISIONS
        if not switches and not powers:
            continue
        is_on = uses or not object_on[world, index]
        set_on(index, is_on, object_on[world], object_sound[world], object_sounding[world])
        for line in range(MAX_POWERED):
            powered = object_powers[world, index, line]
            if powered < 0:
                continue
            kind, number = thing_kind[world, powered], thing_index[world, powered]
            if kind == _OBJECT:
                set_on(number, is_on, object_on[world], object_sound[world], object_sounding[world])
            elif kind == _DOOR and is_on:
                door_state[world, number] = DOOR_OPEN
                set_leaf(number, wall_count[world], False, boxes[world], leaf_box[world])
                stays = door_stays_open[world, number]
                door_closes_at[world, number] = clock[world] + stays if stays > 0 else 0
            elif kind == _DOOR and door_state[world, number] == DOOR_OPEN:
                door_closes_at[world, number] = clock[world] + 1  # `close_doors` waits for bodies


@njit(cache=True, error_model="numpy")
def set_on(item, is_on, object_on, object_sound, object_sounding):
    """Switch an object of one world on or off; one with a sound sounds while it is on."""
    object_on[item] = is_on
    if object_sound[item] >= 0:
        object_sounding[item] = is_on
