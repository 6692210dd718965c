"""Evaluation: a policy plays every seed of every task, and what comes out is numbers in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.ablation import check_parts
from agent.measures import percentiles_ms, summarize, summarize_families
from agent.operations.standard_output import STDOUT, write_numbers
from agent.policies import check_policy, get_policy
from agent.policies.partner import PartnerPolicy
from agent.rollout import EpisodeResult, Policy, Recorder, Ticket, play
from envs.generate import FAMILIES
from envs.scene import Scene, SceneError
from envs.scene_file import load_scene
from envs.suggest import did_you_mean
from envs.tasks import TASKS, TEST_SEEDS, Episode, TaskError, find_task, make_episode, parse_seeds
from envs.world.ears import Speech, check_speech
from envs.world.perturbations import PERTURBATIONS

DEFAULT_EPISODES = 200
"""Episodes per task where neither seeds nor a number are given."""
PARTLESS = ("oracle", "random")
"""Policies that use none of the mind's parts."""


class EvaluationError(ValueError):
    """Something asked of an evaluation cannot be done; one sentence with the cure."""


@dataclass(frozen=True)
class Suite:
    """A named evaluation."""

    summary: str
    episodes: int
    """Test seeds per task, from the first on."""
    perturbations: tuple[str, ...] = ()


SUITES: dict[str, Suite] = {
    "standard": Suite("every task, 200 test seeds each dealt over its families", DEFAULT_EPISODES),
    "quick": Suite("the same with 3 test seeds each, in under two minutes", 3),
    "perturbed": Suite("as standard, while a door closes on the way", 200, ("door_closes",)),
}


@dataclass(frozen=True)
class Plan:
    """What an evaluation plays, checked."""

    policy: str
    tasks: tuple[str, ...]
    """Full names."""
    seeds: range
    families: tuple[str, ...] = tuple(FAMILIES)
    """The seeds are dealt in turn over those of them that a task can be staged in."""
    scene: Scene | None = None
    """Plays in this scene instead."""
    without: tuple[str, ...] = ()
    perturbations: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Tasks that the scene, or any of the families, cannot stage."""
    partner: str | None = None
    """Who plays all NPCs but the first of each team; None: the policy itself."""
    npcs: int | None = None
    """NPCs of each team; None: as many as each task has by default."""
    speech: Speech = "text"
    """How others are heard."""

    def tickets(self) -> list[Ticket]:
        """Every (task, seed), seed by seed."""
        return [(task, seed) for seed in self.seeds for task in self.tasks]

    def make(self, task: str, seed: int) -> Episode:
        """Stage one of them."""
        found = find_task(task, self.scene)
        families = [name for name in self.families if name in found.families]
        family = (families or self.families)[(seed - self.seeds.start) % max(1, len(families))]
        return make_episode(task, seed, family=family, scene=self.scene, npcs=self.npcs_of(task))

    def npcs_of(self, task: str) -> int:
        """Controlled NPCs of a task."""
        found = find_task(task, self.scene)
        return self.npcs if self.npcs is not None and found.npcs > 1 else found.npcs


def make_plan(
    policy: str = "brain",
    *,
    suite: str | None = None,
    tasks: Sequence[str] = (),
    family: str | None = None,
    scene: str | None = None,
    seeds: str | None = None,
    episodes: int | None = None,
    without: Iterable[str] = (),
    perturbations: Sequence[str] = (),
    partner: str | None = None,
    npcs: int | None = None,
    speech: str = "text",
) -> Plan:
    """Check what is asked for, as the command line gives it.

    Raises:
        EvaluationError: something is unknown or contradicts something else.
        VoiceError: voices cannot be had.
    """
    try:
        check_policy(policy)
        if partner is not None:
            check_policy(partner)
        parts, spoken = check_parts(without), check_speech(speech)
        if parts and policy in PARTLESS:
            raise EvaluationError(
                f"--without means nothing to the policy {policy}, which has no such parts: drop it."
            )
        chosen = None if suite is None else _find_suite(suite)
        if chosen is not None:
            episodes = chosen.episodes if episodes is None and seeds is None else episodes
            perturbations = tuple(perturbations) or chosen.perturbations
        loaded = load_scene(scene) if scene is not None else None
        wanted = tuple(dict.fromkeys(find_task(name, loaded).name for name in tasks))
        if family is not None and loaded is not None:
            raise EvaluationError("Give --family or --scene, not both: a scene has its own family.")
        if family is not None and family not in FAMILIES:
            raise EvaluationError(
                f"No family is called '{family}': {did_you_mean(family, FAMILIES)}"
            )
        for name in perturbations:
            if name not in PERTURBATIONS:
                cure = did_you_mean(name, PERTURBATIONS)
                raise EvaluationError(f"No perturbation is called '{name}': {cure}")
        chosen_seeds = choose_seeds(seeds, episodes)
        families = (family,) if family else tuple(FAMILIES)
        names, left_out = _stageable(wanted, loaded, families, chosen_seeds[0])
        if partner is not None or npcs is not None:
            names = _teams(names, loaded, npcs)
    except EvaluationError:
        raise
    except (SceneError, TaskError, ValueError) as error:
        raise EvaluationError(str(error)) from None
    return Plan(
        policy, names, chosen_seeds, families, loaded, parts, tuple(perturbations), left_out,
        partner, npcs, spoken,
    )  # fmt: skip


def choose_seeds(text: str | None, episodes: int | None) -> range:
    """The seeds to play: those of A:B, of these the first ``episodes``; test seeds by default.

    Raises:
        EvaluationError: the number of episodes cannot be had.
    """
    if episodes is not None and episodes < 1:
        raise EvaluationError(f"{episodes} episodes cannot be played: give --episodes 1 or more.")
    first = TEST_SEEDS.start
    if text is None:
        return range(first, first + (episodes or DEFAULT_EPISODES))
    seeds = parse_seeds(text)
    if episodes is not None and episodes > len(seeds):
        raise EvaluationError(
            f"--seeds {text} are {len(seeds)} seeds and --episodes asks for {episodes} of them: "
            "give more seeds or fewer episodes."
        )
    return seeds if episodes is None else seeds[:episodes]


def _find_suite(name: str) -> Suite:
    if name not in SUITES:
        raise EvaluationError(f"No suite is called '{name}': {did_you_mean(name, SUITES)}")
    return SUITES[name]


def _stageable(
    wanted: tuple[str, ...], scene: Scene | None, families: Sequence[str], seed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tasks that can be staged, and those left out since the place lacks something for them."""
    names, left_out = [], []
    of_scene = tuple(f"scene/{task.id}" for task in scene.tasks) if scene is not None else ()
    for task in wanted or (*of_scene, *TASKS):
        try:
            if scene is not None:
                make_episode(task, seed, scene=scene)
            elif not set(families) & set(find_task(task).families):
                raise TaskError(
                    f"The family {families[0]} cannot stage {task}: its families are "
                    f"{', '.join(find_task(task).families)}."
                )
            names.append(task)
        except TaskError:
            if wanted:
                raise
            left_out.append(task)
    if not names:
        raise EvaluationError(
            f"'{scene.name if scene else families[0]}' can stage none of the tasks: give another "
            "one, or --task for what it lacks."
        )
    return tuple(names), tuple(left_out)


