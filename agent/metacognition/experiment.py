"""Does metacognition pay? The same episodes with the loop and without it, side by side.

    python -m agent.metacognition.experiment [--seeds 2000000:2000200] [--brain PATH] [--json FILE]

Three conditions: nothing is wrong, a door closes on the way, the camera goes dark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from agent.evaluate import write_json
from agent.measures import bootstrap_interval, strategy_share, wilson_interval
from agent.policies import get_policy
from agent.rollout import EpisodeResult, Policy, play
from envs.tasks import TASKS
from envs.tasks.seeds import parse_seeds


@dataclass(frozen=True)
class Condition:
    """What goes wrong, and the tasks in which it matters."""

    name: str
    perturbations: tuple[str, ...]
    tasks: tuple[str, ...]


CONDITIONS = (
    Condition("nothing wrong", (), tuple(TASKS)),
    Condition(
        "a door closes",
        ("door_closes",),
        ("navigation/named_place", "navigation/coloured_object"),
    ),
    Condition(
        "the camera goes dark",
        ("camera_dark",),
        ("navigation/coloured_object", "interaction/fetch_and_put"),
    ),
)

PolicyMaker = Callable[[bool], Policy]
"""Whether with metacognition -> a fresh policy."""


def compare(
    make_policy: PolicyMaker,
    seeds: range,
    conditions: Sequence[Condition] = CONDITIONS,
    num_worlds: int = 32,
) -> dict[str, Any]:
    """Play every condition with and without metacognition.

    Returns:
        Plain data: condition -> task -> ``paired_row``.
    """
    report: dict[str, Any] = {}
    for condition in conditions:
        tickets = [(task, seed) for task in condition.tasks for seed in seeds]
        with_loop, without = (
            play(
                make_policy(loop), tickets, num_worlds, perturbations=condition.perturbations
            ).results
            for loop in (True, False)
        )
        report[condition.name] = {
            task: paired_row(
                [result for result in with_loop if result.task == task],
                [result for result in without if result.task == task],
            )
            for task in condition.tasks
        }
    return report


def paired_row(
    with_loop: Sequence[EpisodeResult], without: Sequence[EpisodeResult]
) -> dict[str, Any]:
    """The same episodes played twice, as fractions with 95 % intervals.

    ``success_difference`` is with minus without, its interval a bootstrap over the pairs; ``won``
    and ``lost`` count the episodes that only one of the two succeeded in.
    """
    gain = np.array(
        [float(a.success) - float(b.success) for a, b in zip(with_loop, without, strict=True)]
    )
    paths = np.array([a.spl - b.spl for a, b in zip(with_loop, without, strict=True)])
    return {
        "episodes": len(gain),
        "with": _side(with_loop),
        "without": _side(without),
        "success_difference": round(float(gain.mean()), 4),
        "success_difference_ci": bootstrap_interval(gain),
        "spl_difference": round(float(paths.mean()), 4),
        "spl_difference_ci": bootstrap_interval(paths),
        "won": int((gain > 0).sum()),
        "lost": int((gain < 0).sum()),
        "strategy_share": strategy_share(with_loop),
    }


def _side(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    hits, count = sum(result.success for result in results), len(results)
    return {
        "success": round(hits / count, 4),
        "success_ci": wilson_interval(hits, count),
        "spl": round(float(np.mean([result.spl for result in results])), 4),
        "wrong_commit": round(float(np.mean([result.wrong_commit for result in results])), 4),
        "decisions": round(float(np.mean([result.decisions for result in results])), 1),
    }


def make_table(report: Mapping[str, Any]) -> Table:
    """The report for people."""
    table = Table("condition", "task", "with", "without", "difference", "won", "lost", "route")
    for condition, tasks in report.items():
        for task, row in tasks.items():
            table.add_row(
                condition,
                task,
                _with_interval(row["with"]["success"], row["with"]["success_ci"]),
                _with_interval(row["without"]["success"], row["without"]["success_ci"]),
                _with_interval(row["success_difference"], row["success_difference_ci"]),
                str(row["won"]),
                str(row["lost"]),
                f"{row['strategy_share'].get('route', 0.0):.0%}",
            )
    return table


def _with_interval(value: float, interval: Sequence[float]) -> str:
    return f"{value:.2f} [{interval[0]:.2f}, {interval[1]:.2f}]"


def main(
    seeds: Annotated[str, typer.Option(help="Seeds A:B, one episode each.")] = "2000000:2000200",
    brain: Annotated[Path | None, typer.Option(help="Checkpoint, else the shipped one.")] = None,
    json: Annotated[Path | None, typer.Option(help="Where to write the figures.")] = None,
) -> None:
    """Compare the brain with and without metacognition."""

    def make_policy(loop: bool) -> Policy:
        return get_policy("brain", brain=brain, without=() if loop else ("metacognition",))

    report = compare(make_policy, parse_seeds(seeds))
    if json is not None:
        write_json(json, report)
    Console().print(make_table(report))


if __name__ == "__main__":
    typer.run(main)
