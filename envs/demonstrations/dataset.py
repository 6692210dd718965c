"""Demonstrations as data to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.demonstrations.file import Demonstration, load_demonstration
from envs.demonstrations.header import DemonstrationError
from envs.demonstrations.replay import Replay


class Decision(NamedTuple):
    """One decision of one NPC."""

    observation: dict[str, NDArray[Any]]
    """The contract's fields and masks."""
    action: NDArray[np.int32]
    """``(8,)``"""
    info: dict[str, Any]
    """As gym faces give it: ``catalogue``, ``text``, ``action_mask``; at the start ``restart``."""
    driver: str
    """Who chose the action."""


def as_arrays(demonstration: Demonstration, *, verify: bool = True) -> dict[str, NDArray[Any]]:
    """A demonstration of T decisions by N NPCs as arrays.

    Returns:
        The contract's fields and masks ``(T, N, ...)``, ``action`` (T, N, 8) int32, ``action_mask``
        (T, N, MASK_SIZE) bool, ``reward`` (T, N) float32, ``terminated`` and ``truncated`` (T,)
        bool. 400 decisions take 14 MB for each NPC; where T is 0 there are no fields.

    Raises:
        DemonstrationError: it differs from the recording.
    """
    played = Replay(demonstration, verify=verify)
    masks, observations = [], []
    for step in played:
        observations.append(step.observation)
        masks.append(np.stack([info["action_mask"] for info in played.infos]))
    fields = {
        name: np.stack([observation[name] for observation in observations])
        for name in (observations[0] if observations else ())
    }
    npcs = demonstration.header.npcs
    return fields | {
        "action": demonstration.actions.copy(),
        "action_mask": np.array(masks, np.bool_).reshape(len(masks), npcs, contract.MASK_SIZE),
        "reward": demonstration.rewards.copy(),
        "terminated": demonstration.terminated.copy(),
        "truncated": demonstration.truncated.copy(),
    }


def iterate_decisions(
    paths: Iterable[str | Path], *, drivers: Iterable[str] | None = None, verify: bool = True
) -> Iterator[Decision]:
    """Every decision of some files, NPC by NPC within a decision: data for behaviour cloning.

    Args:
        paths: files.
        drivers: whose decisions are wanted, such as ("person",); None: everybody's.
        verify: whether to raise when an observation or a reward is not as recorded.

    Raises:
        DemonstrationError: a file cannot be read, or differs from its recording; or, in the end,
            none of the drivers that are wanted is in any of the files.
        ValueError: one name is given where several are read, letter by letter.
    """
    for name, given in (("paths", paths), ("drivers", drivers)):
        if isinstance(given, str | Path):
            raise ValueError(f"{name} is {str(given)!r}: give a list, such as [{str(given)!r}].")
    wanted = None if drivers is None else frozenset(drivers)
    found: set[str] = set()
    for path in paths:
        demonstration = load_demonstration(path)
        found.update(demonstration.header.drivers)
        played = Replay(demonstration, verify=verify)
        for step in played:
            for npc, driver in enumerate(demonstration.header.drivers):
                if wanted is None or driver in wanted:
                    own = {name: values[npc] for name, values in step.observation.items()}
                    yield Decision(own, step.action[npc], played.infos[npc], driver)
    if wanted and found and not wanted & found:
        raise DemonstrationError(
            f"No NPC of these files was driven by {' or '.join(sorted(wanted))}: choose from "
            f"{', '.join(sorted(found))}."
        )
