"""Drawing one box, one person, one place into a canvas: the middle of the camera.

Kernels here allocate nothing, so they are compiled without counting references (see `envs.jit`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from envs.jit import njit
from envs.world.culling import is_hidden, is_lost, is_outside
from envs.world.kernels import INLINED, ZERO
from envs.world.raster import (
    BEYOND,
    NEAR_PLANE,
    PERSON_HEIGHT,
    PERSON_RADIUS,
    POLYGON_CORNERS,
    TILE,
    clip_polygon,
    fill_capsule,
    fill_polygon,
    project_polygon,
    update_tiles,
)
from envs.world.scenery import HALF_WALL, LOOK_HOLLOW, LOOK_PLAIN, LOOK_SIGN
from envs.world.shade import (
    FACE_LIGHT,
    FACES_PER_BOX,
    FACES_PER_PERSON,
    FIRST_BOX_FACE,
    pack_face,
    shade_person,
)

FACE_CORNERS = np.array(
    [[0, 2, 6, 4], [1, 3, 7, 5], [0, 1, 5, 4], [2, 3, 7, 6], [0, 1, 3, 2], [4, 5, 7, 6]], np.int32
)
"""Corner numbers (bits: larger x, y, z) around each face, as in `shade.FACE_LIGHT`."""
INSIDE_LIGHT = np.float32(0.42)
"""Brightness of the inside of an open container, in that of its outside."""
PAINTED = 0
"""Index in `Canvas.counts`: boxes in `painted`."""


class DrawnWorlds(NamedTuple):
    """The worlds that are drawn; W worlds, M boxes, P places, O objects, Q people, X walls."""

    boxes: NDArray[np.float32]
    """(W, M, 6) x0, y0, z0, x1, y1, z1, metres; those whose top is not above 0 are hidden. Objects
    have two boxes each, after those of walls and doors."""
    color: NDArray[np.float32]
    """(W, M, 3), 0..255."""
    semantic: NDArray[np.uint8]
    """(W, M)"""
    look: NDArray[np.uint8]
    """(W, M) LOOK_* of `scenery`."""
    front: NDArray[np.uint8]
    """(W, M) number of the front face."""
    sign: NDArray[np.uint8]
    """(W, O, 3) glyph numbers."""
    first_object_box: NDArray[np.int32]
    """(W,)"""
    place_count: NDArray[np.int32]
    """(W,)"""
    place_rect: NDArray[np.float32]
    """(W, P, 4) x0, z0, x1, z1."""
    wall_start: NDArray[np.int32]
    """(W, P + 1)"""
    wall_item: NDArray[np.int32]
    """(W, X) boxes of walls and leaves by place, as in `scenery.Scenery`."""
    object_start: NDArray[np.int32]
    """(W, P + 2)"""
    object_item: NDArray[np.int32]
    """(W, O) objects by place, then those that are not wholly in one place."""
    people: NDArray[np.float32]
    """(W, Q, 4) x, feet y, z, present (0 or 1)."""
    people_color: NDArray[np.float32]
    """(W, Q, 3), 0..255."""
    people_count: NDArray[np.int32]
    """(W,)"""
    floor_color: NDArray[np.float32]
    """(W, 3), 0..255."""
    ceiling_color: NDArray[np.float32]
    """(W, 3), 0..255."""
    height: NDArray[np.float32]
    """(W,) of the ceiling, metres; above every eye."""


class Canvas(NamedTuple):
    """One image on its way, and the scratch memory of drawing; S pixels a side."""

    ray: NDArray[np.float32]
    """(S,) rightward slope of the ray through each pixel column's centre."""
    basis: NDArray[np.float32]
    """(3, 3) rows right, up, forward of the view."""
    inverse_depth: NDArray[np.float32]
    """1 / metres, padded to whole tiles."""
    face_ids: NDArray[np.int32]
    """Padded to whole tiles."""
    nearest_by_tile: NDArray[np.float32]
    faces: NDArray[np.int32]
    """Colour and semantic id of every face that is drawn."""
    painted: NDArray[np.int32]
    """(M,) boxes drawn that have something painted on them."""
    painted_bounds: NDArray[np.int32]
    """(M, 4) pixels they may touch."""
    counts: NDArray[np.int32]
    drawn: NDArray[np.bool_]
    """(M,) walls that were drawn or found out of sight."""
    order: NDArray[np.int32]
    near_edge: NDArray[np.float32]
    extent: NDArray[np.float32]
    corners: NDArray[np.float32]
    screen: NDArray[np.float32]
    bounds: NDArray[np.int32]
    face_corners: NDArray[np.float32]
    polygon: NDArray[np.float32]
    plane: NDArray[np.float32]
    span_start: NDArray[np.float32]
    span_end: NDArray[np.float32]
    head_color: NDArray[np.float32]


