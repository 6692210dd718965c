"""The mind of an NPC: belief, attention, heads, metacognition, and how they are learned."""

import importlib
import os
from typing import Any

# Idle OpenMP threads sleep instead of spinning: torch and numba each have a pool, and on few cores
# one pool's spinning takes the other's time. Read once, when the first of the two is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

_LAZY = {"Decision": "agent.mind", "Infos": "agent.infos", "Mind": "agent.mind"}
"""Names of this package and the modules that they come from: torch is loaded when one is used."""

__all__ = ["Decision", "Infos", "Mind"]  # they come from __getattr__


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
