"""The mind and its thread: everything that touches it runs there, one thing after the other."""

from __future__ import annotations

import gc
import itertools
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from agent.dialogue.persona import MOST_CHARACTERS
from agent.infos import Infos
from agent.mind import Decision, Mind, View
from agent.operations.serial import SerialExecutor
from agent.recording import EpisodeLog
from agent.seats import begin_episodes, name_dice
from agent.serving.display import show
from agent.serving.gather import blank_observations, join_infos
from agent.serving.goal_watch import GoalWatch
from agent.serving.goals import Word
from agent.serving.residents import Resident
from agent.serving.rest import rest
from agent.serving.saving import SavedMind, SaveError, read_mind, restore_mind, save_mind
from agent.serving.swap import SwapError, Trial, has_finite_numbers
from unity_bridge.batch import WorldBatch
from unity_bridge.pictures import compile_kernels

ONE_THREAD_ROWS = 16
"""Up to so many NPCs are decided by one thread: beside a game that uses the other cores, waiting
for a second one takes longer than it saves."""
WARM_UP_ROWS = (1, 2, 8, 32)
TRY_OUT_ROWS = (1, 8)

_log = logging.getLogger("agent.serving")


@dataclass(frozen=True)
class Question:
    """Some NPCs of one world that are to be decided."""

    batch: WorldBatch
    seats: list[int]
    """What the mind knows them by."""
    new: list[bool]
    """True for those that it has not met."""
    saved: list[bytes | None]
    """Minds that some of them go on with."""
    measured: list[bool]
    """True for those whose present episode is measured: they keep to the last goal."""


@dataclass(frozen=True)
class Outcome:
    """What was decided for a question."""

    actions: NDArray[np.int64]
    """``(n, 8)``."""
    shown: list[dict[str, Any]]
    """What to display of each mind."""
    sound: NDArray[np.bool_]
    """``(n,)`` False where the decision holds numbers that are none."""
    goals: dict[int, list[Word]] = field(default_factory=dict)
    """By row, what is to be said to the game about its goals."""


