"""Taking in what is seen: things and their places, what was looked at, doors."""

from __future__ import annotations

import math

from agent.belief.columns import (
    LOOK_SAMPLES,
    MAX_DOORWAYS,
    BodyColumn,
    DoorKind,
    DoorwayColumn,
    NodeColumn,
    PlaceColumn,
)
from envs.contract import (
    MAX_ENTITIES,
    SLOTS,
    STATE_NAMES,
    Act,
    EntityColumn,
    Kind,
    Reason,
    Result,
)
from envs.jit import njit
from envs.words import word_id

BLOCKED_SECONDS = 30.0
"""How long a door that turned out locked is left out of routes."""
UNTIL_PRESSED = 1e6
"""A gate that was seen closed is left out of routes until we press something, seconds."""

_OPEN_BIT = STATE_NAMES.index("open")
_LOCKED_BIT = STATE_NAMES.index("locked")
_STATE_COUNT = len(STATE_NAMES)
_ACT_COUNT = len(Act) - 1
_CLOSED_BIT = STATE_NAMES.index("closed")
_DOOR, _NPC = int(Kind.DOOR), int(Kind.NPC)
_LEAF, _GATE = int(DoorKind.DOOR), int(DoorKind.GATE)
_OPENING, _BARRIER = int(DoorKind.OPENING), int(DoorKind.BARRIER)
_OPENING_WORD, _GATE_WORD = word_id("opening"), word_id("gate")
_BARRIER_WORD = word_id("barrier")


@njit(cache=True, error_model="numpy")
def see_things(nodes, body, entities, wanted_class):  # type: ignore[no-untyped-def]
    """Entity rows into nodes: position in the world, size, heading, state, affordances."""
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    clock = body[BodyColumn.CLOCK]
    for slot in range(SLOTS):
        nodes[slot, NodeColumn.VISIBLE] = 0.0
    for e in range(MAX_ENTITIES):
        entity = entities[e]
        slot = int(entity[EntityColumn.SLOT])
        if slot <= 0 or slot >= SLOTS:
            continue
        node = nodes[slot]
        node[NodeColumn.KNOWN] = 1.0
        for kind in range(3):
            if entity[EntityColumn.KIND + kind] > 0.5:
                node[NodeColumn.KIND] = kind
        class_word = entity[EntityColumn.CLASS_WORD]
        node[NodeColumn.CLASS_WORD] = class_word
        node[NodeColumn.DOOR_KIND] = door_kind(class_word)
        node[NodeColumn.CLASS_IN_GOAL] = 1.0 if class_word == wanted_class != 0.0 else 0.0
        right = entity[EntityColumn.X]
        ahead = entity[EntityColumn.Z]
        node[NodeColumn.PLACED] = 1.0
        node[NodeColumn.X] = body[BodyColumn.X] + right * cos_yaw + ahead * sin_yaw
        node[NodeColumn.Y] = body[BodyColumn.Y] + entity[EntityColumn.Y]
        node[NodeColumn.Z] = body[BodyColumn.Z] - right * sin_yaw + ahead * cos_yaw
        sin_heading = entity[EntityColumn.SIN_HEADING]
        cos_heading = entity[EntityColumn.COS_HEADING]
        node[NodeColumn.SIN_HEADING] = sin_heading * cos_yaw + cos_heading * sin_yaw
        node[NodeColumn.COS_HEADING] = cos_heading * cos_yaw - sin_heading * sin_yaw
        node[NodeColumn.SIZE_X] = entity[EntityColumn.SIZE_X]
        node[NodeColumn.SIZE_Y] = entity[EntityColumn.SIZE_Y]
        node[NodeColumn.SIZE_Z] = entity[EntityColumn.SIZE_Z]
        for bit in range(_STATE_COUNT):
            node[NodeColumn.STATE + bit] = entity[EntityColumn.STATE + bit]
        for bit in range(_ACT_COUNT):
            node[NodeColumn.AFFORDANCE + bit] = entity[EntityColumn.AFFORDANCE + bit]
        node[NodeColumn.VISIBLE] = 1.0
        node[NodeColumn.DISTANCE] = entity[EntityColumn.DISTANCE]
        if node[NodeColumn.FIRST_SEEN] < 0.0:
            node[NodeColumn.FIRST_SEEN] = clock
        node[NodeColumn.LAST_SEEN] = clock
    for slot in range(1, SLOTS):  # what is out of sight keeps its place while we move
        node = nodes[slot]
        if node[NodeColumn.PLACED] > 0.5 and node[NodeColumn.VISIBLE] < 0.5:
            centre = math.hypot(
                node[NodeColumn.X] - body[BodyColumn.X], node[NodeColumn.Z] - body[BodyColumn.Z]
            )
            half = 0.5 * max(node[NodeColumn.SIZE_X], node[NodeColumn.SIZE_Z])
            node[NodeColumn.DISTANCE] = max(0.0, centre - half)


@njit(cache=True, error_model="numpy")
def find_places(nodes, places, body):  # type: ignore[no-untyped-def]
    """Which known place each visible thing is in; a thing in our hands is where we are."""
    held = int(body[BodyColumn.HELD])
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or node[NodeColumn.KIND] == _DOOR:
            continue
        if slot == held:
            node[NodeColumn.PLACE] = body[BodyColumn.PLACE]
            node[NodeColumn.X] = body[BodyColumn.X]
            node[NodeColumn.Z] = body[BodyColumn.Z]
            node[NodeColumn.DISTANCE] = 0.0
            continue
        gone = node[NodeColumn.KIND] == _NPC and node[NodeColumn.VISIBLE] < 0.5
        if gone and _in_view(node, places, body):
            node[NodeColumn.PLACED] = 0.0  # looked there, and it has walked on
            continue
        if node[NodeColumn.VISIBLE] > 0.5 or node[NodeColumn.PLACE] == 0.0:
            node[NodeColumn.PLACE] = place_at(places, node[NodeColumn.X], node[NodeColumn.Z])


