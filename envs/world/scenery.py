"""What there is to draw: which boxes can be seen, how they look, and which place holds them.

Once a decision and world, `dress_worlds` turns the world's state into boxes with a look: lit or
not, open or closed, with a sign or without, hidden in a closed container. It also deals objects to
places, so that the camera can leave out a whole place when nothing of it can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.jit import njit
from envs.scene import WALL_THICKNESS
from envs.world.kernels import HALF
from envs.world.layout import Layout
from envs.world.state import HIDDEN, KIND_BARRIER, KIND_GATE, KIND_OPENING, Capacity

LOOK_PLAIN = 0
LOOK_BARS = 1
"""A gate: upright bars."""
LOOK_STRIPES = 2
"""A barrier: slanting stripes."""
LOOK_DARK_PANE = 3
LOOK_LIT_PANE = 4
"""A lamp or a screen that is off or on."""
LOOK_SHUT = 5
"""A container with a door: a seam and a handle."""
LOOK_HOLLOW = 6
"""An open container: its front face (or top, in a low one) is not there."""
LOOK_SIGN = 8
"""Added to any other look: the sign of the box's object is on the front face."""

TOP_FACE = 3
"""Number of the face towards larger y, as in `shade.FACE_LIGHT`."""
LIDDED_BELOW = 0.5
"""Containers lower than this, metres, have a lid; higher ones a door."""
LID_THICKNESS = 0.04
HALF_WALL = WALL_THICKNESS / 2
FRONT_FACES = np.array([5, 1, 4, 0], np.uint8)
"""The face towards which an object turned by 0, 90, 180, 270 degrees looks."""


@dataclass
class Scenery:
    """What the camera draws of every world; W worlds, M boxes, P places, O objects, X walls."""

    boxes: NDArray[np.float32]
    """(W, M, 6)"""
    look: NDArray[np.uint8]
    """(W, M) LOOK_*."""
    front: NDArray[np.uint8]
    """(W, M) number of the front face."""
    wall_start: NDArray[np.int32]
    """(W, P + 1) where each place's walls and leaves begin in `wall_item`; one may be of two."""
    wall_item: NDArray[np.int32]
    """(W, X) numbers of boxes."""
    object_start: NDArray[np.int32]
    """(W, P + 2) where each place's objects begin in `object_item`; last those of no one place."""
    object_item: NDArray[np.int32]
    """(W, O)"""
    object_place: NDArray[np.int32]
    """(W, O) place that an object is wholly in, P for none, -1 hidden."""

    @classmethod
    def allocate(cls, num_worlds: int, capacity: Capacity) -> Scenery:
        """Room for worlds of a capacity."""
        w, places = num_worlds, capacity.places
        return cls(
            boxes=np.zeros((w, capacity.boxes, 6), np.float32),
            look=np.zeros((w, capacity.boxes), np.uint8),
            front=np.zeros((w, capacity.boxes), np.uint8),
            wall_start=np.zeros((w, places + 1), np.int32),
            wall_item=np.zeros((w, 2 * capacity.boxes), np.int32),
            object_start=np.zeros((w, places + 2), np.int32),
            object_item=np.zeros((w, capacity.objects), np.int32),
            object_place=np.zeros((w, capacity.objects), np.int32),
        )

    def grown(self, num_worlds: int, capacity: Capacity) -> Scenery:
        """The same in arrays of a larger capacity; the walls of places are kept."""
        larger = Scenery.allocate(num_worlds, capacity)
        old_places = self.wall_start.shape[1]
        larger.wall_start[:, :old_places] = self.wall_start
        larger.wall_start[:, old_places:] = self.wall_start[:, -1:]
        larger._make_room(self.wall_item.shape[1])
        larger.wall_item[:, : self.wall_item.shape[1]] = self.wall_item
        return larger

    def load(self, world: int, layout: Layout) -> None:
        """Find which walls and leaves each place of a world has."""
        opaque = layout.boxes[: layout.first_object_box]
        reach = HALF_WALL + 1e-3
        items: list[int] = []
        for place in range(self.wall_start.shape[1] - 1):
            self.wall_start[world, place] = len(items)
            if place < layout.place_count:
                x0, z0, x1, z1 = layout.place_rect[place]
                touching = (
                    (opaque[:, 0] < x1 + reach) & (opaque[:, 3] > x0 - reach)
                    & (opaque[:, 2] < z1 + reach) & (opaque[:, 5] > z0 - reach)
                )  # fmt: skip
                items += np.flatnonzero(touching).tolist()
        self.wall_start[world, -1] = len(items)
        self._make_room(len(items))
        self.wall_item[world, : len(items)] = items

    def _make_room(self, walls: int) -> None:
        missing = walls - self.wall_item.shape[1]
        if missing > 0:
            self.wall_item = np.pad(self.wall_item, ((0, 0), (0, missing)))


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def dress_worlds(
    first, last, drawn, look, front, object_start, object_item, object_place, wall_count,
    door_count, boxes, door_kind, place_count, place_rect, object_count, object_yaw, object_size,
    object_container, object_open, object_inside, object_glows, object_on, object_sign,
):  # fmt: skip
    """Write what there is to draw of the worlds `first` to `last` - 1: a `Scenery`'s arrays.

    `drawn` (W, M, 6) are the scenery's boxes; `boxes` and all that follows are the state's.
    """
    for world in range(first, last):
        first_object_box = wall_count[world] + door_count[world]
        for box in range(first_object_box):
            for column in range(6):
                drawn[world, box, column] = boxes[world, box, column]
            look[world, box] = LOOK_PLAIN
        for door in range(door_count[world]):
            dress_door(wall_count[world] + door, door_kind[world, door], drawn[world], look[world])
        for item in range(object_count[world]):
            box = first_object_box + 2 * item
            for column in range(6):
                drawn[world, box, column] = boxes[world, box, column]
                drawn[world, box + 1, column] = boxes[world, box + 1, column]
            quarter = int(np.rint(object_yaw[world, item] / (np.pi / 2))) % 4
            front[world, box] = front[world, box + 1] = FRONT_FACES[quarter]
            look[world, box] = look[world, box + 1] = LOOK_PLAIN
            container = object_inside[world, item]
            if container >= 0 and not object_open[world, container]:
                hide(drawn[world, box])
                hide(drawn[world, box + 1])
                object_place[world, item] = -1
                continue
            if object_container[world, item]:
                dress_container(
                    box, object_size[world, item, 1] < LIDDED_BELOW, object_open[world, item],
                    drawn[world], look[world], front[world],
                )  # fmt: skip
            elif object_glows[world, item]:
                look[world, box] = LOOK_LIT_PANE if object_on[world, item] else LOOK_DARK_PANE
            if object_sign[world, item, 0] > 0:
                look[world, box] |= LOOK_SIGN
            object_place[world, item] = find_place(
                drawn[world, box], drawn[world, box + 1], object_place[world, item],
                place_count[world], place_rect[world],
            )  # fmt: skip
        deal_objects(
            object_count[world], object_place[world], object_start[world], object_item[world]
        )


