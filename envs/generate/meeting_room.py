"""The office: meeting rooms, a lobby and a kitchenette, boards, folders, phones, a clerk.

Four or five lamps are alike but for being lit, some devices but for sounding, some small things but
for their colour. The clerk knows where the meetings are.
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
    family="meeting_room",
    guide="the clerk",
    topics=(
        "the budget meeting", "the interview", "the presentation", "the negotiation",
        "the workshop", "the board meeting", "the review", "the training", "the briefing",
        "the planning meeting", "the farewell", "the video call",
    ),
)  # fmt: skip
ROOM_NAMES = (
    "kitchenette", "copy room", "large meeting room", "small meeting room", "northern office",
    "southern office", "quiet room", "archive", "boardroom", "interview room", "project room",
    "corner office", "mail room", "server room",
)  # fmt: skip
COLLEAGUES = ("Alan", "Beate", "Carlos", "Diana", "Erik", "Flora", "Georg", "Helga", "Imre", "Jill")

ROOM_COUNTS = (4, 5, 6, 7)
"""Beside the lobby."""
ROOM_SIZES = (3.75, 4.0, 4.25, 4.5)
LOBBY_DEPTH = 3.5
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""
COLOR_CLASSES = ("cup", "plant", "lantern")
SOUND_CLASSES = ("telephone", "alarm", "fan")
SMALL_CLASSES = ("vase", "globe", "parcel", "radio")
OTHER_CLASSES = ("cabinet", "bench", "clock", "painting", "printer", "statue")


def meeting_room(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one office floor.

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
    floors = corridor_floors(stream, count, ROOM_SIZES, LOBBY_DEPTH)
    names = ["lobby", *stream.sample(ROOM_NAMES, count)]
    return [make_place(name, floor) for name, floor in zip(names, floors, strict=True)]


def _people(stream: Stream, placer: Placer) -> list[Person]:
    """The clerk and some colleagues, one of whom may walk up and down."""
    path = placer.path(stream.choice(placer.places)) if stream.chance(0.5) else ()
    names = stream.sample(COLLEAGUES, stream.choice((1, 2)))
    people = [placer.person(SETTING.guide, "clerk")]
    people.append(placer.person(names[0], "visitor", path=path))
    people += [placer.person(name, "visitor") for name in names[1:]]
    return people


def _furnish(stream: Stream, placer: Placer) -> None:
    """Tables, boards and screens first, then all that is small, some of it on and in those."""
    places = placer.places
    look_alike, sounding = stream.choice(COLOR_CLASSES), stream.choice(SOUND_CLASSES)
    small = stream.sample(SMALL_CLASSES, 4)
    big = [Wish("table"), Wish("sofa"), Wish("fridge", free=0.0), Wish("blackboard", free=0.0)]
    stand_all(stream, placer, [*big, single(stream, "television"), single(stream, "projector")])
    carriers = {thing.class_name: thing for thing in placer.objects}
    placer.put_upon(carriers["table"], "folder")
    placer.put_upon(carriers["sofa"], "book")
    placer.put_inside(carriers["fridge"], small[0])
    key = placer.stand("key")
    safe = placer.stand("locker", free=0.0, key=key.id)
    placer.put_inside(safe, small[1])
    wishes = [*color_alikes(stream, look_alike, places), *sound_alikes(stream, sounding, places)]
    wishes += lit_alikes(stream, "lamp", places)
    wishes += [Wish("box"), Wish("folder"), Wish("note"), *[Wish("chair")] * 2]
    wishes += [single(stream, small[2]), single(stream, small[3])]
    stand_all(stream, placer, wishes)
