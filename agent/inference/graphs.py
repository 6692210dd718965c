"""Graphs without weights, and sessions that join the two.

The graphs of brains of our own sizes come with the package. Those of other sizes are made once, in
a process of its own since that takes onnx, and kept in the user's cache.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.checkpoint import CheckpointError, check_shapes
from agent.network import BrainConfig

GRAPHS = Path(__file__).parent / "graphs"
"""Graphs that come with the package."""
SENSES = ("color", "lit", "sign", "sound")
"""The perception heads, a graph each."""
_ERRORS_ONLY = 3


def brain_graph(config: BrainConfig) -> Path:
    """The graph of a brain of these sizes.

    Raises:
        CheckpointError: there is none and none can be made or kept here.
    """
    name = graph_name(config)
    if (GRAPHS / name).is_file():
        return GRAPHS / name
    path = _cache_folder() / name
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".probe").touch()
            path.with_suffix(".probe").unlink(missing_ok=True)
        except OSError as error:
            raise CheckpointError(
                f"The graph of a brain of these sizes cannot be kept in {path.parent} "
                f"({error.strerror}): set XDG_CACHE_HOME to a folder that can be written."
            ) from None
        _export(config, path)
    return path


def graph_name(config: BrainConfig) -> str:
    """File name of a brain's graph: every size is in it."""
    return "brain-" + "-".join(str(size) for size in config.model_dump().values()) + ".onnx"


def open_session(
    graph: Path,
    tensors: Mapping[str, NDArray],
    prefix: str,
    checkpoint: Path,
) -> onnxruntime.InferenceSession:
    """A graph with its weights.

    Args:
        graph: made by `agent.inference.export`.
        tensors: of a checkpoint.
        prefix: of those that belong to this graph.
        checkpoint: where they are from, for messages.

    Raises:
        CheckpointError: the tensors do not fit the graph, or it is damaged.
    """
    try:
        wanted = json.loads(graph.with_suffix(".json").read_text(encoding="utf-8"))
        shapes = {name: tuple(shape) for name, shape in wanted.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        raise CheckpointError(_damaged(graph)) from None
    own = check_shapes(tensors, shapes, prefix, checkpoint)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    values = [
        onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array, np.float32))
        for array in own.values()
    ]
    options.add_external_initializers(list(own), values)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors have no class in common
        raise CheckpointError(_damaged(graph)) from error


def _damaged(graph: Path) -> str:
    return (
        f"The graph {graph} cannot be used: delete it, and it is made anew; where it came with "
        "heedful, install heedful again."
    )


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "heedful" / "graphs"


def _export(config: BrainConfig, path: Path) -> None:
    command = [sys.executable, "-m", "agent.inference.export", config.model_dump_json(), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CheckpointError(
            f"There is no graph for a brain of these sizes ({config}) and none can be made here "
            f"({last}): serve a brain of the shipped sizes, or install onnx."
        )
