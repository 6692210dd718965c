"""Carrying a heavy thing with a mate: find the place, then the thing, lift, and walk together."""

from __future__ import annotations

import math

from agent.belief.choices import waits_for_mate
from agent.belief.columns import BodyColumn, NodeColumn, PlaceColumn, RouteColumn
from agent.belief.goal_columns import GoalField
from agent.belief.seeing import place_at
from agent.policies.searching import seek
from agent.policies.steering import face
from agent.policies.walking import explore, go_towards
from envs.contract import Act, Branch
from envs.jit import njit

LIFT_FROM = 0.95
"""A heavy thing is taken from this near, metres: from farther away two would lose it at once."""
APART = 1.7
"""Whoever is ahead waits when the other one is farther off than this, metres."""
BESIDE = 0.75
"""Whoever follows comes this near, metres."""
BEHIND = 1.4
"""The other one is behind when its bearing is farther than this from that of the way, radians."""
_TAKE, _PUT = int(Act.TAKE), int(Act.PUT)


@njit(cache=True, error_model="numpy")
def carry_together(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """One decision of two who carry a thing to a place.

    Both look for the place before they lift anything, so that each of them knows the way.
    """
    held = int(body[BodyColumn.HELD])
    place = int(goal[GoalField.PLACE])
    known = place > 0 and places[place, PlaceColumn.SHAPED] > 0.5
    if held > 0:
        _walk_together(known, nodes, places, goal, body, routes, action)
    elif not known:
        explore(nodes, places, goal, body, routes, True, action)
    else:
        _take_hold(nodes, places, sounds, goal, body, routes, guess, action)


@njit(cache=True, error_model="numpy")
def _take_hold(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Go right up to the thing and take it; the other one takes it too."""
    slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
    if slot == 0:
        return
    if nodes[slot, NodeColumn.DISTANCE] > LIFT_FROM and routes[slot, RouteColumn.LENGTH] > 0.1:
        go_towards(slot, nodes, body, routes, action)
        return
    action[Branch.TARGET] = slot
    action[Branch.ACT] = _TAKE


@njit(cache=True, error_model="numpy")
def _walk_together(known, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Whoever is ahead leads and waits, the other one follows; it is put down inside the place."""
    place = int(goal[GoalField.PLACE])
    mate = int(goal[GoalField.PERSON])
    apart = nodes[mate, NodeColumn.DISTANCE]
    if place == int(body[BodyColumn.PLACE]) and _between(nodes[mate], places, body) == place:
        action[Branch.ACT] = _PUT
        action[Branch.TARGET] = place
        return
    route = routes[place]
    leads = known and route[RouteColumn.REACHABLE] > 0.5
    waits = apart > APART and waits_for_mate(body[BodyColumn.CLOCK])
    if leads and not (waits and _is_behind(route, routes[mate])):
        go_towards(place, nodes, body, routes, action)
    elif not leads and apart > BESIDE:
        go_towards(mate, nodes, body, routes, action)
    else:
        action[Branch.TARGET] = mate
        action[Branch.MOVE], action[Branch.TURN] = face(routes[mate, RouteColumn.BEARING], body)


@njit(cache=True, error_model="numpy")
def _between(mate, places, body):  # type: ignore[no-untyped-def]
    """The place in which a thing lies that is put down in the middle of two."""
    x = 0.5 * (mate[NodeColumn.X] + body[BodyColumn.X])
    z = 0.5 * (mate[NodeColumn.Z] + body[BodyColumn.Z])
    return place_at(places, x, z)


@njit(cache=True, error_model="numpy")
def _is_behind(route, to_mate):  # type: ignore[no-untyped-def]
    """Whether the other one is not ahead on the way."""
    off = abs(route[RouteColumn.BEARING] - to_mate[RouteColumn.BEARING])
    return min(off, math.tau - off) > BEHIND
