from __future__ import annotations

import json

import numpy as np
import pytest

from agent.metacognition.judge import (
    FEATURES,
    Judge,
    describe,
    fit,
)
from tests.agent.metacognition.hand_made import HALL, Stage


def test_without_a_fit_the_judge_follows_the_brain_and_takes_off_for_trouble():
    stage = Stage(3)
    stage.competence = np.array([0.1, 0.5, 0.9], np.float32)
    stage.goal(place=HALL)
    stage.way(HALL, 5.0)
    stage.intend(HALL)
    first = stage.decide().competence
    later = stage.repeat(10).competence
    assert (np.diff(first) > 0).all()
    assert (later < first).all()
    assert stage.regulator.signals is not None
    assert describe(stage.regulator.signals).shape == (3, len(FEATURES))


def made_up_rollouts(count=4000):
    random = np.random.default_rng(1)
    features = np.zeros((count, len(FEATURES)))
    features[:, 0] = 1.0
    features[:, 1:4] = random.normal(size=(count, 3))
    truth = 1 / (1 + np.exp(-(0.5 + 1.5 * features[:, 1] - 1.0 * features[:, 3])))
    return features, random.random(count) < truth


def test_fit_finds_the_coefficients_that_made_the_data():
    features, success = made_up_rollouts()
    judge = fit(features, success)
    assert judge.coefficients[[0, 1, 2, 3]] == pytest.approx([0.5, 1.5, 0.0, -1.0], abs=0.15)
    probability = judge.probability(features)
    for low in (0.2, 0.5, 0.8):
        claimed = (probability > low) & (probability <= low + 0.1)
        assert success[claimed].mean() == pytest.approx(low + 0.05, abs=0.1)


def test_fit_counts_decisions_by_their_weights():
    features, success = made_up_rollouts()
    twice = fit(np.concatenate([features, features]), np.concatenate([success, success]),
                np.full(2 * len(success), 0.5))  # fmt: skip
    assert twice.coefficients == pytest.approx(fit(features, success).coefficients)


def test_fit_needs_successes_and_failures():
    with pytest.raises(ValueError, match="give more seeds"):
        fit(np.ones((5, len(FEATURES))), np.ones(5, bool))


def test_a_judge_is_kept_as_plain_data():
    judge = fit(*made_up_rollouts(200))
    kept = json.loads(json.dumps(judge.to_json()))
    assert (Judge.from_json(kept).coefficients == judge.coefficients).all()


@pytest.mark.parametrize("data", [None, {}, {"coefficients": {"bias": 1.0}}])
def test_other_data_is_refused_with_the_cure(data):
    with pytest.raises(ValueError, match="fit it again"):
        Judge.from_json(data)
