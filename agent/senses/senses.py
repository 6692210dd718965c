"""The senses: observations in, evidence out, for all rows at once and without memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from agent.senses.crops import CROP_SIZE, sample_crops
from agent.senses.heads import SoundHead, color_head, lit_head, sign_head
from agent.senses.logmel import FRAMES, log_mel
from agent.senses.percepts import MEL_BANDS, Percepts
from agent.senses.signs import crop_signs
from envs.contract import EARS, MAX_ENTITIES, SelfColumn


class Senses(nn.Module):
    """The heads for colour, light, signs and sound, with the array code that feeds them."""

    def __init__(self) -> None:
        super().__init__()
        self.color = color_head()
        self.lit = lit_head()
        self.sign = sign_head()
        self.sound = SoundHead()

    @torch.inference_mode()
    def perceive(self, observations: Mapping[str, NDArray]) -> Percepts:
        """Evidence of one observation; a black frame and silence carry none.

        Args:
            observations: arrays of the contract with a leading row dimension R.
        """
        body = observations["self"]
        percepts = Percepts.blank(len(body))
        crops, weight = crop_entities(observations)
        rows, indices = np.nonzero(weight)
        if len(rows):
            chosen = torch.from_numpy(crops[rows, indices])
            percepts.color[rows, indices] = self.color(chosen).log_softmax(-1).numpy()
            percepts.lit[rows, indices] = self.lit(chosen).log_softmax(-1).numpy()
        percepts.color_weight = weight
        self._read_signs(observations, percepts)

        spectrogram = spectrograms(observations["audio"])
        percepts.audio = summarise(spectrogram)
        heard = (body[:, SelfColumn.AUDIO_VALID] > 0.5) & spectrogram.any(axis=(1, 2, 3))
        if heard.any():
            presence, sine, loudness = self.sound(torch.from_numpy(spectrogram[heard]))
            percepts.sound[heard] = presence.numpy()
            percepts.sound_sine[heard] = sine.numpy()
            percepts.sound_loudness[heard] = loudness.numpy()
        percepts.sound_weight = heard.astype(np.float32)
        return percepts

    def _read_signs(self, observations: Mapping[str, NDArray], percepts: Percepts) -> None:
        crops, readable = crop_signs(observations)
        rows, indices = np.nonzero(readable & (percepts.color_weight > 0))
        if len(rows):
            logits = self.sign(torch.from_numpy(crops[rows, indices]))
            percepts.sign[rows, indices] = logits.log_softmax(-1).numpy()
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
