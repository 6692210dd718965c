"""Tasks that ask an NPC to go somewhere: named, heard, seen, or asked for."""

from __future__ import annotations

from envs.goals import Goal, Step, Verb
from envs.scene import Person, Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.staging import Stage
from envs.tasks.true_map import HEARING, Way

NAMED_PLACE = ("go to {place}", "walk to {place}", "please find {place} and go in")
RINGING = (
    "go to the thing that is ringing",
    "find the thing that is ringing and go to it",
    "something is ringing, go to it",
)
COLOURED_OBJECT = (
    "go to the {color} {kind}",
    "find the {color} {kind} and go to it",
    "walk to the {kind} that is {color}",
)
ASK_THEN_GO = (
    "ask {guide} where {topic} is, then go there",
    "find out from {guide} where {topic} is and go there",
    "go to {topic}, {guide} knows where it is",
)
DISTRACTORS = ("beep", "hum", "tick", "buzz", "chime")
"""Sounds that are not the one asked for."""


def go_to_place(target: str, candidates: tuple[str, ...], *before: Step) -> Goal:
    """Enter a place, after some other steps."""
    return Goal((*before, Step(do=Verb.ENTER, what=target)), target, candidates, target)


def go_to_thing(
    target: str, candidates: tuple[str, ...], look_alikes: tuple[str, ...] = ()
) -> Goal:
    """Get to a thing."""
    return Goal((Step(do=Verb.REACH, what=target),), target, candidates, target, look_alikes)


@task("navigation/named_place", "go to a place that is named", families=EVERY_FAMILY)
def named_place(stage: Stage) -> Episode:
    """Finish inside the named place."""

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        start = stage.place_under(spawn)
        return stage.ways_to_places(place for place in stage.scene.places if place != start)

    ways = stage.best_start(ways_from, "two places to go to beside the one of the start")
    target = stage.stream.choice(list(ways))
    text = stage.stream.choice(NAMED_PLACE).format(place=stage.place(target).name)
    goal = go_to_place(target, tuple(ways))
    return stage.episode(NpcTask(text, goal, (target,), shortest_path=ways[target].length))


@task("navigation/ringing", "go to the thing that is ringing", families=EVERY_FAMILY)
def ringing(stage: Stage) -> Episode:
    """Finish near the one object that rings; any object may, and others make other sounds."""

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(stage.scene.objects)

    ways = stage.best_start(ways_from, "at least two objects that can be reached")
    target = stage.stream.choice(list(ways))
    for thing in stage.scene.objects:
        if thing.sound == "ring":
            stage.replace_object(thing.id, sound=None, sounding=False)
    stage.replace_object(target, sound="ring", sounding=True)
    _add_distractors(stage, target)
    goal = go_to_thing(target, tuple(ways))
    text = stage.stream.choice(RINGING)
    return stage.episode(NpcTask(text, goal, (), shortest_path=ways[target].length))


def _add_distractors(stage: Stage, target: str) -> None:
    """Let one or two other objects sound, those counted that do so anyway."""
    others = [thing for thing in stage.scene.objects if thing.id != target]
    silent = [thing for thing in others if not thing.sounding]
    used = {thing.sound for thing in others if thing.sounding}
    wanted = stage.stream.choice((1, 2)) - (len(others) - len(silent))
    sounds = stage.stream.shuffled([sound for sound in DISTRACTORS if sound not in used])
    for thing, sound in zip(stage.stream.shuffled(silent), sounds[: max(0, wanted)], strict=False):
        stage.replace_object(thing.id, sound=sound, sounding=True)


@task(
    "navigation/coloured_object", "go to the look-alike of the named colour", families=EVERY_FAMILY
)
def coloured_object(stage: Stage) -> Episode:
    """Finish near the object of the named class and colour; its colour is only to be seen."""
    group = stage.look_alikes()

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(group)

    ways = stage.best_start(ways_from, "at least two look-alikes that can be reached")
    target = stage.stream.choice(list(ways))
    thing = next(thing for thing in group if thing.id == target)
    text = stage.stream.choice(COLOURED_OBJECT).format(color=thing.color, kind=thing.class_name)
    goal = go_to_thing(target, tuple(ways), tuple(other.id for other in group))
    return stage.episode(NpcTask(text, goal, (), shortest_path=ways[target].length))


@task(
    "navigation/ask_then_go",
    "ask the guide where something is, then go there",
    families=EVERY_FAMILY,
)
def ask_then_go(stage: Stage) -> Episode:
    """Finish inside the place that only the guide knows."""
    topics = {topic.id for topic in stage.scene.topics}
    knowing = [
        person for person in stage.scene.people
        if person.role == "guide" or any(fact.about in topics for fact in person.facts)
    ]  # fmt: skip
    if not knowing or not topics:
        raise stage.fail("a person with role guide and a topic")
    guide = min(knowing, key=lambda person: person.role != "guide")
    topic = stage.stream.choice(stage.scene.topics)

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        start = stage.place_under(spawn)
        return _ways_over(
            stage, spawn, guide, [place.id for place in stage.scene.places if place != start]
        )

    ways = stage.best_start(ways_from, "a guide and two places that can be reached")
    target = stage.stream.choice(list(ways))
    stage.forget_topics(topic.id)
    stage.tell_person(guide.id, topic.id, target)
    text = stage.stream.choice(ASK_THEN_GO).format(guide=guide.name, topic=topic.name)
    goal = go_to_place(target, tuple(ways), Step(do=Verb.ASK, who=guide.id, what=topic.id))
    return stage.episode(
        NpcTask(text, goal, (guide.id, topic.id), shortest_path=ways[target].length)
    )


def _ways_over(stage: Stage, spawn: Spawn, guide: Person, places: list[str]) -> dict[str, Way]:
    """Ways into places by way of the guide."""
    x, z = guide.position
    stage.true_map.start_from(spawn.position)
    first = stage.true_map.to_thing((x, z, x, z), stage.place_under(guide), HEARING)
    if first is None:
        return {}
    stage.true_map.start_from(first.end)
    onward = stage.ways_to_places(stage.place(place) for place in places)
    return {place: Way(first.length + way.length, way.end) for place, way in onward.items()}
