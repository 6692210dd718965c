"""Slots: the 63 numbers with which an NPC points at what it knows.

A slot is given when a thing first becomes known to the NPC, stays, and is not used again within
60 s. When none is free, the least recently perceived thing that is neither held, a place, nor in
the goal loses its slot. Slot numbers are shuffled per NPC and episode and mean nothing.
"""

from __future__ import annotations

from envs.contract import SLOTS, Kind
from envs.jit import njit
from envs.world.state import EVENT_ADD, EVENT_CHANGE, EVENT_REMOVE, EVENTS

REUSE_DECISIONS = 600
"""A freed slot stays unused this long (60 s)."""
_PLACE = Kind.PLACE.value


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def give_slot(
    row, thing, clock, held_thing, thing_kind, goal_thing, thing_slot, slot_thing, slot_order,
    slot_used_until, slot_perceived, event_count, event,
):  # fmt: skip
    """The slot of a thing for a row, given now if it had none; 0 only when all are pinned.

    ``thing_kind`` is the row's world's ``(H,)``; the other arrays are indexed by row.
    """
    slot = int(thing_slot[row, thing])
    if slot > 0:
        slot_perceived[row, slot] = clock
        return slot
    for position in range(SLOTS - 1):
        candidate = int(slot_order[row, position])
        if slot_thing[row, candidate] < 0 and slot_used_until[row, candidate] <= clock:
            slot = candidate
            break
    if slot == 0:
        oldest = clock + 1
        for candidate in range(1, SLOTS):
            other = slot_thing[row, candidate]
            if other < 0 or other == held_thing or goal_thing[row, other]:
                continue
            if thing_kind[other] == _PLACE:
                continue
            if slot_perceived[row, candidate] < oldest:
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


@njit(cache=True, error_model="numpy")
def learn_place(
    row, place, clock, held_thing, door_count, door_places, first_thing, thing_kind, goal_thing,
    place_known, thing_slot, slot_thing, slot_order, slot_used_until, slot_perceived, event_count,
    event,
):  # fmt: skip
    """A row comes to know a place's floor, doorways and doors (by entering it or by its map)."""
    if place_known[row, place]:
        return
    place_known[row, place] = True
    thing = first_thing[3] + place
    slot = give_slot(
        row, thing, clock, held_thing, thing_kind, goal_thing, thing_slot, slot_thing, slot_order,
        slot_used_until, slot_perceived, event_count, event,
    )  # fmt: skip
    log_event(EVENT_CHANGE, slot, thing, event_count, event, row)
    for door in range(door_count):
        first, second = door_places[door, 0], door_places[door, 1]
        if place not in (first, second):
            continue
        give_slot(
            row, first_thing[1] + door, clock, held_thing, thing_kind, goal_thing, thing_slot,
            slot_thing, slot_order, slot_used_until, slot_perceived, event_count, event,
        )  # fmt: skip
        other = second if first == place else first
        if place_known[row, other]:
            neighbour = first_thing[3] + other
            log_event(
                EVENT_CHANGE, int(thing_slot[row, neighbour]), neighbour, event_count, event, row
            )
