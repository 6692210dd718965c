"""What an act needs first: being there, knowing the thing, a free hand, the key, an open lid.

Each function takes one decision's worth of action towards its end and returns False, or returns
True, and leaves the action alone, when the end is reached.
"""

from __future__ import annotations

import math

import numpy as np

from envs.contract import Act, Kind
from envs.oracle.body import Body
from envs.tasks.true_map import INSIDE, REACH
from envs.world.state import DOOR_LOCKED, DOOR_OPEN, KIND_GATE

ASIDE = 0.8
"""It leaves doorways free for others when it stays in a place, metres from the edges."""
NEARER = 0.6
"""It goes as near as this to what it cannot see from further off, metres."""
FACING = math.radians(15.0)
LOOK_FROM = 2.5
"""It looks at things from within this distance to get to know them, metres."""


def be_inside(body: Body, place: int, margin: float = 0.0) -> bool:
    """Be in a place and know it; with a margin also out of the others' way, if it can be."""
    is_there = body.is_inside(place, margin) and body.slot(place) > 0
    if is_there and (margin == 0 or body.legs.may_stay()):
        return True
    _clear(body, body.enter(place, max(margin, INSIDE), parks=margin > 0))
    return False


def be_near(body: Body, thing: int, radius: float = REACH, parks: bool = False) -> bool:
    """Be within reach of a thing, with no wall between, and know it.

    With ``parks`` also out of the others' way, if it can be.
    """
    if not _is_out(body, thing):
        return False
    if not body.can_touch(thing) or (parks and not body.legs.may_stay()):
        _clear(body, body.approach(thing, radius, parks))
    elif not body.slot(thing):
        _look_at(body, thing)
    else:
        return True
    return False


def know(body: Body, thing: int) -> bool:
    """Have a slot for a thing: places are entered, all else is looked at."""
    if body.slot(thing):
        return True
    kind = body.kind(thing)
    if kind == Kind.PLACE:
        return be_inside(body, thing)
    if kind in (Kind.OBJECT, Kind.NPC, Kind.DOOR) and _is_out(body, thing):
        if body.distance_to(thing) > LOOK_FROM or not body.is_clear_to(thing):
            _clear(body, body.approach(thing, LOOK_FROM - 0.2))
        else:
            _look_at(body, thing)
    return False


def _look_at(body: Body, thing: int) -> None:
    """Turn towards a thing, and if it cannot be seen from here, go on towards it."""
    if abs(math.remainder(body.bearing(*body.position(thing)), math.tau)) > FACING:
        body.face(thing)
    else:
        _clear(body, body.approach(thing, NEARER))


def have_free_hand(body: Body) -> bool:
    """Hold nothing."""
    held = body.held
    if held < 0:
        return True
    if body.last_act_failed(Act.DROP):  # no room here
        _step_aside(body)
    else:
        body.do(Act.DROP, held)
    return False


def hold(body: Body, thing: int) -> bool:
    """Have an object in the hand."""
    if body.holds(thing):
        return True
    holder = int(body.state.object_holder[body.world_index, body.index(thing)])
    if holder >= 0:  # somebody else has it
        stand_by(body)
    elif have_free_hand(body) and be_near(body, thing):
        body.do(Act.TAKE, thing)
    return False


def have_open(body: Body, thing: int) -> bool:
    """Have a door or a container open, by hand, by its key or by its button."""
    s, w, index = body.state, body.world_index, body.index(thing)
    if body.kind(thing) == Kind.OBJECT:
        if s.object_open[w, index]:
            return True
        key = int(s.object_key[w, index]) if s.object_locked[w, index] else -1
    else:
        if s.door_state[w, index] == DOOR_OPEN:
            return True
        if s.door_kind[w, index] == KIND_GATE:
            _press_button(body, thing)
            return False
        key = int(s.door_key[w, index]) if s.door_state[w, index] == DOOR_LOCKED else -1
    if (key < 0 or hold(body, body.layout.first_object + key)) and be_near(body, thing):
        body.do(Act.OPEN, thing)
    return False


def have_unlocked(body: Body, thing: int) -> bool:
    """Have a door or a container unlocked."""
    s, w, index = body.state, body.world_index, body.index(thing)
    if body.kind(thing) == Kind.OBJECT:
        is_locked, key = bool(s.object_locked[w, index]), int(s.object_key[w, index])
    else:
        is_locked = int(s.door_state[w, index]) == DOOR_LOCKED
        key = int(s.door_key[w, index])
    if not is_locked:
        return True
    if hold(body, body.layout.first_object + key) and be_near(body, thing):
        body.do(Act.USE, thing)
    return False


def stand_by(body: Body) -> None:
    """Wait where it is in nobody's way."""
    if body.place >= 0 and not body.legs.may_stay():
        _step_aside(body)
    else:
        body.legs.make_room()


def _step_aside(body: Body) -> None:
    if body.place >= 0:
        body.enter(body.place, ASIDE, parks=True)


def _is_out(body: Body, thing: int) -> bool:
    """Have a thing out in the open: what it is inside of must be open."""
    if body.kind(thing) != Kind.OBJECT:
        return True
    container = int(body.state.object_inside[body.world_index, body.index(thing)])
    return container < 0 or have_open(body, body.layout.first_object + container)


def _clear(body: Body, door: int | None) -> None:
    """Open a door that is in the way and that hands alone do not open."""
    if door is None or door in body.opening:
        return
    body.opening.add(door)
    have_open(body, door)
    body.opening.remove(door)


def _press_button(body: Body, door: int) -> None:
    """Switch on what powers a gate, which opens it; what is on already is switched off first."""
    powers = body.state.object_powers[body.world_index, : body.layout.object_count]
    buttons = np.flatnonzero((powers == door).any(axis=1)) + body.layout.first_object
    if len(buttons) == 0:
        return
    nearest = min(buttons.tolist(), key=body.distance_to)
    if be_near(body, nearest):
        body.do(Act.SWITCH, nearest)