@njit(cache=True, error_model="numpy")
def make_canvas(size, boxes, people):
    """Scratch memory for images of `size` pixels a side, worlds of `boxes` boxes, `people`."""
    tiles = (size + TILE - 1) // TILE
    ray = np.empty(size, np.float32)
    for column in range(size):
        ray[column] = np.float32((2 * column + 1 - size) / size)
    return Canvas(
        ray,
        np.empty((3, 3), np.float32),
        np.full((tiles * TILE, tiles * TILE), BEYOND, np.float32),
        np.zeros((tiles * TILE, tiles * TILE), np.int32),
        np.empty((tiles, tiles), np.float32),
        np.zeros(FIRST_BOX_FACE + FACES_PER_BOX * boxes + FACES_PER_PERSON * people, np.int32),
        np.empty(boxes, np.int32),
        np.empty((boxes, 4), np.int32),
        np.zeros(1, np.int32),
        np.empty(boxes, np.bool_),
        np.empty(boxes + 1, np.int32),
        np.empty(boxes + 1, np.float32),
        np.empty(6, np.float32),
        np.empty((8, 3), np.float32),
        np.empty((8, 2), np.float32),
        np.empty(4, np.int32),
        np.empty((4, 3), np.float32),
        np.empty((POLYGON_CORNERS, 3), np.float32),
        np.empty(3, np.float32),
        np.empty(size, np.float32),
        np.empty(size, np.float32),
        np.empty(3, np.float32),
    )


@njit(**INLINED)
def set_extent(box, eye, extent):
    """Write a box (6,) relative to the eye into `extent` (6,)."""
    for axis in range(3):
        extent[axis] = box[axis] - eye[axis]
        extent[axis + 3] = box[axis + 3] - eye[axis]


@njit(**INLINED)
def draw_box(box, world, worlds, eye, canvas):
    """Draw box number `box` of a world where it is nearer than what is there."""
    extent = canvas.extent
    set_extent(worlds.boxes[world, box], eye, extent)
    if is_hidden(canvas):
        return
    look = worlds.look[world, box]
    is_hollow = look & (LOOK_SIGN - 1) == LOOK_HOLLOW
    color = worlds.color[world, box]
    first_face = FIRST_BOX_FACE + FACES_PER_BOX * box
    for side in range(FACES_PER_BOX):
        axis = side >> 1
        distance = extent[axis + 3] if side & 1 else extent[axis]
        light = FACE_LIGHT[side]
        if (distance >= ZERO) if side & 1 else (distance <= ZERO):  # seen from behind
            if not is_hollow or distance == ZERO:
                continue
            light = light * INSIDE_LIGHT
        if is_hollow and side == worlds.front[world, box]:
            continue
        face = np.int32(first_face + side)
        canvas.faces[face] = pack_face(color, light, worlds.semantic[world, box])
        draw_face(side, distance, face, canvas)
    update_tiles(canvas.bounds, canvas.inverse_depth, canvas.nearest_by_tile)
    if look != LOOK_PLAIN:
        count = canvas.counts[PAINTED]
        canvas.painted[count] = box
        for edge in range(4):
            canvas.painted_bounds[count, edge] = canvas.bounds[edge]
        canvas.counts[PAINTED] = count + 1


@njit(**INLINED)
def draw_face(side, distance, face, canvas):
    """Draw one face of the box whose corners are on the canvas.

    Args:
        side: its number.
        distance: of its plane from the eye along its axis, metres, signed.
        face: number written into `face_ids`.
        canvas: drawn on.
    """
    axis = side >> 1
    polygon, size = canvas.polygon, canvas.ray.shape[0]
    for direction in range(3):
        canvas.plane[direction] = canvas.basis[direction, axis] / distance
    nearest = canvas.corners[0, 2]
    for corner in range(1, 8):
        nearest = min(nearest, canvas.corners[corner, 2])
    if nearest > NEAR_PLANE:
        count = 4
        for place in range(4):
            corner = FACE_CORNERS[side, place]
            polygon[place, 0] = canvas.screen[corner, 0]
            polygon[place, 1] = canvas.screen[corner, 1]
    else:
        for place in range(4):
            corner = FACE_CORNERS[side, place]
            for direction in range(3):
                canvas.face_corners[place, direction] = canvas.corners[corner, direction]
        count = clip_polygon(canvas.face_corners, polygon)
        if count < 3:
            return
        project_polygon(polygon, count, size)
    fill_polygon(
        polygon, count, canvas.plane, face, canvas.ray, canvas.inverse_depth, canvas.face_ids,
        canvas.span_start, canvas.span_end,
    )  # fmt: skip


