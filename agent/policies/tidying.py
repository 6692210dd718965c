"""Tidying up: every thing of a kind into one place."""

from __future__ import annotations

import math

from agent.belief.choices import choose_frontier, choose_stray, doorway_ahead
from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField
from agent.belief.planner import relative_bearing
from agent.belief.program import may_hold_meant
from agent.policies.steering import face
from agent.policies.walking import explore, go_near, go_towards
from envs.contract import Act, Branch
from envs.jit import njit

PUT_INSET = 0.34
"""Things are put down this far inside, metres: hardly less than where the way to a place ends."""
FINISH_INSET = 0.3
TURNED = math.radians(25.0)
"""Within this angle of straight away from a doorway one has turned away from it."""
_TAKE, _PUT, _DROP, _FINISH = int(Act.TAKE), int(Act.PUT), int(Act.DROP), int(Act.FINISH)


@njit(cache=True, error_model="numpy")
def tidy(nodes, places, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Carry the nearest thing that lies elsewhere; look for more; finish when there are none."""
    place = int(goal[GoalField.PLACE])
    held = int(body[BodyColumn.HELD])
    inside = place == int(body[BodyColumn.PLACE])
    inset = routes[place, RouteColumn.INSET]
    if held > 0 and not may_hold_meant(held, nodes, goal):
        action[Branch.ACT] = _DROP
        action[Branch.TARGET] = held
        return
    stray = 0 if held > 0 else choose_stray(nodes, goal, body, routes)
    if stray > 0 and routes[stray, RouteColumn.REACHABLE] < 0.5:
        explore(nodes, places, goal, body, routes, True, action)  # something is in the way
        return
    if stray > 0:
        if go_near(stray, nodes, places, goal, body, routes, action):
            action[Branch.ACT] = _TAKE
        return
    frontier = choose_frontier(nodes, places, goal, body, routes, True)
    more = frontier > 0 and routes[frontier, RouteColumn.FRONTIER] > 0.0
    if held == 0 and more:
        explore(nodes, places, goal, body, routes, True, action)
    elif held > 0 and inside and routes[place, RouteColumn.LENGTH] == 0.0 and (
            routes[place, RouteColumn.FRONTIER] > 0.0):  # fmt: skip
        explore(nodes, places, goal, body, routes, True, action)  # there may be another doorway
    elif inside and held > 0 and inset >= PUT_INSET:
        put_clear(place, nodes, body, action)
    elif inside and held == 0 and inset >= FINISH_INSET:
        action[Branch.ACT] = _FINISH
        action[Branch.TARGET] = place
    elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
        go_towards(place, nodes, body, routes, action)
    else:
        explore(nodes, places, goal, body, routes, True, action)


@njit(cache=True, error_model="numpy")
def put_clear(place, nodes, body, action):  # type: ignore[no-untyped-def]
    """Put what is held before us, having turned so that it does not stand in a doorway."""
    action[Branch.TARGET] = place
    door = doorway_ahead(nodes, body)
    if door > 0:
        back_x = body[BodyColumn.X] - nodes[door, NodeColumn.X]
        back_z = body[BodyColumn.Z] - nodes[door, NodeColumn.Z]
        bearing = relative_bearing(back_x, back_z, body)
        if abs(bearing) > TURNED:
            action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)
            return
    action[Branch.ACT] = _PUT
