"""Measures: their values and how they depend on each other."""

from __future__ import annotations

import re

import numpy as np
import pytest

from envs.measures import MEASURES, EpisodeRecord, Measure, measure_episode
from envs.world.world import BatchWorld


def record(succeeded=(True,), wrong=(False,), walked=(10.0,), shortest=(8.0,)):
    return EpisodeRecord(
        np.array(succeeded), np.array(wrong), np.array(walked, np.float32),
        np.array(shortest, np.float32), np.array([3] * len(succeeded), np.int32), 70,
    )  # fmt: skip


def test_values():
    values = measure_episode(record())
    assert values == pytest.approx(
        {
            "success": 1.0, "wrong_commit": 0.0, "steps": 70.0, "path_length": 10.0,
            "shortest_path": 8.0, "collisions": 3.0, "spl": 0.8,
        }
    )  # fmt: skip


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
