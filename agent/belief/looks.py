"""What looks say about things: colours, signs and light, as evidence that adds up over time."""

from __future__ import annotations

import math

from agent.belief.columns import COLORS, SIGNS, NodeColumn
from envs.contract import MAX_ENTITIES, SLOTS, EntityColumn
from envs.jit import njit

DECIDED = 0.9
"""A colour is decided when it has this share of the belief; so are signs and light."""
DECIDED_LOOKS = 2
"""... after at least so many looks."""
MAX_LOG_EVIDENCE = 12.0
"""Evidence against a colour saturates here, so that a mistake can be unlearned."""
FORGETTING = 0.98
"""Old looks count a little less than new ones."""
_LIGHTS = 2


@njit(cache=True, error_model="numpy")
def judge_looks(nodes, entities, colors, signs, lights, weight, camera_valid):  # type: ignore[no-untyped-def]
    """Add this look's evidence to the nodes that were looked at."""
    if camera_valid < 0.5:
        return
    for e in range(MAX_ENTITIES):
        slot = int(entities[e, EntityColumn.SLOT])
        if slot <= 0 or slot >= SLOTS:
            continue
        node = nodes[slot]
        if _speaks(colors[e]):
            distance = entities[e, EntityColumn.DISTANCE]
            node[NodeColumn.LOOKS] += 1.0
            node[NodeColumn.EXAMINED] = min(node[NodeColumn.EXAMINED], distance)
            decided = _add(node, NodeColumn.COLOR_LOG, COLORS, colors[e], weight)
            node[NodeColumn.COLOR_DECIDED] = decided
        if _speaks(signs[e]):
            decided = _add(node, NodeColumn.SIGN_LOG, SIGNS, signs[e], weight)
            node[NodeColumn.SIGN_DECIDED] = decided
        if _speaks(lights[e]):
            decided = _add(node, NodeColumn.LIT_LOG, _LIGHTS, lights[e], weight)
            node[NodeColumn.LIT_DECIDED] = decided


@njit(cache=True, error_model="numpy")
def _speaks(log_probs):  # type: ignore[no-untyped-def]
    """Whether a head has said anything about an entity."""
    spoken = 0.0
    for one in range(log_probs.shape[0]):
        spoken += abs(log_probs[one])
    return spoken > 0.0


@njit(cache=True, error_model="numpy")
def _add(node, first, count, log_probs, weight):  # type: ignore[no-untyped-def]
    """Add evidence to ``count`` columns from ``first``; 1.0 when one of them is decided, else 0."""
    largest = -1e9
    for one in range(count):
        kept = node[first + one] * FORGETTING
        node[first + one] = kept + weight * log_probs[one]
        largest = max(largest, node[first + one])
    total = 0.0
    for one in range(count):
        shifted = max(-MAX_LOG_EVIDENCE, node[first + one] - largest)
        node[first + one] = shifted
        total += math.exp(shifted)
    decided = 1.0 / total >= DECIDED and node[NodeColumn.LOOKS] >= DECIDED_LOOKS
    return 1.0 if decided else 0.0


@njit(cache=True, error_model="numpy")
def share(node, first, count, one):  # type: ignore[no-untyped-def]
    """Share of the belief, 0 to 1, that one of ``count`` columns of log evidence has."""
    total = 0.0
    for other in range(count):
        total += math.exp(node[first + other])
    return math.exp(node[first + one]) / total


@njit(cache=True, error_model="numpy")
def color_belief(node, color):  # type: ignore[no-untyped-def]
    """Share of the belief that a thing has this colour, 0 to 1."""
    return share(node, NodeColumn.COLOR_LOG, COLORS, color)


@njit(cache=True, error_model="numpy")
def sign_belief(node, sign):  # type: ignore[no-untyped-def]
    """Share of the belief that a thing has this sign, 0 to 1."""
    return share(node, NodeColumn.SIGN_LOG, SIGNS, sign)


@njit(cache=True, error_model="numpy")
def lit_belief(node):  # type: ignore[no-untyped-def]
    """Share of the belief that a thing is lit, 0 to 1."""
    return share(node, NodeColumn.LIT_LOG, _LIGHTS, 1)
