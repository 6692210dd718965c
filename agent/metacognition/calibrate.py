"""Fits the judge of a brain on validation rollouts and writes it into the brain's checkpoint.

    python -m agent.metacognition.calibrate BRAIN [--seeds 1500000:1500060]

Failures are few and the decisions of an episode alike, so an episode counts as one sample and the
fit is pulled towards the default judge.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from agent.checkpoint import load_checkpoint, save_checkpoint
from agent.measures import calibration
from agent.metacognition.judge import Judge, describe, fit
from agent.metacognition.regulator import Regulator
from agent.mind import Mind
from agent.policies.adapters import MindPolicy
from agent.rollout import EpisodeResult, Moment, play
from envs.tasks import TASKS
from envs.tasks.seeds import parse_seeds

DEFAULT_SEEDS = "1500000:1500060"
"""Validation seeds, one episode each for every task."""
PERTURBED: tuple[tuple[str, ...], ...] = ((), ("door_closes", "camera_dark"))
"""Every seed is played with each of these: a judge must also know what trouble looks like."""


class Listener:
    """Keeps the judge's features of every decision, by episode (a recorder of rollouts)."""

    def __init__(self, policy: MindPolicy, regulator: Regulator) -> None:
        self.policy, self.regulator = policy, regulator
        self.results: list[EpisodeResult] = []
        self.features: list[NDArray[np.float64]] = []
        """``(decisions, N, F)`` of each result."""
        self._open: dict[int, list[NDArray[np.float64]]] = {}

    def wants(self, task: str, seed: int) -> bool:
        """Everything is listened to."""
        return True

    def decided(self, moment: Moment) -> None:
        """Note the features of this world's NPCs."""
        signals = self.regulator.signals
        if signals is not None:
            mine = np.isin(self.policy.playing, np.arange(moment.rows.start, moment.rows.stop))
            self._open.setdefault(moment.index, []).append(describe(signals)[mine])

    def ended(self, moment: Moment, result: EpisodeResult) -> None:
        """Put what was noted beside how it went."""
        self.results.append(result)
        self.features.append(np.stack(self._open.pop(moment.index)))

    def samples(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Features ``(D, F)`` of all decisions and whether each NPC succeeded ``(D,)``."""
        success = [
            np.tile(np.array(result.npc_success, np.bool_), len(features))
            for result, features in zip(self.results, self.features, strict=True)
        ]
        flat = [features.reshape(-1, features.shape[-1]) for features in self.features]
        return np.concatenate(flat), np.concatenate(success)

    def judged(self, judge: Judge) -> list[EpisodeResult]:
        """The results as if this judge had judged."""
        return [
            replace(result, competence=judge.probability(features))
            for result, features in zip(self.results, self.features, strict=True)
        ]


def calibrate(brain: Path, seeds: range, num_worlds: int = 32) -> tuple[Judge, dict[str, Any]]:
    """A judge for a brain, and how well calibrated its word is before and after.

    Args:
        brain: checkpoint.
        seeds: validation seeds, never ones that figures are reported on.
        num_worlds: how many to play at once.
    """
    mind = Mind.load(brain)
    if not isinstance(mind.regulator, Regulator):
        raise ValueError("The judge belongs to metacognition: load the mind with it.")
    policy = MindPolicy(mind)
    listener = Listener(policy, mind.regulator)
    tickets = [(task, seed) for task in TASKS for seed in seeds]
    for perturbations in PERTURBED:
        play(policy, tickets, num_worlds, perturbations=perturbations, recorder=listener)
    features, success = listener.samples()
    one_each = np.full(len(success), len(listener.results) / len(success))
    judge = fit(features, success, one_each)
    return judge, {
        "episodes": len(listener.results),
        "success": float(np.mean([result.success for result in listener.results])),
        "before": calibration(listener.judged(Judge.default())),
        "after": calibration(listener.judged(judge)),
    }


def main(
    brain: Annotated[Path, typer.Argument(help="Checkpoint to read and to write into.")],
    seeds: Annotated[str, typer.Option(help="Validation seeds A:B.")] = DEFAULT_SEEDS,
) -> None:
    """Fit the judge of a brain and write it into its checkpoint."""
    judge, report = calibrate(brain, parse_seeds(seeds))
    tensors, header = load_checkpoint(brain)
    extra = {**header.extra, "judge": judge.to_json()}
    stored_half = brain.stat().st_size < 3 * sum(tensor.size for tensor in tensors.values())
    save_checkpoint(brain, tensors, header.model_copy(update={"extra": extra}), half=stored_half)
    typer.echo(report)
    typer.echo(judge.to_json())


if __name__ == "__main__":
    typer.run(main)
