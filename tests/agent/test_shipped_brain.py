"""What the package brings along: the shipped brain fits, is small enough, and knows its job."""

import numpy as np
import pytest

from agent.checkpoint import SHIPPED, load_checkpoint
from agent.learning.recipe import load_recipe
from agent.mind import Mind
from agent.policies.adapters import MindPolicy
from agent.rollout import play
from envs.tasks import find_task

MEBIBYTES = 6
VALIDATION = range(1_000_000, 1_000_003)


def test_the_weights_are_at_most_six_mebibytes():
    files = list(SHIPPED.parent.glob("*"))
    assert SHIPPED in files
    assert {path.suffix for path in files} == {".safetensors"}
    assert sum(path.stat().st_size for path in files) <= MEBIBYTES * 2**20


def test_the_shipped_recipe_made_the_shipped_brain():
    _, header = load_checkpoint(SHIPPED)
    made_with, shipped = header.extra["recipe"], load_recipe("museum").model_dump(mode="json")
    for part in ("perception", "imitation"):
        assert {name: shipped[part][name] for name in made_with[part]} == made_with[part]
    assert header.step >= shipped["imitation"]["samples"] * 0.95


@pytest.mark.timeout(600)
def test_the_shipped_brain_does_its_tasks():
    tasks = [find_task(name).name for name in load_recipe("museum").worlds.tasks]
    episodes = [(task, seed) for task in tasks for seed in VALIDATION]
    played = play(MindPolicy(Mind.load()), episodes, num_worlds=9)
    success = np.mean([result.success for result in played.results])
    assert success >= 0.8, [(r.task, r.seed) for r in played.results if not r.success]
