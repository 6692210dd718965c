"""The headless world and its gymnasium and PettingZoo faces; knows nothing of minds or Unity.

Importing it registers the gymnasium ids and loads no kernel.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Idle threads of numba and torch sleep instead of spinning: they take cores from each other
# otherwise. It counts only when it is set before either of them is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import gymnasium

from envs.generate import FAMILIES

if TYPE_CHECKING:
    from envs.team_env import HeedfulParallelEnv

__all__ = ["parallel_env"]

for _family in FAMILIES:
    gymnasium.register(
        id=f"heedful/{_family.title().replace('_', '')}-v0",
        entry_point="envs.gym_env:HeedfulEnv",
        vector_entry_point="envs.vector_env:HeedfulVectorEnv",
        kwargs={"family": _family},
    )


def parallel_env(family: str = "museum", npcs: int = 2, **settings: Any) -> HeedfulParallelEnv:
    """A PettingZoo parallel environment of several NPCs in one world.

    Args:
        family: of generated scenes.
        npcs: controlled NPCs.
        settings: as ``HeedfulParallelEnv`` takes them: task, seeds, map, scene and more.
    """
    from envs.team_env import HeedfulParallelEnv

    return HeedfulParallelEnv(family, npcs, **settings)
