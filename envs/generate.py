"""Scenes made from a family and a seed: `generate("museum", 7)` is the same scene for ever.

A museum has 4 to 9 rooms on a grid, doors between them, exhibits along the walls, a guide, some
visitors and two events that the guide alone knows the places of. One class of exhibit has four or
five look-alikes that differ in colour only. Whatever is drawn at random is drawn independently, so
that nothing that can be read betrays what must be seen, heard or asked.

Seeds are a convention of training: 0 to 999,999 to train, 1,000,000 to 1,999,999 to validate, from
2,000,000 to test.
"""

from __future__ import annotations

from collections.abc import Callable

from envs.classes import MUSEUM_SOUNDS
from envs.palette import FLOOR_COLORS, WALL_COLORS
from envs.placing import CrowdedError, Placer
from envs.reach import CELL, shared_edge
from envs.scene import Door, Fact, Object, Person, Place, Scene, SceneError, Topic
from envs.stream import Stream
from envs.suggest import did_you_mean

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

ROOM_COUNTS = (4, 5, 6, 7, 8, 9)
ROOM_SIZES = (3.0, 3.25, 3.5, 3.75, 4.0)
EXTRA_DOORS = 0.3
"""Chance of a doorway between neighbours that are connected already."""
CLOSED_DOORS = 0.35
DOOR_WIDTH = 1.0


def generate(family: str, seed: int) -> Scene:
    """Make the scene of a family and seed.

    Raises:
        SceneError: the family is unknown or the seed negative.
    """
    if family not in FAMILIES:
        cure = did_you_mean(family, FAMILIES)
        raise SceneError(f"No family of scenes is called '{family}': {cure}")
    if seed < 0:
        raise SceneError(f"A scene's seed must be 0 or more, not {seed}: write {family}:{-seed}.")
    stream = Stream(f"{family}:{seed}")
    while True:
        scene = FAMILIES[family](stream, f"{family}:{seed}")
        if scene is not None:
            return scene


def _museum(stream: Stream, name: str) -> Scene | None:
    """Draw one museum; None when the draw does not work out."""
    places = _rooms(stream)
    doors = _doors(stream, places)
    placer = Placer(stream, places, doors)
    try:
        objects = placer.objects()
        people = placer.people()
        spawns = placer.spawns()
    except CrowdedError:
        return None
    if not placer.all_reached(objects, people, spawns):
        return None
    objects = _with_sounds(stream, objects)
    topics, people = _with_knowledge(stream, places, objects, people)
    return Scene.model_construct(
        name=name,
        family="museum",
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


FAMILIES: dict[str, Callable[[Stream, str], Scene | None]] = {"museum": _museum}


# ---------------------------------------------------------------------------------------------
# Rooms and doors


def _rooms(stream: Stream) -> list[Place]:
    """Connected cells of a grid whose columns and rows have sizes of their own."""
    count = stream.choice(ROOM_COUNTS)
    columns, rows = stream.choice([
        (c, r) for c in (2, 3, 4) for r in (2, 3, 4) if count <= c * r <= count + 3
    ])  # fmt: skip
    x_edges, z_edges = [0.0], [0.0]
    for _ in range(columns):
        x_edges.append(x_edges[-1] + stream.choice(ROOM_SIZES))
    for _ in range(rows):
        z_edges.append(z_edges[-1] + stream.choice(ROOM_SIZES))
    cells = {(int(stream.uniform(0, columns - 0.01)), int(stream.uniform(0, rows - 0.01)))}
    while len(cells) < count:
        border = [
            (c, r) for c in range(columns) for r in range(rows)
            if (c, r) not in cells
            and cells & {(c - 1, r), (c + 1, r), (c, r - 1), (c, r + 1)}
        ]  # fmt: skip
        cells.add(stream.choice(border))
    left, low = min(c for c, _ in cells), min(r for _, r in cells)
    places = []
    for (c, r), adjective in zip(sorted(cells), stream.sample(ADJECTIVES, count), strict=True):
        noun = stream.choice(NOUNS)
        floor = (
            x_edges[c] - x_edges[left], z_edges[r] - z_edges[low],
            x_edges[c + 1] - x_edges[left], z_edges[r + 1] - z_edges[low],
        )  # fmt: skip
        places.append(Place.model_construct(
            id=f"{adjective}_{noun}", name=f"the {adjective} {noun}", floor=floor,
        ))  # fmt: skip
    return stream.shuffled(places)


def _doors(stream: Stream, places: list[Place]) -> list[Door]:
    """A doorway on each branch of a random spanning tree and on some other shared edges."""
    edges = []
    for a in range(len(places)):
        for b in range(a + 1, len(places)):
            edge = shared_edge(places[a].floor, places[b].floor)
            if edge is not None:
                edges.append((a, b, edge))
    group = list(range(len(places)))
    doors = []
    for a, b, (along_x, line, start, end) in stream.shuffled(edges):
        if group[a] == group[b] and not stream.chance(EXTRA_DOORS):
            continue
        group = [group[a] if other == group[b] else other for other in group]
        margin = DOOR_WIDTH / 2 + CELL
        steps = round((end - start - 2 * margin) / CELL)
        middle = start + margin + CELL * int(stream.choice(range(steps + 1)))
        doors.append(Door.model_construct(
            id="", between=(places[a].id, places[b].id),
            position=(middle, line) if along_x else (line, middle),
            width=DOOR_WIDTH,
            state="closed" if stream.chance(CLOSED_DOORS) else "open",
        ))  # fmt: skip
    return [
        door.model_copy(update={"id": f"door_{number}"})
        for number, door in enumerate(stream.shuffled(doors), 1)
    ]


# ---------------------------------------------------------------------------------------------
# What can be heard and who knows what


def _with_sounds(stream: Stream, objects: list[Object]) -> list[Object]:
    """Let none, one or two objects sound from the start; none of them rings."""
    sounding = stream.sample(range(len(objects)), stream.choice((0, 1, 2)))
    sounds = stream.sample(MUSEUM_SOUNDS[1:], len(sounding))
    changed = list(objects)
    for number, sound in zip(sounding, sounds, strict=True):
        changed[number] = objects[number].model_copy(update={"sound": sound, "sounding": True})
    return changed


def _with_knowledge(
    stream: Stream, places: list[Place], objects: list[Object], people: list[Person]
) -> tuple[tuple[Topic, ...], list[Person]]:
    """Tell the guide where two events are, and visitors where some one-of-a-kind objects are."""
    names = stream.sample(TOPIC_NAMES, 2)
    topics = tuple(Topic.model_construct(id=name.removeprefix("the "), name=name) for name in names)
    where = stream.sample(places, 2)
    facts = [
        Fact.model_construct(about=topic.id, where=place.id)
        for topic, place in zip(topics, where, strict=True)
    ]
    classes = [thing.class_name for thing in objects]
    unique = [thing for thing in objects if classes.count(thing.class_name) == 1]
    knowing = []
    for person in people:
        if person.role == "guide":
            knowing.append(person.model_copy(update={"facts": tuple(facts)}))
            continue
        known = stream.sample(unique, stream.choice((1, 2)))
        told = tuple(
            Fact.model_construct(about=thing.id, where=place.id)
            for thing in known for place in places if place.contains(*thing.position)
        )  # fmt: skip
        every = stream.choice((None, 8.0, 12.0, 16.0))
        knowing.append(person.model_copy(update={"facts": told, "tells_every": every}))
    return topics, knowing
