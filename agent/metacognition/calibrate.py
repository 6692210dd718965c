"""Fits the judge of a brain on validation rollouts and writes it into the brain's checkpoint.

python -m agent.metacognition.calibrate BRAIN [--seeds 1500000:1500060]
"""

from __future__ import annotations

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


class Listener:
    """Keeps the judge's features of every decision, by episode (a recorder of rollouts)."""

    def __init__(self, policy: MindPolicy, regulator: Regulator) -> None:
        self.policy, self.regulator = policy, regulator
        self.features: list[NDArray[np.float64]] = []
        self.success: list[NDArray[np.bool_]] = []
        self._open: dict[int, list[NDArray[np.float64]]] = {}

    def wants(self, task: str, seed: int) -> bool:
        """Everything is listened to."""
        return True

    def decided(self, moment: Moment) -> None:
        """Note the features of this world's NPCs."""
        signals = self.regulator.signals
        if signals is None:
            return
        mine = np.isin(self.policy.playing, np.arange(moment.rows.start, moment.rows.stop))
        self._open.setdefault(moment.index, []).append(describe(signals)[mine])

    def ended(self, moment: Moment, result: EpisodeResult) -> None:
        """Label what was noted with how it went for each NPC."""
        for features in self._open.pop(moment.index, []):
            self.features.append(features)
            self.success.append(np.array(result.npc_success, np.bool_)[: len(features)])


def calibrate(brain: Path, seeds: range, num_worlds: int = 32) -> tuple[Judge, dict[str, Any]]:
    """A judge for a brain, and how well calibrated the brain is before and after.

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
    played = play(policy, tickets, num_worlds, recorder=listener)
    features, success = np.concatenate(listener.features), np.concatenate(listener.success)
    judge = fit(features, success)
    said = judge.probability(features)
    report = {
        "episodes": len(played.results),
        "decisions": len(said),
        "before": calibration(played.results),
        "brier_after": float(((said - success) ** 2).mean()),
    }
    return judge, report


def main(
    brain: Annotated[Path, typer.Argument(help="Checkpoint to read and to write into.")],
    seeds: Annotated[str, typer.Option(help="Validation seeds A:B.")] = DEFAULT_SEEDS,
) -> None:
    """Fit the judge of a brain and write it into its checkpoint."""
    judge, report = calibrate(brain, parse_seeds(seeds))
    tensors, header = load_checkpoint(brain)
    extra = {**header.extra, "judge": judge.to_json()}
    stored_half = brain.stat().st_size < 3 * sum(tensor.numel() for tensor in tensors.values())
    save_checkpoint(brain, tensors, header.model_copy(update={"extra": extra}), half=stored_half)
    typer.echo(report)
    typer.echo(judge.to_json())


if __name__ == "__main__":
    typer.run(main)
