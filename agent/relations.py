"""Which nodes of the graph have to do with each other: what biases their attention."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import MAX_DOORWAYS, DoorwayColumn, NodeColumn
from agent.belief.features import Features
from agent.belief.state import BeliefState
from envs.contract import SLOTS, Kind
from envs.jit import njit


class Related(IntEnum):
    """Relation of one node to another; both directions are told apart."""

    NONE = 0
    SAME_PLACE = 1
    IN = 2
    CONTAINS = 3
    JOINS = 4
    """A door joins a place, or a place has this door."""
    SAID_IN = 5
    """Testimony says that it is in this place."""
    ADJOINS = 6
    """Two places with a doorway between them."""


_PLACE = int(Kind.PLACE)
_SAME_PLACE, _IN, _CONTAINS = int(Related.SAME_PLACE), int(Related.IN), int(Related.CONTAINS)
_JOINS, _SAID_IN, _ADJOINS = int(Related.JOINS), int(Related.SAID_IN), int(Related.ADJOINS)


def relate(belief: BeliefState, features: Features) -> NDArray[np.uint8]:
    """Relations ``(R, K, K)`` between the nodes of the features."""
    rows, count = features.node_slot.shape
    related = np.zeros((rows, count, count), np.uint8)
    _relate_rows(belief.nodes, belief.doorways, features.node_slot, features.node_mask, related)
    return related


@njit(cache=True, error_model="numpy", nogil=True)
def _relate_rows(nodes, doorways, node_slot, node_mask, related):  # type: ignore[no-untyped-def]
    at = np.empty(SLOTS, np.int64)
    for row in range(node_slot.shape[0]):
        at[:] = -1
        count = 0
        for k in range(node_slot.shape[1]):
            if node_mask[row, k]:
                at[node_slot[row, k]] = k
                count = k + 1
        for k in range(count):
            node = nodes[row, node_slot[row, k]]
            told = at[int(node[NodeColumn.TOLD_PLACE])]
            if told >= 0:
                related[row, k, told] = _SAID_IN
            if int(node[NodeColumn.KIND]) == _PLACE:
                continue
            place = int(node[NodeColumn.PLACE])
            if place <= 0:
                continue
            if at[place] >= 0:
                related[row, k, at[place]] = _IN
                related[row, at[place], k] = _CONTAINS
            for other in range(count):
                thing = nodes[row, node_slot[row, other]]
                if (other != k and int(thing[NodeColumn.PLACE]) == place
                        and int(thing[NodeColumn.KIND]) != _PLACE):  # fmt: skip
                    related[row, k, other] = _SAME_PLACE
        for d in range(MAX_DOORWAYS):
            doorway = doorways[row, d]
            if doorway[DoorwayColumn.USED] < 0.5:
                continue
            first = at[int(doorway[DoorwayColumn.PLACE_A])]
            second = at[int(doorway[DoorwayColumn.PLACE_B])]
            door = at[int(doorway[DoorwayColumn.DOOR])]
            if first >= 0 and second >= 0:
                related[row, first, second] = _ADJOINS
                related[row, second, first] = _ADJOINS
            for place in (first, second):
                if place >= 0 and door >= 0:
                    related[row, place, door] = _JOINS
                    related[row, door, place] = _JOINS
