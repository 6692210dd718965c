"""Ways over known ground: one Dijkstra per row, then a waypoint towards every known thing.

The planner sees what the belief knows and no more: floors of known places, doorways, things and
people as obstacles, doors that turned out locked, gates that were seen closed. It works on a window
of cells of 0.25 m that is anchored in the state. Closed doors can be passed (somebody will open
them), and so can barriers, by a jump; the first of each on the way is reported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.body import WINDOW_METRES
from agent.belief.columns import (
    LOOK_SAMPLES,
    MAX_DOORWAYS,
    ROUTE_SIZE,
    UNREACHABLE,
    BodyColumn,
    DoorKind,
    DoorwayColumn,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.ground import (
    WINDOW_CELLS,
    draw_doorways,
    draw_objects,
    draw_people,
    draw_places,
    half_extents,
    nearest_doorway,
)
from agent.belief.program import may_be_meant
from agent.belief.seeing import place_at, sample_point
from agent.belief.state import BeliefState
from envs import grid
from envs.contract import SLOTS, STATE_NAMES, Kind
from envs.jit import njit

BEYOND_DOOR = 0.5
"""Where the way to a door ends: so far on its other side, metres."""
REACH = 1.4
"""Where the way to a thing ends: this near to its nearest point, metres."""
PLACE_INSET = 0.35
"""Where the way to a place ends: so far inside its walls, metres."""
READ_FROM = 1.3
"""Signs are read from so far in front of a thing, metres."""
FACED_RANGE = 9.0
"""Unseen ground nearer than this is turned to, farther ground is walked to, metres."""
NEAR_CELLS = 4
"""Unseen ground is looked at from a cell this near to it."""
CLEAR_OF_DOOR = 0.85
"""Who stays in a place, or puts things there, keeps so far from the middle of a doorway, metres."""
CLEAR_SLACK = 0.1
"""Having come to such a spot one may be so much nearer, metres."""
CLEAR_MORE = 0.3
"""One goes to a spot that is so much clearer, where there is one, metres."""
CLEAR_FOR_TWO = 1.5
"""The same for what two carry, since the other one and half of the thing come after."""

_UNVISITED_FIRST = 1 << 20
_CLOSED_BIT = STATE_NAMES.index("closed")
_LOCKED_BIT = STATE_NAMES.index("locked")
_FIND_TELL_GO, _LIFT = int(Verb.FIND_TELL_GO), int(Verb.LIFT)
_TIDY, _TAKE_PUT, _TELL = int(Verb.TIDY), int(Verb.TAKE_PUT), int(Verb.TELL)
_DOOR, _PLACE = int(Kind.DOOR), int(Kind.PLACE)
_OPENING, _BARRIER = int(DoorKind.OPENING), int(DoorKind.BARRIER)


@dataclass
class Plan:
    """Ways to every slot, for R rows."""

    routes: NDArray[np.float32]
    """``(R, 64, ROUTE_SIZE)``, columns in ``RouteColumn``."""
    free: NDArray[np.bool_]
    """``(R, WINDOW_CELLS, WINDOW_CELLS)`` where in the window the body may stand."""


class Planner:
    """Plans for batches of beliefs; owns the scratch memory and nothing else."""

    def __init__(self, rows: int) -> None:
        """Make a planner for ``rows`` NPCs."""
        shape = (WINDOW_CELLS, WINDOW_CELLS)
        self._plan = Plan(
            np.zeros((rows, SLOTS, ROUTE_SIZE), np.float32), np.zeros((rows, *shape), np.bool_)
        )
        self._distance = np.empty(shape, np.int32)
        self._parent = np.empty(shape, np.int32)
        self._doorway_of = np.empty(shape, np.int8)
        self._buckets, self._counts = grid.make_scratch(shape)

    def plan(self, state: BeliefState) -> Plan:
        """Ways to everything known; the arrays are valid until the next call."""
        _plan_rows(
            state.nodes, state.places, state.doorways, state.goals, state.body,
            self._plan.routes, self._plan.free, self._distance, self._parent, self._doorway_of,
            self._buckets, self._counts,
        )  # fmt: skip
        return self._plan


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
            _way_to_place(places[slot], body, route, slot == own_place,
                          clear if slot == kept_clear else 0.0, free, distance,
                          parent, doorways, nodes, doorway_of)  # fmt: skip
        elif kind == _DOOR:
            _way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes,
                         doorway_of)  # fmt: skip
        else:
            reads = goal[GoalField.SIGN] >= 0.0 and may_be_meant(slot, nodes, goal)
            _way_to_thing(node, places, body, route, reads, free, distance, parent, doorways,
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


@njit(cache=True, error_model="numpy")
def _way_to_place(place, body, route, inside, clear, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
                  doorway_of):  # fmt: skip
    """To the nearest point well inside; from inside, to face what has not been looked at."""
    if place[PlaceColumn.SHAPED] < 0.5:
        return
    unseen = 0
    for sample in range(LOOK_SAMPLES):
        if place[PlaceColumn.SEEN + sample] < 0.5:
            unseen += 1
    route[RouteColumn.FRONTIER] = unseen / LOOK_SAMPLES
    x = body[BodyColumn.THEN_X]
    z = body[BodyColumn.THEN_Z]
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    x0 = place[PlaceColumn.X0] - ax + PLACE_INSET
    z0 = place[PlaceColumn.Z0] - az + PLACE_INSET
    x1 = place[PlaceColumn.X1] - ax - PLACE_INSET
    z1 = place[PlaceColumn.Z1] - az - PLACE_INSET
    i = -1
    k = -1
    if clear > 0.0 and (not inside or nearest_doorway(doorways, x, z) < clear - CLEAR_SLACK):
        for wanted in (clear + CLEAR_MORE, clear):
            i, k = _cheapest_clear_cell(x0, z0, x1, z1, wanted, ax, az, doorways, distance)
            if i >= 0:
                break
        inside = inside and i < 0  # where no spot is clear, any will do
    inset = min(min(x - place[PlaceColumn.X0], place[PlaceColumn.X1] - x),
                min(z - place[PlaceColumn.Z0], place[PlaceColumn.Z1] - z))  # fmt: skip
    route[RouteColumn.INSET] = max(0.0, inset) if inside else 0.0
    if inside and inset >= PLACE_INSET:
        route[RouteColumn.REACHABLE] = 1.0
        route[RouteColumn.LENGTH] = 0.0
        if unseen > 0 and not _face_unseen(place, body, route):
            _go_to_unseen(place, body, route, free, distance, parent, doorways, nodes, doorway_of)
        return
    if i < 0:
        i, k = grid.cheapest_cell(distance, x0, z0, x1, z1, 0.0, x0, z0, x1, z1)
    _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)


@njit(cache=True, error_model="numpy")
def _cheapest_clear_cell(x0, z0, x1, z1, clear, ax, az, doorways, distance):  # type: ignore[no-untyped-def]
    """The cell of a rectangle soonest walked to that is clear of doorways; -1, -1 for none."""
    best = grid.UNREACHED
    best_i = -1
    best_k = -1
    for i in range(
        max(1, int(x0 / grid.CELL)), min(distance.shape[0] - 2, int(x1 / grid.CELL) + 1)
    ):
        for k in range(
            max(1, int(z0 / grid.CELL)), min(distance.shape[1] - 2, int(z1 / grid.CELL) + 1)
        ):
            x = (i + 0.5) * grid.CELL
            z = (k + 0.5) * grid.CELL
            if distance[i, k] >= best or x < x0 or x > x1 or z < z0 or z > z1:
                continue
            if nearest_doorway(doorways, x + ax, z + az) >= clear + 0.05:
                best = distance[i, k]
                best_i = i
                best_k = k
    return best_i, best_k


@njit(cache=True, error_model="numpy")
def _face_unseen(place, body, route):  # type: ignore[no-untyped-def]
    """Bearing of the unseen sample point that needs the smallest turn; False if all are far off."""
    best = 10.0
    for sample in range(LOOK_SAMPLES):
        if place[PlaceColumn.SEEN + sample] > 0.5:
            continue
        x, z = sample_point(place, sample)
        dx = x - body[BodyColumn.THEN_X]
        dz = z - body[BodyColumn.THEN_Z]
        bearing = relative_bearing(dx, dz, body)
        if abs(bearing) < abs(best) and math.hypot(dx, dz) < FACED_RANGE:
            best = bearing
            route[RouteColumn.BEARING] = bearing
            route[RouteColumn.DISTANCE] = math.hypot(dx, dz)
    return best < 10.0


@njit(cache=True, error_model="numpy")
def _go_to_unseen(place, body, route, free, distance, parent, doorways, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """In a long place: the way to the nearest sample point that is too far off to be seen."""
    best = grid.UNREACHED
    best_i = -1
    best_k = -1
    for sample in range(LOOK_SAMPLES):
        if place[PlaceColumn.SEEN + sample] > 0.5:
            continue
        x, z = sample_point(place, sample)
        i, k = grid.nearest_free(
            free, x - body[BodyColumn.ANCHOR_X], z - body[BodyColumn.ANCHOR_Z], NEAR_CELLS
        )
        if i >= 0 and distance[i, k] < best:
            best = distance[i, k]
            best_i = i
            best_k = k
    if best_i < 0:
        route[RouteColumn.FRONTIER] = 0.0  # nobody can get there
        return
    _fill_route(route, best_i, best_k, body, free, distance, parent, doorways, nodes, doorway_of)


@njit(cache=True, error_model="numpy")
def _way_to_door(slot, places, doorways, body, route, free, distance, parent, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """To a cell beyond the door: on the side not visited yet, else on the side further off."""
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5 or int(doorway[DoorwayColumn.DOOR]) != slot:
            continue
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        best_i = -1
        best_k = -1
        best = -1
        frontier = False
        for side in (-1.0, 1.0):
            x = doorway[DoorwayColumn.X] + (0.0 if along_x else side * BEYOND_DOOR)
            z = doorway[DoorwayColumn.Z] + (side * BEYOND_DOOR if along_x else 0.0)
            place = place_at(places, x, z)
            unvisited = place == 0 or places[place, PlaceColumn.VISITED] < 0.5
            frontier = frontier or unvisited
            i, k = grid.nearest_free(free, x - ax, z - az, 1)
            if i < 0 or distance[i, k] >= grid.UNREACHED:
                continue
            if along_x:
                beyond = ((k + 0.5) * grid.CELL + az - doorway[DoorwayColumn.Z]) * side
            else:
                beyond = ((i + 0.5) * grid.CELL + ax - doorway[DoorwayColumn.X]) * side
            if beyond < 0.5 * BEYOND_DOOR:
                continue
            cost = distance[i, k]
            if unvisited:
                cost += _UNVISITED_FIRST
            if cost > best:
                best = cost
                best_i = i
                best_k = k
        if doorway[DoorwayColumn.BLOCKED_UNTIL] > body[BodyColumn.CLOCK]:
            _way_to_blocked(doorway, nodes[slot], body, route, free, distance, parent, doorways,
                            nodes, doorway_of)  # fmt: skip
            return
        route[RouteColumn.FRONTIER] = 1.0 if frontier else 0.0
        if frontier and best < _UNVISITED_FIRST:
            return  # what is behind it cannot be reached
        _fill_route(route, best_i, best_k, body, free, distance, parent, doorways, nodes,
                    doorway_of)  # fmt: skip
        return


@njit(cache=True, error_model="numpy")
def _way_to_blocked(doorway, node, body, route, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
                    doorway_of):  # fmt: skip
    """To the side of a locked door, or of a closed gate, from which it can be reached."""
    x = doorway[DoorwayColumn.X] - body[BodyColumn.ANCHOR_X]
    z = doorway[DoorwayColumn.Z] - body[BodyColumn.ANCHOR_Z]
    far = WINDOW_METRES
    for radius in (0.7, 1.0, REACH):
        i, k = grid.cheapest_cell(distance, x, z, x, z, radius, 0.0, 0.0, far, far)
        if i >= 0:
            break
    if i < 0 or node[NodeColumn.LOCKED] < 0.5:
        return
    _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
    _face_when_there(node, body, route)


@njit(cache=True, error_model="numpy")
def _way_to_thing(node, places, body, route, reads, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
                  doorway_of):  # fmt: skip
    """To the nearest cell from which it is within reach, on its own side of the wall.

    Where its sign is to be read, the way ends before its front.
    """
    ax = body[BodyColumn.ANCHOR_X]
    az = body[BodyColumn.ANCHOR_Z]
    x = node[NodeColumn.X] - ax
    z = node[NodeColumn.Z] - az
    slot = int(node[NodeColumn.PLACE])
    i = -1
    k = -1
    if slot > 0 and places[slot, PlaceColumn.SHAPED] > 0.5:
        place = places[slot]
        half_x, half_z = half_extents(node)
        if reads and node[NodeColumn.SIGN_DECIDED] < 0.5:
            i, k = grid.nearest_free(
                free, x + READ_FROM * node[NodeColumn.SIN_HEADING],
                z + READ_FROM * node[NodeColumn.COS_HEADING], 2)  # fmt: skip
            if i >= 0 and distance[i, k] < grid.UNREACHED:
                _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
                _face_when_there(node, body, route)
                return
            i = -1
            k = -1
        # The way ends right at the thing: acts are possible on the way, as soon as it is near.
        for radius in (0.5, 0.8, 1.2, REACH):
            i, k = grid.cheapest_cell(
                distance, x - half_x, z - half_z, x + half_x, z + half_z, radius,
                place[PlaceColumn.X0] - ax, place[PlaceColumn.Z0] - az,
                place[PlaceColumn.X1] - ax, place[PlaceColumn.Z1] - az)  # fmt: skip
            if i >= 0:
                break
    else:
        i, k = _cell_towards_unknown(x, z, ax, az, places, doorways, free, distance)
    _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)
    _face_when_there(node, body, route)


@njit(cache=True, error_model="numpy")
def _face_when_there(node, body, route):  # type: ignore[no-untyped-def]
    """At the end of the way one turns to the thing itself."""
    if route[RouteColumn.REACHABLE] > 0.5 and route[RouteColumn.LENGTH] < 0.5:
        dx = node[NodeColumn.X] - body[BodyColumn.THEN_X]
        dz = node[NodeColumn.Z] - body[BodyColumn.THEN_Z]
        route[RouteColumn.BEARING] = relative_bearing(dx, dz, body)
        route[RouteColumn.DISTANCE] = math.hypot(dx, dz)


@njit(cache=True, error_model="numpy")
def _cell_towards_unknown(x, z, ax, az, places, doorways, free, distance):  # type: ignore[no-untyped-def]
    """A thing on unknown ground was seen through a doorway: the cell behind the likeliest one."""
    best = 1e9
    best_i = -1
    best_k = -1
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        if doorway[DoorwayColumn.USED] < 0.5:
            continue
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        for side in (-1.0, 1.0):
            beyond_x = doorway[DoorwayColumn.X] + (0.0 if along_x else side * BEYOND_DOOR)
            beyond_z = doorway[DoorwayColumn.Z] + (side * BEYOND_DOOR if along_x else 0.0)
            if place_at(places, beyond_x, beyond_z) > 0:
                continue
            i, k = grid.nearest_free(free, beyond_x - ax, beyond_z - az, 1)
            if i < 0 or distance[i, k] >= grid.UNREACHED:
                continue
            onward = math.hypot(x + ax - beyond_x, z + az - beyond_z)
            cost = distance[i, k] * grid.UNIT + onward
            if cost < best:
                best = cost
                best_i = i
                best_k = k
    return best_i, best_k


@njit(cache=True, error_model="numpy")
def relative_bearing(dx, dz, body):  # type: ignore[no-untyped-def]
    """Bearing of an offset in the world relative to the body's heading, radians."""
    sin_yaw = math.sin(body[BodyColumn.THEN_YAW])
    cos_yaw = math.cos(body[BodyColumn.THEN_YAW])
    return math.atan2(dx * cos_yaw - dz * sin_yaw, dx * sin_yaw + dz * cos_yaw)


