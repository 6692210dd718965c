"""A scene as plain arrays: what the kernels of the headless world work on.

Things are numbered places, doors, objects, people, topics; a thing's number is its row in ``ids``,
``names``, ``class_names`` and ``kinds``. Boxes are ordered walls (and lintels), one leaf a door,
two boxes an object (body, then fitting). A barrier's bar is the box of its leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.classes import (
    CLASS_NAMES,
    CLASSES,
    OBJECT_CLASSES,
    SOUND_NAMES,
    affordance_bits,
)
from envs.contract import Kind
from envs.palette import (
    BARRIER_COLOR,
    COLOR_NAMES,
    COLORS,
    DOOR_COLOR,
    FITTING_COLOR,
    GATE_COLOR,
    PERSON_COLORS,
    RGB,
)
from envs.scene import SIGN_LETTERS, Object, Scene
from envs.world.boxes import boxes_of_object, leaf_box, wall_boxes

BOXES_PER_OBJECT = 2

SEMANTIC_NONE = 0
SEMANTIC_FLOOR = 1
SEMANTIC_CEILING = 2
SEMANTIC_WALL = 3
SEMANTIC_DOOR = 4
SEMANTIC_PERSON = 5
SEMANTIC_OBJECT = 10
"""Semantic id of the first object class; the others follow in the order of CLASS_NAMES."""

DOOR_STATES = ("open", "closed", "locked")
DOOR_KINDS = ("door", "opening", "gate", "barrier")
ROLES = ("npc", "guide", "visitor", "resident", "teacher", "clerk", "worker")
GLYPHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"""Glyph number n is GLYPHS[n - 1]."""

_CLASS_INDEX = {name: index for index, name in enumerate(CLASS_NAMES)}
_COLOR_INDEX = {name: index for index, name in enumerate(COLOR_NAMES)}
_SOUND_INDEX = {name: index for index, name in enumerate(SOUND_NAMES)}
_LEAF_COLOR = {"gate": GATE_COLOR, "barrier": BARRIER_COLOR}
_CLASS_BITS = {name: affordance_bits(info.affordances) for name, info in CLASSES.items()}


def semantic_names() -> dict[int, str]:
    """What each id of a semantic image stands for; a gate or a barrier counts as a door.

    >>> semantic_names()[5], semantic_names()[10]
    ('person', 'vase')
    """
    names = ("none", "floor", "ceiling", "wall", "door", "person")
    classes = {SEMANTIC_OBJECT + number: name for number, name in enumerate(OBJECT_CLASSES)}
    return dict(enumerate(names)) | classes


@dataclass(frozen=True, eq=False)
class Layout:
    """One world's geometry and rules as arrays; P places, D doors, O objects, Q people, T topics.

    Metres and radians; colours are RGB 0 to 255; K is the number of facts that people know, M of
    boxes.
    """

    place_count: int
    door_count: int
    object_count: int
    person_count: int
    topic_count: int
    ids: list[str]
    names: list[str]
    """What each thing is called in sentences."""
    class_names: list[str]
    kinds: list[int]
    """``contract.Kind`` of each thing."""
    index: dict[str, int]
    """Thing id to thing number."""
    height: float
    floor_color: NDArray[np.float32]
    wall_color: NDArray[np.float32]
    ceiling_color: NDArray[np.float32]

    place_rect: NDArray[np.float32]
    """(P, 4) x0, z0, x1, z1."""
    door_position: NDArray[np.float32]
    """(D, 2) x, z."""
    door_along_x: NDArray[np.bool_]
    """(D,) True where the wall of the door runs along x."""
    door_width: NDArray[np.float32]
    door_places: NDArray[np.int32]
    """(D, 2) thing numbers of the places joined."""
    door_state: NDArray[np.int8]
    """(D,) index into DOOR_STATES."""
    door_kind: NDArray[np.int8]
    """(D,) index into DOOR_KINDS."""
    door_key: NDArray[np.int32]
    """(D,) index of the object that unlocks it, -1 for none."""
    door_stays_open: NDArray[np.float32]
    """(D,) seconds, 0 for ever."""

    object_position: NDArray[np.float32]
    """(O, 3) x of the centre, y of the base, z of the centre."""
    object_yaw: NDArray[np.float32]
    object_size: NDArray[np.float32]
    """(O, 3) along its own right, up, forward."""
    object_class: NDArray[np.int32]
    """(O,) index into ``envs.classes.CLASS_NAMES``."""
    object_color: NDArray[np.float32]
    """(O, 3)"""
    object_color_index: NDArray[np.int32]
    """(O,) index into ``envs.palette.COLOR_NAMES``."""
    object_affordance: NDArray[np.uint8]
    """(O, 12) 0 or 1."""
    object_surface: NDArray[np.bool_]
    """(O,) True where things can be put on it."""
    object_on: NDArray[np.bool_]
    object_sound: NDArray[np.int32]
    """(O,) index into ``envs.classes.SOUND_NAMES``, -1 for none."""
    object_sounding: NDArray[np.bool_]
    object_open: NDArray[np.bool_]
    object_key: NDArray[np.int32]
    """(O,) index of the object that unlocks it, -1 for none; a container with a key is locked."""
    object_inside: NDArray[np.int32]
    """(O,) index of the container that it starts in, -1 for none."""
    object_upon: NDArray[np.int32]
    """(O,) index of the surface that it starts on, -1 for none."""
    object_powers: list[list[int]]
    """Thing numbers that each object powers."""
    object_texts: list[tuple[int, str, list[int]]]
    """(object, text, thing numbers that it names) of each text that examining reveals."""
    object_sign: NDArray[np.uint8]
    """(O, SIGN_LETTERS) glyph numbers, 0 for none."""
    object_sounds: NDArray[np.float32]
    """(O, 2) seconds from and until which it may sound, 0 for no end."""
    object_path: list[tuple[tuple[float, float], ...]]
    object_speed: NDArray[np.float32]

    person_position: NDArray[np.float32]
    """(Q, 2) x, z."""
    person_yaw: NDArray[np.float32]
    person_role: NDArray[np.int8]
    """(Q,) index into ROLES."""
    person_color: NDArray[np.float32]
    person_tells_every: NDArray[np.float32]
    """(Q,) seconds, 0 for never."""
    person_path: list[tuple[tuple[float, float], ...]]
    person_speed: NDArray[np.float32]
    fact_person: NDArray[np.int32]
    """(K,) index of the person, 0 to Q - 1."""
    fact_about: NDArray[np.int32]
    """(K,) thing number."""
    fact_where: NDArray[np.int32]
    """(K,) thing number of a place."""

    wall_count: int
    """Boxes of walls; leaf d is box ``wall_count + d``, object o ``wall_count + D + 2 * o`` and
    the next."""
    boxes: NDArray[np.float32]
    """(M, 6) x0, y0, z0, x1, y1, z1."""
    box_color: NDArray[np.float32]
    """(M, 3)"""
    box_semantic: NDArray[np.uint8]
    """(M,)"""

    @property
    def first_object_box(self) -> int:
        """Number of the first object's first box."""
        return self.wall_count + self.door_count

    @property
    def first_door(self) -> int:
        """Thing number of the first door."""
        return self.place_count

    @property
    def first_object(self) -> int:
        """Thing number of the first object."""
        return self.first_door + self.door_count

    @property
    def first_person(self) -> int:
        """Thing number of the first person."""
        return self.first_object + self.object_count

    @property
    def first_topic(self) -> int:
        """Thing number of the first topic."""
        return self.first_person + self.person_count


