"""One world of the live link, without the network: messages in, messages out, minds behind.

    observations come -> restore -> decide about the newest of each NPC -> act -> save

A world outlives its connections: minds are kept while the game reconnects.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

from unity_bridge import channels
from unity_bridge.batch import (
    MindKeeper,
    MindReleaser,
    MindServer,
    WorldBatch,
    allow_actions,
)
from unity_bridge.errors import BridgeError, shown
from unity_bridge.inbox import MALFORMED, Inbox, say_ignored, say_left_out
from unity_bridge.keeping import introduce
from unity_bridge.live.limits import MIND_BYTES, LiveLimits
from unity_bridge.live.npcs import Asked, LiveNpc, make_batch, read_pending
from unity_bridge.meters import HostMeters
from unity_bridge.protocol import live_pb2 as live

SAVE_SECONDS = 1.0
"""How often a game gets each mind to keep."""
SHOW_SECONDS = 0.25
"""A game is shown each mind no more often, since nobody reads what changes ten times a second."""
_CHANNELS = {
    channels.OUR_CHANNELS[channel]: channel
    for channel in (
        channels.CATALOGUE,
        channels.GOAL,
        channels.DIALOGUE,
        channels.EPISODE,
        channels.MIND,
    )
}
"""Channels on which a game says something; minds are kept by a message of their own."""
_MOST_SENTENCES = 100
_MOST_WORDS = 64
"""Kept for a game that is away, of each NPC's goals; the newest."""
LONGEST_KEY = 128
"""Characters of an NPC's key."""
MOST_SECONDS = 3600.0
"""A game that measures more of its link is not believed."""

_log = logging.getLogger("unity_bridge.live")


class Outlet(Protocol):
    """Where a world's messages go: its connection."""

    def send(self, message: live.Message, *, may_skip: bool = False) -> None:
        """Send a message at once; ``may_skip``: leave it out while the game does not read."""
        ...


