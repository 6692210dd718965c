"""The monitor: what there is to notice about one's own thinking and doing, as numbers per NPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import (
    COLORS,
    POSE_HISTORY,
    UNREACHABLE,
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PoseColumn,
    RouteColumn,
)
from agent.belief.goal_columns import GoalField
from agent.metacognition.reliability import FRAME_SAMPLES
from envs.contract import TURN_DEGREES, Act, Branch, Kind, Reason, Result, Say

if TYPE_CHECKING:
    from agent.belief.state import BeliefState
    from agent.mind import Proposal, View

TRAVEL_DECISIONS = 10
"""How far back ``travelled`` looks."""
FADING = 0.9
"""What is left of a counted event after each decision."""
LOOK_METRES = 4.0
"""Looking all round a place counts as progress like walking so far."""
PROGRESS = 0.1
"""A way that has become shorter than ever by this much is progress, metres."""
DETOUR = 0.5
"""A way that has become longer by more than this at once is measured anew, metres."""
TALK_RANGE = 6.0
TALK_SECONDS = 2.0
"""After saying or hearing something, one waits for so long without that counting as idle."""

# Plain integers: numpy compares with members of an IntEnum ten times slower.
_OPEN, _SAY_NONE, _FAILED = int(Act.OPEN), int(Say.NONE), int(Result.FAILED)
_PLACE, _NPC = int(Kind.PLACE), int(Kind.NPC)
_TURN_SIDES = np.sign(np.array(TURN_DEGREES)).astype(np.int8)
_COLOR = slice(int(NodeColumn.COLOR_LOG), int(NodeColumn.COLOR_LOG) + COLORS)


@dataclass
class Memory:
    """What metacognition keeps of each NPC between decisions; every array is ``(R, ...)``."""

    decisions: NDArray[np.int32]
    intent: NDArray[np.int64]
    """Slot that was acted towards."""
    cost: NDArray[np.float32]
    """Of the way to the intent at the last decision, metres."""
    best: NDArray[np.float32]
    """Smallest cost since the intent was taken up."""
    idle: NDArray[np.float32]
    turn_side: NDArray[np.int8]
    dithering: NDArray[np.float32]
    wavering: NDArray[np.float32]
    bumping: NDArray[np.float32]
    failures: NDArray[np.int32]
    failure: NDArray[np.int32]
    """Which act failed on what and why, as one number."""
    acted: NDArray[np.bool_]
    """Whether the last action that was sent held an act."""
    blocked: NDArray[np.int32]
    """Doorways that the belief leaves out of routes."""
    lost: NDArray[np.int32]
    frame: NDArray[np.uint8]
    """The last frame, thinned out."""
    frame_same: NDArray[np.int32]
    weights: NDArray[np.float32]
    """``(R, 4)`` trust in the senses at this decision."""
    saw: NDArray[np.bool_]
    """Whether the camera has worked since the episode began."""
    strategy: NDArray[np.int8]
    since: NDArray[np.int32]
    """Decision at which the present strategy began."""
    until: NDArray[np.int32]
    """Decision at which it ends at the latest."""
    rest: NDArray[np.int32]
    """Decision before which no strategy for getting on begins."""
    focus: NDArray[np.int64]
    """Slot that the strategy is about."""
    cost_before: NDArray[np.float32]
    """Cost of the way when the strategy began."""
    held_back: NDArray[np.int32]
    """Decisions for which an answer has been held back in good light."""
    route_decisions: NDArray[np.int32]
    cause: NDArray[np.int8]
    """Why the present strategy was chosen (``Cause``)."""
    closed_by_us: NDArray[np.int32]
    """Doorway that the regulator itself has taken out of the routes, -1 for none."""

    @staticmethod
    def blank(rows: int) -> Memory:
        """Of NPCs that have done nothing yet."""
        return Memory(**{f.name: _blank(f.name, rows) for f in fields(Memory)})

    def clear(self, rows: NDArray[np.int64]) -> None:
        """Forget these rows, in place."""
        blank = Memory.blank(1)
        for f in fields(Memory):
            getattr(self, f.name)[rows] = getattr(blank, f.name)[0]

    def take(self, rows: NDArray[np.int64]) -> Memory:
        """A copy of these rows."""
        return Memory(**{f.name: getattr(self, f.name)[rows] for f in fields(Memory)})

    def put(self, rows: NDArray[np.int64], part: Memory) -> None:
        """Write rows back."""
        for f in fields(Memory):
            getattr(self, f.name)[rows] = getattr(part, f.name)

    def row(self, index: int) -> dict[str, Any]:
        """One row as plain data."""
        return {f.name: getattr(self, f.name)[index].tolist() for f in fields(Memory)}

    @staticmethod
    def from_row(saved: Mapping[str, Any]) -> Memory:
        """One row of what ``row`` gave.

        Raises:
            KeyError: a part is missing.
            TypeError: a part is no number.
            ValueError: a part has another size.
            OverflowError: a number is too large.
        """
        blank = Memory.blank(1)
        for f in fields(Memory):
            array = getattr(blank, f.name)
            part = np.array(saved[f.name], array.dtype)
            if part.shape != array.shape[1:]:
                raise ValueError(f"{f.name} has shape {part.shape} instead of {array.shape[1:]}.")
            array[0] = part
        return blank

    def grown(self, rows: int) -> Memory:
        """With blank rows added up to a number of rows."""
        more = Memory.blank(rows - len(self.decisions))
        return Memory(
            **{
                f.name: np.concatenate([getattr(self, f.name), getattr(more, f.name)])
                for f in fields(Memory)
            }
        )


_DTYPES: dict[str, type] = {
    "intent": np.int64, "focus": np.int64, "cost": np.float32, "best": np.float32,
    "idle": np.float32, "turn_side": np.int8, "dithering": np.float32, "wavering": np.float32,
    "bumping": np.float32, "acted": np.bool_, "frame": np.uint8, "weights": np.float32,
    "saw": np.bool_, "strategy": np.int8, "cost_before": np.float32, "cause": np.int8,
}  # fmt: skip
_FIRST_VALUES = {"cost": UNREACHABLE, "best": UNREACHABLE, "weights": 1.0, "closed_by_us": -1}
_WIDTHS = {"frame": FRAME_SAMPLES, "weights": 4}


def _blank(name: str, rows: int) -> NDArray:
    shape = (rows, _WIDTHS[name]) if name in _WIDTHS else (rows,)
    return np.full(shape, _FIRST_VALUES.get(name, 0), _DTYPES.get(name, np.int32))


@dataclass
class Signals:
    """One decision of R NPCs as metacognition sees it; every array is ``(R,)`` but ``weights``."""

    clock: NDArray[np.float32]
    """Seconds."""
    competence: NDArray[np.float32]
    """The brain's own probability that this goes well."""
    move_entropy: NDArray[np.float32]
    """Of the brain's choice of legs, 0 sure to 1 no idea."""
    target_entropy: NDArray[np.float32]
    intent: NDArray[np.int64]
    """Slot that is acted towards."""
    reachable: NDArray[np.bool_]
    """Whether a way to it is known."""
    cost: NDArray[np.float32]
    """Length of that way, and what is left to look at there; metres."""
    detour: NDArray[np.float32]
    """By how much it has become longer since the last decision, metres."""
    idle: NDArray[np.float32]
    """Decisions since it was last shorter than ever."""
    travelled: NDArray[np.float32]
    """Distance from where the body was a second ago, metres."""
    dithering: NDArray[np.float32]
    """Fading count of turns that undo the turn before."""
    wavering: NDArray[np.float32]
    """Fading count of changes of intent."""
    bumping: NDArray[np.float32]
    """Fading count of bumps."""
    failures: NDArray[np.int32]
    """How often in a row the same act failed on the same thing for the same reason."""
    locked: NDArray[np.bool_]
    """A doorway has just turned out to be locked."""
    contradictions: NDArray[np.float32]
    """Facts that other facts contradict."""
    lost: NDArray[np.int32]
    """Decisions for which it has not been known where the goal's thing is."""
    talking: NDArray[np.bool_]
    """Somebody is in talking distance of what we are at, or something was just said."""
    weights: NDArray[np.float32]
    """``(R, 4)`` trust in camera, audio, entities and dialogue."""
    dark: NDArray[np.bool_]
    """The camera has worked before and does not now."""
    needs_color: NDArray[np.bool_]
    """The goal names a colour."""
    holding: NDArray[np.bool_]
    """Something is in hand."""
    color_share: NDArray[np.float32]
    """Belief that the intent has the goal's colour, where it names one; else 1."""
    color_decided: NDArray[np.bool_]
    """Whether the belief has decided on the intent's colour, where the goal names one."""


