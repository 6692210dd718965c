"""Sign crops: the front of a thing, in shades of grey and finely enough to read one glyph."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.senses.crops import _is_black, _project
from envs.contract import MAX_ENTITIES, EntityColumn, Kind, SelfColumn
from envs.jit import njit, prange

SIGN_CROP = 16
"""Samples along each side of a sign crop."""
SIGN_RANGE = 3.0
"""Metres; what is farther cannot be read with a camera of 64 pixels."""
SIGN_SIZE = SIGN_CROP * SIGN_CROP + 3
"""Length of one crop: greys from -0.5 to 0.5, then distance, and the sine and cosine under which
the front is seen."""

_IS_OBJECT = int(EntityColumn.KIND) + int(Kind.OBJECT)
_SLOT, _DISTANCE = int(EntityColumn.SLOT), int(EntityColumn.DISTANCE)
_SIN, _COS = int(EntityColumn.SIN_HEADING), int(EntityColumn.COS_HEADING)
_X, _Z = int(EntityColumn.X), int(EntityColumn.Z)
_PITCH, _HEIGHT = int(SelfColumn.PITCH), int(SelfColumn.HEIGHT)
_CAMERA_VALID = int(SelfColumn.CAMERA_VALID)


@njit(cache=True, error_model="numpy", nogil=True, parallel=True)
def sample_signs(camera, entities, body, crops, readable):
    """Cut a sign crop for every object that is near and whose front is in sight.

    Args:
        camera: ``(R, 3, 64, 64)`` uint8.
        entities: ``(R, MAX_ENTITIES, ENTITY_SIZE)`` float32.
        body: ``(R, SELF_SIZE)`` float32, the observation ``self``.
        crops: ``(R, MAX_ENTITIES, SIGN_SIZE)`` float32, written where it is readable.
        readable: ``(R, MAX_ENTITIES)`` bool, written.
    """
    size = camera.shape[2]
    for row in prange(camera.shape[0]):
        rectangle = np.empty(4, np.float32)
        blank = body[row, _CAMERA_VALID] < 0.5 or _is_black(camera[row])
        for index in range(MAX_ENTITIES):
            readable[row, index] = False
            entity = entities[row, index]
            near = entity[_DISTANCE] <= SIGN_RANGE
            if blank or entity[_SLOT] <= 0 or entity[_IS_OBJECT] < 0.5 or not near:
                continue
            away = max(np.float32(1e-3), np.hypot(entity[_X], entity[_Z]))
            # The front looks along the thing's own heading; it faces us when that points back.
            facing = -(entity[_X] * entity[_SIN] + entity[_Z] * entity[_COS]) / away
            depth = _project(entity, body[row, _PITCH], body[row, _HEIGHT], rectangle)
            if depth < 0 or facing < np.float32(0.25):
                continue
            left, top, right, bottom = rectangle
            if right < 0 or bottom < 0 or left >= size or top >= size:
                continue
            for sample in range(SIGN_CROP * SIGN_CROP):
                u = left + (right - left) * ((sample % SIGN_CROP) + 0.5) / SIGN_CROP
                v = top + (bottom - top) * ((sample // SIGN_CROP) + 0.5) / SIGN_CROP
                column = min(max(int(u), 0), size - 1)
                line = min(max(int(v), 0), size - 1)
                grey = np.float32(0.0)
                for channel in range(3):
                    grey += camera[row, channel, line, column]
                crops[row, index, sample] = grey * np.float32(1 / 765) - np.float32(0.5)
            extras = SIGN_CROP * SIGN_CROP
            crops[row, index, extras] = entity[_DISTANCE] / SIGN_RANGE
            crops[row, index, extras + 1] = (
                entity[_X] * entity[_COS] - entity[_Z] * entity[_SIN]
            ) / away
            crops[row, index, extras + 2] = facing
            readable[row, index] = True


def crop_signs(
    observations: Mapping[str, NDArray],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Sign crops ``(R, MAX_ENTITIES, SIGN_SIZE)`` and where there are any ``(R, MAX_ENTITIES)``."""
    camera = np.ascontiguousarray(observations["camera"], np.uint8)
    rows = len(camera)
    crops = np.empty((rows, MAX_ENTITIES, SIGN_SIZE), np.float32)
    readable = np.empty((rows, MAX_ENTITIES), np.bool_)
    entities = np.ascontiguousarray(observations["entities"], np.float32)
    body = np.ascontiguousarray(observations["self"], np.float32)
    sample_signs(camera, entities, body, crops, readable)
    return crops, readable
