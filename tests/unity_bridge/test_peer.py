"""Official, unmodified mlagents_envs launch our player (see tests/peers)."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEW_PYTHON = ROOT / ".venv-peer" / "bin" / "python"
PLAYER = Path(sys.executable).with_name("heedful-player")

pytestmark = pytest.mark.peer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def play(python, program, steps, *arguments):
    run = subprocess.run(
        [str(part) for part in (python, "-m", program, PLAYER, free_port(), steps, *arguments)],
        capture_output=True, text=True, timeout=280, cwd=ROOT,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Unknown side channel" not in run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.skipif(not NEW_PYTHON.exists(), reason="make setup makes .venv-peer on Python 3.11")
def test_the_official_client_launches_resets_and_steps_our_player():
    seen = play(NEW_PYTHON, "tests.peers.official_client", 200, "--threads", "1")
    assert seen["steps"] == seen["decisions"] == 200
    assert seen["behavior"] == "Heedful?team=0"
    assert seen["shapes"] == {
        "audio": [3200],
        "camera": [3, 64, 64],
        "dialogue": [8, 64],
        "entities": [32, 50],
        "goal": [64],
        "self": [32],
    }
    assert seen["masked"] > 0
    assert seen["terminals"] == seen["both"] > 0
    assert seen["stats"]["Heedful/Success"] >= seen["terminals"]
    assert seen["camera_std"] > 0.02


def test_the_old_official_client_gets_its_image_layout_and_teams_as_groups():
    pytest.importorskip("mlagents_envs")
    pytest.importorskip("distutils")  # it needs that, and Python 3.12 has it no more
    arguments = ("--npcs", "2", "--areas", "2", "--threads", "1")
    seen = play(sys.executable, "tests.peers.old_official_client", 60, *arguments)
    assert seen["decisions"] == 4 * 60
    assert seen["shapes"]["camera"] == [64, 64, 3]
    assert seen["groups"] == [1, 2]
