"""A question at the door: who of a world is decided now, and whose last intent goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import numpy as np

from agent.serving.answers import Answers
from agent.serving.counters import Counters
from agent.serving.gather import is_measured
from agent.serving.intents import IDLE
from agent.serving.news import News
from agent.serving.options import ServingOptions
from agent.serving.pace import Pace, meet
from agent.serving.queue import Request
from agent.serving.residents import Resident, Residents
from unity_bridge.batch import WorldBatch

ACTIVE_SECONDS = 1.0
"""Worlds that asked within this time count as asking."""
SWEEP_SECONDS = 5.0
"""So often NPCs that no longer ask are looked for."""


class Admission:
    """Turns questions of worlds into requests.

    Args:
        residents: who lives here.
        answers: answers rows that are not to be decided.
        counters: counts who is refused or waits a turn.
        options: limits and times.
        release: is called with those who have gone.
        put_by: is called with those whose games have paused them for very long.
    """

    def __init__(
        self, residents: Residents, answers: Answers, counters: Counters, options: ServingOptions,
        release: Callable[[list[Resident]], None], put_by: Callable[[list[Resident]], None],
    ) -> None:  # fmt: skip
        self.pace = Pace(
            options.deadline_seconds,
            lambda: residents.active(time.perf_counter() - ACTIVE_SECONDS),
        )
        self._residents = residents
        self._answers = answers
        self._counters = counters
        self._options = options
        self._release = release
        self._put_by = put_by
        self._swept = time.perf_counter()

    def admit(self, batch: WorldBatch) -> Request:
        """A question as a request: rows that are not to be decided have their actions already."""
        now = time.perf_counter()
        self._sweep(now)
        world = self._residents.world(batch.world, now)
        if world is not None:
            self._release(self._residents.ended(world, batch))
        residents = [self._residents.find(world, npc) if world else None for npc in batch.npcs]
        rows = len(batch.npcs)
        request = Request(
            batch, residents, now, asyncio.get_running_loop().create_future(),
            np.tile(IDLE, (rows, 1)), [None] * rows,
        )  # fmt: skip
        spoken_to = meet(batch, residents, now)
        for row, resident in enumerate(residents):
            if resident is None or world is None:
                self._counters.refused += 1
            else:
                _note_question(resident, batch, row, now, world.clock)
        request.patient = self._is_patient(request, now)
        for row, resident in enumerate(residents):
            if resident is None:
                continue
            urgent = spoken_to[row] or bool(batch.first[row]) or bool(batch.goals[row])
            measured = resident.measured and request.patient
            if urgent or measured or self.pace.is_due(resident, now):
                request.waiting.append(row)
            else:
                resident.news.keep(batch, row)
                self._counters.paced += 1
                self._answers.go_on(request, row, resident, now)
        request.waiting.sort(key=lambda row: _urgency(residents[row], spoken_to[row]))
        return request

    def _is_patient(self, request: Request, now: float) -> bool:
        """Whether it is measured while no other world asks that is not."""
        measured = any(one is not None and one.measured for one in request.residents)
        return measured and self._residents.measures_only(
            besides=request.batch.world, since=now - ACTIVE_SECONDS
        )

    def _sweep(self, now: float) -> None:
        """Forget those who no longer ask."""
        options = self._options
        shortest = min(options.forget_seconds, options.forget_paused_seconds)
        if now - self._swept >= min(SWEEP_SECONDS, shortest):
            self._swept = now
            self._release(self._residents.silent())
            self._put_by(self._residents.paused())


def _note_question(
    resident: Resident, batch: WorldBatch, row: int, now: float, awake: float
) -> None:
    if not resident.news.empty:
        resident.news.tell(batch, row)
        resident.news = News()
    if batch.first[row]:
        resident.measured = is_measured(batch.episodes[row])
    if now > resident.asked > -np.inf:
        resident.gap = now - resident.asked
    resident.asked, resident.awake, resident.ended = now, awake, False
    resident.questions += 1


def _urgency(resident: Resident | None, spoken_to: bool) -> tuple[bool, float, float]:
    if resident is None:
        return True, np.inf, 0.0
    return not spoken_to, resident.distance, resident.seen
