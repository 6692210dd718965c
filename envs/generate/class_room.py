"""The school: class rooms on a corridor, desks, blackboards, lockers, lamps, a teacher.

Four or five lamps are alike but for being lit, some devices but for sounding, some small things but
for their colour. The teacher knows where the lessons are.
"""

from __future__ import annotations

from envs.generate.corridor import Corridor, draw_corridor
from envs.generate.ingredients import (
    Setting,
    Wish,
    color_alikes,
    lit_alikes,
    single,
    sound_alikes,
    stand_all,
)
from envs.generate.placing import Placer
from envs.scene import Scene
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

COLOR_CLASSES = ("globe", "cup", "drum")
SOUND_CLASSES = ("radio", "clock", "alarm")
SMALL_CLASSES = ("vase", "helmet", "parcel", "plant")
OTHER_CLASSES = ("cabinet", "bench", "harp", "painting", "telephone", "fan", "statue")


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


FAMILY = Corridor(
    setting=SETTING,
    passage="corridor",
    depth=3.0,
    room_names=ROOM_NAMES,
    guide_role="teacher",
    visitors=PUPILS,
    others=OTHER_CLASSES,
    furnish=_furnish,
)


def class_room(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one school floor.

    Raises:
        CrowdedError: the draw does not work out.
    """
    return draw_corridor(stream, FAMILY, name, difficulty)
