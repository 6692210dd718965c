"""The brain and the senses, computed by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.inference.graphs import GRAPHS, SENSES, brain_graph, open_session
from agent.network import (
    BLOCKED,
    NODE_STEP,
    POINTERS,
    AttentionWeights,
    BrainConfig,
    BrainInput,
    BrainOutput,
    count_nodes,
    select_rows,
    token_labels,
    trim,
)
from agent.senses.percepts import Percepts
from agent.senses.senses import Array, perceive
from agent.weights_file import Weights
from envs.contract import BRANCHES

BRANCH_NAMES = tuple(name for name, _ in BRANCHES)
OUTPUTS = (*BRANCH_NAMES, "value", "competence")
"""What a brain's graph always gives, by name."""
ATTENTION_OUTPUTS = ("A_E", "A_D", "A_E_to_D", "A_D_to_E", "token_mask")
"""What it gives on request."""
FEW_ROWS = 12
"""With fewer rows a second thread costs more than it saves, where several worlds ask at once."""
MOST_THREADS = 2
"""Threads that a brain takes by itself: more cores are left to the worlds."""


@dataclass
class OnnxBrain:
    """`agent.network.Network` on ONNX Runtime."""

    config: BrainConfig
    session: onnxruntime.InferenceSession
    threads: int = 1
    """Rows are dealt over so many threads, which changes no bit of anybody's numbers."""
    _helpers: Executor | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.threads > 1:
            self._helpers = ThreadPoolExecutor(self.threads - 1, thread_name_prefix="brain")

    @staticmethod
    def load(weights: Weights, threads: int | None = None) -> OnnxBrain:
        """The brain of a checkpoint.

        Args:
            weights: of the checkpoint.
            threads: to deal rows over; None for two where there are two cores.

        Raises:
            CheckpointError: its weights do not fit.
        """
        graph = brain_graph(weights.config)
        session = open_session(graph, weights.tensors, "brain", weights.path)
        cores = min(os.cpu_count() or 1, MOST_THREADS)
        return OnnxBrain(weights.config, session, cores if threads is None else threads)

    def infer(self, inputs: BrainInput[NDArray], attention: bool = False) -> BrainOutput[NDArray]:
        """Decide, softly, on trimmed inputs."""
        if attention:
            values = self._run(inputs, (*OUTPUTS, *ATTENTION_OUTPUTS))
            labels = token_labels(inputs.node_mask.shape[1])
            matrices: dict[str, Any] = {name: values[name] for name in ATTENTION_OUTPUTS}
            record = AttentionWeights(**matrices, tokens=labels)
            return _output_of(values, record)
        rows = len(inputs.node_mask)
        if self._helpers is None or rows < FEW_ROWS:
            return _output_of(self._run(inputs, OUTPUTS))
        shares = _deal(count_nodes(inputs.node_mask), self.threads)
        parts = [trim(select_rows(inputs, share)) for share in shares]
        others = [self._helpers.submit(self._run, part, OUTPUTS) for part in parts[:-1]]
        largest = self._run(parts[-1], OUTPUTS)
        found = [
            # Where a game keeps the other cores busy, nobody has begun with this share yet.
            self._run(part, OUTPUTS) if other.cancel() else other.result()
            for part, other in zip(parts, others, strict=False)
        ]
        found.append(largest)
        return _output_of(_join(found, shares, inputs.node_mask.shape[1]))

    def _run(self, inputs: BrainInput[NDArray], wanted: Sequence[str]) -> dict[str, NDArray]:
        return dict(zip(wanted, self.session.run(wanted, vars(inputs)), strict=True))


def _deal(counts: NDArray[np.int64], threads: int) -> list[NDArray[np.intp]]:
    """Rows that know so many nodes, dealt into shares that take about as long.

    Rows that know about as much go together, since the one that knows most sets the size.
    """
    order = np.argsort(counts, kind="stable")
    tokens = -(-counts[order] // NODE_STEP) * NODE_STEP + len(token_labels(0))
    ends = np.cumsum(tokens)
    return np.split(order, np.searchsorted(ends, ends[-1] * np.arange(1, threads) / threads))


def _join(
    parts: Sequence[dict[str, NDArray]], shares: Sequence[NDArray], nodes: int
) -> dict[str, NDArray]:
    """Outputs of shares of the rows, in the rows' order; pointers over so many nodes."""
    rows = sum(len(share) for share in shares)
    joined = {}
    for name in OUTPUTS:
        shape = (nodes + 1,) if name in POINTERS else parts[0][name].shape[1:]
        joined[name] = np.full((rows, *shape), BLOCKED, np.float32)
        for part, share in zip(parts, shares, strict=True):
            values = part[name]
            if name in POINTERS:
                joined[name][share, : values.shape[1]] = values
            else:
                joined[name][share] = values
    return joined


def _output_of(
    values: dict[str, NDArray], record: AttentionWeights[NDArray] | None = None
) -> BrainOutput[NDArray]:
    logits = {name: values[name] for name in BRANCH_NAMES}
    return BrainOutput(logits, values["value"], values["competence"], record)


@dataclass
class OnnxSenses:
    """`agent.mind.Perception` on ONNX Runtime."""

    sessions: Mapping[str, onnxruntime.InferenceSession]
    """One per head, by name."""

    @staticmethod
    def load(weights: Weights) -> OnnxSenses:
        """The perception heads of a checkpoint.

        Raises:
            CheckpointError: its weights do not fit.
        """
        return OnnxSenses(
            {
                head: open_session(
                    GRAPHS / f"{head}.onnx", weights.tensors, f"senses.{head}", weights.path
                )
                for head in SENSES
            }
        )

    def perceive(self, observations: Mapping[str, NDArray]) -> Percepts:
        """Evidence of one observation (`agent.senses.senses.perceive`)."""
        return perceive(self, observations)

    def judge_color(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return self._run("color", crops)[0]

    def judge_lit(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return self._run("lit", crops)[0]

    def judge_sign(self, crops: Array) -> Array:
        """`agent.senses.senses.Heads`."""
        return self._run("sign", crops)[0]

    def judge_sound(self, spectrogram: Array) -> tuple[Array, Array, Array]:
        """`agent.senses.senses.Heads`."""
        presence, sine, loudness = self._run("sound", spectrogram)
        return presence, sine, loudness

    def _run(self, head: str, values: NDArray[np.float32]) -> list[Array]:
        return self.sessions[head].run(None, {"input": values})
