"""Oracle and random: the oracle wins every task, by hardly more than the shortest way."""

from __future__ import annotations

import numpy as np
import pytest

from envs.contract import BRANCH_SIZES, BRANCH_STARTS, MASK_SIZE
from envs.measures import EpisodeRecord, measure_episode
from envs.policies import make_policy, oracle, random_actions
from envs.tasks import TASKS, make_episode
from envs.world.world import BatchWorld

WORLDS = 8


def play(policy, task, seeds, **settings):
    """Measures of one episode per seed."""
    world = BatchWorld(len(seeds), TASKS[task].npcs, senses=(), threads=1, **settings)
    for index, seed in enumerate(seeds):
        world.reset(index, make_episode(task, seed))
    ended = np.zeros(len(seeds), np.bool_)
    while not ended.all():
        world.observe()
        result = world.step(policy(world))
        ended |= result.terminated | result.truncated
    return [measure_episode(EpisodeRecord.of(world, index)) for index in range(len(seeds))]


def mean(values, name):
    return float(np.mean([value[name] for value in values]))


HARD = {"interaction/tidy": 0.9, "coordination/two_person_lift": 0.9}
"""Tasks in which even the oracle may block its own way, or two get stuck: least success."""


@pytest.mark.parametrize("task", TASKS)
def test_oracle_wins(task):
    values = play(oracle, task, range(1_000_100, 1_000_100 + 2 * WORLDS))
    assert mean(values, "success") >= HARD.get(task, 1.0)
    assert mean(values, "wrong_commit") == 0.0
    assert task in HARD or mean(values, "spl") > (0.6 if TASKS[task].npcs > 1 else 0.9)


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_oracle_wins_on_many_seeds(task):
    values = play(oracle, task, range(1_001_000, 1_001_300))
    assert mean(values, "success") >= HARD.get(task, 0.99)


@pytest.mark.parametrize("task", TASKS)
def test_random_hardly_ever_wins(task):
    values = play(make_policy("random"), task, range(1_000_200, 1_000_200 + 4 * WORLDS))
    assert mean(values, "success") <= 0.1


def test_oracle_finds_another_way_when_a_door_closes():
    values = play(
        oracle, "navigation/named_place", range(1_000_300, 1_000_312),
        perturbations=("door_closes",),
    )  # fmt: skip
    assert mean(values, "success") == 1.0


def test_oracle_forgets_what_it_said_when_a_world_is_reset():
    world = BatchWorld(1, 1, senses=(), threads=1)
    for seed in (1_000_400, 1_000_401):
        world.reset(0, make_episode("ask_then_go", seed))
        said = 0
        for _ in range(400):
            world.observe()
            actions = oracle(world)
            said += int(actions[0, 5] > 0)
            if world.step(actions).terminated[0]:
                break
        assert said >= 1


def test_random_draws_evenly_from_what_is_allowed():
    rng = np.random.default_rng(0)
    mask = rng.random((1, MASK_SIZE)) > 0.6
    for start in BRANCH_STARTS:
        mask[0, start] = True
    actions = random_actions(np.repeat(mask, 20_000, axis=0), rng)
    for branch, (start, size) in enumerate(zip(BRANCH_STARTS, BRANCH_SIZES, strict=True)):
        counts = np.bincount(actions[:, branch], minlength=size)
        allowed = mask[0, start : start + size]
        assert (counts[~allowed] == 0).all()
        expected = 20_000 / allowed.sum()
        assert (np.abs(counts[allowed] - expected) < 5 * np.sqrt(expected) + 1).all()


def test_policies_by_name():
    assert make_policy("oracle") is oracle
    with pytest.raises(ValueError) as error:
        make_policy("oracel")
    assert str(error.value) == (
        "envs has no policy 'oracel': did you mean 'oracle'? Minds come from the package agent."
    )
