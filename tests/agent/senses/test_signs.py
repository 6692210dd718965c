import numpy as np
import pytest
import torch

from agent.checkpoint import SHIPPED, load_checkpoint
from agent.modules import fill_module
from agent.senses.heads import Senses
from agent.senses.percepts import SIGN_GLYPHS, SIGNS, SOUNDS
from agent.senses.signs import SIGN_CROP, SIGN_RANGE, crop_signs
from agent.senses.upgrade import UNHEARD, upgrade_senses
from envs.contract import FIELDS, EntityColumn, Kind, SelfColumn


def observation():
    """A cube of half a metre two metres ahead, its front towards us."""
    arrays = {f.name: np.zeros((1, *f.shape), f.dtype) for f in FIELDS}
    arrays["self"][:, SelfColumn.CAMERA_VALID] = 1.0
    arrays["self"][:, SelfColumn.HEIGHT] = 1.5
    entity = arrays["entities"][0, 0]
    entity[EntityColumn.SLOT] = 1
    entity[EntityColumn.Y], entity[EntityColumn.Z] = 1.5, 2.0
    entity[EntityColumn.DISTANCE] = 1.75
    entity[EntityColumn.COS_HEADING] = -1.0
    entity[EntityColumn.SIZE_X : EntityColumn.SIZE_Z + 1] = 0.5
    entity[EntityColumn.KIND + Kind.OBJECT] = 1.0
    arrays["camera"][0, :, 30:32, 30:32] = 255
    return arrays, entity


def test_a_sign_crop_shows_the_front():
    arrays, _ = observation()
    crops, readable = crop_signs(arrays)
    assert readable[0, 0] and not readable[0, 1:].any()
    grey = crops[0, 0, : SIGN_CROP**2].reshape(SIGN_CROP, SIGN_CROP)
    half = SIGN_CROP // 2
    assert grey[:half, :half].max() > 1.0
    assert grey[half + 1 :].max() < 0.0
    assert grey.mean() == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize("light", [0.7, 1.0])
def test_a_sign_looks_the_same_in_any_light(light):
    arrays, _ = observation()
    bright = crop_signs(arrays)[0][0, 0, : SIGN_CROP**2]
    arrays["camera"] = (arrays["camera"] * light).astype(np.uint8)
    assert crop_signs(arrays)[0][0, 0, : SIGN_CROP**2] == pytest.approx(bright, abs=0.5)


def test_a_front_is_cut_out_along_its_own_edges():
    """What is left on the front is left in the crop, also when it is seen from the side."""
    arrays, entity = observation()
    heading = np.pi + 0.6
    entity[EntityColumn.SIN_HEADING] = np.sin(heading)
    entity[EntityColumn.COS_HEADING] = np.cos(heading)
    arrays["camera"][:] = 0
    arrays["camera"][0, :, :, :32] = 255  # all that is left of the middle
    grey = crop_signs(arrays)[0][0, 0, : SIGN_CROP**2].reshape(SIGN_CROP, SIGN_CROP)
    assert (np.diff(grey, axis=1) <= 1e-6).all()
    assert grey[:, 0].min() > 0 > grey[:, -1].max()


@pytest.mark.parametrize("hidden", ["turned away", "far", "no camera", "a person"])
def test_what_cannot_be_read_is_not_cut_out(hidden):
    arrays, entity = observation()
    if hidden == "turned away":
        entity[EntityColumn.COS_HEADING] = 1.0
    elif hidden == "far":
        entity[EntityColumn.DISTANCE] = SIGN_RANGE + 0.1
    elif hidden == "no camera":
        arrays["self"][:, SelfColumn.CAMERA_VALID] = 0.0
    else:
        entity[EntityColumn.KIND + Kind.OBJECT] = 0.0
    assert not crop_signs(arrays)[1].any()


def test_percepts_carry_signs_and_light():
    torch.manual_seed(0)
    arrays, _ = observation()
    percepts = Senses().perceive(arrays)
    assert percepts.sign.shape[-1] == SIGNS == 1 + len(SIGN_GLYPHS)
    assert np.exp(percepts.sign).sum(-1) == pytest.approx(1.0, abs=1e-5)
    assert np.exp(percepts.lit).sum(-1) == pytest.approx(1.0, abs=1e-5)
    assert percepts.sign_weight[0, 0] > 0 and not percepts.sign_weight[0, 1:].any()


def test_older_weights_know_what_they_knew_and_nothing_else():
    tensors, _ = load_checkpoint(SHIPPED)
    last = "senses.sound.layers.4"
    old = {name: value for name, value in tensors.items() if not name.startswith("senses.lit")}
    old = {name: value for name, value in old.items() if not name.startswith("senses.sign")}
    known = 8
    if len(old[f"{last}.bias"]) == 3 * SOUNDS:  # as the first brain had it
        keep = np.concatenate([np.arange(known) + SOUNDS * part for part in range(3)])
        old[f"{last}.weight"], old[f"{last}.bias"] = (
            old[f"{last}.weight"][keep], old[f"{last}.bias"][keep],
        )  # fmt: skip
    new = upgrade_senses(old)
    senses = Senses()
    fill_module(senses, new, "senses", SHIPPED)
    presence, sine = new[f"{last}.bias"][:SOUNDS], new[f"{last}.bias"][SOUNDS : 2 * SOUNDS]
    assert np.array_equal(presence[:known], old[f"{last}.bias"][:known])
    assert (presence[known:] == UNHEARD).all()
    assert np.array_equal(sine[:known], old[f"{last}.bias"][known : 2 * known])
    logits = senses.sign(torch.zeros(1, 259))
    assert torch.equal(logits, torch.zeros_like(logits))
