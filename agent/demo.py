"""``heedful demo``: trained NPCs in a headless world over real gRPC, and what came of it.

The server and the players are processes of their own on a free port of this machine; the measures
of the brain are what the players tell and the server noted. The baselines are played in process on
the same seeds, and one episode of each task is played again for its video.
"""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from agent.evaluate import check_writable, write_json
from agent.measures import summarize
from agent.policies import get_policy
from agent.policies.adapters import MindPolicy
from agent.report.footage import Camera, Footage
from agent.report.html import Card, write_report
from agent.report.processes import Child, ChildError
from agent.report.results import ResultsFile, join_results, read_records
from agent.report.video import write_video
from agent.rollout import EpisodeResult, Ticket, play
from envs.tasks import TASKS, TEST_SEEDS

DEMO_TASKS = (
    "navigation/named_place", "navigation/ringing", "navigation/coloured_object",
    "navigation/ask_then_go", "interaction/fetch_and_put", "coordination/two_know_halves",
)  # fmt: skip
"""What the demo shows, in the museum; `heedful evaluate --suite standard` plays everything."""
BASELINES = ("random", "untrained", "scripted", "expert", "oracle")
START_SECONDS = 240.0
"""The first start compiles kernels."""
STALL_SECONDS = 120.0
"""Without a result for so long, something is wrong."""
AREAS = {1: 6, 2: 3}
"""Worlds at once by the NPCs of each: 12 NPCs are decided for together."""
SAME = 0.01
"""A replay walked as far as the episode over the wire if they differ by less, metres."""


class DemoError(ValueError):
    """The demo cannot be played; one sentence with the cure."""


@dataclass
class Played:
    """What the players and the server told."""

    results: list[EpisodeResult]
    decision_ms: dict[str, float | None]


def run_demo(out: Path, *, brain: Path | None = None, episodes: int = 10) -> None:
    """Play, print the table, and write ``summary.json``, ``report.html`` and what belongs to it.

    Args:
        out: folder to write into; what an earlier demo left there is replaced.
        brain: checkpoint, None for the shipped one.
        episodes: test seeds of each task.

    Raises:
        DemoError: the folder cannot be used, or there is nothing to play.
        CheckpointError: the brain cannot be used.
        ChildError: the server or a player stopped.
    """
    console = Console(highlight=False)
    if episodes < 1:
        raise DemoError(f"{episodes} episodes cannot be played: give --episodes 1 or more.")
    started = time.monotonic()
    _prepare(out)
    policy = get_policy("brain", brain=brain)  # a brain that cannot be used is told at once
    assert isinstance(policy, MindPolicy)
    seeds = range(TEST_SEEDS.start, TEST_SEEDS.start + episodes)
    with _stop_on_sigterm():
        played = _play_over_wire(console, out, brain, seeds)
        tickets = [(task, seed) for task in DEMO_TASKS for seed in seeds]
        summary = _sum_up(played, seeds)
        summary["baselines"] = _play_baselines(console, tickets, brain)
        footage = _film(console, policy, played.results, brain)
        cards = _make_cards(console, out, footage, played.results)
    summary["replays"] = {"played": len(cards), "same": sum(card.same for card in cards)}
    summary["seconds"] = round(time.monotonic() - started, 1)
    write_json(out / "summary.json", summary)
    write_report(out / "report.html", summary, cards, brain_name(brain))
    console.print(make_table(summary))
    for line in describe(summary):
        console.print(line)
    console.print(f"Report: {out / 'report.html'}", soft_wrap=True)


def brain_name(brain: Path | None) -> str:
    """What the brain is called in the report."""
    return "the shipped brain" if brain is None else brain.stem


# -- over the wire ---------------------------------------------------------------------------------


