from __future__ import annotations

import numpy as np
import pytest

from agent.metacognition.judge import (
    FEATURES,
    Judge,
    brier_score,
    describe,
    expected_calibration_error,
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
    assert expected_calibration_error(probability, success) < 0.03
    assert brier_score(probability, success) < brier_score(np.full(len(success), 0.5), success)


def test_fit_counts_decisions_by_their_weights():
    features, success = made_up_rollouts()
    twice = fit(np.concatenate([features, features]), np.concatenate([success, success]),
                np.full(2 * len(success), 0.5))  # fmt: skip
    assert twice.coefficients == pytest.approx(fit(features, success).coefficients)


def test_fit_needs_successes_and_failures():
    with pytest.raises(ValueError, match="give more rollouts"):
        fit(np.ones((5, len(FEATURES))), np.ones(5, bool))


def test_a_judge_is_kept_as_json(tmp_path):
    judge = fit(*made_up_rollouts(200))
    judge.save(tmp_path / "judge.json")
    assert (Judge.load(tmp_path / "judge.json").coefficients == judge.coefficients).all()


@pytest.mark.parametrize("data", [None, {}, {"coefficients": {"bias": 1.0}}])
def test_other_json_is_refused_with_the_cure(data):
    with pytest.raises(ValueError, match="fit it again"):
        Judge.from_json(data)


def test_calibration_of_nothing_is_undefined():
    assert expected_calibration_error(np.zeros(0), np.zeros(0)) is None
    assert brier_score(np.zeros(0), np.zeros(0)) is None


def test_calibration_by_hand():
    claimed, outcome = np.array([0.95, 0.95, 0.15, 1.0]), np.array([1, 0, 0, 1])
    assert brier_score(claimed, outcome) == pytest.approx((0.0025 + 0.9025 + 0.0225) / 4)
    gap = 0.75 * abs(2.9 / 3 - 2 / 3) + 0.25 * 0.15
    assert expected_calibration_error(claimed, outcome) == pytest.approx(gap)
