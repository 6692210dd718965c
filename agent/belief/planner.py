"""Ways over known ground: one Dijkstra per row, then a waypoint towards every known thing.

The planner sees what the belief knows and no more: floors of known places, doorways, things and
people as obstacles, doors that turned out locked, gates that were seen closed. It works on a window
of cells of 0.25 m that is anchored in the state. Closed doors can be passed (somebody will open
them), and so can barriers, by a jump; the first of each on the way is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import (
    ROUTE_SIZE,
    UNREACHABLE,
    BodyColumn,
    NodeColumn,
    RouteColumn,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.ground import (
    WINDOW_CELLS,
    draw_doorways,
    draw_objects,
    draw_people,
    draw_places,
)
from agent.belief.program import may_be_meant
from agent.belief.routes import relative_bearing as relative_bearing
from agent.belief.state import BeliefState
from agent.belief.ways_to_places import way_to_place
from agent.belief.ways_to_things import REACH as REACH
from agent.belief.ways_to_things import way_to_door, way_to_thing
from envs import grid
from envs.contract import SLOTS, Kind
from envs.jit import njit

CLEAR_OF_DOOR = 0.85
"""Who stays in a place, or puts things there, keeps so far from the middle of a doorway, metres."""
CLEAR_FOR_TWO = 1.5
"""The same for what two carry, since the other one and half of the thing come after."""

_FIND_TELL_GO, _LIFT = int(Verb.FIND_TELL_GO), int(Verb.LIFT)
_TIDY, _TAKE_PUT, _TELL = int(Verb.TIDY), int(Verb.TAKE_PUT), int(Verb.TELL)
_DOOR, _PLACE = int(Kind.DOOR), int(Kind.PLACE)


@dataclass
class Plan:
    """Ways to every slot, for R rows."""

    routes: NDArray[np.float32]
    """``(R, 64, ROUTE_SIZE)``, columns in ``RouteColumn``."""
    free: NDArray[np.bool_]
    """``(R, WINDOW_CELLS, WINDOW_CELLS)`` where in the window the body may stand."""


class Planner:
    """Plans for batches of beliefs of any size; owns the scratch memory and nothing else."""

    def __init__(self) -> None:
        shape = (WINDOW_CELLS, WINDOW_CELLS)
        self._plan = _blank_plan(0)
        self._distance = np.empty(shape, np.int32)
        self._parent = np.empty(shape, np.int32)
        self._doorway_of = np.empty(shape, np.int8)
        self._buckets, self._counts = grid.make_scratch(shape)

    def plan(self, state: BeliefState) -> Plan:
        """Ways to everything known; the arrays are valid until the next call."""
        if state.rows > len(self._plan.routes):
            self._plan = _blank_plan(state.rows)
        plan = Plan(self._plan.routes[: state.rows], self._plan.free[: state.rows])
        _plan_rows(
            state.nodes, state.places, state.doorways, state.goals, state.body,
            plan.routes, plan.free, self._distance, self._parent, self._doorway_of,
            self._buckets, self._counts,
        )  # fmt: skip
        return plan


def _blank_plan(rows: int) -> Plan:
    shape = (rows, WINDOW_CELLS, WINDOW_CELLS)
    return Plan(np.zeros((rows, SLOTS, ROUTE_SIZE), np.float32), np.zeros(shape, np.bool_))


@njit(cache=True, error_model="numpy", nogil=True)
def _plan_rows(nodes, places, doorways, goals, body, routes, free, distance, parent, doorway_of,  # type: ignore[no-untyped-def]
               buckets, counts):  # fmt: skip
    """All rows, one after the other."""
    for row in range(body.shape[0]):
        x = body[row, BodyColumn.THEN_X] - body[row, BodyColumn.ANCHOR_X]
        z = body[row, BodyColumn.THEN_Z] - body[row, BodyColumn.ANCHOR_Z]
        draw_places(places[row], body[row], free[row])
        carrier = 0
        if int(goals[row, GoalField.VERB]) == _LIFT and body[row, BodyColumn.HELD] > 0.0:
            carrier = int(goals[row, GoalField.PERSON])
        draw_people(nodes[row], body[row], carrier, free[row])
        draw_doorways(doorways[row], body[row], free[row], doorway_of)
        draw_objects(nodes[row], body[row], free[row])
        grid.distances(free[row], x, z, distance, parent, buckets, counts)
        _find_ways(nodes[row], places[row], doorways[row], body[row], goals[row], routes[row],
                   free[row], distance, parent, doorway_of)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _find_ways(nodes, places, doorways, body, goal, routes, free, distance, parent, doorway_of):  # type: ignore[no-untyped-def]
    """Where the way to each known thing ends, and what the way is like."""
    own_place = int(body[BodyColumn.PLACE])
    kept_clear, clear = _kept_clear(goal, own_place)
    for slot in range(1, SLOTS):
        route = routes[slot]
        route[:] = 0.0
        route[RouteColumn.LENGTH] = UNREACHABLE
        node = nodes[slot]
        if node[NodeColumn.KNOWN] < 0.5 or node[NodeColumn.PLACED] < 0.5:
            continue
        kind = int(node[NodeColumn.KIND])
        if slot == int(body[BodyColumn.HELD]):
            route[RouteColumn.REACHABLE] = 1.0
            route[RouteColumn.LENGTH] = 0.0
            continue
        if kind == _PLACE:
            way_to_place(places[slot], body, route, slot == own_place,
                         clear if slot == kept_clear else 0.0, free, distance,
                         parent, doorways, nodes, doorway_of)  # fmt: skip
        elif kind == _DOOR:
            way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes,
                        doorway_of)  # fmt: skip
        else:
            reads = goal[GoalField.SIGN] >= 0.0 and may_be_meant(slot, nodes, goal)
            way_to_thing(node, places, body, route, reads, free, distance, parent, doorways,
                         nodes, doorway_of)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _kept_clear(goal, own_place):  # type: ignore[no-untyped-def]
    """The place whose doorways are kept clear by who stays, or puts things, there; and how far."""
    verb = int(goal[GoalField.VERB])
    if verb == _FIND_TELL_GO:
        return int(goal[GoalField.ANSWER]), CLEAR_OF_DOOR
    if verb == _TELL and goal[GoalField.FINISH] > 0.0:
        return own_place, CLEAR_OF_DOOR
    if verb == _LIFT:
        return int(goal[GoalField.PLACE]), CLEAR_FOR_TWO
    if verb == _TIDY or (verb == _TAKE_PUT and goal[GoalField.REMAINING] > 0.0):
        return int(goal[GoalField.PLACE]), CLEAR_OF_DOOR
    return 0, 0.0
