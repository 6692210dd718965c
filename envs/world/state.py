"""The arrays that hold many worlds at once.

Axes: W worlds, N controlled NPCs per world, R = W * N rows (row = world * N + npc), H things per
world (anything that can have a slot: places, doors, objects, people, topics, numbered in that
order), P places, D doors, O objects, Q people, M boxes, T texts. Unused entries are zero or -1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.scene import MAX_MENTIONS, MAX_PATH, MAX_POWERED, MAX_SOUNDS, SIGN_LETTERS

Array = NDArray

HIDDEN = -100.0
"""Height at which boxes that are not there (an open door's leaf) are kept."""
NAME_WORDS = 6
"""Words kept of a thing's name."""
EVENTS = 160
"""Catalogue events that a row can hold between two calls of ``take_catalogue``."""
UTTERANCES = contract.MAX_UTTERANCES
PENDING = 8
"""Answers that the people of one world can have in mind at once."""

EVENT_ADD, EVENT_CHANGE, EVENT_REMOVE = 1, 2, 3
ROLE_NPC = 0
DOOR_OPEN, DOOR_CLOSED, DOOR_LOCKED = 0, 1, 2
KIND_DOOR, KIND_OPENING, KIND_GATE, KIND_BARRIER = 0, 1, 2, 3
"""What is in a doorway: the order of ``envs.world.layout.DOOR_KINDS``."""


@dataclass(frozen=True)
class Capacity:
    """How much one world can hold; a bigger scene makes the batch grow at reset."""

    places: int = 12
    doors: int = 16
    objects: int = 20
    people: int = 6
    topics: int = 4
    boxes: int = 160
    facts: int = 12
    texts: int = 8

    @property
    def things(self) -> int:
        """Things of all kinds per world."""
        return self.places + self.doors + self.objects + self.people + self.topics


@dataclass
class WorldState:
    """All that changes or differs between worlds; every array's first axis is W or R."""

    # the layout, per world
    wall_count: Array  # (W,) i32 boxes that are walls or lintels
    box_count: Array  # (W,) i32
    boxes: Array  # (W, M, 6) f32 x0 y0 z0 x1 y1 z1, metres
    box_color: Array  # (W, M, 3) f32 0..255
    box_semantic: Array  # (W, M) u8
    floor_color: Array  # (W, 3) f32
    ceiling_color: Array  # (W, 3) f32
    height: Array  # (W,) f32 metres
    thing_count: Array  # (W,) i32
    thing_kind: Array  # (W, H) i8 contract.Kind
    thing_index: Array  # (W, H) i32 index among its kind
    first_thing: Array  # (W, 5) i32 first thing of each kind
    name_word: Array  # (W, H, NAME_WORDS) i32 word ids
    name_place: Array  # (W, H, NAME_WORDS) i32 dimension in the text bag
    name_sign: Array  # (W, H, NAME_WORDS) f32
    class_word: Array  # (W, H) i32
    class_bag: Array  # (W, H, CLASS_BAG_SIZE) f32
    place_count: Array  # (W,) i32
    place_rect: Array  # (W, P, 4) f32 x0 z0 x1 z1
    door_count: Array  # (W,) i32
    door_position: Array  # (W, D, 2) f32
    door_along_x: Array  # (W, D) bool
    door_width: Array  # (W, D) f32
    door_places: Array  # (W, D, 2) i32
    door_state: Array  # (W, D) i8 0 open, 1 closed, 2 locked
    leaf_box: Array  # (W, D, 6) f32 where the leaf is when closed
    door_kind: Array  # (W, D) i8 KIND_DOOR, KIND_OPENING, KIND_GATE or KIND_BARRIER
    door_key: Array  # (W, D) i32 object that unlocks it, -1 none
    door_stays_open: Array  # (W, D) i32 decisions after which it closes by itself, 0 never
    door_closes_at: Array  # (W, D) i32 clock at which it closes by itself, 0 not at all
    object_count: Array  # (W,) i32
    object_position: Array  # (W, O, 3) f32 centre x, base y, centre z
    object_yaw: Array  # (W, O) f32
    object_size: Array  # (W, O, 3) f32
    object_boxes: Array  # (W, O, 2, 6) f32 the boxes relative to the position
    object_affordance: Array  # (W, O, 12) u8
    object_surface: Array  # (W, O) bool things can be put on it
    object_machine: Array  # (W, O) bool using it takes a while
    object_color_index: Array  # (W, O) i32
    object_on: Array  # (W, O) bool
    object_sound: Array  # (W, O) i32, -1 none
    object_sounding: Array  # (W, O) bool
    object_used_until: Array  # (W, O) i32 decision until which USE makes it sound
    object_holder: Array  # (W, O) i32 person index or -1
    object_open: Array  # (W, O) bool an open container
    object_locked: Array  # (W, O) bool a locked container
    object_container: Array  # (W, O) bool
    object_heavy: Array  # (W, O) bool
    object_glows: Array  # (W, O) bool it is lit while it is on, and its on-bit is never told
    object_key: Array  # (W, O) i32 object that unlocks it, -1 none
    object_inside: Array  # (W, O) i32 container that it is in, -1 none
    object_upon: Array  # (W, O) i32 surface that it is on, -1 none
    object_spot: Array  # (W, O) i32 which spot of that container or surface it takes
    object_second_holder: Array  # (W, O) i32 second person that carries a heavy object, -1 none
    object_moving: Array  # (W, O) bool it moved by itself in this decision
    object_waited: Array  # (W, O) i32 decisions that something has stood in its way
    object_powers: Array  # (W, O, MAX_POWERED) i32 things on or open while it is on, -1 none
    object_text: Array  # (W, O) i32 text that examining reveals, -1 none
    object_sign: Array  # (W, O, SIGN_LETTERS) u8 1..36 for A..Z 0..9, 0 none
    object_sounds_from: Array  # (W, O) i32 clock before which it keeps silent
    object_sounds_until: Array  # (W, O) i32 clock from which on it keeps silent, 0 never
    object_path: Array  # (W, O, MAX_PATH, 2) f32 x, z
    object_path_count: Array  # (W, O) i32 0: stands still
    object_path_next: Array  # (W, O) i32 point that it is on its way to
    object_speed: Array  # (W, O) f32 m/s on its path
    text_row: Array  # (W, T, DIALOGUE_SIZE) f32 texts as dialogue rows
    text_mentions: Array  # (W, T, MAX_MENTIONS) i32 things that a text names, -1 none
    source_object: Array  # (W, MAX_SOUNDS) i32 object of each sound source, -1 none
    person_count: Array  # (W,) i32
    person_position: Array  # (W, Q, 3) f32 x, feet y, z
    person_yaw: Array  # (W, Q) f32
    person_role: Array  # (W, Q) i8
    person_color: Array  # (W, Q, 3) f32
    person_held: Array  # (W, Q) i32 object index or -1
    person_speaks_until: Array  # (W, Q) i32 decision
    person_tells_every: Array  # (W, Q) i32 decisions, 0 never
    person_path: Array  # (W, Q, MAX_PATH, 2) f32 x, z
    person_path_count: Array  # (W, Q) i32 0: stands still
    person_path_next: Array  # (W, Q) i32 point that they are on their way to
    person_speed: Array  # (W, Q) f32 m/s on their path
    person_moving: Array  # (W, Q) bool they walked on their path in this decision
    person_waited: Array  # (W, Q) i32 decisions that something has stood in their way
    fact_count: Array  # (W,) i32
    fact_person: Array  # (W, F) i32
    fact_about: Array  # (W, F) i32 thing
    fact_where: Array  # (W, F) i32 thing

    # what happens, per world
    clock: Array  # (W,) i32 decisions since the episode began
    step_limit: Array  # (W,) i32
    running: Array  # (W,) bool
    team: Array  # (W,) bool
    utterance_next: Array  # (W,) i32
    spoken_count: Array  # (W,) i32 utterances of this decision
    spoken: Array  # (W, UTTERANCES, 6) i32 id, speaker person, say, about, where, addressee person
    pending_count: Array  # (W,) i32
    pending: Array  # (W, PENDING, 6) i32 due clock, speaker, say, about, where, addressee
    trap_door: Array  # (W,) i32 door that closes and locks when an NPC comes near, -1 none
    dark_from: Array  # (W,) i32 decisions between which cameras are dark
    dark_until: Array  # (W,) i32

    # bodies and minds' edges, per row
    person: Array  # (R,) i32 person index of this NPC
    done: Array  # (R,) i8 0 playing, 1 succeeded, 2 failed
    look: Array  # (R,) i8
    velocity: Array  # (R, 3) f32 right, up, forward, m/s
    fall_speed: Array  # (R,) f32 upward speed, m/s
    turn_rate: Array  # (R,) f32
    bumped: Array  # (R,) bool
    walked: Array  # (R,) f32 metres
    collisions: Array  # (R,) i32
    last_act: Array  # (R, 4) i32 act, target slot, result, reason
    act_thing: Array  # (R,) i32 thing that this decision's act is for, -1 none
    lasting: Array  # (R, 3) i32 act that takes several decisions, its thing, decisions so far
    reading: Array  # (R,) i32 text read to the end in this decision, -1 none
    last_held: Array  # (R,) i32 object that the last put or give let go, -1 none
    action_delay: Array  # (R,) i32
    action_queue: Array  # (R, 4, 8) i32
    place: Array  # (R,) i32 place index the body is in, -1 none
    goal: Array  # (R, GOAL_SIZE) f32
    goal_thing: Array  # (R, H) bool things named by the goal or a briefing
    briefing_count: Array  # (R,) i32
    briefing: Array  # (R, UTTERANCES, DIALOGUE_SIZE) f32 rows of the first observation
    tell_slots: Array  # (R,) bool whether telling gives slots (off without dialogue)
    thing_slot: Array  # (R, H) u8, 0 none
    slot_thing: Array  # (R, SLOTS) i16, -1 none
    slot_order: Array  # (R, SLOTS-1) u8 shuffled slot numbers
    slot_perceived: Array  # (R, SLOTS) i32 clock of the last perception
    place_known: Array  # (R, P) bool floor and doorways known
    event_count: Array  # (R,) i32
    event: Array  # (R, EVENTS, 3) i32 op, slot, thing


_SHAPES: dict[str, tuple[str, str]] = {
    "wall_count": ("W", "i4"), "box_count": ("W", "i4"), "boxes": ("W M 6", "f4"),
    "box_color": ("W M 3", "f4"), "box_semantic": ("W M", "u1"), "floor_color": ("W 3", "f4"),
    "ceiling_color": ("W 3", "f4"), "height": ("W", "f4"), "thing_count": ("W", "i4"),
    "thing_kind": ("W H", "i1"), "thing_index": ("W H", "i4"), "first_thing": ("W 5", "i4"),
    "name_word": ("W H L", "i4"), "name_place": ("W H L", "i4"), "name_sign": ("W H L", "f4"),
    "class_word": ("W H", "i4"), "class_bag": ("W H C", "f4"), "place_count": ("W", "i4"),
    "place_rect": ("W P 4", "f4"), "door_count": ("W", "i4"), "door_position": ("W D 2", "f4"),
    "door_along_x": ("W D", "?"), "door_width": ("W D", "f4"), "door_places": ("W D 2", "i4"),
    "door_state": ("W D", "i1"), "leaf_box": ("W D 6", "f4"), "object_count": ("W", "i4"),
    "object_position": ("W O 3", "f4"), "object_yaw": ("W O", "f4"), "object_size": ("W O 3", "f4"),
    "object_boxes": ("W O 2 6", "f4"), "object_affordance": ("W O 12", "u1"),
    "object_surface": ("W O", "?"), "object_color_index": ("W O", "i4"),
    "object_on": ("W O", "?"), "object_sound": ("W O", "i4"),
    "object_sounding": ("W O", "?"), "object_used_until": ("W O", "i4"),
    "object_holder": ("W O", "i4"), "source_object": ("W S", "i4"), "person_count": ("W", "i4"),
    "person_position": ("W Q 3", "f4"), "person_yaw": ("W Q", "f4"), "person_role": ("W Q", "i1"),
    "person_color": ("W Q 3", "f4"), "person_held": ("W Q", "i4"),
    "person_speaks_until": ("W Q", "i4"), "person_tells_every": ("W Q", "i4"),
    "fact_count": ("W", "i4"), "fact_person": ("W F", "i4"), "fact_about": ("W F", "i4"),
    "fact_where": ("W F", "i4"), "clock": ("W", "i4"), "step_limit": ("W", "i4"),
    "running": ("W", "?"), "team": ("W", "?"), "utterance_next": ("W", "i4"),
    "spoken_count": ("W", "i4"), "spoken": ("W U 6", "i4"), "pending_count": ("W", "i4"),
    "pending": ("W Y 6", "i4"), "trap_door": ("W", "i4"), "dark_from": ("W", "i4"),
    "dark_until": ("W", "i4"), "person": ("R", "i4"), "done": ("R", "i1"), "look": ("R", "i1"),
    "velocity": ("R 3", "f4"), "fall_speed": ("R", "f4"), "turn_rate": ("R", "f4"),
    "bumped": ("R", "?"), "walked": ("R", "f4"), "collisions": ("R", "i4"),
    "last_act": ("R 4", "i4"), "last_held": ("R", "i4"), "action_delay": ("R", "i4"),
    "action_queue": ("R 4 8", "i4"), "place": ("R", "i4"), "goal": ("R G", "f4"),
    "goal_thing": ("R H", "?"), "briefing_count": ("R", "i4"), "briefing": ("R U V", "f4"),
    "tell_slots": ("R", "?"), "thing_slot": ("R H", "u1"), "slot_thing": ("R X", "i2"),
    "slot_order": ("R Z", "u1"), "slot_perceived": ("R X", "i4"),
    "place_known": ("R P", "?"), "event_count": ("R", "i4"), "event": ("R E 3", "i4"),
    "door_kind": ("W D", "i1"), "door_key": ("W D", "i4"),
    "door_stays_open": ("W D", "i4"), "door_closes_at": ("W D", "i4"),
    "object_open": ("W O", "?"), "object_locked": ("W O", "?"), "object_container": ("W O", "?"),
    "object_heavy": ("W O", "?"), "object_glows": ("W O", "?"), "object_key": ("W O", "i4"),
    "object_inside": ("W O", "i4"), "object_upon": ("W O", "i4"),
    "object_second_holder": ("W O", "i4"), "object_powers": ("W O A", "i4"),
    "object_text": ("W O", "i4"), "object_sign": ("W O I", "u1"),
    "object_sounds_from": ("W O", "i4"), "object_sounds_until": ("W O", "i4"),
    "object_path": ("W O J 2", "f4"), "object_path_count": ("W O", "i4"),
    "object_path_next": ("W O", "i4"), "object_speed": ("W O", "f4"),
    "text_row": ("W T V", "f4"), "text_mentions": ("W T B", "i4"),
    "person_path": ("W Q J 2", "f4"), "person_path_count": ("W Q", "i4"),
    "person_path_next": ("W Q", "i4"), "person_speed": ("W Q", "f4"),
    "object_machine": ("W O", "?"), "object_spot": ("W O", "i4"),
    "object_moving": ("W O", "?"), "object_waited": ("W O", "i4"), "person_moving": ("W Q", "?"),
    "person_waited": ("W Q", "i4"), "act_thing": ("R", "i4"), "lasting": ("R 3", "i4"),
    "reading": ("R", "i4"),
}  # fmt: skip
"""Shape (axis letters) and dtype of every array of WorldState."""


def allocate(num_worlds: int, npcs_per_world: int, capacity: Capacity) -> WorldState:
    """Empty arrays for a batch of worlds."""
    axes = {
        "W": num_worlds, "R": num_worlds * npcs_per_world, "H": capacity.things,
        "P": capacity.places, "D": capacity.doors, "O": capacity.objects, "Q": capacity.people,
        "M": capacity.boxes, "F": capacity.facts, "L": NAME_WORDS, "C": contract.CLASS_BAG_SIZE,
        "S": MAX_SOUNDS, "U": UTTERANCES, "Y": PENDING, "G": contract.GOAL_SIZE,
        "V": contract.DIALOGUE_SIZE, "X": contract.SLOTS, "Z": contract.SLOTS - 1, "E": EVENTS,
        "A": MAX_POWERED, "T": capacity.texts, "B": MAX_MENTIONS, "J": MAX_PATH, "I": SIGN_LETTERS,
    }  # fmt: skip
    arrays = {}
    for field in fields(WorldState):
        shape, dtype = _SHAPES[field.name]
        sizes = tuple(axes[axis] if axis in axes else int(axis) for axis in shape.split())
        arrays[field.name] = np.zeros(sizes, dtype)
    return WorldState(**arrays)


def grown(state: WorldState, num_worlds: int, npcs: int, capacity: Capacity) -> WorldState:
    """The same worlds in arrays of a larger capacity."""
    larger = allocate(num_worlds, npcs, capacity)
    for field in fields(WorldState):
        old, new = getattr(state, field.name), getattr(larger, field.name)
        new[tuple(slice(0, size) for size in old.shape)] = old
    return larger