class Decider:
    """A mind, and the thread that it lives in.

    Args:
        mind: who decides.
        log: writes every decision down, None for nothing.
        threads: of the kernels; None for one while few NPCs ask, else all cores.
        show_attention: whether it is always found out what NPCs attend to.
    """

    def __init__(
        self, mind: Mind, log: EpisodeLog | None, threads: int | None, show_attention: bool = False
    ) -> None:
        self.mind = mind
        self.log = log
        self.thread = SerialExecutor("mind")
        self.rollbacks = 0
        """Times that new weights were given up again."""
        self._attends = log is not None or show_attention
        self._threads = threads
        self._threads_in_use = 0
        self._trial: Trial | None = None
        self._goals = GoalWatch()

    def decide(self, questions: Sequence[Question]) -> list[Outcome]:
        """One decision of the mind for several worlds."""
        batches = [question.batch for question in questions]
        observations = {
            name: np.concatenate([batch.observations[name] for batch in batches])
            if len(batches) > 1
            else array
            for name, array in batches[0].observations.items()
        }
        infos = join_infos(batches)
        seats = [seat for question in questions for seat in question.seats]
        self.set_threads(infos.rows)
        self._welcome(questions, infos)
        begin_episodes(self.mind, infos, seats)
        self._goals.forget([seats[row] for row in np.flatnonzero(infos.restart)])
        infos.goals = self._hear_goals(questions, observations, infos)
        measured = np.concatenate([np.array(question.measured, bool) for question in questions])
        decision = self._decide(observations, replace(infos, keys=seats), measured)
        if self.log is not None:
            self.log.write(batches, decision)
        sound = np.isfinite(decision.competence)
        words = self._goals.watch(
            self.mind.memories, seats, observations, decision.action, decision.view
        )
        ends = list(itertools.accumulate((len(q.seats) for q in questions), initial=0))
        return [
            Outcome(
                np.asarray(decision.action[start:end]),
                [show(decision, row) for row in range(start, end)],
                sound[start:end],
                {row - start: said for row, said in words.items() if start <= row < end},
            )
            for start, end in itertools.pairwise(ends)
        ]

    def release(self, residents: Sequence[Resident], world: str | None = None) -> None:
        """Forget these NPCs; ``world`` when all of it left."""
        seats = [resident.seat for resident in residents]
        self.mind.reset(seats)
        memories = self.mind.memories
        for index in memories.known(seats):
            memories.belief.memory[index].persona = ""
        self._goals.forget(seats)
        if self.log is None:
            return
        for resident in residents:
            self.log.finish(resident.world, resident.npc)
        if world is not None:
            self.log.leave(world)

    def restore(self, seat: int, saved: SavedMind) -> None:
        """Let an NPC go on with a saved mind and the goals that it had.

        Raises:
            SaveError: metacognition cannot use its part.
        """
        persona = self._persona(seat)
        restore_mind(self.mind, seat, saved)
        if not self._persona(seat):
            self.introduce(seat, persona)
        self._goals.restore(seat, saved.goals)

    def save(self, seat: int) -> bytes:
        """What the mind keeps of an NPC, its open goals too.

        Raises:
            SaveError: it does not fit.
        """
        return save_mind(self.mind, seat, self._goals.save(self.mind.memories, seat))

    def begin_anew(self, seat: int) -> None:
        """Forget what an NPC knows, but not who it is and what its game asks of it."""
        self.mind.reset([seat])
        self._goals.begin_anew(self.mind.memories, seat)

    def introduce(self, seat: int, persona: str) -> None:
        """Tell an NPC who it is."""
        memories = self.mind.memories
        (index,) = memories.find([seat]).tolist()
        memories.belief.memory[index].persona = persona[:MOST_CHARACTERS]

    def _persona(self, seat: int) -> str:
        memories = self.mind.memories
        (index,) = memories.find([seat]).tolist()
        return memories.belief.memory[index].persona

    # -- other weights -------------------------------------------------------------------------

    def try_out(self, mind: Mind) -> None:
        """Let a new mind decide on nothing.

        Raises:
            SwapError: it fails, or decides in numbers that are none.
        """
        for rows in TRY_OUT_ROWS:
            try:
                decision = mind.decide(blank_observations(rows), Infos.empty(rows))
            except Exception as error:
                raise SwapError(
                    f"The new weights fail ({type(error).__name__}: {error}), so the old ones go "
                    "on: train again with `heedful train`."
                ) from error
            if not has_finite_numbers(decision):
                raise SwapError(
                    "The new weights decide in numbers that are not finite, so the old ones go on: "
                    "train again with `heedful train`."
                )
        mind.forget_everybody()

    def take_over(self, mind: Mind) -> None:
        """Go on with another mind, which remembers what this one does."""
        self._trial = Trial(self.mind, mind)
        self.mind = mind

    def _decide(
        self, observations: dict[str, NDArray], infos: Infos, measured: NDArray[np.bool_]
    ) -> Decision:
        """A decision; new weights that fail at their first ones are given up again."""
        trial = self._trial
        if trial is None:
            return self._ask(observations, infos, measured)
        try:
            decision = self._ask(observations, infos, measured)
            why = (
                "" if has_finite_numbers(decision) else "they decide in numbers that are not finite"
            )
        except Exception as error:
            why = f"they fail ({type(error).__name__}: {error})"
        if not why:
            if trial.passed():
                self._trial = None
            return decision
        self.mind, self._trial = trial.give_up(), None
        self.rollbacks += 1
        _log.warning(
            "the new weights are given up and the old ones go on: %s", why,
            extra={"event": "weights_given_up"},
        )  # fmt: skip
        return self._ask(observations, infos, measured)

    def _ask(
        self, observations: dict[str, NDArray], infos: Infos, measured: NDArray[np.bool_]
    ) -> Decision:
        def revise(view: View, actions: NDArray[np.int64]) -> NDArray[np.int64]:
            return rest(view, self._goals.revise(view, actions), measured)

        return self.mind.decide(observations, infos, attention=self._attends, revise=revise)

    def _hear_goals(
        self, questions: Sequence[Question], observations: dict[str, NDArray], infos: Infos
    ) -> Sequence[str]:
        """The goals that the rows are to take up now, in words; in measured ones what is said."""
        texts = list(infos.goals)
        first = 0
        for question in questions:
            batch = question.batch
            for row, news in enumerate(batch.goals):
                if news and not question.measured[row]:
                    observation = {name: array[row + first] for name, array in observations.items()}
                    texts[row + first] = self._goals.hear(
                        self.mind.memories, question.seats[row], news, batch.catalogue[row],
                        observation,
                    )  # fmt: skip
            first += len(batch.npcs)
        return texts

    # -- who is new ----------------------------------------------------------------------------

    def _welcome(self, questions: Sequence[Question], infos: Infos) -> None:
        names = iter(infos.keys)
        for question in questions:
            for row, (seat, name) in enumerate(zip(question.seats, names, strict=False)):
                if question.new[row]:
                    name_dice(self.mind, seat, str(name))
                saved = question.saved[row]
                if saved is not None:
                    said = self._persona(seat)  # while the mind waited, so it is newer
                    try:
                        self.restore(seat, read_mind(saved))
                        if said:
                            self.introduce(seat, said)
                    except SaveError as error:
                        world, npc = question.batch.world, question.batch.npcs[row]
                        extra = {"event": "begins_anew", "world": world, "npc": npc}
                        _log.warning("%s, %s begins anew: %s", world, npc, error, extra=extra)

    # -- warming up ----------------------------------------------------------------------------

    def set_threads(self, rows: int) -> None:
        """Threads of the kernels for so many rows."""
        wanted = self._threads or (1 if rows <= ONE_THREAD_ROWS else os.cpu_count() or 1)
        if wanted == self._threads_in_use:
            return
        numba.set_num_threads(min(wanted, numba.config.NUMBA_NUM_THREADS))
        self._threads_in_use = wanted

    def warm_up(self) -> None:
        """Compile everything, reading cameras included, and touch all memory with blank ones."""
        compile_kernels()
        for rows in WARM_UP_ROWS:
            self.set_threads(rows)
            for _ in range(2):
                self.mind.decide(blank_observations(rows), Infos.empty(rows))
        self.mind.forget_everybody()  # beliefs of all rows in order are not copied about
        # What is loaded by now stays for good: a full collection that walks it holds a decision up.
        gc.collect()
        gc.freeze()
