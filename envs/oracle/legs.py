"""How the oracle walks: it follows a way over the true floor and plans anew only when it must."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from envs import grid
from envs.contract import Act, Branch, Move
from envs.oracle.floor import (
    ALL,
    NONE,
    draw_floor,
    find_path,
    mark_doorways,
    mark_passages,
    next_waypoint,
)
from envs.tasks.true_map import BORDER, CLEARANCE
from envs.world.acts.reach import door_distance
from envs.world.acts.things import PUT_DISTANCES
from envs.world.motion import BODY_RADIUS
from envs.world.sight import segment_hits_box
from envs.world.state import DOOR_CLOSED, DOOR_OPEN, KIND_BARRIER, KIND_DOOR

if TYPE_CHECKING:
    from envs.oracle.body import Body

Area = tuple[float, float, float, float]

PLAN_LASTS = 8
"""Decisions after which a way is planned anew, for whatever else has moved meanwhile."""
OPENS_FROM = 1.4
"""Doors on the way are opened from this near, metres."""
WIDE, CLOSE = BODY_RADIUS + CLEARANCE, 0.32
"""Berth given to others, and where that leaves no way, metres from their middle."""
STUCK = 5
"""Decisions without getting anywhere after which it tries another direction."""
GIVE_WAY = 0.8
"""Somebody this near, metres between centres, is in the way."""
TURNS_LAST = 8
"""Decisions for which it is some NPCs' turn to step back, then others'."""
TURNS = 6
"""Phases in which the bits of NPC numbers say who steps back: any two NPCs differ in one."""
RUN_UP, TAKE_OFF = 0.9, 0.5
"""A barrier is walked at straight from here and jumped from here, metres to its middle."""
WRIGGLES = (Move.STRAFE_LEFT, Move.BACK, Move.STRAFE_RIGHT)
STRAIGHT = math.radians(8.0)


class Scratch:
    """Arrays for planning, shared by all bodies of a batch whose grids have one shape."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[int, int], tuple[NDArray, ...]] = {}

    def of(self, shape: tuple[int, int]) -> tuple[NDArray, ...]:
        """``(dist, parent, buckets, counts)`` for a grid."""
        if shape not in self._arrays:
            cells = np.empty(shape, np.int32), np.empty(shape, np.int32)
            self._arrays[shape] = (*cells, *grid.make_scratch(shape))
        return self._arrays[shape]


