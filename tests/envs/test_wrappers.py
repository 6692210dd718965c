"""Wrappers: the same for one environment and for a batch, and accepted by gymnasium's own check."""

from __future__ import annotations

import re
import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from envs import wrappers
from envs.contract import BRANCH_STARTS, NO_OP, Act, Branch, GoalColumn, SelfColumn
from envs.policies import random_actions
from envs.words import encode_bag
from envs.wrappers import vector
from envs.wrappers.discrete import action_table

ID = "envs:heedful/Museum-v0"
NAMES = ("SentenceVectors", "ActionMask", "PlainVector", "CameraOnly", "DiscreteActions")


def single(**settings: Any) -> Any:
    return gymnasium.make(ID, **{"senses": (), "task": "ask_then_go", **settings})


def batch(count=3, **settings: Any) -> Any:
    return gymnasium.make_vec(ID, count, **{"senses": (), "task": "ask_then_go", **settings})


@pytest.mark.parametrize("name", NAMES)
def test_gymnasium_accepts_what_is_wrapped(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*different from the unwrapped version.*")
        warnings.filterwarnings("ignore", message=".*Not able to test alternative render.*")
        warnings.filterwarnings("ignore", message=".*Box observation space (minimum|maximum).*")
        env = getattr(wrappers, name)(single().unwrapped)
        check_env(env, skip_render_check=True)


@pytest.mark.parametrize("name", NAMES[:4])
def test_a_row_of_the_batch_is_wrapped_as_the_single_environment(name):
    one = getattr(wrappers, name)(single(senses=("camera",)))
    many = getattr(vector, name)(batch(senses=("camera",)))
    rng = np.random.default_rng(1)
    seen, _ = one.reset(seed=21)
    all_seen, infos = many.reset(seed=20)
    assert many.observation_space.contains(all_seen)
    for _ in range(8):
        if isinstance(seen, dict):
            assert all(np.array_equal(seen[key], all_seen[key][1]) for key in seen)
        else:
            assert np.array_equal(seen, all_seen[1])
        actions = random_actions(infos["action_mask"], rng)
        actions[:, 3] = 0
        all_seen, _, _, _, infos = many.step(actions)
        seen, *_ = one.step(actions[1])


def test_sentences_are_the_contracts_bags_without_a_language_library():
    env = wrappers.SentenceVectors(single())
    observation, info = env.reset(seed=3)
    own = observation["goal"][GoalColumn.BAG :]
    assert np.array_equal(observation["instruction"], own)
    assert np.array_equal(observation["instruction"], encode_bag(info["goal"], 32))


def test_heard_sentences_stand_in_the_rows_of_the_dialogue():
    from envs.policies import oracle

    env: Any = wrappers.SentenceVectors(single(), 4, lambda text: np.full(4, len(text)))
    observation, info = env.reset(seed=3)
    heard = []
    for _ in range(300):
        observation, _, terminated, _, info = env.step(oracle(env.unwrapped.world)[0])
        lengths = [len(utterance.text) for utterance in info["text"]]
        assert observation["utterances"][: len(lengths), 0].tolist() == lengths
        assert not observation["utterances"][len(lengths) :].any()
        heard += lengths
        if terminated:
            break
    assert heard


def test_an_encoder_of_another_size_is_named():
    env = wrappers.SentenceVectors(single(), size=8, encode=lambda text: np.zeros(9))
    message = "gave a vector (9,)"
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        env.reset(seed=0)
    assert "it must be (8,), or say size=9." in str(caught.value)


def test_the_plain_vector_is_laid_out_as_it_says():
    env = wrappers.PlainVector(single(senses=("camera",)))
    whole, _ = env.reset(seed=5)
    observation, _ = env.env.reset(seed=5)
    assert list(env.layout) == sorted(observation)
    assert whole.shape == (sum(value.size for value in observation.values()),)
    assert np.array_equal(whole[env.layout["self"]], observation["self"])
    assert whole[env.layout["self"]][SelfColumn.COS_YAW] == observation["self"][4]
    camera = observation["camera"].reshape(-1) / np.float32(255)
    assert np.allclose(whole[env.layout["camera"]], camera)
    assert np.abs(whole).max() < 1000  # no word id as it is
    few = wrappers.PlainVector(single(), fields=("self", "goal"))
    assert list(few.layout) == ["goal", "self"] and few.observation_space.shape == (96,)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: wrappers.PlainVector(single(), fields=("camara",)), ValueError,
         "There is no field 'camara': did you mean 'camera'?"),
        (lambda: wrappers.PlainVector(single(), fields="goal"), ValueError,
         "fields is 'goal': give names, such as ('goal',), or None for all."),
        (lambda: wrappers.PlainVector(single(), fields=()), ValueError, "fields is (): give names"),
        (lambda: wrappers.DiscreteActions(single()).step(1229), ValueError,
         "There is no action 1229: they go from 0 to 1228."),
        (lambda: wrappers.DiscreteActions(single()).step(-1), ValueError, "There is no action -1:"),
        (lambda: wrappers.DiscreteActions(single()).step(1.7),  # type: ignore[arg-type]
         ValueError,
         "Actions are whole numbers from 0 to 1228, not 1.7."),
        (lambda: wrappers.ActionMask(wrappers.CameraOnly(single())), TypeError,
         "put it below the wrappers that make one array of them."),
    ],
)  # fmt: skip
def test_errors_say_the_cure(make, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make()


def test_numbers_do_one_thing_at_a_time_and_masks_say_which():
    table = action_table()
    assert len({tuple(row) for row in table.tolist()}) == len(table)
    env = wrappers.DiscreteActions(single())
    _, info = env.reset(seed=2)
    allowed = env.action_masks()
    assert allowed[0] and 5 < allowed.sum() < len(table)
    for number in np.flatnonzero(allowed):
        assert info["action_mask"][table[number] + np.array(BRANCH_STARTS)].all()
    many = vector.DiscreteActions(batch())
    many.reset(seed=1)
    assert np.array_equal(many.action_masks()[1], allowed)
    many.step(np.zeros(3, np.int64))


def test_final_observations_are_wrapped_too():
    env = vector.PlainVector(batch(2, autoreset_mode=AutoresetMode.SAME_STEP, map="known"))
    first, _ = env.reset(seed=3)
    actions = np.tile(np.array(NO_OP), (2, 1))
    actions[:, Branch.ACT] = Act.FINISH
    actions[:, Branch.TARGET] = first[:, env.layout["self"].start + SelfColumn.PLACE]
    seen, _, terminated, _, infos = env.step(actions)
    assert terminated.all()
    assert infos["final_obs"][0].shape == first[0].shape
    clock = env.layout["self"].start + SelfColumn.CLOCK
    assert infos["final_obs"][0][clock] == np.float32(0.1) and seen[0][clock] == 0
