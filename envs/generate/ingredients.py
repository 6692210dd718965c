"""What every family's scenes have: sounds, topics that somebody knows of, people with facts."""

from __future__ import annotations

from collections.abc import Sequence

from envs.scene import Fact, Object, Person, Place, Topic
from envs.stream import Stream


def with_sounds(
    stream: Stream,
    objects: Sequence[Object],
    sounds: Sequence[str],
    counts: Sequence[int] = (0, 1, 2),
) -> list[Object]:
    """Let some objects sound from the start, each in its own way.

    Args:
        stream: draws.
        objects: any of them may sound.
        sounds: to choose from.
        counts: to choose the number of sounding objects from.
    """
    sounding = stream.sample(range(len(objects)), stream.choice(counts))
    changed = list(objects)
    for number, sound in zip(sounding, stream.sample(sounds, len(sounding)), strict=True):
        changed[number] = objects[number].model_copy(update={"sound": sound, "sounding": True})
    return changed


def draw_topics(stream: Stream, names: Sequence[str], count: int = 2) -> tuple[Topic, ...]:
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
    """The objects that are the only ones of their class."""
    classes = [thing.class_name for thing in objects]
    return [thing for thing in objects if classes.count(thing.class_name) == 1]
