"""``heedful train``: from a recipe to a brain, with a bar, logs and checkpoints on the way."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch.utils.tensorboard import SummaryWriter

from agent.brain import Brain
from agent.checkpoint import (
    WEIGHTS,
    CheckpointError,
    CheckpointHeader,
    load_checkpoint,
    save_checkpoint,
)
from agent.learning.buffer import LessonBuffer
from agent.learning.learner import Learner
from agent.learning.perception import Quality, collect, measure, teach
from agent.learning.practice import Practice, Tally
from agent.learning.recipe import Recipe, load_recipe
from agent.learning.unity_practice import UnityPractice
from agent.learning.unity_worlds import UnityWorlds
from agent.modules import fill_module, fresh_modules, load_modules
from agent.senses.heads import Senses
from envs.tasks import TASKS, Episode, find_task, make_episode
from unity_bridge.errors import shown
from unity_bridge.launch import find_executable

RUNS = Path("runs")
FIRST_LESSONS = 2048
"""Learning begins when so many lessons are stored."""
LOG_SECONDS = 60.0
"""How often a line is written where there is no terminal for a bar."""
_SIGNED = "navigation/described_object"
RECENT = 24
"""Rounds over which success is averaged."""
LONGEST_RUN_ID = 200
"""Bytes; file systems take 255 for a folder."""


class TrainingError(ValueError):
    """Training cannot begin; the message is one sentence with the cure."""


@dataclass
class Outcome:
    """What a training left behind."""

    brain: Path
    """The brain, to be given to ``--brain``."""
    finished: bool
    """False when it was stopped before its budget was used up."""
    message: str


def train(
    recipe: str | Path, run_id: str, resume: bool = False, runs: Path = RUNS,
    console: Console | None = None, unity: Path | None = None, players: int = 1,
    graphics: bool = True,
) -> Outcome:  # fmt: skip
    """Make a brain.

    Args:
        recipe: name of a shipped recipe, or path of a YAML file.
        run_id: name of the run, one folder: everything is written to ``runs/RUN_ID``.
        resume: go on with a run that was stopped.
        runs: where runs are.
        console: where to show progress.
        unity: a Unity build to practise in instead of headless worlds.
        players: how many of it to launch.
        graphics: whether they draw what their NPCs see; without it cameras stay blank.

    Raises:
        RecipeError, TrainingError, CheckpointError, BridgeError: one sentence that says what to do.
    """
    _check_run_id(run_id)
    settings = load_recipe(recipe)
    if unity is not None:
        find_executable(str(unity))  # before anything is loaded or written
    run = Training(settings, runs / run_id, console or Console(), unity, players, graphics)
    if resume:
        run.restore(f"heedful train {recipe} --run-id {run_id}")
    elif run.checkpoint.exists():
        raise TrainingError(
            f"There is a run in {run.directory}: add --resume to go on with it, or choose another "
            "--run-id."
        )
    finished = run.work()
    message = f"The brain is in {run.brain_file}."
    if not finished:
        where = f" --unity {shlex.quote(str(unity))} --players {players}" if unity else ""
        where += "" if graphics else " --no-graphics"
        message = (
            f"Stopped after {run.learner.samples:,} samples and saved; go on with: "
            f"heedful train {recipe} --run-id {run_id}{where} --resume"
        )
    return Outcome(run.brain_file, finished, message)


class Training:
    """One run: perception, then rounds of practice and learning until the budget is used up."""

    def __init__(
        self, recipe: Recipe, directory: Path, console: Console, unity: Path | None = None,
        players: int = 1, graphics: bool = True,
    ) -> None:  # fmt: skip
        self.recipe, self.directory, self.console = recipe, directory, console
        self.unity, self.players, self.graphics = unity, players, graphics
        self.checkpoint = directory / "checkpoint.safetensors"
        self.brain_file = directory / "brain.safetensors"
        torch.manual_seed(recipe.seed)
        self.senses, self.brain = _begin(recipe)
        self.threads = recipe.threads or os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self.threads)
        self.learner = Learner(self.brain, recipe.imitation, self.pool, self.threads, recipe.seed)
        self.buffer = LessonBuffer(recipe.imitation.buffer)
        self.minutes = 0.0
        """Time spent practising and learning."""
        self.rounds = 0
        self.tallies: deque[Tally] = deque(maxlen=RECENT)
        self.perceives = False
        """Whether the perception heads have been taught."""
        self.quality = ""
        self._stop = False

    @property
    def done(self) -> float:
        """Share of the budget that is used up."""
        budget = self.recipe.imitation
        return max(self.learner.samples / budget.samples, self.minutes / budget.minutes)

    def work(self) -> bool:
        """Do everything that is left; returns False when it was stopped."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            stack.enter_context(self._stoppable())
            log = stack.enter_context(SummaryWriter(str(self.directory)))
            if not self.perceives:
                self._teach_perception(log)
            practices = self._practices(stack)
            with self._bar() as bar:
                task = bar.add_task("imitation", total=1.0, note="")
                saved = told = time.monotonic()
                while self.done < 1.0 and not self._stop:
                    note = self._round(practices, log)
                    bar.update(task, completed=min(self.done, 1.0), note=note)
                    if not self.console.is_terminal and time.monotonic() - told > LOG_SECONDS:
                        self.console.print(f"{self.done:4.0%}  {note}")  # a log file has no bar
                        told = time.monotonic()
                    if time.monotonic() - saved > 60 * self.recipe.checkpoint_minutes:
                        self.save()
                        saved = time.monotonic()
        self.save()
        return self.done >= 1.0

    def _teach_perception(self, log: SummaryWriter) -> None:
        """Gather examples, teach the heads, and measure them on scenes of their own."""
        settings, seeds = self.recipe.perception, self.recipe.worlds.seeds
        if settings is None:
            self.perceives = True
            return
        with self._bar() as bar:
            task = bar.add_task("perception", total=1.0, note="gathering examples")
            examples = collect(
                self._episodes(seeds[0], settings.signs_from), settings.decisions, settings.worlds,
                seed=self.recipe.seed,
            )  # fmt: skip
            bar.update(task, note=f"{len(examples.crops)} crops, {len(examples.audio)} frames")
            teach(
                self.senses, examples, settings.color_steps, settings.sound_steps, self.recipe.seed,
                lambda share, loss: bar.update(task, completed=share, note=f"loss {loss:.3f}"),
            )  # fmt: skip
            fresh = self._episodes(seeds[1] - 10_000, settings.signs_from)
            unseen = collect(fresh, 120, 24, seed=self.recipe.seed + 1)
            quality = measure(self.senses, unseen)
            bar.update(task, completed=1.0, note=str(quality))
        self.quality = str(quality)
        self._log_quality(log, quality)
        self.perceives = True

    def _episodes(self, first: int, signs_from: int) -> Iterator[Episode]:
        """Episodes of one NPC for the perception heads, all tasks in turn."""
        worlds = self.recipe.worlds
        names = [find_task(name).name for name in worlds.tasks]
        staged = [
            (name, family) for name in names if TASKS[name].npcs == 1
            for family in worlds.families_of(name)
        ]  # fmt: skip
        seed = first
        while True:
            name, family = staged[seed % len(staged)]
            if signs_from and seed % signs_from == 0 and family in TASKS[_SIGNED].families:
                name = _SIGNED
            yield make_episode(name, seed, family)
            seed += 1

    def _practices(self, stack: ExitStack) -> Sequence[Practice | UnityPractice]:
        """The worlds dealt over the threads; a continued run practises on episodes of its own."""
        if self.unity is not None:
            worlds_in_unity = stack.enter_context(
                UnityWorlds(self.unity, self.players, self.graphics)
            )
            seed = (self.recipe.seed, self.learner.steps)
            return [
                UnityPractice(
                    self.senses, self.brain, self.buffer, self.recipe, worlds_in_unity, seed
                )
            ]
        worlds = self.recipe.worlds
        return [
            Practice(
                self.senses, self.brain, self.buffer, self.recipe,
                (_part(worlds.single, self.threads, at), _part(worlds.pairs, self.threads, at)),
                (self.recipe.seed, self.learner.steps, at),
            )
            for at in range(self.threads)
        ]  # fmt: skip

    def _round(self, practices: Sequence[Practice | UnityPractice], log: SummaryWriter) -> str:
        """Practise, then learn; returns what to show."""
        settings, done = self.recipe.imitation, self.done
        start = time.monotonic()
        learned = self.learner.samples / settings.samples
        fading = (settings.expert_until - learned) / (settings.expert_until - settings.expert_only)
        expert_share = float(np.clip(fading, 0.0, 1.0))
        tally = Tally()
        for part in self.pool.map(
            lambda practice: practice.play(settings.steps_per_round, expert_share), practices
        ):
            tally.add(part)
        self.tallies.append(tally)
        played = time.monotonic()
        measures: dict[str, float] = {}
        if len(self.buffer) >= FIRST_LESSONS:
            measures = self.learner.learn(self.buffer, done)
        ended = time.monotonic()
        self.minutes += (ended - start) / 60
        self.rounds += 1
        measures["decisions_per_s"] = tally.decisions / (played - start)
        if "loss" in measures:
            batch = settings.batch * settings.batches_per_round
            measures["samples_per_s"] = batch / (ended - played)
        return self._report(measures, expert_share, log)

    def _report(self, measures: dict[str, float], expert_share: float, log: SummaryWriter) -> str:
        """Write scalars for TensorBoard; returns one line for the bar."""
        step = self.learner.samples
        for name, value in measures.items():
            log.add_scalar(f"imitation/{name}", value, step)
        log.add_scalar("imitation/expert_share", expert_share, step)
        played: Counter[str] = Counter()
        won: Counter[str] = Counter()
        for tally in self.tallies:
            played += tally.played
            won += tally.won
        shown = []
        for name in sorted(played):
            rate = won[name] / played[name]
            log.add_scalar(f"success/{name}", rate, step)
            shown.append(f"{name.rpartition('/')[2][:5]} {rate:.2f}")
        speed = measures.get("samples_per_s", 0.0)
        loss = measures.get("loss", float("nan"))
        return f"{step:,} samples, {speed:.0f}/s, loss {loss:.2f}  {' '.join(shown)}"

    def _log_quality(self, log: SummaryWriter, quality: Quality) -> None:
        for name, value in vars(quality).items():
            log.add_scalar(f"perception/{name}", value, 0)

    # -- checkpoints -----------------------------------------------------------------------------

    def save(self) -> None:
        """Write the checkpoint to go on from, and the brain alone."""
        weights = {
            **{f"senses.{name}": value for name, value in self.senses.state_dict().items()},
            **{f"brain.{name}": value for name, value in self.brain.state_dict().items()},
        }
        header = CheckpointHeader(
            step=self.learner.samples,
            config=self.brain.config.model_dump(),
            extra={"recipe": self.recipe.model_dump(mode="json"), "perception": self.quality},
        )
        save_checkpoint(self.brain_file, weights, header, half=True)
        header.extra["training"] = {
            "perceives": self.perceives,
            "minutes": self.minutes,
            "rounds": self.rounds,
            "samples": self.learner.samples,
            "steps": self.learner.steps,
            "draws": self.learner.random.bit_generator.state,
        }
        save_checkpoint(self.checkpoint, weights | self.learner.tensors(), header)

    def restore(self, command: str) -> None:
        """Go on from the checkpoint of this run.

        Args:
            command: that would begin the run, for the message when there is none.
        """
        if not self.checkpoint.exists():
            raise TrainingError(
                f"There is nothing to resume in {self.directory}: begin with `{command}`."
            )
        tensors, header = load_checkpoint(self.checkpoint)
        training: dict[str, Any] | None = header.extra.get("training")
        if training is None:
            raise CheckpointError(
                f"{self.checkpoint} is a brain without its training: give a run that `heedful "
                "train` wrote."
            )
        fill_module(self.senses, tensors, "senses", self.checkpoint)
        fill_module(self.brain, tensors, "brain", self.checkpoint)
        self.learner.restore({name: torch.from_numpy(array) for name, array in tensors.items()})
        self.learner.samples, self.learner.steps = training["samples"], training["steps"]
        self.learner.random.bit_generator.state = training["draws"]
        self.minutes, self.rounds = training["minutes"], training["rounds"]
        self.perceives = training["perceives"]
        self.quality = header.extra.get("perception", "")

    # -- the terminal ----------------------------------------------------------------------------

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.percentage:3.0f} %"),
            TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}"),
            console=self.console,
        )  # fmt: skip

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """Ctrl-C ends the round and saves; a second one ends at once."""

        def stop(signal_number: int, frame: FrameType | None) -> None:
            if self._stop:
                raise KeyboardInterrupt
            self._stop = True
            self.console.print("Stopping after this round; press Ctrl-C again to lose it.")

        try:
            previous = signal.signal(signal.SIGINT, stop)
        except ValueError:  # not in the main thread: nobody can press Ctrl-C here
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, previous)


def _check_run_id(run_id: str) -> None:
    # The colon is for Windows, where it begins at a drive.
    is_one_folder = run_id not in ("", ".", "..") and not set(run_id) & set("/\\:")
    if not (is_one_folder and run_id.isprintable() and len(run_id.encode()) <= LONGEST_RUN_ID):
        raise TrainingError(
            f"'{shown(run_id)}' cannot be the name of a run: give --run-id the name of one folder, "
            "such as museum-1."
        )


def _begin(recipe: Recipe) -> tuple[Senses, Brain]:
    """Perception and brain to begin with.

    Raises:
        CheckpointError: the brain to train on cannot be used.
    """
    if recipe.start is None:
        return fresh_modules()
    named = WEIGHTS / f"{recipe.start}.safetensors"
    return load_modules(named if named.exists() else Path(recipe.start))


def _part(total: int, parts: int, index: int) -> int:
    """How many of ``total`` things fall to one of several parts."""
    return total // parts + (index < total % parts)
