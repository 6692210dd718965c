"""The two perception heads, small networks that the simulator's labels teach in minutes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from agent.senses.crops import CROP_SIZE
from agent.senses.logmel import FRAMES
from agent.senses.percepts import COLORS, MEL_BANDS, SOUNDS
from envs.contract import EARS


class ColorHead(nn.Module):
    """Crop of an entity -> logits of the colours."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(CROP_SIZE, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Linear(width, COLORS),
        )

    def forward(self, crops: Tensor) -> Tensor:
        """``(n, CROP_SIZE)`` -> ``(n, COLORS)`` logits."""
        return self.layers(crops)


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
