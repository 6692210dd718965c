"""The workshop: machines, benches, parts, heavy crates and a store that a key unlocks.

Four or five gears or pipes differ in colour only, as many machines in what they sound like. The
foreman knows where what is on today takes place.
"""

from __future__ import annotations

from envs.generate.ingredients import (
    Setting,
    Wish,
    assemble,
    clutter,
    color_alikes,
    single,
    sound_alikes,
    stand_all,
)
from envs.generate.placing import CrowdedError, Placer
from envs.generate.reaching import check_reach, open_places
from envs.generate.rooms import by_difficulty, connect, grid_floors, make_place
from envs.scene import Door, Person, Place, Scene
from envs.stream import Stream

SETTING = Setting(
    family="workshop",
    guide="the foreman",
    topics=(
        "the inspection", "the delivery", "the training", "the shift change", "the safety drill",
        "the repair", "the audit", "the maintenance", "the meeting", "the trial run",
        "the stocktaking", "the tour",
    ),
    height=3.4,
    floor_colors=((104, 106, 112), (118, 116, 110), (96, 102, 98)),
    wall_colors=((150, 156, 162), (164, 158, 148), (146, 154, 146)),
)  # fmt: skip
ADJECTIVES = (
    "assembly", "welding", "cutting", "casting", "testing", "packing", "loading", "planning",
    "sanding", "lower", "upper", "northern", "southern", "eastern", "western", "spare",
)  # fmt: skip
NOUNS = ("hall", "shop", "bay", "room", "yard", "section")
APPRENTICES = (
    "Arne", "Bruno", "Celia", "Doris", "Egon", "Fiona", "Gerd", "Heidi", "Igor", "Jana",
)  # fmt: skip

ROOM_COUNTS = (5, 6, 7, 8)
ROOM_SIZES = (3.75, 4.0, 4.25, 4.5)
CLUTTER = (0, 1, 2, 3, 4, 5)
"""Things that could as well be missing."""
COLOR_CLASSES = ("gear", "pipe")
SOUND_CLASSES = ("generator", "fan", "alarm")
SMALL_CLASSES = ("lantern", "drum", "helmet", "parcel", "radio")
OTHER_CLASSES = ("cabinet", "bench", "clock", "telephone", "chair", "locker", "table")
KEY = "key_1"


def workshop(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one workshop.

    Raises:
        CrowdedError: the draw does not work out.
    """
    drawn = stream.uniform(0, 1)
    hard = drawn if difficulty is None else difficulty
    places = _rooms(stream, stream.choice(by_difficulty(ROOM_COUNTS, hard)))
    doors, store = _with_store(
        stream, connect(stream, places, 0.1 + 0.6 * hard, extra=0.25), places
    )
    halls = [place for place in places if place is not store]
    placer = Placer(stream, places, doors)
    people = _people(stream, placer, halls)
    _furnish(stream, placer, halls, store)
    kinds = [kind for kind in OTHER_CLASSES if all(kind != t.class_name for t in placer.objects)]
    clutter(stream, placer, kinds, stream.choice(by_difficulty(CLUTTER, hard)), doors, people)
    spawns = placer.spawn_pairs(3, halls)
    check_reach(placer, doors, spawns)
    return assemble(
        stream, SETTING, placer, people, spawns, halls,
        name=name, difficulty=hard, doors=tuple(doors),
    )  # fmt: skip


def _rooms(stream: Stream, count: int) -> list[Place]:
    floors = grid_floors(stream, count, ROOM_SIZES, slack=2)
    adjectives = stream.sample(ADJECTIVES, count)
    return [
        make_place(f"{adjective} {stream.choice(NOUNS)}", floor)
        for adjective, floor in zip(adjectives, floors, strict=True)
    ]


def _with_store(stream: Stream, doors: list[Door], places: list[Place]) -> tuple[list[Door], Place]:
    """Lock a room that has one door only.

    Raises:
        CrowdedError: there is no such room.
    """
    for place in stream.shuffled(places):
        own = [door for door in doors if place.id in door.between]
        if len(own) != 1:
            continue
        locked = own[0].model_copy(update={"state": "locked", "key": KEY})
        doors = [locked if door is own[0] else door for door in doors]
        start = next(other for other in places if other is not place)
        if len(open_places(places, doors, start.id)) == len(places) - 1:
            return doors, place
    raise CrowdedError


def _people(stream: Stream, placer: Placer, halls: list[Place]) -> list[Person]:
    """The foreman and some apprentices, one of whom walks up and down."""
    path = placer.path(stream.choice(halls))
    names = stream.sample(APPRENTICES, stream.choice((1, 2)))
    return [
        placer.person(SETTING.guide, "worker", halls),
        placer.person(names[0], "visitor", path=path),
        *(placer.person(name, "visitor", halls) for name in names[1:]),
    ]


def _furnish(stream: Stream, placer: Placer, halls: list[Place], store: Place) -> None:
    """Machines and benches first, then all that is small, some of it on and in the big things."""
    look_alike, sounding = stream.choice(COLOR_CLASSES), stream.choice(SOUND_CLASSES)
    small = stream.sample(SMALL_CLASSES, 4)
    machines = [kind for kind in ("lathe", "press", "generator") if kind != sounding]
    big = [single(stream, kind, halls) for kind in machines]
    big += [Wish("workbench", places=halls), *[Wish("crate", places=halls, free=0.5)] * 2]
    big += sound_alikes(stream, sounding, halls)
    stand_all(stream, placer, big)
    bench = next(thing for thing in placer.objects if thing.class_name == "workbench")
    placer.put_upon(bench, small[0])
    placer.put_upon(bench, "note")
    full = placer.stand("toolbox", places=halls)
    placer.put_inside(full, next(kind for kind in COLOR_CLASSES if kind != look_alike))
    placer.stand("key", places=halls)
    wishes = [*color_alikes(stream, look_alike, halls), Wish("crate", places=[store])]
    wishes += [single(stream, small[1], [store]), single(stream, small[2], halls)]
    wishes += [single(stream, small[3], halls), Wish("toolbox", places=halls)]
    wishes += [Wish("signpost", places=halls), Wish("folder", places=halls)]
    stand_all(stream, placer, wishes)
