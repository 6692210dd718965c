"""Which strategy an NPC takes up, and when it lays it down again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField
from agent.dialogue.lexicon import COLORS
from agent.metacognition.answers import CHECKED, Doubt, better_source, doubt_answer, is_untrue
from agent.metacognition.monitor import Memory, Signals, color_of
from agent.metacognition.strategies import (
    ASK,
    LOOK_AROUND,
    ROUTE,
    can_hear,
    topic_of,
    whom_to_ask,
)
from envs.contract import Act, Branch, Kind, Say

if TYPE_CHECKING:
    from agent.mind import View

DITHERING = 3.0
"""So many turns that undo each other (fading count) while hardly moving call for a route."""
HARDLY_MOVING = 0.6
"""Metres in a second."""
PATIENCE = 12.0
"""Decisions without progress that are borne, and up to as many more by competence."""
WORTH_WALKING = 0.5
"""A way shorter than this is left to the brain, metres."""
ROUTE_SHARE = 0.25
"""Planned routes may take this share of the decisions,"""
ROUTE_START = 20
"""and so many to begin with."""
GAIN = 1.0
"""A route that has brought the body nearer by this has done its work, metres."""
LOOK_LIMIT = 15
"""An answer whose colour (in good light) or sound is unclear is held back for at most so many;"""
WRONG_LIMIT = 40
"""one that contradicts the belief for so many;"""
DARK_LIMIT = 90
"""and in the dark for so many."""
STEADY = 2.0
"""With a fading count of changes below this the brain knows where it wants to go."""
LOST = 60
"""Decisions without knowing where to go before somebody near is asked."""

_EVERY = slice(None)


class Cause(IntEnum):
    """Why a strategy was taken up."""

    NONE = 0
    DOUBT = 1
    DARK = 2
    LOCKED = 3
    DITHERING = 4
    NO_PROGRESS = 5
    NO_WAY = 6
    LOST = 7
    SOURCE = 8


DURATION: dict[Cause, tuple[int, int]] = {
    Cause.DOUBT: (1, WRONG_LIMIT),
    Cause.DARK: (2, DARK_LIMIT),
    Cause.LOCKED: (6, 25),
    Cause.DITHERING: (6, 20),
    Cause.NO_PROGRESS: (6, 25),
    Cause.NO_WAY: (4, 12),
    Cause.LOST: (1, 60),
    Cause.SOURCE: (8, LOOK_LIMIT),
}
"""Least and most decisions that a strategy is kept, by its cause."""


@dataclass(frozen=True)
class Choice:
    """A strategy to take up."""

    strategy: int
    cause: Cause
    focus: int
    """Slot that it is about, 0 for none."""
    reason: str
    """A sentence in the NPC's own words."""
    rejects: int = 0
    """Slot that is not to be taken for the goal's for a while, 0 for none."""


@dataclass(frozen=True)
class Case:
    """One NPC at one decision."""

    view: View
    row: int
    action: NDArray[np.int64]
    """``(8,)`` what the brain would do."""
    signals: Signals
    memory: Memory
    competence: float

    @property
    def intent(self) -> int:
        """Slot that the brain acts towards."""
        return int(self.signals.intent[self.row])

    @property
    def cause(self) -> Cause:
        """Why the present strategy was taken up."""
        return Cause(int(self.memory.cause[self.row]))

    @property
    def restless(self) -> bool:
        """Turning to and fro on the spot."""
        return bool(restless(self.signals, self.row))

    @property
    def stalled(self) -> bool:
        """Without progress for longer than one should bear."""
        return bool(self.signals.idle[self.row] >= patience(self.competence))

    @property
    def resting(self) -> bool:
        """A strategy for getting on has only just ended."""
        return bool(self.memory.decisions[self.row] < self.memory.rest[self.row])

    def way(self, slot: int) -> float:
        """Length of the planned way to a slot, metres."""
        return float(self.view.plan.routes[self.row, slot, RouteColumn.LENGTH])

    def has_way(self, slot: int) -> bool:
        """Whether a way to a slot is known."""
        return bool(self.view.plan.routes[self.row, slot, RouteColumn.REACHABLE] > 0.5)

    def name(self, slot: int) -> str:
        """What a slot is called."""
        known = self.view.belief.memory[self.row].names.get(slot)
        if known is None:
            return "it"
        return known.name or (f"the {known.class_name}" if known.class_name else "it")


