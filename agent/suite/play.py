"""Plays a suite: the policy that is asked about, then its baselines, each where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.checkpoint import SHIPPED
from agent.evaluate import Plan, find_policy
from agent.measures import percentiles_ms, summarize, summarize_families
from agent.rollout import EpisodeResult, play
from agent.suite.log import EpisodeLog, file_hash

BASELINES = ("random", "untrained", "scripted", "expert", "oracle")
MINDLESS = frozenset(("random", "oracle", "untrained", "scripted"))
"""Policies that no checkpoint changes."""
Progress = Callable[[str, EpisodeResult | None], None]
"""Told the policy's name and each result as it comes, None for one that was kept."""


def play_suite(
    plan: Plan,
    out: Path,
    *,
    baselines: Sequence[str] = BASELINES,
    brain: Path | None = None,
    num_worlds: int = 32,
    action_delay: int = 0,
    on_result: Progress = lambda name, result: None,
) -> dict[str, Any]:
    """Play what has not been played yet, and sum everything up.

    Args:
        plan: policy, tasks, seeds and families; its policy is the one in the report's first keys.
        out: folder whose ``episodes/`` keeps every result.
        baselines: the other policies; the plan's own is left out of them.
        brain: checkpoint, None for the shipped one.
        num_worlds: worlds at once.
        action_delay: decisions between an observation and its action.
        on_result: told of every episode.

    Returns:
        The keys of an evaluation, ``families``, and ``baselines`` with the same for each.

    Raises:
        EvaluationError: the folder holds another evaluation or cannot be written.
    """
    report: dict[str, Any] = {}
    for name in (plan.policy, *(other for other in baselines if other != plan.policy)):
        mine = plan if name == plan.policy else replace(plan, policy=name, without=())
        log = EpisodeLog(out / "episodes" / f"{name}.jsonl", _identity(mine, brain, action_delay))
        _play_rest(mine, log, brain, num_worlds, action_delay, on_result)
        results = [log.results[ticket] for ticket in mine.tickets()]
        sums = summarize(results) | {"families": summarize_families(results)}
        if name == plan.policy:
            report = {
                "policy": name,
                "without": list(plan.without),
                "seeds": f"{plan.seeds.start}:{plan.seeds.stop}",
                **({"perturbations": list(plan.perturbations)} if plan.perturbations else {}),
                **({"action_delay": action_delay} if action_delay else {}),
                **({"speech": plan.speech} if plan.speech != "text" else {}),
                **({"partner": plan.partner} if plan.partner else {}),
                **sums,
                "decision_ms": log.decision_ms,
                "baselines": {},
            }
        else:
            kept = ("tasks", "overall", "families")
            report["baselines"][name] = {key: sums[key] for key in kept}
    return report


def _play_rest(
    plan: Plan,
    log: EpisodeLog,
    brain: Path | None,
    num_worlds: int,
    action_delay: int,
    on_result: Progress,
) -> None:
    tickets = plan.tickets()
    missing = log.missing(tickets)
    for _ in range(len(tickets) - len(missing)):
        on_result(plan.policy, None)
    if not missing:
        return

    def keep(result: EpisodeResult) -> None:
        log.add(result)
        on_result(plan.policy, result)

    played = play(
        find_policy(plan, brain), missing, num_worlds, make=plan.make, npcs_of=plan.npcs_of,
        perturbations=plan.perturbations, action_delay=action_delay, speech=plan.speech,
        tell_slots="dialogue" not in plan.without, on_result=keep,
    )  # fmt: skip
    npcs = round(sum(played.act_rows) / max(1, len(played.act_rows)), 1)
    log.add_times({**percentiles_ms(played.act_ms), "npcs": npcs})


def _identity(plan: Plan, brain: Path | None, action_delay: int) -> Mapping[str, Any]:
    """What episodes must have in common to be summed up together."""
    weights = None if plan.policy in MINDLESS else file_hash(brain or SHIPPED)
    return {
        "policy": plan.policy, "brain": weights, "without": list(plan.without),
        "perturbations": list(plan.perturbations), "action_delay": action_delay,
        "families": list(plan.families), "first_seed": plan.seeds.start, "partner": plan.partner,
        "scene": plan.scene.name if plan.scene else None,
        **({"speech": plan.speech} if plan.speech != "text" else {}),
    }  # fmt: skip