def _play_over_wire(console: Console, out: Path, brain: Path | None, seeds: range) -> Played:
    """Start the server and the players, and wait for all episodes."""
    with ExitStack() as stack:
        arguments = ["serve", "--port", "0", "--record", str(out / "episodes")]
        arguments += ["--brain", str(brain)] if brain is not None else []
        console.print("Starting `heedful serve` (the first start compiles for a minute) ...")
        server = stack.enter_context(Child("heedful serve", "agent.cli", arguments))
        line = server.wait_for_line("listening on", START_SECONDS)
        port = int(line.rpartition(":")[2])
        sizes = sorted({TASKS[name].npcs for name in DEMO_TASKS})
        groups = {npcs: [name for name in DEMO_TASKS if TASKS[name].npcs == npcs]
                  for npcs in sizes}  # fmt: skip
        console.print(f"{line[0].upper()}{line[1:]}; {len(groups)} players connect.")
        files, players = [], []
        for npcs, tasks in groups.items():
            file = out / f"results-{npcs}.jsonl"
            files.append(ResultsFile(file))
            players.append(
                stack.enter_context(Child("heedful-player", "unity_bridge.player", [
                    "--mlagents-port", str(port), "--task", *tasks,
                    "--seeds", f"{seeds.start}:{seeds.stop}", "--areas", str(AREAS.get(npcs, 3)),
                    "--threads", "1", "--results", str(file),
                ]))
            )  # fmt: skip
        lines = _watch(console, server, players, files, len(seeds))
        server.stop()
        times = _decision_ms(server)
    results = join_results(lines, read_records(out / "episodes"))
    return Played(results, times)


def _watch(
    console: Console,
    server: Child,
    players: Sequence[Child],
    files: Sequence[ResultsFile],
    episodes: int,
) -> list[dict[str, Any]]:
    """Show live progress until every episode is over."""
    lines: list[dict[str, Any]] = []
    last = time.monotonic()
    with _progress(console) as progress:
        bars = {task: progress.add_task(task, total=episodes, told="") for task in DEMO_TASKS}
        while len(lines) < episodes * len(DEMO_TASKS):
            server.check()
            over = all(player.code is not None for player in players)
            for player in players:
                player.check()
            fresh = [line for file in files for line in file.new()]
            for number, line in enumerate(fresh, len(lines)):
                line["number"] = number
                lines.append(line)
                _advance(progress, bars, lines, line["task"])
            if fresh:
                last = time.monotonic()
            elif over:
                raise ChildError(
                    f"heedful-player stopped after {len(lines)} episodes: {players[0].last_words()}"
                )
            elif time.monotonic() - last > STALL_SECONDS:
                raise ChildError(
                    f"No episode ended for {STALL_SECONDS:.0f} s: stop other heavy programs, or "
                    "give fewer --episodes."
                )
            time.sleep(0.1)
    return lines


def _advance(
    progress: Progress, bars: Mapping[str, TaskID], lines: Sequence[Mapping[str, Any]], task: str
) -> None:
    of_task = [line["success"] for line in lines if line["task"] == task]
    told = f"success {sum(of_task)}/{len(of_task)}"
    progress.update(bars[task], completed=len(of_task), told=told)


def _decision_ms(server: Child) -> dict[str, float | None]:
    """Milliseconds from the arrival of a question to its answer, as the server told at its end."""
    for line in reversed(server.tail):
        found = re.search(r"p50 ([\d.]+) ms, p99 ([\d.]+) ms", line)
        if found:
            return {"p50": float(found[1]), "p99": float(found[2])}
    return {"p50": None, "p99": None}


# -- in process ------------------------------------------------------------------------------------


def _play_baselines(
    console: Console, tickets: Sequence[Ticket], brain: Path | None
) -> dict[str, Any]:
    """Each baseline on the same seeds: its tasks and overall."""
    told: dict[str, Any] = {}
    with _progress(console) as progress:
        bars = {name: progress.add_task(name, total=len(tickets), told="") for name in BASELINES}
        for name, bar in bars.items():
            hits = 0

            def count(result: EpisodeResult, bar: TaskID = bar) -> None:
                nonlocal hits
                hits += result.success
                progress.update(bar, advance=1, told=f"success {hits}/{len(tickets)}")

            results = play(get_policy(name, brain=brain), tickets, 32, on_result=count).results
            sums = summarize(results)
            told[name] = {"tasks": sums["tasks"], "overall": sums["overall"]}
    return told


def _film(
    console: Console, policy: MindPolicy, results: Sequence[EpisodeResult], brain: Path | None
) -> list[Footage]:
    """Play one episode of each task again, in process, and film it."""
    chosen = [_choose(task, results) for task in DEMO_TASKS]
    camera = Camera(chosen, brain_name(brain))
    policy.attention = True
    with console.status("Playing one episode of each task again, for its video ..."):
        play(policy, chosen, len(chosen), recorder=camera)
    return [camera.footage[ticket] for ticket in chosen]


def _choose(task: str, results: Sequence[EpisodeResult]) -> Ticket:
    """The episode to film: the first success that is no mere step, else the first of all."""
    mine = [result for result in results if result.task == task]
    good = [result for result in mine if result.success and result.decisions >= 30]
    chosen = (good or [result for result in mine if result.success] or mine)[0]
    return task, chosen.seed


