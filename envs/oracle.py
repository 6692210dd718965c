"""The oracle: plays every task on the world's truth, as a ceiling for what a mind can reach.

It plans on the true floor with everything that stands on it, opens doors, asks the guide, tells its
mate, and commits as soon as the task's conditions hold. It still needs what the rules need: a slot
for what it names and a body within reach.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from envs import grid
from envs.contract import NO_OP, Act, Branch, Move, Say
from envs.goals import Step, Verb
from envs.jit import njit
from envs.tasks.episode import REACHED, NpcTask
from envs.tasks.true_map import BORDER, CLEARANCE, HEARING, INSIDE, REACH, WALL_CLEARANCE
from envs.world.rules import door_distance
from envs.world.sight import segment_hits_box, walls_between
from envs.world.speech import loudness_between
from envs.world.truth import distance_to

if TYPE_CHECKING:
    from envs.world.world import BatchWorld

ARM = REACHED - 0.1
"""It acts from within this distance, metres to the nearest point of a thing."""
HEARD = 0.16
"""Loudness at which it counts on being understood."""
ASK_AGAIN = 15
"""Decisions after which it asks again when no answer came."""
ASIDE = 0.8
"""It leaves doorways free for others when it stays in a place, metres from the edges."""
GIVE_WAY = 0.7
"""Somebody this near, metres between centres, is in the way."""
TURNS_LAST = 8
"""Decisions for which it is one NPC's turn to step back, then the other's."""
NO_SIZE = (0.0, 0.0)


@njit(cache=True, error_model="numpy")
def draw_floor(  # type: ignore[no-untyped-def]
    free, origin_x, origin_z, place_count, place_rect, door_count, door_position, door_along_x,
    door_width, door_state, object_count, object_position, object_size, object_yaw, object_holder,
    person_count, person_position, me, with_people,
):  # fmt: skip
    """Mark the cells that a body's centre can be in, in one world as it is now.

    Closed doors count as passable, locked ones do not.

    Args:
        free: ``(GX, GZ)`` bool, written.
        me: person that is not in its own way.
        with_people: False ignores everybody.
    """
    free[:, :] = False
    for place in range(place_count):
        rect = place_rect[place]
        grid.set_rectangle(
            free, rect[0] + WALL_CLEARANCE - origin_x, rect[1] + WALL_CLEARANCE - origin_z,
            rect[2] - WALL_CLEARANCE - origin_x, rect[3] - WALL_CLEARANCE - origin_z, True,
        )  # fmt: skip
    for door in range(door_count):
        if door_state[door] == 2:
            continue
        x = door_position[door, 0] - origin_x
        z = door_position[door, 1] - origin_z
        half = door_width[door] / 2 - CLEARANCE
        deep = WALL_CLEARANCE + grid.CELL
        if door_along_x[door]:
            grid.set_rectangle(free, x - half, z - deep, x + half, z + deep, True)
        else:
            grid.set_rectangle(free, x - deep, z - half, x + deep, z + half, True)
    for item in range(object_count):
        if object_holder[item] >= 0:
            continue
        x = object_position[item, 0] - origin_x
        z = object_position[item, 2] - origin_z
        turned = abs(math.sin(object_yaw[item])) > 0.5
        across = object_size[item, 2] if turned else object_size[item, 0]
        along = object_size[item, 0] if turned else object_size[item, 2]
        half = across / 2 + CLEARANCE
        deep = along / 2 + CLEARANCE
        grid.set_rectangle(free, x - half, z - deep, x + half, z + deep, False)
    if with_people:
        for person in range(person_count):
            if person != me:
                x = person_position[person, 0] - origin_x
                z = person_position[person, 2] - origin_z
                half = 0.22 + CLEARANCE
                grid.set_rectangle(free, x - half, z - half, x + half, z + half, False)


class Oracle:
    """Plays all rows of one batch of worlds; remembers only what it has said."""

    def __init__(self, world: BatchWorld) -> None:
        self._world = world
        self._spoke_at = np.full(world.num_rows, -1, np.int64)  # clock of the last question
        self._is_informed = np.zeros(world.num_rows, bool)  # answered, or has told its mate

    def act(self) -> NDArray[np.int32]:
        """Actions ``(R, 8)`` for the present state; call it once per decision, after observing."""
        state = self._world.state
        actions = np.tile(np.array(NO_OP, np.int32), (self._world.num_rows, 1))
        for row in range(self._world.num_rows):
            world = row // self._world.npcs_per_world
            if state.clock[world] == 0:
                self._spoke_at[row] = -1
                self._is_informed[row] = False
            if state.running[world] and state.done[row] == 0:
                body = Body(self._world, row)
                if not self._talks(body):
                    _do_task(body)
                actions[row] = body.action
        return actions

    def _talks(self, body: Body) -> bool:
        """Do what the task asks to be said first; False when nothing is left to say."""
        if self._is_informed[body.row]:
            return False
        first = body.task.goal.steps[0]
        if first.do == Verb.ASK:
            return self._asks(body, first)
        if first.do == Verb.TELL:
            return self._tells(body, first)
        return False

    def _asks(self, body: Body, step: Step) -> bool:
        state, world = body.state, body.world_index
        guide, topic = body.thing(step.who), body.thing(step.what)
        for number, speaker, say, about, _, _ in state.spoken[world, : state.spoken_count[world]]:
            if number and say == Say.TELL and about == topic and speaker == body.index(guide):
                self._is_informed[body.row] = True
                return False
        if body.loudness_to(guide) < HEARD or body.distance_to(guide) > HEARING:
            body.approach(guide, HEARING - grid.CELL)
        elif not body.slot(guide):
            body.face(guide)
        elif self._spoke_at[body.row] < 0 or body.clock - self._spoke_at[body.row] >= ASK_AGAIN:
            body.say(Say.ASK, topic, 0, guide)
            self._spoke_at[body.row] = body.clock
        return True

    def _tells(self, body: Body, step: Step) -> bool:
        mate = body.thing(step.who)
        if body.loudness_to(mate) < HEARD:
            body.approach(mate, 1.0)
            return True
        body.say(Say.TELL, body.thing(step.what), body.thing(step.where), mate)
        self._is_informed[body.row] = True
        return True


def _do_task(body: Body) -> None:
    """One decision towards the answer, and the commit when all is as it must be."""
    last, goal_place = body.task.goal.steps[-1], body.task.goal.place
    target = body.thing(body.task.goal.target)
    if last.do == Verb.ENTER:
        margin = ASIDE if body.episode.team else 0.0
        if body.is_inside(target, margin) and body.slot(target):
            body.do(Act.FINISH, target)
        else:
            body.enter(target, max(margin, INSIDE))
    elif last.do == Verb.REACH or (not body.holds(target) and not body.holds_anything):
        if not body.can_touch(target):
            body.approach(target, REACH)
        elif not body.slot(target):
            body.face(target)
        else:
            body.do(Act.FINISH if last.do == Verb.REACH else Act.TAKE, target)
    elif not body.holds(target):
        body.do(Act.DROP, target)
    else:
        goal = body.thing(goal_place or "")
        if not body.is_inside(goal) or body.last_act_failed(Act.PUT):
            body.enter(goal, ASIDE if body.last_act_failed(Act.PUT) else INSIDE)
        else:
            body.do(Act.PUT, goal)


class Body:
    """One row of the batch: where it is, and the action that it is about to take."""

    def __init__(self, world: BatchWorld, row: int) -> None:
        self.world, self.row, self.state = world, row, world.state
        self.world_index = row // world.npcs_per_world
        episode, layout = world.episodes[self.world_index], world.layouts[self.world_index]
        if episode is None or layout is None:
            raise ValueError("the oracle needs an episode in every running world: call reset first")
        self.episode, self.layout = episode, layout
        self.task: NpcTask = episode.npcs[row % world.npcs_per_world]
        self.me = int(self.state.person[row])
        self.x, _, self.z = self.state.person_position[self.world_index, self.me].tolist()
        self.yaw = float(self.state.person_yaw[self.world_index, self.me])
        self.place = int(self.state.place[row])
        self.clock = int(self.state.clock[self.world_index])
        self.action = np.array(NO_OP, np.int32)

    # -- what is so ------------------------------------------------------------------------------

    def thing(self, thing_id: str) -> int:
        """Thing number of an id."""
        return self.layout.index[thing_id]

    def index(self, thing: int) -> int:
        """Index of a thing among its kind."""
        return int(self.state.thing_index[self.world_index, thing])

    def slot(self, thing: int) -> int:
        """The NPC's slot of a thing, 0 when it does not know it yet."""
        return int(self.state.thing_slot[self.row, thing])

    def position(self, thing: int) -> tuple[float, float]:
        """Where an object or a person is."""
        first, w = self.layout.first_person, self.world_index
        if thing >= first:
            x, _, z = self.state.person_position[w, thing - first].tolist()
        else:
            x, _, z = self.state.object_position[w, thing - self.layout.first_object].tolist()
        return x, z

    @property
    def holds_anything(self) -> bool:
        """Whether its hand is full."""
        return int(self.state.person_held[self.world_index, self.me]) >= 0

    def is_inside(self, place: int, margin: float = 0.0) -> bool:
        """Whether it is in a place, this far from its edges."""
        x0, z0, x1, z1 = self.state.place_rect[self.world_index, place].tolist()
        in_x = x0 + margin <= self.x <= x1 - margin
        return self.place == place and in_x and z0 + margin <= self.z <= z1 - margin

    def holds(self, thing: int) -> bool:
        """Whether this object is in its hand."""
        held = int(self.state.person_held[self.world_index, self.me])
        return held >= 0 and held == thing - self.layout.first_object

    def distance_to(self, thing: int) -> float:
        """Metres to the nearest point of a thing."""
        return float(distance_to(self.state, self.world_index, thing, self.x, self.z))

    def last_act_failed(self, act: Act) -> bool:
        """Whether the last act was this one and failed."""
        last = self.state.last_act[self.row]
        return int(last[0]) == act and int(last[3]) != 0

    def can_touch(self, thing: int) -> bool:
        """Whether a thing is within arm's reach with no wall between."""
        if self.distance_to(thing) > ARM:
            return False
        w = self.world_index
        opaque = int(self.state.wall_count[w] + self.state.door_count[w])
        boxes = self.state.boxes[w]
        return walls_between(boxes, opaque, self.x, self.z, *self.position(thing), -1, 1) == 0

    def loudness_to(self, person: int) -> float:
        """How loud its voice is at somebody."""
        w = self.world_index
        opaque = int(self.state.wall_count[w] + self.state.door_count[w])
        here, there = (self.x, self.z), self.position(person)
        return float(loudness_between(self.state.boxes[w], opaque, *here, *there))

    # -- what to do ------------------------------------------------------------------------------

    def do(self, act: Act, target: int) -> None:
        """Act on a thing, standing."""
        self.action[Branch.ACT] = act
        self.action[Branch.TARGET] = self.slot(target)

    def say(self, say: Say, about: int, where: int, to: int) -> None:
        """Say something to somebody; a ``where`` of 0 is left out of a question."""
        self.action[Branch.SAY] = say
        self.action[Branch.ABOUT] = self.slot(about)
        self.action[Branch.WHERE] = self.slot(where) if say != Say.ASK else 0
        self.action[Branch.TARGET] = self.slot(to)

    def face(self, thing: int) -> None:
        """Turn on the spot towards a thing."""
        x, z = self.position(thing)
        bearing = math.atan2(x - self.x, z - self.z) - self.yaw
        self.action[Branch.TURN] = grid.steer(bearing, 0.0)[1]

    def enter(self, place: int, margin: float) -> None:
        """Walk into a place, this far from its edges."""
        x0, z0, x1, z1 = self.state.place_rect[self.world_index, place].tolist()
        area = (x0 + margin, z0 + margin, x1 - margin, z1 - margin)
        self._walk(area, 0.0, area)

    def approach(self, thing: int, radius: float) -> None:
        """Walk to within a radius of an object or a person, in the place where it is."""
        x, z = self.position(thing)
        w = self.world_index
        width, depth = NO_SIZE
        if thing < self.layout.first_person:
            item = thing - self.layout.first_object
            width, _, depth = self.state.object_size[w, item].tolist()
            if abs(math.sin(float(self.state.object_yaw[w, item]))) > 0.5:
                width, depth = depth, width
        area = (x - width / 2, z - depth / 2, x + width / 2, z + depth / 2)
        rects = self.state.place_rect[w, : self.layout.place_count]
        inside = (rects[:, :2] <= (x, z)).all(axis=1) & (rects[:, 2:] >= (x, z)).all(axis=1)
        box = rects[int(inside.argmax())].tolist() if inside.any() else area
        self._walk(area, radius, tuple(box))

    def _walk(
        self,
        area: tuple[float, float, float, float],
        radius: float,
        box: tuple[float, float, float, float],
    ) -> None:
        """Take a step towards the soonest cell within a radius of an area and inside a box."""
        found = self._waypoint(area, radius, box, with_people=True)
        if found is None:
            found = self._waypoint(area, radius, box, with_people=False)
        if found is None:
            return
        x, z = found
        move, turn = grid.steer(
            math.atan2(x - self.x, z - self.z) - self.yaw, math.hypot(x - self.x, z - self.z)
        )
        self.action[Branch.TURN] = turn
        if self._must_give_way():
            self.action[Branch.MOVE] = Move.BACK if self.clock % 2 else Move.STRAFE_RIGHT
            return
        door = self._door_before(x, z)
        if door is None:
            self.action[Branch.MOVE] = move
        elif self.slot(door):
            self.do(Act.OPEN, door)

    def _must_give_way(self) -> bool:
        """Whether somebody who comes the other way stops it, and it is its turn to step back."""
        others = np.delete(self.state.person_position[self.world_index], self.me, axis=0)
        others = others[: self.layout.person_count - 1]
        is_stopped = bool(self.state.bumped[self.row]) and len(others) > 0
        near = np.hypot(others[:, 0] - self.x, others[:, 2] - self.z) < GIVE_WAY
        npc = self.row % self.world.npcs_per_world
        return is_stopped and bool(near.any()) and self.clock // TURNS_LAST % 2 == npc % 2

    def _waypoint(
        self,
        area: tuple[float, float, float, float],
        radius: float,
        box: tuple[float, float, float, float],
        with_people: bool,
    ) -> tuple[float, float] | None:
        s, w = self.state, self.world_index
        rects = s.place_rect[w, : self.layout.place_count]
        ox, oz = (float(value) - BORDER for value in rects[:, :2].min(axis=0))
        width, depth = rects[:, 2:].max(axis=0) - (ox, oz) + BORDER
        shape = (math.ceil(width / grid.CELL), math.ceil(depth / grid.CELL))
        free = np.empty(shape, np.bool_)
        draw_floor(
            free, ox, oz, s.place_count[w], s.place_rect[w], s.door_count[w], s.door_position[w],
            s.door_along_x[w], s.door_width[w], s.door_state[w], s.object_count[w],
            s.object_position[w], s.object_size[w], s.object_yaw[w], s.object_holder[w],
            s.person_count[w], s.person_position[w], self.me, with_people,
        )  # fmt: skip
        dist, parent = np.empty(shape, np.int32), np.empty(shape, np.int32)
        x, z = self.x - ox, self.z - oz
        grid.distances(free, x, z, dist, parent, *grid.make_scratch(shape))
        cell = grid.cheapest_cell(
            dist, area[0] - ox, area[1] - oz, area[2] - ox, area[3] - oz, radius,
            box[0] - ox, box[1] - oz, box[2] - ox, box[3] - oz,
        )  # fmt: skip
        wx, wz, _, is_reachable = grid.waypoint(dist, parent, free, x, z, *cell)
        return (wx + ox, wz + oz) if is_reachable else None

    def _door_before(self, x: float, z: float) -> int | None:
        """The closed door within reach on the straight way to a point."""
        s, w = self.state, self.world_index
        for door in range(self.layout.door_count):
            if s.door_state[w, door] != 1:
                continue
            where, along_x = s.door_position[w, door], bool(s.door_along_x[w, door])
            width = float(s.door_width[w, door])
            near = door_distance(self.x, self.z, where, along_x, width) <= ARM
            if near and segment_hits_box(self.x, self.z, x, z, s.leaf_box[w, door]):
                return self.layout.first_door + door
        return None
