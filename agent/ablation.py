"""Leaving a sense out: replaced by its defined blank at the edge of the mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import UNREACHABLE, RouteColumn
from agent.belief.features import Features, NodeFeature
from agent.belief.planner import Plan
from envs.contract import SelfColumn

SENSES = ("camera", "audio", "dialogue")
PARTS = (*SENSES, "graph", "metacognition")
"""What can be left out."""

_BLANKED = {
    "camera": (("camera",), SelfColumn.CAMERA_VALID),
    "audio": (("audio",), SelfColumn.AUDIO_VALID),
    "dialogue": (("dialogue", "dialogue_mask"), SelfColumn.DIALOGUE_VALID),
}

_REMEMBERED = (
    NodeFeature.WAY_SIN, NodeFeature.WAY_COS, NodeFeature.WAY_DISTANCE, NodeFeature.REACHABLE,
    NodeFeature.BEHIND_DOOR, NodeFeature.VISITED, NodeFeature.UNSEEN, NodeFeature.REJECTED,
    NodeFeature.SOUND_FITS, NodeFeature.SOUND_OFF, NodeFeature.ANSWER, NodeFeature.TELL_PLACE,
    NodeFeature.TOLD, NodeFeature.ASKED, NodeFeature.GIVEN, NodeFeature.QUESTION,
    NodeFeature.REPLY, NodeFeature.LAST_INTENT, NodeFeature.FRONTIER, NodeFeature.EXPLORE_NEXT,
    NodeFeature.HEARD_SIN, NodeFeature.HEARD_COS,
)  # fmt: skip
"""Node features that only a memory, or a route planned on it, can give; 0 says nothing."""
_FAR = (NodeFeature.WAY_LENGTH, NodeFeature.AGE, NodeFeature.SOUND_ERROR)
"""Those that say nothing by being large."""


def check_parts(without: Iterable[str]) -> tuple[str, ...]:
    """The parts to leave out, in a fixed order.

    Raises:
        ValueError: one of them does not exist.
    """
    wanted = set(without)
    unknown = wanted - set(PARTS)
    if unknown:
        raise ValueError(
            f"Nothing called {sorted(unknown)[0]!r} can be left out: "
            f"choose from {', '.join(PARTS)}."
        )
    return tuple(part for part in PARTS if part in wanted)


def blank_senses(
    observations: Mapping[str, NDArray],
    senses: Iterable[str],
    rows: NDArray[np.bool_] | None = None,
) -> dict[str, NDArray]:
    """Observations with some senses blank: black, silent, nothing said; and marked as not valid.

    Args:
        observations: contract arrays of R rows; they are left as they were.
        senses: which senses.
        rows: ``(R,)`` True where to blank, everywhere by default.
    """
    blanked = dict(observations)
    chosen = slice(None) if rows is None else rows
    for sense in senses:
        names, valid = _BLANKED[sense]
        for name in names:
            if name in blanked:
                blanked[name] = blanked[name].copy()
                blanked[name][chosen] = 0
        blanked["self"] = blanked["self"].copy()
        blanked["self"][chosen, valid] = 0.0
    return blanked


def blank_graph(features: Features, plan: Plan) -> tuple[Features, Plan]:
    """Features and plan of a mind without a graph: what is in sight, the place around, no routes.

    Args:
        features: of R beliefs; they are left as they were.
        plan: of the same beliefs; it is left as it was.
    """
    nodes = features.node_features.copy()
    present = (nodes[..., NodeFeature.VISIBLE] > 0) | (nodes[..., NodeFeature.INSET] > 0)
    nodes[..., list(_REMEMBERED)] = 0.0
    nodes[..., list(_FAR)] = 1.0
    mask = features.node_mask & present
    nodes[~mask] = 0.0
    routes = np.zeros_like(plan.routes)
    routes[..., RouteColumn.LENGTH] = UNREACHABLE
    blanked = Features(
        node_slot=np.where(mask, features.node_slot, 0).astype(np.int32),
        node_mask=mask,
        node_features=nodes,
        node_words=np.where(mask[..., None], features.node_words, 0).astype(np.int32),
        body=features.body,
    )
    return blanked, Plan(routes, plan.free)
