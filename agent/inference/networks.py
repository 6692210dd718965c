"""The brain and the senses, computed by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.inference.graphs import GRAPHS, SENSES, brain_graph, open_session
from agent.network import (
    AttentionWeights,
    BrainConfig,
    BrainInput,
    BrainOutput,
    token_labels,
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


@dataclass
class OnnxBrain:
    """`agent.network.Network` on ONNX Runtime."""

    config: BrainConfig
    session: onnxruntime.InferenceSession

    @staticmethod
    def load(weights: Weights, threads: int = 1) -> OnnxBrain:
        """The brain of a checkpoint.

        Raises:
            CheckpointError: its weights do not fit.
        """
        graph = brain_graph(weights.config)
        session = open_session(graph, weights.tensors, "brain", weights.path, threads)
        return OnnxBrain(weights.config, session)

    def infer(self, inputs: BrainInput[NDArray], attention: bool = False) -> BrainOutput[NDArray]:
        """Decide, softly, on trimmed inputs."""
        wanted = [*OUTPUTS, *ATTENTION_OUTPUTS] if attention else [*OUTPUTS]
        values = dict(zip(wanted, self.session.run(wanted, vars(inputs)), strict=True))
        record = None
        if attention:
            labels = token_labels(inputs.node_mask.shape[1])
            record = AttentionWeights(
                **{name: values[name] for name in ATTENTION_OUTPUTS}, tokens=labels
            )
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
