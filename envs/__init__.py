"""The headless world and its gymnasium and PettingZoo faces; knows nothing of minds or Unity.

Importing it registers the gymnasium ids and loads neither kernels nor scenes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Idle threads of numba and torch sleep instead of spinning: they take cores from each other
# otherwise. It counts only when it is set before either of them is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import gymnasium

if TYPE_CHECKING:
    from pettingzoo import AECEnv  # type: ignore[import-untyped]

    from envs.team_env import HeedfulParallelEnv

__all__ = ["IDS", "aec_env", "parallel_env"]

_FAMILIES = ("museum", "city", "workshop", "home", "class_room", "meeting_room", "service_desk")
"""Those of ``envs.generate.FAMILIES``, which is not loaded for the sake of their names."""

IDS = {family: f"heedful/{family.title().replace('_', '')}-v0" for family in _FAMILIES}
"""The gymnasium id of each family of scenes (``gymnasium.make("envs:" + id)``)."""

for _family, _id in IDS.items():
    gymnasium.register(
        id=_id,
        entry_point="envs.gym_env:HeedfulEnv",
        vector_entry_point="envs.vector_env:HeedfulVectorEnv",
        kwargs={"family": _family},
    )


def parallel_env(family: str = "museum", npcs: int = 2, **settings: Any) -> HeedfulParallelEnv:
    """A PettingZoo parallel environment of several NPCs in one world.

    Args:
        family: of generated scenes.
        npcs: controlled NPCs.
        settings: fields of ``envs.settings.EnvSettings``: task, seeds, map, scene and more.
    """
    from envs.team_env import HeedfulParallelEnv

    return HeedfulParallelEnv(family, npcs, **settings)


def aec_env(family: str = "museum", npcs: int = 2, **settings: Any) -> AECEnv:
    """The same as a PettingZoo environment in which agents act one after the other.

    The world goes on once all have acted, so nobody sees what others do in the same decision.
    Arguments are those of ``parallel_env``.
    """
    from pettingzoo.utils import parallel_to_aec  # type: ignore[import-untyped]

    return parallel_to_aec(parallel_env(family, npcs, **settings))
