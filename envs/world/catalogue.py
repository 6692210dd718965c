"""The catalogue and the texts of one NPC: what its slots are called and what it heard."""

from __future__ import annotations

from envs.contract import CatalogueEntry, Doorway, Utterance, make_sentence
from envs.world.layout import Layout
from envs.world.speech import BRIEFING_ID
from envs.world.state import EVENT_ADD, EVENT_REMOVE, WorldState

_KIND_NAMES = ("object", "door", "npc", "place", "topic")
_OP_NAMES = {EVENT_ADD: "add", EVENT_REMOVE: "remove"}


def build_entries(
    state: WorldState, row: int, world: int, layout: Layout, first_sequence: int
) -> list[CatalogueEntry]:
    """Entries for the events of a row since the last call, which are then forgotten."""
    entries: list[CatalogueEntry] = []
    for op, slot, thing in state.event[row, : state.event_count[row]].tolist():
        sequence = first_sequence + len(entries)
        if op == EVENT_REMOVE:
            entries.append(CatalogueEntry(sequence, "remove", slot))
            continue
        polygon: tuple[tuple[float, float], ...] = ()
        doorways: tuple[Doorway, ...] = ()
        if thing < layout.place_count and state.place_known[row, thing]:
            x0, z0, x1, z1 = (float(value) for value in layout.place_rect[thing])
            polygon = ((x0, z0), (x1, z0), (x1, z1), (x0, z1))
            doorways = _doorways(state, row, layout, thing)
        kind = _KIND_NAMES[layout.kinds[thing]]
        entries.append(
            CatalogueEntry(
                sequence,
                "add" if op == EVENT_ADD else "change",
                slot,
                kind,
                layout.names[thing],
                layout.class_names[thing],
                polygon,
                doorways,
            )
        )
    state.event_count[row] = 0
    return entries


def _doorways(state: WorldState, row: int, layout: Layout, place: int) -> tuple[Doorway, ...]:
    """Doorways of a place; the place behind has a slot only when its floor is known as well."""
    found = []
    for door in range(layout.door_count):
        joined = [int(other) for other in layout.door_places[door]]
        if place not in joined:
            continue
        first, second = (
            int(state.thing_slot[row, other]) if state.place_known[row, other] else 0
            for other in joined
        )
        x, z = (float(value) for value in layout.door_position[door])
        slot = int(state.thing_slot[row, layout.first_door + door])
        found.append(Doorway((x, 0.0, z), float(layout.door_width[door]), (first, second), slot))
    return tuple(found)


def build_texts(
    heard: list[list[int]], briefings: tuple[str, ...], layout: Layout
) -> list[Utterance]:
    """Texts of what a row heard and read; ``heard`` is what ``speech.hear`` has kept."""
    texts = []
    for number, speaker, say, about, where, to_me in heard:
        if number < 0:
            line = -1 - number
            texts.append(Utterance(BRIEFING_ID + line, 0, True, briefings[line]))
            continue
        if say < 0:
            texts.append(Utterance(number, speaker, True, layout.object_texts[-1 - say][1]))
            continue
        text = say_message(layout, say, about, where)
        texts.append(Utterance(number, speaker, bool(to_me), text))
    return texts


def say_message(layout: Layout, say: int, about: int, where: int) -> str:
    """The sentence that is read and heard of a message about things, -1 for none."""
    named = [layout.names[thing] if thing >= 0 else "" for thing in (about, where)]
    return make_sentence(say, *named)
