"""The rooms of ``games/rooms/Rooms.cs`` in the headless world."""

from __future__ import annotations

import numpy as np

from envs.goals import Goal, Step, Verb
from envs.scene import Door, Object, Person, Place, Scene, Spawn
from envs.tasks.episode import Episode, NpcTask
from tests.envs.world.stage import Stage

ROOMS = Scene(
    name="rooms",
    map="none",
    places=(
        Place(id="hall", name="the amber hall", floor=(0.0, 0.0, 6.0, 4.0)),
        Place(id="corridor", name="the corridor", floor=(6.0, 1.0, 14.0, 3.0)),
    ),
    doors=(
        Door(id="opening", between=("hall", "corridor"), position=(6.0, 2.0), kind="opening"),
    ),
    objects=(
        Object(id="vase", class_name="vase", color="red", position=(2.0, 3.0), yaw_degrees=90.0,
               size=(0.4, 0.6, 0.2),
               affordances=("examine", "touch", "take", "drop", "push", "give", "finish")),
        Object(id="lamp", class_name="lamp", color="red", position=(5.0, 2.0),
               size=(0.3, 1.4, 0.3), affordances=("examine", "touch", "switch", "finish")),
        Object(id="box", class_name="box", color="red", position=(9.0, 1.3), yaw_degrees=180.0,
               size=(0.5, 0.4, 0.3),
               affordances=("examine", "touch", "put", "open", "close", "finish")),
    ),
    people=(
        Person(id="Ada", name="Ada", role="npc", position=(1.0, 1.0), yaw_degrees=60.0),
        Person(id="Bo", name="Bo", role="npc", position=(8.0, 2.0), yaw_degrees=270.0),
    ),
    spawns=(Spawn(position=(1.0, 1.0)),),
)  # fmt: skip
POSES = ((1.0, 1.0, 60.0), (8.0, 2.0, 270.0))
"""x, z and yaw in degrees of Ada and Bo."""


class HeadlessRooms(Stage):
    """The rooms, Ada in row 0 and Bo in row 1, standing where the game has put them."""

    def __init__(self) -> None:
        goal = Goal((Step(do=Verb.ENTER, what="corridor"),), "corridor")
        task = NpcTask("go to the corridor", goal, ())  # it has not been told where that is
        self.open(Episode(ROOMS, "test", 7, (task, task), True, 400))
        for row, (x, z, yaw) in enumerate(POSES):
            self.place_body(x, z, yaw, row)

    def seen(self, row: int) -> dict[str, np.ndarray]:
        """The ``entities`` rows of an NPC: id of the thing -> row."""
        things = ("opening", "vase", "lamp", "box", "Ada", "Bo")
        rows = {thing: self.entity(thing, row) for thing in things}
        return {thing: found for thing, found in rows.items() if found is not None}
