"""What is painted on faces: panes that are lit or dark, bars, stripes, seams, and signs.

A pixel of a painted face is looked up at several points within it and their colours are mixed, so
that a sign can be read when its strokes are narrower than a pixel.
"""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from envs.palette import (
    BAR_COLOR,
    DARK_INK_COLOR,
    GLASS_COLOR,
    GLOW_COLOR,
    PALE_INK_COLOR,
    SHADOW_COLOR,
    STRIPE_COLOR,
)
from envs.world.font import FONT, GLYPH_COLUMNS, GLYPH_ROWS
from envs.world.kernels import FAST_MATH, HALF, ONE, ZERO
from envs.world.scenery import (
    LOOK_BARS,
    LOOK_DARK_PANE,
    LOOK_LIT_PANE,
    LOOK_SHUT,
    LOOK_SIGN,
    LOOK_STRIPES,
)
from envs.world.shade import BYTE, FACE_LIGHT, FULL_LIGHT, LOW_BYTE, THREE_BYTES, TWO_BYTES

BASE, GLOW, GLASS, BAR, STRIPE, SHADOW, PALE_INK, DARK_INK = range(8)
"""What a point of a face can be painted with; BASE is the face's own colour."""
PAINTS = np.array(
    [(0, 0, 0), GLOW_COLOR, GLASS_COLOR, BAR_COLOR, STRIPE_COLOR, SHADOW_COLOR, PALE_INK_COLOR,
     DARK_INK_COLOR], np.float32,
)  # fmt: skip

