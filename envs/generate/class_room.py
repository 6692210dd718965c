"""The school: class rooms on a corridor, desks, blackboards, lockers, lamps, a teacher.

Four or five lamps are alike but for being lit, some devices but for sounding, some small things but
for their colour. The teacher knows where the lessons are.
"""

from __future__ import annotations

from envs.generate.corridor import corridor_floors
from envs.generate.ingredients import (
    Setting,
    Wish,
    assemble,
    clutter,
    color_alikes,
    lit_alikes,
    single,
    sound_alikes,
    stand_all,
)
from envs.generate.placing import Placer
from envs.generate.reaching import check_reach
from envs.generate.rooms import by_difficulty, connect, make_place
from envs.scene import Person, Place, Scene
from envs.stream import Stream

SETTING = Setting(
    family="class_room",
    guide="the teacher",
    topics=(
        "the algebra lesson", "the history lesson", "the biology lesson", "the choir", "the exam",
        "the drawing lesson", "the chess club", "the physics lesson", "the spelling test",
        "the poetry lesson", "the assembly", "the language lesson",
    ),
    height=2.8,
)  # fmt: skip
ROOM_NAMES = (
    "art room", "music room", "science room", "history room", "language room", "reading room",
    "map room", "staff room", "first class room", "second class room", "third class room",
    "chess room", "computer room", "library",
)  # fmt: skip
PUPILS = ("Ada", "Ben", "Clara", "David", "Elsa", "Finn", "Gina", "Henry", "Iris", "Jakob")

ROOM_COUNTS = (4, 5, 6, 7)
"""Beside the corridor."""
ROOM_SIZES = (3.75, 4.0, 4.25, 4.5)
CORRIDOR_DEPTH = 3.0
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""
COLOR_CLASSES = ("globe", "cup", "drum")
SOUND_CLASSES = ("radio", "clock", "alarm")
SMALL_CLASSES = ("vase", "helmet", "parcel", "plant")
OTHER_CLASSES = ("cabinet", "bench", "harp", "painting", "telephone", "fan", "statue")


def class_room(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one school floor.

    Raises:
        CrowdedError: the draw does not work out.
    """
    drawn = stream.uniform(0, 1)
    hard = drawn if difficulty is None else difficulty
    places = _rooms(stream, stream.choice(by_difficulty(ROOM_COUNTS, hard)))
    doors = connect(stream, places, closed=0.1 + 0.6 * hard, extra=0.4)
    placer = Placer(stream, places, doors)
    people = _people(stream, placer)
    _furnish(stream, placer)
    kinds = [kind for kind in OTHER_CLASSES if all(kind != t.class_name for t in placer.objects)]
    clutter(stream, placer, kinds, stream.choice(by_difficulty(CLUTTER, hard)), doors, people)
    spawns = placer.spawn_pairs(2)
    check_reach(placer, doors, spawns)
    return assemble(
        stream, SETTING, placer, people, spawns, places,
        name=name, difficulty=hard, doors=tuple(doors),
    )  # fmt: skip


def _rooms(stream: Stream, count: int) -> list[Place]:
    floors = corridor_floors(stream, count, ROOM_SIZES, CORRIDOR_DEPTH)
    names = ["corridor", *stream.sample(ROOM_NAMES, count)]
    return [make_place(name, floor) for name, floor in zip(names, floors, strict=True)]


def _people(stream: Stream, placer: Placer) -> list[Person]:
    """The teacher and some pupils, one of whom may walk up and down."""
    path = placer.path(stream.choice(placer.places)) if stream.chance(0.5) else ()
    names = stream.sample(PUPILS, stream.choice((1, 2)))
    people = [placer.person(SETTING.guide, "teacher")]
    people.append(placer.person(names[0], "visitor", path=path))
    people += [placer.person(name, "visitor") for name in names[1:]]
    return people


def _furnish(stream: Stream, placer: Placer) -> None:
    """Desks, boards and lockers first, then all that is small, some of it on and in those."""
    places = placer.places
    look_alike, sounding = stream.choice(COLOR_CLASSES), stream.choice(SOUND_CLASSES)
    small = stream.sample(SMALL_CLASSES, 4)
    stand_all(stream, placer, [Wish("blackboard", free=0.0)] * 2 + [Wish("desk")] * 2)
    desk = next(thing for thing in placer.objects if thing.class_name == "desk")
    placer.put_upon(desk, "book")
    placer.put_upon(desk, small[0])
    key = placer.stand("key")
    locked = placer.stand("locker", free=0.0, key=key.id)
    placer.put_inside(locked, small[1])
    wishes = [*color_alikes(stream, look_alike, places), *sound_alikes(stream, sounding, places)]
    wishes += lit_alikes(stream, "lamp", places)
    wishes += [Wish("locker", free=0.0), single(stream, "projector"), *[Wish("chair")] * 2]
    wishes += [Wish("note"), Wish("folder"), single(stream, small[2]), single(stream, small[3])]
    stand_all(stream, placer, wishes)
