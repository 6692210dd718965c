"""No leaks in any family: every task in each of its families, judged together (make test-leaks).

The quick tests (test_leaks) play each task in one family. Here all pairs are played, with enough
episodes that a small leak shows: one pair alone, or a task over all of its families. Holm's
correction keeps the chance that luck fails the whole at one in a hundred.
"""

from __future__ import annotations

import functools
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import envs.generate
import envs.tasks
from envs.tasks import TASKS, parse_seeds
from envs.tasks.registry import EVERY_FAMILY
from tests.envs.leak_statistics import (
    Hits,
    held_out_hits,
    holm,
    join,
    models,
    rank_p_value,
    ranked_hits,
    slot_ranks,
)
from tests.envs.leaks import CARRIERS, collect

SEEDS = parse_seeds(os.environ.get("LEAK_SEEDS", "400000:400200"))
"""Episodes of each pair; make test-leaks SEEDS=A:B takes others."""
DECISIONS = 50
LEVEL = 0.01
PAIRS = [(task, family) for task in TASKS for family in TASKS[task].families]


class Played:
    """What a pair of task and family came to."""

    def __init__(self, task: str, family: str) -> None:
        data = collect(task, SEEDS, DECISIONS, family=family)
        self.hits: dict[str, Hits] = {}
        """By what was tried: classifiers on all features, and one on the first observation."""
        for name, model in models().items():
            self.hits[name] = held_out_hits(data.features, data, model)
        self.hits["first look"] = held_out_hits(data.first_look, data, models()["linear"])
        self.carrier = ranked_hits(data.carrier, data)
        self.slot_ranks = slot_ranks(data)


def play_family(family: str) -> dict[tuple[str, str], Played]:
    """Play all tasks of a family, whose scenes are generated once for all of them."""
    generated = functools.cache(envs.generate.generate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(envs.tasks, "generate", generated)
        return {(task, own): Played(task, own) for task, own in PAIRS if own == family}


@pytest.fixture(scope="module")
def played() -> dict[tuple[str, str], Played]:
    workers = len(os.sched_getaffinity(0))
    slowest_first = sorted(EVERY_FAMILY, key=lambda family: family != "city")
    found: dict[tuple[str, str], Played] = {}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for part in pool.map(play_family, slowest_first):
            found.update(part)
    return found


def suppositions(played: dict[tuple[str, str], Played]) -> dict[tuple[str, str, str], float]:
    """P-values of all that should be luck: every pair, and every task over its families."""
    values: dict[tuple[str, str, str], float] = {}
    for (task, family), pair in played.items():
        for name, hits in pair.hits.items():
            values[task, family, name] = hits.p_value
        values[task, family, "slot ranks"] = rank_p_value(*pair.slot_ranks)
    for task in TASKS:
        own = [pair for (name, _), pair in played.items() if name == task]
        for name in own[0].hits:
            values[task, "all families", name] = join([pair.hits[name] for pair in own]).p_value
        ranks, counts = (
            np.concatenate([pair.slot_ranks[part] for pair in own]) for part in range(2)
        )
        values[task, "all families", "slot ranks"] = rank_p_value(ranks, counts)
    return values


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_task_betrays_its_answer_in_any_family(
    played: dict[tuple[str, str], Played], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(played) == set(PAIRS)
    values = suppositions(played)
    least = sorted(values, key=lambda name: values[name])[:8]
    with capsys.disabled():
        print(f"\n{len(values)} suppositions; the least likely to be luck:")
        for name in least:
            print(f"  {values[name]:.1e}  {', '.join(name)}")
    assert holm(values, LEVEL) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("task", [task for task, carriers in CARRIERS.items() if carriers])
def test_the_carrier_betrays_it(task: str, played: dict[tuple[str, str], Played]) -> None:
    """So that the other test could fail: the wanderer meets enough of what matters."""
    own = [pair.carrier for (name, _), pair in played.items() if name == task]
    assert join(own).p_value < 1e-6
