"""The official, unmodified mlagents_envs 1.1.0 launches our player (see tests/peers)."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PEER = ROOT / ".venv-peer" / "bin" / "python"
PLAYER = Path(sys.executable).with_name("heedful-player")

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(not PEER.exists(), reason="make setup makes .venv-peer on Python 3.11"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def play(steps, *arguments):
    command = [PEER, ROOT / "tests/peers/official_client.py", PLAYER, free_port(), steps]
    run = subprocess.run(
        [*map(str, command), *arguments, "--threads", "1"],
        capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Unknown side channel" not in run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_the_official_client_launches_resets_and_steps_our_player():
    seen = play(200)
    assert seen["steps"] == seen["decisions"] == 200
    assert seen["behavior"] == "Heedful?team=0"
    assert seen["shapes"]["camera"] == [3, 64, 64]
    assert seen["shapes"]["entities"] == [32, 50]
    assert seen["masked"] > 0
    assert seen["terminals"] == seen["both"] > 0
    assert seen["stats"]["Heedful/Success"] >= seen["terminals"]
    assert seen["camera_std"] > 0.02


def test_a_team_is_a_multi_agent_group():
    seen = play(25, "--npcs", "2")
    assert seen["decisions"] == 50
    assert seen["groups"] == [1]
