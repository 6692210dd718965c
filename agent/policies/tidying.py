"""Tidying up: every thing of a kind into one place."""

from __future__ import annotations

from agent.belief.choices import choose_frontier
from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn
from agent.belief.fitting import fits_class, is_ruled_out
from agent.belief.goal_columns import GoalField
from agent.belief.program import may_hold_meant
from agent.policies.walking import explore, go_near, go_towards
from envs.contract import SLOTS, STATE_NAMES, Act, Branch
from envs.jit import njit

PUT_INSET = 0.4
"""Things are put down this far inside, metres."""
FINISH_INSET = 0.3
_TAKE, _PUT, _DROP, _FINISH = int(Act.TAKE), int(Act.PUT), int(Act.DROP), int(Act.FINISH)
_HELD_BIT = STATE_NAMES.index("held_by_other")


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
    if stray > 0:
        if go_near(stray, nodes, places, goal, body, routes, action):
            action[Branch.ACT] = _TAKE
        return
    frontier = choose_frontier(nodes, places, goal, body, routes, True)
    more = frontier > 0 and routes[frontier, RouteColumn.FRONTIER] > 0.0
    if held == 0 and more:
        explore(nodes, places, goal, body, routes, True, action)
    elif inside and inset >= (PUT_INSET if held > 0 else FINISH_INSET):
        action[Branch.ACT] = _PUT if held > 0 else _FINISH
        action[Branch.TARGET] = place
    elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
        go_towards(place, nodes, body, routes, action)
    else:
        explore(nodes, places, goal, body, routes, True, action)


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
        if node[NodeColumn.STATE + _HELD_BIT] > 0.5 or routes[slot, RouteColumn.REACHABLE] < 0.5:
            continue
        length = routes[slot, RouteColumn.LENGTH]
        if slot == int(body[BodyColumn.INTENT]):
            length -= 0.8
        if length < best_length:
            best_length = length
            best = slot
    return best
