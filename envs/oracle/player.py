"""The oracle itself: for every row, the next step of its goal that is not achieved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from envs.contract import NO_OP
from envs.oracle import means, steps
from envs.oracle.body import Body
from envs.oracle.legs import Scratch

if TYPE_CHECKING:
    from envs.world.world import BatchWorld


class Oracle:
    """Plays all rows of one batch of worlds."""

    def __init__(self, world: BatchWorld) -> None:
        self._world = world
        self._scratch = Scratch()
        self._bodies: list[Body | None] = [None] * world.num_rows

    def act(self) -> NDArray[np.int32]:
        """Actions ``(R, 8)`` for the present state; call it once per decision, after observing."""
        state, npcs = self._world.state, self._world.npcs_per_world
        actions = np.tile(np.array(NO_OP, np.int32), (self._world.num_rows, 1))
        playing = np.repeat(state.running, npcs) & (state.done == 0)
        for row in np.flatnonzero(playing).tolist():
            body = self._body(row)
            first = row - body.npc
            _pursue(body, self._world.referee.steps_done[first : first + npcs].tolist())
            actions[row] = body.action
        return actions

    def _body(self, row: int) -> Body:
        """The row's body, made anew when its episode begins."""
        world = row // self._world.npcs_per_world
        body = self._bodies[row]
        is_new = self._world.state.clock[world] == 0
        if body is None or is_new or body.episode is not self._world.episodes[world]:
            body = self._bodies[row] = Body(self._world, row, self._scratch)
        else:
            body.refresh()
        return body


def _pursue(body: Body, achieved: list[int]) -> None:
    """Take one decision towards the goal.

    Args:
        body: whose.
        achieved: how many steps of its goal each NPC of its world has achieved.
    """
    goal = body.task.goal
    done = achieved[body.npc]
    if done == len(goal.steps):
        steps.finish(body)
        return
    step = goal.steps[done]
    if all(achieved[npc] > number for npc, number in step.after):
        steps.carry_out(body, step)
    else:
        means.stand_by(body)
