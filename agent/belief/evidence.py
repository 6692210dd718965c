"""What the senses tell the belief in one decision, with how far each sense is trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import COLORS, SENSES, SIGNS, SOUNDS
from agent.senses.percepts import Percepts
from envs.contract import MAX_ENTITIES


@dataclass
class Evidence:
    """What the perception heads made of one decision's camera and audio, for R rows."""

    color_log_probs: NDArray[np.float32]
    """``(R, 32, 8)`` log probabilities per entity row; all zero where nothing was looked at."""
    sign: NDArray[np.float32]
    """``(R, 32, 11)`` log probabilities of no sign and of each sign; zero as above."""
    lit: NDArray[np.float32]
    """``(R, 32, 2)`` log probabilities of dark and lit; zero as above."""
    sound: NDArray[np.float32]
    """``(R, 19, 3)``: probability of presence, sin(bearing) (positive right), loudness."""
    reliability: NDArray[np.float32]
    """``(R, 4)`` weights of camera, audio, entities, dialogue; 1 is full trust."""

    @staticmethod
    def blank(rows: int) -> Evidence:
        """Evidence of a mind that neither sees colours nor hears."""
        return Evidence(
            np.zeros((rows, MAX_ENTITIES, COLORS), np.float32),
            np.zeros((rows, MAX_ENTITIES, SIGNS), np.float32),
            np.zeros((rows, MAX_ENTITIES, 2), np.float32),
            np.zeros((rows, SOUNDS, 3), np.float32),
            np.ones((rows, SENSES), np.float32),
        )

    @staticmethod
    def from_percepts(
        percepts: Percepts, reliability: NDArray[np.float32] | None = None
    ) -> Evidence:
        """Evidence from what the perception heads say.

        Args:
            percepts: of R rows.
            reliability: ``(R, 4)`` weights from metacognition, default full trust.
        """
        presence = 1.0 / (1.0 + np.exp(-percepts.sound))
        sound = np.stack(
            [
                presence * percepts.sound_weight[:, None],
                percepts.sound_sine,
                percepts.sound_loudness,
            ],
            axis=-1,
        ).astype(np.float32)
        if reliability is None:
            reliability = np.ones((len(sound), SENSES), np.float32)
        return Evidence(
            percepts.color * percepts.color_weight[:, :, None],
            percepts.sign * percepts.sign_weight[:, :, None],
            percepts.lit * percepts.color_weight[:, :, None],
            sound,
            reliability,
        )
