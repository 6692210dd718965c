"""A program that steps an environment when told, and says what it cost; for ``bridge``.

    bridge_client.py ours|official PORT

Needs nothing but the environment that it measures, so that it also runs on the official package's
own Python. It reads numbers from standard input and answers each with a line of JSON, after so many
steps: ``seconds`` that passed and ``cpu_seconds`` of this process with all its threads.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

TIMEOUT_SECONDS = 120
BRANCHES = (3, 3, 2)


def main(whose: str, port: int) -> None:
    """Serve one player until standard input ends."""
    about: dict[str, Any]
    environment: Any
    actions: Any
    if whose == "ours":
        import unity_bridge

        environment, actions = unity_bridge.UnityEnvironment, unity_bridge.ActionTuple
        about = {"client": "unity_bridge", "protobuf": "upb"}
    else:
        from google.protobuf.internal import api_implementation
        from mlagents_envs import __version__, base_env
        from mlagents_envs.environment import UnityEnvironment

        environment, actions = UnityEnvironment, base_env.ActionTuple
        about = {"client": f"mlagents_envs {__version__}", "protobuf": api_implementation.Type()}
    import numpy as np

    env = environment(base_port=port, timeout_wait=TIMEOUT_SECONDS)
    try:
        env.reset()
        (behavior,) = env.behavior_specs
        observed = [tuple(spec.shape) for spec in env.behavior_specs[behavior].observation_specs]
        about.update(python=sys.version.split()[0], numpy=np.__version__, shapes=observed)
        _say(about)
        for line in sys.stdin:
            began, cpu = time.perf_counter(), time.process_time()
            touched = 0.0
            for _ in range(int(line)):
                decisions, _ = env.get_steps(behavior)
                for values in decisions.obs:
                    touched += float(values[:, -1].sum())  # a reader needs them all, not one by one
                agents = len(decisions)
                continuous = np.zeros((agents, 2), np.float32)
                discrete = np.ones((agents, len(BRANCHES)), np.int32)
                env.set_actions(behavior, actions(continuous, discrete))
                env.step()
            seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
            _say({"seconds": seconds, "cpu_seconds": cpu_seconds, "touched": touched})
    finally:
        env.close()


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
