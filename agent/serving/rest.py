"""What an NPC does that nobody has asked for anything: it stands, listens and answers.

The brain has learned to pursue goals; without one it would run about, open doors and take things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.belief.goal_columns import GoalField, Verb
from agent.metacognition.strategies import calm
from agent.mind import View
from envs.contract import GoalColumn


def rest(view: View, actions: NDArray[np.int64], measured: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The actions ``(R, 8)`` with legs and hands at rest where there is no goal.

    Args:
        view: what R NPCs know.
        actions: of the brain.
        measured: ``(R,)`` true where the episode is measured: there the brain has its way.
    """
    asked = (view.belief.goals[:, GoalField.VERB] != Verb.NONE) | (
        view.observations["goal"][:, GoalColumn.PRESENT] > 0.5  # in its own words, by no channel
    )
    rows = np.flatnonzero(~asked & ~measured).tolist()
    if not rows:
        return actions
    revised = actions.copy()
    for row in rows:
        revised[row] = calm(revised[row], 0)
    return revised
