"""Leaving a sense out: replaced by its defined blank at the edge of the mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from envs.contract import SelfColumn

SENSES = ("camera", "audio", "dialogue")
PARTS = (*SENSES, "graph", "metacognition")
"""What can be left out."""

_BLANKED = {
    "camera": (("camera",), SelfColumn.CAMERA_VALID),
    "audio": (("audio",), SelfColumn.AUDIO_VALID),
    "dialogue": (("dialogue", "dialogue_mask"), SelfColumn.DIALOGUE_VALID),
}


def check_parts(without: Iterable[str]) -> tuple[str, ...]:
    """The parts to leave out, in a fixed order.

    Raises:
        ValueError: one of them does not exist.
    """
    wanted = set(without)
    unknown = wanted - set(PARTS)
    if unknown:
        raise ValueError(
            f"Nothing called {sorted(unknown)[0]!r} can be left out: "
            f"choose from {', '.join(PARTS)}."
        )
    return tuple(part for part in PARTS if part in wanted)


def blank_senses(
    observations: Mapping[str, NDArray],
    senses: Iterable[str],
    rows: NDArray[np.bool_] | None = None,
) -> dict[str, NDArray]:
    """Observations with some senses blank: black, silent, nothing said; and marked as not valid.

    Args:
        observations: contract arrays of R rows; they are left as they were.
        senses: which senses.
        rows: ``(R,)`` True where to blank, everywhere by default.
    """
    blanked = dict(observations)
    chosen = slice(None) if rows is None else rows
    for sense in senses:
        names, valid = _BLANKED[sense]
        for name in names:
            if name in blanked:
                blanked[name] = blanked[name].copy()
                blanked[name][chosen] = 0
        blanked["self"] = blanked["self"].copy()
        blanked["self"][chosen, valid] = 0.0
    return blanked
