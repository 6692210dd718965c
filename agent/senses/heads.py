"""The perception heads, small networks that the simulator's labels teach in minutes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agent.senses.crops import CROP_SIZE
from agent.senses.logmel import FRAMES
from agent.senses.percepts import COLORS, LIT_NAMES, MEL_BANDS, SIGNS, SOUNDS, Percepts
from agent.senses.senses import Array, perceive
from agent.senses.signs import SIGN_SIZE
from agent.senses.upgrade import COLOR_WIDTH, LIT_WIDTH, SIGN_WIDTH, SOUND_WIDTH
from envs.contract import EARS


class CropHead(nn.Module):
    """Crop of an entity -> logits of the classes."""

    def __init__(self, size: int, classes: int, width: int) -> None:
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
    return CropHead(CROP_SIZE, COLORS, COLOR_WIDTH)


def lit_head() -> CropHead:
    """Whether an entity is lit, by the same crop."""
    return CropHead(CROP_SIZE, len(LIT_NAMES), LIT_WIDTH)


def sign_head() -> CropHead:
    """The glyph on the front of an entity by its sign crop."""
    return CropHead(SIGN_SIZE, SIGNS, SIGN_WIDTH)


class SoundHead(nn.Module):
    """Log-mel spectrogram of both ears -> per sound: presence logit, sine of bearing, loudness."""

    def __init__(self, width: int = SOUND_WIDTH) -> None:
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


class Senses(nn.Module):
    """The heads for colour, light, signs and sound, as they are taught."""

    def __init__(self) -> None:
        super().__init__()
        self.color = color_head()
        self.lit = lit_head()
        self.sign = sign_head()
        self.sound = SoundHead()

    def perceive(self, observations: Mapping[str, NDArray]) -> Percepts:
        """Evidence of one observation (`agent.senses.senses.perceive`)."""
        return perceive(self, observations)

    def judge_color(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return _judge(self.color, crops)

    def judge_lit(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return _judge(self.lit, crops)

    def judge_sign(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return _judge(self.sign, crops)

    @torch.inference_mode()
    def judge_sound(self, spectrogram: Array) -> tuple[Array, Array, Array]:
        """`agent.senses.senses.Heads`."""
        presence, sine, loudness = self.sound(torch.from_numpy(spectrogram))
        return presence.numpy(), sine.numpy(), loudness.numpy()


@torch.inference_mode()
def _judge(head: CropHead, crops: Array) -> Array:
    return head(torch.from_numpy(crops)).log_softmax(-1).numpy()
