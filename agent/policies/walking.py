"""Getting about: one decision's legs; doors are opened, barriers jumped, new ground explored."""

from __future__ import annotations

import math

from agent.belief.choices import choose_frontier
from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn
from agent.belief.planner import relative_bearing
from agent.policies.steering import STRAIGHT, face, travel
from envs.contract import Act, Branch, Look, Move
from envs.jit import njit

REACH = 1.4
"""Acts are tried from this near, metres; the rules allow 1.5."""
GLANCE_RANGE = 5.0
"""A thing of the own place nearer than this is looked at before one walks there, metres."""
GLANCE_SECONDS = 2.0
"""... unless it was in sight within so many seconds."""
GLANCE_ANGLE = math.radians(40.0)
LOOK_DOWN_RANGE = 1.2
JUMP_FROM = 0.85
"""A barrier is jumped from this near, metres of way,"""
JUMP_ANGLE = math.radians(25.0)
"""... by a body that heads within this angle of the waypoint behind it."""
IN_THE_AIR = 0.02
"""Feet higher than this, metres, go on in the direction of the jump."""
_DOWN = int(Look.DOWN)
_OPEN = int(Act.OPEN)
_JUMP, _RUN = int(Move.JUMP), int(Move.RUN)


@njit(cache=True, error_model="numpy")
def in_reach(node):  # type: ignore[no-untyped-def]
    """Whether a thing is in sight and near enough to act on."""
    return node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= REACH


@njit(cache=True, error_model="numpy")
def since(moment, clock):  # type: ignore[no-untyped-def]
    """Seconds since a moment; a long time for what never happened."""
    return clock - moment if moment >= 0.0 else 1e6


@njit(cache=True, error_model="numpy")
def go_towards(slot, nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """One step on the way to a slot; opens the closed door, or jumps the barrier, that is in it."""
    route = routes[slot]
    action[Branch.TARGET] = slot
    if body[BodyColumn.Y] > IN_THE_AIR:
        action[Branch.MOVE] = _RUN
        action[Branch.TURN] = STRAIGHT
        return
    action[Branch.MOVE], action[Branch.TURN] = travel(
        route[RouteColumn.BEARING], route[RouteColumn.DISTANCE], body
    )
    if jumps_now(route, body):
        action[Branch.MOVE] = _JUMP
    door = int(route[RouteColumn.DOOR])
    if door > 0 and in_reach(nodes[door]):
        action[Branch.ACT] = _OPEN
        action[Branch.TARGET] = door


@njit(cache=True, error_model="numpy")
def jumps_now(route, body):  # type: ignore[no-untyped-def]
    """Whether the barrier on a way is right ahead."""
    near = route[RouteColumn.JUMP] > 0.0 and route[RouteColumn.JUMP_LENGTH] <= JUMP_FROM
    ahead = abs(route[RouteColumn.BEARING]) <= JUMP_ANGLE
    return near and ahead and body[BodyColumn.Y] <= IN_THE_AIR


@njit(cache=True, error_model="numpy")
def explore(nodes, places, goal, body, routes, look_around, action):  # type: ignore[no-untyped-def]
    """Go where something new may be seen."""
    slot = choose_frontier(nodes, places, goal, body, routes, look_around)
    action[Branch.TARGET] = slot
    if slot == 0:
        action[Branch.TURN] = STRAIGHT + 2
        return
    here = slot == int(body[BodyColumn.PLACE])
    if here and routes[slot, RouteColumn.LENGTH] == 0.0:
        action[Branch.MOVE], action[Branch.TURN] = face(routes[slot, RouteColumn.BEARING], body)
    else:
        go_towards(slot, nodes, body, routes, action)


@njit(cache=True, error_model="numpy")
def go_near(slot, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Walk to a thing or person, or look for it; True once it is within reach."""
    if in_reach(nodes[slot]):
        action[Branch.TARGET] = slot
        return True
    if nodes[slot, NodeColumn.PLACED] > 0.5 and routes[slot, RouteColumn.REACHABLE] > 0.5:
        go_towards(slot, nodes, body, routes, action)
        if nodes[slot, NodeColumn.DISTANCE] < LOOK_DOWN_RANGE:
            action[Branch.LOOK] = _DOWN
    else:
        explore(nodes, places, goal, body, routes, True, action)
    return False


@njit(cache=True, error_model="numpy")
def look_first(node, body, action):  # type: ignore[no-untyped-def]
    """Turn to an undecided thing of the own place that is behind us, before walking there."""
    elsewhere = node[NodeColumn.PLACE] != body[BodyColumn.PLACE]
    lately = body[BodyColumn.CLOCK] - node[NodeColumn.LAST_SEEN] < GLANCE_SECONDS
    if elsewhere or lately or node[NodeColumn.DISTANCE] > GLANCE_RANGE:
        return False
    dx = node[NodeColumn.X] - body[BodyColumn.THEN_X]
    dz = node[NodeColumn.Z] - body[BodyColumn.THEN_Z]
    bearing = relative_bearing(dx, dz, body)
    if abs(bearing) < GLANCE_ANGLE:
        return False  # it should be in sight and is not
    action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)
    return True
