"""The regulator: decides whose way is taken, the brain's or one of three fallbacks.

Where nothing is wrong it does nothing, in array code. Otherwise it takes up a strategy for an NPC,
keeps it for a while, says why in a plain sentence, and gives the brain its way again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import MAX_DOORWAYS, BodyColumn, DoorwayColumn, NodeColumn
from agent.metacognition.answers import CHECKED
from agent.metacognition.choice import (
    DURATION,
    LOST,
    WORTH_WALKING,
    Case,
    Cause,
    Choice,
    choose,
    find_doubt,
    is_locked_out,
    is_over,
    new_focus,
    patience,
    restless,
    says_untruth,
    searches_blindly,
)
from agent.metacognition.judge import Judge, describe
from agent.metacognition.monitor import Memory, Signals, observe_self
from agent.metacognition.reliability import CameraMemory, sense_weights
from agent.metacognition.strategies import (
    ASK,
    POLICY,
    ROUTE,
    STRATEGIES,
    ask_for_help,
    can_hear,
    follow_route,
    look_around,
    look_at,
)
from envs.contract import DECISION_SECONDS, SLOTS, Branch, Say

if TYPE_CHECKING:
    from agent.mind import Proposal, Regulation, View
    from agent.senses import Percepts

BLOCKED_SECONDS = 60.0
"""How long routes go round a doorway that could not be passed."""
DOOR_RANGE = 1.6
"""A doorway within this that a route could not pass is what holds the body up, metres."""
REJECTED_SECONDS = 20.0
"""How long a thing of the wrong colour that was almost answered is left aside."""
REST = 10
"""Decisions that the brain has to itself after a strategy for getting on."""
LOG_LENGTH = 4096

_HOLDING = (Cause.DOUBT, Cause.DARK, Cause.SOURCE)
"""Causes for which an answer is held back."""
_TELL = int(Say.TELL)
_CHECKED = np.zeros(16, np.bool_)
_CHECKED[list(CHECKED)] = True


@dataclass(frozen=True)
class Intervention:
    """One time that the regulator took over, for the log."""

    key: object
    """The NPC's key."""
    decision: int
    """Number of the NPC's decision since its memory was cleared, from 1."""
    clock: float
    """Seconds."""
    strategy: str
    reason: str
    """A sentence in the NPC's own words."""
    until: float
    """Clock at which it ends at the latest."""


