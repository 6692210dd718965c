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
from agent.belief.goal_columns import GoalField
from agent.belief.program import may_hold_meant
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
NOTHING_HELD = "it does not hold that"
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
            elif deed.tries >= MOST_TRIES or deed.reason == NOTHING_HELD:
                verb = "let go" if deed.act == Act.DROP else f"{deed.act.name.lower()} it"
                over[row] = f"it cannot {verb}: {deed.reason}"
        return over


def _revise(view: View, row: int, action: NDArray[np.int64], deed: Deed) -> NDArray[np.int64]:
    """One action: the deed where it can be done, and never a word that all is finished."""
    body = view.belief.body[row]
    clock = float(body[BodyColumn.CLOCK])
    finishes = action[Branch.ACT] == Act.FINISH
    target = int(action[Branch.TARGET])
    if deed.act == Act.DROP:
        target = int(body[BodyColumn.HELD])
        goal, nodes = view.belief.goals[row], view.belief.nodes[row]
        if np.isinf(deed.sent) and not (
            target and (goal[GoalField.SAME_THING] > 0 or may_hold_meant(target, nodes, goal))
        ):
            deed.reason = NOTHING_HELD
            return calm(action, 0)
        finishes = True
    if clock < max(deed.waits_until, float(body[BodyColumn.RUNNING_CLOCK])):
        return calm(action, target)  # the hands are at work: whoever moves gives it up
    if action[Branch.ACT] == deed.act:  # of the brain's own accord: as sure as an answer?
        finishes = finishes or doubt_answer(view.belief, row, Act.FINISH, target) == Doubt.NONE
        if not finishes:
            return calm(action, target)
    if not finishes:
        return action
    deed.tries += 1
    mask = view.infos.action_mask[row]
    allowed = (
        mask[BRANCH_STARTS[Branch.ACT] + deed.act] and (mask[BRANCH_STARTS[Branch.TARGET] + target])
    )
    if not allowed:
        deed.reason = deed.reason or REASON_TEXT[Reason.NOT_POSSIBLE]
        return follow_route(view, row, action, target)
    delay = view.observations["self"][row, SelfColumn.ACTION_DELAY]
    deed.sent, deed.waits_until = clock, clock + DECISION_SECONDS * (1.0 + delay) + _MARGIN
    done = calm(action, target)
    done[Branch.SAY : Branch.WHERE + 1] = 0
    done[Branch.ACT], done[Branch.TARGET] = deed.act, target
    return done
