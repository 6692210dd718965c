"""Hand-made views and proposals: what a mind might know, without a world."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.belief.columns import (
    ROUTE_SIZE,
    UNREACHABLE,
    BodyColumn,
    DoorwayColumn,
    NodeColumn,
    PoseColumn,
    RouteColumn,
)
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.planner import Plan
from agent.belief.state import NodeName, make_state
from agent.infos import Infos
from agent.metacognition import Regulator
from agent.mind import Proposal, Regulation, View
from envs import contract
from envs.contract import Act, Branch, Kind, Move, Say, SelfColumn

HALL, VASE, DOOR, GUIDE, CONCERT, GONG = 5, 7, 9, 11, 13, 15
"""Slots of a hand-made world."""
STRAIGHT, LEFT, RIGHT = 2, 1, 3


def observations(rows: int = 1) -> dict[str, np.ndarray]:
    """A well lit, silent, valid observation."""
    random = np.random.default_rng(0)
    me = np.zeros((rows, contract.SELF_SIZE), np.float32)
    me[:, SelfColumn.CAMERA_VALID : SelfColumn.CAMERA_VALID + 4] = 1.0
    return {
        "self": me,
        "camera": random.integers(0, 256, (rows, 3, 64, 64)).astype(np.uint8),
        "audio": np.zeros((rows, 3200), np.float32),
        "entities": np.zeros((rows, contract.MAX_ENTITIES, contract.ENTITY_SIZE), np.float32),
        "dialogue": np.zeros((rows, contract.MAX_UTTERANCES, contract.DIALOGUE_SIZE), np.float32),
        "goal": np.zeros((rows, contract.GOAL_SIZE), np.float32),
    }


class Stage:
    """NPCs in a hand-made situation, decision after decision; tests change it in between."""

    def __init__(self, rows: int = 1, regulator: Regulator | None = None) -> None:
        self.rows = rows
        self.belief = make_state(rows)
        self.plan = Plan(
            np.zeros((rows, contract.SLOTS, ROUTE_SIZE), np.float32), np.zeros((rows, 2, 2), bool)
        )
        self.plan.routes[:, 1:, RouteColumn.LENGTH] = UNREACHABLE
        self.observations = observations(rows)
        self.infos = Infos.empty(rows)
        self.let_go(False)
        self.indices = np.arange(rows)
        self.actions = np.tile(np.array(contract.NO_OP), (rows, 1)).astype(np.int64)
        self.competence = np.full(rows, 0.5, np.float32)
        self.logits: dict[str, np.ndarray] = {}
        self.regulator = regulator or Regulator()
        for row in range(rows):
            for slot, kind, name in (
                (HALL, Kind.PLACE, "the amber hall"),
                (VASE, Kind.OBJECT, "the vase"),
                (DOOR, Kind.DOOR, "the door"),
                (GUIDE, Kind.NPC, "the guide"),
                (CONCERT, Kind.TOPIC, "the concert"),
            ):
                self.belief.memory[row].names[GONG] = NodeName("object", "the gong")
                self.belief.memory[row].names[slot] = NodeName(kind.name.lower(), name)
                node = self.belief.nodes[row, slot]
                node[NodeColumn.KNOWN], node[NodeColumn.KIND] = 1.0, kind
                node[NodeColumn.PLACED] = float(kind != Kind.TOPIC)

    def goal(self, **fields: Any) -> None:
        """Set the goal, such as ``place=HALL``; the verb is GO unless it is given."""
        self.belief.goals[:, GoalField.COLOR] = self.belief.goals[:, GoalField.SOUND] = -1
        for name, value in {"verb": Verb.GO, **fields}.items():
            self.belief.goals[:, GoalField[name.upper()]] = value

    def way(self, slot: int, length: float, bearing: float = 0.0) -> None:
        """Let there be a way to a slot."""
        route = self.plan.routes[:, slot]
        route[:, RouteColumn.REACHABLE], route[:, RouteColumn.LENGTH] = 1.0, length
        route[:, RouteColumn.BEARING] = bearing
        route[:, RouteColumn.DISTANCE] = min(length, 2.0)

    def let_go(self, allowed: bool = True) -> None:
        """Whether the game walks bodies by its own planner."""
        self.infos.action_mask[:, contract.BRANCH_STARTS[Branch.MOVE] + Move.GO] = allowed

    def no_way(self, slot: int) -> None:
        self.plan.routes[:, slot] = 0.0
        self.plan.routes[:, slot, RouteColumn.LENGTH] = UNREACHABLE

    def node(self, slot: int, **columns: float) -> None:
        for name, value in columns.items():
            self.belief.nodes[:, slot, NodeColumn[name.upper()]] = value

    def color(self, slot: int, color: int, decided: bool) -> None:
        """What is believed of a thing's colour."""
        first = int(NodeColumn.COLOR_LOG)
        self.belief.nodes[:, slot, first : first + 8] = -6.0 if decided else 0.0
        self.belief.nodes[:, slot, first + color] = 0.0
        self.node(slot, color_decided=float(decided))

    def doorway(self, index: int, x: float, z: float) -> None:
        doorway = self.belief.doorways[:, index]
        doorway[:, DoorwayColumn.USED] = 1.0
        doorway[:, DoorwayColumn.X], doorway[:, DoorwayColumn.Z] = x, z

    def intend(
        self, target: int, act: Act = Act.NONE, turn: int = STRAIGHT, move: Move = Move.WALK,
        say: Say = Say.NONE,
    ) -> None:  # fmt: skip
        """What the brain proposes from now on."""
        self.actions[:] = contract.NO_OP
        self.actions[:, Branch.TARGET], self.actions[:, Branch.ACT] = target, act
        self.actions[:, Branch.TURN], self.actions[:, Branch.MOVE] = turn, move
        self.actions[:, Branch.SAY] = say

    def dark(self, dark: bool = True) -> None:
        self.observations["camera"][:] = 0 if dark else 120
        self.observations["camera"][:, :, ::3] = 0 if dark else 30

    def view(self) -> View:
        missing: Any = None
        return View(
            self.indices, self.observations, self.infos, missing, self.belief, self.plan,
            missing, missing,
        )  # fmt: skip

    def proposal(self) -> Proposal:
        return Proposal(
            self.actions.copy(), self.logits, self.competence, np.zeros(self.rows, np.float32)
        )

    def decide(self) -> Regulation:
        """One decision: senses, then the regulator; the clock goes on by 0.1 s."""
        body = self.belief.body
        at = int(body[0, BodyColumn.DECISIONS]) % self.belief.poses.shape[1]
        self.belief.poses[:, at, PoseColumn.X] = body[:, BodyColumn.X]
        self.belief.poses[:, at, PoseColumn.Z] = body[:, BodyColumn.Z]
        body[:, BodyColumn.DECISIONS] += 1
        missing: Any = None
        self.regulator.reliability(self.indices, self.observations, missing)
        regulation = self.regulator.regulate(self.view(), self.proposal())
        body[:, BodyColumn.CLOCK] += 0.1
        return regulation

    def repeat(self, count: int) -> Regulation:
        """So many decisions; the last one's outcome."""
        for _ in range(count):
            regulation = self.decide()
        return regulation
