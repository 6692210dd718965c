"""Other weights for the minds that are at work, and the way back."""

from __future__ import annotations

import numpy as np

from agent.metacognition.regulator import Regulator
from agent.mind import Decision, Mind

TRIAL_DECISIONS = 20
"""Batches after which new weights count as good."""


class SwapError(ValueError):
    """New weights cannot be used; one sentence with the cure."""


class Trial:
    """The first decisions of new weights; they share the memories of the old ones.

    Args:
        old: who has decided so far.
        new: who decides from now on.
    """

    def __init__(self, old: Mind, new: Mind) -> None:
        self._old, self._new = old, new
        self._left = TRIAL_DECISIONS
        new.memories = old.memories
        _inherit(new, old)

    def passed(self) -> bool:
        """One more decision was good; whether it was the last one that was looked at."""
        self._left -= 1
        return self._left == 0

    def give_up(self) -> Mind:
        """The old mind, which remembers what happened since."""
        self._old.memories = self._new.memories
        _inherit(self._old, self._new)
        return self._old


def has_finite_numbers(decision: Decision) -> bool:
    """Whether a decision was made with numbers."""
    return bool(np.isfinite(decision.competence).all())


def _inherit(heir: Mind, other: Mind) -> None:
    if isinstance(heir.regulator, Regulator) and isinstance(other.regulator, Regulator):
        heir.regulator.inherit(other.regulator)
