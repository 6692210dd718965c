"""Whole episodes in the real world, on validation seeds."""

import pytest

from agent.policies.expert import expert
from agent.policies.scripted import scripted
from envs.tasks import TASKS
from tests.agent.policies.plays import play

SEEDS = range(1_500_000, 1_500_006)  # known and unknown maps in turn


def failures(results):
    return [result for result in results if not result.success]


HARDER = {"navigation/silent_sound": 3, "interaction/tidy": 3, "navigation/ringing": 2}
"""Tasks in which the expert fails more than once in so many families; README has its figures."""


@pytest.mark.parametrize("task", TASKS)
def test_the_expert_does_every_task_in_every_family(task):
    families = TASKS[task].families
    seeds = range(1_500_000, 1_500_000 + len(families))
    results = play(task, seeds, expert, families=families)
    assert len(failures(results)) <= HARDER.get(task, 1)


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
    families = TASKS[task].families
    results = play(task, range(1_400_000, 1_400_150), expert, families=families)
    assert len(failures(results)) <= (0.2 if task in HARDER else 0.08) * len(results)
