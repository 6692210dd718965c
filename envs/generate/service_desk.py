"""The service desk: a hall with counters and signposts, offices, printers, parcels, clerks.

Four or five parcels differ in colour only, some devices but in what they sound like, the signposts
in their signs. A clerk knows where everything is handled, and a visitor walks through the hall.
"""

from __future__ import annotations

from envs.generate.corridor import corridor_floors
from envs.generate.ingredients import (
    Setting,
    Wish,
    assemble,
    clutter,
    color_alikes,
    signed,
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
    family="service_desk",
    guide="the clerk",
    topics=(
        "the registration", "the complaint desk", "the parcel pickup", "the lost property",
        "the passport desk", "the cash desk", "the information desk", "the consultation",
        "the permit desk", "the payment desk", "the ticket sale", "the tax desk",
    ),
    height=3.2,
)  # fmt: skip
ROOM_NAMES = (
    "waiting room", "print room", "archive", "first office", "second office", "third office",
    "back office", "parcel room", "photo room", "cashier room", "staff room", "storage",
    "interview room", "scanning room",
)  # fmt: skip
VISITORS = ("Amos", "Bella", "Cyril", "Delia", "Edgar", "Faye", "Gilda", "Hector", "Ilse", "Jorge")

ROOM_COUNTS = (4, 5, 6, 7)
"""Beside the hall."""
ROOM_SIZES = (3.75, 4.0, 4.25, 4.5)
HALL_DEPTH = 5.0
SIGNPOSTS = 4
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""
SOUND_CLASSES = ("printer", "telephone", "alarm")
SMALL_CLASSES = ("vase", "globe", "helmet", "radio")
OTHER_CLASSES = ("cabinet", "bench", "clock", "painting", "fan", "plant")


def service_desk(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one service desk.

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
    floors = corridor_floors(stream, count, ROOM_SIZES, HALL_DEPTH)
    names = ["hall", *stream.sample(ROOM_NAMES, count)]
    return [make_place(name, floor) for name, floor in zip(names, floors, strict=True)]


def _people(stream: Stream, placer: Placer) -> list[Person]:
    """The clerk, a visitor who walks through the hall, and perhaps others."""
    hall = next(place for place in placer.places if place.id == "hall")
    path = placer.path(hall)
    names = stream.sample(VISITORS, stream.choice((1, 2)))
    people = [placer.person(names[0], "visitor", path=path), placer.person(SETTING.guide, "clerk")]
    people += [placer.person(name, "visitor") for name in names[1:]]
    return people


def _furnish(stream: Stream, placer: Placer) -> None:
    """Counters and terminals first, then all that is small, some of it on and in the big things."""
    places = placer.places
    sounding = stream.choice(SOUND_CLASSES)
    small = stream.sample(SMALL_CLASSES, 4)
    stand_all(stream, placer, [*[Wish("counter")] * 2, *[single(stream, "terminal")] * 2])
    counter = next(thing for thing in placer.objects if thing.class_name == "counter")
    placer.put_upon(counter, "folder")
    placer.put_upon(counter, small[0])
    key = placer.stand("key")
    locked = placer.stand("locker", free=0.0, key=key.id)
    placer.put_inside(locked, small[1])
    wishes = [*color_alikes(stream, "parcel", places), *sound_alikes(stream, sounding, places)]
    wishes += signed(stream, "signpost", SIGNPOSTS, places)
    wishes += [Wish("mailbox", free=0.0), Wish("box"), Wish("note"), *[Wish("chair")] * 2]
    wishes += [single(stream, small[2]), single(stream, small[3])]
    stand_all(stream, placer, wishes)
