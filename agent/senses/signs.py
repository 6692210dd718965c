"""Sign crops: the front of a thing, in shades of grey and finely enough to read one glyph."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.senses.crops import FOCAL, NEAR, is_black
from envs.contract import MAX_ENTITIES, EntityColumn, Kind, SelfColumn
from envs.jit import njit, prange

SIGN_CROP = 16
"""Samples along each side of a sign crop."""
SIGN_RANGE = 3.0
"""Metres; what is farther cannot be read with a camera of 64 pixels."""
LEAST_FACING = np.float32(0.45)
"""Cosine of the angle under which a front must be seen to be read."""
FAINT = 0.02
"""Differences of grey that are nothing but the grain of a plain face."""
LEAST_SHOWN = 0.7
"""Share of a front that must be in view."""
SIGN_SIZE = SIGN_CROP * SIGN_CROP + 3
"""Length of one crop: greys with mean 0 and deviation 1, then distance, and the sine and cosine
under which the front is seen."""

_IS_OBJECT = int(EntityColumn.KIND) + int(Kind.OBJECT)
_SLOT, _DISTANCE = int(EntityColumn.SLOT), int(EntityColumn.DISTANCE)
_SIN, _COS = int(EntityColumn.SIN_HEADING), int(EntityColumn.COS_HEADING)
_X, _Z, _Y = int(EntityColumn.X), int(EntityColumn.Z), int(EntityColumn.Y)
_SIZE = int(EntityColumn.SIZE_X)
_PITCH, _HEIGHT = int(SelfColumn.PITCH), int(SelfColumn.HEIGHT)
_CAMERA_VALID = int(SelfColumn.CAMERA_VALID)


@njit(cache=True, error_model="numpy", nogil=True, parallel=True)
def sample_signs(camera, entities, body, crops, readable):
    """Cut the front face out of the picture for every object that is near and shows it.

    The face is sampled along its own edges, so that a sign looks the same from every side.

    Args:
        camera: ``(R, 3, 64, 64)`` uint8.
        entities: ``(R, MAX_ENTITIES, ENTITY_SIZE)`` float32.
        body: ``(R, SELF_SIZE)`` float32, the observation ``self``.
        crops: ``(R, MAX_ENTITIES, SIGN_SIZE)`` float32, written where it is readable.
        readable: ``(R, MAX_ENTITIES)`` bool, written.
    """
    for row in prange(camera.shape[0]):
        blank = body[row, _CAMERA_VALID] < 0.5 or is_black(camera[row])
        for index in range(MAX_ENTITIES):
            readable[row, index] = False
            entity = entities[row, index]
            near = entity[_DISTANCE] <= SIGN_RANGE
            if blank or entity[_SLOT] <= 0 or entity[_IS_OBJECT] < 0.5 or not near:
                continue
            away = max(np.float32(1e-3), np.hypot(entity[_X], entity[_Z]))
            # The front looks along the thing's own heading; it faces us when that points back.
            facing = -(entity[_X] * entity[_SIN] + entity[_Z] * entity[_COS]) / away
            if facing < LEAST_FACING:
                continue
            crop = crops[row, index]
            shown = _sample_front(camera[row], entity, body[row], crop)
            _even_out(crop)
            extras = SIGN_CROP * SIGN_CROP
            crop[extras] = entity[_DISTANCE] / SIGN_RANGE
            crop[extras + 1] = (entity[_X] * entity[_COS] - entity[_Z] * entity[_SIN]) / away
            crop[extras + 2] = facing
            readable[row, index] = shown >= LEAST_SHOWN * extras


@njit(cache=True, error_model="numpy", nogil=True)
def _sample_front(frame, entity, body, crop):
    """Greys of the front face, row by row from its upper left; how many of them are in view."""
    size = frame.shape[2]
    cos_pitch, sin_pitch = math.cos(body[_PITCH]), math.sin(body[_PITCH])
    shown = 0
    for sample in range(SIGN_CROP * SIGN_CROP):
        side = entity[_SIZE] * (np.float32(0.5) - ((sample % SIGN_CROP) + 0.5) / SIGN_CROP)
        up = entity[_SIZE + 1] * (np.float32(0.5) - ((sample // SIGN_CROP) + 0.5) / SIGN_CROP)
        front = entity[_SIZE + 2] * np.float32(0.5)
        x = entity[_X] + side * entity[_COS] + front * entity[_SIN]
        z = entity[_Z] - side * entity[_SIN] + front * entity[_COS]
        y = entity[_Y] + up - body[_HEIGHT]
        depth = z * cos_pitch + y * sin_pitch
        crop[sample] = 0.0
        if depth < NEAR:
            continue
        u = FOCAL + FOCAL * x / depth - np.float32(0.5)
        v = FOCAL - FOCAL * (y * cos_pitch - z * sin_pitch) / depth - np.float32(0.5)
        if u < 0 or v < 0 or u >= size - 1 or v >= size - 1:
            continue
        shown += 1
        column, line = int(u), int(v)
        right, down = u - column, v - line
        grey = np.float32(0.0)
        for channel in range(3):
            picture = frame[channel]
            above = picture[line, column] * (1 - right) + picture[line, column + 1] * right
            below = picture[line + 1, column] * (1 - right) + picture[line + 1, column + 1] * right
            grey += above * (1 - down) + below * down
        crop[sample] = grey * np.float32(1 / 765) - np.float32(0.5)
    return shown


@njit(cache=True, error_model="numpy", nogil=True)
def _even_out(crop):
    """Bring the greys of a crop to mean 0 and deviation 1, in whatever light they are seen."""
    count = SIGN_CROP * SIGN_CROP
    mean = np.float32(0.0)
    for sample in range(count):
        mean += crop[sample] / count
    square = np.float32(0.0)
    for sample in range(count):
        crop[sample] -= mean
        square += crop[sample] * crop[sample] / count
    scale = np.float32(1.0) / (np.sqrt(square) + np.float32(FAINT))
    for sample in range(count):
        crop[sample] *= scale


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
