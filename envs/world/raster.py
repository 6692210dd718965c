"""Filling boxes and capsules into an inverse-depth buffer: the inner loops of the camera.

View coordinates are metres: right, up and along the view axis. Inverse depth, 1 / metres, is
linear on the screen along a plane, so a span of a face needs one multiplication per pixel. A
surface wins a pixel when its inverse depth is larger. `nearest_by_tile` keeps, per 8 x 8 pixels,
the smallest inverse depth, so that what lies wholly behind is skipped before it is drawn. Buffers
are padded to whole tiles; only the S x S pixels of the image are ever drawn.
"""

from __future__ import annotations

import math

import numpy as np

from envs.jit import njit
from envs.world.kernels import FAST_MATH, HALF, INLINED, ONE, ZERO

TILE = 8
"""Pixels along a tile's side."""
POLYGON_CORNERS = 8
"""Room for a quadrilateral after clipping at the near plane (at most 5 corners)."""
NEAR_PLANE = np.float32(0.05)
"""Metres along the view axis; nothing nearer is drawn."""
PERSON_RADIUS = np.float32(0.25)
PERSON_HEIGHT = np.float32(1.7)
PERSON_SHOULDERS = np.float32(1.35)
"""Metres above the feet where the head's colour begins."""

TINY = np.float32(1e-6)
BEYOND = np.float32(1e9)
TILE_INDEX = np.uint64(TILE)
ONE_MORE = np.uint64(1)
FEW_TILES = np.uint64(4)


@njit(**INLINED)
def clip_polygon(face_corners, polygon):
    """Cut a quadrilateral at the near plane.

    Args:
        face_corners: (4, 3) f32, view coordinates in order around the face.
        polygon: (POLYGON_CORNERS, 3) f32, out.

    Returns:
        Number of corners written; under 3 when nothing is left.
    """
    count = 0
    for corner in range(4):
        following = (corner + 1) & 3
        depth = face_corners[corner, 2]
        next_depth = face_corners[following, 2]
        if depth >= NEAR_PLANE:
            polygon[count, 0] = face_corners[corner, 0]
            polygon[count, 1] = face_corners[corner, 1]
            polygon[count, 2] = depth
            count += 1
        if (depth >= NEAR_PLANE) != (next_depth >= NEAR_PLANE):
            part = (NEAR_PLANE - depth) / (next_depth - depth)
            for axis in range(2):
                start = face_corners[corner, axis]
                polygon[count, axis] = start + part * (face_corners[following, axis] - start)
            polygon[count, 2] = NEAR_PLANE
            count += 1
    return count


@njit(**INLINED)
def project_polygon(polygon, count, size):
    """Turn corners in view coordinates into pixels: columns 0 and 1 of `polygon`, in and out."""
    half_size = np.float32(size) * HALF
    for corner in range(count):
        scale = half_size / polygon[corner, 2]
        polygon[corner, 0] = half_size + polygon[corner, 0] * scale
        polygon[corner, 1] = half_size - polygon[corner, 1] * scale


