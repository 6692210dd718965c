"""Who is served: worlds, and their NPCs with the seats that a mind knows them by.

Everything here belongs to the event loop's thread.
"""

from __future__ import annotations

import heapq
import logging
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.serving.news import News
from agent.serving.options import ServingOptions
from unity_bridge.batch import WorldBatch

AWAKE_SECONDS = 1.0
"""A world's clock advances by no more than this between two questions: while a game is paused
nobody asks, and nobody is forgotten for it."""
MOST_UNCLAIMED = 1024
"""Minds of a snapshot that wait for their worlds."""

_log = logging.getLogger("agent.serving")


@dataclass(eq=False)
class Resident:
    """One NPC of one world, and what it did last."""

    world: str
    npc: str
    seat: int
    named: bool = False
    """Whether its dice have their name."""
    saved: bytes | None = None
    """A mind that waits to be put in, before its first decision."""
    ended: bool = False
    """Whether its episode is over and it has not asked since: it may be gone."""
    measured: bool = False
    """Whether its present episode is measured."""
    news: News = field(default_factory=News)
    """What it was told and has not been decided on yet."""
    asked: float = -math.inf
    """When it asked last, seconds."""
    gap: float = 0.1
    """Between its last two questions, seconds."""
    awake: float = 0.0
    """The same on its world's clock."""
    questions: int = 0
    action: NDArray[np.int64] | None = None
    """``(8,)`` what was decided last."""
    seen: float = -math.inf
    """When the observation came that it was decided on, seconds."""
    acted: float = -math.inf
    """When that decision was made, seconds."""
    unsent: bool = False
    """Whether it came too late for its own question."""
    unsound: int = 0
    """Decisions in a row in which there were numbers that are none."""
    distance: float = math.inf
    """To the nearest player or speaker, metres."""
    met: float = -math.inf
    """When that was seen or heard, seconds."""


@dataclass(eq=False)
class World:
    """A connection that asks."""

    name: str
    residents: dict[str, Resident] = field(default_factory=dict)
    clock: float = 0.0
    """Seconds in which it asked."""
    asked: float = -math.inf
    warned: bool = False
    """Whether it has been told that there is no room for an NPC."""


class Residents:
    """Worlds and NPCs within the limits."""

    def __init__(self, options: ServingOptions) -> None:
        self.worlds: dict[str, World] = {}
        self.count = 0
        """NPCs of all worlds."""
        self.unclaimed: dict[tuple[str, str], bytes] = {}
        """Saved minds whose NPCs have not asked yet."""
        self.staying: set[str] = set()
        """Worlds whose NPCs stay until they are dismissed, however long they do not ask."""
        self._options = options
        self._free: list[int] = []
        self._seats = 0
        self._refused: set[str] = set()

    def world(self, name: str, now: float) -> World | None:
        """A world that asks now; None past the limit."""
        world = self.worlds.get(name)
        if world is None:
            if len(self.worlds) >= self._options.max_worlds:
                if name not in self._refused and len(self._refused) < MOST_UNCLAIMED:
                    self._refused.add(name)
                    _log.warning(
                        "%s: its NPCs stand still, because %d worlds are served already; "
                        "raise --max-worlds", name, self._options.max_worlds,
                        extra={"event": "worlds_full", "world": name},
                    )  # fmt: skip
                return None
            world = self.worlds[name] = World(name)
            self._refused.discard(name)
        world.clock += min(max(now - world.asked, 0.0), AWAKE_SECONDS)
        world.asked = now
        return world

    def find(self, world: World, npc: str) -> Resident | None:
        """An NPC of a world; a new one takes a seat that is free; None past the limit."""
        resident = world.residents.get(npc)
        if resident is not None:
            return resident
        if self.count >= self._options.max_npcs:
            if not world.warned:
                world.warned = True
                _log.warning(
                    "%s: %s and whoever comes after it stands still, because %d NPCs are served "
                    "already; raise --max-npcs", world.name, npc, self._options.max_npcs,
                    extra={"event": "npcs_full", "world": world.name, "npc": npc},
                )  # fmt: skip
            return None
        if self._free:
            seat = heapq.heappop(self._free)
        else:
            seat, self._seats = self._seats, self._seats + 1
        resident = Resident(world.name, npc, seat, awake=world.clock)
        resident.saved = self.unclaimed.pop((world.name, npc), None)
        world.residents[npc] = resident
        self.count += 1
        return resident

    def known(self, world: str, npc: str) -> Resident | None:
        """An NPC that has a seat."""
        place = self.worlds.get(world)
        return place.residents.get(npc) if place is not None else None

    def leave(self, name: str) -> list[Resident]:
        """A world has left: those who go with it, whose seats are free."""
        self._refused.discard(name)
        self.staying.discard(name)
        world = self.worlds.pop(name, None)
        return self._dismiss(list(world.residents.values())) if world is not None else []

    def dismiss(self, world: str, npc: str) -> list[Resident]:
        """An NPC has left: itself, when it had a seat, which is free."""
        self.unclaimed.pop((world, npc), None)
        resident = self.known(world, npc)
        if resident is None:
            return []
        place = self.worlds[world]
        del place.residents[npc]
        place.warned = False
        return self._dismiss([resident])

    def ended(self, world: World, batch: WorldBatch) -> list[Resident]:
        """Dismiss those without a key of their own whose episodes are over.

        They are known by the SDK's number, which is another one in each episode. The others may
        come back.
        """
        for ending in batch.endings:
            if ending.npc in world.residents:
                world.residents[ending.npc].ended = True
        nameless = {
            ending.npc
            for ending in batch.endings
            if ending.npc == f"{batch.behavior.split('?')[0]}#{ending.agent}"
        }
        leaving = (nameless - set(batch.npcs)) & world.residents.keys()
        gone = [world.residents.pop(npc) for npc in sorted(leaving)]
        return self._dismiss(gone)

    def silent(self) -> list[Resident]:
        """Dismiss those who have not asked for long while their worlds did.

        Whose episode is not over is still there, and paused by its game: the SDK closes the episode
        of an agent that goes.
        """
        gone = []
        for world in self.worlds.values():
            if world.name in self.staying:
                continue
            options = self._options
            here = [
                resident
                for resident in world.residents.values()
                if world.clock - resident.awake
                > (options.forget_seconds if resident.ended else options.forget_paused_seconds)
            ]
            for resident in here:
                del world.residents[resident.npc]
            if here:
                world.warned = False
            gone += here
        return self._dismiss(gone)

    def active(self, since: float) -> list[Resident]:
        """Everybody who has asked since then."""
        return [
            resident
            for world in self.worlds.values()
            if world.asked >= since
            for resident in world.residents.values()
            if resident.asked >= since
        ]

    def measures_only(self, besides: str, since: float) -> bool:
        """Whether in every world but one all who have asked since then are measured."""
        return all(one.measured for one in self.active(since) if one.world != besides)

    def everybody(self) -> list[Resident]:
        """All who have seats."""
        return [r for world in self.worlds.values() for r in world.residents.values()]

    def _dismiss(self, gone: list[Resident]) -> list[Resident]:
        for resident in gone:
            heapq.heappush(self._free, resident.seat)
        self.count -= len(gone)
        return gone