def patience(competence: NDArray | float) -> NDArray | float:
    """Decisions without progress that are borne: more where one is sure of oneself."""
    return PATIENCE * (1.0 + competence)


def restless(signals: Signals, rows: int | slice = _EVERY) -> NDArray[np.bool_]:
    """Rows that turn to and fro on the spot."""
    hardly_moves = signals.travelled[rows] < HARDLY_MOVING
    return np.asarray((signals.dithering[rows] >= DITHERING) & hardly_moves)


def find_doubt(case: Case) -> Doubt:
    """What speaks against the answer that the brain is about to give, while it may be held back."""
    act, target = int(case.action[Branch.ACT]), int(case.action[Branch.TARGET])
    doubt = doubt_answer(case.view.belief, case.row, act, target)
    if doubt == Doubt.NONE and says_untruth(case):
        return Doubt.UNTRUE
    dark = case.signals.dark[case.row] and doubt == Doubt.COLOR_UNKNOWN
    unclear = doubt in (Doubt.COLOR_UNKNOWN, Doubt.OTHER_SOURCE)
    limit = DARK_LIMIT if dark else LOOK_LIMIT if unclear else WRONG_LIMIT
    return doubt if case.memory.held_back[case.row] < limit else Doubt.NONE


def says_untruth(case: Case) -> bool:
    """The brain is about to tell something else than what the belief holds."""
    say, about, where = case.action[Branch.SAY : Branch.WHERE + 1].tolist()
    return is_untrue(case.view.belief, case.row, say, about, where)


def searches_blindly(
    signals: Signals, memory: Memory, rows: int | slice = _EVERY
) -> NDArray[np.bool_]:
    """Rows that look for a colour while the camera shows nothing, for not too long yet."""
    found = signals.color_decided[rows] & (signals.color_share[rows] > 0.5)
    blind = signals.dark[rows] & signals.needs_color[rows] & ~found & ~signals.holding[rows]
    return np.asarray(blind & (memory.held_back[rows] < DARK_LIMIT))


def is_locked_out(case: Case) -> bool:
    """A door has turned out locked, and the way has become longer by it."""
    longer = case.signals.detour[case.row] > WORTH_WALKING
    return bool(case.signals.locked[case.row] and longer)


def choose(case: Case, doubt: Doubt) -> Choice | None:
    """The strategy that the most pressing signal asks for, None to act by policy."""
    if doubt != Doubt.NONE:
        return _second_look(case, doubt)
    intent, signals, row = case.intent, case.signals, case.row
    if searches_blindly(signals, case.memory, row):
        color = COLORS[int(case.view.belief.goals[row, GoalField.COLOR])]
        reason = f"it is dark and I cannot see what is {color}, waiting for light"
        return Choice(LOOK_AROUND, Cause.DARK, intent, reason)
    if is_locked_out(case):
        if case.has_way(intent):
            return Choice(ROUTE, Cause.LOCKED, intent, "the door is locked, taking another way")
        reason = "the door is locked and I know no other way, looking around"
        return Choice(LOOK_AROUND, Cause.NO_WAY, 0, reason)
    if case.resting:
        return None
    if signals.lost[row] >= LOST:
        question = _question(case)
        if question is not None:
            return question
    if signals.talking[row] or intent == 0 or not (case.restless or case.stalled):
        return None
    if not case.has_way(intent):
        reason = f"I see no way to {case.name(intent)}, looking around"
        return Choice(LOOK_AROUND, Cause.NO_WAY, 0, reason)
    allowed = ROUTE_START + ROUTE_SHARE * case.memory.decisions[row]
    if case.way(intent) > WORTH_WALKING and case.memory.route_decisions[row] < allowed:
        cause = Cause.DITHERING if case.restless else Cause.NO_PROGRESS
        noticed = "I keep turning to and fro" if case.restless else "I am not getting nearer"
        reason = f"{noticed}, following the planned way to {case.name(intent)}"
        return Choice(ROUTE, cause, intent, reason)
    return None


