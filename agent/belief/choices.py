"""What to go for next, on belief alone: the thing that the goal means, or where to look for it."""

from __future__ import annotations

import math

from agent.belief.columns import (
    COLORS,
    UNREACHABLE,
    BodyColumn,
    GoalField,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
)
from agent.belief.hearing import NEAR_SOUND, doubt_of_node
from envs.contract import SLOTS, Kind
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
DOUBT_WEIGHT, MOST_DOUBT = 0.04, 3.0
"""What the doubt of a look from near adds to a thing's bearing error, and the most that counts."""
SOUND_KEEP = 0.08
"""The last intent is kept unless another matches better by this much."""
LAST_SEEN_TRUST = 6.0
"""People are looked for where they were seen within so many seconds."""
_OBJECT, _DOOR, _NPC, _PLACE = int(Kind.OBJECT), int(Kind.DOOR), int(Kind.NPC), int(Kind.PLACE)


@njit(cache=True, error_model="numpy")
def color_belief(node, color):  # type: ignore[no-untyped-def]
    """Share of the belief that a thing has this colour, 0 to 1."""
    total = 0.0
    for other in range(COLORS):
        total += math.exp(node[NodeColumn.COLOR_LOG + other])
    return math.exp(node[NodeColumn.COLOR_LOG + color]) / total


@njit(cache=True, error_model="numpy")
def fits_class(node, goal):  # type: ignore[no-untyped-def]
    """Whether a node is an object of the class that the goal names, if it names one."""
    if node[NodeColumn.KNOWN] < 0.5 or int(node[NodeColumn.KIND]) != _OBJECT:
        return False
    wanted = goal[GoalField.CLASS_WORD]
    return wanted == 0.0 or node[NodeColumn.CLASS_WORD] == wanted


@njit(cache=True, error_model="numpy")
def is_the_one(node, goal, guess):  # type: ignore[no-untyped-def]
    """Whether the belief has decided that this node has the goal's class and colour."""
    if not fits_class(node, goal):
        return False
    color = int(goal[GoalField.COLOR])
    if color < 0 or guess:
        return True
    return node[NodeColumn.COLOR_DECIDED] > 0.5 and color_belief(node, color) > 0.5


@njit(cache=True, error_model="numpy")
def choose_look_alike(nodes, goal, body, routes, guess, last_resort):  # type: ignore[no-untyped-def]
    """The thing of the goal's class and colour, or one whose colour is not decided; 0 if none.

    Args:
        guess: take the nearest of the class, whatever its colour (for a mind without colours).
        last_resort: when all are decided otherwise, the one that is least certainly not it.
    """
    color = int(goal[GoalField.COLOR])
    held = int(body[BodyColumn.HELD])
    last = int(body[BodyColumn.INTENT])
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
            cost = -color_belief(node, color) if color >= 0 else cost
        elif is_the_one(node, goal, guess):
            cost -= 1000.0
        elif node[NodeColumn.COLOR_DECIDED] > 0.5:
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
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or not fits_class(node, goal):
            continue
        if routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        if node[NodeColumn.REJECTED_UNTIL] > body[BodyColumn.CLOCK] and not last_resort:
            continue
        error = node[NodeColumn.SOUND_ERROR]
        if node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] < NEAR_SOUND:
            doubt = doubt_of_node(node, body, sounds[int(goal[GoalField.SOUND])])
            error += DOUBT_WEIGHT * min(MOST_DOUBT, doubt)
        if slot == last:
            error -= SOUND_KEEP
        if error < best_error:
            best_error = error
            best = slot
    return best


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
