import numpy as np
import pytest

from agent.ablation import blank_senses, check_parts
from envs.contract import FIELDS, SelfColumn


def observations(rows=3):
    arrays = {f.name: np.ones((rows, *f.shape), f.dtype) for f in FIELDS}
    arrays["dialogue_mask"] = np.ones((rows, 8), np.int8)
    return arrays


def test_parts_are_checked():
    assert check_parts(("metacognition", "camera")) == ("camera", "metacognition")
    with pytest.raises(ValueError, match="'nose' can be left out: choose from camera, audio"):
        check_parts(["nose"])


@pytest.mark.parametrize(
    ("sense", "column"),
    [
        ("camera", SelfColumn.CAMERA_VALID),
        ("audio", SelfColumn.AUDIO_VALID),
        ("dialogue", SelfColumn.DIALOGUE_VALID),
    ],
)
def test_a_blank_sense_is_zero_and_marked_and_the_rest_is_left(sense, column):
    before = observations()
    after = blank_senses(before, [sense], np.array([True, False, True]))
    assert not after[sense][[0, 2]].any()
    assert after[sense][1].all()
    assert after["self"][:, column].tolist() == [0.0, 1.0, 0.0]
    assert before[sense].all()
    assert before["self"].all()
    for name in set(before) - {sense, "self", f"{sense}_mask"}:
        assert after[name] is before[name]
