"""The senses: observations in, evidence out, for all rows at once and without memory.

The code here is arrays only. What judges a crop or a spectrogram is a set of `Heads`: torch's while
they are taught (`agent.senses.heads`), ONNX Runtime's otherwise (`agent.inference`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.senses.crops import CROP_SIZE, sample_crops
from agent.senses.logmel import FRAMES, log_mel
from agent.senses.percepts import MEL_BANDS, Percepts
from agent.senses.signs import crop_signs
from envs.contract import EARS, MAX_ENTITIES, SelfColumn

Array = NDArray[np.float32]


class Heads(Protocol):
    """The perception heads on arrays; n crops or sounds at once."""

    def judge_color(self, crops: Array) -> Array:
        """``(n, CROP_SIZE)`` -> ``(n, COLORS)`` log-probabilities."""

    def judge_lit(self, crops: Array) -> Array:
        """``(n, CROP_SIZE)`` -> ``(n, 2)`` log-probabilities."""

    def judge_sign(self, crops: Array) -> Array:
        """``(n, SIGN_SIZE)`` -> ``(n, SIGNS)`` log-probabilities."""

    def judge_sound(self, spectrogram: Array) -> tuple[Array, Array, Array]:
        """``(n, EARS, MEL_BANDS, FRAMES)`` -> presence logits, sines and loudnesses, ``(n, S)``."""


def perceive(heads: Heads, observations: Mapping[str, NDArray]) -> Percepts:
    """Evidence of one observation; a black frame and silence carry none.

    Args:
        heads: that judge.
        observations: arrays of the contract with a leading row dimension R.
    """
    body = observations["self"]
    percepts = Percepts.blank(len(body))
    crops, weight = crop_entities(observations)
    rows, indices = np.nonzero(weight)
    if len(rows):
        chosen = crops[rows, indices]
        percepts.color[rows, indices] = heads.judge_color(chosen)
        percepts.lit[rows, indices] = heads.judge_lit(chosen)
    percepts.color_weight = weight
    _read_signs(heads, observations, percepts)

    spectrogram = spectrograms(observations["audio"])
    percepts.audio = summarise(spectrogram)
    heard = (body[:, SelfColumn.AUDIO_VALID] > 0.5) & spectrogram.any(axis=(1, 2, 3))
    if heard.any():
        presence, sine, loudness = heads.judge_sound(spectrogram[heard])
        percepts.sound[heard] = presence
        percepts.sound_sine[heard] = sine
        percepts.sound_loudness[heard] = loudness
    percepts.sound_weight = heard.astype(np.float32)
    return percepts


def _read_signs(heads: Heads, observations: Mapping[str, NDArray], percepts: Percepts) -> None:
    crops, readable = crop_signs(observations)
    rows, indices = np.nonzero(readable & (percepts.color_weight > 0))
    if len(rows):
        percepts.sign[rows, indices] = heads.judge_sign(crops[rows, indices])
        percepts.sign_weight[rows, indices] = percepts.color_weight[rows, indices]


def crop_entities(
    observations: Mapping[str, NDArray],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Crops ``(R, MAX_ENTITIES, CROP_SIZE)`` and their weights ``(R, MAX_ENTITIES)``."""
    camera = np.ascontiguousarray(observations["camera"], np.uint8)
    rows = len(camera)
    crops = np.empty((rows, MAX_ENTITIES, CROP_SIZE), np.float32)
    weight = np.empty((rows, MAX_ENTITIES), np.float32)
    entities = np.ascontiguousarray(observations["entities"], np.float32)
    body = np.ascontiguousarray(observations["self"], np.float32)
    sample_crops(camera, entities, body, crops, weight)
    return crops, weight


def spectrograms(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mel spectrograms ``(R, EARS, MEL_BANDS, FRAMES)`` of frames ``(R, 3200)``."""
    out = np.empty((len(audio), EARS, MEL_BANDS, FRAMES), np.float32)
    log_mel(np.ascontiguousarray(audio, np.float32), out)
    return out


def summarise(spectrogram: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean and maximum over time of each band, ``(R, EARS, 2 * MEL_BANDS)``."""
    return np.concatenate([spectrogram.mean(-1), spectrogram.max(-1)], axis=-1)
