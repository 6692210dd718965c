"""``heedful envs check``: whether an environment keeps the contract, check by check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from envs.testing import check_world


def run(
    world: str, npcs: int | None, seed: int, decisions: int, settings: Mapping[str, Any]
) -> bool:
    """Check an environment and print how each check went; returns whether all passed.

    Args:
        world: its id, or a scene's name or file.
        npcs: of a team; None: as many as the task is for.
        seed: of the episodes and actions.
        decisions: how many are looked at.
        settings: of the environment.
    """
    report = check_world(
        world, npcs=npcs, seed=seed, decisions=decisions, raise_on_failure=False, **settings
    )
    console = Console(highlight=False)
    width = max(len(result.name) for result in report.results)
    for result in report.results:
        mark = "[green]ok  [/green]" if result.passed else "[red]FAIL[/red]"
        console.print(f"{mark}  {result.name:<{width}}  ", end="")
        console.print(result.sentence, markup=False, soft_wrap=True)
    count = len(report.failures)
    seconds = sum(result.seconds for result in report.results)
    outcome = f"{count} of {len(report.results)} checks failed" if count else "every check passed"
    console.print(f"{world}: {outcome} ({seconds:.1f} s).", markup=False, soft_wrap=True)
    return report.passed
