"""``heedful evaluate --suite``: bars while it plays, then a table, a page and the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from agent.commands.evaluation import describe, make_table
from agent.evaluate import Plan, check_writable, give_numbers
from agent.rollout import EpisodeResult
from agent.suite.page import write_page
from agent.suite.play import play_suite


def run(
    plan: Plan,
    name: str,
    baselines: Sequence[str],
    brain: Path | None,
    worlds: int,
    action_delay: int,
    out: Path,
    json_file: Path | None,
) -> None:
    """Play a suite, print its table and write its page.

    A suite that is stopped goes on where it was when the same command is given again.
    """
    console = Console()
    check_writable(out / "report.html")
    if json_file is not None:
        check_writable(json_file)
    columns = (
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(),
        TimeRemainingColumn(), TextColumn("{task.fields[success]}"),
    )  # fmt: skip
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as progress:
        total = len(plan.tickets())
        names = (plan.policy, *(other for other in baselines if other != plan.policy))
        bars = {policy: progress.add_task(policy, total=total, success="") for policy in names}
        hits = dict.fromkeys(names, 0)
        fresh = dict.fromkeys(names, 0)

        def on_result(policy: str, result: EpisodeResult | None) -> None:
            told = "kept"
            if result is not None:
                hits[policy] += result.success
                fresh[policy] += 1
                told = f"success {hits[policy] / fresh[policy]:.2f}"
            progress.update(bars[policy], advance=1, success=told)

        try:
            report = play_suite(
                plan, out, baselines=baselines, brain=brain, num_worlds=worlds,
                action_delay=action_delay, on_result=on_result,
            )  # fmt: skip
        except KeyboardInterrupt:
            terminal.print(f"What was played is kept in {out}: the same command goes on.")
            raise
    console.print(make_table(report))
    for line in describe(report):
        console.print(line, highlight=False)
    page = write_page(out, report, f"suite {name}")
    console.print(f"Report: {page}", highlight=False, soft_wrap=True)
    give_numbers(json_file, report)
