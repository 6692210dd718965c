"""Tasks in which NPCs hand things on: carrying together, giving, errands in order, reporting."""

from __future__ import annotations

from collections.abc import Sequence

from envs.goals import Goal, Step, Verb
from envs.scene import Object, Person, Place
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.gathering import gather
from envs.tasks.registry import EVERY_FAMILY, TEAM_SIZES, task
from envs.tasks.staging import SHORTEST, Stage
from envs.tasks.true_map import object_area

LIFT = (
    "carry the {color} {kind} to {place} with {mate}",
    "it takes two, carry the {color} {kind} to {place} with {mate}",
)
TAKE_AND_GIVE = (
    "take the {color} {kind}, then give it to {mate}",
    "give the {color} {kind} to {mate}",
)
RECEIVE_AND_PUT = (
    "take the {color} {kind} from {mate}, then put it in {place}",
    "{mate} gives you the {color} {kind}, then put it in {place}",
)
ERRAND = "{verb} the {kind} in {place}"
WAIT_FOR = "wait until {mate} tells you, then "
TELL_NEXT = ", then tell {mate} where the {kind} is"
SEARCH = (
    "find the {color} {kind}, then tell {mate} where it is",
    "look for the {color} {kind}, then tell {mate} where it is",
)
ASK_AND_GO = (
    "ask {mate} where the {color} {kind} is, then go to it",
    "{mate} looks for the {color} {kind}, ask where it is, then go to it",
)


@task(
    "coordination/two_person_lift",
    "carry a heavy thing to a place together",
    npcs=2,
    step_limit=600,
    families=EVERY_FAMILY,
)
def two_person_lift(stage: Stage) -> Episode:
    """Both take hold of the look-alike of the named colour and carry it into the named place.

    All its look-alikes are as heavy: nothing but the colour tells which one is meant. To push
    it there is not enough.
    """
    group = stage.look_alikes("take")
    for thing in group:
        stage.replace_object(thing.id, heavy=True)
    spawns = gather(stage, 2)
    stage.begin_at(*spawns)
    goal_place = _emptiest(stage, group, {stage.place_under(spawn).id for spawn in spawns})
    ways = {}
    for thing in group:
        if stage.place_under(thing) == goal_place:
            continue
        onward = _onward(stage, thing, goal_place)
        first = [_walk_to(stage, spawn.position, thing) for spawn in spawns]
        if onward is not None and None not in first:
            ways[thing.id] = [way + onward for way in first if way is not None]
    if len(ways) < 2:
        raise stage.fail("look-alikes that two can carry to a place without any of them")
    target = stage.stream.choice(list(ways))
    thing = next(thing for thing in group if thing.id == target)
    text = stage.stream.choice(LIFT)
    step = Step(do=Verb.LIFT, what=target, where=goal_place.id)
    goal = Goal((step,), target, tuple(ways), target, tuple(other.id for other in group))
    return stage.episode(*(
        NpcTask(
            text.format(color=thing.color, kind=thing.class_name, place=goal_place.name,
                        mate=_mate(stage, npc).name),
            goal, (goal_place.id, _mate(stage, npc).id), shortest_path=ways[target][npc],
        )
        for npc in range(2)
    ))  # fmt: skip


@task(
    "coordination/hand_over",
    "one takes a thing and gives it to the other, who puts it into a place",
    npcs=2,
    step_limit=600,
    families=EVERY_FAMILY,
)
def hand_over(stage: Stage) -> Episode:
    """The first fetches the look-alike of the named colour, the second brings it to the place."""
    group = stage.look_alikes("take")
    spawns = gather(stage, 2)
    stage.begin_at(*spawns)
    goal_place = _emptiest(stage, group, {stage.place_under(spawn).id for spawn in spawns})
    ways: dict[str, tuple[float, float]] = {}
    for thing in group:
        if stage.place_under(thing) == goal_place:
            continue
        first = [_walk_to(stage, spawn.position, thing) for spawn in spawns]
        onward = _onward(stage, thing, goal_place)
        if first[0] is None or first[1] is None or onward is None:
            continue
        stage.true_map.start_from(spawns[1].position)
        waiting = stage.true_map.to_place(goal_place)
        brought = first[0] + first[1], (waiting.length if waiting else onward)
        ways[thing.id] = min((first[0], first[1] + onward), brought, key=sum)
    if len(ways) < 2:
        raise stage.fail("look-alikes and a place without any of them")
    target = stage.stream.choice(list(ways))
    thing = next(thing for thing in group if thing.id == target)
    giver, taker = stage.actors
    alike = tuple(other.id for other in group)
    gives = (Step(do=Verb.TAKE, what=target), Step(do=Verb.GIVE, what=target, who=taker.id))
    puts = (Step(do=Verb.PUT, what=target, where=goal_place.id, after=((0, 1),)),)
    words = {"color": thing.color, "kind": thing.class_name, "place": goal_place.name}
    return stage.episode(
        NpcTask(
            stage.stream.choice(TAKE_AND_GIVE).format(mate=taker.name, **words),
            Goal(gives, target, tuple(ways), target, alike), (taker.id,),
            shortest_path=ways[target][0],
        ),
        NpcTask(
            stage.stream.choice(RECEIVE_AND_PUT).format(mate=giver.name, **words),
            Goal(puts, target, tuple(ways), target, alike), (giver.id, goal_place.id),
            shortest_path=ways[target][1],
        ),
    )  # fmt: skip


