"""Minds behind a host: decisions for every NPC of every world that is connected, in one batch.

A mind is kept by (world, NPC key). It is forgotten when its world leaves, when its NPC does (the
live link says so; on lock-step its episode is over and it has not asked for a minute), and when a
player that evaluates begins an episode (the ``episode`` channel); a game's own episodes never reset
a mind. That of an NPC which is paused for very long is put by, as a saved one, until it asks again.
Whatever the mind does, every question is answered by its deadline.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agent.mind import Mind
from agent.recording import EpisodeLog
from agent.serving.admission import ACTIVE_SECONDS, Admission
from agent.serving.answers import Answers
from agent.serving.counters import Counters
from agent.serving.decider import Decider, Outcome, Question
from agent.serving.gather import select_rows
from agent.serving.options import ServingOptions
from agent.serving.queue import Part, Queue
from agent.serving.residents import MOST_UNCLAIMED, Resident, Residents
from agent.serving.saving import SaveError, read_mind
from unity_bridge.batch import WorldBatch, WorldReply

CLOSE_SECONDS = 10.0
"""So long the mind may take for what it does when the server stops."""
TURN_SECONDS = 0.02
"""So long a batch may take while a world asks that is much larger than another one,"""
FEWEST_ROWS = 8
"""but so many NPCs are in it: the first ones of a batch take longest."""
UNEVEN = 4
"""Much larger is one with more than so many times the NPCs."""
MOST_UNSOUND = 5
"""After so many decisions in numbers that are none an NPC begins anew."""
MOST_SENTENCES = 100

_log = logging.getLogger("agent.serving")


class Minds:
    """Decides for the worlds of a host.

    It is a `unity_bridge.batch.MindServer`, a ``MindKeeper`` and a ``MindReleaser``.

    Args:
        mind: who decides.
        log: writes every decision down, None for nothing.
        options: limits and times.
        load: reads other weights (``swap``).
    """

    def __init__(
        self,
        mind: Mind,
        *,
        log: EpisodeLog | None = None,
        options: ServingOptions | None = None,
        load: Callable[[Path | None], Mind] = Mind.load,
    ) -> None:
        self.options = options if options is not None else ServingOptions()
        self.residents = Residents(self.options)
        self._counters = Counters()
        self._decider = Decider(mind, log, self.options.threads, self.options.show_attention)
        self._load = load
        self._queue = Queue()
        self._answers = Answers(self._queue, self._counters, self.options.intent_seconds)
        self._admission = Admission(
            self.residents, self._answers, self._counters, self.options, self._release,
            self._put_by,
        )  # fmt: skip
        self._came = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._putting_by: asyncio.Task[None] | None = None
        self._swapping = asyncio.Lock()
        self._said: set[str] = set()
        self._warming = False  # nothing is worth waiting for yet

    @property
    def mind(self) -> Mind:
        """Who decides now."""
        return self._decider.mind

    @property
    def counters(self) -> Counters:
        """What happened so far, and how things stand."""
        counters = self._counters
        counters.waiting = self._queue.rows
        counters.npcs = self.residents.count
        counters.worlds = len(self.residents.worlds)
        counters.rollbacks = self._decider.rollbacks
        return counters

    # -- what a host calls ---------------------------------------------------------------------

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Decide for the NPCs of a world, together with whoever else asks now; never fails."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        older = self._queue.find(batch)
        if older is not None:  # the newer question counts
            self._answers.give_up(older)
        request = self._admission.admit(batch)
        if request.waiting:
            self._queue.put(request)
            options = self.options
            seconds = options.measured_seconds if request.patient else options.deadline_seconds
            self._answers.expect(request, seconds)
            self._came.set()
        else:
            self._answers.send(request)
        try:
            return await request.answer
        finally:  # also when nobody waits for the answer any more
            self._answers.close(request)

    def connected(self, world: str) -> None:
        """Nothing to prepare: minds begin with their first decision."""

    def released(self, world: str) -> None:
        """Forget the minds of a world, and answer whatever it still asks."""
        for request in [r for r in self._answers.open if r.batch.world == world]:
            self._answers.give_up(request)
        self._queue.forget(world)
        gone = self.residents.leave(world)
        self._decider.thread.submit(self._decider.release, gone, world)

    def stay(self, world: str) -> None:
        """The NPCs of a world stay until ``left`` names them, however long they do not ask."""
        self.residents.staying.add(world)

    def left(self, world: str, npc: str) -> None:
        """Forget the mind of an NPC that is gone for good."""
        self._release(self.residents.dismiss(world, npc))

    async def save(self, world: str, npc: str) -> bytes | None:
        """The mind of an NPC as at most 64 KiB for the game's own save file; None: not known.

        Raises:
            SaveError: it does not fit.
        """
        resident = self.residents.known(world, npc)
        if resident is None:
            return self.residents.saved().get((world, npc))
        if not resident.named:
            return resident.saved
        return await self._do(self._decider.save, resident.seat)

    async def restore(self, world: str, npc: str, blob: bytes) -> None:
        """Put a saved mind into an NPC, which goes on from there; it need not have asked before.

        Raises:
            SaveError: the blob is no saved mind, is of another version, or is damaged; or there is
                no room for the NPC.
        """
        saved = read_mind(blob)
        place = self.residents.world(world, time.perf_counter())
        resident = self.residents.find(place, npc) if place is not None else None
        if resident is None:
            raise SaveError(
                f"There is no room for {npc} of {world}: raise --max-worlds or --max-npcs."
            )
        before = resident.named, resident.saved
        # Now, not afterwards: a decision may be asked for while this waits its turn.
        resident.named, resident.saved = True, None
        try:
            await self._do(self._decider.restore, resident.seat, saved)
        except SaveError:
            resident.named, resident.saved = before
            raise
        resident.action, resident.unsent = None, False

    async def introduce(self, world: str, npc: str, persona: str) -> None:
        """Tell an NPC who it is; it need not have asked before."""
        place = self.residents.world(world, time.perf_counter())
        resident = self.residents.find(place, npc) if place is not None else None
        if resident is not None:
            await self._do(self._decider.introduce, resident.seat, persona)

    async def save_all(self) -> dict[tuple[str, str], bytes]:
        """The minds of everybody by world and NPC, one after the other between decisions."""
        saved = {}
        for resident in self.residents.everybody():
            try:
                blob = await self.save(resident.world, resident.npc)
            except SaveError as error:
                sentence = f"{resident.world}, {resident.npc} is not saved: {error}"
                self._say_once("not_saved", sentence, resident.world, resident.npc)
                continue
            if blob is not None:
                saved[resident.world, resident.npc] = blob
        return {**self.residents.saved(), **saved}

    def expect(self, saved: Mapping[tuple[str, str], bytes]) -> None:
        """Minds that NPCs of these worlds and keys go on with when they ask first."""
        self.residents.unclaimed.update(itertools.islice(saved.items(), MOST_UNCLAIMED))

    # -- the life of the server ----------------------------------------------------------------

    async def warm_up(self) -> None:
        """Compile everything and touch all memory with blank observations."""
        self._warming = True
        await self._do(self._decider.warm_up)
        self._warming = False

    async def swap(self, path: Path | None) -> None:
        """Go on with other weights; the minds remember what they know.

        Raises:
            CheckpointError: the file cannot be used; the old weights go on.
            SwapError: they fail or decide in numbers that are none; the old weights go on.
        """
        async with self._swapping:
            fresh = await asyncio.get_running_loop().run_in_executor(None, self._load, path)
            await self._do(self._decider.try_out, fresh)
            await self._do(self._decider.take_over, fresh)
            if self._decider.log is not None and path is not None:
                self._decider.log.brain = path.name
            self._counters.swaps += 1

    async def close(self) -> None:
        """Stop deciding, answer everybody and close the log."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        if self._putting_by is not None:
            self._putting_by.cancel()
        for request in list(self._answers.open):
            self._answers.give_up(request)
        seconds = 0.0 if self._warming else CLOSE_SECONDS
        ended = await asyncio.to_thread(self._decider.thread.close, seconds)
        if not ended and not self._warming:
            _log.warning("the mind hangs and is left behind", extra={"event": "mind_hangs"})
        elif ended and self._decider.log is not None:
            await asyncio.to_thread(self._decider.log.close)

    def _release(self, gone: list[Resident]) -> None:
        if gone:
            self._decider.thread.submit(self._decider.release, gone)

    def _put_by(self, paused: list[Resident]) -> None:
        if paused and (self._putting_by is None or self._putting_by.done()):
            self._putting_by = asyncio.create_task(self._put_all_by(paused))

    async def _put_all_by(self, paused: list[Resident]) -> None:
        """Free the seats of NPCs that are paused for long, one after the other between decisions.

        One whose mind cannot be saved keeps its seat: its game would not say again what it knows.
        So does one that was never decided, whose mind may know who it is and is not saved yet.
        """
        for resident in paused:
            world, npc = resident.world, resident.npc
            if not resident.named:
                self.residents.keep(resident)
                continue
            try:
                mind = await self.save(world, npc)
            except Exception as error:
                self.residents.keep(resident)
                sentence = (
                    f"{world}, {npc} keeps its place though it is paused for long, as it is not "
                    f"saved: {error}"
                )
                self._say_once("not_saved", sentence, world, npc)
            else:
                self._release(self.residents.put_by(resident, mind))

    # -- deciding ------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Decide what has been asked, again and again."""
        while True:
            await self._came.wait()
            await self._gather()
            parts = self._queue.take(self._rows_at_once())
            if not self._queue.rows:
                self._came.clear()
            try:
                await self._decide(parts)
            except Exception:  # its questions are answered at their deadlines
                _log.exception(
                    "this is a mistake of the server, please report it",
                    extra={"event": "server_failed"},
                )

    def _rows_at_once(self) -> int:
        """Rows of the next batch: fewer beside a world that is much larger than another one.

        Where all have about as many, a short batch would only make the last one wait for longer;
        and those that are only measured may wait.
        """
        most, sizes = self.options.batch_rows, self._sizes(time.perf_counter())
        if self._queue.patient or max(sizes, default=0) <= UNEVEN * min(sizes, default=0):
            return most
        return int(min(most, max(FEWEST_ROWS, self._admission.pace.rows_within(TURN_SECONDS))))

    def _sizes(self, now: float) -> list[int]:
        """NPCs of each world that has asked lately."""
        return [
            len(world.residents)
            for world in self.residents.worlds.values()
            if now - world.asked < ACTIVE_SECONDS
        ]

    async def _gather(self) -> None:
        """Wait a moment for worlds that are likely to ask too."""
        deadline = time.perf_counter() + self.options.gather_seconds
        while (now := time.perf_counter()) < deadline:
            if len(self._queue.worlds) >= len(self._sizes(now)):
                return
            await asyncio.sleep(0.0003)

    async def _decide(self, parts: list[Part]) -> None:
        """One batch; when the mind fails on it, each question alone."""
        if not parts:
            return
        begun = time.perf_counter()
        questions = [self._question(part) for part in parts]
        try:
            outcomes = await self._do(self._decider.decide, questions)
        except Exception as error:
            self._counters.failures += 1
            worlds = {part.request.batch.world for part in parts}
            if len(worlds) > 1:
                sentence = f"the mind failed on several worlds at once ({_describe(error)})"
                self._say_once("mind_failed", sentence)
                for part in parts:
                    if part.request.open:
                        await self._decide([part])
                    else:
                        self._answers.keep_news(part.request, part.rows)
                return
            (world,) = worlds
            self._queue.wary.add(world)
            sentence = f"{world}: the mind failed ({_describe(error)}); its NPCs go on"
            self._say_once("mind_failed", sentence, world, error=error)
            for part in parts:
                self._fail(part, part.rows)
            return
        seconds, rows = time.perf_counter() - begun, sum(len(part.rows) for part in parts)
        self._admission.pace.note(seconds, rows)
        self._counters.mind_ms.add(1000.0 * seconds)
        self._counters.batch_rows.add(rows)
        for part, outcome in zip(parts, outcomes, strict=True):
            self._queue.wary.discard(part.request.batch.world)
            self._receive(part, outcome)

    def _question(self, part: Part) -> Question:
        residents = self._residents_of(part)
        question = Question(
            batch=select_rows(part.request.batch, part.rows),
            seats=[resident.seat for resident in residents],
            new=[not resident.named for resident in residents],
            saved=[resident.saved for resident in residents],
            measured=[resident.measured for resident in residents],
        )
        for resident in residents:
            resident.named, resident.saved = True, None
        return question

    def _receive(self, part: Part, outcome: Outcome) -> None:
        """Take in what was decided; whoever no longer waits for it may use it next time."""
        request, now = part.request, time.perf_counter()
        residents = self._residents_of(part)
        for number, (row, resident) in enumerate(zip(part.rows, residents, strict=True)):
            if not outcome.sound[number]:
                self._doubt(resident)
                continue
            resident.unsound = 0
            resident.action = np.array(outcome.actions[number], np.int64)
            resident.seen, resident.acted, resident.unsent = request.came, now, not request.open
            self._counters.decisions += 1
            if request.open:
                request.actions[row] = resident.action
                request.shown[row] = outcome.shown[number]
                self._counters.staleness_ms.add(1000.0 * (now - request.came))
        for number, words in outcome.goals.items():
            self._answers.keep_words(residents[number], words)
        self._fail(part, np.asarray(part.rows)[~outcome.sound].tolist())

    def _doubt(self, resident: Resident) -> None:
        """A belief on which nothing can be decided is given up, so that its NPC lives on."""
        resident.unsound += 1
        if resident.unsound == MOST_UNSOUND:
            resident.unsound = 0
            self._decider.thread.submit(self._decider.begin_anew, resident.seat)
            self._say_once(
                "begins_anew",
                f"{resident.world}, {resident.npc} begins anew: its mind decided in numbers that "
                f"are not finite {MOST_UNSOUND} times in a row",
                resident.world, resident.npc,
            )  # fmt: skip

    def _fail(self, part: Part, rows: Sequence[int]) -> None:
        """These rows of a part were not decided; answer when nothing else is missing."""
        request = part.request
        request.deciding.difference_update(part.rows)
        if request.open:
            self._answers.miss(request, rows)
            if not request.waiting and not request.deciding:
                self._answers.send(request)

    def _residents_of(self, part: Part) -> list[Resident]:
        residents = part.request.residents
        return [r for r in (residents[row] for row in part.rows) if r is not None]

    async def _do(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Run in the mind's thread, between two decisions."""
        return await asyncio.wrap_future(self._decider.thread.submit(work, *arguments))

    def _say_once(
        self, event: str, sentence: str, world: str = "", npc: str = "",
        error: Exception | None = None,
    ) -> None:  # fmt: skip
        if sentence not in self._said and len(self._said) < MOST_SENTENCES:
            self._said.add(sentence)
            extra = {"event": event, "world": world, "npc": npc}
            _log.warning("%s", sentence, exc_info=error, extra=extra)


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
