from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agent.metacognition.calibrate import Listener
from agent.metacognition.judge import FEATURES, Judge, fit
from tests.agent.metacognition.hand_made import HALL, Stage
from tests.agent.metacognition.test_experiment import result


@pytest.fixture
def listener():
    """Two worlds of one NPC each; the second one fails."""
    stage = Stage(2)
    stage.goal(place=HALL)
    stage.way(HALL, 6.0)
    stage.intend(HALL)
    policy: Any = SimpleNamespace(playing=np.arange(2))
    listener = Listener(policy, stage.regulator)
    for _ in range(4):
        stage.decide()
        for index in range(2):
            moment: Any = SimpleNamespace(index=index, rows=slice(index, index + 1))
            listener.decided(moment)
    for index in range(2):
        moment = SimpleNamespace(index=index)
        outcome = replace(result(index, index == 0, 1.0), npc_success=(index == 0,))
        listener.ended(moment, outcome)
    return listener


def test_every_decision_is_labelled_with_how_its_episode_went(listener):
    features, success = listener.samples()
    assert features.shape == (8, len(FEATURES))
    assert success.tolist() == [True] * 4 + [False] * 4
    assert (np.diff(features[:4, list(FEATURES).index("idle")]) > 0).all()


def test_results_can_be_judged_anew(listener):
    judged = listener.judged(Judge.default())
    assert [outcome.competence.shape for outcome in judged] == [(4, 1), (4, 1)]
    assert (judged[0].competence == judged[1].competence).all()


def test_a_few_failures_do_not_turn_the_judges_head():
    random = np.random.default_rng(2)
    features = np.ones((1000, len(FEATURES)))
    features[:, 1:] = random.exponential(0.3, (1000, len(FEATURES) - 1))
    success = np.arange(1000) >= 3
    judge = fit(features, success, np.full(1000, 0.05))
    assert np.abs(judge.coefficients - Judge.default().coefficients)[1:].max() < 1.0
    assert judge.probability(features).mean() > 0.95
