"""Measures: their values and how they depend on each other."""

from __future__ import annotations

import re

import numpy as np
import pytest

from envs.contract import NO_OP, Branch, Move, Say
from envs.measures import MEASURES, EpisodeRecord, Measure, measure_episode
from envs.policies import oracle
from envs.tasks import make_episode
from envs.world.world import BatchWorld


def record(
    succeeded=(True,), wrong=(False,), walked=(10.0,), shortest=(8.0,), progress=None, acts=None
):
    count = len(succeeded)
    return EpisodeRecord(
        np.array(succeeded), np.array(wrong), np.array(walked, np.float32),
        np.array(shortest, np.float32), np.array([3] * count, np.int32), 70,
        np.array(succeeded if progress is None else progress, np.float32),
        np.array([20] * count, np.int32), np.array([2] * count, np.int32),
        np.array([5] * count if acts is None else acts, np.int32),
    )  # fmt: skip


def test_values():
    values = measure_episode(record())
    assert values == pytest.approx(
        {
            "success": 1.0, "wrong_commit": 0.0, "steps": 70.0, "path_length": 10.0,
            "shortest_path": 8.0, "collisions": 3.0, "spl": 0.8, "soft_spl": 0.8, "progress": 1.0,
            "idle_time": 2.0, "messages": 2.0, "acts": 5.0, "share_of_work": 1.0,
        }
    )  # fmt: skip


def test_soft_spl_counts_progress_without_success():
    values = measure_episode(record(succeeded=(False,), progress=(0.75,)))
    assert values["spl"] == 0.0
    assert values["soft_spl"] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("walked", "acts", "expected"),
    [
        ((5.0, 5.0), (2, 2), 1.0),
        ((10.0, 0.0), (4, 0), 0.0),
        ((10.0, 0.0), (0, 4), 1.0),  # one walks, the other acts
        ((7.5, 2.5), (0, 0), 0.8113),
        ((0.0, 0.0), (0, 0), 0.0),
    ],
)
def test_share_of_work_is_even_when_all_do_as_much(walked, acts, expected):
    team = record((True, True), (False, False), walked, (4.0, 4.0), acts=acts)
    assert measure_episode(team)["share_of_work"] == pytest.approx(expected, abs=1e-4)


def test_a_played_episode_is_counted():
    world = BatchWorld(1, 1, senses=())
    world.reset(0, make_episode("named_place", 3))
    walk, stay = np.array([NO_OP]), np.array([NO_OP])
    walk[0, Branch.MOVE] = Move.WALK
    talk = np.array([NO_OP])
    talk[0, Branch.SAY] = Say.ACCEPT
    for action in (walk, stay, stay, talk):
        world.observe()
        world.step(action)
    found = EpisodeRecord.of(world, 0)
    assert (found.idle.tolist(), found.messages.tolist()) == ([2], [1])
    assert 0.0 <= found.progress[0] < 1.0
    world.reset(0, make_episode("named_place", 5))
    assert EpisodeRecord.of(world, 0).idle.tolist() == [0]


def test_progress_grows_with_the_steps_and_on_the_way():
    world = BatchWorld(1, 1, senses=())
    world.reset(0, make_episode("fetch_and_put", 3))
    seen = []
    for _ in range(400):
        world.observe()
        result = world.step(oracle(world))
        seen.append(float(EpisodeRecord.of(world, 0).progress[0]))
        if result.terminated[0]:
            break
    assert result.success[0]
    assert seen[-1] == 1.0
    assert any(0.0 < value < 0.5 for value in seen) and any(0.5 <= value < 1.0 for value in seen)


def test_spl_is_at_most_one_and_zero_without_success():
    assert measure_episode(record(walked=(5.0,)))["spl"] == 1.0
    assert measure_episode(record(succeeded=(False,)))["spl"] == 0.0


def test_a_team_succeeds_together_and_sums_its_paths():
    team = record((True, True), (False, False), (10.0, 6.0), (4.0, 4.0))
    assert measure_episode(team)["spl"] == pytest.approx(0.5)
    half = record((True, False), (False, True), (10.0, 6.0), (4.0, 4.0))
    values = measure_episode(half)
    assert values["success"] == 0.0 and values["wrong_commit"] == 1.0 and values["spl"] == 0.0


def test_a_measure_asks_for_what_it_depends_on():
    with pytest.raises(ValueError, match="'spl' depends on 'success': add that one"):
        measure_episode(record(), [MEASURES["spl"]])


def test_a_measure_cannot_depend_on_itself():
    loop = [
        Measure("a", "", lambda record, values: values["b"], ("b",)),
        Measure("b", "", lambda record, values: values["a"], ("a",)),
    ]
    with pytest.raises(ValueError, match=re.escape("'a' depends on itself: a -> b -> a.")):
        measure_episode(record(), loop)


def test_a_world_without_an_episode_says_so():
    with pytest.raises(ValueError, match=re.escape("call reset(0, episode) first")):
        EpisodeRecord.of(BatchWorld(1, senses=()), 0)
