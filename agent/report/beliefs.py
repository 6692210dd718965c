"""One NPC's belief arrays as a record: names in the place of slots, decided things only."""

from __future__ import annotations

import math

from agent.belief.columns import (
    COLORS,
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PlaceColumn,
    Relation,
)
from agent.belief.state import ARRAY_SHAPES, BeliefState
from agent.dialogue.lexicon import COLORS as COLOR_NAMES
from agent.report.record import (
    BeliefRecord,
    DoorwayBelief,
    FactBelief,
    PlaceBelief,
    ThingBelief,
)
from envs.contract import KIND_NAMES, SLOTS, STATE_NAMES, Kind

_DOOR_STATES = ("open", "closed", "locked")
_RELATIONS = {Relation.IN: "is in", Relation.KNOWS: "knows where it is:"}


def copy_row(belief: BeliefState, row: int) -> BeliefState:
    """One NPC's belief as it is now, alone."""
    arrays = {name: getattr(belief, name)[row : row + 1].copy() for name in ARRAY_SHAPES}
    return BeliefState(**arrays, memory=[belief.memory[row]])


def name_of(belief: BeliefState, row: int, slot: int) -> str:
    """What the NPC calls a slot, with its colour where it has decided on one; "" for none."""
    named = belief.memory[row].names.get(slot)
    if named is None:
        return ""
    name = named.name or f"the {named.class_name or named.kind}"
    color = color_of(belief, row, slot)
    if not color:
        return name
    article, space, rest = name.partition(" ")
    return f"{article} {color} {rest}" if space and article == "the" else f"{color} {name}"


def color_of(belief: BeliefState, row: int, slot: int) -> str:
    """The colour that the NPC has decided that a thing has, "" when it has not."""
    node = belief.nodes[row, slot]
    if node[NodeColumn.COLOR_DECIDED] < 0.5 or int(node[NodeColumn.KIND]) != Kind.OBJECT:
        return ""
    first = int(NodeColumn.COLOR_LOG)
    return COLOR_NAMES[int(node[first : first + COLORS].argmax())]


def record_belief(belief: BeliefState, row: int = 0) -> BeliefRecord:
    """What an NPC believes, as plain data."""
    nodes = belief.nodes[row]
    slots = [slot for slot in range(1, SLOTS) if nodes[slot, NodeColumn.KNOWN] > 0.5]
    kinds = {slot: int(nodes[slot, NodeColumn.KIND]) for slot in slots}
    return BeliefRecord(
        places=tuple(_place(belief, row, slot) for slot in slots if kinds[slot] == Kind.PLACE),
        doorways=_doorways(belief, row),
        things=tuple(
            _thing(belief, row, slot)
            for slot in slots
            if kinds[slot] in (Kind.OBJECT, Kind.NPC, Kind.TOPIC)
        ),
        facts=_facts(belief, row),
    )


def _place(belief: BeliefState, row: int, slot: int) -> PlaceBelief:
    place = belief.places[row, slot]
    floor = tuple(_round(place[column]) for column in range(PlaceColumn.X0, PlaceColumn.X1 + 2))
    x0, z0, x1, z1 = floor
    return PlaceBelief(
        name_of(belief, row, slot),
        (x0, z0, x1, z1) if place[PlaceColumn.SHAPED] > 0.5 else None,
        bool(place[PlaceColumn.VISITED] > 0.5),
    )


def _doorways(belief: BeliefState, row: int) -> tuple[DoorwayBelief, ...]:
    found = []
    for doorway in belief.doorways[row]:
        if doorway[DoorwayColumn.USED] < 0.5:
            continue
        door = belief.nodes[row, int(doorway[DoorwayColumn.DOOR])]
        seen = int(doorway[DoorwayColumn.DOOR]) > 0 and door[NodeColumn.LAST_SEEN] >= 0
        states = [
            name
            for name in _DOOR_STATES
            if seen and door[NodeColumn.STATE + STATE_NAMES.index(name)] > 0.5
        ]
        found.append(
            DoorwayBelief(
                (_round(doorway[DoorwayColumn.X]), _round(doorway[DoorwayColumn.Z])),
                _round(doorway[DoorwayColumn.WIDTH]),
                bool(doorway[DoorwayColumn.ALONG_X] > 0.5),
                states[-1] if states else "",  # type: ignore[arg-type]
            )
        )
    return tuple(found)


def _thing(belief: BeliefState, row: int, slot: int) -> ThingBelief:
    node = belief.nodes[row, slot]
    named = belief.memory[row].names.get(slot)
    seen = float(node[NodeColumn.LAST_SEEN])
    placed = node[NodeColumn.PLACED] > 0.5
    where = int(node[NodeColumn.PLACE]) or int(node[NodeColumn.TOLD_PLACE])
    return ThingBelief(
        kind=KIND_NAMES[int(node[NodeColumn.KIND])],
        name=named.name if named else "",
        class_name=named.class_name if named else "",
        position=(_round(node[NodeColumn.X]), _round(node[NodeColumn.Z])) if placed else None,
        place=name_of(belief, row, where),
        color=color_of(belief, row, slot),
        seen=_round(seen) if seen >= 0 else None,
        held=int(belief.body[row, BodyColumn.HELD]) == slot,
    )


def _facts(belief: BeliefState, row: int) -> tuple[FactBelief, ...]:
    found = []
    for fact in belief.facts[row]:
        relation = Relation(int(fact[FactColumn.RELATION]))
        if relation == Relation.NONE:
            continue
        about, where, source = (
            name_of(belief, row, int(fact[column]))
            for column in (FactColumn.ABOUT, FactColumn.WHERE, FactColumn.SOURCE)
        )
        found.append(
            FactBelief(
                about, _RELATIONS[relation], where, source, _round(fact[FactColumn.CLOCK]),
                _round(fact[FactColumn.CONFIDENCE]), bool(fact[FactColumn.CONTRADICTED] > 0.5),
            )
        )  # fmt: skip
    return tuple(found)


def _round(value: float) -> float:
    number = float(value)
    return round(number, 2) if math.isfinite(number) else 0.0