@njit(**INLINED)
def draw_person(person, world, worlds, eye, canvas):
    """Draw a person of a world: a capsule with a head."""
    extent = canvas.extent
    for axis in range(3):
        centre = worlds.people[world, person, axis] - eye[axis]
        extent[axis] = centre - PERSON_RADIUS
        extent[axis + 3] = centre + PERSON_RADIUS
    extent[1] += PERSON_RADIUS
    extent[4] = extent[1] + PERSON_HEIGHT
    if is_hidden(canvas):
        return
    first_person = FIRST_BOX_FACE + FACES_PER_BOX * worlds.boxes.shape[1]
    face = np.int32(first_person + FACES_PER_PERSON * person)
    shade_person(worlds.people_color[world, person], face, canvas.head_color, canvas.faces)
    fill_capsule(
        extent, canvas.basis, canvas.bounds, face, canvas.ray, canvas.inverse_depth,
        canvas.face_ids,
    )  # fmt: skip


@njit(**INLINED)
def order_places(world, worlds, eye, canvas):
    """Write the places of a world into `canvas.order`, nearest first; returns how many."""
    near_edge, order = canvas.near_edge, canvas.order
    for place in range(worlds.place_count[world]):
        rect = worlds.place_rect[world, place]
        away_x = max(rect[0] - eye[0], ZERO, eye[0] - rect[2])
        away_z = max(rect[1] - eye[2], ZERO, eye[2] - rect[3])
        insert(place, away_x * away_x + away_z * away_z, place, near_edge, order)
    return worlds.place_count[world]


@njit(**INLINED)
def insert(item, edge, count, near_edge, order):
    """Insert an item into a list of `count` items sorted by their edge."""
    place = count
    while place > 0 and near_edge[place - 1] > edge:
        near_edge[place] = near_edge[place - 1]
        order[place] = order[place - 1]
        place -= 1
    near_edge[place] = edge
    order[place] = item


@njit(**INLINED)
def is_place_hidden(place, world, worlds, eye, canvas):
    """True when nothing of a place or of its walls can be seen."""
    rect, extent = worlds.place_rect[world, place], canvas.extent
    margin = np.float32(HALF_WALL)
    extent[0], extent[3] = rect[0] - margin - eye[0], rect[2] + margin - eye[0]
    extent[1], extent[4] = -eye[1], worlds.height[world] - eye[1]
    extent[2], extent[5] = rect[1] - margin - eye[2], rect[3] + margin - eye[2]
    if extent[0] < ZERO < extent[3] and extent[2] < ZERO < extent[5]:
        return False
    return is_outside(extent, canvas.basis) or is_hidden(canvas)


@njit(**INLINED)
def draw_walls(place, world, worlds, eye, order, near_edge, canvas):
    """Draw those walls and leaves of a place that no nearer place has drawn, nearest first."""
    extent, forward = canvas.extent, canvas.basis[2]
    count = 0
    for index in range(worlds.wall_start[world, place], worlds.wall_start[world, place + 1]):
        box = worlds.wall_item[world, index]
        if canvas.drawn[box]:
            continue
        canvas.drawn[box] = True
        if worlds.boxes[world, box, 4] <= ZERO:
            continue
        set_extent(worlds.boxes[world, box], eye, extent)
        if is_outside(extent, canvas.basis):
            continue
        edge = ZERO
        for axis in range(3):
            edge += min(extent[axis] * forward[axis], extent[axis + 3] * forward[axis])
        insert(box, edge, count, near_edge, order)
        count += 1
    for index in range(count):
        draw_box(order[index], world, worlds, eye, canvas)


@njit(**INLINED)
def draw_objects(bucket, world, worlds, eye, canvas):
    """Draw the objects of a place, or those that are in no one place."""
    extent = canvas.extent
    for index in range(worlds.object_start[world, bucket], worlds.object_start[world, bucket + 1]):
        box = worlds.first_object_box[world] + 2 * worlds.object_item[world, index]
        body, fitting = worlds.boxes[world, box], worlds.boxes[world, box + 1]
        for axis in range(3):
            extent[axis] = min(body[axis], fitting[axis]) - eye[axis]
            extent[axis + 3] = max(body[axis + 3], fitting[axis + 3]) - eye[axis]
        if is_outside(extent, canvas.basis) or is_lost(extent, canvas):
            continue
        for part in range(2):
            set_extent(worlds.boxes[world, box + part], eye, extent)
            if not is_lost(extent, canvas):
                draw_box(box + part, world, worlds, eye, canvas)


@njit(**INLINED)
def set_basis(yaw, pitch, basis):
    """Write the view's right, up and forward directions into the rows of `basis` (3, 3) f32."""
    sin_yaw, cos_yaw = np.float32(math.sin(yaw)), np.float32(math.cos(yaw))
    sin_pitch, cos_pitch = np.float32(math.sin(pitch)), np.float32(math.cos(pitch))
    basis[0, 0], basis[0, 1], basis[0, 2] = cos_yaw, ZERO, -sin_yaw
    basis[1, 0], basis[1, 1], basis[1, 2] = -sin_pitch * sin_yaw, cos_pitch, -sin_pitch * cos_yaw
    basis[2, 0], basis[2, 1], basis[2, 2] = cos_pitch * sin_yaw, sin_pitch, cos_pitch * cos_yaw
