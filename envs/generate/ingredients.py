"""What every family's scenes have: look-alikes, sounds, texts, topics, people who know things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from envs.classes import CLASSES, HEARD_SOUNDS
from envs.generate.placing import FREE_STANDING, CrowdedError, Placer
from envs.palette import COLOR_NAMES, FLOOR_COLORS, WALL_COLORS
from envs.scene import Door, Fact, Object, Person, Place, Scene, Spawn, Topic
from envs.stream import Stream

AMBIENT_SOUNDS = tuple(sound for sound in HEARD_SOUNDS if sound not in ("ring", "beep"))
"""What may sound in a scene by itself; tasks let things ring and beep."""
LOOK_ALIKES = (4, 5)
TOPICS = 2
SIGNS = "ABCDEFHKTX"
"""Glyphs that are told apart from afar."""
MOST_THINGS = 60
"""In one scene, so that an NPC has a slot for each."""
WRITTEN_TEXTS = 6
"""Texts in one scene; a world holds a few more, for tasks."""


@dataclass(frozen=True)
class Wish:
    """An object that a scene is to have."""

    class_name: str
    color: str | None = None
    """None: any."""
    places: Sequence[Place] | None = None
    """Where it may stand; None: anywhere."""
    free: float = FREE_STANDING
    """Chance that it stands free instead of at a wall."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """More fields of the object."""


def stand_all(stream: Stream, placer: Placer, wishes: Iterable[Wish]) -> list[Object]:
    """Fulfil wishes in random order.

    Raises:
        CrowdedError: there is not enough room.
    """
    return [
        placer.stand(wish.class_name, wish.color, wish.places, wish.free, **wish.fields)
        for wish in stream.shuffled(list(wishes))
    ]


def color_alikes(stream: Stream, class_name: str, places: Sequence[Place]) -> list[Wish]:
    """Four or five things that differ in colour only."""
    colors = stream.sample(COLOR_NAMES, stream.choice(LOOK_ALIKES))
    return [Wish(class_name, color, places) for color in colors]


def sound_alikes(stream: Stream, class_name: str, places: Sequence[Place]) -> list[Wish]:
    """Four or five things that are on and alike but for the sounds that tasks give them."""
    color = stream.choice(COLOR_NAMES)
    return [Wish(class_name, color, places, fields={"on": True})] * stream.choice(LOOK_ALIKES)


def lit_alikes(
    stream: Stream, class_name: str, places: Sequence[Place], counts: Sequence[int] = LOOK_ALIKES
) -> list[Wish]:
    """Lamps that differ in nothing but whether they are lit, each at even odds."""
    color = stream.choice(COLOR_NAMES)
    return [
        Wish(class_name, color, places, fields={"on": stream.chance(0.5)})
        for _ in range(stream.choice(counts))
    ]


def single(stream: Stream, class_name: str, places: Sequence[Place] | None = None) -> Wish:
    """One thing of any colour, on or off when it can be either."""
    on = CLASSES[class_name].switchable and stream.chance(0.5)
    return Wish(class_name, places=places, fields={"on": on} if on else {})


def signed(stream: Stream, class_name: str, count: int, places: Sequence[Place]) -> list[Wish]:
    """Things of a class with different signs."""
    glyphs = stream.sample(SIGNS, count)
    return [Wish(class_name, places=places, fields={"sign": glyph}) for glyph in glyphs]


def clutter(
    stream: Stream,
    placer: Placer,
    kinds: Sequence[str],
    count: int,
    doors: Sequence[Door],
    people: Sequence[Person],
) -> None:
    """Different things that could as well be missing, as many as the scene still takes.

    Raises:
        CrowdedError: there is not enough room.
    """
    others = len(placer.places) + len(doors) + len(people) + TOPICS
    left = MOST_THINGS - others - len(placer.objects)
    if left < 0:
        raise CrowdedError
    chosen = stream.sample(kinds, max(0, min(count, left)))
    stand_all(stream, placer, [single(stream, kind) for kind in chosen])


# ---------------------------------------------------------------------------------------------
# What sounds, what is written, who knows what


def with_sounds(
    stream: Stream,
    objects: Sequence[Object],
    sounds: Sequence[str],
    able: Sequence[int] | None = None,
) -> list[Object]:
    """Let none, one or two objects sound from the start, each in its own way.

    Args:
        stream: draws.
        objects: all objects of the scene.
        sounds: to choose from.
        able: numbers of the objects that may sound; None: any.
    """
    sounding = stream.sample(
        range(len(objects)) if able is None else able, stream.choice((0, 1, 2))
    )
    changed = list(objects)
    for number, sound in zip(sounding, stream.sample(sounds, len(sounding)), strict=True):
        changed[number] = objects[number].model_copy(update={"sound": sound, "sounding": True})
    return changed


def _with_texts(stream: Stream, objects: Sequence[Object], places: Sequence[Place]) -> list[Object]:
    """Let written things say where one-of-a-kind things are."""
    subjects = [thing for thing in one_of_a_kind(objects) if thing.inside is None]
    written = [n for n, thing in enumerate(objects) if CLASSES[thing.class_name].written]
    changed = list(objects)
    for number in stream.shuffled(written)[:WRITTEN_TEXTS]:
        subject = stream.choice(subjects)
        place = next(place for place in places if place.contains(*subject.position))
        text = f"{subject.name[0].upper()}{subject.name[1:]} is in {place.name}."
        changed[number] = objects[number].model_copy(
            update={"text": text, "mentions": (subject.id, place.id)}
        )
    return changed


def draw_topics(stream: Stream, names: Sequence[str], count: int = TOPICS) -> tuple[Topic, ...]:
    """Some topics out of these names, which begin with "the"."""
    return tuple(
        Topic.model_construct(id=name.removeprefix("the ").replace(" ", "_"), name=name)
        for name in stream.sample(names, count)
    )


def guide_facts(
    stream: Stream, topics: Sequence[Topic], places: Sequence[Place]
) -> tuple[Fact, ...]:
    """Where each topic is: in different places."""
    where = stream.sample(places, len(topics))
    return tuple(
        Fact.model_construct(about=topic.id, where=place.id)
        for topic, place in zip(topics, where, strict=True)
    )


def told_facts(
    stream: Stream, person: Person, objects: Sequence[Object], places: Sequence[Place]
) -> Person:
    """Somebody who knows where one or two one-of-a-kind objects are, and may tell it unasked."""
    known = stream.sample(one_of_a_kind(objects), stream.choice((1, 2)))
    facts = tuple(
        Fact.model_construct(about=thing.id, where=place.id)
        for thing in known for place in places if place.contains(*thing.position)
    )  # fmt: skip
    every = stream.choice((None, 8.0, 12.0, 16.0))
    return person.model_copy(update={"facts": facts, "tells_every": every})


def one_of_a_kind(objects: Sequence[Object]) -> list[Object]:
    """The objects that are the only ones of their class and stay where they are."""
    classes = [thing.class_name for thing in objects]
    return [thing for thing in objects if classes.count(thing.class_name) == 1 and not thing.path]


# ---------------------------------------------------------------------------------------------
# The whole


@dataclass(frozen=True)
class Setting:
    """What a family's scenes have in common."""

    family: str
    guide: str
    """The name of whoever knows where the topics are."""
    topics: tuple[str, ...]
    """To choose from; each begins with "the"."""
    height: float = 2.6
    floor_colors: tuple[tuple[int, int, int], ...] = FLOOR_COLORS
    wall_colors: tuple[tuple[int, int, int], ...] = WALL_COLORS
    ceiling_colors: tuple[tuple[int, int, int], ...] = ((188, 188, 184),)