def observe_self(view: View, proposal: Proposal, memory: Memory) -> Signals:
    """Signals of this decision; brings the memory up to date, in place.

    Args:
        view: what the mind knows now.
        proposal: what its brain would do.
        memory: of the same rows.
    """
    belief, actions = view.belief, proposal.actions
    body, rows = belief.body, np.arange(len(actions))
    clock = body[:, BodyColumn.CLOCK]
    intent = _intents(actions, memory)
    route = view.plan.routes[rows, intent]
    is_place = belief.nodes[rows, intent, NodeColumn.KIND] == _PLACE
    cost = route[:, RouteColumn.LENGTH] + LOOK_METRES * is_place * route[:, RouteColumn.FRONTIER]
    changed = intent != memory.intent
    detour = np.where(changed, 0.0, cost - memory.cost)
    talking = _talking(belief, intent, view, rows)
    _count_progress(memory, cost, changed, talking)
    _count_events(memory, body, actions, changed)
    blocked = np.count_nonzero(
        belief.doorways[:, :, DoorwayColumn.BLOCKED_UNTIL] > clock[:, None], axis=1
    )
    locked = blocked > memory.blocked
    memory.blocked = blocked.astype(np.int32)
    memory.lost = np.where(_is_lost(belief, rows), memory.lost + 1, 0).astype(np.int32)
    needs_color, share, decided = color_of(belief, rows, intent)
    memory.intent, memory.cost = intent, cost.astype(np.float32)
    camera = memory.weights[:, 0] > 0.5
    memory.saw = memory.saw | camera
    memory.decisions = memory.decisions + 1
    return Signals(
        clock=clock,
        competence=proposal.competence,
        move_entropy=entropy(proposal.logits.get("move"), len(rows)),
        target_entropy=entropy(proposal.logits.get("target"), len(rows)),
        intent=intent,
        reachable=route[:, RouteColumn.REACHABLE] > 0.5,
        cost=cost,
        detour=detour,
        idle=memory.idle,
        travelled=_travelled(belief, rows),
        dithering=memory.dithering,
        wavering=memory.wavering,
        bumping=memory.bumping,
        failures=memory.failures,
        locked=locked,
        contradictions=belief.facts[:, :, FactColumn.CONTRADICTED].sum(axis=1),
        lost=memory.lost,
        talking=talking,
        weights=memory.weights,
        dark=memory.saw & ~camera,
        needs_color=needs_color,
        holding=body[:, BodyColumn.HELD] > 0,
        color_share=share,
        color_decided=decided,
    )


