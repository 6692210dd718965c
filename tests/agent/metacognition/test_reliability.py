from __future__ import annotations

import numpy as np
import pytest

from agent.metacognition.reliability import (
    AUDIO,
    CAMERA,
    DIALOGUE,
    ENTITIES,
    FROZEN_DECISIONS,
    CameraMemory,
    sense_weights,
)
from envs.contract import EntityColumn, SelfColumn
from tests.agent.metacognition.hand_made import observations


def weigh(seen, times=1):
    memory = CameraMemory.blank(len(seen["self"]))
    for _ in range(times):
        weights, memory = sense_weights(seen, memory)
    return weights


def test_everything_is_trusted_when_nothing_is_wrong():
    assert (weigh(observations(3)) == 1.0).all()


def test_a_black_frame_is_not_trusted_and_no_other_row_suffers():
    seen = observations(2)
    seen["camera"][1] = 0
    assert weigh(seen)[:, CAMERA].tolist() == [1.0, 0.0]


def test_an_empty_frame_is_a_wall_unless_something_must_be_in_view():
    seen = observations(2)
    seen["camera"][:] = 90
    entity = seen["entities"][1, 0]
    entity[EntityColumn.SLOT], entity[EntityColumn.Z], entity[EntityColumn.DISTANCE] = 3, 2.0, 1.8
    assert weigh(seen)[:, CAMERA].tolist() == [1.0, 0.0]


def test_a_frame_that_stays_the_same_while_the_body_turns_is_frozen():
    seen = observations(2)
    seen["self"][1, SelfColumn.TURN_RATE] = 1.0
    assert (weigh(seen, FROZEN_DECISIONS)[:, CAMERA] == 1.0).all()
    assert weigh(seen, FROZEN_DECISIONS + 1)[:, CAMERA].tolist() == [1.0, 0.0]


def test_silence_is_trusted_but_not_numbers_that_are_none_nor_a_clipped_microphone():
    seen = observations(4)
    seen["audio"][1, 17] = np.nan
    seen["audio"][2, 17] = np.inf
    seen["audio"][3, ::3] = 1.0
    weights = weigh(seen)[:, AUDIO]
    assert weights[:3].tolist() == [1.0, 0.0, 0.0]
    assert 0.0 < weights[3] < 0.5


@pytest.mark.parametrize("sense", [CAMERA, AUDIO, ENTITIES, DIALOGUE])
def test_a_sense_that_is_not_valid_or_old_is_not_trusted(sense):
    seen = observations(2)
    seen["self"][0, SelfColumn.CAMERA_VALID + sense] = 0.0
    seen["self"][1, SelfColumn.CAMERA_AGE + sense] = 0.6
    weights = weigh(seen)
    assert (weights[:, sense] == 0.0).all()
    assert np.delete(weights, sense, axis=1).all()
