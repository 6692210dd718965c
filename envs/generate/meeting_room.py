"""The office: meeting rooms, a lobby and a kitchenette, boards, folders, phones, a clerk.

Four or five lamps are alike but for being lit, some devices but for sounding, some small things but
for their colour. The clerk knows where the meetings are.
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

COLOR_CLASSES = ("cup", "plant", "lantern")
SOUND_CLASSES = ("telephone", "alarm", "fan")
SMALL_CLASSES = ("vase", "globe", "parcel", "radio")
OTHER_CLASSES = ("cabinet", "bench", "clock", "painting", "printer", "statue")


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


FAMILY = Corridor(
    setting=SETTING,
    passage="lobby",
    depth=3.5,
    room_names=ROOM_NAMES,
    guide_role="clerk",
    visitors=COLLEAGUES,
    others=OTHER_CLASSES,
    furnish=_furnish,
)


def meeting_room(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one office floor.

    Raises:
        CrowdedError: the draw does not work out.
    """
    return draw_corridor(stream, FAMILY, name, difficulty)
