"""Checks of acts: what masks forbid never happens, what they allow can, failures have reasons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from envs.contract import (
    BRANCH_STARTS,
    REASON_TEXT,
    SELF_SIZE,
    Act,
    Branch,
    Move,
    Reason,
    Result,
    SelfColumn,
)
from envs.testing.players import read_mask
from envs.testing.report import WorldError
from envs.testing.session import Moment, Session

_MOVE, _ACT, _TARGET = (
    BRANCH_STARTS[branch] for branch in (Branch.MOVE, Branch.ACT, Branch.TARGET)
)
_GROUND = [SelfColumn.X, SelfColumn.Z]
_STILL = 0.01
"""A body that has moved by less, metres, has stayed."""
_TOOK_PLACE = (Result.STARTED, Result.RUNNING, Result.DONE)
_KNOWN: dict[Act, Reason] = {
    Act.TAKE: Reason.HANDS_FULL,
    Act.PUT: Reason.HANDS_EMPTY,
    Act.DROP: Reason.HANDS_EMPTY,
    Act.GIVE: Reason.HANDS_EMPTY,
}
"""What the mask knows of an act: it forbids the act while this is so."""
_LATE = "Actions come decisions late, so nothing is known of the mask when they are carried out."


def check_forbidden_acts(session: Session) -> str | None:
    """An act that the mask forbids never takes place, and puts nothing into a hand."""
    if _is_late(session):
        return _LATE
    for before, after in _pairs(session.forbidden):
        for agent, where, body, action, mask in _bodies(before, after):
            act = Act(int(action[Branch.ACT]))
            if act == Act.NONE or mask[_ACT + act]:
                continue
            result = int(body[SelfColumn.RESULT])
            if result in _TOOK_PLACE and int(body[SelfColumn.LAST_ACT]) == act:
                raise WorldError(
                    f"At {where} the result of '{act.name.lower()}' is "
                    f"'{Result(result).name.lower()}', but the mask forbade it one decision "
                    "earlier: it must fail, or the mask must allow it."
                )
            was = _body(before, agent)
            if was is not None and body[SelfColumn.HELD] != was[SelfColumn.HELD]:
                raise WorldError(
                    f"At {where} the hand holds slot {body[SelfColumn.HELD]:g} and before slot "
                    f"{was[SelfColumn.HELD]:g}, but '{act.name.lower()}', which the mask forbade, "
                    "is all that was tried: it must change nothing."
                )
    return None


def check_forbidden_moves(session: Session) -> str | None:
    """A move that the mask forbids leaves the body where it is."""
    if _is_late(session):
        return _LATE
    for before, after in pairwise(session.forbidden):
        for agent, where, body, action, mask in _bodies(before, after):
            move, was = Move(int(action[Branch.MOVE])), _body(before, agent)
            if move == Move.STAY or mask[_MOVE + move] or was is None:
                continue
            metres = float(np.hypot(*(body[_GROUND] - was[_GROUND])))
            if metres > _STILL:
                raise WorldError(
                    f"At {where} the body is {metres:.2f} m from where it was, but "
                    f"'{move.name.lower()}', which the mask forbade, is all that was tried: it "
                    "must stay."
                )
    return None


def check_allowed_acts(session: Session) -> str | None:
    """An act that the mask allows is not refused for what the mask knows: hands, unknown slots."""
    if _is_late(session):
        return _LATE
    for before, after in _pairs(session.busy):
        for _, where, body, action, mask in _bodies(before, after):
            act, slot = Act(int(action[Branch.ACT])), int(action[Branch.TARGET])
            if int(body[SelfColumn.LAST_ACT]) != act or not mask[_ACT + act]:
                continue
            reason = int(body[SelfColumn.REASON])
            names_a_slot = slot > 0 and mask[_TARGET + slot]
            for known in (_KNOWN.get(act), Reason.NO_TARGET if names_a_slot else None):
                if known is not None and reason == known:
                    raise WorldError(
                        f"At {where} '{act.name.lower()}' of slot {slot} failed because "
                        f"{REASON_TEXT[known]}, but the mask allowed both: it must forbid what "
                        "fails for that."
                    )
    return None


def check_failed_acts(session: Session) -> None:
    """A failed act has a reason of the contract, which has words; any other act has none.

    An act that is running may say that it waits for a second NPC.
    """
    for moment in (*session.busy, *session.forbidden):
        for agent, where, _, _ in moment.each():
            body = _body(moment, agent)
            if body is None:
                continue  # check_observations says so
            result, reason = int(body[SelfColumn.RESULT]), int(body[SelfColumn.REASON])
            if result not in list(Result):
                raise WorldError(
                    f"At {where} the result of the last act is {result}: it must be one of "
                    f"contract.Result, 0 to {max(Result)}."
                )
            if reason not in list(Reason):
                raise WorldError(
                    f"At {where} the reason of the last act is {reason}, for which there are no "
                    f"words: it must be one of contract.Reason, 0 to {max(Reason)}."
                )
            if result == Result.FAILED and reason == Reason.NONE:
                act = int(body[SelfColumn.LAST_ACT])
                name = Act(act).name.lower() if act in list(Act) else str(act)
                raise WorldError(
                    f"At {where} '{name}' has failed, but REASON in 'self' is 0: say why, with "
                    "one of contract.Reason."
                )
            waits = result == Result.RUNNING and reason == Reason.NEEDS_HELP
            if result != Result.FAILED and reason != Reason.NONE and not waits:
                raise WorldError(
                    f"At {where} nothing has failed (RESULT is {result}), but there is a reason: "
                    f"'{REASON_TEXT[Reason(reason)]}'. It must be 0."
                )


def _is_late(session: Session) -> bool:
    """Whether actions are delayed, as an NPC feels it."""
    first = session.busy[0]
    bodies = [_body(first, agent) for agent in first.seen]
    return any(body is not None and body[SelfColumn.ACTION_DELAY] > 0 for body in bodies)


def _pairs(moments: list[Moment]) -> Iterator[tuple[Moment, Moment]]:
    return pairwise(moments)


def _bodies(
    before: Moment, after: Moment
) -> Iterator[tuple[str, str, NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]]:
    """What can be read of each agent: where, ``self`` afterwards, its action and its mask."""
    for agent, action in after.actions.items():
        body, mask = _body(after, agent), read_mask(before.infos.get(agent))
        if body is not None and mask is not None and not after.is_last:
            yield agent, after.where(agent), body, action, mask


def _body(moment: Moment, agent: str) -> NDArray[np.float32] | None:
    """``self`` of an agent, None unless it is as the contract has it."""
    observation = moment.seen.get(agent)
    body = observation.get("self") if isinstance(observation, dict) else None
    if not isinstance(body, np.ndarray) or body.shape != (SELF_SIZE,):
        return None
    return body if np.isfinite(body).all() else None
