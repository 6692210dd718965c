"""What comes beside the arrays of an observation: names, texts, masks and which NPC is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.sampling import all_allowed
from envs.contract import CatalogueEntry, Utterance


@dataclass
class Infos:
    """Side information of one observation of R rows."""

    keys: Sequence[object]
    """R stable keys, one per NPC; a mind's memory and noise belong to a key."""
    catalogue: Sequence[Sequence[CatalogueEntry]]
    """R lists of catalogue entries that are new since the last decision."""
    texts: Sequence[Sequence[Utterance]]
    """R lists of the texts behind the rows of ``dialogue``."""
    goals: Sequence[str]
    """R instructions; "" where it has not changed or only its words are known."""
    action_mask: NDArray[np.bool_]
    """``(R, MASK_SIZE)`` True where allowed."""
    restart: NDArray[np.bool_]
    """``(R,)`` True where an episode begins with this observation: the NPC's memory is cleared."""

    @property
    def rows(self) -> int:
        """Number of NPCs."""
        return len(self.keys)

    @staticmethod
    def empty(rows: int) -> Infos:
        """Nothing is said, named or forbidden; the keys are the row numbers."""
        return Infos(
            keys=range(rows),
            catalogue=[()] * rows,
            texts=[()] * rows,
            goals=[""] * rows,
            action_mask=all_allowed(rows),
            restart=np.zeros(rows, np.bool_),
        )

    @staticmethod
    def of(infos: Infos | Mapping[str, Any] | Sequence[Mapping[str, Any]], rows: int) -> Infos:
        """Infos of any of our faces: gymnasium's of one env or of a vector env, or one per row.

        Known keys: ``catalogue``, ``text``, ``goal``, ``action_mask``, ``npc`` (the NPC's key) and
        ``restart``.
        """
        if isinstance(infos, Infos):
            return infos
        if isinstance(infos, Mapping):
            infos = _split(infos, rows)
        if len(infos) != rows:
            raise ValueError(
                f"There are infos of {len(infos)} NPCs for observations of {rows}: give one each."
            )
        result = Infos.empty(rows)
        result.keys = [info.get("npc", row) for row, info in enumerate(infos)]
        result.catalogue = [_listed(info.get("catalogue")) for info in infos]
        result.texts = [_listed(info.get("text")) for info in infos]
        result.goals = [str(info.get("goal") or "") for info in infos]
        result.restart = np.array([bool(info.get("restart", False)) for info in infos], np.bool_)
        for row, info in enumerate(infos):
            if info.get("action_mask") is not None:
                result.action_mask[row] = np.asarray(info["action_mask"]).astype(np.bool_)
        return result


def _listed(entries: Any) -> Sequence[Any]:
    """A list of entries, empty for None and for the 0 that vector envs fill gaps with."""
    return entries if isinstance(entries, (list, tuple)) else ()


def _split(info: Mapping[str, Any], rows: int) -> list[dict[str, Any]]:
    """One dict per row from a gymnasium info dict, of one env or of a vector env."""
    mask = info.get("action_mask")
    if rows == 1 and (mask is None or np.ndim(mask) == 1):
        return [dict(info)]
    names = ("catalogue", "text", "goal", "action_mask", "npc", "restart")
    return [
        {name: info[name][row] for name in names if name in info and _present(info, name, row)}
        for row in range(rows)
    ]


def _present(info: Mapping[str, Any], name: str, row: int) -> bool:
    """Vector envs mark with ``_name`` in which rows a key is real."""
    real = info.get("_" + name)
    return real is None or bool(real[row])
