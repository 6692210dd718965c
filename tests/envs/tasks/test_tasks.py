"""Staging: what every task promises, over many seeds."""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest

from envs.generate import generate
from envs.goals import Step, Verb
from envs.scene import Spawn
from envs.scene_checks import find_problems
from envs.tasks import TASKS, TaskError, find_task, make_episode
from envs.tasks.registry import task as register
from envs.tasks.staging import LOOK_ALIKES, SHORTEST
from envs.words import split_words
from tests.envs.leaks import CARRIERS

SEEDS = range(1_000_000, 1_000_060)


def episodes(task, seeds=SEEDS):
    return [make_episode(task, seed) for seed in seeds]


def objects(episode):
    return {thing.id: thing for thing in episode.scene.objects}


def place_of(episode, thing_id):
    place = episode.scene.place_of(thing_id)
    assert place is not None
    return place.id


def start_place(episode, npc=0):
    people = [person for person in episode.scene.people if person.role == "npc"]
    place = episode.scene.place_at(*people[npc].position)
    assert place is not None
    return place.id


def test_tasks_are_in_the_order_of_their_categories():
    categories = [name.partition("/")[0] for name in TASKS]
    assert list(dict.fromkeys(categories)) == ["navigation", "interaction", "coordination"]
    assert len(TASKS) == 24


@pytest.mark.parametrize("task", TASKS)
def test_every_seed_can_be_staged_and_keeps_the_promises(task):
    for episode in episodes(task):
        people = [person for person in episode.scene.people if person.role == "npc"]
        spawns = [Spawn(position=person.position) for person in people]
        assert not find_problems(episode.scene.model_copy(update={"spawns": spawns}))
        assert len(people) == len(episode.npcs) == TASKS[task].npcs
        assert episode.team == (len(people) > 1)
        ids = set(episode.scene.thing_ids())
        for npc in episode.npcs:
            assert npc.shortest_path >= SHORTEST
            assert npc.goal.secret in npc.goal.candidates
            assert npc.goal.target in ids
            assert len(set(npc.goal.candidates)) == len(npc.goal.candidates) >= 2
            assert ids.issuperset(npc.goal.candidates)
            assert ids.issuperset(npc.known_things)
            assert ids.issuperset(name for line in npc.briefings for name in line.mentions)
            assert 3 <= len(split_words(npc.instruction)) <= 24


@pytest.mark.parametrize("task", TASKS)
def test_same_seed_same_episode_and_half_of_the_maps_are_known(task):
    assert make_episode(task, 7) == make_episode(task.partition("/")[2], 7)
    assert make_episode(task, 7) != make_episode(task, 9)
    maps = [make_episode(task, seed).scene.map for seed in (4, 5)]
    told = task.endswith("spoken_directions")  # for those who do not know the map
    assert maps == (["none", "none"] if told else ["known", "none"])
    assert make_episode(task, 5, map="known").scene.map == ("none" if told else "known")


@pytest.mark.parametrize("task", TASKS)
def test_answers_are_drawn_evenly_from_their_candidates(task):
    ranks: Counter[float] = Counter()
    for episode in episodes(task, range(150)):
        goal = episode.npcs[0].goal
        ranks[round(goal.candidates.index(goal.secret) / (len(goal.candidates) - 1), 2)] += 1
    low = sum(count for rank, count in ranks.items() if rank < 0.5)
    high = sum(count for rank, count in ranks.items() if rank > 0.5)
    assert abs(low - high) <= 4 * math.sqrt(low + high)


@pytest.mark.parametrize("task", TASKS)
def test_the_goal_gives_no_slot_to_what_must_be_found(task):
    for episode in episodes(task):
        for npc in episode.npcs:
            secret = set(npc.goal.look_alikes or npc.goal.candidates)
            told = {name for line in npc.briefings for name in line.mentions}
            given = secret & set(npc.known_things) - told
            names = {name for step in npc.goal.steps for name in (step.what, step.where)}
            named = names if CARRIERS[task] == ("goal",) else set()
            assert given <= named


def test_named_place_names_its_target():
    for episode in episodes("named_place"):
        (npc,) = episode.npcs
        place = next(p for p in episode.scene.places if p.id == npc.goal.target)
        assert place.name in npc.instruction
        assert place.id != start_place(episode)


def test_only_the_target_rings_and_others_distract():
    for episode in episodes("ringing"):
        (npc,) = episode.npcs
        things = objects(episode)
        assert [o.id for o in things.values() if o.sound == "ring"] == [npc.goal.target]
        assert things[npc.goal.target].sounding
        others = sum(o.sounding for o in things.values()) - 1
        assert 1 <= others <= 2
        assert len(npc.goal.candidates) >= 4


