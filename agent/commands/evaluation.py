"""``heedful evaluate``: progress while it plays, then a table, then the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from agent.evaluate import Plan, check_writable, evaluate, give_numbers
from agent.rollout import EpisodeResult


def run(
    plan: Plan, brain: Path | None, worlds: int, action_delay: int, json_file: Path | None
) -> None:
    """Play a plan, print its table and write its file."""
    console = Console()
    if json_file is not None:
        check_writable(json_file)
    if plan.left_out:
        console.print(f"The scene cannot stage {', '.join(plan.left_out)}: left out.")
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[success]}"),
    )  # fmt: skip
    terminal = Console(stderr=True)
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as progress:
        bar = progress.add_task(plan.policy, total=len(plan.tickets()), success="")
        hits = episodes = 0

        def on_result(result: EpisodeResult) -> None:
            nonlocal hits, episodes
            hits, episodes = hits + result.success, episodes + 1
            progress.update(bar, advance=1, success=f"success {hits / episodes:.2f}")

        report = evaluate(
            plan, brain=brain, num_worlds=worlds, action_delay=action_delay, on_result=on_result
        )
    console.print(make_table(report))
    for line in describe(report):
        console.print(line, highlight=False)
    give_numbers(json_file, report)


def make_table(report: Mapping[str, Any]) -> Table:
    """The table of an evaluation."""
    title = report["policy"]
    if report["without"]:
        title += " without " + ", ".join(report["without"])
    if report.get("perturbations"):
        title += " with " + ", ".join(report["perturbations"])
    table = Table(title=f"{title}, seeds {report['seeds']}", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("task", no_wrap=True)
    for name in ("n", "success", "95 %", "SPL", "wrong", "steps"):
        table.add_column(name, justify="right", no_wrap=True)
    for task, row in report["tasks"].items():
        low, high = row["success_ci"]
        table.add_row(
            task, str(row["episodes"]), f"{row['success']:.3f}", f"{low:.2f}-{high:.2f}",
            f"{row['spl']:.3f}", f"{row['wrong_commit']:.3f}", f"{row['decisions']:.0f}",
        )  # fmt: skip
    overall = report["overall"]
    table.add_section()
    table.add_row(
        "all", "", f"{overall['success']:.3f}", "{:.2f}-{:.2f}".format(*overall["success_ci"]),
        f"{overall['spl']:.3f}", f"{overall['wrong_commit']:.3f}", "",
    )  # fmt: skip
    return table


def describe(report: Mapping[str, Any]) -> list[str]:
    """What the table has no place for, in lines."""
    lines = []
    times = report["decision_ms"]
    if times["p50"] is not None:
        lines.append(
            f"A decision for {times['npcs']:g} NPCs at once takes {times['p50']:.1f} ms "
            f"(p99 {times['p99']:.1f} ms)."
        )
    quality = report["calibration"]
    if quality["ece"] is not None:
        lines.append(
            f"Competence against success: calibration error {quality['ece']:.3f}, "
            f"Brier score {quality['brier']:.3f}."
        )
    if report["strategy_share"]:
        shares = (f"{name} {share:.1%}" for name, share in report["strategy_share"].items())
        lines.append(f"Strategies: {', '.join(shares)}.")
    return lines
