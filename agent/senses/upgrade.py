"""Weights of perception from before there were signs, lit things and more than eight sounds."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from agent.senses.percepts import SOUNDS
from agent.senses.senses import Senses

UNHEARD = -8.0
"""Presence logit of a sound that older weights do not know."""
_LAST = "senses.sound.layers.4"


def upgrade_senses(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors, with what older weights lack filled in so that it gives no evidence.

    Args:
        tensors: of a checkpoint; those below ``senses`` are looked at.

    Returns:
        Tensors that fit ``Senses``: the sounds that the weights know stay as they are, others are
        never heard, and signs and light are equally likely either way.
    """
    upgraded = dict(tensors)
    weight, bias = tensors.get(f"{_LAST}.weight"), tensors.get(f"{_LAST}.bias")
    if weight is not None and bias is not None and len(bias) < 3 * SOUNDS:
        known = len(bias) // 3
        parts, biases = [], []
        for output in range(3):  # presence, sine, loudness
            rows = slice(output * known, (output + 1) * known)
            parts.append(torch.cat((weight[rows], torch.zeros(SOUNDS - known, weight.shape[1]))))
            level = UNHEARD if output == 0 else 0.0
            biases.append(torch.cat((bias[rows], torch.full((SOUNDS - known,), level))))
        upgraded[f"{_LAST}.weight"], upgraded[f"{_LAST}.bias"] = torch.cat(parts), torch.cat(biases)
    if not any(name.startswith("senses.") for name in tensors):
        return upgraded
    with torch.random.fork_rng():
        torch.manual_seed(0)
        fresh = Senses().state_dict()
    for name, value in fresh.items():
        if name.startswith(("lit.", "sign.")):
            # Only the last layer is zero: the head says nothing, and yet can be taught from here.
            last = name.startswith(("lit.layers.4.", "sign.layers.4."))
            upgraded.setdefault(f"senses.{name}", torch.zeros_like(value) if last else value)
    return upgraded
