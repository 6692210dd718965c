"""Where the way to a place ends, and where to turn to in it."""

from __future__ import annotations

import math

from agent.belief.columns import (
    LOOK_SAMPLES,
    BodyColumn,
    PlaceColumn,
    RouteColumn,
)
from agent.belief.ground import nearest_doorway
from agent.belief.routes import fill_route, relative_bearing
from agent.belief.seeing import sample_point
from envs import grid
from envs.jit import njit

PLACE_INSET = 0.35
"""Where the way to a place ends: so far inside its walls, metres."""
FACED_RANGE = 9.0
"""Unseen ground nearer than this is turned to, farther ground is walked to, metres."""
NEAR_CELLS = 4
"""Unseen ground is looked at from a cell this near to it."""
CLEAR_SLACK = 0.1
"""Having come to such a spot one may be so much nearer, metres."""
CLEAR_MORE = 0.3
"""One goes to a spot that is so much clearer, where there is one, metres."""


@njit(cache=True, error_model="numpy")
def way_to_place(place, body, route, inside, clear, free, distance, parent, doorways, nodes,  # type: ignore[no-untyped-def]
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
    fill_route(route, i, k, body, free, distance, parent, doorways, nodes, doorway_of)


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
    fill_route(route, best_i, best_k, body, free, distance, parent, doorways, nodes, doorway_of)
