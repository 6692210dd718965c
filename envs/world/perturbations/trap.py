"""The kernel of ``door_closes``."""

from __future__ import annotations

from envs.jit import njit
from envs.world.acts.things import set_leaf, someone_in_leaf


@njit(cache=True, error_model="numpy", nogil=True)
def spring_traps(
    first_world, last_world,
    npcs, running, trap_door, wall_count, boxes, leaf_box, door_position, door_state, person,
    person_count, person_position,
):  # fmt: skip
    """Perturbation ``door_closes``: close and lock the trap door when an NPC comes near."""
    for world in range(first_world, last_world):
        door = trap_door[world]
        if not running[world] or door < 0:
            continue
        for row in range(world * npcs, world * npcs + npcs):
            me = person[row]
            dx = person_position[world, me, 0] - door_position[world, door, 0]
            dz = person_position[world, me, 2] - door_position[world, door, 1]
            near = dx * dx + dz * dz < 2.5 * 2.5
            if near and not someone_in_leaf(
                leaf_box[world, door], person_count[world], person_position[world]
            ):
                door_state[world, door] = 2
                set_leaf(door, wall_count[world], True, boxes[world], leaf_box[world])
                trap_door[world] = -1
                break
