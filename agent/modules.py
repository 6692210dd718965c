"""Brain and senses as torch modules: to be taught, to be exported, or fresh."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from agent.brain import Brain
from agent.checkpoint import check_shapes
from agent.senses.heads import Senses
from agent.weights_file import new_config, read_weights


def fresh_modules(seed: int | None = None) -> tuple[Senses, Brain]:
    """Senses and brain that have learned nothing.

    Args:
        seed: of their weights; None for torch's own state of randomness.
    """
    if seed is None:
        return Senses(), Brain(new_config())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Senses(), Brain(new_config())


def load_modules(path: Path) -> tuple[Senses, Brain]:
    """Senses and brain of a checkpoint.

    Raises:
        CheckpointError: the file cannot be used; the message says what to do.
    """
    weights = read_weights(path)
    senses, brain = Senses(), Brain(weights.config)
    fill_module(senses, weights.tensors, "senses", path)
    fill_module(brain, weights.tensors, "brain", path)
    return senses, brain


def fill_module(module: nn.Module, tensors: Mapping[str, NDArray], prefix: str, path: Path) -> None:
    """Load the tensors ``prefix.*`` into a module, all of them and nothing else.

    Raises:
        CheckpointError: a tensor is missing, too many, or of another shape.
    """
    wanted = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    own = check_shapes(tensors, wanted, prefix, path)
    module.load_state_dict(
        {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in own.items()}
    )
