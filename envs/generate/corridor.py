"""Schools, offices, public halls: rooms on both sides of a passage, and who and what is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from envs.generate.ingredients import Setting, assemble, clutter
from envs.generate.placing import Placer
from envs.generate.reaching import check_reach
from envs.generate.rooms import by_difficulty, connect, make_place
from envs.scene import Person, Place, Point, Rectangle, Scene
from envs.stream import Stream

ROOM_COUNTS = (4, 5, 6, 7)
"""Beside the passage."""
ROOM_SIZES = (3.75, 4.0, 4.25, 4.5)
CLUTTER = (0, 1, 2, 3, 4)
"""Things that could as well be missing."""


@dataclass(frozen=True)
class Corridor:
    """What the scenes of a family on a passage have in common."""

    setting: Setting
    passage: str
    """Its name without "the"."""
    depth: float
    """Of the passage, metres."""
    room_names: tuple[str, ...]
    guide_role: Literal["teacher", "clerk"]
    visitors: tuple[str, ...]
    """Names of whoever else may be there."""
    others: tuple[str, ...]
    """Classes of the things that could as well be missing."""
    furnish: Callable[[Stream, Placer], None]
    """Places all other things."""
    is_busy: bool = False
    """True: a visitor always walks through the passage; else one may walk in any place."""


def draw_corridor(
    stream: Stream, family: Corridor, name: str, difficulty: float | None
) -> Scene:  # fmt: skip
    """Draw one scene of a family on a passage.

    Raises:
        CrowdedError: the draw does not work out.
    """
    drawn = stream.uniform(0, 1)
    hard = drawn if difficulty is None else difficulty
    places = _rooms(stream, family, stream.choice(by_difficulty(ROOM_COUNTS, hard)))
    doors = connect(stream, places, closed=0.1 + 0.6 * hard, extra=0.4)
    placer = Placer(stream, places, doors)
    people = _people(stream, family, placer)
    family.furnish(stream, placer)
    kinds = [kind for kind in family.others if all(kind != t.class_name for t in placer.objects)]
    clutter(stream, placer, kinds, stream.choice(by_difficulty(CLUTTER, hard)), doors, people)
    spawns = placer.spawn_pairs(2)
    check_reach(placer, doors, spawns)
    return assemble(
        stream, family.setting, placer, people, spawns, places,
        name=name, difficulty=hard, doors=tuple(doors),
    )  # fmt: skip


def corridor_floors(
    stream: Stream, count: int, sizes: Sequence[float], depth: float
) -> list[Rectangle]:
    """A passage along x and rooms above and below it.

    Args:
        stream: draws.
        count: rooms beside the passage, at least two.
        sizes: to choose the rooms' widths and the two rows' depths from, metres.
        depth: of the passage, metres.

    Returns:
        The passage first, then the rooms.
    """
    above = (count + stream.choice((0, 1))) // 2
    floors: list[Rectangle] = []
    ends = []
    for number, upward in ((above, True), (count - above, False)):
        x, tall = 0.0, stream.choice(sizes)
        z0, z1 = (depth, depth + tall) if upward else (-tall, 0.0)
        for _ in range(number):
            wide = stream.choice(sizes)
            floors.append((x, z0, x + wide, z1))
            x += wide
        ends.append(x)
    return [(0.0, 0.0, max(ends), depth), *floors]


def _rooms(stream: Stream, family: Corridor, count: int) -> list[Place]:
    floors = corridor_floors(stream, count, ROOM_SIZES, family.depth)
    names = [family.passage, *stream.sample(family.room_names, count)]
    return [make_place(name, floor) for name, floor in zip(names, floors, strict=True)]


def _people(stream: Stream, family: Corridor, placer: Placer) -> list[Person]:
    """Whoever knows where the topics are, and some visitors, one of whom may walk up and down."""
    path: tuple[Point, ...] = ()
    if family.is_busy:
        path = placer.path(placer.places[0])
    elif stream.chance(0.5):
        path = placer.path(stream.choice(placer.places))
    first, *rest = stream.sample(family.visitors, stream.choice((1, 2)))
    people = [placer.person(first, "visitor", path=path)] if family.is_busy else []
    people.append(placer.person(family.setting.guide, family.guide_role))
    if not family.is_busy:
        people.append(placer.person(first, "visitor", path=path))
    return people + [placer.person(name, "visitor") for name in rest]
