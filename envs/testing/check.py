"""All checks of an environment by name, and what makes them one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from envs.scene import Scene
from envs.testing import act_checks, episode_checks, shown_checks
from envs.testing.report import CheckResult, Report, WorldError
from envs.testing.session import Session
from envs.testing.subject import open_source

Check = Callable[[Session], str | None]
"""Raises ``WorldError`` with a sentence when it fails; may return why it does not apply."""

CHECKS: dict[str, Check] = {
    "playing": episode_checks.check_playing,
    "spaces": shown_checks.check_spaces,
    "observations": shown_checks.check_observations,
    "infos": shown_checks.check_infos,
    "masks": shown_checks.check_masks,
    "names": shown_checks.check_names,
    "sentences": shown_checks.check_sentences,
    "goal": shown_checks.check_goal,
    "forbidden acts": act_checks.check_forbidden_acts,
    "forbidden moves": act_checks.check_forbidden_moves,
    "allowed acts": act_checks.check_allowed_acts,
    "failed acts": act_checks.check_failed_acts,
    "rewards": episode_checks.check_rewards,
    "measures": episode_checks.check_measures,
    "end": episode_checks.check_end,
    "after the end": episode_checks.check_after_the_end,
    "earlier arrays": episode_checks.check_earlier_arrays,
    "same seed": episode_checks.check_same_seed,
    "other seeds": episode_checks.check_other_seeds,
    "batches": episode_checks.check_batches,
    "pictures": episode_checks.check_pictures,
    "closing": episode_checks.check_closing,
}
"""Every check in the order in which they are made; without the first, no other is possible."""


def check_world(
    what: str | Path | Scene | gymnasium.Env[Any, Any] | ParallelEnv | Callable[..., Any],
    *,
    npcs: int | None = None,
    seed: int = 0,
    decisions: int = 100,
    step_limit: int = 3000,
    raise_on_failure: bool = True,
    **settings: Any,
) -> Report:
    """Check that an environment keeps the contract: play it and look at all that it shows.

    Args:
        what: one of our ids, a scene, its name or its file; or a gymnasium environment or
            PettingZoo parallel environment that speaks the contract, its class, or what makes one.
            What can be made anew (with a ``render_mode``, if it takes one) is checked more strictly
            than one environment, which can only be reset, and which is closed in the end.
        npcs: in a team, for ids and scenes; None: as many as the task is for.
        seed: of the episodes and the actions.
        decisions: how many are looked at.
        step_limit: decisions by which every episode must have ended.
        raise_on_failure: False returns the report of a world that fails, too.
        settings: for ids and scenes, such as ``task`` or ``camera_size``.

    Returns:
        How each check went.

    Raises:
        WorldError: a check failed, and ``raise_on_failure``; has the sentence of every failed one.
        CheckError: ``what`` is nothing that can be checked.
        SceneError: there is no such scene.
        TaskError: there is no such task for that number of NPCs.
    """
    source = open_source(what, npcs, settings)
    session = Session(source, seed, decisions, step_limit)
    results: list[CheckResult] = []
    try:
        for name, check in CHECKS.items():
            results.append(_make(name, check, session))
            if not results[0].passed:
                break
    finally:
        session.close()
    report = Report(source.name, tuple(results))
    if raise_on_failure and not report.passed:
        told = [f"{result.name}: {result.sentence}" for result in report.failures]
        raise WorldError("\n".join([f"{report.world} does not keep the contract.", *told]))
    return report


def _make(name: str, check: Check, session: Session) -> CheckResult:
    began = time.perf_counter()
    passed = True
    try:
        sentence = check(session) or _summary(check)
    except WorldError as error:
        passed, sentence = False, str(error)
    except Exception as error:
        passed, sentence = False, f"It raised {type(error).__name__}: {error}"
    return CheckResult(name, passed, sentence, time.perf_counter() - began)


def _summary(check: Check) -> str:
    """What a check holds: the first sentence of its docstring."""
    return (check.__doc__ or "").strip().partition("\n")[0]
