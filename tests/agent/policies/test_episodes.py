"""Whole episodes in the real world, on validation seeds."""

import pytest

from agent.policies.expert import expert
from agent.policies.scripted import scripted
from envs.tasks import TASKS
from tests.agent.policies.plays import play

SEEDS = range(1_500_000, 1_500_006)  # known and unknown maps in turn


def failures(results):
    return [result for result in results if not result.success]


NOT_YET = (
    "navigation/described_object",  # the shipped perception reads no signs and sees no light
    "navigation/timed_gate", "coordination/two_person_lift", "coordination/split_errands",
    "coordination/search_and_report",
)  # fmt: skip
"""Tasks that the expert fails too often in; its figures are in the README."""


@pytest.mark.parametrize("task", [task for task in TASKS if task not in NOT_YET])
def test_the_expert_does_every_task(task):
    assert len(failures(play(task, SEEDS, expert))) <= 1


def test_the_expert_recovers_from_random_moves():
    plays = play("fetch_and_put", SEEDS, expert, moves_at_random=0.2)
    assert len(failures(plays)) <= 1


def test_the_expert_lives_with_a_delay():
    assert len(failures(play("named_place", SEEDS, expert, action_delay=3))) <= 1


def test_the_expert_finds_another_way_when_a_door_is_locked():
    plays = play("named_place", SEEDS, expert, perturbations=["door_closes"])
    assert len(failures(plays)) <= 1


def test_scripted_goes_to_places_but_only_guesses_colours():
    assert not failures(play("named_place", SEEDS, scripted, perceives=False))
    guesses = play("coloured_object", range(1_500_000, 1_500_024), scripted, perceives=False)
    assert len([guess for guess in guesses if guess.wrong_commit]) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_the_expert_on_many_seeds(task):
    results = play(task, range(1_400_000, 1_400_150), expert)
    assert len(failures(results)) <= 0.03 * len(results)