def is_over(case: Case, doubt: Doubt) -> bool:
    """Whether the present strategy has done its work or had its time."""
    memory, row = case.memory, case.row
    now, focus, cause = int(memory.decisions[row]), int(memory.focus[row]), case.cause
    answers = int(case.action[Branch.ACT]) in CHECKED and doubt == Doubt.NONE
    if now >= memory.until[row] or answers:
        return True  # also where the brain has its answer and nothing speaks against it
    if now - memory.since[row] < DURATION[cause][0]:
        return False
    if cause == Cause.DOUBT:
        return doubt == Doubt.NONE
    if cause == Cause.DARK:
        return not case.signals.dark[row]
    if cause == Cause.NO_WAY:
        return case.has_way(case.intent)
    if cause == Cause.LOST:
        lost = case.signals.lost[row] > 0
        return not lost or not (case.has_way(focus) or can_hear(case.view, row, focus))
    arrived = case.way(focus) < WORTH_WALKING or not case.has_way(focus)
    gained = memory.cost_before[row] - case.way(focus) >= GAIN
    return arrived or gained or _is_ruled_out(case, focus)


def new_focus(case: Case) -> int:
    """Where a route leads now: the brain may change its mind on the way, but not waver."""
    memory, row, intent = case.memory, case.row, case.intent
    on_the_way = case.cause in (Cause.LOCKED, Cause.DITHERING, Cause.NO_PROGRESS)
    steady = case.signals.wavering[row] < STEADY and case.has_way(intent)
    return intent if on_the_way and steady and intent else int(memory.focus[row])


def _second_look(case: Case, doubt: Doubt) -> Choice:
    """Hold an answer back and do something about the doubt."""
    target, row, belief = int(case.action[Branch.TARGET]), case.row, case.view.belief
    puts = int(case.action[Branch.ACT]) == Act.PUT
    thing = int(belief.body[row, BodyColumn.HELD]) if puts else target
    color = int(belief.goals[row, GoalField.COLOR])
    color_name = COLORS[color] if color >= 0 else ""
    if doubt == Doubt.COLOR_UNKNOWN and case.signals.dark[row]:
        reason = (
            f"it is dark and I cannot tell whether {case.name(thing)} is {color_name}, "
            "waiting for light"
        )
        return Choice(LOOK_AROUND, Cause.DARK, thing, reason)
    if doubt == Doubt.COLOR_UNKNOWN:
        reason = f"I am not sure that {case.name(thing)} is {color_name}, looking again"
        return Choice(LOOK_AROUND, Cause.DOUBT, thing, reason)
    if doubt == Doubt.NOT_THERE and case.has_way(target):
        reason = f"I am not at {case.name(target)} yet, going on"
        return Choice(ROUTE, Cause.DOUBT, target, reason)
    if doubt == Doubt.UNTRUE:
        reason = "I was about to say what I do not believe, thinking again"
        return Choice(LOOK_AROUND, Cause.DOUBT, target, reason)
    source = better_source(belief, row, target) if doubt == Doubt.OTHER_SOURCE else 0
    if source and case.has_way(source):
        reason = (
            f"the sound may come from {case.name(source)}, not {case.name(target)}: going nearer"
        )
        return Choice(ROUTE, Cause.SOURCE, source, reason)
    if doubt == Doubt.WRONG_COLOR:
        reason = f"{case.name(thing)} is not {color_name}, looking further"
        return Choice(LOOK_AROUND, Cause.DOUBT, 0, reason, rejects=thing)
    if doubt == Doubt.TOO_EARLY:
        reason = "there is more to do before I may say that I am done"
        return Choice(LOOK_AROUND, Cause.DOUBT, 0, reason)
    reason = f"{case.name(target)} is not what I am to find, looking further"
    return Choice(LOOK_AROUND, Cause.DOUBT, 0, reason)


def _question(case: Case) -> Choice | None:
    """Ask somebody near; when nothing gets on any more, walk to somebody in order to ask."""
    view, row = case.view, case.row
    if int(case.action[Branch.SAY]) != Say.NONE:
        return None
    topic, person = topic_of(view, row), whom_to_ask(view, row)
    if not topic or not person or not (can_hear(view, row, person) or case.stalled):
        return None
    reason = f"I do not know where {case.name(topic)} is, asking {case.name(person)}"
    return Choice(ASK, Cause.LOST, person, reason)


def _is_ruled_out(case: Case, slot: int) -> bool:
    """Whether a thing has meanwhile been seen to have another colour than the goal's."""
    node = case.view.belief.nodes[case.row, slot]
    if int(node[NodeColumn.KIND]) != Kind.OBJECT:
        return False
    needs, share, decided = color_of(case.view.belief, np.array([case.row]), np.array([slot]))
    return bool(needs[0] and decided[0] and share[0] < 0.5)
