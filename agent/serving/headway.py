"""Goals that get no further: when an NPC gives one up that its game has set, and why.

Headway is a further step, something taken up or put down, a thing, fact or corner that was not
known, or a way that has become shorter than ever. A goal is given up after `GIVE_UP_SECONDS`
without any when the belief itself says why; without such a reason it has three times as long.
Who waits for somebody gives nothing up. Measured episodes have no such goals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.belief.choices import choose_frontier, choose_thing
from agent.belief.columns import BodyColumn, FactColumn, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.dialogue.instructions import understand_goal
from agent.dialogue.wording import word_step
from agent.metacognition.answers import ANSWER_REACH
from agent.mind import View
from envs.contract import REASON_TEXT, Act, Kind, Reason, Result, SelfColumn

GIVE_UP_SECONDS = 60.0
"""So long without headway, and with a reason, a goal is pursued."""
HOPELESS_SECONDS = 180.0
"""So long without headway it is pursued without a reason that the belief could name."""
CHECK_SECONDS = 1.0
MOST_FAILURES = 5
"""An act that failed so often on the same thing will not work."""
NEARER = 0.5
"""A way that has become shorter than ever by this much is headway, metres."""
NOT_FOUND = "not found: it has looked everywhere that it can get to"
_WAITING = (Verb.WAIT, Verb.FOLLOW, Verb.LIFT)
"""Steps that another one must do something for."""


@dataclass
class Track:
    """What the present goal of an NPC has come to."""

    since: float = math.nan
    """Since when there was no headway, seconds of the NPC's clock; NaN before the first look."""
    step: tuple[int, int] = (-1, 0)
    """Which step it is at, and what is held."""
    known: int = 0
    """Most things and facts that were known."""
    unseen: float = math.inf
    """Least that was left to look at."""
    sought: int = 0
    nearest: float = math.inf
    """Shortest way to what is sought, metres."""
    failures: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    """Act, target and reason -> times since the last headway."""


class Headway:
    """The tracks of everybody who pursues a goal, by seat."""

    def __init__(self) -> None:
        self._tracks: dict[int, Track] = {}
        self._next = np.zeros(0)
        """``(seats,)`` when to look again, seconds of the NPC's clock; infinite for no goal."""

    def begin(self, seat: int, pursues: bool) -> None:
        """Begin with a new goal, or with none."""
        self._make_room(seat + 1)
        self._tracks.pop(seat, None)
        self._next[seat] = math.inf
        if pursues:
            self._tracks[seat], self._next[seat] = Track(), -math.inf

    def judge(
        self, seats: Sequence[int], observations: Mapping[str, NDArray], view: View
    ) -> dict[int, str]:
        """Rows whose goal is given up, and why.

        Args:
            seats: R seats.
            observations: of R rows.
            view: what they know.
        """
        if not self._tracks:
            return {}
        self._make_room(max(seats) + 1)  # most of these may never have had a goal
        me = observations["self"]
        failed = me[:, SelfColumn.RESULT] == Result.FAILED
        clocks = me[:, SelfColumn.CLOCK]
        for row in np.flatnonzero(failed).tolist():
            track = self._tracks.get(seats[row])
            if track is not None:
                what = me[row, [SelfColumn.LAST_ACT, SelfColumn.LAST_TARGET, SelfColumn.REASON]]
                track.failures[tuple(what.astype(int).tolist())] += 1
        given_up: dict[int, str] = {}
        for row in np.flatnonzero(clocks >= self._next[np.asarray(seats)]).tolist():
            clock = float(clocks[row])
            self._next[seats[row]] = clock + CHECK_SECONDS
            reason = _look(self._tracks[seats[row]], view, row, clock)
            if reason:
                given_up[row] = reason
        return given_up

    def _make_room(self, seats: int) -> None:
        more = seats - len(self._next)
        if more > 0:
            self._next = np.append(self._next, np.full(max(more, 64), math.inf))


def _look(track: Track, view: View, row: int, clock: float) -> str:
    """Take note of headway; why the goal is given up, "" while it is not."""
    sought = _sought(view, row)
    waits = int(view.belief.goals[row, GoalField.VERB]) in _WAITING
    if _gets_on(track, view, row, sought) or waits or not track.since <= clock:
        track.since = clock
        track.failures.clear()
        return ""
    idle = clock - track.since
    if idle < GIVE_UP_SECONDS:
        return ""
    reason = _why_no_further(track, view, row, sought)
    if not reason and idle >= HOPELESS_SECONDS:
        reason = f"it got no further for {idle:.0f} s"
    return reason


