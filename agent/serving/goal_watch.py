"""What minds say about their goals: taken up, advanced, reached, failed, refused.

Belongs to the mind's thread. Goals that a measured episode sets are none of its business: there
the last text counts, and nothing is refused or said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import BodyColumn
from agent.belief.goal_columns import GoalField
from agent.belief.goal_switch import clear_goal, put_aside, take_up_again
from agent.belief.state import NodeName
from agent.belief.testimony import apply_goal
from agent.dialogue.instructions import understand_goal
from agent.dialogue.refusal import why_not
from agent.dialogue.wording import word_step
from agent.memories import Memories
from agent.metacognition.answers import is_unachieved
from agent.metacognition.strategies import calm
from agent.mind import View
from agent.serving.goals import (
    ENDINGS,
    MOST_OPEN,
    TIME_IS_OVER,
    Goal,
    OpenGoals,
    Word,
    named_goal,
    read_goal,
    read_number,
    say,
    why_no_target,
)
from agent.serving.goals_saved import goals_from_json, goals_to_json
from agent.serving.hands import Hands
from agent.serving.headway import Headway
from envs.contract import (
    DECISION_SECONDS,
    Act,
    Branch,
    CatalogueEntry,
    Result,
    SelfColumn,
)

_MARGIN = 0.5 * DECISION_SECONDS
_NO_STEP = math.nan


class GoalWatch:
    """The open goals of everybody, by seat, and what is to be said about them."""

    def __init__(self) -> None:
        self._hands = Hands()
        self._headway = Headway()
        self._npcs: dict[int, OpenGoals] = {}
        self._unsaid: dict[int, list[Word]] = {}
        self._step = np.zeros(0, np.float32)
        """``(seats,)`` the step that was said last; NaN where no goal is pursued."""
        self._deadline = np.zeros(0, np.float64)
        """``(seats,)`` when a goal fails, on the NPC's clock, seconds."""
        self._finished = np.zeros(0, np.float64)
        """``(seats,)`` when `finish` was decided for the present goal; NaN when it was not."""
        self._restored: set[int] = set()
        """Those whose goals count their time from the last decision of another clock."""

    def hear(
        self,
        memories: Memories,
        seat: int,
        news: Sequence[Mapping[str, object]],
        catalogue: Sequence[CatalogueEntry],
        observation: Mapping[str, NDArray],
    ) -> str:
        """Take in what a game says about an NPC's goals, before it is decided for.

        Args:
            memories: where its belief is.
            seat: what it is known by there.
            news: messages of the goal channel.
            catalogue: entries that come with them.
            observation: its row of each array.

        Returns:
            The goal that it is to take up now, in words; "" when it goes on as before.
        """
        clock = float(observation["self"][SelfColumn.CLOCK])
        if seat in self._restored:
            self._set_clock(memories, seat, clock)
        goals = self._npcs.setdefault(seat, OpenGoals())
        (index,) = memories.find([seat]).tolist()
        names = _names(memories.belief.memory[index].names, catalogue)
        for message in news:
            op = message.get("op")
            if op == "set":
                self._open(seat, goals, message, names, clock)
            elif op in ENDINGS:
                closed = goals.open.pop(read_number(message), None)
                if closed is not None and op == "cancel":
                    self._say(seat, say("cancelled", closed))
        return self._choose(memories, seat, index, named_goal(observation["goal"]))

    def revise(self, view: View, actions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The actions ``(R, 8)`` with the acts that goals ask of the hands.

        Nobody says that a goal of its game is finished while its belief knows of steps to do.
        """
        revised = self._hands.revise(view, actions)
        for row in np.flatnonzero(revised[:, Branch.ACT] == Act.FINISH).tolist():
            seat = view.infos.keys[row]
            goals = self._npcs.get(seat) if isinstance(seat, int) else None
            if goals is not None and goals.present is not None and is_unachieved(view.belief, row):
                revised = revised.copy()
                revised[row] = calm(revised[row], int(revised[row, Branch.TARGET]))
        return revised

    def watch(
        self,
        memories: Memories,
        seats: Sequence[int],
        observations: Mapping[str, NDArray],
        actions: NDArray[np.integer],
        view: View | None = None,
    ) -> dict[int, list[Word]]:
        """Judge the goals by what was just observed and decided.

        Args:
            memories: where the beliefs are.
            seats: R seats.
            observations: of R rows.
            actions: ``(R, 8)`` what was decided on them.
            view: what they know; without it nobody gives a goal up.

        Returns:
            Row -> what is to be said to its game; most are missing.
        """
        if not self._npcs:
            return {}
        at = np.asarray(seats, np.int64)
        self._make_room(int(at.max(initial=-1)) + 1)
        me = observations["self"]
        clocks = me[:, SelfColumn.CLOCK]
        for row in self._rows_restored(seats):
            self._set_clock(memories, seats[row], float(clocks[row]))
        finishes = (me[:, SelfColumn.LAST_ACT] == Act.FINISH) & (
            me[:, SelfColumn.RESULT] == Result.DONE
        )
        sent = self._finished[at] + DECISION_SECONDS * me[:, SelfColumn.ACTION_DELAY]
        reached = finishes & (clocks > sent + _MARGIN)
        late = clocks >= self._deadline[at]
        indices = memories.find(seats)
        steps = memories.belief.goals[indices, GoalField.STEP]
        advanced = np.abs(steps - self._step[at]) > 0.5
        over = self._hands.judge(seats, observations)
        if view is not None:
            over.update(self._headway.judge(seats, observations, view))
        changed = reached | late | advanced
        changed[list(over)] = True
        for row in np.flatnonzero(changed).tolist():
            reason = over.get(row)
            if reached[row] or (row in over and reason is None):
                self._succeed(seats[row])
            elif reason is not None:
                self._give_up(seats[row], reason)
            self._fail_late(seats[row], float(clocks[row]))
            named = named_goal(observations["goal"][row])
            self._go_on(memories, seats[row], int(indices[row]), named)
        finishing = actions[:, Branch.ACT] == Act.FINISH
        if finishing.any():
            begun = finishing & np.isnan(self._finished[at]) & ~np.isnan(self._step[at])
            self._finished[at[begun]] = clocks[begun]
        if not self._unsaid:
            return {}
        return {
            row: self._unsaid.pop(seat) for row, seat in enumerate(seats) if seat in self._unsaid
        }

    def forget(self, seats: Sequence[int]) -> None:
        """Let go of these NPCs' goals."""
        for seat in seats:
            self._npcs.pop(seat, None)
            self._hands.begin(seat, Act.NONE)
            self._headway.begin(seat, False)
            self._unsaid.pop(seat, None)
            self._restored.discard(seat)
            if seat < len(self._step):
                self._step[seat] = self._finished[seat] = math.nan
                self._deadline[seat] = math.inf

    def begin_anew(self, memories: Memories, seat: int) -> None:
        """Set an NPC that knows nothing any more its goals again."""
        goals = self._npcs.get(seat)
        if goals is None:
            return
        for goal in goals.open.values():
            goal.aside, goal.step = None, 0
        self._finished[seat] = math.nan
        if goals.present is not None:
            self._step[seat] = 0
            (index,) = memories.find([seat]).tolist()
            self._begin(memories, seat, index)
            apply_goal(memories.belief, index, goals.present.text, float(goals.present.number))

    def save(self, memories: Memories, seat: int) -> dict[str, Any] | None:
        """The open goals of an NPC as plain data; None where it never had one."""
        goals = self._npcs.get(seat)
        if goals is None:
            return None
        (index,) = memories.find([seat]).tolist()
        clock = 0.0 if seat in self._restored else memories.belief.body[index, BodyColumn.CLOCK]
        return goals_to_json(goals, float(self._finished[seat]), float(clock))

    def restore(self, seat: int, saved: dict[str, Any] | None) -> None:
        """Go on with what ``save`` gave; the NPC's belief is restored too."""
        self.forget([seat])
        if saved is None:
            return
        self._make_room(seat + 1)
        self._npcs[seat], self._finished[seat] = goals_from_json(saved)
        self._restored.add(seat)

    def _rows_restored(self, seats: Sequence[int]) -> list[int]:
        if not self._restored:
            return []
        return [row for row, seat in enumerate(seats) if seat in self._restored]

    def _set_clock(self, memories: Memories, seat: int, clock: float) -> None:
        """Begin to count the time of goals that were restored, at their NPC's next decision."""
        self._restored.discard(seat)
        goals, last = self._npcs[seat], clock - DECISION_SECONDS
        for goal in goals.open.values():
            goal.deadline += last
        self._finished[seat] += last
        self._deadline[seat] = goals.deadline
        if goals.present is not None:
            self._step[seat] = goals.present.step
            (index,) = memories.find([seat]).tolist()
            self._begin(memories, seat, index)

    # -- what changes ---------------------------------------------------------------------------

    def _open(
        self,
        seat: int,
        goals: OpenGoals,
        message: Mapping[str, object],
        names: Mapping[int, NodeName],
        clock: float,
    ) -> None:
        goal = read_goal(message, names, clock)
        known = goals.open.get(goal.number)
        if known is not None and known.text == goal.text:
            known.priority, known.deadline = goal.priority, goal.deadline
            if known is goals.present:  # its game may have missed that
                self._say(seat, say("accepted", known))
            return
        reason = why_no_target(message, names) or why_not(goal.text, names)
        if not reason and known is None and len(goals.open) >= MOST_OPEN:
            reason = f"It has {MOST_OPEN} open goals, which is the most: cancel some first."
        if reason:
            goals.open.pop(goal.number, None)
            self._say(seat, say("refused", goal, reason))
        elif goal.deadline <= clock:  # it must not take the place of another one for a moment
            goals.open.pop(goal.number, None)
            self._say(seat, say("failed", goal, TIME_IS_OVER))
        else:
            goals.open[goal.number] = goal

    def _succeed(self, seat: int) -> None:
        """The NPC has said that it is finished, and its game took it."""
        goals = self._npcs[seat]
        if goals.present is not None:
            del goals.open[goals.present.number]
            self._say(seat, say("succeeded", goals.present))

    def _give_up(self, seat: int, reason: str) -> None:
        """The NPC sees that it will not reach its present goal."""
        goals = self._npcs[seat]
        if goals.present is not None:
            del goals.open[goals.present.number]
            self._say(seat, say("failed", goals.present, reason))

    def _fail_late(self, seat: int, clock: float) -> None:
        """Give up the goals whose time is over."""
        goals = self._npcs[seat]
        for goal in [goal for goal in goals.open.values() if clock >= goal.deadline]:
            del goals.open[goal.number]
            self._say(seat, say("failed", goal, TIME_IS_OVER))

    def _go_on(self, memories: Memories, seat: int, index: int, named: int) -> None:
        """Pursue what is open now, and say how far that is."""
        text = self._choose(memories, seat, index, named)
        goal = self._npcs[seat].present
        if goal is None:
            return
        if text:
            apply_goal(memories.belief, index, text, float(goal.number))
        self._tell_step(memories, seat, index, goal)

    def _choose(self, memories: Memories, seat: int, index: int, named: int) -> str:
        """Let the goal that comes first be the present one; its words when it is a new one."""
        goals = self._npcs[seat]
        self._make_room(seat + 1)
        self._deadline[seat] = goals.deadline
        chosen, before = goals.best(named), goals.present
        if chosen is before:
            return ""
        if before is not None and goals.open.get(before.number) is before:
            before.aside = put_aside(memories.belief, index)
        goals.present = chosen
        self._finished[seat] = math.nan
        self._begin(memories, seat, index)
        if chosen is None:
            self._step[seat] = _NO_STEP
            clear_goal(memories.belief, index)
            return ""
        self._step[seat] = chosen.step
        self._say(seat, say("accepted", chosen))
        if chosen.aside is None:
            return chosen.text
        take_up_again(memories.belief, index, chosen.aside)
        return ""

    def _begin(self, memories: Memories, seat: int, index: int) -> None:
        """Count from now on what becomes of the present goal, and have its act in hand."""
        goal = self._npcs[seat].present
        self._headway.begin(seat, goal is not None)
        names = memories.belief.memory[index].names
        steps = understand_goal(goal.text, names) if goal is not None else ()
        self._hands.begin(seat, steps[-1].hands if steps else Act.NONE)

    def _tell_step(self, memories: Memories, seat: int, index: int, goal: Goal) -> None:
        belief = memories.belief
        step = int(belief.goals[index, GoalField.STEP])
        if step == goal.step:
            return
        goal.step = step
        self._step[seat] = step
        count = step + 1 + int(belief.goals[index, GoalField.REMAINING])
        text = _step_text(goal, step, belief.memory[index].names)
        self._say(seat, say("progress", goal, text, step=step + 1, steps=count))

    def _say(self, seat: int, word: Word) -> None:
        self._unsaid.setdefault(seat, []).append(word)

    def _make_room(self, seats: int) -> None:
        more = seats - len(self._step)
        if more <= 0:
            return
        more = max(more, 64)
        self._step = np.append(self._step, np.full(more, _NO_STEP, np.float32))
        self._deadline = np.append(self._deadline, np.full(more, math.inf))
        self._finished = np.append(self._finished, np.full(more, math.nan))


def _names(
    known: Mapping[int, NodeName], entries: Sequence[CatalogueEntry]
) -> Mapping[int, NodeName]:
    """What slots are called once these entries are taken in."""
    names = dict(known)
    for entry in entries:
        if entry.op == "remove":
            names.pop(entry.slot, None)
        elif entry.name:
            names[entry.slot] = NodeName(entry.kind, entry.name, entry.class_name)
    return names


def _step_text(goal: Goal, step: int, names: Mapping[int, NodeName]) -> str:
    steps = understand_goal(goal.text, names)
    return word_step(steps[min(step, len(steps) - 1)], names)
