"""Planning on the grid: distances against a plain Dijkstra, waypoints, steering."""

from __future__ import annotations

import heapq
import itertools
import math

import numpy as np
import pytest

from envs import grid
from envs.contract import TURN_DEGREES, Move
from envs.grid import CELL, UNREACHED

WALK, RUN = 0.14, 0.28


def two_rooms():
    """Two rooms of 4 x 4 m beside each other, joined by a gap of 0.5 m at z = 3."""
    free = np.zeros((40, 24), np.bool_)
    grid.set_rectangle(free, 0.75, 0.75, 4.5, 4.5, True)
    grid.set_rectangle(free, 5.0, 0.75, 9.0, 4.5, True)
    grid.set_rectangle(free, 4.0, 2.75, 5.5, 3.25, True)
    return free


def measured(free, x, z):
    dist, parent = np.empty(free.shape, np.int32), np.empty(free.shape, np.int32)
    grid.distances(free, x, z, dist, parent, *grid.make_scratch(free.shape))
    return dist, parent


def plain_dijkstra(free, sources):
    best = dict(sources)
    queue = [(length, cell) for cell, length in best.items()]
    heapq.heapify(queue)
    while queue:
        length, (i, k) = heapq.heappop(queue)
        if length > best[i, k]:
            continue
        for di in (-1, 0, 1):
            for dk in (-1, 0, 1):
                cell = (i + di, k + dk)
                inside = 0 < cell[0] < free.shape[0] - 1 and 0 < cell[1] < free.shape[1] - 1
                if not inside or not free[cell] or not (free[cell[0], k] and free[i, cell[1]]):
                    continue
                longer = length + (7 if di and dk else 5)
                if longer < best.get(cell, UNREACHED):
                    best[cell] = longer
                    heapq.heappush(queue, (longer, cell))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_distances_are_those_of_a_plain_dijkstra(seed):
    rng = np.random.default_rng(seed)
    free = rng.random((30, 26)) > 0.25
    x, z = rng.uniform(2.0, 5.0, 2)
    dist, _ = measured(free, x, z)
    near = {}
    for i in range(1, 29):
        for k in range(1, 25):
            metres = math.hypot((i + 0.5) * CELL - x, (k + 0.5) * CELL - z)
            if free[i, k] and max(abs(i - x // CELL), abs(k - z // CELL)) <= 2:
                units = int(metres / grid.UNIT + 0.5)
                if units < grid.BUCKETS:
                    near[i, k] = units
    expected = plain_dijkstra(free, near)
    assert {
        (i, k): dist[i, k] for i, k in zip(*np.nonzero(dist < UNREACHED), strict=True)
    } == expected


def test_path_goes_through_the_gap_and_its_length_is_what_is_walked():
    free = two_rooms()
    dist, parent = measured(free, 1.1, 1.1)
    goal = (int(8.0 / CELL), int(1.1 / CELL))
    x, z, length, reachable = grid.waypoint(dist, parent, free, 1.1, 1.1, *goal)
    assert reachable and 6.9 < length < 9.5
    assert math.hypot(x - 1.1, z - 1.1) <= grid.WAYPOINT_RANGE + CELL
    pulled = grid.pulled_length(parent, free, 1.1, 1.1, *goal)
    through_gap = math.hypot(4.75 - 1.1, 3 - 1.1) + math.hypot(8 - 4.75, 3 - 1.1)
    assert pulled <= length + 1e-6
    assert pulled == pytest.approx(through_gap, abs=0.4)


def test_waypoint_is_never_the_own_cell_but_at_the_goal():
    free = two_rooms()
    rng = np.random.default_rng(0)
    cells = np.argwhere(free)
    for _ in range(300):
        (i, k), goal = cells[rng.integers(len(cells))], cells[rng.integers(len(cells))]
        x, z = (i + rng.random()) * CELL, (k + rng.random()) * CELL
        dist, parent = measured(free, x, z)
        wx, wz, _, reachable = grid.waypoint(dist, parent, free, x, z, *goal)
        assert reachable
        own = (math.floor(wx / CELL), math.floor(wz / CELL)) == (i, k)
        assert not own or tuple(goal) == (i, k)


def test_start_in_a_blocked_cell_finds_the_way_out():
    free = two_rooms()
    dist, _ = measured(free, 0.55, 2.0)  # pressed against the wall
    assert dist[int(8.0 / CELL), int(2.0 / CELL)] < UNREACHED
    dist, _ = measured(free, 0.1, 2.0)  # deeper inside it
    assert dist[int(8.0 / CELL), int(2.0 / CELL)] < UNREACHED


def test_what_cannot_be_reached_says_so():
    free = two_rooms()
    grid.set_rectangle(free, 4.5, 0.0, 4.9, 6.0, False)
    dist, parent = measured(free, 1.1, 1.1)
    x, z, length, reachable = grid.waypoint(dist, parent, free, 1.1, 1.1, 32, 8)
    assert (x, z) == (1.1, 1.1) and math.isinf(length) and not reachable
    assert grid.waypoint(dist, parent, free, 1.1, 1.1, -1, -1)[3] is False
    nowhere, _ = measured(np.zeros((9, 9), np.bool_), 1.0, 1.0)
    assert (nowhere == UNREACHED).all()


def test_border_is_never_entered():
    free = np.ones((12, 12), np.bool_)
    dist, _ = measured(free, 1.5, 1.5)
    assert (dist[1:-1, 1:-1] < UNREACHED).all()
    for edge in (dist[0], dist[-1], dist[:, 0], dist[:, -1]):
        assert (edge == UNREACHED).all()


def test_nearest_free_and_cheapest_cell():
    free = two_rooms()
    assert grid.nearest_free(free, 4.75, 1.0, 4) in ((17, 3), (17, 4), (20, 3), (20, 4))
    assert grid.nearest_free(free, 4.75, 1.0, 0) == (-1, -1)
    dist, _ = measured(free, 1.1, 1.1)
    i, k = grid.cheapest_cell(dist, 8.0, 2.0, 8.4, 2.4, 1.0, 5.0, 0.0, 9.0, 5.0)
    x, z = (i + 0.5) * CELL, (k + 0.5) * CELL
    assert 6.9 <= x < 8.0 and math.hypot(8.0 - x, max(0, 2.0 - z, z - 2.4)) <= 1.0
    nothing = grid.cheapest_cell(dist, 8.0, 2.0, 8.4, 2.4, 1.0, 0.0, 0.0, 4.0, 5.0)
    assert nothing == (-1, -1)


@pytest.mark.parametrize("degrees", range(-180, 181, 3))
def test_steering_ends_at_the_waypoint(degrees):
    bearing = math.radians(degrees)
    target = (3.0 * math.sin(bearing), 3.0 * math.cos(bearing))
    x = z = yaw = 0.0
    turns = []
    for _ in range(60):
        distance = math.hypot(target[0] - x, target[1] - z)
        if distance < 0.2:
            break
        angle = math.atan2(target[0] - x, target[1] - z) - yaw
        move, turn = grid.steer(angle, distance)
        turns.append(TURN_DEGREES[turn])
        yaw += math.radians(TURN_DEGREES[turn])
        speed = {int(Move.STAY): 0.0, int(Move.WALK): WALK, int(Move.RUN): RUN}[move]
        x, z = x + speed * math.sin(yaw), z + speed * math.cos(yaw)
    else:
        pytest.fail("did not arrive")
    flips = sum(a * b < 0 for a, b in itertools.pairwise(turns))
    assert flips <= 2


def test_steering_does_not_circle_a_near_waypoint():
    move, turn = grid.steer(math.radians(35), 0.3)
    assert move == Move.STAY and TURN_DEGREES[turn] == 30.0
    assert grid.steer(math.radians(4), 0.3) == (int(Move.WALK), 2)
    assert grid.steer(math.radians(178), 2.0) == grid.steer(math.radians(-178), 2.0)