@njit(**INLINED)
def fill_polygon(polygon, count, plane, face, ray, inverse_depth, face_ids, span_start, span_end):
    """Fill a convex polygon where it is nearer than what is there.

    Args:
        polygon: (POLYGON_CORNERS, 3) f32, pixels to the right and down in columns 0 and 1.
        count: number of corners.
        plane: (3,) f32, inverse depth per unit of ray right, ray up, and straight ahead.
        face: number written into `face_ids`.
        ray: (S,) f32, rightward slope of the ray through each pixel column's centre.
        inverse_depth: f32, 1 / metres, in and out.
        face_ids: i32, in and out.
        span_start, span_end: (S,) f32 scratch.
    """
    size = ray.shape[0]
    last = np.float32(size - 1)
    top = BEYOND
    bottom = -BEYOND
    for corner in range(count):
        top = min(top, polygon[corner, 1])
        bottom = max(bottom, polygon[corner, 1])
    first_row = np.uint64(math.ceil(max(top - HALF, ZERO)))
    end_row = np.uint64(math.floor(max(min(bottom - HALF, last) + ONE, ZERO)))
    if end_row <= first_row:
        return
    for row in range(first_row, end_row):
        span_start[row] = BEYOND
        span_end[row] = -BEYOND
    for corner in range(count):
        following = corner + 1 if corner + 1 < count else 0
        upper_x, upper_y = polygon[corner, 0], polygon[corner, 1]
        lower_x, lower_y = polygon[following, 0], polygon[following, 1]
        if upper_y > lower_y:
            upper_x, upper_y, lower_x, lower_y = lower_x, lower_y, upper_x, upper_y
        edge_first = np.uint64(math.ceil(max(upper_y - HALF, ZERO)))
        edge_end = np.uint64(math.floor(max(min(lower_y - HALF, last) + ONE, ZERO)))
        if edge_end <= edge_first:
            continue
        slope = (lower_x - upper_x) / (lower_y - upper_y)
        crossing = upper_x + (np.float32(edge_first) + HALF - upper_y) * slope
        for row in range(edge_first, edge_end):
            span_start[row] = min(span_start[row], crossing)
            span_end[row] = max(span_end[row], crossing)
            crossing += slope
    per_column = plane[0]
    for row in range(first_row, end_row):
        start = np.uint64(math.ceil(max(span_start[row] - HALF, ZERO)))
        end = np.uint64(math.floor(max(min(span_end[row] - HALF, last) + ONE, ZERO)))
        base = plane[2] - plane[1] * ray[row]
        for column in range(start, end):
            nearness = base + per_column * ray[column]
            wins = nearness > inverse_depth[row, column]
            inverse_depth[row, column] = nearness if wins else inverse_depth[row, column]
            face_ids[row, column] = face if wins else face_ids[row, column]


@njit(**INLINED)
def place_corners(extent, basis, corners):
    """Turn a box into view coordinates.

    Args:
        extent: (6,) f32 x0, y0, z0, x1, y1, z1 relative to the eye.
        basis: (3, 3) f32 rows right, up, forward of the view.
        corners: (8, 3) f32 out; bits 0, 1, 2 of the index choose the larger x, y, z.
    """
    for axis in range(3):
        along_x, along_y, along_z = basis[axis, 0], basis[axis, 1], basis[axis, 2]
        for corner in range(8):
            x = extent[3] if corner & 1 else extent[0]
            y = extent[4] if corner & 2 else extent[1]
            z = extent[5] if corner & 4 else extent[2]
            corners[corner, axis] = x * along_x + y * along_y + z * along_z


@njit(**INLINED)
def bound_corners(corners, size, screen, bounds):
    """Find the pixels a box may touch.

    Args:
        corners: (8, 3) f32 view coordinates.
        size: pixels along the image's side.
        screen: (8, 2) f32 out, pixels to the right and down; not written when the box crosses the
            near plane.
        bounds: (4,) i32 out, first column, last column, first row, last row; the whole image when
            the box crosses the near plane.

    Returns:
        Inverse depth of the nearest corner (0 when unknown), or -1 when nothing is on the screen.
    """
    bounds[0] = bounds[2] = 0
    bounds[1] = bounds[3] = size - 1
    nearest = BEYOND
    for corner in range(8):
        nearest = min(nearest, corners[corner, 2])
    if nearest <= NEAR_PLANE:
        return ZERO
    half_size = np.float32(size) * HALF
    left = top = BEYOND
    right = bottom = -BEYOND
    for corner in range(8):
        scale = half_size / corners[corner, 2]
        x = half_size + corners[corner, 0] * scale
        y = half_size - corners[corner, 1] * scale
        screen[corner, 0], screen[corner, 1] = x, y
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = max(bottom, y)
    edge = np.float32(size)
    if right < ZERO or bottom < ZERO or left > edge or top > edge:
        return -ONE
    bounds[0] = int(max(left, ZERO))
    bounds[1] = int(min(right, edge - ONE))
    bounds[2] = int(max(top, ZERO))
    bounds[3] = int(min(bottom, edge - ONE))
    return ONE / nearest


