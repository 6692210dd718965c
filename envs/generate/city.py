"""The city: streets between blocks, squares with landmarks, buildings, a gate and low barriers.

Streets and squares meet in openings as wide as the street. A gate between them opens when a button
is pressed and closes soon: who walks from there comes too late, who runs does not. Everything can
be reached another way, without the gate and without jumping.
"""

from __future__ import annotations

import math
from dataclasses import replace

from envs.generate.city_plan import BUTTON_RANGE, CityPlan, draw_plan
from envs.generate.ingredients import (
    Setting,
    Wish,
    assemble,
    clutter,
    color_alikes,
    lit_alikes,
    signed,
    single,
    sound_alikes,
    stand_all,
)
from envs.generate.placing import CrowdedError, Placer
from envs.generate.reaching import check_reach
from envs.generate.rooms import by_difficulty
from envs.reach import distance_to, grow
from envs.scene import Door, Person, Point, Scene
from envs.stream import Stream

SETTING = Setting(
    family="city",
    guide="the guide",
    topics=(
        "the parade", "the fair", "the concert", "the race", "the ferry", "the puppet show",
        "the flea market", "the marathon", "the street play", "the wine tasting", "the rally",
        "the ceremony",
    ),
    height=6.0,
    floor_colors=((112, 112, 116), (120, 114, 106), (104, 108, 108)),
    wall_colors=((172, 150, 132), (158, 152, 148), (168, 162, 140), (150, 156, 164)),
    ceiling_colors=((150, 188, 218), (168, 194, 212), (140, 172, 206)),
)  # fmt: skip
PASSERS_BY = (
    "Alma", "Boris", "Clara", "David", "Elsa", "Fabian", "Gina", "Henri", "Ilse", "Jakob",
)  # fmt: skip
COLOR_CLASSES = ("plant", "parcel", "globe")
SOUND_CLASSES = ("telephone", "clock", "alarm")
SMALL_CLASSES = ("lantern", "radio", "drum", "helmet", "vase")
OTHER_CLASSES = ("statue", "chair", "table", "chest", "harp")
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""
BICYCLE_SPEED = 1.6
BUTTON_OFFSET = 0.25
"""Least distance of the button's middle from the middle of any wall, metres."""
BUTTON_TRIES = 12
RUN_SPEED = 2.8
SECONDS_TO_TURN = 0.8
"""Between pressing a button and running for the gate."""
BEYOND_GATE = 0.7
"""A runner is through so far behind the middle of the gate, metres."""


def city(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one city.

    Raises:
        CrowdedError: the draw does not work out.
    """
    drawn = stream.uniform(0, 1)
    hard = drawn if difficulty is None else difficulty
    plan = draw_plan(stream, hard)
    placer = Placer(stream, plan.places, plan.doors)
    ridden, walked = stream.sample(plan.streets, 2)
    placer.ride("bicycle", placer.path(ridden), speed=BICYCLE_SPEED)
    people = [
        placer.person(person, "visitor", path=placer.path(walked))
        for person in stream.sample(PASSERS_BY, 1)
    ]
    gate = _button(stream, placer, plan)
    doors = [gate if door.id == gate.id else door for door in plan.doors]
    _furnish(stream, placer, plan)
    people += _standing_people(stream, placer, plan, people)
    kinds = [kind for kind in OTHER_CLASSES if all(kind != t.class_name for t in placer.objects)]
    clutter(stream, placer, kinds, stream.choice(by_difficulty(CLUTTER, hard)), doors, people)
    spawns = placer.spawn_pairs(3)
    check_reach(placer, doors, spawns)
    return assemble(
        stream, SETTING, placer, people, spawns, plan.places,
        name=name, difficulty=hard, doors=tuple(doors),
    )  # fmt: skip


def _standing_people(
    stream: Stream, placer: Placer, plan: CityPlan, walking: list[Person]
) -> list[Person]:
    """The guide outdoors and perhaps somebody else."""
    people = [placer.person(SETTING.guide, "guide", plan.outdoors)]
    names = [name for name in PASSERS_BY if all(name != person.name for person in walking)]
    for name in stream.sample(names, stream.choice((0, 1))):
        people.append(placer.person(name, "visitor"))
    return people


def _button(stream: Stream, placer: Placer, plan: CityPlan) -> Door:
    """Stand the button at a wall of the gate's street, where a runner just makes it from.

    Returns:
        The gate, which stays open as long as a runner needs from there.

    Raises:
        CrowdedError: all walls are taken.
    """
    for _ in range(BUTTON_TRIES):
        spot, yaw = _button_spot(stream, plan)
        if distance_to(grow(plan.gate_street.floor, -BUTTON_OFFSET), spot) > 0:
            continue
        try:
            placer.stand_at(spot, yaw, "button", powers=(plan.gate.id,))
        except CrowdedError:
            continue
        way = math.dist(spot, plan.gate.position) + BEYOND_GATE
        seconds = round(SECONDS_TO_TURN + way / RUN_SPEED, 1)
        return plan.gate.model_copy(update={"stays_open": seconds})
    raise CrowdedError


def _button_spot(stream: Stream, plan: CityPlan) -> tuple[Point, float]:
    """A point at a wall along the gate's street, perhaps beyond its end, and the heading there."""
    x0, z0, x1, z1 = plan.gate_street.floor
    away = stream.choice((-1, 1)) * stream.uniform(*BUTTON_RANGE)
    low_side = stream.chance(0.5)
    x, z = plan.gate.position
    if x1 - x0 > z1 - z0:  # the street runs along x
        wall = z0 + BUTTON_OFFSET if low_side else z1 - BUTTON_OFFSET
        return (round(x + away, 3), wall), 0.0 if low_side else 180.0
    wall = x0 + BUTTON_OFFSET if low_side else x1 - BUTTON_OFFSET
    return (wall, round(z + away, 3)), 90.0 if low_side else 270.0


def _furnish(stream: Stream, placer: Placer, plan: CityPlan) -> None:
    """Landmarks first, then all that is small."""
    outdoors, squares = plan.outdoors, plan.squares
    placer.stand_at(stream.choice(squares).center, 0.0, stream.choice(("fountain", "tower")))
    placer.stand("kiosk", places=outdoors, free=0.0)
    bench = placer.stand("bench", places=outdoors, free=0.0)
    look_alike, sounding = stream.choice(COLOR_CLASSES), stream.choice(SOUND_CLASSES)
    wishes = [Wish("tree", "green", outdoors), Wish("tree", "green", outdoors)]
    wishes += lit_alikes(stream, "streetlight", outdoors, (4,))
    wishes += color_alikes(stream, look_alike, placer.places)
    wishes += sound_alikes(stream, sounding, placer.places)
    wishes += signed(stream, "signpost", 3, outdoors)
    wishes += [Wish("mailbox", places=outdoors), Wish("hydrant", places=outdoors)]
    wishes += [single(stream, kind) for kind in stream.sample(SMALL_CLASSES, 2)]
    stand_all(stream, placer, [replace(wish, free=0.0) for wish in wishes])
    placer.put_upon(bench, "note")
