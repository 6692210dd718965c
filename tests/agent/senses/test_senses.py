import numpy as np
import pytest
import torch

from agent.senses import COLOR_NAMES, SOUND_NAMES
from agent.senses.crops import CROP, CROP_RANGE
from agent.senses.heads import Senses
from agent.senses.logmel import _HANN, _MEL, FRAMES, HOP, WINDOW
from agent.senses.senses import crop_entities, spectrograms
from envs.classes import HEARD_SOUNDS
from envs.contract import FIELDS, EntityColumn, Kind, SelfColumn
from envs.palette import COLOR_NAMES as WORLD_COLORS


def observation(rows=1):
    arrays = {f.name: np.zeros((rows, *f.shape), f.dtype) for f in FIELDS}
    arrays["self"][:, SelfColumn.CAMERA_VALID] = 1.0
    arrays["self"][:, SelfColumn.AUDIO_VALID] = 1.0
    arrays["self"][:, SelfColumn.HEIGHT] = 1.5
    return arrays


def put_object(arrays, row=0, index=0, x=0.0, z=3.0, size=0.5, height=1.5):
    """A cube in front of the eye, at the height of the eye unless said otherwise."""
    entity = arrays["entities"][row, index]
    entity[EntityColumn.SLOT] = index + 1
    entity[EntityColumn.X], entity[EntityColumn.Y], entity[EntityColumn.Z] = x, height, z
    entity[EntityColumn.DISTANCE] = np.hypot(x, z) - size / 2
    entity[EntityColumn.COS_HEADING] = 1.0
    entity[EntityColumn.SIZE_X : EntityColumn.SIZE_Z + 1] = size
    entity[EntityColumn.KIND + Kind.OBJECT] = 1.0


@pytest.fixture
def senses():
    torch.manual_seed(0)
    return Senses()


def test_names_are_in_the_order_of_the_world():
    assert COLOR_NAMES == WORLD_COLORS
    assert (*HEARD_SOUNDS, "any") == SOUND_NAMES


@pytest.mark.parametrize(("x", "column"), [(0.0, 32), (1.5, 48), (-1.5, 16)])
def test_a_crop_shows_what_is_where_the_object_is(x, column):
    arrays = observation()
    put_object(arrays, x=x)
    arrays["camera"][0, 0, 30:34, column - 2 : column + 2] = 255
    crops, weight = crop_entities(arrays)
    assert weight[0, 0] > 0.5
    red = crops[0, 0, : 3 * CROP * CROP : 3]
    assert red.max() == 0.5
    assert not weight[0, 1:].any()


def test_pitch_moves_the_crop_up_the_picture():
    arrays = observation()
    put_object(arrays, height=1.5 - 3.0)
    arrays["self"][0, SelfColumn.PITCH] = -np.pi / 4
    arrays["camera"][0, 1, 28:36, 28:36] = 255
    crops, weight = crop_entities(arrays)
    assert weight[0, 0] > 0
    assert crops[0, 0, 1 : 3 * CROP * CROP : 3].max() == 0.5


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays["camera"].fill(0),
        lambda arrays: arrays["self"][:, SelfColumn.CAMERA_VALID].fill(0),
        lambda arrays: arrays["entities"][:, :, EntityColumn.Z].fill(-3.0),
        lambda arrays: arrays["entities"][:, :, EntityColumn.X].fill(9.0),
        lambda arrays: arrays["entities"][:, :, EntityColumn.DISTANCE].fill(CROP_RANGE + 0.1),
        lambda arrays: arrays["entities"][:, :, EntityColumn.KIND].fill(0),
    ],
)
def test_what_cannot_be_judged_has_no_weight(change):
    arrays = observation()
    put_object(arrays)
    arrays["camera"] += 100
    assert crop_entities(arrays)[1][0, 0] > 0
    change(arrays)
    assert not crop_entities(arrays)[1].any()


def test_an_object_behind_another_weighs_less():
    arrays = observation()
    arrays["camera"] += 100
    put_object(arrays, index=0, z=5.0)
    alone = crop_entities(arrays)[1][0, 0]
    put_object(arrays, index=1, z=2.0, x=0.15)
    assert crop_entities(arrays)[1][0, 0] < alone


def test_log_mel_equals_the_textbook():
    random = np.random.default_rng(0)
    audio = random.normal(scale=0.1, size=(2, 3200)).astype(np.float32)
    ours = spectrograms(audio)
    for row in range(2):
        for ear, wave in enumerate(audio[row].reshape(2, 1600)):
            for frame in range(FRAMES):
                window = wave[frame * HOP : frame * HOP + WINDOW] * _HANN
                power = np.abs(np.fft.rfft(window)) ** 2
                expected = (np.log(_MEL @ power + 1e-6) - np.log(1e-6)) / 10.0
                assert np.abs(ours[row, ear, :, frame] - expected).max() < 1e-4


def test_silence_is_zero_and_has_no_weight(senses):
    arrays = observation(2)
    arrays["audio"][1] = np.sin(np.arange(3200) * 0.3)
    percepts = senses.perceive(arrays)
    assert not percepts.audio[0].any()
    assert percepts.audio[1].any()
    assert percepts.sound_weight.tolist() == [0.0, 1.0]


def test_ears_that_are_not_valid_have_no_weight(senses):
    arrays = observation()
    arrays["audio"][:] = 0.1
    arrays["self"][:, SelfColumn.AUDIO_VALID] = 0.0
    assert senses.perceive(arrays).sound_weight.tolist() == [0.0]


def test_percepts_are_probabilities_and_the_same_again(senses):
    arrays = observation(3)
    random = np.random.default_rng(0)
    arrays["camera"] = random.integers(0, 256, arrays["camera"].shape).astype(np.uint8)
    arrays["audio"] = random.normal(scale=0.1, size=(3, 3200)).astype(np.float32)
    put_object(arrays, row=1)
    first, second = senses.perceive(arrays), senses.perceive(arrays)
    assert np.allclose(np.exp(first.color).sum(-1), 1.0, atol=1e-5)
    assert np.abs(first.sound_sine).max() <= 1.0
    for name in vars(first):
        assert (getattr(first, name) == getattr(second, name)).all()
