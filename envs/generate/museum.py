"""The museum: 4 to 9 rooms, exhibits along the walls, a guide, some visitors, two events.

One class of exhibit has four or five look-alikes that differ in colour only. The guide alone knows
the places of the events.
"""

from __future__ import annotations

from collections.abc import Sequence

from envs.classes import MUSEUM_CLASSES, MUSEUM_PORTABLE, MUSEUM_SOUNDS
from envs.generate.ingredients import draw_topics, guide_facts, told_facts, with_sounds
from envs.generate.placing import Placer
from envs.generate.reaching import check_reach
from envs.generate.rooms import by_difficulty, connect, grid_floors, make_place
from envs.palette import COLOR_NAMES, FLOOR_COLORS, WALL_COLORS
from envs.scene import Person, Place, Scene, Spawn
from envs.stream import Stream

ADJECTIVES = (
    "amber", "marble", "ivory", "copper", "silver", "velvet", "cedar", "maple", "granite", "bronze",
    "royal", "quiet", "grand", "old", "long", "harbor", "winter", "summer", "linen", "coral",
    "river", "island", "garden", "mountain",
)  # fmt: skip
"""First words of room names; each occurs once in a scene, so it alone tells which room is meant."""
NOUNS = ("hall", "room", "gallery", "chamber", "salon", "wing", "court", "studio")
TOPIC_NAMES = (
    "the concert", "the lecture", "the auction", "the workshop", "the reading", "the banquet",
    "the rehearsal", "the ceremony", "the debate", "the screening", "the raffle", "the reception",
)  # fmt: skip
VISITOR_NAMES = (
    "Carla", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Louis",
    "Marta", "Noor",
)  # fmt: skip

ROOM_COUNTS = (4, 5, 6, 7, 8, 9)
ROOM_SIZES = (3.0, 3.25, 3.5, 3.75, 4.0)
CLOSED_DOORS = 0.35
OBJECT_COUNTS = (8, 9, 10, 11, 12, 13, 14)
LOOK_ALIKES = (4, 5)
SPAWN_COUNT = 4
SEEDED_DIFFICULTY = 0.5
"""What a scene whose difficulty is left to the seed says of itself; all sizes occur in these."""


def museum(stream: Stream, name: str, difficulty: float | None) -> Scene:
    """Draw one museum.

    Raises:
        CrowdedError: the draw does not work out.
    """
    room_counts: Sequence[int] = ROOM_COUNTS
    object_counts: Sequence[int] = OBJECT_COUNTS
    closed = CLOSED_DOORS
    if difficulty is not None:
        room_counts = by_difficulty(ROOM_COUNTS, difficulty)
        object_counts = by_difficulty(OBJECT_COUNTS, difficulty)
        closed = 2 * CLOSED_DOORS * difficulty
    places = _rooms(stream, stream.choice(room_counts))
    doors = connect(stream, places, closed)
    placer = Placer(stream, places, doors)
    _exhibits(stream, placer, stream.choice(object_counts))
    people = _people(stream, placer)
    spawns = _spawns(stream, placer)
    check_reach(placer, doors, spawns)
    objects = with_sounds(stream, placer.objects, MUSEUM_SOUNDS[1:])  # none of them rings
    topics = draw_topics(stream, TOPIC_NAMES)
    facts = guide_facts(stream, topics, places)
    people = [
        person.model_copy(update={"facts": facts})
        if person.role == "guide"
        else told_facts(stream, person, objects, places)
        for person in people
    ]
    return Scene.model_construct(
        name=name,
        family="museum",
        difficulty=SEEDED_DIFFICULTY if difficulty is None else difficulty,
        map=stream.choice(("known", "none")),
        height=2.6,
        floor_color=stream.choice(FLOOR_COLORS),
        wall_color=stream.choice(WALL_COLORS),
        places=tuple(places),
        doors=tuple(doors),
        objects=tuple(objects),
        people=tuple(people),
        topics=topics,
        spawns=tuple(spawns),
    )


def _rooms(stream: Stream, count: int) -> list[Place]:
    floors = grid_floors(stream, count, ROOM_SIZES)
    adjectives = stream.sample(ADJECTIVES, count)
    return stream.shuffled([
        make_place(f"{adjective} {stream.choice(NOUNS)}", floor)
        for adjective, floor in zip(adjectives, floors, strict=True)
    ])  # fmt: skip


def _exhibits(stream: Stream, placer: Placer, count: int) -> None:
    """Exhibits with colours; the look-alikes are hidden among the others by order too."""
    twins = stream.choice(LOOK_ALIKES)
    look_alike = stream.choice(MUSEUM_PORTABLE)
    others = stream.shuffled([name for name in MUSEUM_CLASSES if name != look_alike])
    chosen = [(look_alike, color) for color in stream.sample(COLOR_NAMES, twins)]
    for number in range(count - twins):
        # The first four stay the only ones of their class; later ones may repeat each other.
        class_name = others[number] if number < 4 else stream.choice(others[4:])
        chosen.append((class_name, stream.choice(COLOR_NAMES)))
    for class_name, color in stream.shuffled(chosen):
        placer.stand(class_name, color)


def _people(stream: Stream, placer: Placer) -> list[Person]:
    """The guide and some visitors, still without knowledge."""
    visitors = stream.sample(VISITOR_NAMES, stream.choice((0, 1, 2)))
    return [
        placer.person(name, "guide" if name == "the guide" else "visitor")
        for name in stream.shuffled(["the guide", *visitors])
    ]


def _spawns(stream: Stream, placer: Placer) -> list[Spawn]:
    """Where controlled NPCs may begin: the second in the first's place or next door."""
    first = stream.choice(placer.places)
    near = placer.next_to(first)
    choices = [[first], near, *[placer.places] * (SPAWN_COUNT - 2)]
    return [placer.spawn(places) for places in choices]
