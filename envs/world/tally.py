"""Counts of what each NPC of a batch does, for measures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from envs.contract import NO_OP, Branch, Result, Say

_IDLE_BRANCHES = (Branch.MOVE, Branch.TURN, Branch.ACT, Branch.SAY)


class Tally:
    """Counts since each episode's start.

    Attributes:
        idle: (R,) decisions without a move, a turn, an act or a word.
        messages: (R,) things said.
        acts: (R,) acts completed.
    """

    def __init__(self, rows: int) -> None:
        self.idle = np.zeros(rows, np.int32)
        self.messages = np.zeros(rows, np.int32)
        self.acts = np.zeros(rows, np.int32)

    def begin(self, rows: slice) -> None:
        """Start again from nothing."""
        for counts in (self.idle, self.messages, self.acts):
            counts[rows] = 0

    def add(
        self,
        actions: NDArray[np.int32],
        last_act: NDArray[np.int32],
        playing: NDArray[np.bool_],
    ) -> None:
        """Count one decision.

        Args:
            actions: (R, 8) as taken.
            last_act: (R, 4) of the state after it: act, target slot, result, reason.
            playing: (R,) NPCs that took it.
        """
        still = playing.copy()
        for branch in _IDLE_BRANCHES:
            still &= actions[:, branch] == NO_OP[branch]
        self.idle += still
        self.messages += playing & (actions[:, Branch.SAY] != Say.NONE)
        self.acts += playing & (last_act[:, 2] == Result.DONE)
