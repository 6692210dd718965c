"""What is true of a world, for judges, oracles and reports; no mind may see it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from envs import contract
from envs.contract import Act, Kind, Result, Say
from envs.tasks.judging import DoneAct
from envs.world.acts.reach import door_distance
from envs.world.layout import Layout
from envs.world.sight import footprint_distance
from envs.world.speech import loudness_between
from envs.world.state import DOOR_LOCKED, DOOR_OPEN, WorldState


class StateTruth:
    """``envs.tasks.judging.WorldTruth`` read from one world of a batch."""

    def __init__(self, state: WorldState, layout: Layout, world: int, npcs: int) -> None:
        self._state, self._layout, self._world = state, layout, world
        self._first_row = world * npcs

    def act_done(self, npc: int) -> DoneAct | None:
        """The act that an NPC completed in this decision."""
        row = self._first_row + npc
        act, slot, result, _ = self._state.last_act[row].tolist()
        if result != Result.DONE:
            return None
        thing = int(self._state.slot_thing[row, slot]) if slot else -1
        item = thing - self._layout.first_object
        if act in (Act.PUT, Act.DROP, Act.GIVE):
            item = int(self._state.last_held[row])
        is_item = 0 <= item < self._layout.object_count
        ids = self._layout.ids
        return DoneAct(
            act=Act(act),
            target=ids[thing] if thing >= 0 else None,
            item=ids[self._layout.first_object + item] if is_item else None,
        )

    def place_of_body(self, npc: int) -> str | None:
        """The place that an NPC's body is in."""
        return place_id_at(self._layout, *self._position(self._state.person[self._first_row + npc]))

    def distance(self, npc: int, thing: str) -> float:
        """Metres to the nearest point of a thing; infinite for places and topics."""
        here = self._position(self._state.person[self._first_row + npc])
        return distance_to(self._state, self._world, self._layout.index[thing], *here)

    def holders(self, item: str) -> Sequence[str]:
        """The people who hold an object."""
        item_index = self._index(item)
        state, world = self._state, self._world
        pair = (
            int(state.object_holder[world, item_index]),
            int(state.object_second_holder[world, item_index]),
        )
        return [self._layout.ids[self._layout.first_person + one] for one in pair if one >= 0]

    def lies_in(self, item: str) -> Sequence[str]:
        """The place, container and surface that an object lies in or on; none while it is held."""
        state, world, index = self._state, self._world, self._index(item)
        if state.object_holder[world, index] >= 0:
            return ()
        x, _, z = state.object_position[world, index].tolist()
        place = place_id_at(self._layout, x, z)
        carriers = (int(state.object_inside[world, index]), int(state.object_upon[world, index]))
        first, ids = self._layout.first_object, self._layout.ids
        found = [] if place is None else [place]
        return found + [ids[first + carrier] for carrier in carriers if carrier >= 0]

    def is_on(self, item: str) -> bool:
        """Whether an object is switched on."""
        return bool(self._state.object_on[self._world, self._index(item)])

    def is_open(self, thing: str) -> bool:
        """Whether a door or a container is open."""
        index = self._index(thing)
        if self._is_door(thing):
            return int(self._state.door_state[self._world, index]) == DOOR_OPEN
        return bool(self._state.object_open[self._world, index])

    def is_locked(self, thing: str) -> bool:
        """Whether a door or a container is locked."""
        index = self._index(thing)
        if self._is_door(thing):
            return int(self._state.door_state[self._world, index]) == DOOR_LOCKED
        return bool(self._state.object_locked[self._world, index])

    def was_told(self, listener: str, speaker: str, what: str, where: str | None) -> bool:
        """Whether somebody heard another tell or report that in this decision."""
        state, world, index = self._state, self._world, self._layout.index
        wanted = (self._index(speaker), index[what])
        for _, person, say, about, place, _ in state.spoken[
            world, : state.spoken_count[world]
        ].tolist():
            if say not in (Say.TELL, Say.REPORT) or (person, about) != wanted:
                continue
            if where is None or place == index[where]:
                return self._hears(self._index(listener), person)
        return False

    def _hears(self, listener: int, speaker: int) -> bool:
        state, world = self._state, self._world
        opaque = int(state.wall_count[world] + state.door_count[world])
        here, there = self._position(speaker), self._position(listener)
        return bool(loudness_between(state.boxes[world], opaque, *here, *there) > 0)

    def _position(self, person: int) -> tuple[float, float]:
        x, _, z = self._state.person_position[self._world, person].tolist()
        return x, z

    def _index(self, thing: str) -> int:
        """Index of a thing among its kind."""
        return int(self._state.thing_index[self._world, self._layout.index[thing]])

    def _is_door(self, thing: str) -> bool:
        number = self._layout.index[thing]
        return int(self._state.thing_kind[self._world, number]) == Kind.DOOR


def distance_to(state: WorldState, world: int, thing: int, x: float, z: float) -> float:
    """Metres from (x, z) to the nearest point of a thing; infinite for places and topics."""
    kind, index = state.thing_kind[world, thing], int(state.thing_index[world, thing])
    if kind == Kind.OBJECT:
        position = state.object_position[world, index]
        size, yaw = state.object_size[world, index], state.object_yaw[world, index]
        return float(footprint_distance(x, z, position, size, yaw))
    if kind == Kind.DOOR:
        position = state.door_position[world, index]
        along_x, width = state.door_along_x[world, index], state.door_width[world, index]
        return float(door_distance(x, z, position, along_x, width))
    if kind == Kind.NPC:
        other_x, _, other_z = state.person_position[world, index].tolist()
        return max(0.0, math.hypot(other_x - x, other_z - z) - contract.BODY_RADIUS)
    return math.inf


def straight_distance(state: WorldState, world: int, thing: int, x: float, z: float) -> float:
    """As `distance_to`, but with the distance to the floor of a place; infinite for topics."""
    if state.thing_kind[world, thing] != Kind.PLACE:
        return distance_to(state, world, thing, x, z)
    x0, z0, x1, z1 = state.place_rect[world, state.thing_index[world, thing]].tolist()
    return math.hypot(max(x0 - x, 0.0, x - x1), max(z0 - z, 0.0, z - z1))


def place_id_at(layout: Layout, x: float, z: float) -> str | None:
    """Id of the place at (x, z), None when there is none."""
    for place, (x0, z0, x1, z1) in enumerate(layout.place_rect):
        if x0 <= x < x1 and z0 <= z < z1:
            return layout.ids[place]
    return None
