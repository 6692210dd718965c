from __future__ import annotations

from agent.metacognition.experiment import CONDITIONS, Condition, compare, make_table, paired_row
from agent.policies import get_policy
from agent.rollout import EpisodeResult
from envs.tasks import TASKS
from envs.world.perturbations import PERTURBATIONS


def result(seed: int, success: bool, spl: float, **strategies: int) -> EpisodeResult:
    return EpisodeResult(
        task="navigation/named_place", seed=seed, map="known", success=success, wrong_commit=False,
        spl=spl, decisions=50, path=5.0, shortest=5.0, collisions=0, strategies=strategies,
    )  # fmt: skip


def test_pairs_are_compared_episode_by_episode():
    with_loop = [result(i, True, 0.9, policy=30, route=20) for i in range(10)]
    without = [result(i, i > 2, 0.9 * (i > 2), policy=50) for i in range(10)]
    row = paired_row(with_loop, without)
    assert (row["episodes"], row["won"], row["lost"]) == (10, 3, 0)
    assert row["success_difference"] == 0.3
    low, high = row["success_difference_ci"]
    assert 0.0 <= low < 0.3 < high <= 0.7
    assert row["with"]["success"] == 1.0 and row["without"]["success"] == 0.7
    assert row["strategy_share"] == {"policy": 0.6, "route": 0.4}


def test_the_conditions_are_ones_that_the_world_has():
    for condition in CONDITIONS:
        assert set(condition.tasks) <= set(TASKS)
        assert set(condition.perturbations) <= set(PERTURBATIONS)


def test_a_comparison_plays_the_same_seeds_twice_and_prints():
    condition = Condition("nothing wrong", (), ("navigation/named_place",))
    report = compare(lambda loop: get_policy("oracle"), range(2000000, 2000003), (condition,), 3)
    row = report["nothing wrong"]["navigation/named_place"]
    assert row["episodes"] == 3 and row["success_difference"] == 0.0
    assert make_table(report).row_count == 1
