"""Tasks that no NPC can do alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from envs.contract import Say, make_sentence
from envs.goals import Goal, Step, Verb
from envs.scene import Person, Place, Spawn, Topic
from envs.tasks.episode import Briefing, Episode, NpcTask
from envs.tasks.gathering import gather
from envs.tasks.registry import EVERY_FAMILY, TEAM_SIZES, task
from envs.tasks.staging import SHORTEST, Stage
from envs.tasks.true_map import Way

TWO_KNOW_HALVES = (
    "find {mate} who knows where {mine} is, tell {mate} where {theirs} is, then go to {mine}",
    "go to {mine}, {mate} knows where it is, and tell {mate} where {theirs} is",
    "tell {mate} where {theirs} is, ask {mate} where {mine} is, then go to {mine}",
)
RING = "tell {mate} where {theirs} is, ask {asked} where {mine} is, then go to {mine}"
"""For more than two."""


@task(
    "coordination/two_know_halves",
    "each of two has been told what the other needs",
    npcs=2,
    step_limit=600,
    families=EVERY_FAMILY,
    team_sizes=TEAM_SIZES,
)
def two_know_halves(stage: Stage) -> Episode:
    """Each NPC finishes inside the place of its topic, which only another has been told.

    In a team of more than two each knows what the next one in the ring needs.

    The two places are drawn independently and may be the same one: an NPC cannot conclude anything
    about its own from the other's.
    """
    if len(stage.actors) > 2:
        return _ring(stage)
    if len(stage.scene.topics) < 2:
        raise stage.fail("two topics")
    topics = stage.stream.sample(stage.scene.topics, 2)
    stage.forget_topics(*(topic.id for topic in topics))
    ways = _begin_together(stage)
    targets = [stage.place(stage.stream.choice(list(candidates))) for candidates in ways]
    text = stage.stream.choice(TWO_KNOW_HALVES)
    return stage.episode(
        *(_npc_task(stage.actors, topics, targets, ways[npc], text, npc) for npc in range(2))
    )


def _ring(stage: Stage) -> Episode:
    """Each of three to eight knows where the topic of the next one is."""
    count = len(stage.actors)
    topics = stage.add_topics(count)
    stage.forget_topics(*(topic.id for topic in topics))
    spawns = gather(stage, count)
    stage.begin_at(*spawns)
    ways = [_ways_from(stage, spawn) for spawn in spawns]
    if min(map(len, ways)) < 2:
        raise stage.fail("two places to go to")
    targets = [stage.place(stage.stream.choice(list(candidates))) for candidates in ways]
    return stage.episode(
        *(_npc_task(stage.actors, topics, targets, ways[npc], RING, npc) for npc in range(count))
    )


def _npc_task(
    actors: Sequence[Person],
    topics: Sequence[Topic],
    targets: list[Place],
    ways: dict[str, Way],
    text: str,
    npc: int,
) -> NpcTask:
    following = (npc + 1) % len(actors)
    mate, mine, theirs = actors[following], topics[npc], topics[following]
    asked = actors[npc - 1]  # of two, the same one
    told = targets[following]
    briefing = Briefing(make_sentence(Say.TELL, theirs.name, told.name), (theirs.id, told.id))
    place = targets[npc].id
    steps = (
        Step(do=Verb.TELL, who=mate.id, what=theirs.id, where=told.id),
        Step(do=Verb.ENTER, what=place),
    )
    return NpcTask(
        instruction=text.format(
            mate=mate.name, asked=asked.name, mine=mine.name, theirs=theirs.name
        ),
        goal=Goal(steps, place, tuple(ways), place),
        known_things=tuple(dict.fromkeys((mate.id, mine.id, theirs.id, told.id, asked.id))),
        briefings=(briefing,),
        shortest_path=ways[place].length,
    )


def _begin_together(stage: Stage) -> list[dict[str, Way]]:
    """Start the two in one place or next door to each other; the ways of each to other places."""
    pairs = [
        (a, b)
        for a in stage.scene.spawns
        for b in stage.scene.spawns
        if a != b and _are_near(stage, a, b)
    ]
    best: list[dict[str, Way]] = [{}, {}]
    for pair in stage.stream.shuffled(pairs):
        ways = [_ways_from(stage, spawn) for spawn in pair]
        if min(map(len, ways)) > min(map(len, best)):
            best = ways
            stage.begin_at(*pair)
    if min(map(len, best)) < 2:
        raise stage.fail("two spawn points in one place or next door, and two places to go to")
    return best


def _ways_from(stage: Stage, spawn: Spawn) -> dict[str, Way]:
    stage.true_map.start_from(spawn.position)
    start = stage.place_under(spawn)
    ways = stage.ways_to_places(place for place in stage.scene.places if place != start)
    return {place: way for place, way in ways.items() if way.length >= SHORTEST}


def _are_near(stage: Stage, a: Spawn, b: Spawn) -> bool:
    """Whether two spawn points are in one place or in places that a door joins."""
    if math.dist(a.position, b.position) < 0.5:
        return False
    places = {stage.place_under(a).id, stage.place_under(b).id}
    joined = any(places == set(door.between) for door in stage.scene.doors)
    return len(places) == 1 or joined
