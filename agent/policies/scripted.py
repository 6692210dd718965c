"""The scripted policy: the same planner and belief, blind to colour and deaf to sound.

It is what a careful behaviour tree makes of entities, dialogue, self and goal alone. Among
look-alikes it takes the nearest, since nothing that it perceives tells them apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.belief.planner import Plan
from agent.belief.state import BeliefState
from agent.policies.expert import act_on_belief


def scripted(state: BeliefState, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The scripted policy's actions.

    Args:
        state: beliefs of R NPCs that were updated with ``Evidence.blank``.
        plan: ways of the same decision.

    Returns:
        Actions ``(R, 8)`` in branch order and the intent slot of each row ``(R,)``.
    """
    return act_on_belief(state, plan, guess=True)
