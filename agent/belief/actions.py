"""What an NPC remembers of its own actions: said, asked, told, put down, turned and moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import SENT_ACTIONS, BodyColumn, NodeColumn
from agent.belief.goal_columns import GoalField
from agent.belief.state import BeliefState
from envs.contract import TURN_DEGREES, Act, Branch, Say
from envs.jit import njit

SURE_RANGE = 5.0
"""Somebody in sight has certainly heard what was said from this near, metres."""
SURE_AFTER_QUESTION = 1.0
"""Whoever asked us within so many seconds is within earshot."""
_TURN_SIDES = tuple(float(np.sign(degrees)) for degrees in TURN_DEGREES)
_ASK, _TELL, _SAY_NONE = int(Say.ASK), int(Say.TELL), int(Say.NONE)
_OPEN, _PUT, _DROP, _GIVE = int(Act.OPEN), int(Act.PUT), int(Act.DROP), int(Act.GIVE)
_REPORT, _NO_ACT = int(Say.REPORT), int(Act.NONE)


def remember_actions(state: BeliefState, actions: NDArray[np.integer]) -> None:
    """Note in the belief, in place, what was decided; call it with the actions that are sent.

    Args:
        state: beliefs of R NPCs, the ones that the actions were decided on.
        actions: ``(R, 8)`` in branch order.
    """
    _remember_rows(state.nodes, state.goals, state.body, np.ascontiguousarray(actions, np.int64))


@njit(cache=True, error_model="numpy", nogil=True)
def _remember_rows(nodes, goals, body, actions):  # type: ignore[no-untyped-def]
    for row in range(actions.shape[0]):
        action = actions[row]
        me = body[row]
        target = action[Branch.TARGET]
        say = action[Branch.SAY]
        for back in range(SENT_ACTIONS - 1, 0, -1):
            for part in range(2):
                to = BodyColumn.SENT + 2 * back + part
                me[to] = me[to - 2]
        me[BodyColumn.SENT] = action[Branch.MOVE]
        me[BodyColumn.SENT + 1] = action[Branch.TURN]
        side = _TURN_SIDES[action[Branch.TURN]]
        me[BodyColumn.TURN] = side
        if say == _SAY_NONE and action[Branch.ACT] != _OPEN:
            me[BodyColumn.INTENT] = target
        act = action[Branch.ACT]
        if act != _NO_ACT:
            me[BodyColumn.ACT_CLOCK] = me[BodyColumn.CLOCK]
        puts = act in (_PUT, _DROP, _GIVE)
        if puts and me[BodyColumn.HELD] > 0.0:
            me[BodyColumn.PUT_SLOT] = me[BodyColumn.HELD]
            me[BodyColumn.PUT_PLACE] = me[BodyColumn.PLACE]
        if say != _SAY_NONE:
            _remember_speech(nodes[row], goals[row], me, say, action[Branch.ABOUT], target)


@njit(cache=True, error_model="numpy")
def _remember_speech(nodes, goal, me, say, about, target):  # type: ignore[no-untyped-def]
    """When we spoke to whom, and whether it surely heard what the goal wants it told."""
    clock = me[BodyColumn.CLOCK]
    me[BodyColumn.SAID_CLOCK] = clock
    listener = nodes[target]
    if target > 0 and say == _ASK:
        listener[NodeColumn.ASKED_CLOCK] = clock
    if target > 0 and (say in (_TELL, _REPORT)):
        near = listener[NodeColumn.VISIBLE] > 0.5 and listener[NodeColumn.DISTANCE] <= SURE_RANGE
        lately = clock - listener[NodeColumn.ASKED_US_CLOCK] <= SURE_AFTER_QUESTION
        asked = listener[NodeColumn.ASKED_US_ABOUT] == about and lately
        if about == int(goal[GoalField.TELL_TOPIC]) and (near or asked):
            listener[NodeColumn.GIVEN_CLOCK] = clock
        if listener[NodeColumn.ASKED_US_ABOUT] == about:
            listener[NodeColumn.ASKED_US_ABOUT] = 0.0
