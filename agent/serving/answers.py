"""Answers to worlds: each request gets exactly one, with whatever is known by then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from agent.serving.counters import Counters
from agent.serving.goals import Word
from agent.serving.intents import IDLE, continued, masked
from agent.serving.queue import Queue, Request
from agent.serving.residents import Resident
from unity_bridge.batch import WorldReply

MOST_WORDS = 256
"""Messages about goals that wait for one NPC's game; the newest are kept."""


class Answers:
    """Answers requests, by their deadlines at the latest.

    Args:
        queue: where requests wait.
        counters: what is counted.
        intent_seconds: so long a last intent goes on without a new decision.
    """

    def __init__(self, queue: Queue, counters: Counters, intent_seconds: float) -> None:
        self.open: set[Request] = set()
        """Requests that wait for the mind."""
        self._queue = queue
        self._counters = counters
        self._intent_seconds = intent_seconds

    def expect(self, request: Request, seconds: float) -> None:
        """Give up a request so many seconds after it came."""
        self.open.add(request)
        left = request.came + seconds - time.perf_counter()
        request.timer = asyncio.get_running_loop().call_later(left, self.give_up, request)

    def send(self, request: Request) -> None:
        """Send what is known."""
        if request.open:
            words = _take_words(request)
            request.answer.set_result(WorldReply(request.actions, request.shown, words))
            self._counters.call_ms.add(1000.0 * (time.perf_counter() - request.came))
        self.close(request)

    def keep_words(self, resident: Resident, words: list[Word]) -> None:
        """What is said about an NPC's goals goes with the next answer to its world."""
        resident.words = [*resident.words, *words][-MOST_WORDS:]

    def close(self, request: Request) -> None:
        """Nobody waits for this request any more; what it told its NPCs is kept for them."""
        self.open.discard(request)
        self._queue.remove(request)
        if request.timer is not None:
            request.timer.cancel()
        self.keep_news(request, request.waiting)
        request.waiting.clear()

    def keep_news(self, request: Request, rows: Sequence[int]) -> None:
        """What these rows were told is kept for their NPCs' next decision."""
        for row in rows:
            resident = request.residents[row]
            if resident is not None:
                resident.news.keep(request.batch, row)

    def give_up(self, request: Request) -> None:
        """Answer without what is missing: the NPCs go on with what they do."""
        if request.open:
            self.miss(request, [*request.waiting, *request.deciding])
            self.send(request)

    def miss(self, request: Request, rows: Sequence[int]) -> None:
        """These rows were not decided: fall back."""
        now = time.perf_counter()
        for row in rows:
            resident = request.residents[row]
            if resident is not None:
                self._counters.fallbacks += 1
                self.go_on(request, row, resident, now)

    def go_on(self, request: Request, row: int, resident: Resident, now: float) -> None:
        """An action without a decision: one that came late, the last intent, or the idle."""
        action = IDLE
        if resident.action is not None and now - resident.acted <= self._intent_seconds:
            action = resident.action if resident.unsent else continued(resident.action)
            self._counters.late += resident.unsent
            self._counters.staleness_ms.add(1000.0 * (now - resident.seen))
            resident.unsent = False
        else:
            self._counters.idles += 1
        request.actions[row] = masked(action, request.batch.action_mask[row])


def _take_words(request: Request) -> dict[str, list[Word]]:
    """By NPC, what is said about goals of those that are asked for."""
    found = {}
    for resident in request.residents:
        if resident is not None and resident.words:
            found[resident.npc], resident.words = resident.words, []
    return found
