"""Tasks that ask an NPC to put things in order, to unlock, or to read."""

from __future__ import annotations

from envs.contract import Say, make_sentence
from envs.goals import Goal, Step, Verb
from envs.palette import COLOR_NAMES
from envs.scene import Object, Place, Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.navigation import go_to_place
from envs.tasks.props import add_object, turn_into
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.staging import Stage
from envs.tasks.true_map import Way, object_area

REARRANGE = "put the {color} {kind} in {place}, then put the {color2} {kind} in {place2}"
TIDY = ("put all the {kinds} in {place}", "tidy up, put all the {kinds} in {place}")
TIDIED = 3
"""Things to be tidied."""
SPARE_CLASSES = ("box", "parcel", "plant", "toolbox")
"""Classes that things which are not to be tidied become."""
KEY_AND_LOCK = (
    "take the key, then open the {color} box",
    "get the key and open the {color} box",
)
EXAMINE = (
    "read the notes to find out where {topic} is, then go there",
    "examine the notes to find out where {topic} is, then go there",
)
KEY_WITHIN = 12.0
"""The key lies at most so far from the start, metres of walking."""


@task(
    "interaction/rearrange",
    "put two look-alikes, told apart by colour, into two places",
    step_limit=800,
    families=EVERY_FAMILY,
)
def rearrange(stage: Stage) -> Episode:
    """Each thing goes to its own place; a look-alike put into a goal place by mistake fails."""
    group = stage.look_alikes("take")
    first_place, second_place = stage.stream.sample(_emptiest_places(stage, group, 2), 2)
    elsewhere = [
        thing for thing in group if stage.place_under(thing) not in (first_place, second_place)
    ]

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(elsewhere)

    ways = stage.best_start(ways_from, "look-alikes outside two places")
    target = stage.stream.choice(list(ways))
    other = stage.stream.choice([name for name in ways if name != target])
    things = {thing.id: thing for thing in group}
    length = _carry(stage, stage.actors[0].position, [
        (things[target], first_place), (things[other], second_place)
    ])  # fmt: skip
    steps = (
        Step(do=Verb.PUT, what=target, where=first_place.id),
        Step(do=Verb.PUT, what=other, where=second_place.id),
    )
    goal = Goal(steps, other, tuple(ways), target, tuple(thing.id for thing in group))
    text = REARRANGE.format(
        color=things[target].color, kind=things[target].class_name, place=first_place.name,
        color2=things[other].color, place2=second_place.name,
    )  # fmt: skip
    return stage.episode(
        NpcTask(text, goal, (first_place.id, second_place.id), shortest_path=length)
    )


@task(
    "interaction/tidy",
    "put all things of a class into a place",
    step_limit=1000,
    families=EVERY_FAMILY,
)
def tidy(stage: Stage) -> Episode:
    """Three things, wherever they are, end in the named place, in any order."""
    group = stage.look_alikes("take")
    kept = stage.stream.sample(group, TIDIED)
    used = {thing.class_name for thing in stage.scene.objects}
    spare = next(name for name in SPARE_CLASSES if name not in used)
    turn_into(stage, [thing for thing in group if thing not in kept], spare)
    places = {place.id: place for place in _emptiest_places(stage, kept, 3)}

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        if len(stage.ways_to_objects(kept)) < len(kept):
            return {}
        return stage.ways_to_places(places.values())

    ways = stage.best_start(ways_from, "two places to tidy things into, all of it in reach")
    target = stage.stream.choice(list(ways))
    place = places[target]
    away = [thing for thing in kept if stage.place_under(thing) != place]
    length = _carry(stage, stage.actors[0].position, [(thing, place) for thing in away])
    steps = tuple(Step(do=Verb.PUT, what=thing.id, where=target) for thing in kept)
    kinds = f"{kept[0].class_name}es" if kept[0].class_name.endswith("x") else (
        f"{kept[0].class_name}s")  # fmt: skip
    text = stage.stream.choice(TIDY).format(kinds=kinds, place=place.name)
    goal = Goal(steps, target, tuple(ways), target)
    return stage.episode(NpcTask(text, goal, (target,), shortest_path=length))


