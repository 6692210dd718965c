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
VALIDATION = range(1_000_000, 1_000_002)


def test_the_weights_are_at_most_six_mebibytes():
    files = list(SHIPPED.parent.glob("*"))
    assert SHIPPED in files
    assert {path.suffix for path in files} == {".safetensors"}
    assert sum(path.stat().st_size for path in files) <= MEBIBYTES * 2**20


MADE_IN_PARTS = {"samples", "minutes", "expert_only", "expert_until"}
"""What differs between a recipe and the parts that it was carried out in."""


def test_the_shipped_recipe_made_the_shipped_brain():
    _, header = load_checkpoint(SHIPPED)
    made_with = header.extra["recipe"]
    shipped = load_recipe(made_with["name"]).model_dump(mode="json")
    assert made_with["worlds"] == shipped["worlds"]
    for name in made_with["imitation"].keys() - MADE_IN_PARTS:
        assert shipped["imitation"][name] == made_with["imitation"][name], name


@pytest.mark.timeout(600)
def test_the_shipped_brain_does_its_tasks():
    names = load_recipe("families").worlds.tasks
    episodes = [(find_task(name).name, seed) for name in names for seed in VALIDATION]
    played = play(MindPolicy(Mind.load()), episodes, num_worlds=24)
    success = np.mean([result.success for result in played.results])
    assert success >= 0.8, [(r.task, r.seed) for r in played.results if not r.success]
