import numpy as np

from agent.sampling import (
    TEMPERATURE,
    all_allowed,
    allow_no_op,
    choose_actions,
    gumbel_noise,
    key_number,
)
from envs.contract import BRANCH_STARTS, BRANCHES, NO_OP, Branch, Move


def some_logits(rows, seed=0):
    random = np.random.default_rng(seed)
    return {name: random.normal(size=(rows, size)).astype(np.float32) for name, size in BRANCHES}


def numbers(*keys):
    return np.array([key_number(key, 0) for key in keys], np.uint64)


def test_an_npc_acts_the_same_in_every_batch():
    logits = some_logits(5)
    keys, decisions = numbers(*"abcde"), np.arange(5)
    together = choose_actions(logits, all_allowed(5), keys, decisions)
    order = np.array([3, 1, 4])
    part = {name: values[order] for name, values in logits.items()}
    apart = choose_actions(part, all_allowed(3), keys[order], decisions[order])
    assert (apart == together[order]).all()


def test_key_numbers_are_the_same_everywhere():
    assert key_number("museum/npc-1", 3) == 11012646502334519849
    assert key_number("museum/npc-1", 3) != key_number("museum/npc-1", 4)


def test_moves_are_sampled_at_the_temperature_and_the_rest_is_not():
    rows = 20_000
    logits = {name: np.zeros((rows, size), np.float32) for name, size in BRANCHES}
    logits["move"][:, 1] = 1.0
    logits["act"][:, 5] = 0.01
    actions = choose_actions(
        logits, all_allowed(rows), numbers(*range(rows)), np.zeros(rows, np.int64)
    )
    weights = np.exp(np.eye(len(Move))[1] / TEMPERATURE)
    expected = weights / weights.sum()
    shares = np.bincount(actions[:, Branch.MOVE], minlength=len(Move)) / rows
    assert np.abs(shares - expected).max() < 0.015
    assert (actions[:, Branch.ACT] == 5).all()


def test_noise_changes_with_every_decision():
    keys = numbers("a", "a")
    noise = gumbel_noise(keys, np.array([0, 1]), branch=0, size=8)
    assert not np.allclose(noise[0], noise[1])


def test_masks_are_kept():
    random = np.random.default_rng(0)
    mask = allow_no_op(random.random((200, all_allowed(1).shape[1])) < 0.2)
    actions = choose_actions(some_logits(200), mask, numbers(*range(200)), np.zeros(200, np.int64))
    for branch in range(len(BRANCHES)):
        assert mask[np.arange(200), BRANCH_STARTS[branch] + actions[:, branch]].all()


def test_a_mask_that_allows_nothing_means_doing_nothing():
    mask = np.zeros_like(all_allowed(1))
    actions = choose_actions(some_logits(1), mask, numbers("a"), np.zeros(1, np.int64))
    assert tuple(actions[0]) == NO_OP
    assert allow_no_op(mask).sum() == len(NO_OP)