@njit(cache=True, error_model="numpy", _nrt=False)
def hide(box):
    """Move a box (6,) below the floor, where none is drawn."""
    box[1] = HIDDEN
    box[4] = HIDDEN


@njit(cache=True, error_model="numpy", _nrt=False)
def dress_door(box, kind, drawn, look):
    """Give what is in a doorway its look."""
    if kind == KIND_GATE:
        look[box] = LOOK_BARS
    elif kind == KIND_BARRIER:
        look[box] = LOOK_STRIPES
    elif kind == KIND_OPENING:
        hide(drawn[box])


@njit(cache=True, error_model="numpy", _nrt=False)
def dress_container(box, is_lidded, is_open, drawn, look, front):
    """Give a container its look: what opens is its lid, or a door in its front.

    Args:
        box: number of its body; its fitting is the next.
        is_lidded: whether it has a lid, which is then its fitting.
        drawn: (M, 6) f32, in and out.
        look, front: (M,) u8, in and out.
    """
    if not is_open:
        if not is_lidded:
            look[box] = LOOK_SHUT
        return
    look[box] = LOOK_HOLLOW
    if not is_lidded:
        return
    # The lid stands upright at the back.
    body, lid = drawn[box], drawn[box + 1]
    axis = 0 if front[box] < 2 else 2
    at_low_end = front[box] % 2 == 1
    height = HALF * (body[axis + 3] - body[axis])
    for column in range(6):
        lid[column] = body[column]
    lid[1] = body[4]
    lid[4] = body[4] + height
    if at_low_end:
        lid[axis + 3] = lid[axis] + np.float32(LID_THICKNESS)
    else:
        lid[axis] = lid[axis + 3] - np.float32(LID_THICKNESS)
    front[box] = TOP_FACE


@njit(cache=True, error_model="numpy", _nrt=False)
def find_place(body, fitting, guess, place_count, place_rect):
    """The place that two boxes (6,) are wholly in, the number of places there can be if none is.

    Args:
        guess: where it was last, tried first.
        place_count: places in use.
        place_rect: (P, 4) f32 x0, z0, x1, z1.
    """
    x0, z0 = min(body[0], fitting[0]), min(body[2], fitting[2])
    x1, z1 = max(body[3], fitting[3]), max(body[5], fitting[5])
    if 0 <= guess < place_count and holds(place_rect[guess], x0, z0, x1, z1):
        return guess
    for place in range(place_count):
        if holds(place_rect[place], x0, z0, x1, z1):
            return place
    return place_rect.shape[0]


@njit(cache=True, error_model="numpy", _nrt=False)
def holds(rect, x0, z0, x1, z1):
    """Whether a place's floor (4,) has all of a rectangle."""
    return rect[0] <= x0 and rect[1] <= z0 and rect[2] >= x1 and rect[3] >= z1


@njit(cache=True, error_model="numpy", _nrt=False)
def deal_objects(object_count, object_place, object_start, object_item):
    """Sort the objects that are not hidden by their place, in the order of their numbers.

    Args:
        object_count: objects in use.
        object_place: (O,) i32.
        object_start: (P + 2,) i32 out.
        object_item: (O,) i32 out.
    """
    buckets = object_start.shape[0] - 1
    for bucket in range(buckets + 1):
        object_start[bucket] = 0
    for item in range(object_count):
        if object_place[item] >= 0:
            object_start[object_place[item] + 1] += 1
    for bucket in range(buckets):
        object_start[bucket + 1] += object_start[bucket]
    for item in range(object_count):
        bucket = object_place[item]
        if bucket >= 0:
            object_item[object_start[bucket]] = item
            object_start[bucket] += 1
    # Every start is now where its bucket ends, which is where the next begins.
    for bucket in range(buckets - 1, 0, -1):
        object_start[bucket] = object_start[bucket - 1]
    object_start[0] = 0
