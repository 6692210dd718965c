"""Pixel crops: what the camera shows where the engine says that an object is.

The engine gives the box of every entity in line of sight but not its colour. Its eight corners are
projected through the camera, and pixels are sampled on a grid inside the box on the picture.
"""

from __future__ import annotations

import math

import numpy as np

from envs.contract import CAMERA_SIZE, MAX_ENTITIES, EntityColumn, Kind, SelfColumn
from envs.jit import njit, prange

CROP = 6
"""Samples along each side of a crop."""
CROP_RANGE = 6.0
"""Metres; what is farther is not judged by its colour."""
CROP_EXTRAS = 4
"""Beside the pixels: distance, width, height and covered share, each about 0 to 1."""
CROP_SIZE = 3 * CROP * CROP + CROP_EXTRAS
"""Length of one crop: pixels as (sample, channel) scaled to -0.5..0.5, then the extras."""

FOCAL = CAMERA_SIZE / 2.0  # pixels, for a field of view of 90 degrees
_MARGIN = 0.12  # of the box on the picture that is left out on each side
NEAR = 0.15  # metres before the eye

_X, _Z, _Y = int(EntityColumn.X), int(EntityColumn.Z), int(EntityColumn.Y)
_SIN, _COS = int(EntityColumn.SIN_HEADING), int(EntityColumn.COS_HEADING)
_SIZE = int(EntityColumn.SIZE_X)
_DISTANCE = int(EntityColumn.DISTANCE)
_IS_OBJECT = int(EntityColumn.KIND) + int(Kind.OBJECT)
_SLOT = int(EntityColumn.SLOT)
_PITCH, _HEIGHT = int(SelfColumn.PITCH), int(SelfColumn.HEIGHT)
_CAMERA_VALID = int(SelfColumn.CAMERA_VALID)


@njit(cache=True, error_model="numpy", nogil=True)
def _project(entity, pitch, height, rectangle):
    """Rectangle (left, top, right, bottom; pixels) of an entity; its depth, -1 behind the eye."""
    cos_pitch, sin_pitch = math.cos(pitch), math.sin(pitch)
    left = top = np.float32(1e9)
    right = bottom = np.float32(-1e9)
    for corner in range(8):
        side = entity[_SIZE] * (0.5 if corner & 1 else -0.5)
        up = entity[_SIZE + 1] * (0.5 if corner & 2 else -0.5)
        front = entity[_SIZE + 2] * (0.5 if corner & 4 else -0.5)
        x = entity[_X] + side * entity[_COS] + front * entity[_SIN]
        z = entity[_Z] - side * entity[_SIN] + front * entity[_COS]
        y = entity[_Y] + up - height
        depth = max(z * cos_pitch + y * sin_pitch, NEAR)
        u = FOCAL + FOCAL * x / depth
        v = FOCAL - FOCAL * (y * cos_pitch - z * sin_pitch) / depth
        left, right = min(left, u), max(right, u)
        top, bottom = min(top, v), max(bottom, v)
    rectangle[0], rectangle[1], rectangle[2], rectangle[3] = left, top, right, bottom
    middle = entity[_Z] * cos_pitch + (entity[_Y] - height) * sin_pitch
    return middle if middle > NEAR else np.float32(-1.0)


@njit(cache=True, error_model="numpy", nogil=True)
def is_black(frame):
    """True for the defined blank of a camera frame ``(3, 64, 64)``."""
    return not np.any(frame)


@njit(cache=True, error_model="numpy", nogil=True, parallel=True)
def sample_crops(camera, entities, body, crops, weight):
    """Cut a crop for every object within range.

    Args:
        camera: ``(R, 3, 64, 64)`` uint8.
        entities: ``(R, MAX_ENTITIES, ENTITY_SIZE)`` float32.
        body: ``(R, SELF_SIZE)`` float32, the observation ``self``.
        crops: ``(R, MAX_ENTITIES, CROP_SIZE)`` float32, written where the weight is above 0.
        weight: ``(R, MAX_ENTITIES)`` float32, written: 0 where there is nothing to judge.
    """
    size = camera.shape[2]
    for row in prange(camera.shape[0]):
        rectangles = np.empty((MAX_ENTITIES, 4), np.float32)
        depths = np.empty(MAX_ENTITIES, np.float32)
        for index in range(MAX_ENTITIES):
            weight[row, index] = 0.0
            depths[index] = -1.0
            if entities[row, index, _SLOT] > 0:
                depths[index] = _project(
                    entities[row, index], body[row, _PITCH], body[row, _HEIGHT], rectangles[index]
                )
        if body[row, _CAMERA_VALID] < 0.5 or is_black(camera[row]):
            continue
        for index in range(MAX_ENTITIES):
            entity = entities[row, index]
            near = entity[_DISTANCE] <= CROP_RANGE
            if depths[index] < 0 or entity[_IS_OBJECT] < 0.5 or not near:
                continue
            left, top, right, bottom = rectangles[index]
            wide, high = right - left, bottom - top
            shown = covered = 0
            for sample in range(CROP * CROP):
                across = _MARGIN + (1 - 2 * _MARGIN) * ((sample % CROP) + 0.5) / CROP
                down = _MARGIN + (1 - 2 * _MARGIN) * ((sample // CROP) + 0.5) / CROP
                u, v = left + across * wide, top + down * high
                for other in range(MAX_ENTITIES):
                    box = rectangles[other]
                    if 0 < depths[other] < depths[index] - 0.05 and (
                        box[0] <= u <= box[2] and box[1] <= v <= box[3]
                    ):
                        covered += 1
                        break
                if 0 <= u < size and 0 <= v < size:
                    shown += 1
                column = min(max(int(u), 0), size - 1)
                line = min(max(int(v), 0), size - 1)
                for channel in range(3):
                    value = camera[row, channel, line, column] * np.float32(1 / 255)
                    crops[row, index, 3 * sample + channel] = value - np.float32(0.5)
            extras = 3 * CROP * CROP
            crops[row, index, extras] = entity[_DISTANCE] / CROP_RANGE
            crops[row, index, extras + 1] = min(wide / size, 1.0)
            crops[row, index, extras + 2] = min(high / size, 1.0)
            crops[row, index, extras + 3] = covered / (CROP * CROP)
            clear = max(shown - covered, 0) / (CROP * CROP)
            if clear > 0.25:
                closeness = 1.0 - 0.5 * entity[_DISTANCE] / CROP_RANGE
                weight[row, index] = clear * closeness