def test_colour_alone_tells_look_alikes_apart():
    for task in ("coloured_object", "fetch_and_put"):
        for episode in episodes(task):
            goal = episode.npcs[0].goal
            group = [objects(episode)[name] for name in goal.look_alikes]
            assert len(group) >= LOOK_ALIKES
            assert len({thing.class_name for thing in group}) == 1
            assert len({thing.color for thing in group}) == len(group)
            target = objects(episode)[goal.target]
            assert target.color in episode.npcs[0].instruction
            assert target.class_name in episode.npcs[0].instruction


def test_the_guide_alone_knows():
    for episode in episodes("ask_then_go"):
        (npc,) = episode.npcs
        guide, topic = npc.known_things
        assert npc.goal.steps[0] == Step(do=Verb.ASK, who=guide, what=topic)
        knowing = [
            (person.id, fact.where)
            for person in episode.scene.people
            for fact in person.facts
            if fact.about == topic
        ]
        assert knowing == [(guide, npc.goal.target)]
        told = next(person for person in episode.scene.people if person.id == guide)
        assert told.tells_every is None


def test_fetch_goes_to_another_place_without_look_alikes_where_there_is_one():
    full = 0
    for episode in episodes("fetch_and_put"):
        goal = episode.npcs[0].goal
        assert place_of(episode, goal.target) != goal.place
        assert goal.place != start_place(episode)
        full += any(place_of(episode, other) == goal.place for other in goal.look_alikes)
    assert full <= len(SEEDS) * 0.1


def test_two_each_know_what_the_other_needs():
    same = 0
    for episode in episodes("two_know_halves"):
        a, b = episode.npcs
        for mine, other in ((a, b), (b, a)):
            (briefing,) = mine.briefings
            assert briefing.mentions[1] == other.goal.target
            place = next(p for p in episode.scene.places if p.id == other.goal.target)
            assert place.name in briefing.text
        topics = {a.briefings[0].mentions[0], b.briefings[0].mentions[0]}
        assert len(topics) == 2
        assert not any(fact.about in topics for p in episode.scene.people for fact in p.facts)
        starts = {start_place(episode, 0), start_place(episode, 1)}
        assert len(starts) == 1 or any(starts == set(d.between) for d in episode.scene.doors)
        same += a.goal.target == b.goal.target
    assert 0 < same < len(SEEDS) / 2


def test_written_museum_stages_every_task():
    from envs.scene import load_scene

    scene = load_scene("museum")
    for name in TASKS:
        for seed in range(5):
            episode = make_episode(name, seed, scene=scene)
            told = name.endswith("spoken_directions")
            assert episode.scene.map == ("none" if told else scene.map)
            assert episode.scene.places == scene.places


@pytest.mark.parametrize(
    ("change", "task", "message"),
    [
        ({"topics": ()}, "ask_then_go", "it needs a person with role guide and a topic"),
        ({"topics": ()}, "two_know_halves", "it needs two topics"),
        ({"objects": ()}, "ringing", "it needs at least two objects that can be reached"),
        ({"objects": ()}, "coloured_object", "at least 4 objects of one class, each of another"),
        ({"objects": ()}, "fetch_and_put", "objects of one class that offer 'take', each"),
        ({"doors": ()}, "named_place", "it needs two places to go to beside the one of the start"),
        ({"doors": ()}, "two_know_halves", "it needs two spawn points in one place or next door"),
    ],
)
def test_a_scene_that_cannot_stage_a_task_says_what_it_lacks(change, task, message):
    scene = generate("museum", 3).model_copy(update=change)
    with pytest.raises(TaskError, match=re.escape(message)) as error:
        make_episode(task, 3, scene=scene)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("navigation/named_plac", "did you mean 'navigation/named_place'?"),
        ("ringin", "did you mean 'ringing'?"),
        ("zzz", "known are named_place, ringing,"),
    ],
)
def test_unknown_task_is_answered_with_the_nearest(name, cure):
    with pytest.raises(TaskError, match=re.escape(f"No task is called '{name}': {cure}")):
        find_task(name)


def test_a_task_is_registered_once():
    with pytest.raises(TaskError, match="registered already: give the new one another name"):
        register("navigation/ringing", "again")(lambda stage: None)  # type: ignore[arg-type,return-value]


def test_own_tasks_can_be_registered():
    @register("games/nothing", "a task of a user")
    def nothing(stage):
        return TASKS["navigation/named_place"].stage(stage)

    try:
        assert list(TASKS)[-1] == "games/nothing"
        assert make_episode("nothing", 3).task == "games/nothing"
    finally:
        del TASKS["games/nothing"]
