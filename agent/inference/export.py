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

from agent.brain import Brain
from agent.inference.graphs import GRAPHS, SENSES, graph_name
from agent.inference.networks import ATTENTION_OUTPUTS, BRANCH_NAMES, OUTPUTS
from agent.network import GOAL_WORDS, UTTERANCE_SIZE, UTTERANCES, BrainConfig, BrainInput
from agent.senses.crops import CROP_SIZE
from agent.senses.heads import Senses
from agent.senses.logmel import FRAMES
from agent.senses.percepts import AUDIO_SUMMARY, MEL_BANDS
from agent.senses.signs import SIGN_SIZE
from agent.weights_file import new_config
from envs.contract import EARS

OPSET = 17
_ROWS, _NODES = 3, 16
"""Sizes while a graph is traced; both are free in it."""


class _BrainOutputs(nn.Module):
    """A brain with its inputs and outputs in a row, as graphs have them."""

    def __init__(self, brain: Brain) -> None:
        super().__init__()
        self.brain = brain

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        output = self.brain(BrainInput(*inputs), record_attention=True)
        record = output.attention
        assert record is not None
        matrices = (getattr(record, name) for name in ATTENTION_OUTPUTS)
        logits = (output.logits[name] for name in BRANCH_NAMES)
        return (*logits, output.value, output.competence, *matrices)


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
    inputs = _example_inputs(config)
    free = {
        name: {0: "rows", 1: "nodes"} | ({2: "nodes"} if name == "relation" else {})
        if name in ("node_features", "node_words", "node_mask", "relation")
        else {0: "rows"}
        for name in vars(inputs)
    }
    outputs = (*OUTPUTS, *ATTENTION_OUTPUTS)
    free |= {name: {0: "rows"} for name in outputs}
    for name in ("target", "about", "where"):
        free[name][1] = "choices"
    free |= {
        "A_E": {0: "rows", 2: "tokens", 3: "tokens"},
        "A_E_to_D": {0: "rows", 3: "tokens"},
        "A_D_to_E": {0: "rows", 2: "tokens"},
        "token_mask": {0: "rows", 1: "tokens"},
    }
    module = _BrainOutputs(Brain(config).eval())
    _write(module, tuple(vars(inputs).values()), [*vars(inputs)], outputs, free, "brain.", path)


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


def _example_inputs(config: BrainConfig) -> BrainInput[Tensor]:
    rows, nodes = _ROWS, _NODES
    return BrainInput(
        node_features=torch.zeros(rows, nodes, config.node_features),
        node_words=torch.zeros(rows, nodes, config.node_words, dtype=torch.int64),
        node_mask=torch.ones(rows, nodes, dtype=torch.bool),
        relation=torch.zeros(rows, nodes, nodes, dtype=torch.uint8),
        goal=torch.zeros(rows, GOAL_WORDS, dtype=torch.int64),
        utterances=torch.zeros(rows, UTTERANCES, UTTERANCE_SIZE),
        body=torch.zeros(rows, config.body_features),
        audio=torch.zeros(rows, EARS, AUDIO_SUMMARY),
        camera=torch.zeros(rows, 3, 32, 32, dtype=torch.uint8),
    )


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
