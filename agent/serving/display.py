"""What a server shows of a mind on the ``mind`` channel: for display, nothing decides on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.belief.columns import NodeColumn
from agent.mind import Decision
from envs.contract import SLOTS, Kind

SHOWN = 8
"""So many things attended to, and so many beliefs, are shown at most."""
_BODIES = (int(Kind.OBJECT), int(Kind.NPC), int(Kind.TOPIC))
"""What can be somewhere."""


def show(decision: Decision, row: int) -> dict[str, Any]:
    """One NPC's part of the message.

    Args:
        decision: of all NPCs; attention and belief are shown when it has attention weights, which
            cost time: a server asks for them with ``--show-attention`` and when it records.
        row: which NPC.
    """
    competence = float(decision.competence[row])
    shown: dict[str, Any] = {
        "strategy": decision.strategy[row],
        "reason": decision.reason[row],
        "competence": round(competence, 3) if np.isfinite(competence) else None,
    }
    if decision.attention is not None and decision.view is not None:
        shown["attention"] = _attention(decision, row)
        shown["belief"] = _belief(decision, row)
    return shown


def _attention(decision: Decision, row: int) -> list[list[float]]:
    """[slot, weight] of the things attended to most: the share of all reading of the tokens."""
    assert decision.attention is not None and decision.view is not None
    features = decision.view.features
    weights = decision.attention.A_E_to_D[row].mean((0, 1))
    total = np.zeros(SLOTS)
    for token, weight in zip(decision.attention.tokens, weights, strict=True):
        kind, _, number = token.partition(" ")
        if kind == "node" and features.node_mask[row, int(number)]:
            total[int(features.node_slot[row, int(number)])] += weight
    total[0] = 0.0
    best = np.argsort(-total, kind="stable")[:SHOWN].tolist()
    return [[slot, round(float(total[slot]), 3)] for slot in best if total[slot] > 0.0]


def _belief(decision: Decision, row: int) -> list[list[float]]:
    """[slot, slot of the place, certainty] of what is where: seen, or else as others say."""
    assert decision.view is not None
    belief = decision.view.belief
    found = []
    for slot in range(1, SLOTS):
        node = belief.nodes[row, slot]
        if node[NodeColumn.KNOWN] < 0.5 or int(node[NodeColumn.KIND]) not in _BODIES:
            continue
        seen, told = int(node[NodeColumn.PLACE]), int(node[NodeColumn.TOLD_PLACE])
        if seen:
            found.append([slot, seen, 1.0])
        elif told:
            found.append([slot, told, round(float(node[NodeColumn.TOLD_CONFIDENCE]), 3)])
    found.sort(key=lambda each: -each[2])
    return found[:SHOWN]
