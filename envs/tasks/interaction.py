"""Tasks that ask an NPC to change something."""

from __future__ import annotations

from envs.goals import Goal, Step, Verb
from envs.scene import Object, Place, Point, Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.staging import Stage
from envs.tasks.true_map import Way, object_area

FETCH_AND_PUT = (
    "take the {color} {kind} and put it in {place}",
    "bring the {color} {kind} to {place}",
    "put the {color} {kind} in {place}",
)


@task(
    "interaction/fetch_and_put",
    "carry the look-alike of the named colour to a place",
    families=EVERY_FAMILY,
)
def fetch_and_put(stage: Stage) -> Episode:
    """Put the named object into the named place, where none of its look-alikes is if possible."""
    group = stage.look_alikes("take")
    destinations: dict[Point, Place] = {}

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        destination = _destination(stage, spawn, group)
        destinations[spawn.position] = destination
        elsewhere = [thing for thing in group if stage.place_under(thing) != destination]
        ways = {}
        for thing in elsewhere:
            way = _way_over(stage, spawn, thing, destination)
            if way is not None:
                ways[thing.id] = way
        return ways

    ways = stage.best_start(ways_from, "a place to put things and look-alikes that can be reached")
    destination = destinations[stage.actors[0].position]
    target = stage.stream.choice(list(ways))
    thing = next(thing for thing in group if thing.id == target)
    text = stage.stream.choice(FETCH_AND_PUT).format(
        color=thing.color, kind=thing.class_name, place=destination.name
    )
    steps = (Step(do=Verb.TAKE, what=target), Step(do=Verb.PUT, what=target, where=destination.id))
    goal = Goal(steps, target, tuple(ways), target, tuple(other.id for other in group))
    return stage.episode(NpcTask(text, goal, (destination.id,), shortest_path=ways[target].length))


def _destination(stage: Stage, spawn: Spawn, group: list[Object]) -> Place:
    """A place other than the start's, drawn from those with the fewest look-alikes.

    A look-alike that is in the goal place already cannot be the one that is meant, which would say
    something about the others; where there is such a place, it has none.
    """
    start = stage.place_under(spawn)
    others = [place for place in stage.open_places() if place != start]
    if not others:
        raise stage.fail("a second place")
    inside = [sum(place.contains(*thing.position) for thing in group) for place in others]
    fewest = [place for place, count in zip(others, inside, strict=True) if count == min(inside)]
    return stage.stream.choice(fewest)


def _way_over(stage: Stage, spawn: Spawn, thing: Object, destination: Place) -> Way | None:
    """The way into a place by way of an object."""
    stage.true_map.start_from(spawn.position)
    first = stage.true_map.to_thing(object_area(thing), stage.place_under(thing))
    if first is None:
        return None
    stage.true_map.start_from(first.end)
    second = stage.true_map.to_place(destination)
    return None if second is None else Way(first.length + second.length, second.end)
