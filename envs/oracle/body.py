"""One NPC of a batch of worlds as the oracle sees it: what is so, and the action it will take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from envs import grid
from envs.contract import NO_OP, Act, Branch, Kind, Move, Say
from envs.oracle.legs import Legs, Scratch
from envs.tasks.episode import REACHED, NpcTask
from envs.tasks.true_map import REACH
from envs.world.sight import walls_between
from envs.world.speech import loudness_between
from envs.world.truth import distance_to

if TYPE_CHECKING:
    from envs.world.world import BatchWorld

ARM = REACHED - 0.1
"""It acts from within this distance, metres to the nearest point of a thing."""
NEVER = -1000
"""A clock long before the start."""


class Body:
    """One row of the batch.

    Attributes:
        action: ``(8,)`` what it is about to do; made anew by `refresh`.
        spoke_at: clock of its last question.
        leads: whether it goes first of two who carry something, None while they do not.
        spun: turns it has made on the spot to find room for what it puts down.
        opening: doors that it is opening already, so that no key is sought behind its own door.
    """

    def __init__(self, world: BatchWorld, row: int, scratch: Scratch | None = None) -> None:
        self.world, self.row = world, row
        self.npc = row % world.npcs_per_world
        self.world_index = row // world.npcs_per_world
        episode, layout = world.episodes[self.world_index], world.layouts[self.world_index]
        if episode is None or layout is None:
            raise ValueError("the oracle needs an episode in every running world: call reset first")
        self.episode, self.layout = episode, layout
        self.task: NpcTask = episode.npcs[self.npc]
        self.me = int(world.state.person[row])
        self.spoke_at = NEVER
        self.leads: bool | None = None
        self.spun = 0
        self.opening: set[int] = set()
        self.legs = Legs(self, scratch or Scratch())
        self.refresh()

    def refresh(self) -> None:
        """Take in the present decision."""
        self.state = self.world.state  # a batch that grew has another one
        self.x, self.y, self.z = self.state.person_position[self.world_index, self.me].tolist()
        self.yaw = float(self.state.person_yaw[self.world_index, self.me])
        self.place = int(self.state.place[self.row])
        self.clock = int(self.state.clock[self.world_index])
        self.action = np.array(NO_OP, np.int32)

    # -- what is so ------------------------------------------------------------------------------

    def thing(self, thing_id: str) -> int:
        """Thing number of an id."""
        return self.layout.index[thing_id]

    def index(self, thing: int) -> int:
        """Index of a thing among its kind."""
        return int(self.state.thing_index[self.world_index, thing])

    def kind(self, thing: int) -> Kind:
        """What kind of thing it is."""
        return Kind(int(self.state.thing_kind[self.world_index, thing]))

    def slot(self, thing: int) -> int:
        """The NPC's slot of a thing, 0 when it does not know it yet."""
        return int(self.state.thing_slot[self.row, thing])

    def position(self, thing: int) -> tuple[float, float]:
        """Where a door, an object or a person is."""
        w, index, kind = self.world_index, self.index(thing), self.kind(thing)
        if kind == Kind.DOOR:
            x, z = self.state.door_position[w, index].tolist()
        elif kind == Kind.OBJECT:
            x, _, z = self.state.object_position[w, index].tolist()
        else:
            x, _, z = self.state.person_position[w, index].tolist()
        return x, z

    @property
    def held(self) -> int:
        """The thing in its hand, -1 when it is empty."""
        held = int(self.state.person_held[self.world_index, self.me])
        return self.layout.first_object + held if held >= 0 else -1

    def holds(self, thing: int) -> bool:
        """Whether this object is in its hand."""
        return self.held == thing

    def is_inside(self, place: int, margin: float = 0.0) -> bool:
        """Whether it is in a place, this far from its edges."""
        x0, z0, x1, z1 = self.state.place_rect[self.world_index, place].tolist()
        in_x = x0 + margin <= self.x <= x1 - margin
        return self.place == place and in_x and z0 + margin <= self.z <= z1 - margin

    def distance_to(self, thing: int) -> float:
        """Metres to the nearest point of a thing."""
        return float(distance_to(self.state, self.world_index, thing, self.x, self.z))

    def can_touch(self, thing: int) -> bool:
        """Whether a thing is within arm's reach with no wall between."""
        return self.distance_to(thing) <= ARM and self.is_clear_to(thing)

    def is_clear_to(self, thing: int) -> bool:
        """Whether no wall is between it and a thing."""
        s, w = self.state, self.world_index
        walls = int(s.wall_count[w])
        leaf = walls + self.index(thing) if self.kind(thing) == Kind.DOOR else -1
        opaque = walls + int(s.door_count[w])
        return (
            walls_between(s.boxes[w], opaque, self.x, self.z, *self.position(thing), leaf, 1) == 0
        )

    def last_act_failed(self, act: Act) -> bool:
        """Whether the last act was this one and failed."""
        last = self.state.last_act[self.row]
        return int(last[0]) == act and int(last[3]) != 0

    def loudness_to(self, person: int) -> float:
        """How loud its voice is at somebody."""
        w = self.world_index
        opaque = int(self.state.wall_count[w] + self.state.door_count[w])
        here, there = (self.x, self.z), self.position(person)
        return float(loudness_between(self.state.boxes[w], opaque, *here, *there))

    # -- what to do ------------------------------------------------------------------------------

    def do(self, act: Act, target: int) -> None:
        """Act on a thing, standing."""
        self.action[Branch.MOVE] = Move.STAY
        self.action[Branch.ACT] = act
        self.action[Branch.TARGET] = self.slot(target)

    def say(self, say: Say, about: int, where: int, to: int) -> None:
        """Say something to somebody; a question has no ``where``."""
        self.action[Branch.SAY] = say
        self.action[Branch.ABOUT] = self.slot(about)
        self.action[Branch.WHERE] = self.slot(where) if say != Say.ASK else 0
        self.action[Branch.TARGET] = self.slot(to)

    def face(self, thing: int) -> None:
        """Turn on the spot towards a thing."""
        self.action[Branch.TURN] = grid.steer(self.bearing(*self.position(thing)), 0.0)[1]

    def bearing(self, x: float, z: float) -> float:
        """Direction of a point relative to where the body faces, radians, to the right."""
        return math.atan2(x - self.x, z - self.z) - self.yaw

    def enter(self, place: int, margin: float, parks: bool = False) -> int | None:
        """Walk into a place, this far from its edges; returns the door that is in the way."""
        x0, z0, x1, z1 = self.state.place_rect[self.world_index, place].tolist()
        area = (x0 + margin, z0 + margin, x1 - margin, z1 - margin)
        return self.legs.go(area, 0.0, area, parks)

    def approach(self, thing: int, radius: float = REACH, parks: bool = False) -> int | None:
        """Walk to within a radius of a thing, in the place where it is; a door: in either place.

        Returns:
            The locked or powered door that is in the way.
        """
        x0, z0, x1, z1 = area = self._area(thing)
        rects = self.state.place_rect[self.world_index, : self.layout.place_count]
        x, z = (x0 + x1) / 2, (z0 + z1) / 2
        inside = (rects[:, :2] <= (x, z)).all(axis=1) & (rects[:, 2:] >= (x, z)).all(axis=1)
        around = np.flatnonzero(inside).tolist()
        if not around:
            return self.legs.go(area, radius, area, parks)
        chosen = self.place if self.place in around else around[0]
        return self.legs.go(area, radius, tuple(rects[chosen].tolist()), parks)

    def _area(self, thing: int) -> tuple[float, float, float, float]:
        """The floor that a thing takes."""
        x, z = self.position(thing)
        s, w, index, kind = self.state, self.world_index, self.index(thing), self.kind(thing)
        width = depth = 0.0
        if kind == Kind.OBJECT:
            width, _, depth = s.object_size[w, index].tolist()
            if abs(math.sin(float(s.object_yaw[w, index]))) > 0.5:
                width, depth = depth, width
        elif kind == Kind.DOOR:
            width = float(s.door_width[w, index])
            if not s.door_along_x[w, index]:
                width, depth = 0.0, width
        return x - width / 2, z - depth / 2, x + width / 2, z + depth / 2