def assemble(
    stream: Stream,
    setting: Setting,
    placer: Placer,
    people: Sequence[Person],
    spawns: Sequence[Spawn],
    free_places: Sequence[Place],
    **fields: Any,
) -> Scene:
    """The scene of all that has been placed, with sounds, texts and knowledge drawn last.

    Args:
        stream: draws.
        setting: of the family.
        placer: has the places and objects.
        people: still without knowledge.
        spawns: where NPCs may begin.
        free_places: places where topics may be.
        fields: more fields of the scene: name, difficulty, doors.
    """
    objects = stream.shuffled(placer.objects)
    groups = [(thing.class_name, thing.color) for thing in objects]
    able = [
        n for n, thing in enumerate(objects)
        if thing.inside is None and not thing.path and thing.sound is None
        and not CLASSES[thing.class_name].written
        and (thing.on or not CLASSES[thing.class_name].switchable)
        and not (CLASSES[thing.class_name].switchable and groups.count(groups[n]) >= 4)
    ]  # fmt: skip
    objects = with_sounds(stream, objects, AMBIENT_SOUNDS, able)
    objects = _with_texts(stream, objects, placer.places)
    topics = draw_topics(stream, setting.topics)
    facts = guide_facts(stream, topics, free_places)
    knowing = [
        person.model_copy(update={"facts": facts})
        if person.name == setting.guide
        else told_facts(stream, person, objects, placer.places)
        for person in stream.shuffled(people)
    ]
    return Scene.model_construct(
        family=setting.family,
        map=stream.choice(("known", "none")),
        height=setting.height,
        floor_color=stream.choice(setting.floor_colors),
        wall_color=stream.choice(setting.wall_colors),
        ceiling_color=stream.choice(setting.ceiling_colors),
        places=tuple(stream.shuffled(placer.places)),
        objects=tuple(objects),
        people=tuple(knowing),
        topics=topics,
        spawns=tuple(spawns),
        **fields,
    )
