"""Going from one goal to another and back: a goal that waits keeps how far it was.

These functions change one row in place, outside the hot path, when the present goal changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.goal_columns import UNSAID, GoalField
from agent.belief.program import forget_search
from agent.belief.state import BeliefState
from agent.belief.testimony import apply_goal, ground_goal, settle

_KEPT = (BodyColumn.PUT_SLOT, BodyColumn.PUT_PLACE, BodyColumn.DONE_SLOT)
"""What the body remembers of a goal's own acts."""


@dataclass(frozen=True)
class Aside:
    """A goal that waits, with its steps and what was found out about them."""

    text: str
    goal: NDArray[np.float32]
    """``(GOAL_FIELDS,)`` its present step."""
    program: NDArray[np.float32]
    """``(MAX_STEPS, GOAL_FIELDS)`` all its steps."""
    body: NDArray[np.float32]
    """What the body remembers of its acts."""


def put_aside(state: BeliefState, row: int) -> Aside:
    """A copy of the present goal, to be taken up again."""
    return Aside(
        state.memory[row].goal_text, state.goals[row].copy(), state.program[row].copy(),
        state.body[row, _KEPT].copy(),
    )  # fmt: skip


def take_up_again(state: BeliefState, row: int, aside: Aside) -> None:
    """Go on with a goal at the step where it was put aside, with the names known by now."""
    body, memory = state.body[row], state.memory[row]
    body[BodyColumn.INTENT] = body[BodyColumn.SILENT] = 0.0
    body[BodyColumn.STEP_CLOCK] = body[BodyColumn.CLOCK]  # acts for other goals do not count
    memory.goal_text = aside.text
    body[list(_KEPT)] = aside.body
    state.goals[row], state.program[row] = aside.goal, aside.program
    ground_goal(state, row)
    forget_search(state.nodes[row], state.goals[row, GoalField.CLASS_WORD])
    settle(state, row)


def clear_goal(state: BeliefState, row: int) -> None:
    """Have no goal, as before the first one."""
    apply_goal(state, row, "", 0.0)
    state.goals[row, UNSAID] = -1.0
    state.program[row] = 0.0
    state.program[row][:, UNSAID] = -1.0
    state.nodes[row, :, NodeColumn.NAME_IN_GOAL] = 0.0
    forget_search(state.nodes[row], 0.0)