def entropy(logits: NDArray[np.float32] | None, rows: int) -> NDArray[np.float32]:
    """Entropy of each row's softmax ``(R, size)`` as a share of the largest possible, ``(R,)``."""
    if logits is None:
        return np.zeros(rows, np.float32)
    shifted = logits - logits.max(axis=1, keepdims=True)
    shifted = np.maximum(shifted, -50.0)
    weights = np.exp(shifted)
    total = weights.sum(axis=1)
    mean = np.einsum("rc,rc->r", weights, shifted) / total
    return np.asarray((np.log(total) - mean) / np.log(logits.shape[1]), np.float32)


def color_of(
    belief: BeliefState, rows: NDArray[np.intp], slots: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.bool_]]:
    """Whether the goal names a colour, the belief that a slot has it, and whether it is decided."""
    wanted = belief.goals[rows, GoalField.COLOR].astype(np.int64)
    needs = (wanted >= 0) & (belief.goals[rows, GoalField.VERB] > 0)
    if not needs.any():
        return needs, np.ones(len(rows), np.float32), np.ones(len(rows), np.bool_)
    nodes = belief.nodes[rows, slots]
    evidence = np.exp(nodes[:, _COLOR])
    share = evidence[np.arange(len(rows)), np.maximum(wanted, 0)] / evidence.sum(axis=1)
    decided = nodes[:, NodeColumn.COLOR_DECIDED] > 0.5
    return needs, np.where(needs, share, 1.0).astype(np.float32), decided | ~needs


def _intents(actions: NDArray[np.int64], memory: Memory) -> NDArray[np.int64]:
    """The slot acted towards; opening a door on the way or speaking does not change it."""
    target = actions[:, Branch.TARGET]
    passing = (actions[:, Branch.ACT] == _OPEN) | (actions[:, Branch.SAY] != _SAY_NONE)
    return np.where(passing | (target == 0), memory.intent, target)


