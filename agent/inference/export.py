"""Writes the graphs: ``python -m agent.inference.export`` for those that come with the package.

``python -m agent.inference.export CONFIG FILE`` writes the graph of a brain of other sizes. Beside
each graph lies a JSON file with the names and shapes of the weights that it wants.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnx.external_data_helper import set_external_data
from torch import Tensor, nn

from agent.inference.brain_graph import write_brain
from agent.inference.graph_writer import OPSET
from agent.inference.graphs import GRAPHS, SENSES, graph_name
from agent.network import BrainConfig
from agent.senses.crops import CROP_SIZE
from agent.senses.heads import Senses
from agent.senses.logmel import FRAMES
from agent.senses.percepts import MEL_BANDS
from agent.senses.signs import SIGN_SIZE
from agent.weights_file import new_config
from envs.contract import EARS

_ROWS = 3
"""Rows while a head is traced; their number is free in the graph."""


class _HeadOutputs(nn.Module):
    """A perception head with what follows it."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, values: Tensor) -> Tensor | tuple[Tensor, ...]:
        output = self.head(values)
        return output.log_softmax(-1) if isinstance(output, Tensor) else output


def export_brain(config: BrainConfig, path: Path) -> None:
    """Write the graph of a brain of these sizes."""
    graph = write_brain(config)
    _keep(path, graph.model(), graph.shapes)


def export_senses(folder: Path) -> None:
    """Write the graphs of the perception heads."""
    senses = Senses().eval()
    crops = torch.zeros(_ROWS, CROP_SIZE)
    examples = {
        "color": crops,
        "lit": crops,
        "sign": torch.zeros(_ROWS, SIGN_SIZE),
        "sound": torch.zeros(_ROWS, EARS, MEL_BANDS, FRAMES),
    }
    for head in SENSES:
        outputs = ("presence", "sine", "loudness") if head == "sound" else ("log_probability",)
        free = {name: {0: "rows"} for name in ("input", *outputs)}
        module = _HeadOutputs(getattr(senses, head))
        path = folder / f"{head}.onnx"
        _write(module, (examples[head],), ["input"], outputs, free, "head.", path)


def _write(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    input_names: Sequence[str],
    output_names: Sequence[str],
    free: dict[str, dict[int, str]],
    prefix: str,
    path: Path,
) -> None:
    """Trace a module and write its graph with the weights taken out."""
    for parameter in module.parameters():  # the exporter would make equal tensors one
        nn.init.normal_(parameter)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is what keeps the weights' names
        traced = Path(folder) / path.name
        torch.onnx.export(
            module, inputs, traced, input_names=[*input_names], output_names=[*output_names],
            dynamic_axes=free, opset_version=OPSET, dynamo=False, do_constant_folding=False,
        )  # fmt: skip
        model = onnx.load(traced)
    shapes = _take_out_weights(model, dict(module.named_parameters()), prefix)
    _keep(path, model, shapes)


def _keep(path: Path, model: onnx.ModelProto, shapes: dict[str, list[int]]) -> None:
    """Write a graph and what weights it wants; nobody ever reads half of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, content in (
        (path.with_suffix(".json"), json.dumps(shapes, indent=1).encode() + b"\n"),
        (path, model.SerializeToString(deterministic=True)),
    ):
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(target)


def _take_out_weights(
    model: onnx.ModelProto, parameters: dict[str, nn.Parameter], prefix: str
) -> dict[str, list[int]]:
    """Mark the weights as being elsewhere; returns their names and shapes."""
    renamed = {name: name.removeprefix(prefix) for name in parameters}
    shapes: dict[str, list[int]] = {}
    for initializer in model.graph.initializer:
        if initializer.name not in renamed:
            continue
        initializer.name = renamed[initializer.name]
        shapes[initializer.name] = list(initializer.dims)
        set_external_data(initializer, location="weights")
        initializer.ClearField("raw_data")
    for node in model.graph.node:
        for at, name in enumerate(node.input):
            node.input[at] = renamed.get(name, name)
        node.doc_string = ""
    missing = renamed.values() - shapes.keys()
    if missing:
        raise RuntimeError(f"the exporter renamed {sorted(missing)[0]}")
    return shapes


def main() -> None:
    """Write the graphs that come with the package, or one of other sizes."""
    if len(sys.argv) == 3:
        export_brain(BrainConfig.model_validate_json(sys.argv[1]), Path(sys.argv[2]))
        return
    export_brain(new_config(), GRAPHS / graph_name(new_config()))
    export_senses(GRAPHS)
    print(f"Graphs written to {GRAPHS}.")


if __name__ == "__main__":
    main()
