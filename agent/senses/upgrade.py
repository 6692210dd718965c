"""Weights of perception from before there were signs, lit things and more than eight sounds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.senses.crops import CROP_SIZE
from agent.senses.percepts import LIT_NAMES, SIGNS, SOUNDS
from agent.senses.signs import SIGN_SIZE

UNHEARD = -8.0
"""Presence logit of a sound that older weights do not know."""
COLOR_WIDTH, LIT_WIDTH, SIGN_WIDTH, SOUND_WIDTH = 64, 32, 128, 256
"""Widths of the heads."""
_LAST = "senses.sound.layers.4"


def upgrade_senses(tensors: Mapping[str, NDArray]) -> dict[str, NDArray]:
    """The same tensors, with what older weights lack filled in so that it gives no evidence.

    Args:
        tensors: of a checkpoint; those below ``senses`` are looked at.

    Returns:
        Tensors that fit the senses: the sounds that the weights know stay as they are, others are
        never heard, and signs and light are equally likely either way.
    """
    upgraded = dict(tensors)
    weight, bias = tensors.get(f"{_LAST}.weight"), tensors.get(f"{_LAST}.bias")
    if weight is not None and bias is not None and len(bias) < 3 * SOUNDS:
        known = len(bias) // 3
        parts, biases = [], []
        for output in range(3):  # presence, sine, loudness
            rows = slice(output * known, (output + 1) * known)
            level = UNHEARD if output == 0 else 0.0
            more = SOUNDS - known
            parts += [weight[rows], np.zeros((more, weight.shape[1]), np.float32)]
            biases += [bias[rows], np.full(more, level, np.float32)]
        upgraded[f"{_LAST}.weight"] = np.concatenate(parts)
        upgraded[f"{_LAST}.bias"] = np.concatenate(biases)
    if any(name.startswith("senses.") for name in tensors):
        for head, sizes in _NEW_HEADS.items():
            for name, value in _untaught(sizes).items():
                upgraded.setdefault(f"senses.{head}.layers.{name}", value)
    return upgraded


_NEW_HEADS = {
    "lit": (CROP_SIZE, LIT_WIDTH, LIT_WIDTH, len(LIT_NAMES)),
    "sign": (SIGN_SIZE, SIGN_WIDTH, SIGN_WIDTH, SIGNS),
}


def _untaught(sizes: tuple[int, ...]) -> dict[str, NDArray[np.float32]]:
    """A head that says nothing and yet can be taught from here: only its last layer is zero."""
    random = np.random.default_rng(0)
    layers: dict[str, NDArray[np.float32]] = {}
    for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        last = number == len(sizes) - 2
        bound = 0.0 if last else inputs**-0.5
        weight = random.uniform(-bound, bound, (outputs, inputs))
        layers[f"{2 * number}.weight"] = weight.astype(np.float32)
        layers[f"{2 * number}.bias"] = np.zeros(outputs, np.float32)
    return layers