@task(
    "coordination/split_errands",
    "errands one after the other: each waits until the one before has told that theirs is done",
    npcs=2,
    step_limit=600,
    families=EVERY_FAMILY,
    team_sizes=TEAM_SIZES,
)
def split_errands(stage: Stage) -> Episode:
    """NPC n does its errand once NPC n - 1 has told it, then tells NPC n + 1."""
    actors = stage.actors
    spawns = gather(stage, len(actors))
    stage.begin_at(*spawns)
    things = _only_ones(stage)
    ways = []
    for spawn in spawns:
        stage.true_map.start_from(spawn.position)
        reachable = stage.ways_to_objects(things)
        ways.append({name: way for name, way in reachable.items() if way.length >= SHORTEST})
    if min(map(len, ways)) < 2:
        raise stage.fail("two things for each that are the only ones of their class in a place")
    npcs = []
    for npc in range(len(actors)):
        name = stage.stream.choice(list(ways[npc]))
        thing = next(thing for thing in things if thing.id == name)
        place = stage.place_under(thing)
        verb = stage.stream.choice((Verb.TOUCH, Verb.EXAMINE))
        before = ((npc - 1, 1),) if npc else ()
        steps = [Step(do=verb, what=name, after=before)]
        text = ERRAND.format(verb=verb, kind=thing.class_name, place=place.name)
        known, target = [place.id], name
        if npc:
            text = WAIT_FOR.format(mate=actors[npc - 1].name) + text
            known.append(actors[npc - 1].id)
        if npc + 1 < len(actors):
            mate = actors[npc + 1]
            steps.append(Step(do=Verb.TELL, what=name, where=place.id, who=mate.id))
            text += TELL_NEXT.format(mate=mate.name, kind=thing.class_name)
            known.append(mate.id)
            target = mate.id
        goal = Goal(tuple(steps), target, tuple(ways[npc]), name)
        npcs.append(NpcTask(text, goal, tuple(known), shortest_path=ways[npc][name].length))
    return stage.episode(*npcs)


@task(
    "coordination/search_and_report",
    "those who look for a thing tell the one who goes there",
    npcs=2,
    step_limit=600,
    families=EVERY_FAMILY,
    team_sizes=TEAM_SIZES,
)
def search_and_report(stage: Stage) -> Episode:
    """The first waits to be told where the look-alike is and goes there; the others look for it."""
    group = stage.look_alikes()
    actors = stage.actors
    spawns = gather(stage, len(actors))
    stage.begin_at(*spawns)
    ways = []
    for spawn in spawns:
        stage.true_map.start_from(spawn.position)
        ways.append(stage.ways_to_objects(group))
    free = [name for name in ways[0] if all(name in way for way in ways)]
    if len(free) < 2:
        raise stage.fail("at least two look-alikes that all can reach")
    target = stage.stream.choice(free)
    thing = next(thing for thing in group if thing.id == target)
    place = stage.place_under(thing)
    words = {"color": thing.color, "kind": thing.class_name}
    alike = tuple(other.id for other in group)
    goes = (
        Step(do=Verb.ASK, who=actors[1].id, what=target), Step(do=Verb.REACH, what=target),
    )  # fmt: skip
    npcs = [
        NpcTask(
            stage.stream.choice(ASK_AND_GO).format(mate=actors[1].name, **words),
            Goal(goes, target, tuple(free), target, alike),
            tuple(actor.id for actor in actors[1:]), shortest_path=ways[0][target].length,
        )
    ]  # fmt: skip
    for npc in range(1, len(actors)):
        tells = (Step(do=Verb.TELL, what=target, where=place.id, who=actors[0].id),)
        npcs.append(NpcTask(
            stage.stream.choice(SEARCH).format(mate=actors[0].name, **words),
            Goal(tells, actors[0].id, tuple(free), target, alike), (actors[0].id,),
            shortest_path=ways[npc][target].length,
        ))  # fmt: skip
    return stage.episode(*npcs)


def _mate(stage: Stage, npc: int) -> Person:
    return stage.actors[1 - npc]


def _emptiest(stage: Stage, group: Sequence[Object], without: set[str]) -> Place:
    """A place in which nobody starts, drawn from those with the fewest look-alikes."""
    places = [place for place in stage.open_places() if place.id not in without]
    if not places:
        raise stage.fail("a place in which nobody starts")
    inside = [sum(stage.place_under(thing) == place for thing in group) for place in places]
    fewest = [place for place, count in zip(places, inside, strict=True) if count == min(inside)]
    return stage.stream.choice(fewest)


def _walk_to(stage: Stage, start: tuple[float, float], thing: Object) -> float | None:
    """Metres from a point to within reach of an object, None when there is no way."""
    stage.true_map.start_from(start)
    way = stage.true_map.to_thing(object_area(thing), stage.place_under(thing))
    return None if way is None else way.length


def _onward(stage: Stage, thing: Object, place: Place) -> float | None:
    """Metres from within reach of an object into a place."""
    stage.true_map.start_from(stage.actors[0].position)
    near = stage.true_map.to_thing(object_area(thing), stage.place_under(thing))
    if near is None:
        return None
    stage.true_map.start_from(near.end)
    way = stage.true_map.to_place(place)
    return None if way is None else way.length


def _only_ones(stage: Stage) -> list[Object]:
    """Standing objects that are the only ones of their class in their place."""
    standing = [thing for thing in stage.scene.objects if not (thing.inside or thing.upon)]
    homes = [(thing.class_name, stage.place_under(thing).id) for thing in standing]
    return [
        thing for thing, home in zip(standing, homes, strict=True) if homes.count(home) == 1
    ]  # fmt: skip
