"""What an NPC knows before it has perceived anything."""

from __future__ import annotations

from collections.abc import Sequence

from envs.tasks.episode import Episode
from envs.world.layout import Layout
from envs.world.load import npc_people
from envs.world.slots import give_slot, learn_place
from envs.world.state import WorldState


def give_common_knowledge(
    state: WorldState, row: int, world: int, layout: Layout, episode: Episode, named: Sequence[int]
) -> None:
    """Slots at the start: the map when it is known, things named in the goal, team mates.

    Args:
        state: changed in place.
        row: the NPC.
        world: its world.
        layout: of that world.
        episode: that is played there.
        named: thing numbers.
    """
    tables = (state.thing_slot, state.slot_thing, state.slot_order, state.slot_perceived,
              state.event_count, state.event)  # fmt: skip
    if episode.scene.map == "known":
        for place in range(layout.place_count):
            learn_place(
                row, place, 0, -1, layout.door_count, state.door_places[world],
                state.first_thing[world], state.thing_kind[world], state.goal_thing,
                state.place_known, *tables,
            )  # fmt: skip
    known = list(named)
    if episode.team:
        me = state.person[row]
        mates = [person for person in npc_people(episode.scene) if person != me]
        known += [layout.first_person + person for person in mates]
    for thing in known:
        give_slot(row, thing, 0, -1, state.thing_kind[world], state.goal_thing, *tables)
