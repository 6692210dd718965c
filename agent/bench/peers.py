"""Peers of the headless world, each in a process of its own: ``python -m agent.bench.peers NAME``.

They are measured only where they are installed (``pip install 'heedful[peers]'``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

Stepper = Callable[[], object]
START_SECONDS = 60.0
"""A peer that has not started by then is left out."""


@dataclass(frozen=True)
class Peer:
    """A world that others use, and how it is played here."""

    package: str
    setting: str
    make: Callable[[], Stepper]
    """Starts it and returns what takes one step with a random action."""


def _make_vizdoom() -> Stepper:
    import vizdoom

    game = vizdoom.DoomGame()
    game.load_config(os.path.join(vizdoom.scenarios_path, "my_way_home.cfg"))
    game.set_window_visible(False)
    game.set_screen_resolution(vizdoom.ScreenResolution.RES_160X120)
    game.set_screen_format(vizdoom.ScreenFormat.RGB24)
    game.set_depth_buffer_enabled(True)
    game.set_labels_buffer_enabled(True)
    game.set_sound_enabled(True)
    game.set_audio_buffer_enabled(True)
    game.set_audio_sampling_rate(vizdoom.SamplingRate.SR_22050)
    game.set_audio_buffer_size(4)
    game.add_game_args("+snd_efx 0")
    game.set_mode(vizdoom.Mode.PLAYER)
    game.set_episode_timeout(100_000)
    game.init()
    buttons = np.eye(game.get_available_buttons_size(), dtype=bool).tolist()
    random = np.random.default_rng(0)

    def step() -> object:
        if game.is_episode_finished():
            game.new_episode()
        state = game.get_state()
        seen = (state.screen_buffer, state.depth_buffer, state.labels_buffer, state.audio_buffer)
        game.make_action(buttons[random.integers(len(buttons))])
        return seen

    return step


def _make_miniworld() -> Stepper:
    import pyglet

    pyglet.options["headless"] = True
    import gymnasium
    import miniworld  # registers its environments

    env = gymnasium.make("MiniWorld-FourRooms-v0", obs_width=64, obs_height=64)
    env.reset(seed=0)
    random = np.random.default_rng(0)
    actions = int(env.action_space.n)  # type: ignore[attr-defined]
    assert miniworld is not None

    def step() -> object:
        seen, _, terminated, truncated, _ = env.step(int(random.integers(actions)))
        if terminated or truncated:
            env.reset()
        return seen

    return step


PEERS: dict[str, Peer] = {
    "vizdoom": Peer(
        "vizdoom",
        "my_way_home, RGB + depth + labels + audio at 160x120, its smallest: 4.7 times our pixels",
        _make_vizdoom,
    ),
    "miniworld": Peer("miniworld", "FourRooms, RGB only, 64x64, software OpenGL", _make_miniworld),
}


def measure_peer(name: str, seconds: float) -> float | str:
    """Steps per second of a peer in one process of its own, or why there is no figure."""
    if find_spec(PEERS[name].package) is None:
        return "not installed: pip install 'heedful[peers]'"
    command = [sys.executable, "-m", "agent.bench.peers", name, str(seconds)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=START_SECONDS + 2 * seconds,
            cwd=tempfile.gettempdir(),  # ViZDoom writes its settings where it is started
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except subprocess.TimeoutExpired:
        return "did not start in time"
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return f"failed: {lines[-1] if lines else 'without a word'}"
    return float(json.loads(done.stdout.splitlines()[-1])["steps_per_s"])


def main(name: str, seconds: float) -> dict[str, Any]:
    """Play one peer and say how fast it was."""
    step = PEERS[name].make()
    for _ in range(50):
        step()
    steps, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        step()
        steps += 1
    return {"steps_per_s": steps / elapsed}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]))))
