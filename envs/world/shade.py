"""The colours of an image: a table of face colours, light by distance, the floor's checker."""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from envs.world.kernels import FAST_MATH, INLINED, ONE, ZERO
from envs.world.layout import SEMANTIC_CEILING, SEMANTIC_FLOOR, SEMANTIC_PERSON

FLOOR_FACE = 1
CEILING_FACE = 2
FIRST_BOX_FACE = 3
FACES_PER_BOX = 6
FACES_PER_PERSON = 2
"""Face numbers: 0 none, floor, ceiling, six faces of every box, body and head of every person."""

FACE_LIGHT = np.array([0.80, 0.80, 0.62, 1.0, 0.91, 0.91], np.float32)
"""Brightness of the faces towards smaller x, larger x, smaller y, larger y, smaller z, larger z."""
HEAD_COLOR = np.array([224.0, 176.0, 140.0], np.float32)
HEAD_SHARE = np.float32(0.65)
"""How much of HEAD_COLOR a person's head has; the rest is the colour of the body."""

DARKENING = np.float32(0.035)
"""Brightness lost per metre of depth."""
DARKEST = np.float32(0.55)
TILES_PER_METRE = np.float32(2.0)
CHECKER_SHIFT = np.float32(1024.0)
"""Tiles added before truncation, so that tiles at negative coordinates are counted alike."""
CHECKER_CONTRAST = np.float32(0.12)
CHECKER_FADE = np.float32(0.1)
"""Share of the checker's contrast lost per metre of depth, since far tiles are under a pixel."""
FARTHEST = np.float32(1000.0)
"""Depth written where a ray meets nothing, metres."""
FULL_LIGHT = np.float32(256.0)
LOWEST_BIT = np.int32(1)
LOW_BYTE = np.int32(255)
BYTE, TWO_BYTES, THREE_BYTES = np.int32(8), np.int32(16), np.int32(24)


@njit(**INLINED)
def pack_face(color, light, semantic):
    """A face's colour (3,) f32 0..255 times `light`, and its semantic id, in one int32."""
    red = np.int32(min(max(color[0] * light, ZERO), np.float32(255.0)))
    green = np.int32(min(max(color[1] * light, ZERO), np.float32(255.0)))
    blue = np.int32(min(max(color[2] * light, ZERO), np.float32(255.0)))
    return np.int32(red | (green << 8) | (blue << 16) | (np.int32(semantic) << 24))


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def shade_room(floor_color, ceiling_color, faces):
    """Write floor and ceiling into the face table; colours are (3,) f32, 0..255."""
    faces[FLOOR_FACE] = pack_face(floor_color, ONE, SEMANTIC_FLOOR)
    faces[CEILING_FACE] = pack_face(ceiling_color, ONE, SEMANTIC_CEILING)


@njit(**INLINED)
def shade_person(color, first_face, head_color, faces):
    """Write a body and a head into the face table; `head_color` is (3,) f32 scratch."""
    for channel in range(3):
        head_color[channel] = color[channel] + HEAD_SHARE * (HEAD_COLOR[channel] - color[channel])
    faces[first_face] = pack_face(color, ONE, SEMANTIC_PERSON)
    faces[first_face + 1] = pack_face(head_color, ONE, SEMANTIC_PERSON)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def write_depth(inverse_depth, depth):
    """Turn inverse depth into metres; depth is (S, S), inverse depth may be padded."""
    size = depth.shape[0]
    for row in range(size):
        for column in range(size):
            depth[row, column] = ONE / max(inverse_depth[row, column], ONE / FARTHEST)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def write_light(inverse_depth, light):
    """Turn inverse depth into brightness by distance; light is (S, S)."""
    size = light.shape[0]
    for row in range(size):
        for column in range(size):
            metres = ONE / max(inverse_depth[row, column], ONE / FARTHEST)
            light[row, column] = np.int32(max(DARKEST, ONE - metres * DARKENING) * FULL_LIGHT)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def write_checker(eye, basis, ray, face_ids, light):
    """Darken every other tile of the floor, so that motion over it can be seen."""
    size = ray.shape[0]
    for row in range(size):
        rise = basis[2, 1] - ray[row] * basis[1, 1]
        if rise >= ZERO:
            continue
        floor_depth = -eye[1] / rise
        contrast = CHECKER_CONTRAST * max(ZERO, ONE - floor_depth * CHECKER_FADE)
        dimming = np.int32(contrast * FULL_LIGHT)
        start_x = eye[0] + floor_depth * (basis[2, 0] - ray[row] * basis[1, 0])
        start_z = eye[2] + floor_depth * (basis[2, 2] - ray[row] * basis[1, 2])
        start_x = start_x * TILES_PER_METRE + CHECKER_SHIFT
        start_z = start_z * TILES_PER_METRE + CHECKER_SHIFT
        step_x = floor_depth * basis[0, 0] * TILES_PER_METRE
        step_z = floor_depth * basis[0, 2] * TILES_PER_METRE
        for column in range(size):
            tile = np.int32(start_x + ray[column] * step_x)
            tile = np.int32(tile + np.int32(start_z + ray[column] * step_z))
            dark = np.int32(tile & LOWEST_BIT) * np.int32(face_ids[row, column] == FLOOR_FACE)
            loss = np.int32(np.int32(light[row, column] * dimming) >> BYTE)
            light[row, column] -= np.int32(loss * dark)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def look_up_faces(face_ids, faces, packed):
    """Write the face table's entry of every pixel; packed is (S, S) i32."""
    size = packed.shape[0]
    for row in range(size):
        for column in range(size):
            packed[row, column] = faces[np.uint32(face_ids[row, column])]


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def write_colors(packed, light, rgb):
    """Unpack colours under their light: packed, light (S, S) i32, rgb (3, S, S) u8 out."""
    size = packed.shape[0]
    for row in range(size):
        for column in range(size):
            face, bright = packed[row, column], light[row, column]
            red = np.int32(face & LOW_BYTE)
            green = np.int32(np.int32(face >> BYTE) & LOW_BYTE)
            blue = np.int32(np.int32(face >> TWO_BYTES) & LOW_BYTE)
            rgb[0, row, column] = np.uint8(np.int32(red * bright) >> BYTE)
            rgb[1, row, column] = np.uint8(np.int32(green * bright) >> BYTE)
            rgb[2, row, column] = np.uint8(np.int32(blue * bright) >> BYTE)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def write_semantic(packed, semantic):
    """Unpack semantic ids: packed (S, S) i32, semantic (S, S) u8 out."""
    size = packed.shape[0]
    for row in range(size):
        for column in range(size):
            semantic[row, column] = np.uint8(packed[row, column] >> THREE_BYTES)