@njit(**INLINED)
def is_covered(bounds, nearness, nearest_by_tile):
    """True when everything already drawn within the bounds is nearer than `nearness`."""
    for tile_row in range(bounds[2] // TILE, bounds[3] // TILE + 1):
        for tile_column in range(bounds[0] // TILE, bounds[1] // TILE + 1):
            if nearest_by_tile[tile_row, tile_column] < nearness:
                return False
    return True


@njit(**INLINED)
def update_tiles(bounds, inverse_depth, nearest_by_tile):
    """Renew the smallest inverse depth of the tiles within the bounds, when they are many."""
    first_row, last_row = np.uint64(bounds[2] // TILE), np.uint64(bounds[3] // TILE)
    first_column, last_column = np.uint64(bounds[0] // TILE), np.uint64(bounds[1] // TILE)
    if (last_row - first_row + ONE_MORE) * (last_column - first_column + ONE_MORE) < FEW_TILES:
        return
    for tile_row in range(first_row, last_row + ONE_MORE):
        for tile_column in range(first_column, last_column + ONE_MORE):
            smallest = BEYOND
            for row_in_tile in range(TILE_INDEX):
                row = tile_row * TILE_INDEX + row_in_tile
                for column_in_tile in range(TILE_INDEX):
                    column = tile_column * TILE_INDEX + column_in_tile
                    smallest = min(smallest, inverse_depth[row, column])
            nearest_by_tile[tile_row, tile_column] = smallest


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def fill_capsule(extent, basis, bounds, face, ray, inverse_depth, face_ids):
    """Draw a standing person: a capsule, its head under the next face number.

    Args:
        extent: (6,) f32 the box around the capsule, relative to the eye.
        basis: (3, 3) f32 rows right, up, forward of the view.
        bounds: (4,) i32 pixels it may touch.
        face: number of the body in `face_ids`; the head is `face + 1`.
        ray: (S,) f32 slopes through the pixel centres.
        inverse_depth, face_ids: (S, S), in and out.
    """
    centre_x = (extent[0] + extent[3]) * HALF
    centre_z = (extent[2] + extent[5]) * HALF
    low_end = extent[1] + PERSON_RADIUS
    high_end = extent[4] - PERSON_RADIUS
    shoulders = extent[1] + PERSON_SHOULDERS
    head = np.int32(face + 1)
    right_x, right_z = basis[0, 0], basis[0, 2]
    level_distance = centre_x * centre_x + centre_z * centre_z - PERSON_RADIUS * PERSON_RADIUS
    first_column, end_column = np.uint64(bounds[0]), np.uint64(bounds[1] + 1)
    for row in range(np.uint64(bounds[2]), np.uint64(bounds[3] + 1)):
        rise = -ray[row]
        row_x = rise * basis[1, 0] + basis[2, 0]
        row_z = rise * basis[1, 2] + basis[2, 2]
        way_y = rise * basis[1, 1] + basis[2, 1]
        for column in range(first_column, end_column):
            way_x = row_x + ray[column] * right_x
            way_z = row_z + ray[column] * right_z
            # Where the ray enters the endless cylinder, at which height of the capsule's axis ...
            level_square = max(way_x * way_x + way_z * way_z, TINY)
            level_along = way_x * centre_x + way_z * centre_z
            level_inside = level_along * level_along - level_square * level_distance
            entry = (level_along - math.sqrt(max(level_inside, ZERO))) / level_square
            middle = min(max(entry * way_y, low_end), high_end)
            # ... and where it enters the ball around that point of the axis.
            square = level_square + way_y * way_y
            along = level_along + way_y * middle
            inside = along * along - square * (level_distance + middle * middle)
            depth = (along - math.sqrt(max(inside, ZERO))) / square
            nearness = ONE / max(depth, NEAR_PLANE)
            hit = (min(inside, level_inside) > ZERO) & (depth > NEAR_PLANE)
            wins = hit & (nearness > inverse_depth[row, column])
            part = head if depth * way_y > shoulders else face
            inverse_depth[row, column] = nearness if wins else inverse_depth[row, column]
            face_ids[row, column] = part if wins else face_ids[row, column]
