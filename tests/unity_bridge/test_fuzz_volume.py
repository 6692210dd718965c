"""Many mutated messages (see ``fuzzing``): thousands by default, a million when asked."""

import logging
import os

import pytest

from tests.unity_bridge.fuzzing import (
    CORPUS,
    SLOWEST_SECONDS,
    TARGETS,
    Targets,
    fuzz,
    make_seeds,
    read_corpus,
    run,
)
from unity_bridge.codec import MOST_ACTIONS, make_idle_action
from unity_bridge.errors import BridgeError
from unity_bridge.llapi import UnityObservationException
from unity_bridge.protocol import messages
from unity_bridge.steps import make_spec

GROWTH_MEBIBYTES = 48.0
"""More than this is no noise of the allocator."""
MANY = int(os.environ.get("FUZZ_MESSAGES", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
def test_kept_inputs_are_answered_and_good_ones_are_read(name):
    targets = Targets()
    answers = {run(targets, name, data) for data in read_corpus(name)}
    assert len(list(CORPUS.glob(f"{name}/*.bin"))) <= 100
    assert not list(CORPUS.glob(f"{name}/failed-*")), "an input of a failed run is left"
    for data in make_seeds()[name][:2]:
        answers.add(run(targets, name, data))
    assert len(answers) >= (2 if name != "host_answers" else 1)
    targets.loop.close()


def test_thousands_of_mutated_messages():
    answers, slowest, _ = fuzz(4000, seed=SEED)
    assert slowest < SLOWEST_SECONDS
    assert sum(map(len, answers.values())) > 20


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_million_mutated_messages():
    answers, slowest, growth = fuzz(MANY, seed=SEED)
    print(f"{MANY} messages: {sum(map(len, answers.values()))} answers, slowest {slowest:.2f} s, "
          f"memory {growth:+.1f} MiB")  # fmt: skip
    assert slowest < SLOWEST_SECONDS
    assert growth < GROWTH_MEBIBYTES


# ----------------------------------------------------------------------------------- what was found


@pytest.mark.parametrize(
    "sizes", [{"num_continuous_actions": 2**31 - 1}, {"discrete_branch_sizes": [3, -1]}]
)
def test_absurd_numbers_of_actions_are_refused_before_anything_is_made_for_them(sizes):
    brain = messages.BrainParametersProto(
        brain_name="Made", action_spec=messages.ActionSpecProto(**sizes)
    )
    with pytest.raises(BridgeError, match=f"their sum at most {MOST_ACTIONS}"):
        make_spec(brain, messages.AgentInfoProto())
    assert not make_idle_action(brain, messages.AgentInfoProto()).continuous_actions


@pytest.mark.parametrize("shape", [[1] * 71, [2**31 - 1] * 3, [0, 2**31 - 1, 2**31 - 1], [-4]])
def test_absurd_shapes_are_refused(shape):
    info = messages.AgentInfoProto()
    info.observations.add(name="eye", shape=shape)
    with pytest.raises(UnityObservationException, match="observation 'eye' has shape"):
        make_spec(messages.BrainParametersProto(brain_name="Made"), info)


def test_a_name_with_a_line_break_does_not_break_the_sentence():
    info = messages.AgentInfoProto()
    info.observations.add(name="eye\nroot: all is well", shape=[-1])
    with pytest.raises(UnityObservationException) as error:
        make_spec(messages.BrainParametersProto(brain_name="Ma\nde"), info)
    assert "\n" not in str(error.value)
