"""No leaks: what can be observed beside an answer's carrier does not tell which candidate it is.

A classifier learns from some episodes to rank candidates and is tried on others. Its hits are
compared with chance. It must fail on what is observed, and it must succeed when the carrier, or a
planted leak, is among the features: so the test can fail. Each task is played in one family here;
test_leaks_everywhere has them all.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from envs.tasks import TASKS
from tests.envs.leak_statistics import (
    Hits,
    held_out_hits,
    holm,
    join,
    models,
    rank_p_value,
    slot_ranks,
)
from tests.envs.leaks import CARRIERS, Candidates, collect

EPISODES = 60
DECISIONS = 50
SIGNIFICANT = 3.1
"""Standard deviations above chance that luck reaches once in a thousand times."""
FAMILY = {
    task: TASKS[task].families[number % len(TASKS[task].families)]
    for number, task in enumerate(TASKS)
}
"""Where each task is played."""


@cache
def played(task: str) -> Candidates:
    seeds = range(1_100_000, 1_100_000 + EPISODES)
    return collect(task, seeds, DECISIONS, family=FAMILY[task])


def deviations(features: np.ndarray, data: Candidates) -> list[float]:
    """Standard deviations above chance, of every model."""
    return [held_out_hits(features, data, model).deviations for model in models().values()]


def test_every_task_says_what_carries_its_answer():
    assert set(CARRIERS) == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_what_is_observed_does_not_betray_the_answer(task):
    data = played(task)
    assert (data.is_target.sum(), len(np.unique(data.answer))) == (
        EPISODES * TASKS[task].npcs, EPISODES * TASKS[task].npcs,
    )  # fmt: skip
    if max(deviations(data.features, data)) >= SIGNIFICANT:
        # with so many tests luck reaches that too: a leak shows again in fresh episodes
        seeds = range(1_200_000, 1_200_000 + 4 * EPISODES)
        fresh = collect(task, seeds, DECISIONS, family=FAMILY[task])
        assert max(deviations(fresh.features, fresh)) < SIGNIFICANT


@pytest.mark.parametrize("task", TASKS)
def test_the_first_look_does_not_either(task):
    data = played(task)
    assert held_out_hits(data.first_look, data, models()["linear"]).p_value > 1e-4
    assert rank_p_value(*slot_ranks(data)) > 1e-4


@pytest.mark.parametrize("task", [task for task, carriers in CARRIERS.items() if carriers])
def test_the_carrier_does(task):
    data = played(task)
    if "camera" in CARRIERS[task]:  # in small halls a wanderer sees enough of what has a colour
        data = collect(task, range(1_100_000, 1_100_100), DECISIONS)
    features = np.column_stack([data.features, data.carrier])
    assert max(deviations(features, data)) > SIGNIFICANT


@pytest.mark.parametrize("task", [task for task, carriers in CARRIERS.items() if not carriers])
def test_what_is_said_does(task):
    data = collect(task, range(1_100_000, 1_100_030), 40, speaks=True)
    said = data.carrier[:, None]
    assert held_out_hits(said, data, models()["linear"]).deviations > SIGNIFICANT


@pytest.mark.parametrize("task", TASKS)
def test_a_planted_leak_is_found(task):
    data = played(task)
    rng = np.random.default_rng(0)
    shows = rng.random(len(data.features)) < np.where(data.is_target, 0.6, 0.1)
    planted = np.column_stack([data.features, shows])  # a bit that is set oftener for the target
    assert max(deviations(planted, data)) > SIGNIFICANT


def test_planted_leaks_of_the_first_look_are_found():
    data = played("navigation/named_place")
    order = np.argsort(np.argsort(data.slot + 100.0 * data.is_target))  # the target's comes last
    planted = Candidates(**{**vars(data), "slot": (order + 1) * (data.slot > 0)})
    ranks, counts = slot_ranks(planted)
    assert (ranks == counts - 1).all() and len(ranks) > 10
    assert rank_p_value(ranks, counts) < 1e-6
    looked = np.column_stack([data.first_look, data.is_target])
    assert held_out_hits(looked, data, models()["linear"]).p_value < 1e-6


# -- the statistics ----------------------------------------------------------------------------


def test_guessing_is_judged_exactly():
    guesses = Hits(np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.5, 0.25, 0.5, 0.25]))
    none, one = 0.5 * 0.75 * 0.5 * 0.75, 2 * (0.5 * 0.75 * 0.5 * 0.75) + 2 * (0.25 * 0.25 * 0.75)
    assert guesses.p_value == pytest.approx(1 - none - one)
    assert guesses.deviations == pytest.approx(0.5 / np.sqrt(0.875))
    assert Hits(np.zeros(3), np.full(3, 0.2)).p_value == 1.0
    assert join([guesses, guesses]).won.tolist() == [1, 1, 0, 0, 1, 1, 0, 0]


def test_guessing_is_rarely_found_guilty():
    """P-values of guesses are at least as large as uniform ones."""
    random = np.random.default_rng(0)
    chance = random.uniform(0.1, 0.5, 40)
    values = [Hits((random.random(40) < chance).astype(float), chance).p_value for _ in range(2000)]
    for level in (0.5, 0.1, 0.01):
        assert np.mean(np.array(values) <= level) <= level + 3 * np.sqrt(level / 2000)
    ranks = [rank_p_value(random.integers(0, 6, 50), np.full(50, 6)) for _ in range(2000)]
    assert np.mean(np.array(ranks) <= 0.05) == pytest.approx(0.05, abs=0.02)


def test_many_suppositions_fall_together_or_not_at_all():
    luck = {number: (number + 1) / 400 for number in range(400)}
    assert holm(luck, 0.01) == []
    assert holm(luck | {"leak": 2e-5, "another": 2.4e-5}, 0.01) == ["leak", "another"]