def _talking(
    belief: BeliefState, intent: NDArray[np.int64], view: View, rows: NDArray[np.intp]
) -> NDArray[np.bool_]:
    node = belief.nodes[rows, intent]
    facing = (
        (node[:, NodeColumn.KIND] == _NPC)
        & (node[:, NodeColumn.VISIBLE] > 0.5)
        & (node[:, NodeColumn.DISTANCE] <= TALK_RANGE)
    )
    said = belief.body[:, BodyColumn.SAID_CLOCK]
    just_said = (said >= 0.0) & (belief.body[:, BodyColumn.CLOCK] - said < TALK_SECONDS)
    heard = (view.observations["dialogue"][:, :, 0] > 0).any(axis=1)
    return np.asarray(facing | just_said | heard)


def _count_progress(
    memory: Memory,
    cost: NDArray[np.float32],
    changed: NDArray[np.bool_],
    talking: NDArray[np.bool_],
) -> None:
    better = cost < memory.best - PROGRESS
    better &= ~changed  # a new intent alone is no progress
    anew = changed | (cost > memory.cost + DETOUR)
    memory.best = np.where(anew | better, cost, memory.best).astype(np.float32)
    idle = np.where(better, 0.0, memory.idle + 1.0)
    memory.idle = np.where(talking, np.minimum(idle, memory.idle), idle).astype(np.float32)


def _count_events(
    memory: Memory,
    body: NDArray[np.float32],
    actions: NDArray[np.int64],
    changed: NDArray[np.bool_],
) -> None:
    side = _TURN_SIDES[actions[:, Branch.TURN]]
    undone = side * memory.turn_side < 0
    memory.turn_side = np.where(side != 0, side, memory.turn_side)
    memory.dithering = FADING * memory.dithering + undone
    memory.wavering = FADING * memory.wavering + changed
    memory.bumping = FADING * memory.bumping + body[:, BodyColumn.BUMPED]
    failed = memory.acted & (body[:, BodyColumn.RESULT] == _FAILED)
    what = (
        body[:, BodyColumn.LAST_ACT] * 4096
        + body[:, BodyColumn.LAST_TARGET] * 64
        + body[:, BodyColumn.REASON]
    ).astype(np.int32)
    again = np.where(what == memory.failure, memory.failures + 1, 1)
    forgiven = memory.acted & ~failed
    memory.failures = np.where(failed, again, memory.failures * ~forgiven).astype(np.int32)
    memory.failure = np.where(failed, what, memory.failure).astype(np.int32)


def _travelled(belief: BeliefState, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    count = belief.body[:, BodyColumn.DECISIONS].astype(np.int64)
    back = np.clip(count - 1, 0, TRAVEL_DECISIONS)
    then = belief.poses[rows, (count - 1 - back) % POSE_HISTORY]
    return np.hypot(
        belief.body[:, BodyColumn.X] - then[:, PoseColumn.X],
        belief.body[:, BodyColumn.Z] - then[:, PoseColumn.Z],
    )


def goal_slots(belief: BeliefState) -> NDArray[np.int64]:
    """The slot of what the goal itself names and must be found, 0 when it names none: ``(R,)``."""
    goals = belief.goals
    answer = np.where(goals[:, GoalField.TOPIC] > 0, goals[:, GoalField.ANSWER], 0)
    place = np.where(goals[:, GoalField.PLACE] > 0, goals[:, GoalField.PLACE], answer)
    named = np.where(place > 0, place, goals[:, GoalField.THING])
    return named.astype(np.int64)


def _is_lost(belief: BeliefState, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a topic has no known place, or a named place or thing no known position."""
    goals = belief.goals
    slot = goal_slots(belief)
    unanswered = (goals[:, GoalField.TOPIC] > 0) & (goals[:, GoalField.ANSWER] == 0)
    unplaced = (slot > 0) & (belief.nodes[rows, slot, NodeColumn.PLACED] < 0.5)
    return np.asarray((goals[:, GoalField.VERB] > 0) & (unanswered | unplaced))


def failure_reason(number: int) -> Reason:
    """The reason in ``Memory.failure``."""
    return Reason(number % 64)


def failure_target(number: int) -> int:
    """The slot in ``Memory.failure``."""
    return number // 64 % 64
