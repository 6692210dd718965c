"""The judge: from signals to a calibrated probability that the episode succeeds.

A logistic model over a handful of signals, so that its coefficients can be read. ``fit`` makes it
from validation rollouts (``calibrate`` writes it into a checkpoint); without that it trusts the
brain's competence head and takes off for what the monitor notices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.metacognition.monitor import Signals

FEATURES: dict[str, str] = {
    "bias": "1",
    "outlook": "log odds of the brain's competence head, within 5 either way",
    "elapsed": "minutes since the episode began",
    "idle": "log(1 + decisions without progress)",
    "dithering": "fading count of turns that undo each other",
    "wavering": "fading count of changes of intent",
    "bumping": "fading count of bumps",
    "failures": "failed acts in a row, at most 5",
    "doubt": "entropy of the brain's choice of target",
    "blind": "1 while the goal needs a colour and the camera shows nothing",
    "lost": "1 while it is not known where the goal's place, topic or thing is",
    "contradictions": "facts that other facts contradict, at most 3",
}
"""What the model reads, in this order, and what each number is."""

DEFAULT_COEFFICIENTS: dict[str, float] = {
    "bias": 0.3, "outlook": 1.0, "elapsed": -0.5, "idle": -0.25, "dithering": -0.1,
    "wavering": -0.1, "bumping": -0.05, "failures": -0.2, "doubt": -0.3, "blind": -0.3,
    "lost": -0.1, "contradictions": -0.1,
}  # fmt: skip
"""Used until a fit exists: the brain's word, less a little for each thing that goes wrong."""

FORMAT_VERSION = 1
RIDGE = 1.0
"""Strength of the pull of a fit towards the default, in samples: failures may be few."""
_MAX_LOG_ODDS = 5.0


@dataclass(frozen=True)
class Judge:
    """A logistic model of success."""

    coefficients: NDArray[np.float64]
    """One per feature."""

    @staticmethod
    def default() -> Judge:
        """The one that needs no data."""
        return Judge(np.array([DEFAULT_COEFFICIENTS[name] for name in FEATURES]))

    @staticmethod
    def from_json(data: object) -> Judge:
        """From what ``to_json`` gave.

        Raises:
            ValueError: it is something else; the message says what to do.
        """
        named = data.get("coefficients") if isinstance(data, dict) else None
        if not isinstance(named, dict) or set(named) != set(FEATURES):
            raise ValueError(
                "These are not the coefficients of this package's judge: fit it again with "
                "`python -m agent.metacognition.calibrate`."
            )
        return Judge(np.array([float(named[name]) for name in FEATURES]))

    def to_json(self) -> dict[str, object]:
        """Plain data for a checkpoint's header."""
        named = dict(zip(FEATURES, self.coefficients.tolist(), strict=True))
        return {"version": FORMAT_VERSION, "coefficients": named}

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float32]:
        """Probability of success ``(R,)`` from features ``(R, F)``."""
        return _sigmoid(features @ self.coefficients).astype(np.float32)


def describe(signals: Signals) -> NDArray[np.float64]:
    """The judge's features ``(R, F)`` of one decision."""
    sure = np.clip(signals.competence.astype(np.float64), 1e-4, 1.0 - 1e-4)
    columns = (
        np.ones_like(sure),
        np.clip(np.log(sure / (1.0 - sure)), -_MAX_LOG_ODDS, _MAX_LOG_ODDS),
        signals.clock / 60.0,
        np.log1p(signals.idle),
        signals.dithering,
        signals.wavering,
        signals.bumping,
        np.minimum(signals.failures, 5),
        signals.target_entropy,
        signals.needs_color & (signals.weights[:, 0] < 0.5),
        signals.lost > 0,
        np.minimum(signals.contradictions, 3.0),
    )
    return np.stack(columns, axis=1).astype(np.float64)


def fit(
    features: NDArray[np.float64],
    success: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
) -> Judge:
    """Fit the judge to rollouts (of validation seeds) by Newton's method.

    Args:
        features: ``(D, F)`` from ``describe``, of many decisions.
        success: ``(D,)`` whether the episode that each belongs to succeeded.
        weights: ``(D,)`` how many samples each decision counts as, default 1. The decisions of
            an episode are much alike: all together they tell as much as one sample.

    Raises:
        ValueError: there is nothing to learn from.
    """
    outcome = np.asarray(success, np.float64)
    if len(outcome) == 0 or outcome.min() == outcome.max():
        raise ValueError(
            "The judge needs episodes that succeeded and episodes that failed: give more seeds."
        )
    weight = np.ones(len(outcome)) if weights is None else np.asarray(weights, np.float64)
    prior = Judge.default().coefficients
    pull = RIDGE * np.eye(features.shape[1])
    pull[0, 0] = 1e-6
    coefficients = prior
    for _ in range(50):
        expected = _sigmoid(features @ coefficients)
        slope = features.T @ (weight * (outcome - expected)) - pull @ (coefficients - prior)
        spread = weight * expected * (1.0 - expected)
        curvature = (features * spread[:, None]).T @ features + pull
        step = np.linalg.solve(curvature, slope)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-8:
            break
    return Judge(coefficients)


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0)))
