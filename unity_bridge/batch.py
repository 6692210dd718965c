"""What a host gives a mind for one decision of one world, and what it wants back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from envs.contract import BRANCH_SIZES, BRANCH_STARTS, NO_OP, CatalogueEntry, Utterance
from unity_bridge.errors import BridgeError


@dataclass(frozen=True)
class Ending:
    """An episode of one NPC that was closed."""

    agent: int
    npc: str
    reward: float
    group_reward: float
    interrupted: bool
    """True when a step limit ended it."""


@dataclass(frozen=True)
class WorldBatch:
    """The n NPCs of one behaviour of one world that wait for a decision."""

    world: str
    """Identifies the connection; with an NPC's key it identifies a mind."""
    behavior: str
    """As on the wire, such as ``Heedful?team=0``."""
    agents: NDArray[np.int64]
    """ML-Agents agent ids, ``(n,)``."""
    npcs: list[str]
    """Stable NPC keys, n of them."""
    observations: dict[str, NDArray]
    """Contract arrays ``(n, ...)`` with ``entities_mask`` and ``dialogue_mask``."""
    action_mask: NDArray[np.bool_]
    """``(n, MASK_SIZE)``, true = allowed."""
    reward: NDArray[np.float32]
    """Reward since the NPC's last decision, group reward included, ``(n,)``."""
    first: NDArray[np.bool_]
    """True at an NPC's first decision of an episode, ``(n,)``."""
    catalogue: list[list[CatalogueEntry]]
    """New catalogue entries of each NPC, in order."""
    texts: list[list[Utterance]]
    """The texts of each NPC's ``dialogue`` rows."""
    goals: list[list[dict[str, Any]]]
    """New messages of the goal channel for each NPC."""
    episodes: list[list[dict[str, Any]]]
    """New messages of the episode channel for each NPC: for evaluation, never for the mind."""
    endings: list[Ending]
    """Episodes of this behaviour that were closed since its last batch."""


@dataclass(frozen=True)
class WorldReply:
    """What the NPCs of a batch do."""

    actions: NDArray[np.integer]
    """``(n, 8)`` indices in branch order."""
    mind: Sequence[Mapping[str, Any] | None] = field(default=())
    """What to display of each NPC's mind, as plain data; empty or n entries."""
    goals: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """By NPC key, what is said about its goals on the goal channel; most are missing."""


class MindServer(Protocol):
    """What a host needs of the minds behind it."""

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Decide for the NPCs of a batch; called once at a time for each world."""
        ...

    def connected(self, world: str) -> None:
        """A world has shaken hands."""
        ...

    def released(self, world: str) -> None:
        """A world has left or vanished; its minds are no longer asked for."""
        ...


@runtime_checkable
class PersonaTaker(Protocol):
    """What a mind server offers when an NPC can be told who it is."""

    async def introduce(self, world: str, npc: str, persona: str) -> None:
        """Tell an NPC who it is, in a few sentences; not while a ``decide`` of its world runs."""
        ...


@runtime_checkable
class MindReleaser(Protocol):
    """What a mind server offers when NPCs of a world come and go one by one (the live link)."""

    def stay(self, world: str) -> None:
        """The NPCs of a world stay until ``left`` names them, however long they do not ask."""
        ...

    def left(self, world: str, npc: str) -> None:
        """An NPC is gone for good; its mind is no longer asked for."""
        ...


@runtime_checkable
class MindKeeper(Protocol):
    """What a mind server offers when its minds can be saved and restored, one NPC at a time.

    Not while a ``decide`` of the same world runs.
    """

    async def save(self, world: str, npc: str) -> bytes | None:
        """The mind of an NPC, at most 64 KiB; None when there is nothing to keep."""
        ...

    async def restore(self, world: str, npc: str, blob: bytes) -> None:
        """Let an NPC go on with a mind that ``save`` gave.

        Raises:
            ValueError: when it cannot be used, in one sentence.
        """
        ...


def allow_actions(reply: WorldReply, batch: WorldBatch) -> tuple[NDArray[np.int64], bool]:
    """The mind's actions; a part that is outside its branch or masked does nothing instead.

    Returns:
        Actions ``(n, 8)``, and True when nothing had to be changed.

    Raises:
        BridgeError: when they have another shape.
    """
    actions = np.array(reply.actions, np.int64)
    expected = (len(batch.agents), len(BRANCH_SIZES))
    if actions.shape != expected:
        raise BridgeError(f"its actions have shape {actions.shape} instead of {expected}")
    inside = (actions >= 0) & (actions < np.array(BRANCH_SIZES))
    columns = np.where(inside, actions, 0) + np.array(BRANCH_STARTS)
    allowed = inside & np.take_along_axis(batch.action_mask, columns, axis=1)
    return np.where(allowed, actions, np.array(NO_OP)), bool(allowed.all())
