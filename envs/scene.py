"""Scenes: the places in which NPCs live, as validated, frozen models; YAML files hold the same.

Metres and degrees, x to the right and z forward seen from above. Places are rectangles that share
edges; walls stand on their edges and doors in the walls. `load_scene` finds one by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from envs.goals import TaskSpec
from envs.model import Identifier, Model, Name
from envs.palette import CEILING_COLOR, FLOOR_COLORS, WALL_COLORS

WALL_THICKNESS = 0.12
"""Walls stand centred on the edges of places, metres."""
DOOR_HEIGHT = 2.1
MAX_THINGS = 400
"""Things in one scene. An NPC knows at most 63 at a time; places and doors never lose their slots,
so there are at most MAX_PLACES and MAX_DOORS of them."""
MAX_PLACES = 24
MAX_DOORS = 32
MAX_NPCS = 8
"""Controlled NPCs of one world."""
MAX_SOUNDS = 6
"""Objects of one scene that can make a sound."""
MAX_POWERED = 4
"""Things that one switch can power."""
MAX_MENTIONS = 4
"""Things that one text can name so that its reader gets slots for them."""
MAX_PATH = 8
"""Points of a path."""
INSIDE_ROOM = 4
"""Things that one container has room for."""
UPON_ROOM = 3
"""Things that one surface has room for."""
SIGN_LETTERS = 3
"""Longest sign, glyphs."""
BARRIER_HEIGHT = 0.35
"""Of a barrier in a doorway, metres: a walking body is stopped, a jumping one is not."""

Point = tuple[float, float]
"""(x, z), metres."""
Rectangle = tuple[float, float, float, float]
"""(x0, z0, x1, z1), metres, x0 < x1 and z0 < z1."""
NOWHERE: Point = (0.0, 0.0)
"""Stands in for the position of what is said to be in or on something that is not there."""
Byte = Annotated[int, Field(ge=0, le=255)]
Color = tuple[Byte, Byte, Byte]


class SceneError(Exception):
    """A scene that cannot be used; the text lists every problem, a sentence each.

    Attributes:
        problems: the sentences.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Place(Model):
    """A named rectangle of floor between walls."""

    id: Identifier
    """What doors, facts and tasks call it by."""
    name: Name
    """What it is called in sentences: "the amber hall"."""
    floor: Rectangle
    """[x0, z0, x1, z1]; places may share edges and never overlap."""

    @property
    def polygon(self) -> tuple[Point, ...]:
        """The corners of the floor, in order."""
        x0, z0, x1, z1 = self.floor
        return (x0, z0), (x1, z0), (x1, z1), (x0, z1)

    @property
    def center(self) -> Point:
        """The middle of the floor."""
        x0, z0, x1, z1 = self.floor
        return (x0 + x1) / 2, (z0 + z1) / 2

    def contains(self, x: float, z: float) -> bool:
        """True when the point is on this floor, edges included."""
        x0, z0, x1, z1 = self.floor
        return x0 <= x <= x1 and z0 <= z <= z1


class Door(Model):
    """A doorway on the edge that two places share, and what is in it."""

    id: Identifier
    """What tasks and switches call it by."""
    between: tuple[str, str]
    """Ids of the two places."""
    position: Point
    """Middle of the doorway, on the shared edge."""
    width: Annotated[float, Field(ge=0.8, le=12.0)] = 1.0
    """Metres."""
    kind: Literal["door", "opening", "gate", "barrier"] = "door"
    """door: a leaf that hands open and close; opening: no leaf and no lintel (between streets);
    gate: a leaf that only what `powers` it opens; barrier: a low bar that a body jumps over."""
    state: Literal["open", "closed", "locked"] = "open"
    """Openings and barriers are always "open"."""
    key: str | None = None
    """Id of the object that unlocks it, for a body that holds it; nothing locks it again."""
    stays_open: Annotated[float, Field(gt=0)] | None = None
    """Seconds after which it closes again by itself; None: never."""

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"the {self.kind}"

    def along_x(self, floor: Rectangle) -> bool:
        """True when its wall runs along x; ``floor`` is that of one of its two places."""
        return self.position[1] in (floor[1], floor[3])


def _position_or_carrier(schema: dict[str, Any]) -> None:
    """Say in an object's JSON Schema that a position is not needed by what another carries."""
    schema["required"].remove("position")
    schema["anyOf"] = [{"required": [name]} for name in ("position", "inside", "upon")]


