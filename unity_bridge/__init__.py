"""The ML-Agents wire: hosts for players, players for hosts, and any Unity build as environment."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

from unity_bridge.grpc_polling import poll_directly

# Idle OpenMP threads sleep instead of spinning: torch and numba each have a pool, and on few cores
# one pool's spinning takes the other's time. Read once, when the first of the two is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
poll_directly()

if TYPE_CHECKING:
    from unity_bridge.environment import UnityEnvironment
    from unity_bridge.llapi import ActionTuple
    from unity_bridge.unity_gym import UnityGymEnv
    from unity_bridge.unity_team import UnityParallelEnv

_MODULES = {
    "ActionTuple": "unity_bridge.llapi",
    "UnityEnvironment": "unity_bridge.environment",
    "UnityGymEnv": "unity_bridge.unity_gym",
    "UnityParallelEnv": "unity_bridge.unity_team",
}

__all__ = ["ActionTuple", "UnityEnvironment", "UnityGymEnv", "UnityParallelEnv"]


def __getattr__(name: str) -> object:
    """Import what is exported as it is asked for: a player has no use for environments."""
    if name not in _MODULES:
        raise AttributeError(f"module 'unity_bridge' has no attribute '{name}'")
    return getattr(import_module(_MODULES[name]), name)
