"""What to go for next, on belief alone: the thing that the goal means, or where to look for it."""

from __future__ import annotations

import math

from agent.belief.columns import (
    UNREACHABLE,
    BodyColumn,
    DoorKind,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
    SoundColumn,
)
from agent.belief.fitting import (
    fits_class,
    is_ruled_out,
    is_the_one,
    looks_belief,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.hearing import HEARD_PROBABILITY, NEAR_SOUND, doubt_of_node
from agent.belief.results import is_button, is_container_closed, is_key, is_open, is_written
from envs.contract import SLOTS, STATE_NAMES, Kind
from envs.jit import njit

KEEP_BONUS = 0.8
"""The last intent is kept unless another is nearer by this much, metres."""
SOUND_WEIGHT = 8.0
"""Metres that a bearing error of 1 costs when looking for a sound."""
SOUND_MATCH = 0.22
"""A thing whose mean bearing error is less may be what sounds."""
SOUND_RECORDS = 3
"""So many records of sounds are needed before a thing is trusted to be the source."""
SURE_SOUND_MATCH = 0.15
"""... or less than this when one is on the way to explore: no turning back for a faint hope."""
SILENT_MATCH = 0.05
"""The same for a sound that has fallen silent, as long as not everything has been looked at."""
DOUBT_WEIGHT, MOST_DOUBT = 0.04, 3.0
"""What the doubt of a look from near adds to a thing's bearing error, and the most that counts."""
SOUND_KEEP = 0.08
"""The last intent is kept unless another matches better by this much."""
OPEN_ERROR = 0.12
"""Added to the bearing error of an open container with something in it, which comes first."""
WITHIN = 0.3
"""What is this near to the middle of a container, along both axes, is in it, metres."""
LAST_SEEN_TRUST = 6.0
"""People are looked for where they were seen within so many seconds."""
PRESS_AGAIN_SECONDS = 12.0
"""A button that did not help is not pressed again for so long."""
PUT_AHEAD = 0.6
"""A thing is put down about this far before the body, metres."""
CLEAR_OF_DOOR = 1.0
"""What is put down lies so far from the middle of any doorway, if we can help it, metres."""
WAIT_CYCLE, WAIT_SECONDS = 1.0, 0.6
"""Who carries something with another waits for so many seconds out of so many."""
HELP_ORDER = 1000.0
"""Metres by which buttons come after keys, and containers after buttons."""
_CLOSED_BIT, _HELD_BIT = STATE_NAMES.index("closed"), STATE_NAMES.index("held_by_other")
_GATE = int(DoorKind.GATE)
_TIDY, _READ = int(Verb.TIDY), int(Verb.READ)
_OBJECT, _DOOR, _NPC, _PLACE = int(Kind.OBJECT), int(Kind.DOOR), int(Kind.NPC), int(Kind.PLACE)


@njit(cache=True, error_model="numpy")
def choose_look_alike(nodes, goal, body, routes, guess, last_resort):  # type: ignore[no-untyped-def]
    """The thing of the goal's class and looks, or one whose looks are not decided; 0 if none.

    Args:
        guess: take the nearest of the class, whatever its looks (for a mind without eyes).
        last_resort: when all are decided otherwise, the one that is least certainly not it.
    """
    held = int(body[BodyColumn.HELD])
    last = int(body[BodyColumn.INTENT])
    has_looks = (
        goal[GoalField.COLOR] >= 0.0 or goal[GoalField.SIGN] >= 0.0 or goal[GoalField.LIT] >= 0.0
    )
    best = 0
    best_cost = 1e9
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if slot == held or node[NodeColumn.PLACED] < 0.5 or not fits_class(node, goal):
            continue
        if routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        if node[NodeColumn.REJECTED_UNTIL] > body[BodyColumn.CLOCK]:
            continue
        cost = routes[slot, RouteColumn.LENGTH]
        if slot == last:
            cost -= KEEP_BONUS
        if last_resort:
            cost = -looks_belief(node, goal) if has_looks else cost
        elif is_the_one(node, goal, guess):
            cost -= 1000.0
        elif is_ruled_out(node, goal):
            continue
        if cost < best_cost:
            best_cost = cost
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def choose_sounding(nodes, sounds, goal, body, routes, last_resort):  # type: ignore[no-untyped-def]
    """The thing whose direction explains the goal's sound best, 0 when none does."""
    if int(body[BodyColumn.HEARD_COUNT]) < SOUND_RECORDS and not last_resort:
        return 0
    last = int(body[BodyColumn.INTENT])
    best = 0
    exploring = (
        routes[last, RouteColumn.FRONTIER] > 0.0 and int(nodes[last, NodeColumn.KIND]) == _DOOR
    )
    best_error = 10.0 if last_resort else (SURE_SOUND_MATCH if exploring else SOUND_MATCH)
    if body[BodyColumn.SILENT] > 0.5 and not last_resort:
        best_error = SILENT_MATCH  # there is no more to come that could tell two things apart
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or not fits_class(node, goal):
            continue
        if routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        if node[NodeColumn.REJECTED_UNTIL] > body[BodyColumn.CLOCK] and not last_resort:
            continue
        error = node[NodeColumn.SOUND_ERROR]
        if is_open(node) and _holds_something(slot, nodes):
            error += OPEN_ERROR
        near = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] < NEAR_SOUND
        heard = sounds[int(goal[GoalField.SOUND]), SoundColumn.PRESENCE] > HEARD_PROBABILITY
        if near and body[BodyColumn.SILENT] < 0.5 and (heard or not last_resort):
            doubt = doubt_of_node(node, body, sounds[int(goal[GoalField.SOUND])])
            error += DOUBT_WEIGHT * min(MOST_DOUBT, doubt)
        if slot == last:
            error -= SOUND_KEEP
        if error < best_error:
            best_error = error
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def _holds_something(container, nodes):  # type: ignore[no-untyped-def]
    """Whether another thing is seen where an open container is."""
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if slot == container or int(node[NodeColumn.KIND]) != _OBJECT:
            continue
        off_x = abs(node[NodeColumn.X] - nodes[container, NodeColumn.X])
        off_z = abs(node[NodeColumn.Z] - nodes[container, NodeColumn.Z])
        if node[NodeColumn.PLACED] > 0.5 and max(off_x, off_z) < WITHIN:
            return True
    return False


