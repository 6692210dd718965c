"""What players say, recorded once and said again: so that nothing but the server is measured.

A game is played in this process by minds that wander, and every message that it sends is kept.
Played back, the messages hold what NPCs who walk about see and hear; what the server answers is
not acted on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import numpy as np

from envs.contract import BRANCH_SIZES, BRANCH_STARTS, NO_OP, Branch
from envs.tasks import TEST_SEEDS
from unity_bridge.batch import WorldBatch, WorldReply
from unity_bridge.game import Game, make_greeting, make_waiting
from unity_bridge.programme import PlayerOptions, Programme
from unity_bridge.session import Session

_WALKING = 0.7
"""Share of decisions in which a wanderer walks on."""


@dataclass
class Wanderers:
    """A `unity_bridge.batch.MindServer` whose NPCs walk, turn and touch what is near."""

    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Random allowed moves, turns and looks."""
        rows = len(batch.agents)
        actions = np.tile(np.array(NO_OP), (rows, 1))
        for branch in (Branch.MOVE, Branch.TURN, Branch.LOOK):
            start, size = BRANCH_STARTS[branch], BRANCH_SIZES[branch]
            odds = self.random.random((rows, size)) * batch.action_mask[:, start : start + size]
            actions[:, branch] = odds.argmax(axis=1)
        walks = self.random.random(rows) < _WALKING
        actions[walks, Branch.MOVE] = 1
        return WorldReply(actions)

    def connected(self, world: str) -> None:
        """Nothing to prepare."""

    def released(self, world: str) -> None:
        """Nothing to forget."""


def record_world(npcs: int, decisions: int, number: int = 0) -> list[bytes]:
    """The messages of a world from greeting to its last question.

    Args:
        npcs: that ask at once.
        decisions: how many times they ask; two messages of greeting come before.
        number: of the world: another one has other seeds.
    """
    first = TEST_SEEDS.start + 1000 * number
    options = PlayerOptions(
        0, tasks=("named_place",), areas=npcs, threads=1, seeds=range(first, first + 100 * npcs)
    )
    return asyncio.run(_record(options, decisions, number))


async def _record(options: PlayerOptions, decisions: int, number: int) -> list[bytes]:
    session = Session("recorded", Wanderers(np.random.default_rng(number)), 0, {})
    greeting, waiting = make_greeting(), make_waiting()
    said = [greeting.SerializeToString(), waiting.SerializeToString()]
    game = Game(Programme(options), await session.answer(greeting))
    reply = await session.answer(waiting)
    for _ in range(decisions):
        message = game.answer(reply)
        if message is None:
            break
        said.append(message.SerializeToString())
        reply = await session.answer(message)
    return said