class Regulator:
    """Metacognition of any number of NPCs, as ``agent.mind.Regulator`` asks for it.

    Args:
        judge: makes a probability of success of the signals; the default needs no data.
        enabled: False holds every NPC at ``policy``, trusts every sense, and only judges.
    """

    def __init__(self, judge: Judge | None = None, *, enabled: bool = True) -> None:
        self.judge = judge if judge is not None else Judge.default()
        self.enabled = enabled
        self.memory = Memory.blank(0)
        self.log: deque[Intervention] = deque(maxlen=LOG_LENGTH)
        """What was done and why, the newest last."""
        self.signals: Signals | None = None
        """Of the last decision."""
        self._reasons: dict[int, str] = {}

    def reliability(
        self, indices: NDArray[np.int64], observations: Mapping[str, NDArray], percepts: Percepts
    ) -> NDArray[np.float32] | None:
        """``(R, 4)`` trust in camera, audio, entities and dialogue, before the belief's update."""
        self._make_room(indices)
        memory = self.memory
        before = CameraMemory(memory.frame[indices], memory.frame_same[indices])
        weights, after = sense_weights(observations, before)
        memory.frame[indices], memory.frame_same[indices] = after.frame, after.same
        memory.weights[indices] = weights
        return weights if self.enabled else None

    def regulate(self, view: View, proposal: Proposal) -> Regulation:
        """Judge the proposal and keep or change it."""
        from agent.mind import Regulation  # at call time: the mind imports this module

        self._make_room(view.indices)
        everybody = np.array_equal(view.indices, np.arange(len(self.memory.decisions)))
        memory = self.memory if everybody else self.memory.take(view.indices)
        signals = self.signals = observe_self(view, proposal, memory)
        competence = self.judge.probability(describe(signals))
        actions, reasons = proposal.actions, [""] * len(proposal.actions)
        if self.enabled:
            _extend_blocks(view, signals)
            concerned = _find_concerned(actions, signals, memory, competence)
            if concerned.any():
                actions = actions.copy()
                for row in np.flatnonzero(concerned).tolist():
                    case = Case(
                        view, row, proposal.actions[row], signals, memory, float(competence[row])
                    )
                    actions[row], reasons[row] = self._attend(case)
        memory.acted = actions[:, Branch.ACT] != 0
        memory.route_decisions += memory.strategy == ROUTE
        if not everybody:
            self.memory.put(view.indices, memory)
        names = [STRATEGIES[strategy] for strategy in memory.strategy.tolist()]
        return Regulation(actions, competence, names, reasons)

    def forget(self, indices: Sequence[int]) -> None:
        """Clear what is remembered of these NPCs."""
        known = [index for index in indices if index < len(self.memory.decisions)]
        self.memory.clear(np.array(known, np.int64))
        for index in known:
            self._reasons.pop(index, None)

    def forget_everybody(self) -> None:
        """Clear what is remembered, and that anybody was there."""
        self.memory = Memory.blank(0)
        self._reasons.clear()

    def save(self, index: int) -> dict[str, Any]:
        """What is remembered of one NPC, as plain data."""
        self._make_room(np.array([index]))
        return {"memory": self.memory.row(index), "reason": self._reasons.get(index, "")}

    def restore(self, index: int, saved: Mapping[str, Any] | None) -> None:
        """Remember what ``save`` gave; None to forget.

        Raises:
            KeyError: a part is missing.
            TypeError: a part is no number or text.
            ValueError: a part has another size, or lies outside its range.
        """
        self._make_room(np.array([index]))
        if saved is None:
            self.forget([index])
            return
        row, reason = Memory.from_row(saved["memory"]), saved["reason"]
        if not isinstance(reason, str) or not _is_sound(row):
            raise ValueError("The memory of metacognition holds what it cannot hold.")
        self.memory.put(np.array([index]), row)
        self._reasons[index] = reason

    def inherit(self, other: Regulator) -> None:
        """Go on with the memory of another one: the two share it from now on."""
        self.memory, self.log, self._reasons = other.memory, other.log, other._reasons

    def _make_room(self, indices: NDArray[np.int64]) -> None:
        needed = int(indices.max(initial=-1)) + 1
        if needed > len(self.memory.decisions):
            self.memory = self.memory.grown(needed)

    # -- one NPC -------------------------------------------------------------------------------

    def _attend(self, case: Case) -> tuple[NDArray[np.int64], str]:
        """Take up, keep or lay down a strategy for one NPC; its action and the reason."""
        memory, row = case.memory, case.row
        _reconsider_closing(case)
        doubt = find_doubt(case)
        if memory.strategy[row] != POLICY and is_over(case, doubt):
            _lay_down(case)
        acts_freely = memory.strategy[row] == POLICY
        pressing = doubt or (is_locked_out(case) and case.cause != Cause.LOCKED)
        if acts_freely or (pressing and case.cause not in _HOLDING):
            choice = choose(case, doubt)
            if choice is not None:
                self._take_up(case, choice)
        if memory.strategy[row] == POLICY:
            return case.action, ""
        _keep_focus(case)
        memory.held_back[row] += case.cause in _HOLDING
        return _carry_out(case), self._reasons[int(case.view.indices[row])]

    def _take_up(self, case: Case, choice: Choice) -> None:
        memory, row, view = case.memory, case.row, case.view
        now, most = int(memory.decisions[row]), DURATION[choice.cause][1]
        memory.strategy[row], memory.cause[row] = choice.strategy, choice.cause
        memory.since[row], memory.until[row] = now, now + most
        memory.focus[row], memory.cost_before[row] = choice.focus, case.way(choice.focus)
        self._reasons[int(view.indices[row])] = choice.reason
        clock = float(case.signals.clock[row])
        if choice.rejects:
            node = view.belief.nodes[row, choice.rejects]
            node[NodeColumn.REJECTED_UNTIL] = clock + REJECTED_SECONDS
        self.log.append(
            Intervention(
                key=view.infos.keys[row],
                decision=now,
                clock=clock,
                strategy=STRATEGIES[choice.strategy],
                reason=choice.reason,
                until=clock + most * DECISION_SECONDS,
            )
        )


def _is_sound(row: Memory) -> bool:
    """Whether a memory from outside may be computed on: what serves as an index is inside."""
    limits = (
        (row.strategy, 0, len(STRATEGIES) - 1),
        (row.cause, 0, len(Cause) - 1),
        (row.intent, 0, SLOTS - 1),
        (row.focus, 0, SLOTS - 1),
        (row.closed_by_us, -1, MAX_DOORWAYS - 1),
        (row.turn_side, -1, 1),
    )
    return all(bool(((low <= part) & (part <= high)).all()) for part, low, high in limits) and all(
        bool(np.isfinite(getattr(row, f.name)).all()) for f in fields(row)
    )


