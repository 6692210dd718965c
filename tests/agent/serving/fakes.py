"""Minds that decide as a test tells them to."""

import time
from typing import Any

import numpy as np

from agent.belief.state import make_state
from agent.mind import Decision
from envs.contract import NO_OP, Act, Branch, Move, Say

WALK = np.array(NO_OP)
WALK[[Branch.MOVE, Branch.TURN, Branch.ACT, Branch.TARGET, Branch.SAY]] = (
    Move.WALK, 3, Act.TOUCH, 5, Say.ASK,
)  # fmt: skip
"""What the fake decides: walk, turn, touch and ask."""
GO_ON = np.array(NO_OP)
GO_ON[[Branch.MOVE, Branch.TURN]] = (Move.WALK, 3)
"""Its intent without act and speech."""


class FakeMemories:
    """Places by key, as `agent.memories.Memories` has them."""

    def __init__(self):
        self.seed = 0
        self.keys = []
        self.numbers = np.zeros(4096, np.uint64)
        self.belief = make_state(64)
        """Of those who come first; nobody else is set a goal."""

    def find(self, keys):
        self.keys += [key for key in keys if key not in self.keys]
        return np.array([self.keys.index(key) for key in keys])

    def known(self, keys):
        return [self.keys.index(key) for key in keys if key in self.keys[:64]]

    def drop_all(self):
        self.keys = []


class FakeMind:
    """Decides WALK for everybody, after so many seconds; whoever is named `poison` breaks it."""

    def __init__(self, seconds=0.0, per_row=0.0):
        self.seconds, self.per_row = seconds, per_row
        self.memories = FakeMemories()
        self.regulator = None
        self.calls = []
        """Keys of every batch."""
        self.told = []
        """Infos of every batch."""
        self.gone = []
        self.before = None
        """Called with the keys before each decision."""
        self.competence = 0.5

    def decide(self, observations, infos, *, attention=False, revise=None):
        self.calls.append(list(infos.keys))
        self.told.append(infos)
        time.sleep(self.seconds + self.per_row * len(infos.keys))
        if self.before is not None:
            self.before(observations)
        rows = len(infos.keys)
        return Decision(
            action=np.tile(WALK, (rows, 1)), competence=np.full(rows, self.competence),
            strategy=["policy"] * rows, reason=[""] * rows,
        )  # fmt: skip

    def reset(self, npcs):
        self.gone += list(npcs)

    def forget_everybody(self):
        self.memories.drop_all()


def fake_mind(seconds=0.0) -> Any:
    """A fake that passes for a mind."""
    return FakeMind(seconds)
