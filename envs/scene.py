"""Scenes: the places in which NPCs live, as validated, frozen models; YAML files hold the same.

Metres and degrees, x to the right and z forward seen from above. Places are rectangles that share
edges; walls stand on their edges and doors in the walls. `load_scene` finds one by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from envs.palette import CEILING_COLOR, FLOOR_COLORS, WALL_COLORS

WALL_THICKNESS = 0.12
"""Walls stand centred on the edges of places, metres."""
DOOR_HEIGHT = 2.1
MAX_THINGS = 60
"""Things with a slot in one scene; 63 slots less three for controlled NPCs that tasks may add."""

Point = tuple[float, float]
"""(x, z), metres."""
Rectangle = tuple[float, float, float, float]
"""(x0, z0, x1, z1), metres, x0 < x1 and z0 < z1."""
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Name = Annotated[str, Field(min_length=1, max_length=60)]
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


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True,
        serialize_by_alias=True, allow_inf_nan=False,
    )  # fmt: skip


class Place(_Model):
    """A named rectangle of floor between walls."""

    id: Identifier
    name: Name
    """What it is called in sentences: "the amber hall"."""
    floor: Rectangle

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


class Door(_Model):
    """A doorway with a door on the edge that two places share."""

    id: Identifier
    between: tuple[str, str]
    """Ids of the two places."""
    position: Point
    """Middle of the doorway, on the shared edge."""
    width: Annotated[float, Field(ge=0.8, le=3.0)] = 1.0
    state: Literal["open", "closed", "locked"] = "open"

    def along_x(self, floor: Rectangle) -> bool:
        """True when its wall runs along x; ``floor`` is that of one of its two places."""
        return self.position[1] in (floor[1], floor[3])


class Object(_Model):
    """A thing that stands somewhere."""

    id: Identifier
    class_name: Annotated[str, Field(validation_alias="class", serialization_alias="class")]
    """A name out of ``envs.classes.CLASSES``; ``class`` in files."""
    color: str
    """A name out of ``envs.palette.COLORS``."""
    position: Point
    yaw_degrees: float = 0.0
    """A multiple of 90, clockwise from +z seen from above."""
    size: tuple[float, float, float] | None = None
    """Full extent along its own right, up, forward; None: as its class has it."""
    affordances: tuple[str, ...] | None = None
    """What can be done with it; None: as its class has it."""
    on: bool = False
    sound: str | None = None
    """What it sounds like, a name out of ``envs.classes.SOUND_NAMES``."""
    sounding: bool = False

    @property
    def name(self) -> str:
        """What it is called in sentences; says the class and never what is only visible."""
        return f"the {self.class_name}"


class Fact(_Model):
    """That something is in a place, as somebody knows it."""

    about: str
    """Id of an object, a person or a topic."""
    where: str
    """Id of a place."""


class Person(_Model):
    """Somebody: a guide and visitors stand and talk, an "npc" is one of the controlled NPCs."""

    id: Identifier
    name: Name
    """What they are called in sentences: "the guide", "Ada"."""
    role: Literal["guide", "visitor", "npc"] = "visitor"
    position: Point
    yaw_degrees: float = 0.0
    facts: tuple[Fact, ...] = ()
    """What they know and tell."""
    tells_every: Annotated[float, Field(gt=0)] | None = None
    """Seconds between facts told unasked; None: only when asked."""


class Topic(_Model):
    """A named thing without a body that one can talk about, such as a concert."""

    id: Identifier
    name: Name


class Spawn(_Model):
    """Where a controlled NPC may begin."""

    position: Point
    yaw_degrees: float = 0.0


class Scene(_Model):
    """A scene; see the module's docstring for its frame."""

    name: Name
    family: Name = "museum"
    map: Literal["known", "none"] = "known"
    """known: NPCs know all places and doors from the start (residents); none: strangers."""
    height: Annotated[float, Field(ge=2.2, le=10.0)] = 2.6
    """Of the rooms, metres."""
    floor_color: Color = FLOOR_COLORS[0]
    wall_color: Color = WALL_COLORS[0]
    ceiling_color: Color = CEILING_COLOR
    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    doors: tuple[Door, ...] = ()
    objects: tuple[Object, ...] = ()
    people: tuple[Person, ...] = ()
    topics: tuple[Topic, ...] = ()
    spawns: Annotated[tuple[Spawn, ...], Field(min_length=1)]

    def thing_ids(self) -> tuple[str, ...]:
        """Ids of everything that can have a slot: places, doors, objects, people, topics."""
        groups: tuple[Sequence[Place | Door | Object | Person | Topic], ...] = (
            self.places, self.doors, self.objects, self.people, self.topics,
        )  # fmt: skip
        return tuple(thing.id for group in groups for thing in group)

    def place_at(self, x: float, z: float) -> Place | None:
        """The place whose floor has this point, None when none has."""
        return next((place for place in self.places if place.contains(x, z)), None)

    def place_of(self, thing_id: str) -> Place | None:
        """The place in which an object or person is, or which a topic's first fact names."""
        standing: tuple[Object | Person, ...] = (*self.objects, *self.people)
        for thing in standing:
            if thing.id == thing_id:
                return self.place_at(*thing.position)
        for person in self.people:
            for fact in person.facts:
                if fact.about == thing_id:
                    return next((place for place in self.places if place.id == fact.where), None)
        return None


def load_scene(name: str | Path) -> Scene:
    """Find a scene: ``museum`` (written), ``museum:SEED`` (generated) or the path of a file.

    Raises:
        SceneError: the name is unknown or the file is not a valid scene; says why and the cure.
    """
    from envs import scene_file  # it builds on the models above

    return scene_file.load_scene(name)


def scene_schema() -> dict[str, object]:
    """JSON Schema of the file format, for editors that complete and check YAML."""
    return Scene.model_json_schema(by_alias=True)
