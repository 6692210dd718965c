"""The home: rooms around a hall, lamps with switches, appliances, notes, somebody who lives there.

Four or five lamps are alike but for being lit, some more devices but for sounding, some small
things but for their colour. A vacuum cleaner drives through one room.
"""

from __future__ import annotations

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
from envs.generate.rooms import by_difficulty, connect, grid_floors, make_place
from envs.scene import Person, Place, Scene
from envs.stream import Stream

SETTING = Setting(
    family="home",
    guide="the host",
    topics=(
        "the party", "the dinner", "the nap", "the homework", "the rehearsal", "the breakfast",
        "the game", "the visit", "the repair", "the laundry day", "the picnic", "the call",
    ),
)  # fmt: skip
ROOM_NAMES = (
    "kitchen", "bathroom", "hallway", "study", "nursery", "pantry", "attic", "living room",
    "dining room", "master bedroom", "guest bedroom", "garden room", "winter porch", "music room",
    "utility room", "sewing room",
)  # fmt: skip
RESIDENTS = (
    "Anton", "Berta", "Cleo", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivan", "Judith",
)  # fmt: skip

ROOM_COUNTS = (4, 5, 6, 7, 8)
ROOM_SIZES = (3.5, 3.75, 4.0, 4.25)
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""
COLOR_CLASSES = ("cup", "plant", "vase")
SOUND_CLASSES = ("radio", "clock", "alarm")
SMALL_CLASSES = ("globe", "drum", "helmet", "parcel")
OTHER_CLASSES = ("chair", "clock", "cabinet", "harp", "painting", "plant", "bench", "chest")


def home(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one home.

    Raises:
        CrowdedError: the draw does not work out.
    """
    drawn = stream.uniform(0, 1)
    hard = drawn if difficulty is None else difficulty
    places = _rooms(stream, stream.choice(by_difficulty(ROOM_COUNTS, hard)))
    doors = connect(stream, places, closed=0.1 + 0.6 * hard, extra=0.2)
    placer = Placer(stream, places, doors)
    driven, walked = stream.sample(places, 2)
    placer.ride("vacuum", placer.path(driven), on=stream.chance(0.5))
    people = _people(stream, placer, walked)
    _furnish(stream, placer)
    kinds = [kind for kind in OTHER_CLASSES if all(kind != t.class_name for t in placer.objects)]
    clutter(stream, placer, kinds, stream.choice(by_difficulty(CLUTTER, hard)), doors, people)
    spawns = placer.spawn_pairs(3)
    check_reach(placer, doors, spawns)
    return assemble(
        stream, SETTING, placer, people, spawns, places,
        name=name, difficulty=hard, doors=tuple(doors),
    )  # fmt: skip


def _rooms(stream: Stream, count: int) -> list[Place]:
    floors = grid_floors(stream, count, ROOM_SIZES, slack=2)
    names = stream.sample(ROOM_NAMES, count)
    return [make_place(name, floor) for name, floor in zip(names, floors, strict=True)]


def _people(stream: Stream, placer: Placer, walked: Place) -> list[Person]:
    """The host, who may walk up and down, and up to two others."""
    path = placer.path(walked) if stream.chance(0.5) else ()
    people = [placer.person(SETTING.guide, "resident", path=path, speed=0.6)]
    for name in stream.sample(RESIDENTS, stream.choice((0, 1, 2))):
        people.append(placer.person(name, "visitor"))
    return people


def _furnish(stream: Stream, placer: Placer) -> None:
    """Big things first, then all that is small, some of it on and in the big things."""
    places = placer.places
    look_alike, sounding = stream.choice(COLOR_CLASSES), stream.choice(SOUND_CLASSES)
    small = stream.sample(SMALL_CLASSES, 4)
    big = [Wish("table"), Wish("sofa"), Wish("fridge"), single(stream, "television")]
    big += [Wish(kind, fields={"sound": "beep"}) for kind in ("washer", "oven")]
    stand_all(stream, placer, big)
    carriers = {thing.class_name: thing for thing in placer.objects}
    placer.put_upon(carriers["table"], small[0])
    placer.put_upon(carriers["sofa"], "book")
    placer.put_inside(carriers["fridge"], small[1])
    _lamps(stream, placer)
    key = placer.stand("key")
    safe = placer.stand("box", key=key.id)
    placer.put_inside(safe, small[2])
    wishes = [*color_alikes(stream, look_alike, places), *sound_alikes(stream, sounding, places)]
    wishes += [Wish("box"), Wish("note"), Wish("note"), single(stream, small[3])]
    stand_all(stream, placer, wishes)


def _lamps(stream: Stream, placer: Placer) -> None:
    """Lamps, and two switches: one for some of the lamps, one for a fan."""
    lamps = stand_all(stream, placer, lit_alikes(stream, "lamp", placer.places))
    first = stream.choice(lamps)
    powered = [lamp.id for lamp in stream.shuffled(lamps) if lamp.on == first.on][:2]
    fan = placer.stand("fan", on=stream.chance(0.5))
    switches = [(powered, first.on), ([fan.id], fan.on)]
    for things, on in stream.shuffled(switches):
        placer.stand("button", free=0.0, powers=tuple(things), on=on)
