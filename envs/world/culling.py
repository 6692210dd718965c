"""What of a world can be seen at all: the tests that come before drawing."""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from envs.world.kernels import HALF, INLINED, ONE, ZERO
from envs.world.raster import NEAR_PLANE, bound_corners, is_covered, place_corners

ROUNDING_PIXELS = np.float32(0.01)
"""More than rounding moves the edge of a face, pixels."""
ROUNDING_SHARE = np.float32(1.0 + 1e-4)
"""More than rounding changes the nearness of a face."""


@njit(**INLINED)
def measure_in_view(extent, basis):
    """The box upright in the view around a box (6,) f32 relative to the eye.

    Returns:
        Its middle and half of its size to the right, up and forward, metres: six numbers.
    """
    half_x = (extent[3] - extent[0]) * HALF
    half_y = (extent[4] - extent[1]) * HALF
    half_z = (extent[5] - extent[2]) * HALF
    x, y, z = extent[0] + half_x, extent[1] + half_y, extent[2] + half_z
    right = x * basis[0, 0] + z * basis[0, 2]
    half_right = half_x * abs(basis[0, 0]) + half_z * abs(basis[0, 2])
    up = x * basis[1, 0] + y * basis[1, 1] + z * basis[1, 2]
    half_up = half_x * abs(basis[1, 0]) + half_y * abs(basis[1, 1]) + half_z * abs(basis[1, 2])
    forward = x * basis[2, 0] + y * basis[2, 1] + z * basis[2, 2]
    reach = half_x * abs(basis[2, 0]) + half_y * abs(basis[2, 1]) + half_z * abs(basis[2, 2])
    return right, half_right, up, half_up, forward, reach


@njit(**INLINED)
def is_outside(extent, basis):
    """True when a box (6,) f32 relative to the eye lies wholly beside or behind the view."""
    right, half_right, up, half_up, forward, reach = measure_in_view(extent, basis)
    far_edge = forward + reach
    if far_edge < NEAR_PLANE:
        return True
    return abs(right) - half_right > far_edge or abs(up) - half_up > far_edge


@njit(**INLINED)
def is_lost(extent, canvas):
    """True when a box (6,) f32 relative to the eye would win no pixel: quick where it is small.

    Either no pixel's centre is within the box upright in the view around it, or all that is drawn
    there is nearer.
    """
    right, half_right, up, half_up, forward, reach = measure_in_view(extent, canvas.basis)
    if forward - reach <= NEAR_PLANE:
        return False
    size = canvas.ray.shape[0]
    nearness = ONE / (forward - reach)
    near_scale = np.float32(size) * HALF * nearness
    far_scale = np.float32(size) * HALF / (forward + reach)
    left, right = right - half_right, right + half_right
    low, high = up - half_up, up + half_up
    middle, last = np.float32(size) * HALF, np.float32(size - 1)
    left = middle + left * (near_scale if left < ZERO else far_scale)
    right = middle + right * (far_scale if right < ZERO else near_scale)
    top = middle - high * (far_scale if high < ZERO else near_scale)
    bottom = middle - low * (near_scale if low < ZERO else far_scale)
    # Columns and rows whose centres lie between; truncation is rounding down from zero on.
    first_column = np.int64(max(left + HALF - ROUNDING_PIXELS, ZERO))
    end_column = np.int64(max(min(right - HALF + ROUNDING_PIXELS, last) + ONE, ZERO))
    first_row = np.int64(max(top + HALF - ROUNDING_PIXELS, ZERO))
    end_row = np.int64(max(min(bottom - HALF + ROUNDING_PIXELS, last) + ONE, ZERO))
    nearness *= ROUNDING_SHARE
    for row in range(first_row, end_row):
        for column in range(first_column, end_column):
            if canvas.inverse_depth[row, column] < nearness:
                return False
    return True


@njit(**INLINED)
def is_hidden(canvas):
    """Place the corners of `canvas.extent`; True when nothing of it can be seen.

    Otherwise `canvas.bounds` are the pixels that it may touch.
    """
    place_corners(canvas.extent, canvas.basis, canvas.corners)
    nearness = bound_corners(canvas.corners, canvas.ray.shape[0], canvas.screen, canvas.bounds)
    if nearness == ZERO:
        farthest = canvas.corners[0, 2]
        for corner in range(1, 8):
            farthest = max(farthest, canvas.corners[corner, 2])
        return farthest < NEAR_PLANE
    return nearness < ZERO or is_covered(canvas.bounds, nearness, canvas.nearest_by_tile)
