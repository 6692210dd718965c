"""The perception heads of `agent.senses.heads` as graphs for ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agent.inference.graph_writer import GraphWriter
from agent.senses.crops import CROP_SIZE
from agent.senses.logmel import FRAMES
from agent.senses.percepts import COLORS, LIT_NAMES, MEL_BANDS, SIGNS, SOUNDS
from agent.senses.signs import SIGN_SIZE
from agent.senses.upgrade import COLOR_WIDTH, LIT_WIDTH, SIGN_WIDTH, SOUND_WIDTH
from envs.contract import EARS


def write_color() -> GraphWriter:
    """Crops ``(n, CROP_SIZE)`` -> log-probabilities ``(n, COLORS)``."""
    return _write_crop_head("color", CROP_SIZE, COLOR_WIDTH, COLORS)


def write_lit() -> GraphWriter:
    """Crops ``(n, CROP_SIZE)`` -> log-probabilities ``(n, 2)``."""
    return _write_crop_head("lit", CROP_SIZE, LIT_WIDTH, len(LIT_NAMES))


def write_sign() -> GraphWriter:
    """Sign crops ``(n, SIGN_SIZE)`` -> log-probabilities ``(n, SIGNS)``."""
    return _write_crop_head("sign", SIGN_SIZE, SIGN_WIDTH, SIGNS)


def write_sound() -> GraphWriter:
    """Spectrograms -> presence logits, sines of bearings and loudnesses, ``(n, SOUNDS)`` each."""
    graph = GraphWriter("sound")
    heard = graph.input("input", np.dtype("f4"), ("rows", EARS, MEL_BANDS, FRAMES))
    size = EARS * MEL_BANDS * FRAMES
    flat = graph.op("Reshape", heard, graph.constant([-1, size]))
    judged = _layers(graph, flat, size, SOUND_WIDTH, 3 * SOUNDS)
    presence, sine, loudness = graph.ops("Split", 3, judged, axis=1)
    graph.output("presence", presence, ("rows", SOUNDS))
    graph.output("sine", graph.op("Tanh", sine), ("rows", SOUNDS))
    graph.output("loudness", graph.op("Sigmoid", loudness), ("rows", SOUNDS))
    return graph


HEADS: dict[str, Callable[[], GraphWriter]] = {
    "color": write_color,
    "lit": write_lit,
    "sign": write_sign,
    "sound": write_sound,
}
"""What writes the graph of each head."""


def _write_crop_head(name: str, size: int, width: int, classes: int) -> GraphWriter:
    graph = GraphWriter(name)
    crops = graph.input("input", np.dtype("f4"), ("rows", size))
    logits = _layers(graph, crops, size, width, classes)
    graph.output("log_probability", graph.op("LogSoftmax", logits, axis=-1), ("rows", classes))
    return graph


def _layers(graph: GraphWriter, values: str, size: int, width: int, results: int) -> str:
    """Three layers with ReLU between them."""
    for number, (inside, outside) in enumerate(((size, width), (width, width), (width, results))):
        if number:
            values = graph.op("Relu", values)
        values = graph.linear(f"layers.{2 * number}", values, inside, outside)
    return values
