"""The open goals of one NPC as plain data, in the save file of its mind.

Moments are kept as seconds before or after the last decision, because the clock of a game that
loads need not be that of the game that saved. What waits begins anew at its first step.
"""

from __future__ import annotations

import math
from typing import Any

from agent.serving.goals import MOST_OPEN, Goal, OpenGoals

_LARGEST = 2**53
"""Whole numbers beyond are none that a float holds."""


def goals_to_json(goals: OpenGoals, finished: float, clock: float) -> dict[str, Any]:
    """Plain data of the goals.

    Args:
        goals: of the NPC.
        finished: when it decided to finish the present one, NaN when it did not.
        clock: the NPC's, at its last decision, seconds.
    """
    return {
        "open": [
            {
                "goal": goal.number, "text": goal.text, "priority": goal.priority,
                "left": None if math.isinf(goal.deadline) else goal.deadline - clock,
                "step": goal.step if goal is goals.present else 0,
            }
            for goal in goals.open.values()
        ],
        "present": goals.present.number if goals.present is not None else None,
        "finished": None if math.isnan(finished) else finished - clock,
    }  # fmt: skip


def goals_from_json(saved: Any) -> tuple[OpenGoals, float]:
    """The goals, and when the present one was finished, as if the last decision was at 0 s.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: it is not what ``goals_to_json`` gave.
    """
    goals = OpenGoals()
    for each in saved["open"][:MOST_OPEN]:
        left = math.inf if each["left"] is None else _finite(each["left"])
        number, priority = _whole(each["goal"], -_LARGEST), _finite(each["priority"])
        goal = Goal(number, str(each["text"]), priority, left, step=_whole(each["step"], 0))
        goals.open[goal.number] = goal
    if saved["present"] is not None:
        goals.present = goals.open[int(saved["present"])]
    finished = saved["finished"]
    return goals, math.nan if finished is None else _finite(finished)


def _whole(value: Any, least: int) -> int:
    number = int(value)
    if not least <= number <= _LARGEST:
        raise ValueError("a number of a goal is too large")
    return number


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number of a goal is not finite")
    return number