def build_layout(scene: Scene) -> Layout:
    """Make the arrays of one scene, which must be valid."""
    places, doors, objects = scene.places, scene.doors, scene.objects
    people, topics = scene.people, scene.topics
    ids = list(scene.thing_ids())
    index = {thing: place for place, thing in enumerate(ids)}
    number: dict[str | None, int] = {thing.id: o for o, thing in enumerate(objects)}
    infos = [CLASSES[thing.class_name] for thing in objects]
    floors = {place.id: place.floor for place in places}
    along_x = [door.along_x(floors[door.between[0]]) for door in doors]
    walls = wall_boxes(scene, along_x)
    leaves = [leaf_box(door, along) for door, along in zip(doors, along_x, strict=True)]
    positions = [scene.position_of(t.id) if t.inside or t.upon else t.position for t in objects]
    object_boxes = [box for thing, info, position in zip(objects, infos, positions, strict=True)
                    for box in boxes_of_object(thing, info, position)]  # fmt: skip
    colors = [COLORS[thing.color] for thing in objects]
    box_colors = [scene.wall_color] * len(walls) + [
        _LEAF_COLOR.get(door.kind, DOOR_COLOR) for door in doors
    ]
    for color in colors:
        box_colors += [color, FITTING_COLOR]
    classes = [_CLASS_INDEX[thing.class_name] for thing in objects]
    semantics = [SEMANTIC_WALL] * len(walls) + [SEMANTIC_DOOR] * len(leaves)
    for class_number in classes:
        semantics += [SEMANTIC_OBJECT + class_number] * BOXES_PER_OBJECT
    facts = [(q, index[fact.about], index[fact.where])
             for q, person in enumerate(people) for fact in person.facts]  # fmt: skip
    fact_table = _ints(facts, 3)
    return Layout(
        place_count=len(places),
        door_count=len(doors),
        object_count=len(objects),
        person_count=len(people),
        topic_count=len(topics),
        ids=ids,
        names=[place.name for place in places] + [door.name for door in doors]
        + [thing.name for thing in objects] + [person.name for person in people]
        + [topic.name for topic in topics],
        class_names=["place"] * len(places) + [door.kind for door in doors]
        + [thing.class_name for thing in objects]
        + ["person"] * len(people) + ["topic"] * len(topics),
        kinds=[int(Kind.PLACE)] * len(places) + [int(Kind.DOOR)] * len(doors)
        + [int(Kind.OBJECT)] * len(objects) + [int(Kind.NPC)] * len(people)
        + [int(Kind.TOPIC)] * len(topics),
        index=index,
        height=scene.height,
        floor_color=_rgb(scene.floor_color),
        wall_color=_rgb(scene.wall_color),
        ceiling_color=_rgb(scene.ceiling_color),
        place_rect=_floats([place.floor for place in places], 4),
        door_position=_floats([door.position for door in doors], 2),
        door_along_x=np.array(along_x, np.bool_),
        door_width=np.array([door.width for door in doors], np.float32),
        door_places=_ints([(index[a], index[b]) for a, b in (d.between for d in doors)], 2),
        door_state=np.array([DOOR_STATES.index(door.state) for door in doors], np.int8),
        door_kind=np.array([DOOR_KINDS.index(door.kind) for door in doors], np.int8),
        door_key=np.array([number.get(door.key, -1) for door in doors], np.int32),
        door_stays_open=np.array([door.stays_open or 0.0 for door in doors], np.float32),
        object_position=_floats(
            [(x, 0.0, z) for x, z in positions], 3),
        object_yaw=np.radians(np.array([thing.yaw_degrees for thing in objects], np.float32)),
        object_size=_floats([thing.size or info.size
                             for thing, info in zip(objects, infos, strict=True)], 3),
        object_class=np.array(classes, np.int32),
        object_color=_rgb(colors),
        object_color_index=np.array([_COLOR_INDEX[thing.color] for thing in objects], np.int32),
        object_affordance=np.array(
            [_CLASS_BITS[t.class_name] if t.affordances is None else affordance_bits(t.affordances)
             for t in objects], np.uint8).reshape(-1, 12),
        object_surface=np.array([info.surface for info in infos], np.bool_),
        object_on=np.array([thing.on for thing in objects], np.bool_),
        object_sound=np.array([-1 if t.sound is None else _SOUND_INDEX[t.sound] for t in objects],
                              np.int32),
        object_sounding=np.array([thing.sounding for thing in objects], np.bool_),
        object_open=np.array([thing.open for thing in objects], np.bool_),
        object_key=np.array([number.get(thing.key, -1) for thing in objects], np.int32),
        object_inside=np.array([number.get(thing.inside, -1) for thing in objects], np.int32),
        object_upon=np.array([number.get(thing.upon, -1) for thing in objects], np.int32),
        object_powers=[[index[name] for name in thing.powers] for thing in objects],
        object_texts=[(o, thing.text, [index[name] for name in thing.mentions])
                      for o, thing in enumerate(objects) if thing.text],
        object_sign=_signs(objects),
        object_sounds=_floats([(t.sounds_from, t.sounds_until or 0.0) for t in objects], 2),
        object_path=[thing.path for thing in objects],
        object_speed=np.array([thing.speed for thing in objects], np.float32),
        person_position=_floats([person.position for person in people], 2),
        person_yaw=np.radians(np.array([person.yaw_degrees for person in people], np.float32)),
        person_role=np.array([ROLES.index(person.role) for person in people], np.int8),
        person_color=_rgb(_clothes(scene)),
        person_tells_every=np.array([p.tells_every or 0.0 for p in people], np.float32),
        person_path=[person.path for person in people],
        person_speed=np.array([person.speed for person in people], np.float32),
        fact_person=fact_table[:, 0].copy(),
        fact_about=fact_table[:, 1].copy(),
        fact_where=fact_table[:, 2].copy(),
        wall_count=len(walls),
        boxes=_floats(walls + leaves + object_boxes, 6),
        box_color=_rgb(box_colors),
        box_semantic=np.array(semantics, np.uint8),
    )  # fmt: skip


def _clothes(scene: Scene) -> list[RGB]:
    dealt = dict.fromkeys(ROLES, 0)
    clothes = []
    for person in scene.people:
        colors = PERSON_COLORS[person.role]
        clothes.append(colors[dealt[person.role] % len(colors)])
        dealt[person.role] += 1
    return clothes


def _signs(objects: Sequence[Object]) -> NDArray[np.uint8]:
    signs = np.zeros((len(objects), SIGN_LETTERS), np.uint8)
    for row, thing in enumerate(objects):
        for column, letter in enumerate(thing.sign or ""):
            signs[row, column] = GLYPHS.index(letter) + 1
    return signs


def _rgb(colors: list[RGB] | RGB) -> NDArray[np.float32]:
    array = np.array(colors, np.float32)
    return array if array.ndim == 1 and array.size else array.reshape(-1, 3)


def _floats(rows: Sequence[tuple[float, ...]], columns: int) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, columns)


def _ints(rows: Sequence[tuple[int, ...]], columns: int) -> NDArray[np.int32]:
    return np.array(rows, np.int32).reshape(-1, columns)