class Legs:
    """Walks one body.

    Attributes:
        companion: person who comes along and is planned through, -1 none.
    """

    def __init__(self, body: Body, scratch: Scratch) -> None:
        self._body = body
        s, w = body.world.state, body.world_index
        rects = s.place_rect[w, : body.layout.place_count]
        low = rects[:, :2].min(axis=0) - BORDER
        self._origin = (float(low[0]), float(low[1]))
        width, depth = rects[:, 2:].max(axis=0) - low + BORDER
        shape = (math.ceil(width / grid.CELL), math.ceil(depth / grid.CELL))
        self._scratch = scratch.of(shape)
        self._free = np.empty(shape, np.bool_)
        self._doorways = np.empty(shape, np.bool_)
        self._passages = np.empty(shape, np.bool_)
        self._nowhere = np.zeros(shape, np.bool_)
        mark_doorways(
            self._doorways, *self._origin, s.door_count[w], s.door_position[w], s.door_along_x[w],
            s.door_width[w],
        )  # fmt: skip
        self._path = np.empty((sum(shape) * 8, 2), np.float32)
        self._count = 0
        self._request: tuple[Area, float, Area, bool] | None = None
        self._parks = False
        self.companion = -1
        self._planned_at = 0
        self._seen_at, self._seen_clock = (0.0, 0.0), 0
        self._doors = b""
        self._obstacle: int | None = None

    def may_stay(self) -> bool:
        """Whether the body stands where it is in nobody's way, or at the best spot there was."""
        body = self._body
        end = (self._path[0] + self._origin).tolist()
        if self._parks and self._count > 0 and math.dist(end, (body.x, body.z)) < grid.CELL:
            return True
        return self._is_clear(body.x, body.z)

    def is_clear_ahead(self) -> bool:
        """Whether what is put down before the body would be in nobody's way."""
        body = self._body
        x = body.x + PUT_DISTANCES[0] * math.sin(body.yaw)
        return self._is_clear(x, body.z + PUT_DISTANCES[0] * math.cos(body.yaw))

    def _is_clear(self, x: float, z: float) -> bool:
        """Whether something at a point would leave the floor in one piece and doorways free."""
        self._draw(WIDE, NONE)
        self._request = None  # what it was on its way to is planned anew
        mark_passages(self._free, self._passages)
        i = math.floor((x - self._origin[0]) / grid.CELL)
        k = math.floor((z - self._origin[1]) / grid.CELL)
        return not (self._doorways[i, k] or self._passages[i, k])

    def length_into(self, place: int, x: float, z: float) -> int:
        """Cells of the way from a point into a place, as if nobody were there."""
        area = tuple(self._body.state.place_rect[self._body.world_index, place].tolist())
        self._draw(0.0, NONE)
        count = self._find(area, 0.0, area, self._nowhere, (x, z))
        self._request = None  # the way it was on is overwritten
        return count

    def go(self, area: Area, radius: float, box: Area, parks: bool = False) -> int | None:
        """Take a step towards the soonest cell within a radius of an area and inside a box.

        Args:
            area: x0, z0, x1, z1.
            radius: metres around it; 0 for the cells in it.
            box: only cells in here count.
            parks: rather not end where others must pass.

        Returns:
            The thing number of a door without which there is no way and which hands alone do not
            open; no step is taken then.
        """
        body = self._body
        if body.y > 0.0 and not body.state.bumped[body.row]:  # over a barrier
            body.action[Branch.MOVE] = Move.RUN
            return None
        waypoint = self._next((area, radius, box, parks))
        if waypoint is None:
            return self._obstacle
        x, z = waypoint
        barrier = self._barrier_before(x, z)
        if barrier is not None:
            self._jump(barrier)
            return None
        move, turn = grid.steer(body.bearing(x, z), math.hypot(x - body.x, z - body.z))
        body.action[Branch.TURN] = turn
        if self._must_give_way():
            body.action[Branch.MOVE] = Move.BACK if body.clock % 2 else Move.STRAFE_RIGHT
            return None
        if self.is_stuck():
            body.action[Branch.MOVE] = WRIGGLES[(body.clock // TURNS_LAST + body.npc) % 3]
            return None
        door = self._door_before(x, z)
        if door is None:
            body.action[Branch.MOVE] = move
        elif body.slot(door):
            body.do(Act.OPEN, door)
        return None

    # -- planning --------------------------------------------------------------------------------

    def _next(self, request: tuple[Area, float, Area, bool]) -> tuple[float, float] | None:
        """Where to head now; None when there is no way, or none yet (`_obstacle` says why)."""
        body, s, w = self._body, self._body.state, self._body.world_index
        doors = s.door_state[w].tobytes()
        is_old = body.clock - self._planned_at >= PLAN_LASTS or bool(s.bumped[body.row])
        index = -1
        for is_fresh in (False, True):
            if is_fresh or is_old or request != self._request or doors != self._doors:
                self._plan(request)
                self._planned_at, self._doors, self._request = body.clock, doors, request
            if self._count == 0 or self._obstacle is not None:
                return None
            x, z = body.x - self._origin[0], body.z - self._origin[1]
            index = next_waypoint(self._free, self._path, self._count, x, z)
            if index >= 0:
                break
        wx, wz = self._path[max(index, 0)].tolist()
        return wx + self._origin[0], wz + self._origin[1]

    def _plan(self, request: tuple[Area, float, Area, bool]) -> None:
        """Find a way: around everybody, else close by or through them, else through what locks."""
        area, radius, box, parks = request
        self._parks, self._obstacle = parks, None
        one_door = [(0.0, door) for door in self._shut_doors()]
        for berth, opened in ((WIDE, NONE), (CLOSE, NONE), (0.0, NONE), *one_door, (0.0, ALL)):
            self._draw(berth, opened)
            ends = [self._nowhere]
            if parks:
                mark_passages(self._free, self._passages)
                ends = [self._doorways | self._passages, self._doorways, self._nowhere]
            for closed in ends:
                self._count = self._find(area, radius, box, closed, (self._body.x, self._body.z))
                if self._count:
                    if opened != NONE:
                        self._obstacle = self._first_shut_door()
                    return

    def _draw(self, berth: float, opened: int) -> None:
        s, w = self._body.state, self._body.world_index
        draw_floor(
            self._free, *self._origin, s.place_count[w], s.place_rect[w], s.door_count[w],
            s.door_position[w], s.door_along_x[w], s.door_width[w], s.door_state[w],
            s.door_kind[w], s.door_key[w], s.object_count[w], s.object_position[w],
            s.object_size[w], s.object_yaw[w], s.object_holder[w], s.object_inside[w],
            s.object_upon[w], s.person_count[w], s.person_position[w], self._body.me,
            self.companion, berth, opened,
        )  # fmt: skip

    def _find(
        self,
        area: Area,
        radius: float,
        box: Area,
        closed: NDArray[np.bool_],
        start: tuple[float, float],
    ) -> int:
        ox, oz = self._origin
        shift = np.array([ox, oz, ox, oz])
        goal = np.concatenate([np.array(area) - shift, [radius], np.array(box) - shift])
        x, z = start[0] - ox, start[1] - oz
        return int(find_path(self._free, closed, *self._scratch, x, z, goal, self._path))

    def _shut_doors(self) -> list[int]:
        """Doors that only a key or a button opens."""
        s, w, count = self._body.state, self._body.world_index, self._body.layout.door_count
        kinds, states = s.door_kind[w, :count], s.door_state[w, :count]
        by_hand = (states == DOOR_CLOSED) & (kinds == KIND_DOOR)
        return [int(door) for door in np.flatnonzero((states != DOOR_OPEN) & ~by_hand)]

    def _first_shut_door(self) -> int | None:
        """The first door on the way that only a key or a button opens."""
        leaves = self._body.state.leaf_box[self._body.world_index]
        shut = self._shut_doors()
        points = self._path[: self._count][::-1] + np.array(self._origin, np.float32)
        for here, there in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
            for door in shut:
                if segment_hits_box(*here, *there, leaves[door]):
                    return self._body.layout.first_door + door
        return None

    # -- what is on the way ----------------------------------------------------------------------

    def _door_before(self, x: float, z: float) -> int | None:
        """The closed door within reach on the straight way to a point."""
        body, s, w = self._body, self._body.state, self._body.world_index
        for door in np.flatnonzero(s.door_state[w, : body.layout.door_count] == DOOR_CLOSED):
            if s.door_kind[w, door] != KIND_DOOR:
                continue
            where, along_x = s.door_position[w, door], bool(s.door_along_x[w, door])
            width = float(s.door_width[w, door])
            near = door_distance(body.x, body.z, where, along_x, width) <= OPENS_FROM
            if near and segment_hits_box(body.x, body.z, x, z, s.leaf_box[w, door]):
                return body.layout.first_door + int(door)
        return None

    def _barrier_before(self, x: float, z: float) -> int | None:
        """The barrier that is near on the straight way to a point."""
        body, s, w = self._body, self._body.state, self._body.world_index
        for door in np.flatnonzero(s.door_kind[w, : body.layout.door_count] == KIND_BARRIER):
            here, there = self._across(int(door), body.x, body.z), self._across(int(door), x, z)
            half = float(s.door_width[w, door]) / 2
            crosses = here[0] * there[0] < 0 and abs(here[1]) < half and abs(there[1]) < half
            if crosses and abs(here[0]) < RUN_UP:
                return int(door)
        return None

    def _across(self, door: int, x: float, z: float) -> tuple[float, float]:
        """Where a point is seen from a doorway: metres through it, and along its wall."""
        s, w = self._body.state, self._body.world_index
        dx, dz = x - float(s.door_position[w, door, 0]), z - float(s.door_position[w, door, 1])
        return (dz, dx) if s.door_along_x[w, door] else (dx, dz)

    def _jump(self, door: int) -> None:
        """Walk straight at a barrier and jump over it."""
        body = self._body
        along_x = bool(body.state.door_along_x[body.world_index, door])
        through, _ = self._across(door, body.x, body.z)
        ahead = -math.copysign(1.0, through)
        x, z = (body.x, body.z + ahead) if along_x else (body.x + ahead, body.z)
        bearing = body.bearing(x, z)
        body.action[Branch.TURN] = grid.steer(bearing, 0.0)[1]
        if abs(math.atan2(math.sin(bearing), math.cos(bearing))) <= STRAIGHT:
            is_there = abs(through) <= TAKE_OFF
            body.action[Branch.MOVE] = Move.JUMP if is_there else Move.WALK

    def is_stuck(self) -> bool:
        """Whether it has been bumping into things for a while without getting anywhere."""
        body = self._body
        here = (body.x, body.z)
        if not body.state.bumped[body.row] or math.dist(here, self._seen_at) > grid.CELL:
            self._seen_at, self._seen_clock = here, body.clock
        stays = body.clock - self._seen_clock
        return stays > STUCK

    def _must_give_way(self) -> bool:
        """Whether somebody who comes the other way stops it, and it is its turn to step back."""
        body = self._body
        if not body.state.bumped[body.row]:
            return False
        phase = body.clock // TURNS_LAST % TURNS
        is_its_turn = bool(body.npc >> (phase % 3) & 1) != (phase >= 3)
        return is_its_turn and len(self._others_near()) > 0

    def make_room(self) -> None:
        """Step aside, while waiting, for a mate who bumps into it."""
        body = self._body
        if any(body.state.bumped[row] for row in self._others_near()):
            body.action[Branch.MOVE] = WRIGGLES[(body.clock // TURNS_LAST + body.npc) % 3]

    def _others_near(self) -> list[int]:
        """Rows of the mates who are so near that they may be in the way."""
        body, s, npcs = self._body, self._body.state, self._body.world.npcs_per_world
        first = body.row - body.npc
        mates = np.delete(np.arange(first, first + npcs), body.npc)
        where = s.person_position[body.world_index, s.person[mates]]
        gaps = np.hypot(where[:, 0] - body.x, where[:, 2] - body.z)
        return [int(row) for row in mates[gaps < GIVE_WAY]]
