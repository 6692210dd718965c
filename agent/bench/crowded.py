"""Scenes with a given number of objects on one floor plan, for measuring what objects cost."""

from __future__ import annotations

from functools import lru_cache

from envs.classes import MUSEUM_CLASSES
from envs.goals import Goal, Step, Verb
from envs.palette import COLOR_NAMES
from envs.scene import Door, Object, Person, Place, Scene
from envs.scene import Spawn as SpawnPoint
from envs.stream import Stream
from envs.tasks import Episode, NpcTask

COLUMNS, ROWS, SIDE = 4, 3, 6.0
"""Rooms along x and z, and their side in metres."""
SPOTS = 5
"""Objects stand on a grid of so many spots a side in each room."""
STEP_LIMIT = 400


@lru_cache(maxsize=8)
def crowded_scene(objects: int) -> Scene:
    """Twelve rooms of 6 m by 6 m with doorways between neighbours, and objects all over them.

    Raises:
        ValueError: so many objects do not fit.
    """
    rooms = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    spots = [(room, spot) for spot in range(SPOTS * SPOTS) for room in range(len(rooms))]
    middle = SPOTS * SPOTS // 2
    spots = [(room, spot) for room, spot in spots if spot != middle]  # spawn points are there
    if not 0 <= objects <= len(spots):
        raise ValueError(f"objects must be 0 to {len(spots)}, not {objects}: choose fewer.")
    stream = Stream(f"crowded:{objects}")
    things = []
    for number, (room, spot) in enumerate(spots[:objects]):
        column, row = rooms[room]
        things.append(Object.model_construct(
            id=f"thing_{number}", class_name=stream.choice(MUSEUM_CLASSES),
            color=stream.choice(COLOR_NAMES),
            position=(column * SIDE + 1.0 + spot % SPOTS, row * SIDE + 1.0 + spot // SPOTS),
        ))  # fmt: skip
    return Scene.model_construct(
        name=f"crowded:{objects}",
        map="known",
        places=tuple(_room(column, row) for column, row in rooms),
        doors=tuple(_doors()),
        objects=tuple(things),
        spawns=tuple(
            SpawnPoint.model_construct(position=(column * SIDE + 3.0, row * SIDE + 3.0))
            for column, row in rooms
        ),
    )


def make_crowded_episode(objects: int, seed: int) -> Episode:
    """An episode that nobody is likely to end: go to a far corner, from a spawn point by seed."""
    scene = crowded_scene(objects)
    stream = Stream(f"crowded start:{seed}")
    spawn = stream.choice(scene.spawns)
    npc = Person.model_construct(
        id="anna", name="Anna", role="npc", position=spawn.position,
        yaw_degrees=stream.choice((0.0, 90.0, 180.0, 270.0)),
    )  # fmt: skip
    target = scene.places[-1].id
    goal = Goal(steps=(Step(do=Verb.ENTER, what=target),), target=target)
    return Episode(
        scene=scene.model_copy(update={"people": (npc,)}),
        task="navigation/named_place",
        seed=seed,
        npcs=(NpcTask(f"go to {scene.places[-1].name}", goal, (target,)),),
        team=False,
        step_limit=STEP_LIMIT,
    )


def _room(column: int, row: int) -> Place:
    x, z = column * SIDE, row * SIDE
    return Place.model_construct(
        id=f"room_{column}_{row}", name=f"the room {column} {row}", floor=(x, z, x + SIDE, z + SIDE)
    )


def _doors() -> list[Door]:
    doors: list[Door] = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            x, z = column * SIDE, row * SIDE
            for right, up, position in (
                (1, 0, (x + SIDE, z + SIDE / 2)),
                (0, 1, (x + SIDE / 2, z + SIDE)),
            ):
                if column + right < COLUMNS and row + up < ROWS:
                    doors.append(Door.model_construct(
                        id=f"door_{len(doors)}", position=position,
                        between=(f"room_{column}_{row}", f"room_{column + right}_{row + up}"),
                    ))  # fmt: skip
    return doors