@njit(cache=True, error_model="numpy")
def choose_person(nodes, body, goal, routes):  # type: ignore[no-untyped-def]
    """Whom to turn to: the goal's person, or the nearest person seen and not asked lately."""
    person = int(goal[GoalField.PERSON])
    if person > 0:
        return person
    best = 0
    best_length = 1e9
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if (node[NodeColumn.KNOWN] < 0.5 or int(node[NodeColumn.KIND]) != _NPC
                or node[NodeColumn.PLACED] < 0.5):  # fmt: skip
            continue
        asked = node[NodeColumn.ASKED_CLOCK]
        if asked >= 0.0 and body[BodyColumn.CLOCK] - asked > 3.0:
            continue
        if routes[slot, RouteColumn.LENGTH] < best_length:
            best_length = routes[slot, RouteColumn.LENGTH]
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def choose_frontier(nodes, places, goal, body, routes, look_around):  # type: ignore[no-untyped-def]
    """Where to explore: what is unseen here, then the nearest frontier, then where it was longest.

    Args:
        look_around: whether the inside of places matters (not when a place itself is sought).

    Returns:
        A slot, 0 when nothing known can be reached.
    """
    here = int(body[BodyColumn.PLACE])
    if look_around and here > 0 and routes[here, RouteColumn.FRONTIER] > 0.0:
        return here
    last = int(body[BodyColumn.INTENT])
    listening = int(goal[GoalField.SOUND]) >= 0
    best = 0
    best_cost = UNREACHABLE - 1.0
    for slot in range(1, SLOTS):
        route = routes[slot]
        kind = int(nodes[slot, NodeColumn.KIND])
        if route[RouteColumn.REACHABLE] < 0.5 or route[RouteColumn.FRONTIER] <= 0.0:
            continue
        if kind != _DOOR and (kind != _PLACE or not look_around):
            continue
        cost = route[RouteColumn.LENGTH]
        if kind == _PLACE and places[slot, PlaceColumn.VISITED] < 0.5:
            continue  # its doors are the frontier
        if listening:
            cost += SOUND_WEIGHT * nodes[slot, NodeColumn.SOUND_ERROR]
        if slot == last:
            cost -= KEEP_BONUS
        if cost < best_cost:
            best_cost = cost
            best = slot
    if best > 0:
        return best
    oldest = 1e9
    for slot in range(1, SLOTS):
        place = places[slot]
        if slot == here or place[PlaceColumn.SHAPED] < 0.5:
            continue
        if routes[slot, RouteColumn.REACHABLE] > 0.5 and place[PlaceColumn.LAST_VISIT] < oldest:
            oldest = place[PlaceColumn.LAST_VISIT]
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def choose_helper(locked, nodes, goal, body, routes):  # type: ignore[no-untyped-def]
    """What to handle when there is no other way on; 0 when nothing known may help.

    The locked thing itself once a key is in hand, else the nearest key, when something is locked;
    then the nearest button, while a gate that we have seen is closed; then the nearest container
    that we have not looked into.

    Args:
        locked: slot of a locked thing that is in the way, 0 when it is not known what is.
    """
    clock = body[BodyColumn.CLOCK]
    held = int(body[BodyColumn.HELD])
    has_key = held > 0 and is_key(nodes[held]) and nodes[held, NodeColumn.REJECTED_UNTIL] <= clock
    gate = False
    best = 0
    best_cost = 1e6
    for slot in range(1, SLOTS):
        node = nodes[slot]
        kind = int(node[NodeColumn.KIND])
        if kind == _DOOR and int(node[NodeColumn.DOOR_KIND]) == _GATE:
            gate = gate or node[NodeColumn.STATE + _CLOSED_BIT] > 0.5
        if locked == 0 and kind == _DOOR and node[NodeColumn.LOCKED] > 0.5:
            locked = slot
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if slot == held or routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        if int(node[NodeColumn.KIND]) == _PLACE or node[NodeColumn.KNOWN] < 0.5:
            continue
        cost = routes[slot, RouteColumn.LENGTH]
        rejected = node[NodeColumn.REJECTED_UNTIL] > clock
        if locked > 0 and has_key:
            if slot != locked:
                continue
        elif locked > 0 and is_key(node) and not rejected:
            cost += 0.0
        elif gate and is_button(node):
            cost += HELP_ORDER
            tried = node[NodeColumn.TRIED_CLOCK]
            if tried >= 0.0 and clock - tried < PRESS_AGAIN_SECONDS:
                continue
        elif is_container_closed(node) and node[NodeColumn.LOCKED] < 0.5:
            cost += 2.0 * HELP_ORDER
        else:
            continue
        if cost < best_cost:
            best_cost = cost
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def choose_written(nodes, goal, body, routes):  # type: ignore[no-untyped-def]
    """The nearest thing with a text that we have not read in this step, 0 when none is known."""
    best = 0
    best_cost = 1e6
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or not fits_class(node, goal):
            continue
        if goal[GoalField.CLASS_WORD] == 0.0 and not is_written(node):
            continue
        if node[NodeColumn.TRIED_CLOCK] >= body[BodyColumn.STEP_CLOCK]:
            continue
        if routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        cost = routes[slot, RouteColumn.LENGTH]
        if slot == int(body[BodyColumn.INTENT]):
            cost -= KEEP_BONUS
        if cost < best_cost:
            best_cost = cost
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def choose_stray(nodes, goal, body, routes):  # type: ignore[no-untyped-def]
    """The nearest thing of the goal's kind that does not lie in its place, 0 when none is known."""
    best = 0
    best_length = 1e6
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or not fits_class(node, goal) or is_ruled_out(node, goal):
            continue
        if node[NodeColumn.PLACE] == goal[GoalField.PLACE]:
            continue
        if node[NodeColumn.STATE + _HELD_BIT] > 0.5:
            continue
        length = routes[slot, RouteColumn.LENGTH]  # UNREACHABLE, the most, where there is no way
        if slot == int(body[BodyColumn.INTENT]):
            length -= KEEP_BONUS
        if length < best_length:
            best_length = length
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def doorway_ahead(nodes, body):  # type: ignore[no-untyped-def]
    """The doorway in which a thing would stand that is put down before us, 0 for none."""
    spot_x = body[BodyColumn.X] + PUT_AHEAD * math.sin(body[BodyColumn.YAW])
    spot_z = body[BodyColumn.Z] + PUT_AHEAD * math.cos(body[BodyColumn.YAW])
    nearest = CLEAR_OF_DOOR
    door = 0
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if int(node[NodeColumn.KIND]) != _DOOR or node[NodeColumn.PLACED] < 0.5:
            continue
        away = math.hypot(node[NodeColumn.X] - spot_x, node[NodeColumn.Z] - spot_z)
        if away < nearest:
            nearest = away
            door = slot
    return door


@njit(cache=True, error_model="numpy")
def choose_thing(nodes, sounds, goal, body, routes):  # type: ignore[no-untyped-def]
    """The thing that the present step is about, as far as the belief has one in mind; else 0.

    Args:
        nodes, sounds, goal, body: of one NPC's belief.
        routes: its planned ways.
    """
    verb = int(goal[GoalField.VERB])
    if verb == _TIDY:
        return choose_stray(nodes, goal, body, routes)
    if verb == _READ:
        return choose_written(nodes, goal, body, routes)
    if goal[GoalField.SOUND] >= 0.0:
        return choose_sounding(nodes, sounds, goal, body, routes, False)
    return choose_look_alike(nodes, goal, body, routes, False, False)


@njit(cache=True, error_model="numpy")
def waits_for_mate(clock):  # type: ignore[no-untyped-def]
    """Whether now is a time to wait for a mate who carries something with us: all count alike.

    On two sides of a doorway each may take the other one for the one behind; nobody waits long.
    """
    return clock % WAIT_CYCLE < WAIT_SECONDS
