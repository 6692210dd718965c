"""The camera: what every NPC sees, as RGB, depth and semantic ids, many NPCs in one call.

Worlds are made of axis-aligned boxes between a floor and a ceiling, with people as capsules. Places
are drawn from near to far, each with its walls and then its objects, and a place of which nothing
can be seen is left out as a whole: a frame costs what can be seen, not what there is. Every row is
drawn on its own, so an image depends on nothing but its world and its eye: not on the number of
threads, the batch, or what was drawn before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from envs.jit import njit
from envs.world.draw import (
    PAINTED,
    DrawnWorlds,
    draw_objects,
    draw_person,
    draw_walls,
    is_place_hidden,
    make_canvas,
    order_places,
    set_basis,
    set_extent,
)
from envs.world.kernels import FAST_MATH, ZERO
from envs.world.paint import paint_box
from envs.world.scenery import Scenery
from envs.world.shade import (
    CEILING_FACE,
    FACES_PER_BOX,
    FIRST_BOX_FACE,
    FLOOR_FACE,
    look_up_faces,
    shade_room,
    write_checker,
    write_colors,
    write_depth,
    write_light,
    write_semantic,
)
from envs.world.state import Capacity, WorldState

IMAGES = ("camera", "depth", "semantic")
"""Senses that are images."""

SMALLEST, LARGEST = 16, 512
"""Pixels that an image may have along its side."""


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def clear_canvas(eye, worlds, world, canvas):
    """Begin an image with the floor below the horizon and the ceiling above it."""
    ray, basis, size = canvas.ray, canvas.basis, canvas.ray.shape[0]
    set_basis(eye[3], eye[4], basis)
    for row in range(size):
        rise = basis[2, 1] - ray[row] * basis[1, 1]
        if rise < ZERO:
            nearness = -rise / eye[1]
            face = np.int32(FLOOR_FACE)
        else:
            nearness = rise / (worlds.height[world] - eye[1])
            face = np.int32(CEILING_FACE)
        for column in range(size):
            canvas.inverse_depth[row, column] = nearness
            canvas.face_ids[row, column] = face
    canvas.nearest_by_tile[:] = ZERO
    canvas.drawn[:] = False
    canvas.counts[PAINTED] = 0
    shade_room(worlds.floor_color[world], worlds.ceiling_color[world], canvas.faces)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def draw_world(eye, me, world, worlds, canvas, wall_order, wall_edge):
    """Draw all that an eye sees of a world; `me` is the person who is looking."""
    for index in range(order_places(world, worlds, eye, canvas)):
        place = canvas.order[index]
        if not is_place_hidden(place, world, worlds, eye, canvas):
            draw_walls(place, world, worlds, eye, wall_order, wall_edge, canvas)
            draw_objects(place, world, worlds, eye, canvas)
    draw_objects(worlds.object_start.shape[1] - 2, world, worlds, eye, canvas)
    for person in range(worlds.people_count[world]):
        if person != me and worlds.people[world, person, 3] != ZERO:
            draw_person(person, world, worlds, eye, canvas)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def paint_boxes(eye, world, worlds, canvas, packed, light, mixed):
    """Paint what the boxes that were drawn have on their faces."""
    for index in range(canvas.counts[PAINTED]):
        box = canvas.painted[index]
        item = max((box - worlds.first_object_box[world]) // 2, 0)
        set_extent(worlds.boxes[world, box], eye, canvas.extent)
        paint_box(
            worlds.look[world, box], worlds.front[world, box], worlds.sign[world, item],
            FIRST_BOX_FACE + FACES_PER_BOX * box, canvas.extent, canvas.basis,
            canvas.painted_bounds[index], canvas.ray, canvas.face_ids, packed, light, mixed,
        )  # fmt: skip


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", nogil=True)
def render_cameras(first, last, eyes, row_world, row_person, worlds, size, rgb, depth, semantic):
    """Draw what rows see: pinhole camera, 90 degree field of view, top image row first.

    Args:
        first, last: rows to draw, `last` exclusive; they share one set of scratch arrays.
        eyes: (R, 5) f32 x, y, z of the eye in metres, yaw (clockwise from +z seen from above) and
            pitch (positive up) in radians.
        row_world: (R,) i32 world of each row.
        row_person: (R,) i32 person of that world who is looking, and is not drawn; -1 for none.
        worlds: the `DrawnWorlds`.
        size: pixels along an image's side, SMALLEST to LARGEST.
        rgb: (R, 3, S, S) u8 out; this and the next two are not written when they have no rows.
        depth: (R, S, S) f32 out, metres along the view axis.
        semantic: (R, S, S) u8 out, as in `envs.world.layout.semantic_names`.
    """
    boxes = worlds.boxes.shape[1]
    canvas = make_canvas(size, boxes, worlds.people.shape[1])
    wall_order = np.empty(boxes + 1, np.int32)
    wall_edge = np.empty(boxes + 1, np.float32)
    light = np.empty((size, size), np.int32)
    packed = np.empty((size, size), np.int32)
    mixed = np.empty(8, np.float32)
    for row in range(first, last):
        eye, world = eyes[row], row_world[row]
        clear_canvas(eye, worlds, world, canvas)
        draw_world(eye, row_person[row], world, worlds, canvas, wall_order, wall_edge)
        if depth.shape[0] > 0:
            write_depth(canvas.inverse_depth, depth[row])
        if rgb.shape[0] == 0 and semantic.shape[0] == 0:
            continue
        look_up_faces(canvas.face_ids, canvas.faces, packed)
        if semantic.shape[0] > 0:
            write_semantic(packed, semantic[row])
        if rgb.shape[0] > 0:
            write_light(canvas.inverse_depth, light)
            write_checker(eye, canvas.basis, canvas.ray, canvas.face_ids, light)
            paint_boxes(eye, world, worlds, canvas, packed, light, mixed)
            write_colors(packed, light, rgb[row])


class Camera:
    """The cameras of a batch of worlds, and the images of the last decision that they took.

    Args:
        num_worlds: worlds.
        rows: NPCs in all of them.
        size: pixels along an image's side, SMALLEST to LARGEST.
        senses: which of "camera", "depth" and "semantic" to draw; the others have no rows.
        capacity: how much a world can hold.

    Raises:
        ValueError: size is out of range.
    """

    def __init__(
        self, num_worlds: int, rows: int, size: int, senses: Sequence[str], capacity: Capacity
    ) -> None:
        if not SMALLEST <= size <= LARGEST:
            raise ValueError(
                f"camera_size is {size}; an image has {SMALLEST} to {LARGEST} pixels a side"
            )
        self.size, self.num_worlds = size, num_worlds
        self.is_on = any(sense in senses for sense in IMAGES)
        self.depth = np.zeros((rows if "depth" in senses else 0, size, size), np.float32)
        self.semantic = np.zeros((rows if "semantic" in senses else 0, size, size), np.uint8)
        self._no_rgb = np.zeros((0, 3, size, size), np.uint8)
        self._draws_rgb = "camera" in senses
        self.scenery = Scenery.allocate(num_worlds, capacity)
        self._people = np.zeros((num_worlds, capacity.people, 4), np.float32)

    def grow(self, capacity: Capacity) -> None:
        """Make room for larger worlds."""
        self.scenery = self.scenery.grown(self.num_worlds, capacity)
        self._people = np.zeros((self.num_worlds, capacity.people, 4), np.float32)

    def take(
        self, worlds: tuple[int, int], rows: tuple[int, int], state: WorldState,
        eyes: NDArray[np.float32], row_world: NDArray[np.int32], rgb: NDArray[np.uint8],
    ) -> None:  # fmt: skip
        """Take the images of some rows, whose worlds `scenery.dress_worlds` has dressed.

        Args:
            worlds: first and last world, the last exclusive.
            rows: first and last row.
            state: of the worlds.
            eyes: ``(R, 5)`` as in ``render_cameras``.
            row_world: ``(R,)`` world of each row.
            rgb: ``(R, 3, S, S)`` out, unless "camera" was not asked for.
        """
        own, people = slice(*worlds), self._people
        people[own, :, :3] = state.person_position[own]
        people[own, :, 3] = np.arange(people.shape[1]) < state.person_count[own, None]
        render_cameras(
            *rows, eyes, row_world, state.person, self.worlds(state), self.size,
            rgb if self._draws_rgb else self._no_rgb, self.depth, self.semantic,
        )  # fmt: skip

    def worlds(self, state: WorldState) -> DrawnWorlds:
        """What there is to draw, as it was dressed last."""
        scenery = self.scenery
        return DrawnWorlds(
            scenery.boxes, state.box_color, state.box_semantic, scenery.look, scenery.front,
            state.object_sign, state.wall_count + state.door_count, state.place_count,
            state.place_rect, scenery.wall_start, scenery.wall_item, scenery.object_start,
            scenery.object_item, self._people, state.person_color, state.person_count,
            state.floor_color, state.ceiling_color, state.height,
        )  # fmt: skip

    def blank(self, rows: NDArray[np.intp], rgb: NDArray[np.uint8]) -> None:
        """Make the images of some rows black."""
        for images in (rgb, self.depth, self.semantic):
            if len(images):
                images[rows] = 0