@njit(cache=True, error_model="numpy")
def _in_view(node, places, body):  # type: ignore[no-untyped-def]
    """Whether the spot where a thing was seen last is in the field of view, no wall between."""
    here = int(body[BodyColumn.PLACE])
    if here == 0 or place_at(places, node[NodeColumn.X], node[NodeColumn.Z]) != here:
        return False
    dx = node[NodeColumn.X] - body[BodyColumn.X]
    dz = node[NodeColumn.Z] - body[BodyColumn.Z]
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    ahead = dx * sin_yaw + dz * cos_yaw
    right = dx * cos_yaw - dz * sin_yaw
    return 0.3 < ahead < 8.0 and abs(right) < 0.85 * ahead


@njit(cache=True, error_model="numpy")
def place_at(places, x, z):  # type: ignore[no-untyped-def]
    """Slot of the known place that a point lies in, 0 when in none."""
    for slot in range(1, SLOTS):
        place = places[slot]
        if (place[PlaceColumn.SHAPED] > 0.5
                and place[PlaceColumn.X0] <= x <= place[PlaceColumn.X1]
                and place[PlaceColumn.Z0] <= z <= place[PlaceColumn.Z1]):  # fmt: skip
            return slot
    return 0


@njit(cache=True, error_model="numpy")
def sample_point(place, sample):  # type: ignore[no-untyped-def]
    """World position of one of the sample points of a place: a 4 x 4 raster, a little inside."""
    inset = 0.3
    part_x = (sample % 4) / 3.0
    part_z = (sample // 4) / 3.0
    low_x = place[PlaceColumn.X0] + inset
    low_z = place[PlaceColumn.Z0] + inset
    x = low_x + part_x * (place[PlaceColumn.X1] - inset - low_x)
    z = low_z + part_z * (place[PlaceColumn.Z1] - inset - low_z)
    return x, z


@njit(cache=True, error_model="numpy")
def cover_place(places, body):  # type: ignore[no-untyped-def]
    """Mark the sample points of the own place that are in the field of view now."""
    slot = int(body[BodyColumn.PLACE])
    if slot <= 0 or slot >= SLOTS:
        return
    place = places[slot]
    if place[PlaceColumn.VISITED] < 0.5:
        place[PlaceColumn.LOOKED_CLOCK] = body[BodyColumn.CLOCK]
    place[PlaceColumn.VISITED] = 1.0
    place[PlaceColumn.LAST_VISIT] = body[BodyColumn.CLOCK]
    if place[PlaceColumn.SHAPED] < 0.5:
        return
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    for sample in range(LOOK_SAMPLES):
        x, z = sample_point(place, sample)
        dx = x - body[BodyColumn.X]
        dz = z - body[BodyColumn.Z]
        ahead = dx * sin_yaw + dz * cos_yaw
        right = dx * cos_yaw - dz * sin_yaw
        near = dx * dx + dz * dz < 0.16
        if near or (ahead > 0.0 and abs(right) < 0.97 * ahead and ahead < 9.5):
            place[PlaceColumn.SEEN + sample] = 1.0


@njit(cache=True, error_model="numpy")
def door_kind(class_word):  # type: ignore[no-untyped-def]
    """The DoorKind that a class name stands for."""
    if class_word == _OPENING_WORD:
        return _OPENING
    if class_word == _GATE_WORD:
        return _GATE
    return _BARRIER if class_word == _BARRIER_WORD else _LEAF


@njit(cache=True, error_model="numpy")
def learn_doors(nodes, doorways, body):  # type: ignore[no-untyped-def]
    """Doors lie in their doorways; a locked one or a closed gate blocks its doorway for a while."""
    clock = body[BodyColumn.CLOCK]
    failed = (int(body[BodyColumn.RESULT]) == Result.FAILED
              and int(body[BodyColumn.REASON]) == Reason.LOCKED)  # fmt: skip
    pressed = body[BodyColumn.PRESSED_CLOCK] == clock
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        slot = int(doorway[DoorwayColumn.DOOR])
        if doorway[DoorwayColumn.USED] < 0.5 or slot <= 0:
            continue
        node = nodes[slot]
        node[NodeColumn.PLACED] = 1.0
        node[NodeColumn.X] = doorway[DoorwayColumn.X]
        node[NodeColumn.Z] = doorway[DoorwayColumn.Z]
        visible = node[NodeColumn.VISIBLE] > 0.5
        locked = visible and node[NodeColumn.STATE + _LOCKED_BIT] > 0.5
        gate = int(node[NodeColumn.DOOR_KIND]) == _GATE
        if gate and pressed and not visible:
            node[NodeColumn.STATE + _CLOSED_BIT] = 0.0  # until we see what has become of it
        if locked or (failed and int(body[BodyColumn.LAST_TARGET]) == slot):
            doorway[DoorwayColumn.BLOCKED_UNTIL] = clock + BLOCKED_SECONDS
        elif gate and visible and node[NodeColumn.STATE + _CLOSED_BIT] > 0.5:
            doorway[DoorwayColumn.BLOCKED_UNTIL] = clock + UNTIL_PRESSED
        elif (visible and node[NodeColumn.STATE + _OPEN_BIT] > 0.5) or (gate and pressed):
            doorway[DoorwayColumn.BLOCKED_UNTIL] = 0.0
