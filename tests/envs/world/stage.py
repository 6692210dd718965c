"""Small scenes made by hand, and a world to try acts in, for the tests of its rules."""

from __future__ import annotations

from typing import Literal

import numpy as np

from envs import contract
from envs.contract import Branch, EntityColumn, Move, Reason, Result, SelfColumn
from envs.goals import Goal, Step, Verb
from envs.scene import Door, Object, Person, Place, Scene, Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.world.world import BatchWorld

STRAIGHT = 2
GOAL = Goal((Step(do=Verb.ENTER, what="right"),), "right")
STATE = {name: EntityColumn.STATE + column for column, name in enumerate(contract.STATE_NAMES)}


def make_scene(
    *objects: Object,
    door: Door | None = None,
    npcs: int = 1,
    people: tuple[Person, ...] = (),
    map: Literal["known", "none"] = "known",
) -> Scene:
    """Two halls of 8 m by 8 m side by side, the NPCs in the left one around (2, 2)."""
    starts = ((2.0, 2.0), (2.0, 4.0), (3.0, 6.0))
    return Scene(
        name="two halls",
        map=map,
        places=(
            Place(id="left", name="the left hall", floor=(0.0, 0.0, 8.0, 8.0)),
            Place(id="right", name="the right hall", floor=(8.0, 0.0, 16.0, 8.0)),
        ),
        doors=(door or Door(id="door", between=("left", "right"), position=(8.0, 4.0)),),
        objects=objects,
        people=(
            *people,
            *(
                Person(id=f"npc_{n}", name=("Ada", "Bruno", "Cleo")[n], role="npc",
                       position=starts[n], yaw_degrees=90.0)
                for n in range(npcs)
            ),
        ),
        spawns=(Spawn(position=(2.0, 2.0)),),
    )  # fmt: skip


def make_object(name: str, class_name: str, x: float, z: float, **more) -> Object:
    """An object; red unless something else is said."""
    return Object(id=name, class_name=class_name, position=(x, z), **{"color": "red", **more})


class Stage:
    """One world with a scene, in which single acts are tried."""

    def __init__(
        self, scene: Scene, *, goal: Goal = GOAL, seed: int = 7, step_limit: int = 400, **settings
    ) -> None:
        npcs = sum(person.role == "npc" for person in scene.people)
        task = NpcTask("go to the right hall", goal, ("right",))
        self.open(Episode(scene, "test", seed, (task,) * npcs, npcs > 1, step_limit), **settings)

    def open(self, episode: Episode, **settings) -> None:
        """Begin an episode in a world of these settings."""
        settings = {"senses": (), "threads": 1, **settings}
        self.world = BatchWorld(1, len(episode.npcs), **settings)
        self.world.reset(0, episode)
        self.state = self.world.state
        self.world.observe()

    def number(self, thing: str) -> int:
        """Thing number."""
        layout = self.world.layouts[0]
        assert layout is not None
        return layout.index[thing]

    def item(self, thing: str) -> int:
        """Number among its kind: of an object its row in ``object_...`` arrays."""
        return int(self.state.thing_index[0, self.number(thing)])

    def slot(self, thing: str, row: int = 0) -> int:
        """The row's slot of a thing, 0 when it does not know it."""
        return int(self.state.thing_slot[row, self.number(thing)])

    def position(self, thing: str) -> list[float]:
        """x, base y, z of an object."""
        return [round(float(value), 3) for value in self.state.object_position[0, self.item(thing)]]

    def place_body(self, x: float, z: float, yaw_degrees: float = 90.0, row: int = 0) -> None:
        """Put a body somewhere, looking along +x unless told otherwise."""
        me = self.state.person[row]
        self.state.person_position[0, me] = (x, 0.0, z)
        self.state.person_yaw[0, me] = np.deg2rad(yaw_degrees)
        self.world.observe()

    def step(self, *choices: dict[str, int]) -> None:
        """One decision: for each row the branches that differ from doing nothing."""
        actions = np.tile(contract.NO_OP, (self.world.num_rows, 1))
        for row, choice in enumerate(choices):
            for name, value in choice.items():
                actions[row, Branch[name.upper()]] = value
        self.world.step(actions)
        self.world.observe()

    def act(self, act: int, target: str | None = None, row: int = 0) -> tuple[Result, Reason]:
        """One decision in which a row tries an act; how it went."""
        slot = self.slot(target, row) if target else 0
        self.step(*[{}] * row, {"act": act, "target": slot})
        return self.outcome(row)

    def walk(self, decisions: int = 1, row: int = 0, move: int = Move.WALK) -> None:
        """Walk straight on."""
        for _ in range(decisions):
            self.step(*[{}] * row, {"move": move, "turn": STRAIGHT})

    def outcome(self, row: int = 0) -> tuple[Result, Reason]:
        """Result and reason that the last observation tells."""
        body = self.world.observation["self"][row]
        return Result(int(body[SelfColumn.RESULT])), Reason(int(body[SelfColumn.REASON]))

    def entity(self, thing: str, row: int = 0) -> np.ndarray | None:
        """The row's entity of a thing, None when it is not seen."""
        rows = self.world.observation["entities"][row]
        slot = self.slot(thing, row)
        found = rows[rows[:, EntityColumn.SLOT] == slot] if slot else rows[:0]
        return found[0] if len(found) else None

    def bit(self, thing: str, name: str, row: int = 0) -> float:
        """A state bit of a thing that the row sees."""
        entity = self.entity(thing, row)
        assert entity is not None
        return float(entity[STATE[name]])
