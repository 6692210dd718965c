"""What is true of a world, for judges, oracles and reports; no mind may see it."""

from __future__ import annotations

import math

from envs import contract
from envs.contract import Act, Kind
from envs.tasks.episode import WorldTruth
from envs.world.layout import Layout
from envs.world.rules import door_distance
from envs.world.sight import footprint_distance
from envs.world.state import WorldState


def commit_truth(state: WorldState, layout: Layout, world: int, row: int) -> WorldTruth:
    """What is true after the commit that a row made in this step."""
    act, thing = (int(value) for value in state.commit[row])
    x, _, z = state.person_position[world, state.person[row]].tolist()
    item = thing - layout.first_object
    if act in (Act.PUT, Act.GIVE):
        item = int(state.last_held[row])
    is_item = 0 <= item < layout.object_count
    item_place = None
    if is_item and state.object_holder[world, item] < 0:
        item_x, _, item_z = state.object_position[world, item].tolist()
        item_place = place_id_at(layout, item_x, item_z)
    return WorldTruth(
        act=Act(act),
        target=layout.ids[thing],
        item=layout.ids[layout.first_object + item] if is_item else None,
        item_place=item_place,
        body_place=place_id_at(layout, x, z),
        distance=distance_to(state, world, thing, x, z),
    )


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


def place_id_at(layout: Layout, x: float, z: float) -> str | None:
    """Id of the place at (x, z), None when there is none."""
    for place, (x0, z0, x1, z1) in enumerate(layout.place_rect):
        if x0 <= x < x1 and z0 <= z < z1:
            return layout.ids[place]
    return None
