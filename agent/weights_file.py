"""The weights of a checkpoint, made to fit this package: what torch and ONNX Runtime both load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from agent.belief.features import BODY_FEATURE_SIZE, NODE_FEATURE_SIZE
from agent.checkpoint import CheckpointError, load_checkpoint
from agent.fit_columns import fit_columns
from agent.network import BrainConfig
from agent.relations import Related
from agent.senses.upgrade import upgrade_senses


@dataclass(frozen=True)
class Weights:
    """What a checkpoint holds."""

    path: Path
    config: BrainConfig
    tensors: dict[str, NDArray]
    """``brain.*`` and ``senses.*``, float32."""
    extra: dict[str, Any]
    """Anything else that its header says, such as the calibrated judge."""


def new_config() -> BrainConfig:
    """Sizes of a brain that fits the belief's features."""
    return BrainConfig(
        node_features=NODE_FEATURE_SIZE, body_features=BODY_FEATURE_SIZE, relations=len(Related)
    )


def read_weights(path: Path) -> Weights:
    """Read a checkpoint and fit it to this package's features and senses.

    Raises:
        CheckpointError: the file cannot be used; the message says what to do.
    """
    tensors, header = load_checkpoint(path)
    try:
        sizes = BrainConfig.model_validate(header.config).model_dump()
    except ValueError as error:
        raise CheckpointError(
            f"{path} says nothing usable about its brain: train again with `heedful train`."
        ) from error
    try:
        tensors, sizes = fit_columns(tensors, sizes, header.columns)
    except (KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path} was trained on other features of the belief than this package has: "
            "train again with `heedful train`, or install the heedful that made it."
        ) from error
    config = BrainConfig.model_validate(sizes)
    return Weights(path, config, upgrade_senses(tensors), header.extra)
