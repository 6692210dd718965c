"""Teams: what each is asked, who waits for whom, and where they begin."""

from __future__ import annotations

import math

import pytest

from envs.goals import Verb
from envs.tasks import TASKS, TaskError, make_episode

SEEDS = range(1_000_000, 1_000_020)
TEAMWORK = [name for name, task in TASKS.items() if task.npcs > 1]


def things(episode):
    return {thing.id: thing for thing in episode.scene.objects}


def actors(episode):
    return [person for person in episode.scene.people if person.role == "npc"]


@pytest.mark.parametrize("task", TEAMWORK)
def test_same_seed_same_episode_and_ids_that_exist(task):
    for seed in SEEDS:
        episode = make_episode(task, seed)
        assert episode == make_episode(task, seed)
        ids = {*episode.scene.thing_ids()}
        for npc in episode.npcs:
            assert npc.goal.target in ids
            assert npc.goal.secret in npc.goal.candidates
            assert len(set(npc.goal.candidates)) == len(npc.goal.candidates) >= 2
            for step in npc.goal.steps:
                assert {step.what, step.where, step.who} - {""} <= ids
            assert npc.shortest_path > 0


@pytest.mark.parametrize("task", [name for name in TEAMWORK if 8 in TASKS[name].team_sizes])
@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_teams_of_any_size_begin_apart_from_each_other(task, count):
    for seed in SEEDS[:8]:
        episode = make_episode(task, seed, npcs=count)
        team = actors(episode)
        assert len(team) == len(episode.npcs) == count
        assert len({person.name for person in team}) == count
        for number, one in enumerate(team):
            for other in team[:number]:
                assert math.dist(one.position, other.position) > 0.49


def test_a_team_of_another_size_is_refused():
    with pytest.raises(TaskError, match=r"hand_over cannot be played by 3 NPCs: choose out of 2"):
        make_episode("hand_over", 1_000_000, npcs=3)


def test_both_lift_what_only_its_colour_tells_apart():
    for seed in SEEDS:
        episode = make_episode("two_person_lift", seed)
        first, second = (npc.goal for npc in episode.npcs)
        assert first == second and first.steps[0].do == Verb.LIFT
        group = [things(episode)[name] for name in first.look_alikes]
        assert len(group) >= 4 and all(thing.heavy for thing in group)
        assert len({thing.color for thing in group}) == len(group)
        assert things(episode)[first.target].color in episode.npcs[0].instruction
        names = [person.name for person in actors(episode)]
        for npc, mate in zip(episode.npcs, reversed(names), strict=True):
            assert mate in npc.instruction


def test_the_second_may_put_only_what_the_first_gave():
    for seed in SEEDS:
        episode = make_episode("hand_over", seed)
        giver, taker = (npc.goal for npc in episode.npcs)
        assert [step.do for step in giver.steps] == [Verb.TAKE, Verb.GIVE]
        assert giver.steps[1].who == actors(episode)[1].id
        assert taker.steps[0].do == Verb.PUT and taker.steps[0].after == ((0, 1),)
        assert giver.target == taker.target


def test_errands_are_a_chain():
    episode = make_episode("split_errands", 1_000_001, npcs=4)
    for number, npc in enumerate(episode.npcs):
        errand, *told = npc.goal.steps
        assert errand.do in (Verb.TOUCH, Verb.EXAMINE)
        assert errand.after == (((number - 1, 1),) if number else ())
        assert len(told) == (number < 3)
        if told:
            assert told[0].who == actors(episode)[number + 1].id
            assert told[0].what == errand.what


def test_who_goes_must_have_been_told():
    episode = make_episode("search_and_report", 1_000_000, npcs=3)
    first, *searchers = episode.npcs
    assert [step.do for step in first.goal.steps] == [Verb.ASK, Verb.REACH]
    for npc in searchers:
        (tell,) = npc.goal.steps
        assert (tell.do, tell.what, tell.who) == (Verb.TELL, first.goal.target, npc.goal.target)


def test_each_of_a_ring_knows_what_the_next_one_needs():
    episode = make_episode("two_know_halves", 1_000_000, npcs=5)
    for number, npc in enumerate(episode.npcs):
        following = episode.npcs[(number + 1) % 5]
        (briefing,) = npc.briefings
        assert briefing.mentions[1] == following.goal.target
        topic = next(t for t in episode.scene.topics if t.id == briefing.mentions[0])
        assert f"then go to {topic.name}" in following.instruction