def _gets_on(track: Track, view: View, row: int, sought: int) -> bool:
    """Whether there is headway since the last look; brings the track up to date."""
    belief, routes = view.belief, view.plan.routes[row]
    step = int(belief.goals[row, GoalField.STEP]), int(belief.body[row, BodyColumn.HELD])
    things = np.count_nonzero(belief.nodes[row, :, NodeColumn.KNOWN] > 0.5)
    known = int(things + np.count_nonzero(belief.facts[row, :, FactColumn.RELATION]))
    reachable = routes[:, RouteColumn.REACHABLE] > 0.5
    unseen = float(routes[reachable, RouteColumn.FRONTIER].sum())
    way = float(routes[sought, RouteColumn.LENGTH]) if sought else math.inf
    gains = step != track.step or known > track.known or unseen < track.unseen - 0.05
    nearer = sought == track.sought and way < track.nearest - NEARER
    track.step = step
    track.known, track.unseen = max(known, track.known), min(unseen, track.unseen)
    if sought and sought != track.sought:
        track.sought, track.nearest = sought, way
    elif gains or nearer:
        track.nearest = min(way, track.nearest)
    return bool(gains or nearer)


def _sought(view: View, row: int) -> int:
    """Slot of the place, person or thing that the present step needs next, 0 where not known."""
    belief = view.belief
    goal, body = belief.goals[row], belief.body[row]
    if goal[GoalField.FINISH] > 0:
        return int(goal[GoalField.FINISH])
    verb, holds = int(goal[GoalField.VERB]), body[BodyColumn.HELD] > 0
    if verb in (Verb.GO, Verb.ASK_GO, Verb.FIND_TELL_GO):
        place = int(goal[GoalField.ANSWER]) or int(goal[GoalField.PLACE])
        if place or verb != Verb.GO or goal[GoalField.TOPIC] > 0:
            return place or int(goal[GoalField.PERSON])
    if verb in (Verb.ASK, Verb.TELL) or (verb == Verb.GIVE and holds):
        return int(goal[GoalField.PERSON])
    if verb == Verb.TAKE_PUT and holds:
        return int(goal[GoalField.TO_THING]) or int(goal[GoalField.PLACE])
    named = int(goal[GoalField.THING])
    if named and goal[GoalField.COLOR] < 0:
        return named
    return int(
        choose_thing(belief.nodes[row], belief.sounds[row], goal, body, view.plan.routes[row])
    )


def _why_no_further(track: Track, view: View, row: int, sought: int) -> str:
    """What the belief knows of why there is no headway; "" for nothing."""
    act, target, failure = max(track.failures, key=track.failures.__getitem__, default=(0, 0, 0))
    if track.failures[act, target, failure] >= MOST_FAILURES and act != Act.FINISH:
        return f"it cannot {_step(view, row)}: {REASON_TEXT[Reason(failure)]}"
    node, route = view.belief.nodes[row, sought], view.plan.routes[row, sought]
    if sought and node[NodeColumn.PLACED] > 0.5 and route[RouteColumn.REACHABLE] > 0.5:
        is_place = int(node[NodeColumn.KIND]) == Kind.PLACE
        here = int(view.belief.body[row, BodyColumn.PLACE]) == sought
        near = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= ANSWER_REACH
        if here if is_place else near:
            return f"it cannot {_step(view, row)}: it is there and nothing comes of it"
        return ""
    if not _has_looked_everywhere(view, row):
        return ""
    if sought and node[NodeColumn.PLACED] > 0.5:
        return f"it cannot {_step(view, row)}: it knows no way there"
    return NOT_FOUND


def _has_looked_everywhere(view: View, row: int) -> bool:
    """Whether there is nothing left to explore that the NPC could get to."""
    belief, routes = view.belief, view.plan.routes[row]
    frontier = choose_frontier(
        belief.nodes[row], belief.places[row], belief.goals[row], belief.body[row], routes, True
    )
    return frontier == 0 or bool(routes[frontier, RouteColumn.FRONTIER] <= 0.0)


def _step(view: View, row: int) -> str:
    """The present step in words."""
    memory = view.belief.memory[row]
    steps = understand_goal(memory.goal_text, memory.names)
    at = min(int(view.belief.goals[row, GoalField.STEP]), len(steps) - 1)
    return word_step(steps[at], memory.names)