PANE_HALF = np.float32(0.32)
"""Half of a pane's width and height, as a share of the face's."""
BAR_PITCH, BAR_WIDTH, RAIL_WIDTH = np.float32(0.16), np.float32(0.07), np.float32(0.10)
STRIPE_PITCH, STRIPE_WIDTH = np.float32(0.36), np.float32(0.18)
SEAM_INSET, SEAM_WIDTH = np.float32(0.05), np.float32(0.025)
HANDLE_LENGTH = np.float32(0.2)
"""All in metres."""
SIGN_MARGIN = np.float32(0.6)
"""Empty cells around a glyph, those on both sides together."""
TALLEST_GLYPH = np.float32(1.6)
"""Most height that a glyph has in widths."""
PALE_INK_UNDER = np.float32(140.0)
"""Faces of less luma than this get pale ink, all others dark ink."""
FINE_SPAN, MIDDLE_SPAN = 16, 32
"""Faces up to so many pixels wide are looked up at 4 x 4 points a pixel, 3 x 3, or else 2 x 2."""


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def paint_box(
    look, front, glyphs, first_face, extent, basis, bounds, ray, face_ids, packed, light, mixed
):
    """Paint what a box has on its faces, where they can be seen.

    Args:
        look: LOOK_* of the box.
        front: number of its front face.
        glyphs: (3,) u8 its sign.
        first_face: number of its first face in `face_ids`.
        extent: (6,) f32 the box relative to the eye.
        basis: (3, 3) f32.
        bounds: (4,) i32 pixels that the box may touch.
        ray: (S,) f32.
        face_ids: i32.
        packed: (S, S) i32 colours and semantic ids, in and out.
        light: (S, S) i32 light that falls on each pixel, in and out.
        mixed: (8,) f32 scratch.
    """
    pattern = look & (LOOK_SIGN - 1)
    for side in range(6):
        distance = extent[(side >> 1) + 3] if side & 1 else extent[side >> 1]
        seen = distance < ZERO if side & 1 else distance > ZERO
        if not seen or side >> 1 == 1:  # nothing is painted on tops and bottoms
            continue
        is_front = side == front
        on_side = pattern if (pattern != LOOK_SHUT or is_front) else 0
        signed = is_front and (look & LOOK_SIGN) != 0
        if on_side != 0 or signed:
            paint_face(
                on_side, signed, glyphs, first_face + side, side, distance, extent, basis, bounds,
                ray, face_ids, packed, light, mixed,
            )  # fmt: skip


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def paint_face(
    pattern, signed, glyphs, face, side, distance, extent, basis, bounds, ray, face_ids, packed,
    light, mixed,
):  # fmt: skip
    """Paint one upright face; arguments as in `paint_box`."""
    span = max(bounds[1] - bounds[0], bounds[3] - bounds[2]) + 1
    points = 4 if span <= FINE_SPAN else (3 if span <= MIDDLE_SPAN else 2)
    axis = side >> 1
    along = 2 - axis
    width = extent[along + 3] - extent[along]
    height = extent[4] - extent[1]
    from_right = side == 0 or side == 5  # seen from outside, the axis along runs to the left
    pixel = np.float32(2.0) / np.float32(ray.shape[0])
    for row in range(bounds[2], bounds[3] + 1):
        for column in range(bounds[0], bounds[1] + 1):
            if face_ids[row, column] != face:
                continue
            for paint in range(mixed.shape[0]):
                mixed[paint] = ZERO
            ink = choose_ink(packed[row, column])
            for point in range(points * points):
                offset_x = (np.float32(point % points) + HALF) / np.float32(points) - HALF
                offset_y = (np.float32(point // points) + HALF) / np.float32(points) - HALF
                right = ray[column] + offset_x * pixel
                up = -ray[row] - offset_y * pixel
                way = basis[2, axis] + right * basis[0, axis] + up * basis[1, axis]
                depth = distance / way
                x = basis[2, along] + right * basis[0, along] + up * basis[1, along]
                y = basis[2, 1] + right * basis[0, 1] + up * basis[1, 1]
                x = depth * x - extent[along]
                y = depth * y - extent[1]
                if from_right:
                    x = width - x
                paint = find_paint(pattern, x, y, width, height)
                if signed and paint == BASE and is_ink(glyphs, x, y, width, height):
                    paint = ink
                mixed[paint] += ONE
            mix_paints(mixed, points * points, FACE_LIGHT[side], row, column, packed, light)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def find_paint(pattern, x, y, width, height):
    """What a face has at a point: metres from its left and lower edge, and its size in metres."""
    if pattern in (LOOK_DARK_PANE, LOOK_LIT_PANE):
        if (
            abs(x - HALF * width) < PANE_HALF * width
            and abs(y - HALF * height) < PANE_HALF * height
        ):
            return GLOW if pattern == LOOK_LIT_PANE else GLASS
    elif pattern == LOOK_BARS:
        rail = (
            y < RAIL_WIDTH or height - y < RAIL_WIDTH or abs(y - HALF * height) < HALF * RAIL_WIDTH
        )
        if rail or x - np.floor(x / BAR_PITCH) * BAR_PITCH < BAR_WIDTH:
            return BAR
    elif pattern == LOOK_STRIPES:
        slant = x + y
        if slant - np.floor(slant / STRIPE_PITCH) * STRIPE_PITCH < STRIPE_WIDTH:
            return STRIPE
    elif pattern == LOOK_SHUT:
        inset = min(min(x, width - x), min(y, height - y)) - SEAM_INSET
        handle = abs(width - x - np.float32(3.0) * SEAM_INSET) < SEAM_WIDTH
        if (inset >= ZERO and inset < SEAM_WIDTH) or (
            handle and abs(y - HALF * height) < HALF * HANDLE_LENGTH
        ):
            return SHADOW
    return BASE


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def is_ink(glyphs, x, y, width, height):
    """Whether a face's sign has ink at a point; arguments as in `find_paint`."""
    count = 1 + int(glyphs[1] > 0) + int(glyphs[1] > 0 and glyphs[2] > 0)
    cell = width / (np.float32(count) * (np.float32(GLYPH_COLUMNS) + SIGN_MARGIN))
    tall = height / (np.float32(GLYPH_ROWS) + SIGN_MARGIN)
    aspect = TALLEST_GLYPH * np.float32(GLYPH_COLUMNS) / np.float32(GLYPH_ROWS)
    tall = min(tall, cell * aspect)
    cell = min(cell, tall * aspect)
    letter = cell * (np.float32(GLYPH_COLUMNS) + SIGN_MARGIN)
    from_left = x - HALF * (width - letter * np.float32(count))
    which = int(np.floor(from_left / letter))
    if which < 0 or which >= count:
        return False
    column = int(np.floor((from_left - letter * np.float32(which)) / cell - HALF * SIGN_MARGIN))
    row = int(np.floor((HALF * height - y) / tall + HALF * np.float32(GLYPH_ROWS)))
    if column < 0 or column >= GLYPH_COLUMNS or row < 0 or row >= GLYPH_ROWS:
        return False
    return FONT[glyphs[which] - 1, row, column] != 0


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def choose_ink(packed):
    """The ink that stands out on a colour: Rec. 601 luma decides."""
    red = np.float32(packed & LOW_BYTE)
    green = np.float32((packed >> BYTE) & LOW_BYTE)
    blue = np.float32((packed >> TWO_BYTES) & LOW_BYTE)
    luma = np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue
    return PALE_INK if luma < PALE_INK_UNDER else DARK_INK


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def mix_paints(mixed, points, face_light, row, column, packed, light):
    """Give a pixel the mean colour of its points.

    Args:
        mixed: (8,) f32 points of each paint.
        points: of the pixel.
        face_light: brightness of the face; what glows needs none.
        row, column: of the pixel.
        packed, light: (S, S) i32, in and out.
    """
    color = packed[row, column]
    result = np.int32(np.int32(color >> THREE_BYTES) << THREE_BYTES)
    share = ONE / np.float32(points)
    for channel in range(3):
        shift = np.int32(8 * channel)
        level = mixed[BASE] * np.float32(np.int32(color >> shift) & LOW_BYTE)
        level += mixed[GLOW] * PAINTS[GLOW, channel]
        for paint in range(GLASS, mixed.shape[0]):
            level += mixed[paint] * PAINTS[paint, channel] * face_light
        result |= np.int32(np.int32(level * share) << shift)
    packed[row, column] = result
    missing = FULL_LIGHT - np.float32(light[row, column])
    light[row, column] += np.int32(missing * mixed[GLOW] * share)
