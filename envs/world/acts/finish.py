"""The second half of every act: its result, and what is carried follows its bearer."""

from __future__ import annotations

import math

from envs.contract import Reason, Result
from envs.jit import njit
from envs.world.acts.things import find_spot_around, place_object, release, settle_contents

CARRY_FORWARD, CARRY_HEIGHT = 0.42, 0.5
"""Where a held thing is carried, metres in front of the body and above the floor."""
TETHER = 1.6
"""Two who carry a thing let go when they are farther than this from its middle, metres."""


@njit(cache=True, error_model="numpy", nogil=True)
def finish_acts(first_world, last_world, npcs, running, last_act):
    """Report how every row's act went: what nothing has spoken against is done."""
    for row in range(first_world * npcs, last_world * npcs):
        if not running[row // npcs] or last_act[row, 2] != Result.DONE:
            continue
        if last_act[row, 3] != Reason.NONE:
            last_act[row, 2] = Result.FAILED.value


@njit(cache=True, error_model="numpy", nogil=True)
def carry_things(
    first_world, last_world,
    running, wall_count, door_count, boxes, object_count, object_position, object_size, object_yaw,
    object_boxes, object_open, object_inside, object_upon, object_spot, object_holder,
    object_second_holder, person_count, person_position, person_yaw, person_held,
):  # fmt: skip
    """Move what is held in front of its bearer, or between its two, and contents with carriers."""
    for world in range(first_world, last_world):
        if not running[world]:
            continue
        opaque = wall_count[world] + door_count[world]
        for holder in range(person_count[world]):
            carried = person_held[world, holder]
            if carried < 0:
                continue
            other = object_second_holder[world, carried]
            if other >= 0:
                if other != holder:
                    _carry_between(
                        carried, holder, other, opaque, boxes[world], object_count[world],
                        object_position[world], object_size[world], object_boxes[world],
                        object_holder[world], object_second_holder[world], person_count[world],
                        person_position[world], person_held[world],
                    )  # fmt: skip
                continue
            yaw = person_yaw[world, holder]
            x = person_position[world, holder, 0] + CARRY_FORWARD * math.sin(yaw)
            z = person_position[world, holder, 2] + CARRY_FORWARD * math.cos(yaw)
            place_object(
                carried, opaque, (x, CARRY_HEIGHT, z), boxes[world], object_position[world],
                object_boxes[world],
            )  # fmt: skip
        settle_contents(
            object_count[world], opaque, boxes[world], object_position[world], object_size[world],
            object_yaw[world], object_boxes[world], object_inside[world], object_upon[world],
            object_spot[world], object_open[world],
        )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _carry_between(
    item, first, second, opaque, boxes, object_count, object_position, object_size, object_boxes,
    object_holder, object_second_holder, person_count, person_position, person_held,
):  # fmt: skip
    """Hold a thing in the middle between two bodies; it drops when they are too far apart."""
    x = 0.5 * (person_position[first, 0] + person_position[second, 0])
    z = 0.5 * (person_position[first, 2] + person_position[second, 2])
    dx = person_position[first, 0] - x
    dz = person_position[first, 2] - z
    height = CARRY_HEIGHT
    if dx * dx + dz * dz > TETHER * TETHER:
        spot = person_position[first].copy()
        if find_spot_around(x, z, object_size[item], boxes, opaque, object_count, object_holder,
                            person_count, person_position, spot):  # fmt: skip
            x, z, height = spot[0], spot[1], 0.0
            release(item, object_holder, object_second_holder, person_held)
    place_object(item, opaque, (x, height, z), boxes, object_position, object_boxes)
