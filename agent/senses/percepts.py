"""What the senses tell the belief: evidence with weights, never a decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.contract import EARS, MAX_ENTITIES

COLOR_NAMES = ("red", "green", "blue", "yellow", "purple", "cyan", "orange", "white")
"""The colours that the colour head tells apart, in the order of its outputs."""

SOUND_NAMES = (
    "ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle", "alarm", "bell", "siren",
    "engine", "drip", "bark", "meow", "chirp", "knock", "hiss", "any",
)  # fmt: skip
"""The sounds that the sound head tells apart, in the order of its outputs; "any" is the loudest of
whatever is heard, sounds without a name among them."""
SIGN_GLYPHS = "ABCDEFHKTX"
"""The glyphs that the sign head reads; its first output is for none."""
LIT_NAMES = ("unlit", "lit")

COLORS = len(COLOR_NAMES)
SOUNDS = len(SOUND_NAMES)
SIGNS = 1 + len(SIGN_GLYPHS)

MEL_BANDS = 64
AUDIO_SUMMARY = 2 * MEL_BANDS
"""Per ear: the mean and the maximum over time of each log-mel band."""


@dataclass
class Percepts:
    """Evidence from one observation of R rows; a missing sense has weight 0 everywhere."""

    color: NDArray[np.float32]
    """``(R, MAX_ENTITIES, COLORS)`` log-probability of each colour, per row of ``entities``."""
    color_weight: NDArray[np.float32]
    """``(R, MAX_ENTITIES)`` 0 to 1: how much of the entity the camera shows, near ones more."""
    sign: NDArray[np.float32]
    """``(R, MAX_ENTITIES, SIGNS)`` log-probability of no sign and of each glyph."""
    sign_weight: NDArray[np.float32]
    """``(R, MAX_ENTITIES)`` 0 to 1: how well the front can be read."""
    lit: NDArray[np.float32]
    """``(R, MAX_ENTITIES, 2)`` log-probability that it is unlit, lit; weighed as the colour."""
    sound: NDArray[np.float32]
    """``(R, SOUNDS)`` logit that this sound is heard now."""
    sound_sine: NDArray[np.float32]
    """``(R, SOUNDS)`` sine of its bearing, -1 left to 1 right; front and back look alike."""
    sound_loudness: NDArray[np.float32]
    """``(R, SOUNDS)`` loudness at the ears, about 1 / distance in metres, 0 to 1."""
    sound_weight: NDArray[np.float32]
    """``(R,)`` 1 where there was sound to judge, 0 where the sense is missing."""
    audio: NDArray[np.float32]
    """``(R, EARS, AUDIO_SUMMARY)`` log-mel mean and maximum over time; 0 is silence."""

    @staticmethod
    def blank(rows: int) -> Percepts:
        """Percepts of rows that see and hear nothing."""
        return Percepts(
            color=np.full((rows, MAX_ENTITIES, COLORS), -np.log(COLORS), np.float32),
            color_weight=np.zeros((rows, MAX_ENTITIES), np.float32),
            sign=np.full((rows, MAX_ENTITIES, SIGNS), -np.log(SIGNS), np.float32),
            sign_weight=np.zeros((rows, MAX_ENTITIES), np.float32),
            lit=np.full((rows, MAX_ENTITIES, 2), -np.log(2), np.float32),
            sound=np.full((rows, SOUNDS), -8.0, np.float32),
            sound_sine=np.zeros((rows, SOUNDS), np.float32),
            sound_loudness=np.zeros((rows, SOUNDS), np.float32),
            sound_weight=np.zeros(rows, np.float32),
            audio=np.zeros((rows, EARS, AUDIO_SUMMARY), np.float32),
        )
