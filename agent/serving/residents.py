"""Who is served: worlds, and their NPCs with the seats that a mind knows them by.

Everything here belongs to the event loop's thread.
"""

from __future__ import annotations

import heapq
import logging
import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from agent.serving.goals import Word
from agent.serving.news import News
from agent.serving.options import ServingOptions
from unity_bridge.batch import WorldBatch

AWAKE_SECONDS = 1.0
"""A world's clock advances by no more than this between two questions: while a game is paused
nobody asks, and nobody is forgotten for it."""
MOST_UNCLAIMED = 1024
"""Minds of a snapshot that wait for their worlds, and of NPCs that are paused for long."""

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
    words: list[Word] = field(default_factory=list)
    """What its game is to be told of its goals with the next answer."""
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
        # Those who are paused for very long: they have no seats and wait with their saved minds.
        self._put_by: dict[tuple[str, str], Resident] = {}
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
        """An NPC of a world of which its game speaks; a new one takes a seat that is free.

        Returns:
            None past the limit.
        """
        resident = world.residents.get(npc)
        if resident is not None:
            resident.awake = world.clock
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
        saved = self.unclaimed.pop((world.name, npc), None)
        resident = self._put_by.pop((world.name, npc), None)
        if resident is None:
            resident = Resident(world.name, npc, seat, saved=saved)
        resident.seat, resident.awake = seat, world.clock
        world.residents[npc] = resident
        self.count += 1
        return resident

    def known(self, world: str, npc: str) -> Resident | None:
        """An NPC that has a seat."""
        place = self.worlds.get(world)
        return place.residents.get(npc) if place is not None else None

    def saved(self) -> dict[tuple[str, str], bytes]:
        """Minds of those who have no seat, by world and NPC."""
        paused = {key: one.saved for key, one in self._put_by.items() if one.saved is not None}
        return {**self.unclaimed, **paused}

    def leave(self, name: str) -> list[Resident]:
        """A world has left: those who go with it, whose seats are free."""
        self._refused.discard(name)
        self.staying.discard(name)
        for key in [key for key in self._put_by if key[0] == name]:
            del self._put_by[key]
        world = self.worlds.pop(name, None)
        return self._dismiss(list(world.residents.values())) if world is not None else []

    def dismiss(self, world: str, npc: str) -> list[Resident]:
        """An NPC has left: itself, when it had a seat, which is free."""
        self.unclaimed.pop((world, npc), None)
        self._put_by.pop((world, npc), None)
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
        for npc in nameless:
            self._put_by.pop((world.name, npc), None)
        leaving = (nameless - set(batch.npcs)) & world.residents.keys()
        gone = [world.residents.pop(npc) for npc in sorted(leaving)]
        return self._dismiss(gone)

    def silent(self) -> list[Resident]:
        """Dismiss those whose episodes are over and who have not asked for long."""
        gone = [
            resident
            for resident in self._waiting_longer(self._options.forget_seconds)
            if resident.ended
        ]
        for resident in gone:
            self._stand_up(resident)
        return self._dismiss(gone)

    def paused(self) -> list[Resident]:
        """Those who have not asked for very long, and whose episodes are not over.

        They are still there, and paused by their games: the SDK closes the episode of an agent that
        goes. None of them says again what it has said, so they are ``put_by`` with their minds.
        """
        return [
            resident
            for resident in self._waiting_longer(self._options.forget_paused_seconds)
            if not resident.ended
        ]

    def keep(self, resident: Resident) -> None:
        """One of ``paused`` stays for as long again."""
        world = self.worlds.get(resident.world)
        if world is not None:
            resident.awake = world.clock

    def put_by(self, resident: Resident, mind: bytes | None) -> list[Resident]:
        """One of ``paused`` gives its seat up until it asks again, and goes on with its mind then.

        Args:
            resident: who.
            mind: its mind as it is saved, None where it has none yet.

        Returns:
            Itself; nobody when it has asked in the meantime or has left.
        """
        if not any(one is resident for one in self.paused()):
            return []
        self._stand_up(resident)
        key = resident.world, resident.npc
        # Another object: whoever takes the mind off the seat does that later.
        self._put_by[key] = replace(resident, saved=mind, named=False)
        while len(self._put_by) > MOST_UNCLAIMED:
            del self._put_by[next(iter(self._put_by))]
        return self._dismiss([resident])

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

    def _waiting_longer(self, seconds: float) -> list[Resident]:
        """Who has not asked for so long on its world's clock, where nobody says who leaves."""
        return [
            resident
            for world in self.worlds.values()
            if world.name not in self.staying
            for resident in world.residents.values()
            if world.clock - resident.awake > seconds
        ]

    def _stand_up(self, resident: Resident) -> None:
        world = self.worlds[resident.world]
        del world.residents[resident.npc]
        world.warned = False

    def _dismiss(self, gone: list[Resident]) -> list[Resident]:
        for resident in gone:
            heapq.heappush(self._free, resident.seat)
        self.count -= len(gone)
        return gone
