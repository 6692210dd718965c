"""``moved_objects``: things that change places while nobody looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from envs.classes import CLASSES
from envs.scene import Object
from envs.tasks.episode import Episode
from envs.world.acts.things import place_object
from envs.world.sight import walls_between
from envs.world.state import WorldState

SWAPS = 3
"""Pairs that change places in one episode, at most."""
ALIKE = 0.06
"""Largest difference in width of two things that change places, metres: both fit where they go."""
_BEHIND = -0.5


def choose_swaps(episode: Episode, random: np.random.Generator) -> list[tuple[int, int]]:
    """Pairs of objects that may change places, by their numbers."""
    scene = episode.scene
    told = {fact.about for person in scene.people for fact in person.facts}
    told |= {name for task in episode.npcs for line in task.briefings for name in line.mentions}
    told |= {name for thing in scene.objects for name in thing.mentions}
    said = " ".join(task.instruction for task in episode.npcs)
    carriers = {thing.inside or thing.upon for thing in scene.objects}
    free = []
    for number, thing in enumerate(scene.objects):
        place = scene.place_of(thing.id)
        named = place is None or place.name in said or thing.id in told or thing.id in carriers
        if not named and _stands_alone(thing):
            free.append(number)
    pairs = [
        (first, second)
        for index, first in enumerate(free)
        for second in free[index + 1 :]
        if abs(_width(scene.objects[first]) - _width(scene.objects[second])) <= ALIKE
    ]
    random.shuffle(pairs)
    chosen: list[tuple[int, int]] = []
    for pair in pairs:
        if len(chosen) < SWAPS and not {*pair} & {number for other in chosen for number in other}:
            chosen.append(pair)
    return chosen


def _stands_alone(thing: Object) -> bool:
    info = CLASSES[thing.class_name]
    fixed = info.surface or info.container or thing.powers or thing.path
    return not (fixed or thing.inside or thing.upon)


def _width(thing: Object) -> float:
    size = thing.size or CLASSES[thing.class_name].size
    return max(size[0], size[2])


def swap(state: WorldState, world: int, pair: tuple[int, int], rows: Sequence[int]) -> bool:
    """Let two objects change places if they still stand where they stood and nobody can see them.

    Returns:
        False when they cannot now.
    """
    held = (state.object_holder[world, list(pair)] >= 0).any()
    moved = (state.object_inside[world, list(pair)] >= 0) | (
        state.object_upon[world, list(pair)] >= 0
    )
    if held or moved.any() or any(_can_see(state, world, item, row)
                                  for item in pair for row in rows):  # fmt: skip
        return False
    spots = [tuple(state.object_position[world, item].tolist()) for item in pair]
    first_box = int(state.wall_count[world] + state.door_count[world])
    for item, spot in zip(pair, reversed(spots), strict=True):
        place_object(item, first_box, spot, state.boxes[world], state.object_position[world],
                     state.object_boxes[world])  # fmt: skip
    return True


def _can_see(state: WorldState, world: int, item: int, row: int) -> bool:
    """Whether an object is in front of a body with no wall between, at any distance."""
    me = state.person[row]
    x, _, z = state.person_position[world, me].tolist()
    yaw = float(state.person_yaw[world, me])
    item_x, _, item_z = state.object_position[world, item].tolist()
    forward = (item_x - x) * np.sin(yaw) + (item_z - z) * np.cos(yaw)
    if forward < _BEHIND:
        return False
    opaque = int(state.wall_count[world] + state.door_count[world])
    return bool(walls_between(state.boxes[world], opaque, x, z, item_x, item_z, -1, 1) == 0)
