"""Writes an ONNX graph operation by operation, with weights that come later from a checkpoint."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
_IR_VERSION = 8
_ELSEWHERE = "weights"


class GraphWriter:
    """Collects the operations of a graph; every value is known by its name.

    Args:
        title: name of the graph.
    """

    def __init__(self, title: str) -> None:
        self.shapes: dict[str, list[int]] = {}
        """Weights that the graph wants, by their names in a checkpoint."""
        self._title = title
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._renamed: dict[str, str] = {}
        self._scope = ""

    def scope(self, name: str) -> None:
        """What follows belongs to this part: it shows in profiles."""
        self._scope = name

    def input(self, name: str, kind: np.dtype, shape: Sequence[int | str]) -> str:
        """A value that comes from outside; sizes that are names are free."""
        element = helper.np_dtype_to_tensor_dtype(kind)
        self._inputs.append(helper.make_tensor_value_info(name, element, shape))
        return name

    def output(self, name: str, value: str, shape: Sequence[int | str], kind: Any = "f4") -> None:
        """Give a value out, which is called so from here on."""
        self._renamed[value] = name
        element = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
        self._outputs.append(helper.make_tensor_value_info(name, element, shape))

    def weight(self, name: str, *shape: int) -> str:
        """A learned float32 tensor, kept in the checkpoint."""
        if name not in self.shapes:
            self.shapes[name] = list(shape)
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value=_ELSEWHERE)
            self._initializers.append(tensor)
        return name

    def constant(self, values: NDArray | Sequence[int] | float) -> str:
        """A value that never changes; integers are int64, other numbers float32."""
        array = np.asarray(values)
        array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32)
        name = f"constant_{len(self._initializers)}"
        self._initializers.append(numpy_helper.from_array(array, name))
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """One operation with one result."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, results: int, *inputs: str, **attributes: Any) -> list[str]:
        """One operation with several results."""
        name = f"{self._scope}/{kind}_{len(self._nodes)}"
        outputs = [f"{name}:{number}" for number in range(results)]
        self._nodes.append(helper.make_node(kind, inputs, outputs, name=name, **attributes))
        return outputs

    def linear(self, name: str, values: str, size: int, results: int, scale: float = 1.0) -> str:
        """``scale * (x W^T + b)`` of ``(n, size)``."""
        weight = self.weight(f"{name}.weight", results, size)
        bias = self.weight(f"{name}.bias", results)
        return self.op("Gemm", values, weight, bias, transB=1, alpha=scale, beta=scale)

    def model(self) -> onnx.ModelProto:
        """The graph."""
        for node in self._nodes:
            for names in (node.input, node.output):
                for place, name in enumerate(names):
                    names[place] = self._renamed.get(name, name)
        graph = helper.make_graph(
            self._nodes, self._title, self._inputs, self._outputs, self._initializers
        )
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)

    def keep(self, path: Path) -> None:
        """Write the graph, and beside it a JSON file with the shapes of the weights it wants.

        Nobody ever reads half of a file.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, content in (
            (path.with_suffix(".json"), json.dumps(self.shapes, indent=1).encode() + b"\n"),
            (path, self.model().SerializeToString(deterministic=True)),
        ):
            fresh = target.with_name(f".{target.name}.{os.getpid()}")
            fresh.write_bytes(content)
            fresh.replace(target)