@njit(cache=True, error_model="numpy")
def _fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of):  # type: ignore[no-untyped-def]
    """Length, waypoint and first closed door of the way to a cell."""
    x = body[BodyColumn.THEN_X] - body[BodyColumn.ANCHOR_X]
    z = body[BodyColumn.THEN_Z] - body[BodyColumn.ANCHOR_Z]
    wx, wz, length, reachable = grid.waypoint(distance, parent, free, x, z, i, k)
    if not reachable:
        return
    route[RouteColumn.REACHABLE] = 1.0
    route[RouteColumn.LENGTH] = length
    route[RouteColumn.BEARING] = relative_bearing(wx - x, wz - z, body)
    route[RouteColumn.DISTANCE] = math.hypot(wx - x, wz - z)
    depth = free.shape[1]
    cell = i * depth + k
    while cell >= 0:
        ci = cell // depth
        ck = cell - ci * depth
        d = doorway_of[ci, ck]
        if d >= 0:
            door = int(doorways[d, DoorwayColumn.DOOR])
            kind = int(nodes[door, NodeColumn.DOOR_KIND])
            if door > 0 and kind == _BARRIER:
                route[RouteColumn.JUMP] = door
                route[RouteColumn.JUMP_LENGTH] = distance[ci, ck] * grid.UNIT
            elif door > 0 and kind != _OPENING:
                shut = (nodes[door, NodeColumn.STATE + _CLOSED_BIT] > 0.5
                        or nodes[door, NodeColumn.STATE + _LOCKED_BIT] > 0.5)  # fmt: skip
                if shut:
                    route[RouteColumn.DOOR] = door
                    route[RouteColumn.DOOR_LENGTH] = distance[ci, ck] * grid.UNIT
        cell = parent[ci, ck]
