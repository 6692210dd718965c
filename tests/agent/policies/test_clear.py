"""Doorways are kept clear of what is put down, and mates do not wait for each other for ever."""

import numpy as np
import pytest

from agent.belief.choices import doorway_ahead, waits_for_mate
from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.state import make_state
from envs.contract import Kind

DOOR = 5


@pytest.fixture
def belief():
    state = make_state(1)
    node = state.nodes[0, DOOR]
    node[NodeColumn.KNOWN] = node[NodeColumn.PLACED] = 1.0
    node[NodeColumn.KIND], node[NodeColumn.Z] = Kind.DOOR, 1.2
    return state


def test_what_would_stand_in_a_doorway_is_noticed(belief):
    assert doorway_ahead(belief.nodes[0], belief.body[0]) == DOOR  # it faces the door
    belief.body[0, BodyColumn.YAW] = np.pi
    assert doorway_ahead(belief.nodes[0], belief.body[0]) == 0


def test_nobody_waits_for_ever():
    waiting = [waits_for_mate(decision / 10) for decision in range(100)]
    assert 0.4 < np.mean(waiting) < 0.8
