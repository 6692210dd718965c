"""What the hands do for goals by an act that the brain has not learned: use, push, switch, drop.

The brain goes to the thing as for "go to it" and says there that it is finished. While such a
goal is open nobody finishes: in the place of that word the hands do the act, and what the world
says of it decides about the goal. Dropping needs no way: what is held is let go of at once. Acts
that the world forbids now are never sent. Measured episodes have no such goals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import BodyColumn
from agent.belief.fitting import is_decided
from agent.belief.goal_columns import GoalField
from agent.belief.program import may_be_meant, may_hold_meant
from agent.metacognition.answers import Doubt, doubt_answer
from agent.metacognition.strategies import calm, follow_route
from agent.mind import View
from envs.contract import (
    BRANCH_STARTS,
    DECISION_SECONDS,
    REASON_TEXT,
    Act,
    Branch,
    Reason,
    Result,
    SelfColumn,
)

MOST_TRIES = 20
"""The act is tried, or waited for where it is forbidden, at most so often."""
NOTHING_HELD = "it cannot let go: it does not hold that"
_MARGIN = 0.5 * DECISION_SECONDS


@dataclass
class Deed:
    """An act that the present goal of an NPC asks for."""

    act: Act
    tries: int = 0
    sent: float = -np.inf
    """When it was sent last, seconds of the NPC's clock."""
    waits_until: float = -np.inf
    """When the world will have answered."""
    reason: str = ""
    """Why it cannot be done, as far as that is known."""


class Hands:
    """The deeds of everybody, by seat; most have none."""

    def __init__(self) -> None:
        self._deeds: dict[int, Deed] = {}

    def begin(self, seat: int, act: Act) -> None:
        """Have an act to do, ``NONE`` to have none."""
        self._deeds.pop(seat, None)
        if act != Act.NONE:
            self._deeds[seat] = Deed(act)

    def revise(self, view: View, actions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The actions ``(R, 8)`` with the deeds of those who are where they can be done."""
        if not self._deeds:
            return actions
        revised = actions.copy()
        for row, seat in enumerate(view.infos.keys):
            deed = self._deeds.get(seat) if isinstance(seat, int) else None
            if deed is not None and view.belief.goals[row, GoalField.REMAINING] == 0:
                revised[row] = _revise(view, row, actions[row], deed)
        return revised

    def judge(
        self, seats: Sequence[int], observations: Mapping[str, NDArray]
    ) -> dict[int, str | None]:
        """Deeds that are over.

        Returns:
            Row -> why it failed, None where it is done.
        """
        over: dict[int, str | None] = {}
        if not self._deeds:
            return over
        for row, seat in enumerate(seats):
            deed = self._deeds.get(seat)
            if deed is None:
                continue
            me = observations["self"][row]
            told = int(me[SelfColumn.LAST_ACT]) == deed.act and me[SelfColumn.CLOCK] > (
                deed.sent + DECISION_SECONDS * me[SelfColumn.ACTION_DELAY] + _MARGIN
            )
            result = int(me[SelfColumn.RESULT]) if told else int(Result.NONE)
            if result == Result.FAILED:
                deed.reason = REASON_TEXT[Reason(int(me[SelfColumn.REASON]))]
            if result == Result.DONE:
                over[row] = None
            elif deed.reason == NOTHING_HELD:
                over[row] = NOTHING_HELD
            elif deed.tries >= MOST_TRIES:
                over[row] = f"it cannot {deed.act.name.lower()} it: {deed.reason}"
        return over


def _revise(view: View, row: int, action: NDArray[np.int64], deed: Deed) -> NDArray[np.int64]:
    """One action: the deed where it can be done, and never a word that all is finished."""
    body, goal, nodes = view.belief.body[row], view.belief.goals[row], view.belief.nodes[row]
    clock, target = float(body[BodyColumn.CLOCK]), _aim(view, row, action, deed.act)
    if deed.act == Act.DROP and not target and np.isinf(deed.sent):
        deed.reason = NOTHING_HELD
    if clock < max(deed.waits_until, float(body[BodyColumn.RUNNING_CLOCK])):
        return calm(action, target)  # the hands are at work: whoever moves gives it up
    if target:
        return _try(view, row, action, deed, target)
    touches = may_be_meant(int(action[Branch.TARGET]), nodes, goal)
    if action[Branch.ACT] == Act.FINISH or (action[Branch.ACT] != Act.NONE and touches):
        return calm(action, int(action[Branch.TARGET]))  # nothing else is to be done to it
    return action


def _aim(view: View, row: int, action: NDArray[np.int64], act: Act) -> int:
    """Slot of the thing that the act can be done to now, 0 for none."""
    goal, nodes = view.belief.goals[row], view.belief.nodes[row]
    held = int(view.belief.body[row, BodyColumn.HELD])
    if may_hold_meant(held, nodes, goal):
        says_what = goal[GoalField.CLASS_WORD] > 0 or goal[GoalField.THING] > 0
        if act == Act.DROP or (says_what and is_decided(nodes[held], goal)):
            return held
    if act == Act.DROP:
        return 0
    target = int(action[Branch.TARGET])
    if action[Branch.ACT] == Act.FINISH:
        return target
    as_sure = doubt_answer(view.belief, row, Act.FINISH, target) == Doubt.NONE
    return target if action[Branch.ACT] == act and as_sure else 0


def _try(
    view: View, row: int, action: NDArray[np.int64], deed: Deed, target: int
) -> NDArray[np.int64]:
    """Do the deed to a thing, or go nearer where the world forbids it."""
    deed.tries += 1
    mask = view.infos.action_mask[row]
    if not mask[
        [BRANCH_STARTS[Branch.ACT] + deed.act, BRANCH_STARTS[Branch.TARGET] + target]
    ].all():
        deed.reason = deed.reason or REASON_TEXT[Reason.NOT_POSSIBLE]
        return follow_route(view, row, action, target)
    clock = float(view.belief.body[row, BodyColumn.CLOCK])
    delay = view.observations["self"][row, SelfColumn.ACTION_DELAY]
    deed.sent, deed.waits_until = clock, clock + DECISION_SECONDS * (1.0 + delay) + _MARGIN
    done = calm(action, target)
    done[Branch.SAY : Branch.WHERE + 1] = 0
    done[Branch.ACT], done[Branch.TARGET] = deed.act, target
    return done
