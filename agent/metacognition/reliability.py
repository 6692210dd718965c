"""How far each sense can be trusted right now, told from the observation itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.contract import CAMERA_SIZE, EAR_SAMPLES, EARS, EntityColumn, SelfColumn

FRAME_STEP = 8
"""Every so many pixels of a frame are looked at, both ways."""
FRAME_SAMPLES = 3 * (CAMERA_SIZE // FRAME_STEP) ** 2
BLACK = 6
"""A frame whose brightest sample is below this is black (0 to 255)."""
FLAT = 4
"""A frame whose samples differ by at most this shows nothing."""
PLAIN_VIEW = 4.0
"""A thing nearer than this and ahead must show in the frame, metres."""
FROZEN_DECISIONS = 3
"""A frame that stays the same for so many decisions while the body turns or walks is frozen."""
MOVING = 0.05
"""Slower than this (metres or radians per second) the body counts as standing."""
STALE_SECONDS = 0.35
"""A sense that has not been fresh for so long is not trusted."""
CLIPPED_LEVEL = 0.999
CLIPPED_SHARE = 0.2
CLIPPED_WEIGHT = 0.3
AUDIO_STEP = 16

CAMERA, AUDIO, ENTITIES, DIALOGUE = range(4)
"""Columns of the weights."""


@dataclass
class CameraMemory:
    """The last frame of each NPC, thinned out."""

    frame: NDArray[np.uint8]
    """``(R, FRAME_SAMPLES)``."""
    same: NDArray[np.int32]
    """``(R,)`` decisions for which it has stayed the same while the body moved."""

    @staticmethod
    def blank(rows: int) -> CameraMemory:
        """Of NPCs that have seen nothing yet."""
        return CameraMemory(np.zeros((rows, FRAME_SAMPLES), np.uint8), np.zeros(rows, np.int32))


def sense_weights(
    observations: Mapping[str, NDArray], memory: CameraMemory
) -> tuple[NDArray[np.float32], CameraMemory]:
    """Weights of camera, audio, entities and dialogue, 0 to 1.

    Silence is no fault of the ears, nor is a blank wall one of the camera, unless the engine says
    that something stands in view.

    Args:
        observations: contract arrays of R rows.
        memory: of the decision before.

    Returns:
        Weights ``(R, 4)`` and the memory of this decision.
    """
    me = observations["self"]
    valid = me[:, SelfColumn.CAMERA_VALID : SelfColumn.CAMERA_VALID + 4] > 0.5
    age = me[:, SelfColumn.CAMERA_AGE : SelfColumn.CAMERA_AGE + 4]
    weights = (valid & (age <= STALE_SECONDS)).astype(np.float32)
    seen, memory = _camera_weight(observations["camera"], observations["entities"], me, memory)
    weights[:, CAMERA] *= seen
    weights[:, AUDIO] *= _audio_weight(observations["audio"])
    return weights, memory


def _camera_weight(
    camera: NDArray[np.uint8],
    entities: NDArray[np.float32],
    me: NDArray[np.float32],
    memory: CameraMemory,
) -> tuple[NDArray[np.float32], CameraMemory]:
    """0 for black, empty and frozen frames ``(R,)``, and the memory of this decision."""
    start = FRAME_STEP // 2
    frame = camera[:, :, start::FRAME_STEP, start::FRAME_STEP].reshape(len(camera), -1)
    brightest = frame.max(axis=1)
    flat = brightest - frame.min(axis=1) <= FLAT
    moving = (np.abs(me[:, SelfColumn.TURN_RATE]) > MOVING) | (
        np.abs(me[:, SelfColumn.VELOCITY_FORWARD]) > MOVING
    )
    unchanged = (frame == memory.frame).all(axis=1)
    same = np.where(unchanged & moving & ~flat, memory.same + 1, memory.same * unchanged)
    broken = (brightest < BLACK) | (same >= FROZEN_DECISIONS)
    if (flat & ~broken).any():
        broken |= flat & _something_ahead(entities)
    return np.where(broken, 0.0, 1.0).astype(np.float32), CameraMemory(frame, same.astype(np.int32))


def _something_ahead(entities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether the engine says that a thing stands in plain view, ``(R,)``."""
    real = entities[:, :, EntityColumn.SLOT] > 0
    ahead = entities[:, :, EntityColumn.Z]
    central = np.abs(entities[:, :, EntityColumn.X]) < 0.7 * ahead
    near = entities[:, :, EntityColumn.DISTANCE] < PLAIN_VIEW
    return np.asarray((real & central & near & (ahead > 0.8)).any(axis=1))


def _audio_weight(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 where samples are not numbers, little where they are clipped, ``(R,)``."""
    finite = np.isfinite(audio.sum(axis=1))
    loud = np.abs(audio[:, ::AUDIO_STEP]) >= CLIPPED_LEVEL
    clipped = np.count_nonzero(loud, axis=1) > CLIPPED_SHARE * EARS * EAR_SAMPLES / AUDIO_STEP
    weight = np.where(clipped, CLIPPED_WEIGHT, 1.0) * finite
    return weight.astype(np.float32)
