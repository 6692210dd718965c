"""Checkpoints: safetensors with a JSON header, written whole or not at all, never pickled.

Whatever can be wrong with a file on disk is told in one sentence with the cure (`CheckpointError`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from agent.fit_columns import FIRST_COLUMNS, own_columns
from envs.contract import contract_hash

SCHEMA_VERSION = 1
FORMAT = "heedful"
WEIGHTS = Path(__file__).parent / "weights"
"""Brains that come with the package."""
SHIPPED = WEIGHTS / "families.safetensors"
"""The one that is used when none is named."""

_PICKLED = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin")


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message is one sentence with the cure."""


class CheckpointHeader(BaseModel):
    """What a checkpoint says about itself."""

    model_config = ConfigDict(extra="ignore")

    format: str = FORMAT
    schema_version: int = SCHEMA_VERSION
    contract: str = Field(default_factory=contract_hash)
    """Hash of the contract that it was made for."""
    step: int = 0
    """Samples that it has learned from."""
    config: dict[str, Any] = {}
    """Sizes of the brain."""
    columns: dict[str, list[str]] = Field(default_factory=own_columns)
    """Names of the features of nodes and of the body that the brain's weights are for."""
    extra: dict[str, Any] = {}
    """Anything else, such as the recipe or the calibration of the judge."""


def save_checkpoint(
    path: str | Path, tensors: Mapping[str, ArrayLike], header: CheckpointHeader, half: bool = False
) -> None:
    """Write a checkpoint beside its place and move it there, so that no half file is ever seen.

    Args:
        path: where to, ending in ``.safetensors``.
        tensors: what to write, arrays or tensors without gradients.
        header: what it is.
        half: store float32 as float16, at half the size.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, tensor in tensors.items():
        array = np.asarray(tensor)
        stored = np.float16 if half and array.dtype == np.float32 else array.dtype
        written[name] = np.array(array, stored, order="C")
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        save_file(written, fresh, metadata={FORMAT: header.model_dump_json()})
        fresh.chmod(0o644)
        with open(fresh, "rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def load_checkpoint(path: str | Path) -> tuple[dict[str, NDArray], CheckpointHeader]:
    """Read and check a checkpoint; float16 comes back as float32.

    Raises:
        CheckpointError: whatever is wrong with it.
    """
    path = Path(path)
    if path.suffix.lower() in _PICKLED:
        raise CheckpointError(
            f"{path} is a pickle, which may run code when it is read, and is refused: "
            "save its state_dict with safetensors.torch.save_file and give that file."
        )
    if not path.is_file():
        raise CheckpointError(
            f"There is no checkpoint at {path}: give the path of a .safetensors file that "
            "`heedful train` wrote, or none for the shipped brain."
        )
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(
            f"{path} is damaged or no safetensors file ({error}): copy it again, or train anew "
            "with `heedful train`."
        ) from error
    header = _read_header(path, metadata)
    for name, tensor in tensors.items():
        if tensor.dtype == np.float16:
            tensors[name] = tensor.astype(np.float32)
        if tensor.dtype.kind == "f" and not np.isfinite(tensors[name]).all():
            raise CheckpointError(
                f"{path} holds numbers that are not finite in {name}: use an older checkpoint."
            )
    return tensors, header


def _read_header(path: Path, metadata: Mapping[str, str]) -> CheckpointHeader:
    """The header of a checkpoint that this package can use."""
    if FORMAT not in metadata:
        raise CheckpointError(
            f"{path} is a safetensors file of another program: give one that `heedful train` wrote."
        )
    try:
        written = json.loads(metadata[FORMAT])
        header = CheckpointHeader.model_validate({"columns": FIRST_COLUMNS, **written})
    except (ValidationError, TypeError, json.JSONDecodeError) as error:
        raise CheckpointError(
            f"{path} has a header that cannot be read: copy it again, or train anew with "
            "`heedful train`."
        ) from error
    if header.schema_version < SCHEMA_VERSION:
        raise CheckpointError(
            f"{path} is of checkpoint version {header.schema_version} and this package reads "
            f"version {SCHEMA_VERSION}: train again with `heedful train`."
        )
    if header.schema_version > SCHEMA_VERSION:
        raise CheckpointError(
            f"{path} is of checkpoint version {header.schema_version} and this package reads "
            f"version {SCHEMA_VERSION}: update heedful."
        )
    if header.contract != contract_hash():
        raise CheckpointError(
            f"{path} was made for contract {header.contract} and this package speaks "
            f"{contract_hash()}: train again with `heedful train`, or install the heedful that "
            "made it."
        )
    return header


def check_shapes(
    tensors: Mapping[str, NDArray], wanted: Mapping[str, tuple[int, ...]], prefix: str, path: Path
) -> dict[str, NDArray]:
    """The tensors ``prefix.*`` without the prefix: all that are wanted and nothing else.

    Raises:
        CheckpointError: a tensor is missing, too many, or of another shape.
    """
    own = {
        name.removeprefix(prefix + "."): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix + ".")
    }
    found = {name: tensor.shape for name, tensor in own.items()}
    if wanted != found:
        differing = sorted(
            name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
        )
        raise CheckpointError(
            f"{path} does not fit this package: {prefix}.{differing[0]} is missing or of another "
            "shape; train again with `heedful train`, or install the heedful that made it."
        )
    return own