class Object(Model):
    """A thing that stands somewhere."""

    model_config = ConfigDict(json_schema_extra=_position_or_carrier)

    id: Identifier
    """What everything else in the scene calls it by."""
    class_name: Annotated[str, Field(validation_alias="class", serialization_alias="class")]
    """A name out of ``envs.classes.CLASSES``; ``class`` in files."""
    color: str
    """A name out of ``envs.palette.COLORS``."""
    position: Point
    """Middle of its floor; what is inside or upon another has the position of that one."""
    yaw_degrees: float = 0.0
    """A multiple of 90, clockwise from +z seen from above."""
    size: tuple[float, float, float] | None = None
    """Full extent along its own right, up, forward; None: as its class has it."""
    affordances: tuple[str, ...] | None = None
    """What can be done with it; None: as its class has it."""
    heavy: bool | None = None
    """Whether it takes two to lift it; None: as its class has it."""
    on: bool = False
    """Switched on."""
    sound: str | None = None
    """What it sounds like, a name out of ``envs.classes.SOUND_NAMES``."""
    sounding: bool = False
    """Sounds from the start. A switchable thing sounds while it is on."""
    sounds_from: Annotated[float, Field(ge=0)] = 0.0
    """Seconds after the start before which it keeps silent."""
    sounds_until: Annotated[float, Field(gt=0)] | None = None
    """Seconds after the start from which on it keeps silent; None: never."""
    open: bool = False
    """Containers only: starts open."""
    key: str | None = None
    """Containers only: starts locked, and this is the id of the object that unlocks it."""
    inside: str | None = None
    """Id of the container that it starts in; its position is then that of the container."""
    upon: str | None = None
    """Id of the surface that it starts on; its position is then that of the surface."""
    powers: Annotated[tuple[str, ...], Field(max_length=MAX_POWERED)] = ()
    """Ids of objects that are on while it is on, and of doors that it opens when switched on."""
    sign: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,3}$")] | None = None
    """Glyphs on its front: only visible."""
    text: Annotated[str, Field(min_length=1, max_length=160)] | None = None
    """What examining it reveals, to the reader alone."""
    mentions: Annotated[tuple[str, ...], Field(max_length=MAX_MENTIONS)] = ()
    """Ids of the things that the text names: the reader gets slots for them."""
    path: Annotated[tuple[Point, ...], Field(max_length=MAX_PATH)] = ()
    """Points that it drives to in turn, for ever, while it is on or has no switch."""
    speed: Annotated[float, Field(gt=0, le=3.0)] = 0.5
    """On its path, metres per second."""

    @property
    def name(self) -> str:
        """What it is called in sentences; says the class and never what is only visible."""
        return f"the {self.class_name}"


class Fact(Model):
    """That something is in a place, as somebody knows it."""

    about: str
    """Id of an object, a person or a topic."""
    where: str
    """Id of a place."""


class Person(Model):
    """Somebody: an "npc" is one of the controlled NPCs; all others stand or walk, and talk."""

    id: Identifier
    """What facts and tasks call them by."""
    name: Name
    """What they are called in sentences: "the guide", "Ada"."""
    role: Literal["guide", "visitor", "npc", "resident", "teacher", "clerk", "worker"] = "visitor"
    """What they are; it shows in their clothes."""
    position: Point
    """Where they stand at the start."""
    yaw_degrees: float = 0.0
    """Where they look, clockwise from +z seen from above."""
    facts: tuple[Fact, ...] = ()
    """What they know and tell."""
    tells_every: Annotated[float, Field(gt=0)] | None = None
    """Seconds between facts told unasked; None: only when asked."""
    path: Annotated[tuple[Point, ...], Field(max_length=MAX_PATH)] = ()
    """Points that they walk to in turn, for ever, stopping before whoever stands in the way."""
    speed: Annotated[float, Field(gt=0, le=2.0)] = 0.8
    """On their path, metres per second."""


class Topic(Model):
    """A named thing without a body that one can talk about, such as a concert."""

    id: Identifier
    """What facts and tasks call it by."""
    name: Name
    """What it is called in sentences: "the concert"."""


class Spawn(Model):
    """Where a controlled NPC may begin."""

    position: Point
    """Clear of everything that stands there."""
    yaw_degrees: float = 0.0
    """Where the NPC looks, clockwise from +z seen from above."""