def _find_concerned(
    actions: NDArray[np.int64],
    signals: Signals,
    memory: Memory,
    competence: NDArray[np.float32],
) -> NDArray[np.bool_]:
    """Rows in which something may be wrong, an answer is given, or a strategy is at work."""
    tired = restless(signals) | (signals.idle >= patience(competence)) | (signals.lost >= LOST)
    return np.asarray(
        (memory.strategy != POLICY)
        | _CHECKED[actions[:, Branch.ACT]]
        | (actions[:, Branch.SAY] == _TELL)
        | signals.locked
        | (memory.closed_by_us >= 0)
        | searches_blindly(signals, memory)
        | (tired & (memory.decisions >= memory.rest))
    )


def _extend_blocks(view: View, signals: Signals) -> None:
    """Let routes go round a doorway that has just turned out locked for longer."""
    if signals.locked.any():
        until = view.belief.doorways[:, :, DoorwayColumn.BLOCKED_UNTIL]
        clock = signals.clock[:, None]
        fresh = signals.locked[:, None] & (until > clock)
        until[...] = np.where(fresh, np.maximum(until, clock + BLOCKED_SECONDS), until)


def _keep_focus(case: Case) -> None:
    memory, row, focus = case.memory, case.row, new_focus(case)
    if focus != memory.focus[row]:
        memory.focus[row], memory.cost_before[row] = focus, case.way(focus)


def _carry_out(case: Case) -> NDArray[np.int64]:
    """The action of the present strategy."""
    memory, row, view = case.memory, case.row, case.view
    strategy, focus = int(memory.strategy[row]), int(memory.focus[row])
    action = case.action.copy()
    if says_untruth(case):
        action[Branch.SAY : Branch.WHERE + 1] = 0
    if strategy == ROUTE:
        return follow_route(view, row, action, focus)
    if strategy == ASK:
        if can_hear(view, row, focus):
            memory.until[row] = memory.decisions[row]  # one question is enough
        return ask_for_help(view, row, action, focus)
    if focus or memory.cause[row] == Cause.DARK:
        return look_at(view, row, action, focus)
    return look_around(view, row, action, case.intent)


def _lay_down(case: Case) -> None:
    """Give the brain its way again; a route that brought nothing closes the doorway in its way."""
    memory, row = case.memory, case.row
    cause, focus = case.cause, int(memory.focus[row])
    if cause in (Cause.DITHERING, Cause.NO_PROGRESS):
        gain = memory.cost_before[row] - case.way(focus)
        if memory.decisions[row] >= memory.until[row] and gain < WORTH_WALKING:
            _close_doorway(case)
    if cause == Cause.DARK and not case.signals.dark[row]:
        memory.held_back[row] = 0
    if cause != Cause.DOUBT:
        memory.rest[row] = memory.decisions[row] + REST
        memory.idle[row] = memory.dithering[row] = 0.0
    memory.strategy[row], memory.cause[row], memory.focus[row] = POLICY, Cause.NONE, 0


def _close_doorway(case: Case) -> None:
    """Take the doorway that the body stands before out of the routes, in the belief."""
    row, belief = case.row, case.view.belief
    doorways, body = belief.doorways[row], belief.body[row]
    distance = np.hypot(
        doorways[:, DoorwayColumn.X] - body[BodyColumn.X],
        doorways[:, DoorwayColumn.Z] - body[BodyColumn.Z],
    )
    clock = body[BodyColumn.CLOCK]
    passable = (doorways[:, DoorwayColumn.USED] > 0.5) & (
        doorways[:, DoorwayColumn.BLOCKED_UNTIL] <= clock
    )
    distance = np.where(passable, distance, np.inf)
    nearest = int(distance.argmin())
    if distance[nearest] <= DOOR_RANGE:
        doorways[nearest, DoorwayColumn.BLOCKED_UNTIL] = clock + BLOCKED_SECONDS
        case.memory.blocked[row] += 1
        case.memory.closed_by_us[row] = nearest


def _reconsider_closing(case: Case) -> None:
    """Open a doorway again that we closed ourselves, when there is no other way."""
    row, closed = case.row, int(case.memory.closed_by_us[case.row])
    if closed >= 0:
        if case.intent and not case.has_way(case.intent):
            case.view.belief.doorways[row, closed, DoorwayColumn.BLOCKED_UNTIL] = 0.0
            case.memory.blocked[row] -= 1
        case.memory.closed_by_us[row] = -1