def _teams(names: tuple[str, ...], scene: Scene | None, npcs: int | None) -> tuple[str, ...]:
    """Those of the tasks that are for teams, of this size if one is asked for."""
    teams = tuple(name for name in names if find_task(name, scene).npcs > 1)
    if npcs is not None:
        teams = tuple(name for name in teams if npcs in find_task(name, scene).team_sizes)
    if not teams:
        raise EvaluationError(
            "None of the tasks is for "
            + (f"a team of {npcs}" if npcs else "a team")
            + ": --partner and --npcs want tasks such as coordination/two_know_halves."
        )
    return teams


def find_policy(plan: Plan, brain: Path | None) -> Policy:
    """The policy of a plan, with its partner where it has one."""
    policy = get_policy(plan.policy, brain=brain, without=plan.without)
    if plan.partner is None:
        return policy
    return PartnerPolicy(policy, get_policy(plan.partner, brain=brain))


def evaluate(
    plan: Plan,
    *,
    brain: Path | None = None,
    num_worlds: int = 32,
    action_delay: int = 0,
    threads: int | None = None,
    recorder: Recorder | None = None,
    on_result: Callable[[EpisodeResult], None] | None = None,
) -> dict[str, Any]:
    """Play a plan and sum it up.

    Args:
        plan: what to play.
        brain: checkpoint, None for the shipped one.
        num_worlds: worlds at once, at most.
        action_delay: decisions between an observation and the action that it causes.
        threads: of the world's kernels.
        recorder: watches episodes.
        on_result: called after each episode.

    Returns:
        Plain data: policy, without, seeds, tasks, overall, decision_ms, calibration and
        strategy_share. ``decision_ms`` are calls that decide for all NPCs of the batch at once
        (``npcs`` of them on average).
    """
    played = play(
        find_policy(plan, brain), plan.tickets(), num_worlds, make=plan.make, npcs_of=plan.npcs_of,
        perturbations=plan.perturbations, action_delay=action_delay, speech=plan.speech,
        tell_slots="dialogue" not in plan.without, threads=threads,
        recorder=recorder, on_result=on_result,
    )  # fmt: skip
    npcs = round(sum(played.act_rows) / max(1, len(played.act_rows)), 1)
    return {
        "policy": plan.policy,
        "without": list(plan.without),
        "seeds": f"{plan.seeds.start}:{plan.seeds.stop}",
        **({"perturbations": list(plan.perturbations)} if plan.perturbations else {}),
        **({"action_delay": action_delay} if action_delay else {}),
        **({"speech": plan.speech} if plan.speech != "text" else {}),
        **({"partner": plan.partner} if plan.partner else {}),
        **summarize(played.results),
        "families": summarize_families(played.results),
        "decision_ms": {**percentiles_ms(played.act_ms), "npcs": npcs},
    }


def check_writable(path: Path) -> None:
    """Find out before anything is played whether a result can be written.

    Raises:
        EvaluationError: it cannot.
    """
    if path == STDOUT:
        return
    _refuse_devices(path)
    probe = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _cannot_write(path, error) from error


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON file whole or not at all; `STDOUT` prints it.

    Raises:
        EvaluationError: the file cannot be written.
    """
    text = json.dumps(data, indent=2) + "\n"
    if path == STDOUT:
        write_numbers(text)
        return
    _refuse_devices(path)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error


def give_numbers(path: Path | None, data: Mapping[str, Any]) -> None:
    """Write what ``--json`` asked for, and say where it is; None is nothing.

    Raises:
        EvaluationError: the file cannot be written.
    """
    if path is None:
        return
    write_json(path, data)
    if path != STDOUT:
        print(f"Written to {path}")


def _refuse_devices(path: Path) -> None:
    """A file is written by taking a name over: root would take that of a device, such as /dev/full.

    Raises:
        EvaluationError: something other than a file has the name.
    """
    if path.exists() and (path.is_symlink() or not path.is_file()):
        raise EvaluationError(f"{path} is not an ordinary file: give another file.")


def _cannot_write(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(f"{path} cannot be written ({error.strerror}): give another file.")
