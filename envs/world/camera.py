"""The camera: what every NPC sees, as RGB, depth and semantic ids, many NPCs in one call.

Worlds are made of axis-aligned boxes between a floor and a ceiling, with people as capsules. Every
row is drawn on its own with its own scratch memory, so an image depends on nothing but its world
and its eye: not on the number of threads, the batch, or what was drawn before.
"""

from __future__ import annotations

import math

import numpy as np

from envs.jit import njit
from envs.world.kernels import FAST_MATH, HALF, ZERO
from envs.world.raster import (
    NEAR_PLANE,
    PERSON_HEIGHT,
    PERSON_RADIUS,
    POLYGON_CORNERS,
    TILE,
    bound_corners,
    clip_polygon,
    fill_capsule,
    fill_polygon,
    is_covered,
    place_corners,
    update_tiles,
)
from envs.world.shade import (
    CEILING_FACE,
    FACES_PER_BOX,
    FACES_PER_PERSON,
    FIRST_BOX_FACE,
    FLOOR_FACE,
    shade_box,
    shade_person,
    shade_room,
    write_image,
)

FACE_CORNERS = np.array(
    [[0, 2, 6, 4], [1, 3, 7, 5], [0, 1, 5, 4], [2, 3, 7, 6], [0, 1, 3, 2], [4, 5, 7, 6]], np.int32
)
"""Corner numbers (bits: larger x, y, z) around each face, as in `shade.FACE_LIGHT`."""


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy")
def set_basis(yaw, pitch, basis):
    """Write the view's right, up and forward directions into the rows of `basis` (3, 3) f32."""
    sin_yaw, cos_yaw = np.float32(math.sin(yaw)), np.float32(math.cos(yaw))
    sin_pitch, cos_pitch = np.float32(math.sin(pitch)), np.float32(math.cos(pitch))
    basis[0, 0], basis[0, 1], basis[0, 2] = cos_yaw, ZERO, -sin_yaw
    basis[1, 0], basis[1, 1], basis[1, 2] = -sin_pitch * sin_yaw, cos_pitch, -sin_pitch * cos_yaw
    basis[2, 0], basis[2, 1], basis[2, 2] = cos_pitch * sin_yaw, sin_pitch, cos_pitch * cos_yaw


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy")
def clear_buffers(eye_height, height, basis, ray, inverse_depth, face_ids, nearest_by_tile):
    """Begin an image with the floor below the horizon and the ceiling above it."""
    size = ray.shape[0]
    for row in range(size):
        rise = basis[2, 1] - ray[row] * basis[1, 1]
        if rise < ZERO:
            nearness = -rise / eye_height
            face = np.int32(FLOOR_FACE)
        else:
            nearness = rise / (height - eye_height)
            face = np.int32(CEILING_FACE)
        for column in range(size):
            inverse_depth[row, column] = nearness
            face_ids[row, column] = face
    for tile_row in range(size // TILE):
        for tile_column in range(size // TILE):
            nearest_by_tile[tile_row, tile_column] = ZERO


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy")
def order_visible(eye, basis, boxes, box_count, order, near_edge):
    """Find the boxes that meet the field of view, nearest first.

    Args:
        eye: (5,) f32 x, y, z, yaw, pitch.
        basis: (3, 3) f32.
        boxes: (M, 6) f32.
        box_count: boxes in use.
        order: (M,) i32 out.
        near_edge: (M,) f32 scratch, metres along the view axis.

    Returns:
        Number of boxes in `order`.
    """
    right_x, right_z = basis[0, 0], basis[0, 2]
    up_x, up_y, up_z = basis[1, 0], basis[1, 1], basis[1, 2]
    forward_x, forward_y, forward_z = basis[2, 0], basis[2, 1], basis[2, 2]
    count = 0
    for box in range(box_count):
        if boxes[box, 4] <= ZERO:  # hidden: moved below the floor
            continue
        half_x = (boxes[box, 3] - boxes[box, 0]) * HALF
        half_y = (boxes[box, 4] - boxes[box, 1]) * HALF
        half_z = (boxes[box, 5] - boxes[box, 2]) * HALF
        x = boxes[box, 0] + half_x - eye[0]
        y = boxes[box, 1] + half_y - eye[1]
        z = boxes[box, 2] + half_z - eye[2]
        forward = x * forward_x + y * forward_y + z * forward_z
        reach = half_x * abs(forward_x) + half_y * abs(forward_y) + half_z * abs(forward_z)
        far_edge = forward + reach
        if far_edge < NEAR_PLANE:
            continue
        wideness = half_x * abs(right_x) + half_z * abs(right_z)
        if abs(x * right_x + z * right_z) - wideness > far_edge:
            continue
        tallness = half_x * abs(up_x) + half_y * abs(up_y) + half_z * abs(up_z)
        if abs(x * up_x + y * up_y + z * up_z) - tallness > far_edge:
            continue
        edge = forward - reach
        place = count
        while place > 0 and near_edge[place - 1] > edge:
            near_edge[place] = near_edge[place - 1]
            order[place] = order[place - 1]
            place -= 1
        near_edge[place] = edge
        order[place] = box
        count += 1
    return count


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy")
def draw_box(
    extent, basis, corners, first_face, ray, inverse_depth, face_ids,
    face_corners, polygon, plane, span_start, span_end,
):  # fmt: skip
    """Draw the faces of a box that look towards the eye.

    Args:
        extent: (6,) f32 box relative to the eye.
        basis: (3, 3) f32.
        corners: (8, 3) f32 view coordinates of the box.
        first_face: face number of its side towards smaller x.
        ray: (S,) f32.
        inverse_depth, face_ids: (S, S), in and out.
        face_corners: (4, 3), polygon: (POLYGON_CORNERS, 3), plane: (3,), span_start: (S,),
            span_end: (S,) f32 scratch.
    """
    for side in range(FACES_PER_BOX):
        axis = side >> 1
        distance = extent[axis + 3] if side & 1 else extent[axis]
        if (distance >= ZERO) if side & 1 else (distance <= ZERO):
            continue  # seen from behind
        plane[0] = basis[0, axis] / distance
        plane[1] = basis[1, axis] / distance
        plane[2] = basis[2, axis] / distance
        for place in range(4):
            corner = FACE_CORNERS[side, place]
            face_corners[place, 0] = corners[corner, 0]
            face_corners[place, 1] = corners[corner, 1]
            face_corners[place, 2] = corners[corner, 2]
        count = clip_polygon(face_corners, polygon)
        if count >= 3:
            face = np.int32(first_face + side)
            fill_polygon(
                polygon, count, plane, face, ray, inverse_depth, face_ids, span_start, span_end
            )


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", nogil=True)
def render_cameras(
    first, last, eyes, row_world, row_person, boxes, box_color, box_semantic, box_count,
    people, people_color, people_count, floor_color, ceiling_color, height, rgb, depth, semantic,
):  # fmt: skip
    """Draw what rows see: pinhole camera, 90 degree field of view, top image row first.

    Args:
        first, last: rows to draw, `last` exclusive; they share one set of scratch arrays.
        eyes: (R, 5) f32 x, y, z of the eye in metres, yaw (clockwise from +z seen from above) and
            pitch (positive up) in radians.
        row_world: (R,) i32 world of each row.
        row_person: (R,) i32 person of that world who is looking, and is not drawn; -1 for none.
        boxes: (W, M, 6) f32 x0, y0, z0, x1, y1, z1; those whose top is not above 0 are hidden.
        box_color: (W, M, 3) f32, 0..255.
        box_semantic: (W, M) u8.
        box_count: (W,) i32 boxes in use.
        people: (W, Q, 4) f32 x, feet y, z, present (0 or 1).
        people_color: (W, Q, 3) f32, 0..255.
        people_count: (W,) i32 people in use.
        floor_color, ceiling_color: (W, 3) f32, 0..255.
        height: (W,) f32 of the ceiling, metres; above every eye.
        rgb: (R, 3, S, S) u8 out, S a multiple of 8.
        depth: (R, S, S) f32 out, metres along the view axis.
        semantic: (R, S, S) u8 out, the SEMANTIC_* ids of `envs.world.layout`.
    """
    size = depth.shape[1]
    ray = np.empty(size, np.float32)
    for column in range(size):
        ray[column] = np.float32((2 * column + 1 - size) / size)
    basis = np.empty((3, 3), np.float32)
    inverse_depth = np.empty((size, size), np.float32)
    face_ids = np.empty((size, size), np.int32)
    nearest_by_tile = np.empty((size // TILE, size // TILE), np.float32)
    order = np.empty(boxes.shape[1] + 1, np.int32)
    near_edge = np.empty(boxes.shape[1] + 1, np.float32)
    extent = np.empty(6, np.float32)
    corners = np.empty((8, 3), np.float32)
    bounds = np.empty(4, np.int32)
    face_corners = np.empty((4, 3), np.float32)
    polygon = np.empty((POLYGON_CORNERS, 3), np.float32)
    plane = np.empty(3, np.float32)
    span_start = np.empty(size, np.float32)
    span_end = np.empty(size, np.float32)
    light = np.empty((size, size), np.int32)
    packed = np.empty((size, size), np.int32)
    head_color = np.empty(3, np.float32)
    faces = np.zeros(
        FIRST_BOX_FACE + FACES_PER_BOX * boxes.shape[1] + FACES_PER_PERSON * people.shape[1],
        np.int32,
    )
    for row in range(first, last):
        eye = eyes[row]
        world = row_world[row]
        set_basis(eye[3], eye[4], basis)
        clear_buffers(eye[1], height[world], basis, ray, inverse_depth, face_ids, nearest_by_tile)
        shade_room(floor_color[world], ceiling_color[world], faces)
        count = order_visible(eye, basis, boxes[world], box_count[world], order, near_edge)
        for place in range(count):
            box = order[place]
            for axis in range(3):
                extent[axis] = boxes[world, box, axis] - eye[axis]
                extent[axis + 3] = boxes[world, box, axis + 3] - eye[axis]
            place_corners(extent, basis, corners)
            nearness = bound_corners(corners, size, bounds)
            if nearness < ZERO:
                continue
            if nearness > ZERO and is_covered(bounds, nearness, nearest_by_tile):
                continue
            first_face = FIRST_BOX_FACE + FACES_PER_BOX * box
            shade_box(box_color[world, box], box_semantic[world, box], first_face, faces)
            draw_box(
                extent, basis, corners, first_face, ray, inverse_depth, face_ids,
                face_corners, polygon, plane, span_start, span_end,
            )  # fmt: skip
            update_tiles(bounds, inverse_depth, nearest_by_tile)
        first_person = FIRST_BOX_FACE + FACES_PER_BOX * boxes.shape[1]
        for person in range(people_count[world]):
            if person == row_person[row] or people[world, person, 3] == ZERO:
                continue
            for axis in range(3):
                centre = people[world, person, axis] - eye[axis]
                extent[axis] = centre - PERSON_RADIUS
                extent[axis + 3] = centre + PERSON_RADIUS
            extent[1] += PERSON_RADIUS
            extent[4] = extent[1] + PERSON_HEIGHT
            place_corners(extent, basis, corners)
            nearness = bound_corners(corners, size, bounds)
            farthest = corners[0, 2]
            for corner in range(1, 8):
                farthest = max(farthest, corners[corner, 2])
            if farthest < NEAR_PLANE or nearness < ZERO:
                continue
            if nearness > ZERO and is_covered(bounds, nearness, nearest_by_tile):
                continue
            face = np.int32(first_person + FACES_PER_PERSON * person)
            shade_person(people_color[world, person], face, head_color, faces)
            fill_capsule(extent, basis, bounds, face, ray, inverse_depth, face_ids)
        write_image(
            eye, basis, ray, inverse_depth, face_ids, faces, light, packed,
            rgb[row], depth[row], semantic[row],
        )  # fmt: skip
