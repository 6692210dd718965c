"""The NPCs of a live game, and their newest observations as one batch."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unity_bridge.batch import WorldBatch
from unity_bridge.errors import BridgeError
from unity_bridge.game import BEHAVIOR
from unity_bridge.inbox import Inbox
from unity_bridge.live.observations import Rows
from unity_bridge.protocol import live_pb2 as live

READ_AT_ONCE = 16
"""Observations, of about 0.1 ms each."""


@dataclass
class LiveNpc:
    """What is known of one NPC of a game."""

    agent: int
    """Its number in this world."""
    pending: live.Observation | None = None
    """Its newest observation that nobody has decided about."""
    restore: live.Mind | None = None
    """The mind that it is to go on with."""
    news: int = 0
    """Messages of side channels since its last decision."""
    sequence: int = 0
    """Its last observation that was decided about."""
    saved: float = 0.0
    """When its mind was last sent to the game, seconds of the monotonic clock."""
    words: list[Mapping[str, Any]] = field(default_factory=list)
    """What is to be said of its goals, once the game is there again."""
    shown: bytes = b""
    """What was last displayed of its mind."""
    shown_at: float = -math.inf
    """When that was, seconds of the monotonic clock."""


Asked = tuple[str, LiveNpc, int]
"""One who is decided for: key, NPC, sequence of its observation."""


async def read_pending(
    waiting: Sequence[tuple[str, LiveNpc]],
) -> tuple[Rows, list[Asked], list[tuple[str, BridgeError]]]:
    """Take the pending observations of NPCs, a few at a time: others have their turn in between.

    Args:
        waiting: (key, NPC) of those who have one.

    Returns:
        The rows of those that could be read, whose they are, and (key, error) of the others.
    """
    rows = Rows(len(waiting))
    asked: list[Asked] = []
    refused: list[tuple[str, BridgeError]] = []
    for number, (key, npc) in enumerate(waiting, 1):
        observation, npc.pending = npc.pending, None
        assert observation is not None
        try:
            rows.fill(len(asked), observation)
        except BridgeError as error:
            refused.append((key, error))
        else:
            asked.append((key, npc, observation.sequence))
        if number % READ_AT_ONCE == 0:
            await asyncio.sleep(0)
    return rows, asked, refused


def make_batch(world: str, asked: Iterable[Asked], rows: Rows, inbox: Inbox) -> WorldBatch:
    """One batch of a world, with what has come on side channels for those who are in it."""
    keys, npcs, _ = zip(*asked, strict=True)
    agents = [npc.agent for npc in npcs]
    for npc in npcs:
        npc.news = 0
    return WorldBatch(
        world=world,
        behavior=BEHAVIOR,
        agents=np.array(agents, np.int64),
        npcs=list(keys),
        observations=rows.observations(len(keys)),
        action_mask=rows.allowed[: len(keys)],
        reward=np.zeros(len(keys), np.float32),
        first=np.array([npc.sequence == 0 for npc in npcs]),
        catalogue=[inbox.catalogue.pop(agent, []) for agent in agents],
        texts=[inbox.texts.pop(agent, []) for agent in agents],
        goals=[inbox.goals.pop(agent, []) for agent in agents],
        episodes=[inbox.episodes.pop(agent, []) for agent in agents],
        endings=[],
    )
