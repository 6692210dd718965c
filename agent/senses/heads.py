"""The perception heads, small networks that the simulator's labels teach in minutes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from agent.senses.crops import CROP_SIZE
from agent.senses.logmel import FRAMES
from agent.senses.percepts import COLORS, LIT_NAMES, MEL_BANDS, SIGNS, SOUNDS
from agent.senses.signs import SIGN_SIZE
from envs.contract import EARS


class CropHead(nn.Module):
    """Crop of an entity -> logits of the classes."""

    def __init__(self, size: int, classes: int, width: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(size, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, classes),
        )

    def forward(self, crops: Tensor) -> Tensor:
        """``(n, size)`` -> ``(n, classes)`` logits."""
        return self.layers(crops)


def color_head() -> CropHead:
    """Colour of an entity by its crop."""
    return CropHead(CROP_SIZE, COLORS)


def lit_head() -> CropHead:
    """Whether an entity is lit, by the same crop."""
    return CropHead(CROP_SIZE, len(LIT_NAMES), 32)


def sign_head() -> CropHead:
    """The glyph on the front of an entity by its sign crop."""
    return CropHead(SIGN_SIZE, SIGNS, 128)


class SoundHead(nn.Module):
    """Log-mel spectrogram of both ears -> per sound: presence logit, sine of bearing, loudness."""

    def __init__(self, width: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(EARS * MEL_BANDS * FRAMES, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, 3 * SOUNDS),
        )

    def forward(self, spectrogram: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``(n, EARS, MEL_BANDS, FRAMES)`` -> three ``(n, SOUNDS)``."""
        presence, sine, loudness = self.layers(spectrogram.flatten(1)).chunk(3, dim=-1)
        return presence, torch.tanh(sine), torch.sigmoid(loudness)
