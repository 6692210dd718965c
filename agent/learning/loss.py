"""How far the brain is from the expert, and from knowing how well it will do."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

from agent.brain import Brain
from agent.learning.buffer import NO_LABEL, Lessons
from agent.network import POINTERS, BrainInput, BrainOutput
from envs.contract import BRANCHES, Act, Branch, Say

DISCOUNT = 0.99
WORST = 20.0
"""A single pointer's loss is cut off here: the expert may know better than the brain can."""
_WEIGHTS = {"look": 0.3}
_RARE = 2.0
"""Weight of the rare choices of hands and mouth."""
_OUTLOOK = 0.1


def drop_tokens(
    inputs: BrainInput[Tensor], share: float, generator: torch.Generator
) -> BrainInput[Tensor]:
    """Blank the picture of some samples and the sound of others."""
    rows = len(inputs.body)
    dark = torch.rand(rows, generator=generator) < share
    deaf = torch.rand(rows, generator=generator) < share
    camera, audio = inputs.camera.clone(), inputs.audio.clone()
    camera[dark], audio[deaf] = 0, 0.0
    return replace(inputs, camera=camera, audio=audio)


def imitation_loss(brain: Brain, lessons: Lessons) -> tuple[Tensor, dict[str, float]]:
    """Cross-entropy to the expert on every branch, and the outlook.

    Returns:
        The mean loss, and measures: share of equal choices per branch, Brier score.
    """
    output = brain(lessons.inputs)
    loss, measures = _branches(output, lessons)
    known = ~lessons.success.isnan()
    if bool(known.any()):
        success = lessons.success[known]
        hope = binary_cross_entropy_with_logits(output.competence[known], success)
        gain = success * DISCOUNT ** lessons.remaining[known]
        loss = loss + _OUTLOOK * (hope + mse_loss(output.value[known], gain))
        with torch.no_grad():
            error = torch.sigmoid(output.competence[known]) - success
            measures["brier"] = float((error**2).mean())
    measures["loss"] = float(loss.detach())
    return loss, measures


def _branches(output: BrainOutput[Tensor], lessons: Lessons) -> tuple[Tensor, dict[str, float]]:
    total = torch.zeros(())
    measures: dict[str, float] = {}
    speaking = lessons.actions[:, Branch.SAY] != Say.NONE
    for column, (name, _) in enumerate(BRANCHES):
        logits, label = output.logits[name], lessons.actions[:, column]
        counted = label != NO_LABEL
        if name in ("about", "where"):
            counted = counted & speaking
        each = cross_entropy(logits, label.clamp(min=0), _rare(name), reduction="none")
        if name in POINTERS:
            each = each.clamp(max=WORST)
        total = total + _WEIGHTS.get(name, 1.0) * (each * counted).mean()
        with torch.no_grad():
            right = ((logits.argmax(-1) == label) & counted).sum() / counted.sum().clamp(min=1)
            measures[name] = float(right)
    return total, measures


def _rare(name: str) -> Tensor | None:
    """Weights of the choices of a branch; what is rarely done counts more."""
    if name not in ("act", "say"):
        return None
    weights = torch.full((len(Act) if name == "act" else len(Say),), _RARE)
    weights[0] = 1.0
    return weights
