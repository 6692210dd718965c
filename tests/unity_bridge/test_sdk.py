"""The drop-in against the real ML-Agents SDK, run under Mono (``make test-unity``).

Needs Mono; ``tests/unity_check`` fetches the rest when it is first run, about 95 MB for each
SDK version (UNITY_CHECK names another such folder).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.unity_bridge.builds import free_port
from unity_bridge import ActionTuple, UnityEnvironment, UnityParallelEnv
from unity_bridge.llapi import official

ROOT = Path(__file__).parents[2]
CHECK = Path(os.environ.get("UNITY_CHECK", ROOT / "tests" / "unity_check")) / "real_client"
VERSIONS = {"3.0.0": "0.6.5", "4.0.0": "0.8.1"}
"""ML-Agents SDK -> the wheel that it comes in."""
OPTIONS = (
    "", "list", "raw", "stack", "group", "stack,group", "camera", "rays", "camera,rays", "period5",
    "nomax", "raw,camera",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(not CHECK.is_dir(), reason="UNITY_CHECK names no folder unity_check"),
    pytest.mark.skipif(shutil.which("mono") is None, reason="needs Mono: apt install mono-runtime"),
]


@pytest.fixture(params=VERSIONS, ids=lambda sdk: f"sdk{sdk}")
def sdk(request, monkeypatch):
    """Players are of this version of the SDK."""
    monkeypatch.setenv("REPLICANT_VERSION", VERSIONS[request.param])
    return request.param


def check(*arguments):
    """Run check_official.py, which compares every value that arrives."""
    port = free_port()
    run = subprocess.run(
        [sys.executable, "-m", "tests.peers.drop_in_check", str(CHECK / "check_official.py"),
         "--worker-id", str(port - 5004), *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith("OK\n")


@pytest.fixture
def player(tmp_path):
    """Gives a program that plays LineGame with some agents and options."""

    def make(agents, options=""):
        path = tmp_path / "Line.x86_64"
        path.write_text(f'#!/bin/sh\nexec {CHECK}/run_real_client.sh "$2" {agents} "{options}"\n')
        path.chmod(0o755)
        return str(path)

    return make


@pytest.mark.skipif(not official.is_installed(), reason="check_official imports mlagents_envs")
@pytest.mark.parametrize("options", OPTIONS)
def test_every_value_of_every_sensor_is_right(sdk, options):
    check("--agents", "4", "--options", options)


@pytest.mark.skipif(not official.is_installed(), reason="check_official imports mlagents_envs")
@pytest.mark.parametrize("agents", [1, 32, 200])
def test_every_value_is_right_for_many_agents(sdk, agents):
    check("--agents", str(agents))


def test_the_sdk_is_reset_a_thousand_times(sdk, player):
    env = UnityEnvironment(player(2), base_port=free_port(), timeout_wait=60)
    try:
        for _ in range(1000):
            env.reset()
            (name,) = env.behavior_specs
            decisions, _ = env.get_steps(name)
            assert len(decisions) == 2
            env.set_actions(name, ActionTuple(np.ones((2, 1)), np.zeros((2, 1))))
            env.step()
    finally:
        env.close()
    assert env._conversation.closed


def test_the_sdk_is_launched_twenty_times_on_one_port(sdk, player):
    port = free_port()
    for _ in range(20):
        env = UnityEnvironment(player(1), base_port=port, timeout_wait=60)
        env.reset()
        env.close()


def test_the_sdk_plays_behind_pettingzoo(sdk, player):
    env = UnityParallelEnv(
        UnityEnvironment(player(3, "camera,group"), base_port=free_port(), timeout_wait=60),
        uint8_images=True,
    )
    try:
        ended = 0
        for _ in range(5):
            observations, _ = env.reset()
            assert len(env.agents) == 3
            for _ in range(60):
                for agent, observation in observations.items():
                    assert observation in env.observation_space(agent)
                actions = {agent: env.action_space(agent).sample() for agent in env.agents}
                observations, _, terminations, truncations, _ = env.step(actions)
                ended += sum(terminations.values()) + sum(truncations.values())
                if not env.agents:
                    break
        assert ended > 0
    finally:
        env.close()
