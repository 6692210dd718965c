from itertools import count

import numpy as np
import pytest
import torch

from agent.learning.perception import Wanderer, collect, measure, teach
from agent.senses.crops import CROP_SIZE
from agent.senses.heads import Senses
from envs.contract import BRANCH_SIZES, FIELDS, Act, Branch, EntityColumn, Kind
from envs.tasks import make_episode


@pytest.fixture(scope="module")
def examples():
    return collect((make_episode("coloured_object", seed) for seed in count()), 60, worlds=8)


def test_examples_have_crops_and_sounds(examples):
    assert examples.crops.shape == (len(examples.colors), CROP_SIZE)
    assert len(examples.colors) > 20
    assert set(np.unique(examples.colors)) <= set(range(8))
    assert examples.audio.shape[0] == examples.sounds.shape[0] > 20


def test_teaching_makes_the_heads_better(examples):
    torch.manual_seed(0)
    senses = Senses()
    before = measure(senses, examples)
    teach(senses, examples, color_steps=150, sound_steps=250)
    after = measure(senses, examples)
    assert after.color_accuracy > max(0.6, before.color_accuracy)
    assert after.sine_error < before.sine_error
    assert "colours" in str(after)


def test_the_wanderer_opens_doors_in_reach():
    observation = {f.name: np.zeros((2, *f.shape), f.dtype) for f in FIELDS}
    door = observation["entities"][1, 0]
    door[EntityColumn.SLOT], door[EntityColumn.DISTANCE] = 9, 1.0
    door[EntityColumn.KIND + Kind.DOOR] = 1.0
    door[EntityColumn.STATE + 1] = 1.0
    actions = Wanderer(2, np.random.default_rng(0)).act(observation)
    assert actions[:, Branch.ACT].tolist() == [Act.NONE, Act.OPEN]
    assert actions[1, Branch.TARGET] == 9
    assert (actions < BRANCH_SIZES).all()