def _make_cards(
    console: Console, out: Path, footage: Sequence[Footage], results: Sequence[EpisodeResult]
) -> list[Card]:
    """Write the videos; a card of the report for each."""
    wire = {(result.task, result.seed): result for result in results}
    cards = []
    with console.status("Writing videos ..."):
        for film in footage:
            video = out / "media" / f"{film.task.rpartition('/')[2]}.mp4"
            write_video(film, video)
            difference = find_difference(wire[film.task, film.seed], film.result)
            cards.append(Card(film.task, film.seed, video.relative_to(out).as_posix(),
                              film.names, film.records, difference))  # fmt: skip
    return cards


def find_difference(wire: EpisodeResult, replay: EpisodeResult | None) -> str:
    """How a replay in process differs from the episode over the wire, "" when it does not."""
    if replay is None:
        return "the replay did not end"
    for name in ("success", "wrong_commit", "decisions"):
        there, here = getattr(wire, name), getattr(replay, name)
        if there != here:
            return f"{name.replace('_', ' ')} was {there} over the wire and is {here} here"
    if abs(wire.path - replay.path) > SAME:
        return f"{wire.path:.2f} m were walked over the wire and {replay.path:.2f} m here"
    return ""


# -- what is told ----------------------------------------------------------------------------------


def _sum_up(played: Played, seeds: range) -> dict[str, Any]:
    """The keys of an evaluation."""
    order = {task: number for number, task in enumerate(DEMO_TASKS)}
    results = sorted(played.results, key=lambda result: (order[result.task], result.seed))
    return {
        "policy": "brain",
        "without": [],
        "seeds": f"{seeds.start}:{seeds.stop}",
        **summarize(results),
        "decision_ms": played.decision_ms,
    }


def make_table(summary: Mapping[str, Any]) -> Table:
    """Success of every task beside the baselines'."""
    table = Table(
        title=f"Success over gRPC, test seeds {summary['seeds']}", box=None, padding=(0, 1, 0, 0)
    )
    table.add_column("task", no_wrap=True)
    for name in ("brain", "95 %", "SPL", *summary["baselines"]):
        table.add_column(name, justify="right", no_wrap=True)
    rows = {**summary["tasks"], "all": summary["overall"]}
    for task, row in rows.items():
        low, high = row["success_ci"]
        others = [
            (base["overall"] if task == "all" else base["tasks"][task])["success"]
            for base in summary["baselines"].values()
        ]
        name = task.rpartition("/")[2]
        table.add_row(name, f"{row['success']:.2f}", f"{low:.2f}-{high:.2f}", f"{row['spl']:.2f}",
                      *(f"{other:.2f}" for other in others))  # fmt: skip
    return table


def describe(summary: Mapping[str, Any]) -> list[str]:
    """What the table has no place for, in lines."""
    lines, times, replays = [], summary["decision_ms"], summary["replays"]
    if times["p50"] is not None:
        lines.append(
            f"Decision latency over gRPC: p50 {times['p50']:.1f} ms, p99 {times['p99']:.1f} ms "
            "(from a world's question to its answer; every decision is recorded meanwhile)."
        )
    if replays["same"] != replays["played"]:
        lines.append(
            f"{replays['played'] - replays['same']} of {replays['played']} filmed episodes went "
            "otherwise in process than over the wire: the report says which."
        )
    lines.append(f"All of it took {summary['seconds']:.0f} s.")
    return lines


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=28), MofNCompleteColumn(),
        TimeElapsedColumn(), TextColumn("{task.fields[told]}"), console=console,
    )  # fmt: skip


def _prepare(out: Path) -> None:
    """Make the folder, and clear what an earlier demo left there, and nothing else."""
    try:
        check_writable(out / "summary.json")
        names = [task.rpartition("/")[2] for task in DEMO_TASKS]
        media = [f"media/{name}.{kind}" for name in names for kind in ("mp4", "jpg")]
        for pattern in ("summary.json", "report.html", "results-[0-9].jsonl",
                        "episodes/world-*-[0-9]*-*.jsonl", *media):  # fmt: skip
            for path in out.glob(pattern):
                path.unlink()
    except (OSError, ValueError) as error:
        raise DemoError(f"{out} cannot be written: give --out another folder.") from error


@contextmanager
def _stop_on_sigterm() -> Iterator[None]:
    """Leave as Ctrl-C does when the system asks us to end, so that no child is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
