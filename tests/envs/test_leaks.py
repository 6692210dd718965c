"""No leaks: what can be observed beside an answer's carrier does not tell which candidate it is.

A classifier learns from some episodes to rank candidates and is tried on others. Its hits are
compared with chance. It must fail on what is observed, and it must succeed when the carrier, or a
planted leak, is among the features: so the test can fail.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from envs.tasks import TASKS
from tests.envs.leaks import CARRIERS, Candidates, collect

EPISODES = 100
DECISIONS = 50
FOLDS = 4
SIGNIFICANT = 3.1
"""Standard deviations above chance that luck reaches once in a thousand times."""


@cache
def played(task: str, episodes: int = EPISODES) -> Candidates:
    return collect(task, range(1_100_000, 1_100_000 + episodes), DECISIONS)


def relative(values: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Features as they are and as they compare with the other candidates of the same answer."""
    compared = np.empty_like(values)
    for number in np.unique(answer):
        group = values[answer == number]
        compared[answer == number] = (group - group.mean(axis=0)) / (group.std(axis=0) + 1e-6)
    return np.concatenate([values, compared], axis=1)


def above_chance(features: np.ndarray, data: Candidates, model) -> float:
    """Standard deviations by which held-out hits exceed those of guessing."""
    features = relative(features, data.answer)
    scores = np.empty(len(features))
    fold = data.episode % FOLDS
    with threadpool_limits(1):  # so little data is not worth a second thread
        for number in range(FOLDS):
            model.fit(features[fold != number], data.is_target[fold != number])
            scores[fold == number] = model.predict_proba(features[fold == number])[:, 1]
    hits, expected, variance = 0.0, 0.0, 0.0
    for episode in np.unique(data.episode):
        won, chance = [], []
        for number in np.unique(data.answer[data.episode == episode]):
            mine = data.answer == number
            best = scores[mine] == scores[mine].max()
            won.append(data.is_target[mine][best].mean())  # a tie counts as a guess among the tied
            chance.append(1.0 / mine.sum())
        hits += float(np.mean(won))
        expected += float(np.mean(chance))
        # as if the answers of one team were one: they may share their secret
        variance += float(np.mean(chance)) * (1 - float(np.mean(chance)))
    return (hits - expected) / np.sqrt(variance)


def models():
    return {
        "linear": make_pipeline(StandardScaler(), LogisticRegression(C=0.03, max_iter=300)),
        "trees": HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, random_state=0),
    }


def test_every_task_says_what_carries_its_answer():
    assert set(CARRIERS) == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_what_is_observed_does_not_betray_the_answer(task):
    data = played(task)
    assert (data.is_target.sum(), len(np.unique(data.answer))) == (
        EPISODES * TASKS[task].npcs, EPISODES * TASKS[task].npcs,
    )  # fmt: skip
    for name, model in models().items():
        if above_chance(data.features, data, model) >= SIGNIFICANT:
            # with so many tests luck reaches that too: a leak shows again in fresh episodes
            fresh = collect(task, range(1_200_000, 1_200_000 + 3 * EPISODES), DECISIONS)
            assert above_chance(fresh.features, fresh, model) < SIGNIFICANT, name


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_many_episodes_do_not_betray_the_answer(task):
    data = played(task, 600)
    for name, model in models().items():
        assert above_chance(data.features, data, model) < SIGNIFICANT, name


@pytest.mark.parametrize("task", [task for task, carriers in CARRIERS.items() if carriers])
def test_the_carrier_does(task):
    data = played(task)
    features = np.column_stack([data.features, data.carrier])
    assert any(above_chance(features, data, model) > SIGNIFICANT for model in models().values())


@pytest.mark.parametrize("task", [task for task, carriers in CARRIERS.items() if not carriers])
def test_what_is_said_does(task):
    data = collect(task, range(1_100_000, 1_100_030), 40, speaks=True)
    said = data.carrier[:, None]
    assert above_chance(said, data, models()["linear"]) > SIGNIFICANT


@pytest.mark.parametrize("task", TASKS)
def test_a_planted_leak_is_found(task):
    data = played(task)
    rng = np.random.default_rng(0)
    shows = rng.random(len(data.features)) < np.where(data.is_target, 0.6, 0.1)
    planted = np.column_stack([data.features, shows])  # a bit that is set oftener for the target
    assert any(above_chance(planted, data, model) > SIGNIFICANT for model in models().values())