@task(
    "interaction/key_and_lock",
    "fetch the key and open the locked box of the named colour",
    step_limit=600,
    families=EVERY_FAMILY,
)
def key_and_lock(stage: Stage) -> Episode:
    """One key fits every box; only the one of the named colour is to be opened at the end."""
    group = turn_into(stage, stage.look_alikes("take"), "box")
    for thing in stage.scene.objects:
        if thing.class_name == "key":
            turn_into(stage, [thing], "globe")

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(group)

    ways = stage.best_start(ways_from, "at least two boxes that can be reached")
    start = stage.actors[0].position
    stage.true_map.start_from(start)
    color = stage.stream.choice(COLOR_NAMES)
    key = add_object(stage, "key", color, stage.true_map.spots(KEY_WITHIN))
    if key is None:
        raise stage.fail("free floor for a key")
    for thing in group:
        stage.replace_object(
            thing.id, key=key.id, open=False,
            affordances=("examine", "touch", "open", "close", "finish"),
        )  # fmt: skip
    target = stage.stream.choice(list(ways))
    box = next(thing for thing in group if thing.id == target)
    stage.true_map.start_from(start)
    first = stage.true_map.to_thing(object_area(key), stage.place_under(key))
    if first is None:
        raise stage.fail("a way to the key")
    stage.true_map.start_from(first.end)
    second = stage.true_map.to_thing(object_area(box), stage.place_under(box))
    if second is None:
        raise stage.fail("a way from the key to the box")
    steps = (Step(do=Verb.TAKE, what=key.id), Step(do=Verb.OPEN, what=target))
    goal = Goal(steps, target, tuple(ways), target, tuple(thing.id for thing in group))
    text = stage.stream.choice(KEY_AND_LOCK).format(color=box.color)
    length = first.length + second.length
    return stage.episode(NpcTask(text, goal, (), shortest_path=length))


@task(
    "interaction/examine_and_answer",
    "read notes until one tells where something is, and go there",
    step_limit=600,
    families=EVERY_FAMILY,
)
def examine_and_answer(stage: Stage) -> Episode:
    """One of the notes says where the topic is; the others tell of other topics."""
    group = turn_into(stage, stage.look_alikes("take"), "note")
    topics = stage.add_topics(len(group))
    stage.forget_topics(*(topic.id for topic in topics))
    notes = {thing.id: thing for thing in group}

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        if len(stage.ways_to_objects(group)) < len(group):
            return {}
        start = stage.place_under(spawn)
        return stage.ways_to_places(place for place in stage.scene.places if place != start)

    ways = stage.best_start(ways_from, "notes in reach and two places to go to")
    target = stage.stream.choice(list(ways))
    places = {place.id: place for place in stage.scene.places}
    order = stage.stream.shuffled(list(notes))
    for number, (name, topic) in enumerate(zip(order, topics, strict=True)):
        where = target if number == 0 else stage.stream.choice(list(ways))
        text = make_sentence(Say.TELL, topic.name, places[where].name)
        stage.replace_object(name, text=text, mentions=(topic.id, where))
    right = notes[order[0]]
    stage.true_map.start_from(stage.actors[0].position)
    first = stage.true_map.to_thing(object_area(right), stage.place_under(right))
    if first is None:
        raise stage.fail("a way to the note")
    stage.true_map.start_from(first.end)
    second = stage.true_map.to_place(places[target])
    if second is None:
        raise stage.fail("a way from the note to the place")
    goal = go_to_place(target, tuple(ways), Step(do=Verb.EXAMINE, what=right.id))
    said = stage.stream.choice(EXAMINE).format(topic=topics[0].name)
    length = first.length + second.length
    return stage.episode(NpcTask(said, goal, (topics[0].id,), shortest_path=length))


def _emptiest_places(stage: Stage, group: list[Object], count: int) -> list[Place]:
    """At least so many places, those with the fewest of these things."""
    places = stage.stream.shuffled(stage.open_places())
    if len(places) <= count:
        raise stage.fail(f"more than {count} places")
    inside = {place.id: sum(stage.place_under(t) == place for t in group) for place in places}
    places.sort(key=lambda place: inside[place.id])
    most = inside[places[count - 1].id]
    return [place for place in places if inside[place.id] <= most]


def _carry(stage: Stage, start: tuple[float, float], errands: list[tuple[Object, Place]]) -> float:
    """Metres of carrying each thing to its place, in this order."""
    length, here = 0.0, start
    for thing, place in errands:
        stage.true_map.start_from(here)
        first = stage.true_map.to_thing(object_area(thing), stage.place_under(thing))
        if first is None:
            raise stage.fail(f"a way to {thing.id}")
        stage.true_map.start_from(first.end)
        second = stage.true_map.to_place(place)
        if second is None:
            raise stage.fail(f"a way from {thing.id} to {place.name}")
        length, here = length + first.length + second.length, second.end
    return length
