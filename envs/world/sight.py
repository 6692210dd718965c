"""Lines of sight on the floor plan: who sees what, and how many walls muffle a sound."""

from __future__ import annotations

import math

from envs.jit import njit

SEE_OVER = 1.2
"""Boxes that begin above this height (lintels) hide nothing on the floor plan, metres."""
SEE_UNDER = 0.5
"""Boxes that end below this height (barriers) hide nothing either."""


@njit(cache=True, error_model="numpy", _nrt=False, inline="never")
def segment_hits_box(x0, z0, x1, z1, box):
    """Whether the segment (x0, z0)-(x1, z1) crosses a box ``(6,)`` on the floor plan."""
    enter = 0.0
    leave = 1.0
    dx = x1 - x0
    dz = z1 - z0
    if abs(dx) < 1e-9:
        if x0 < box[0] or x0 > box[3]:
            return False
    else:
        first = (box[0] - x0) / dx
        second = (box[3] - x0) / dx
        if first > second:
            first, second = second, first
        enter = max(enter, first)
        leave = min(leave, second)
        if enter >= leave:
            return False
    if abs(dz) < 1e-9:
        return box[2] <= z0 <= box[5]
    first = (box[2] - z0) / dz
    second = (box[5] - z0) / dz
    if first > second:
        first, second = second, first
    enter = max(enter, first)
    leave = min(leave, second)
    return enter < leave


@njit(cache=True, error_model="numpy", _nrt=False)
def walls_between(boxes, opaque_count, x0, z0, x1, z1, ignored_box, limit):
    """Number of walls and closed leaves on a segment, counted up to ``limit``.

    Args:
        boxes: ``(M, 6)`` float32; the first ``opaque_count`` are walls, lintels and leaves.
        ignored_box: index of a box that does not count (a door's own leaf), -1 for none.
    """
    count = 0
    low_x, high_x, low_z, high_z = min(x0, x1), max(x0, x1), min(z0, z1), max(z0, z1)
    for index in range(opaque_count):
        box = boxes[index]
        # Most boxes lie wholly to one side, which is told without a division.
        if (box[0] > high_x) | (box[3] < low_x) | (box[2] > high_z) | (box[5] < low_z):
            continue
        if box[1] > SEE_OVER or box[4] < SEE_UNDER or index == ignored_box:
            continue
        if segment_hits_box(x0, z0, x1, z1, box):
            count += 1
            if count >= limit:
                return count
    return count


@njit(cache=True, error_model="numpy", _nrt=False)
def footprint_distance(x, z, position, size, yaw):
    """Horizontal distance in metres from (x, z) to the nearest point of an object's footprint.

    Args:
        position: ``(3,)`` centre x, base y, centre z.
        size: ``(3,)`` extent along the object's own right, up, forward.
        yaw: radians.
    """
    dx = x - position[0]
    dz = z - position[2]
    sine = math.sin(yaw)
    cosine = math.cos(yaw)
    right = dx * cosine - dz * sine
    forward = dx * sine + dz * cosine
    outside_right = max(abs(right) - 0.5 * size[0], 0.0)
    outside_forward = max(abs(forward) - 0.5 * size[2], 0.0)
    return math.sqrt(outside_right * outside_right + outside_forward * outside_forward)
