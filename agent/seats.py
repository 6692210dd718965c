"""Where a mind keeps an NPC, and what names the dice that its moves are thrown with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agent.infos import Infos
from agent.sampling import key_number

if TYPE_CHECKING:
    from agent.mind import Mind


def begin_episodes(mind: Mind, infos: Infos, seats: Sequence[int]) -> None:
    """Name the dice of the NPCs whose episodes begin, so that moves do not depend on the seat.

    Args:
        mind: who remembers them.
        infos: R rows; their keys are the names.
        seats: R keys that the mind knows them by.
    """
    for row in np.flatnonzero(infos.restart).tolist():
        name_dice(mind, seats[row], infos.keys[row])


def name_dice(mind: Mind, seat: int, name: object) -> None:
    """The NPC of a seat throws the dice of this name from now on."""
    memories = mind.memories
    index = memories.find([seat])  # may grow the arrays
    memories.numbers[index] = np.uint64(key_number(name, memories.seed))
