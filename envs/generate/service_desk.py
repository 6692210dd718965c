"""The service desk: a hall with counters and signposts, offices, printers, parcels, clerks.

Four or five parcels differ in colour only, some devices but in what they sound like, the signposts
in their signs. A clerk knows where everything is handled, and a visitor walks through the hall.
"""

from __future__ import annotations

from envs.generate.corridor import Corridor, draw_corridor
from envs.generate.ingredients import (
    Setting,
    Wish,
    color_alikes,
    signed,
    single,
    sound_alikes,
    stand_all,
)
from envs.generate.placing import Placer
from envs.scene import Scene
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

SIGNPOSTS = 4
SOUND_CLASSES = ("printer", "telephone", "alarm")
SMALL_CLASSES = ("vase", "globe", "helmet", "radio")
OTHER_CLASSES = ("cabinet", "bench", "clock", "painting", "fan", "plant")


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


FAMILY = Corridor(
    setting=SETTING,
    passage="hall",
    depth=5.0,
    room_names=ROOM_NAMES,
    guide_role="clerk",
    visitors=VISITORS,
    others=OTHER_CLASSES,
    furnish=_furnish,
    is_busy=True,
)


def service_desk(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one service desk.

    Raises:
        CrowdedError: the draw does not work out.
    """
    return draw_corridor(stream, FAMILY, name, difficulty)
