"""The goals of one NPC as its game has set them: which are open, and which one is pursued.

A goal has a number that its game gave it. The present one is the one that the game's observation
names; while it names none that is open, the one of the highest priority, the oldest of equals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.goal_switch import Aside
from agent.belief.state import NodeName
from agent.dialogue.refusal import goal_of_verb
from envs.contract import GoalColumn

MOST_OPEN = 32
"""Goals that an NPC may have at once."""
TIME_IS_OVER = "the time is over"
ENDINGS = frozenset(("cancel", "cancelled", "succeeded", "failed", "refused"))
"""What a game says when a goal is closed, or is to be."""

Word = dict[str, Any]
"""One message of the goal channel for a game."""


@dataclass(eq=False)
class Goal:
    """Something that a game asks of an NPC."""

    number: int
    """What the game calls it by."""
    text: str
    """What is asked, in words."""
    priority: float = 1.0
    deadline: float = math.inf
    """Seconds of the NPC's clock when it must be reached."""
    step: int = 0
    """The step that the game knows it to be at."""
    aside: Aside | None = None
    """How far it was when another one took its place; None before."""


@dataclass
class OpenGoals:
    """The goals of an NPC that are neither reached nor given up, the oldest first."""

    open: dict[int, Goal] = field(default_factory=dict)
    present: Goal | None = None

    @property
    def deadline(self) -> float:
        """When the time of the first one is over, seconds of the NPC's clock; infinite for none."""
        return min((goal.deadline for goal in self.open.values()), default=math.inf)

    def best(self, named: int) -> Goal | None:
        """The goal to pursue.

        Args:
            named: the number that the game's observation names, 0 for none.
        """
        if named in self.open:
            return self.open[named]
        return max(self.open.values(), key=lambda goal: goal.priority, default=None)


def named_goal(row: NDArray[np.float32]) -> int:
    """The number of the goal that a row ``(G,)`` of the goal observation names, 0 for none."""
    number = float(row[GoalColumn.GOAL])
    return int(number) if row[GoalColumn.PRESENT] > 0.5 and math.isfinite(number) else 0


def read_number(message: Mapping[str, Any]) -> int:
    """The number of a message's goal; 0 where it has none."""
    value = _finite_or(message.get("goal"), 0.0)
    return int(value)


def read_goal(message: Mapping[str, Any], names: Mapping[int, NodeName], clock: float) -> Goal:
    """The goal that a ``set`` message asks for.

    Args:
        message: with ``goal``, ``text`` or (``verb``, ``target``, ``place``), ``priority`` and
            ``deadline``, the seconds that are left.
        names: what the catalogue calls slots.
        clock: the NPC's clock, seconds.
    """
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        text = _text_of_verb(message, names)
    left = _finite_or(message.get("deadline"), math.inf)
    return Goal(
        number=read_number(message), text=text, priority=_finite_or(message.get("priority"), 1.0),
        deadline=clock + left,
    )  # fmt: skip


def why_no_target(message: Mapping[str, Any], names: Mapping[int, NodeName]) -> str:
    """Why what a goal by a verb is about cannot be, in one sentence; "" when it can."""
    if not message.get("verb"):
        return ""
    for part in ("target", "place"):
        slot = int(_finite_or(message.get(part), 0.0))
        if slot and slot not in names:
            return (
                f"The NPC knows nothing by its {part}'s slot {slot}: send the catalogue entry of "
                "that slot before the goal."
            )
    return ""


def say(op: str, goal: Goal, reason: str = "", **more: int) -> Word:
    """A message about a goal for its game."""
    word: Word = {"op": op, "goal": goal.number, **more}
    if reason:
        word["reason"] = reason
    return word


def _text_of_verb(message: Mapping[str, Any], names: Mapping[int, NodeName]) -> str:
    verb = message.get("verb")
    if not isinstance(verb, str) or not verb.strip():
        return ""
    target, place = (
        names.get(int(_finite_or(message.get(part), 0.0)), NodeName("", "")).name
        for part in ("target", "place")
    )
    return goal_of_verb(verb.strip(), target, place).strip()


def _finite_or(value: Any, default: float) -> float:
    """A number that a game sent; the default for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    try:
        number = float(value)
    except OverflowError:
        return default
    return number if math.isfinite(number) and abs(number) < 2**53 else default
