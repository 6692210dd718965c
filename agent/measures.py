"""Measures over played episodes: intervals, calibration, shares; plain data out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.rollout import EpisodeResult

CONFIDENCE_Z = 1.959964
"""Two-sided 95 %."""
BOOTSTRAP_SAMPLES = 1000
CALIBRATION_BINS = 10
MORE_MEASURES = ("soft_spl", "collisions", "idle_time", "messages", "share_of_work")
"""Measures of ``envs.measures`` whose means are reported beside success and SPL."""
DIGITS = 4
"""Decimals of everything that is reported."""


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    >>> wilson_interval(8, 10)
    (0.4902, 0.9433)
    """
    if count == 0:
        return 0.0, 1.0
    share, z2 = hits / count, CONFIDENCE_Z**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    spread = math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    half = CONFIDENCE_Z * spread / (1 + z2 / count)
    return round(max(0.0, middle - half), DIGITS), round(min(1.0, middle + half), DIGITS)


def bootstrap_interval(values: ArrayLike) -> tuple[float, float] | None:
    """Bootstrap 95 % interval of a mean, the same one for the same values; None without values."""
    numbers = np.asarray(values, np.float64)
    if numbers.size == 0:
        return None
    random = np.random.default_rng(0)
    draws = random.integers(0, numbers.size, (BOOTSTRAP_SAMPLES, numbers.size))
    low, high = np.percentile(numbers[draws].mean(axis=1), (2.5, 97.5))
    return round(float(low), DIGITS), round(float(high), DIGITS)


def calibration(results: Sequence[EpisodeResult]) -> dict[str, float | None]:
    """How well the competence at each decision of each NPC foretells that NPC's success.

    Returns:
        ``ece``: expected calibration error over equal bins; ``brier``: mean squared error.
    """
    judged = [(r.competence, r.npc_success) for r in results if r.competence is not None]
    if not judged:
        return {"ece": None, "brier": None}
    said = np.concatenate([competence.ravel() for competence, _ in judged])
    true = np.concatenate([np.tile(np.array(done, np.float64), len(said)) for said, done in judged])
    bins = np.minimum((said * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    error = sum(
        abs(float((said[bins == b] - true[bins == b]).sum())) for b in range(CALIBRATION_BINS)
    )
    return {
        "ece": round(error / len(said), DIGITS),
        "brier": round(float(((said - true) ** 2).mean()), DIGITS),
    }


def strategy_share(results: Sequence[EpisodeResult]) -> dict[str, float]:
    """Share of all decisions that each strategy took; empty without a mind."""
    counts: Counter[str] = Counter()
    for result in results:
        counts.update(result.strategies)
    total = sum(counts.values())
    return {name: round(count / total, DIGITS) for name, count in counts.most_common()}


def percentiles_ms(milliseconds: ArrayLike) -> dict[str, float | None]:
    """Median and 99th percentile."""
    times: NDArray[np.float64] = np.asarray(milliseconds, np.float64)
    if times.size == 0:
        return {"p50": None, "p99": None}
    p50, p99 = np.percentile(times, (50, 99))
    return {"p50": round(float(p50), 3), "p99": round(float(p99), 3)}


def summarize(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    """The keys ``tasks``, ``overall``, ``calibration`` and ``strategy_share`` of an evaluation."""
    tasks = dict.fromkeys(result.task for result in results)
    return {
        "tasks": {task: _row([r for r in results if r.task == task], True) for task in tasks},
        "overall": _overall(results),
        "calibration": calibration(results),
        "strategy_share": strategy_share(results),
    }


def summarize_families(results: Sequence[EpisodeResult]) -> dict[str, dict[str, Any]]:
    """Rows by family, then task."""
    families = dict.fromkeys(result.family for result in results)
    return {
        family: summarize([result for result in results if result.family == family])["tasks"]
        for family in families
    }


def _overall(results: Sequence[EpisodeResult]) -> Mapping[str, Any]:
    row = _row(results)
    return {name: row[name] for name in ("success", "success_ci", "spl", "wrong_commit")}


def _row(results: Sequence[EpisodeResult], by_map: bool = False) -> dict[str, Any]:
    """One row of the table; fractions are None without episodes."""
    count = len(results)
    hits = sum(result.success for result in results)
    paths = [result.spl for result in results]
    row: dict[str, Any] = {
        "episodes": count,
        "success": _mean([result.success for result in results]),
        "success_ci": list(wilson_interval(hits, count)),
        "spl": _mean(paths),
        "spl_ci": list(bootstrap_interval(paths) or (None, None)),
        "wrong_commit": _mean([result.wrong_commit for result in results]),
        "decisions": _mean([result.decisions for result in results]),
        "interventions": _mean([result.interventions for result in results]),
    }
    for name in MORE_MEASURES:
        values = [result.measures[name] for result in results if name in result.measures]
        if values:
            row[name] = _mean(values)
    if by_map:
        maps = sorted({result.map for result in results})
        row["by_map"] = {
            name: {
                "episodes": len(chosen),
                "success": _mean([result.success for result in chosen]),
                "spl": _mean([result.spl for result in chosen]),
            }
            for name in maps
            for chosen in [[result for result in results if result.map == name]]
        }
    return row


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), DIGITS) if len(values) else None
