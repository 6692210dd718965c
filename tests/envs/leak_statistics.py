"""How sure one can be that something betrays an answer: classifiers against guessing.

A classifier learns from some episodes to rank the candidates of an answer and is tried on others.
Its hits are compared with those of guessing, exactly, and many comparisons are judged together, so
that a whole family of tests fails by luck no oftener than one test would.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tests.envs.leaks import Candidates

FOLDS = 4

Name = TypeVar("Name")


@dataclass(frozen=True)
class Hits:
    """What a ranking of candidates hit in E episodes."""

    won: np.ndarray
    """(E,) 1 for a hit; a tie counts as a guess among the tied, a team as the mean of its NPCs."""
    chance: np.ndarray
    """(E,) what guessing hits."""

    @property
    def deviations(self) -> float:
        """Standard deviations by which the hits exceed those of guessing."""
        # as if the answers of one team were one: they may share their secret
        variance = float((self.chance * (1 - self.chance)).sum())
        return float(self.won.sum() - self.chance.sum()) / math.sqrt(variance)

    @property
    def p_value(self) -> float:
        """Probability that guessing hits as often; an upper bound where hits are fractions."""
        counts = np.ones(1)  # of hits 0, 1, ... by guessing
        for chance in self.chance:
            counts = np.convolve(counts, (1 - chance, chance))
        return float(min(1.0, counts[math.floor(self.won.sum() + 1e-9) :].sum()))


def join(parts: Sequence[Hits]) -> Hits:
    """The hits of several experiments as one."""
    won, chance = ([getattr(part, name) for part in parts] for name in ("won", "chance"))
    return Hits(np.concatenate(won), np.concatenate(chance))


def models() -> dict[str, Any]:
    """Fresh classifiers, by name."""
    return {
        "linear": make_pipeline(StandardScaler(), LogisticRegression(C=0.03, max_iter=300)),
        "trees": HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, random_state=0),
    }


def relative(values: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Features as they are and as they compare with the other candidates of the same answer."""
    compared = np.empty_like(values)
    for number in np.unique(answer):
        group = values[answer == number]
        compared[answer == number] = (group - group.mean(axis=0)) / (group.std(axis=0) + 1e-6)
    return np.concatenate([values, compared], axis=1)


def held_out_hits(features: np.ndarray, data: Candidates, model: Any) -> Hits:
    """What a classifier hits in episodes that it has not learned from."""
    features = relative(features, data.answer)
    scores = np.empty(len(features))
    fold = data.episode % FOLDS
    with threadpool_limits(1):  # so little data is not worth a second thread
        for number in range(FOLDS):
            model.fit(features[fold != number], data.is_target[fold != number])
            scores[fold == number] = model.predict_proba(features[fold == number])[:, 1]
    return ranked_hits(scores, data)


def ranked_hits(scores: np.ndarray, data: Candidates) -> Hits:
    """What is hit by taking the highest score for each answer, (C,) scores."""
    won, chance = [], []
    for episode in np.unique(data.episode):
        hit, guessed = [], []
        for number in np.unique(data.answer[data.episode == episode]):
            mine = data.answer == number
            best = scores[mine] == scores[mine].max()
            hit.append(data.is_target[mine][best].mean())
            guessed.append(1.0 / mine.sum())
        won.append(float(np.mean(hit)))
        chance.append(float(np.mean(guessed)))
    return Hits(np.array(won), np.array(chance))


def slot_ranks(data: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the target's slot among the candidates that have one, and how many these are.

    Answers with fewer than two such candidates, or whose target has no slot, are left out.
    """
    ranks, counts = [], []
    for number in np.unique(data.answer):
        slots = data.slot[data.answer == number]
        own = slots[data.is_target[data.answer == number]].item()
        known = slots[slots > 0]
        if own > 0 and len(known) > 1:
            ranks.append(int((known < own).sum()))
            counts.append(len(known))
    return np.array(ranks, int), np.array(counts, int)


def rank_p_value(ranks: np.ndarray, counts: np.ndarray) -> float:
    """Two-sided p-value of the mean of ranks 0 to ``counts`` - 1, uniform by supposition."""
    if len(ranks) == 0:
        return 1.0
    deviation = float((ranks - (counts - 1) / 2).sum())
    variance = float(((counts**2 - 1) / 12).sum())
    return math.erfc(abs(deviation) / math.sqrt(2 * variance))


def holm(p_values: Mapping[Name, float], level: float) -> list[Name]:
    """Which of many suppositions fall, with at most ``level`` probability that one falls wrongly.

    >>> holm({"a": 0.004, "b": 0.02, "c": 0.9}, 0.02)
    ['a']
    """
    fallen = []
    for place, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        if p_values[name] > level / (len(p_values) - place):
            break
        fallen.append(name)
    return fallen
