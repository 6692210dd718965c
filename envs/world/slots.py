"""Slots: the 63 numbers with which an NPC points at what it knows.

A slot is given when a thing first becomes known to the NPC, and stays. When none is free, the thing
that was perceived longest ago loses its slot to the new one; what is held, named by the goal or
perceived in this very decision keeps its slot, and so do places and doors, on which routes are
planned. Nothing else ever frees a slot. Slot numbers are shuffled per NPC and episode and mean
nothing.
"""

from __future__ import annotations

from envs.contract import SLOTS, Kind
from envs.jit import njit
from envs.world.state import EVENT_ADD, EVENT_CHANGE, EVENT_REMOVE, EVENTS

_PLACE, _DOOR = Kind.PLACE.value, Kind.DOOR.value


@njit(cache=True, error_model="numpy", _nrt=False)
def log_event(op, slot, thing, event_count, event, row):
    """Remember a catalogue event of a row; the same change is not logged twice in a row."""
    count = event_count[row]
    for earlier in range(count):
        same = event[row, earlier, 1] == slot and event[row, earlier, 2] == thing
        if same and op == EVENT_CHANGE and event[row, earlier, 0] != EVENT_REMOVE:
            return
    if count < EVENTS:
        event[row, count, 0] = op
        event[row, count, 1] = slot
        event[row, count, 2] = thing
        event_count[row] = count + 1


@njit(cache=True, error_model="numpy", _nrt=False)
def may_be_evicted(
    row, slot, clock, held_thing, thing_kind, goal_thing, slot_thing, slot_perceived
):
    """Whether the thing in a used slot may lose it to another one now."""
    thing = slot_thing[row, slot]
    if thing == held_thing or goal_thing[row, thing] or slot_perceived[row, slot] >= clock:
        return False
    return thing_kind[thing] != _PLACE and thing_kind[thing] != _DOOR


@njit(cache=True, error_model="numpy", _nrt=False)
def count_room(row, clock, held_thing, thing_kind, goal_thing, slot_thing, slot_perceived):
    """Number of slots that `give_slot` could give to new things in this decision."""
    room = 0
    for slot in range(1, SLOTS):
        if slot_thing[row, slot] < 0 or may_be_evicted(
            row, slot, clock, held_thing, thing_kind, goal_thing, slot_thing, slot_perceived
        ):
            room += 1
    return room


@njit(cache=True, error_model="numpy", _nrt=False)
def give_slot(
    row, thing, clock, held_thing, thing_kind, goal_thing, thing_slot, slot_thing, slot_order,
    slot_perceived, event_count, event,
):  # fmt: skip
    """The slot of a thing for a row, given now if it had none; 0 when nothing may lose its own.

    ``thing_kind`` is the row's world's ``(H,)``; the other arrays are indexed by row.
    """
    slot = int(thing_slot[row, thing])
    if slot > 0:
        slot_perceived[row, slot] = clock
        return slot
    for position in range(SLOTS - 1):
        candidate = int(slot_order[row, position])
        if slot_thing[row, candidate] < 0:
            slot = candidate
            break
    if slot == 0:
        oldest = clock
        for candidate in range(1, SLOTS):
            if slot_perceived[row, candidate] < oldest and may_be_evicted(
                row, candidate, clock, held_thing, thing_kind, goal_thing, slot_thing,
                slot_perceived,
            ):  # fmt: skip
                oldest = slot_perceived[row, candidate]
                slot = candidate
        if slot == 0:
            return 0
        evicted = slot_thing[row, slot]
        thing_slot[row, evicted] = 0
        log_event(EVENT_REMOVE, slot, evicted, event_count, event, row)
    thing_slot[row, thing] = slot
    slot_thing[row, slot] = thing
    slot_perceived[row, slot] = clock
    log_event(EVENT_ADD, slot, thing, event_count, event, row)
    return slot


@njit(cache=True, error_model="numpy", _nrt=False)
def learn_place(
    row, place, clock, held_thing, door_count, door_places, first_thing, thing_kind, goal_thing,
    place_known, thing_slot, slot_thing, slot_order, slot_perceived, event_count,
    event,
):  # fmt: skip
    """A row comes to know a place's floor, doorways and doors (by entering it or by its map)."""
    if place_known[row, place]:
        return
    place_known[row, place] = True
    thing = first_thing[3] + place
    slot = give_slot(
        row, thing, clock, held_thing, thing_kind, goal_thing, thing_slot, slot_thing, slot_order,
        slot_perceived, event_count, event,
    )  # fmt: skip
    log_event(EVENT_CHANGE, slot, thing, event_count, event, row)
    for door in range(door_count):
        first, second = door_places[door, 0], door_places[door, 1]
        if place not in (first, second):
            continue
        give_slot(
            row, first_thing[1] + door, clock, held_thing, thing_kind, goal_thing, thing_slot,
            slot_thing, slot_order, slot_perceived, event_count, event,
        )  # fmt: skip
        other = second if first == place else first
        if place_known[row, other]:
            neighbour = first_thing[3] + other
            log_event(
                EVENT_CHANGE, int(thing_slot[row, neighbour]), neighbour, event_count, event, row
            )