class LiveWorld:
    """The NPCs of one session of one game.

    Args:
        name: for logs and minds.
        mind: who decides.
        limits: what the world may ask for.
        meters: where it counts.
    """

    def __init__(self, name: str, mind: MindServer, limits: LiveLimits, meters: HostMeters):
        self.name = name
        self.outlet: Outlet | None = None
        """The connection; None while there is none."""
        self.round_trip = 0.0
        """The game's last from observation to action, seconds; 0 while unknown."""
        self.superseded = 0
        """Observations that a newer one replaced before they were decided about."""
        self._mind = mind
        self._keeper = mind if isinstance(mind, MindKeeper) else None
        self._releaser = mind if isinstance(mind, MindReleaser) else None
        self._limits = limits
        self._meters = meters
        self._npcs: dict[str, LiveNpc] = {}
        self._agents = 0
        self._inbox = Inbox()
        self._gone: list[str] = []
        """NPCs that left since the last decision."""
        self._came = asyncio.Event()
        self._turn = asyncio.Lock()
        self._said: set[str] = set()
        self._task = asyncio.create_task(self._work())
        mind.connected(name)
        if self._releaser is not None:
            self._releaser.stay(name)

    @property
    def npcs(self) -> list[str]:
        """Keys of the NPCs that are here."""
        return list(self._npcs)

    def take(self, message: live.Message) -> None:
        """Take in a message that came after the hello.

        Raises:
            BridgeError: when it breaks the protocol or a limit; the connection is at its end.
        """
        kind = message.WhichOneof("body")
        if kind == "observation":
            self._take_observation(message.observation)
        elif kind == "news":
            self._take_news(message.news)
        elif kind == "mind":
            self._take_mind(message.mind)
        elif kind == "ping":
            self._note_link(message.ping)
            self._send(live.Message(pong=live.Pong(number=message.ping.number)))
        elif kind == "leave":
            self._leave(message.leave.npc)
        elif kind is not None:  # None: a message of a later protocol
            raise BridgeError(f"it sent '{kind}' where only its server or its beginning may")

    async def save_all(self) -> None:
        """Send every mind to the game: the server is about to stop."""
        async with self._turn:
            for key, npc in list(self._npcs.items()):  # some may come and go meanwhile
                await self._save(key, npc)

    def close(self) -> None:
        """Let go of the minds; safe to call twice."""
        if not self._task.done():
            self._task.cancel()
            try:
                self._mind.released(self.name)
            except Exception:  # a mind that fails to forget must not stop the server
                _log.exception(
                    "%s: the mind failed to let go of it",
                    self.name,
                    extra={"event": "server_failed", "world": self.name},
                )

    # -------------------------------------------------------------------------------- coming in

    def _take_observation(self, observation: live.Observation) -> None:
        npc = self._npc(observation.npc)
        if npc is None:
            return
        if npc.pending is not None:
            self.superseded += 1
        npc.pending = observation
        self._came.set()

    def _take_mind(self, mind: live.Mind) -> None:
        if len(mind.blob) > MIND_BYTES:
            raise BridgeError(
                f"the mind of '{shown(mind.npc)}' has {len(mind.blob)} bytes, "
                f"and {MIND_BYTES} is the most"
            )
        known = mind.npc in self._npcs
        npc = self._npc(mind.npc)
        if npc is not None and (mind.replace or not known):  # else ours is the newer one
            npc.restore = mind
            self._came.set()

    def _take_news(self, news: live.News) -> None:
        npc = self._npc(news.npc)
        channel = _CHANNELS.get(news.channel)
        if npc is None or channel is None:
            return
        npc.news += 1
        if npc.news > self._limits.pending_news:
            self.say_once(
                "news_left_out",
                f"more than {self._limits.pending_news} messages of side channels for "
                f"'{shown(news.npc)}' since its last observation: the later ones are left out",
                npc=news.npc,
            )
            return
        try:
            part = channels.decode_part(channel, news.content, channels.MOST_BRACKETS_OF_ONE)
            wrong = self._inbox.add(channel, npc.agent, part)
            if wrong:
                self.say_once("left_out", say_left_out(news.channel, wrong))
        except (BridgeError, *MALFORMED) as error:
            self.say_once("ignored", say_ignored(news.channel, error))

    def _leave(self, key: str) -> None:
        npc = self._npcs.pop(key, None)
        if npc is None:
            return
        self._inbox.drop(npc.agent)
        self._gone.append(key)
        self._came.set()

    def _note_link(self, ping: live.Ping) -> None:
        """Count what the game has measured of its link."""
        if 0.0 < ping.round_trip < MOST_SECONDS:
            self.round_trip = ping.round_trip
            self._meters.round_trip_seconds.add(ping.round_trip)
        if 0.0 < ping.staleness < MOST_SECONDS:
            self._meters.staleness_seconds.add(ping.staleness)

    def _npc(self, key: str) -> LiveNpc | None:
        """An NPC by its key; None for one that there is no room for, or that has no key."""
        npc = self._npcs.get(key)
        if npc is not None:
            return npc
        if not key or len(key) > LONGEST_KEY:
            self.say_once(
                "bad_key",
                f"an NPC with a key of {len(key)} characters stands still: give it one of 1 to "
                f"{LONGEST_KEY}",
            )
            return None
        if len(self._npcs) >= self._limits.npcs:
            self.say_once(
                "too_many_npcs",
                f"some of its NPCs stand still: this server decides for {self._limits.npcs} of one "
                "world (heedful serve --max-npcs-per-world)",
                npc=key,
            )
            return None
        self._agents += 1
        npc = self._npcs[key] = LiveNpc(self._agents)
        return npc

    # -------------------------------------------------------------------------------- deciding

    async def _work(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            async with self._turn:
                try:
                    self._release()
                    await self._restore()
                    await self._introduce()
                    await self._decide()
                    await self._save_some()
                except Exception as error:  # whatever a mind does, the next decision is another one
                    self.say_once(
                        "mind_failed",
                        f"the mind failed ({type(error).__name__}: {error}); its NPCs stand still",
                        level=logging.ERROR,
                    )

    def _release(self) -> None:
        """Let go of the minds of those who left: now nothing is being decided for them."""
        gone, self._gone = self._gone, []
        if self._releaser is not None:
            for key in gone:
                self._releaser.left(self.name, key)

    async def _restore(self) -> None:
        for key, npc in list(self._npcs.items()):
            mind, npc.restore = npc.restore, None
            if mind is None:
                continue
            if self._keeper is None:
                self.say_once(
                    "mind_not_kept",
                    "its saved minds are left aside: this server cannot restore minds",
                )
                continue
            try:
                await self._keeper.restore(self.name, key, mind.blob)
            except ValueError as error:
                sentence = f"the mind of '{shown(key)}' begins anew: {error}"
                self.say_once("begins_anew", sentence, npc=key)
                self._tell(key, "mind", {"error": str(error)})
            else:
                npc.sequence = mind.sequence
                _log.info(
                    "%s: the mind of '%s' goes on", self.name, shown(key),
                    extra={"event": "goes_on", "world": self.name, "npc": key},
                )  # fmt: skip

    async def _introduce(self) -> None:
        """Tell NPCs who they are, where their game has said so."""
        minds = self._inbox.minds
        for key, npc in list(self._npcs.items()) if minds else ():
            for request in minds.pop(npc.agent, []):
                if request["op"] == "persona":
                    await introduce(self._mind, self.name, key, request)

    async def _decide(self) -> None:
        batch, asked = await self._make_batch()
        if batch is None:
            return
        came = time.perf_counter()
        reply = await self._mind.decide(batch)
        self._meters.answer_seconds.add(time.perf_counter() - came)
        actions, allowed = allow_actions(reply, batch)
        if not allowed:
            self.say_once("masked_action", "the mind chose a masked action")
        shown: list[Any] = list(reply.mind) or [None] * len(asked)
        now = time.monotonic()
        for (key, npc, sequence), indices, display in zip(
            asked, actions.tolist(), shown, strict=True
        ):
            npc.sequence = sequence
            npc.words += reply.goals.get(key, ())
            self._say_goals(key, npc)  # before the action: the game reads in order
            action = live.Action(npc=key, sequence=sequence, indices=indices)
            if display is not None and now - npc.shown_at >= SHOW_SECONDS:
                content = channels.encode_json(display)
                if content != npc.shown:
                    action.mind = npc.shown = content
                    npc.shown_at = now
            self._send(live.Message(action=action), may_skip=True)

    async def _make_batch(self) -> tuple[WorldBatch | None, list[Asked]]:
        """The newest observations of everybody who waits; None when none of them can be read."""
        waiting = [(key, npc) for key, npc in self._npcs.items() if npc.pending is not None]
        rows, asked, refused = await read_pending(waiting)
        for key, error in refused:
            self.say_once(
                "bad_observation",
                f"'{shown(key)}' gets no action until this is mended: {error}",
                npc=key,
            )
        if not asked:
            return None, []
        return make_batch(self.name, asked, rows, self._inbox), asked

    # -------------------------------------------------------------------------------- saving

    async def _save_some(self) -> None:
        """Save the minds whose turn it is: a few after each decision, each once a second."""
        if self._keeper is None or self.outlet is None:
            return
        now = time.monotonic()
        due = [
            (key, npc) for key, npc in self._npcs.items()
            if npc.sequence and now - npc.saved >= SAVE_SECONDS
        ]  # fmt: skip
        most = 1 + len(self._npcs) // 8
        for key, npc in sorted(due, key=lambda pair: pair[1].saved)[:most]:
            await self._save(key, npc)

    async def _save(self, key: str, npc: LiveNpc) -> None:
        if self._keeper is None:
            return
        npc.saved = time.monotonic()
        try:
            blob = await self._keeper.save(self.name, key)
        except ValueError as error:
            self.say_once("not_saved", f"the mind of '{shown(key)}' is not saved: {error}", npc=key)
            return
        if blob is None:
            return
        if len(blob) > MIND_BYTES:
            self.say_once(
                "not_saved",
                f"the mind of '{shown(key)}' is not saved: it has {len(blob)} bytes",
                npc=key,
            )
            return
        mind = live.Mind(npc=key, sequence=npc.sequence, blob=blob)
        self._send(live.Message(mind=mind), may_skip=True)

    # -------------------------------------------------------------------------------- sending

    def _send(self, message: live.Message, *, may_skip: bool = False) -> None:
        if self.outlet is not None:
            self.outlet.send(message, may_skip=may_skip)

    def _tell(self, npc: str, channel: str, part: Mapping[str, Any]) -> None:
        content = channels.encode_json(part)
        self._send(live.Message(news=live.News(npc=npc, channel=channel, content=content)))

    def _say_goals(self, key: str, npc: LiveNpc) -> None:
        """Say what became of an NPC's goals; while the game is away it is kept for its return."""
        if self.outlet is None:
            del npc.words[:-_MOST_WORDS]
            return
        for word in npc.words:
            self._tell(key, "goal", word)
        npc.words.clear()

    def say_once(
        self, event: str, sentence: str, *, npc: str = "", level: int = logging.WARNING
    ) -> None:
        """Log a sentence about this world, unless it was said before."""
        if sentence not in self._said and len(self._said) < _MOST_SENTENCES:
            self._said.add(sentence)
            _log.log(
                level, "%s: %s", self.name, sentence, exc_info=level >= logging.ERROR,
                extra={"event": event, "world": self.name, "npc": npc},
            )  # fmt: skip
