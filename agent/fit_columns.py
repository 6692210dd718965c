"""Brains outlive the columns that they learned on: weights are fitted to columns by their names.

A checkpoint names the features that its weights are for. What this package has beyond them gets
weights of zero, so that the brain decides as it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.feature_columns import BODY_FEATURES, NODE_FEATURES

_FIRST_NODE = """
    placed right ahead distance sin_bearing cos_bearing way_sin way_cos way_distance way_length
    reachable behind_door open_me visible age visited unseen here inset within_reach examined
    color_decided color_fits class_fits named the_one rejected sound_error sound_fits sound_off
    goal_place answer topic person tell_topic tell_place told asked given asked_us question reply
    held last_intent frontier explore_next heard_sin heard_cos size_x size_y size_z height kind:5
    state:8 affordance:12 color:8
"""
_FIRST_BODY = """
    bumped holding holding_the_one in_a_place clock delay last_turn stuck escaping since_said
    answer_known must_tell question_open person_near one_in_reach sound_heard sound_sin
    sound_loudness records map_known put_down verb:5 valid:4 result:5 reason:12 presence:8 sin:8
"""


def _names(text: str) -> list[str]:
    """Names of columns; ``color:8`` stands for ``color_0`` to ``color_7``."""
    names: list[str] = []
    for word in text.split():
        name, _, count = word.partition(":")
        names += [f"{name}_{part}" for part in range(int(count))] if count else [name]
    return names


FIRST_COLUMNS: dict[str, list[str]] = {
    "node": _names(_FIRST_NODE),
    "body": _names(_FIRST_BODY),
}
"""Columns of checkpoints from before they were written into the header."""


def own_columns() -> dict[str, list[str]]:
    """Columns of this package, as headers name them."""
    return {"node": [*NODE_FEATURES], "body": [*BODY_FEATURES]}


def fit_columns(
    tensors: Mapping[str, NDArray], config: Mapping[str, Any], columns: Mapping[str, Sequence[str]]
) -> tuple[dict[str, NDArray], dict[str, Any]]:
    """Weights and sizes for this package's columns.

    Args:
        tensors: of a checkpoint, ``brain.*`` and ``senses.*``.
        config: the sizes of its brain.
        columns: the columns that they are for.

    Raises:
        ValueError: the checkpoint uses columns that this package does not have, or its sizes do not
            agree with its columns.
    """
    own = own_columns()
    if any(set(columns[part]) - set(own[part]) for part in own) or (
        (config.get("node_features"), config.get("body_features"))
        != (len(columns["node"]), len(columns["body"]))
    ):
        raise ValueError("other columns")
    if all(list(columns[part]) == own[part] for part in own):
        return dict(tensors), dict(config)
    places = {part: _places(columns[part], own[part]) for part in own}
    fitted = {
        name: _fit(name, tensor, int(config["width"]), places, {k: len(v) for k, v in own.items()})
        for name, tensor in tensors.items()
    }
    sizes = {"node_features": len(own["node"]), "body_features": len(own["body"])}
    return fitted, {**config, **sizes}


def _places(names: Sequence[str], own: Sequence[str]) -> NDArray:
    """Where each of the checkpoint's columns is among ours."""
    return np.array([own.index(name) for name in names], np.int64)


def _fit(
    name: str, tensor: NDArray, width: int, places: Mapping[str, NDArray], sizes: Mapping[str, int]
) -> NDArray:
    """One tensor, with zeros for the inputs or outputs that it had not."""
    if name == "brain.tokens.node.0.weight":
        return _spread(tensor, [(places["node"], sizes["node"])])
    if name == "brain.tokens.body.weight":
        return _spread(tensor, [(places["body"], sizes["body"])])
    if name.startswith(("brain.heads.", "brain.outlook.")) and name.endswith(".0.weight"):
        same = (np.arange(width), width)
        node, body = (places["node"], sizes["node"]), (places["body"], sizes["body"])
        blocks = [same, body, same, node]
        return _spread(tensor, [*blocks, same, node] if ".say." in name else blocks)
    return tensor


def _spread(weight: NDArray, blocks: Sequence[tuple[NDArray, int]]) -> NDArray:
    """Move columns of ``(n, old)`` to their places in ``(n, new)``, block by block."""
    wide = np.zeros((len(weight), sum(size for _, size in blocks)), weight.dtype)
    before = start = 0
    for places, size in blocks:
        wide[:, start + places] = weight[:, before : before + len(places)]
        before += len(places)
        start += size
    return wide