class Scene(Model):
    """A scene; see the module's docstring for its frame."""

    name: Name
    """What reports call it."""
    family: Name = "museum"
    """The family of scenes that it is like."""
    difficulty: Annotated[float, Field(ge=0, le=1)] = 0.5
    """From 0, easy, to 1, hard: size, clutter, closed doors, distance."""
    map: Literal["known", "none"] = "known"
    """known: NPCs know all places and doors from the start (residents); none: strangers."""
    height: Annotated[float, Field(ge=2.2, le=10.0)] = 2.6
    """Of the rooms, metres."""
    floor_color: Color = FLOOR_COLORS[0]
    """Red, green, blue."""
    wall_color: Color = WALL_COLORS[0]
    """Red, green, blue."""
    ceiling_color: Color = CEILING_COLOR
    """Red, green, blue."""
    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    """At least one; all of them can be reached."""
    doors: tuple[Door, ...] = ()
    """In walls: without one, places that share an edge are not joined."""
    objects: tuple[Object, ...] = ()
    """Whatever stands, lies or moves there and is nobody."""
    people: tuple[Person, ...] = ()
    """Whoever is there beside the controlled NPCs."""
    topics: tuple[Topic, ...] = ()
    """Named things without a body."""
    spawns: Annotated[tuple[Spawn, ...], Field(min_length=1)]
    """Where controlled NPCs may begin."""
    tasks: tuple[TaskSpec, ...] = ()
    """What can be asked in this scene beside the tasks that every scene can stage."""

    @model_validator(mode="before")
    @classmethod
    def _place_carried(cls, data: Any) -> Any:
        """Give what is inside or upon another the position of that one."""
        things = data.get("objects") if isinstance(data, dict) else None
        if not isinstance(things, list | tuple):
            return data
        written = {str(thing["id"]): thing for thing in things
                   if isinstance(thing, dict) and "id" in thing}  # fmt: skip
        return {**data, "objects": [_with_position(thing, written) for thing in things]}

    def thing_ids(self) -> tuple[str, ...]:
        """Ids of everything that can have a slot: places, doors, objects, people, topics."""
        groups: tuple[Sequence[Place | Door | Object | Person | Topic], ...] = (
            self.places, self.doors, self.objects, self.people, self.topics,
        )  # fmt: skip
        return tuple(thing.id for group in groups for thing in group)

    def position_of(self, thing_id: str) -> Point:
        """Where an object or a person is: what is inside or upon another is where that one is."""
        for thing in self.objects:
            if thing.id == thing_id:
                carrier = thing.inside or thing.upon
                return self.position_of(carrier) if carrier else thing.position
        for person in self.people:
            if person.id == thing_id:
                return person.position
        raise KeyError(thing_id)

    def place_at(self, x: float, z: float) -> Place | None:
        """The place whose floor has this point, None when none has."""
        return next((place for place in self.places if place.contains(x, z)), None)

    def place_of(self, thing_id: str) -> Place | None:
        """The place in which an object or person is, or which a topic's first fact names."""
        standing: tuple[Object | Person, ...] = (*self.objects, *self.people)
        for thing in standing:
            if thing.id == thing_id:
                return self.place_at(*self.position_of(thing_id))
        for person in self.people:
            for fact in person.facts:
                if fact.about == thing_id:
                    return next((place for place in self.places if place.id == fact.where), None)
        return None


def _with_position(thing: Any, written: Mapping[str, dict[str, Any]]) -> Any:
    """An object as in a file, its position found on what carries it when it has none."""
    if not isinstance(thing, dict) or "position" in thing:
        return thing
    carrier: Any = thing
    for _ in written:  # a ring of carriers ends here too; the checks report it
        above = carrier.get("inside") or carrier.get("upon")
        if above is None:
            return thing
        carrier = written.get(str(above), {"position": NOWHERE})
        if "position" in carrier:
            return {**thing, "position": carrier["position"]}
    return {**thing, "position": NOWHERE}


def load_scene(name: str | Path) -> Scene:
    """Find a scene: ``museum`` (written), ``museum:SEED`` (generated) or the path of a file.

    Raises:
        SceneError: the name is unknown or the file is not a valid scene; says why and the cure.
    """
    from envs import scene_file  # it builds on the models above

    return scene_file.load_scene(name)


def scene_schema() -> dict[str, Any]:
    """JSON Schema of the file format, for editors that complete and check YAML."""
    return Scene.model_json_schema(by_alias=True)


def schema_text() -> str:
    """The schema as a file: ``scenes/schema.json`` is this."""
    return json.dumps(scene_schema(), indent=2, ensure_ascii=False) + "\n"
