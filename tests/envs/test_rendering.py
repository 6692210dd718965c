"""What ``render`` returns in each mode, and what is said where no window can be opened."""

from __future__ import annotations

import builtins
import re
import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest

import envs
from envs.contract import NO_OP
from envs.rendering import resized, tile
from envs.window import Window, WindowError, load_pygame

ID = "envs:heedful/Museum-v0"


def make(**settings: Any) -> Any:
    return gymnasium.make(ID, **settings)


@pytest.fixture
def no_screen(monkeypatch):
    """SDL shows nothing, as on a machine that tests."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pytest.importorskip("pygame")


def test_the_camera_is_shown_as_large_as_wanted():
    env = make(render_mode="rgb_array", render_size=160)
    observation, _ = env.reset(seed=1)
    frame = env.render()
    assert frame.shape == (160, 160, 3) and frame.dtype == np.uint8
    assert np.array_equal(frame[0, 0], observation["camera"][:, 0, 0])
    assert np.array_equal(frame[-1, -1], observation["camera"][:, -1, -1])


def test_the_world_from_above_follows_the_body():
    env = make(render_mode="top", render_size=200, senses=())
    env.reset(seed=1)
    before = env.render()
    assert before.shape == (200, 200, 3)
    action = np.array(NO_OP)
    action[1] = 4
    for _ in range(5):
        env.step(action)
    assert not np.array_equal(env.render(), before)
    env.reset(seed=2)
    other = env.render()
    assert np.abs(other.astype(int) - before).max(2).astype(bool).mean() > 0.2  # other rooms


def test_a_batch_gives_a_picture_of_each_world():
    env: Any = gymnasium.make_vec(ID, 3, render_mode="top", render_size=64, senses=())
    env.reset(seed=0)
    frames = env.render()
    assert len(frames) == 3 and frames[0].shape == (64, 64, 3)
    assert not np.array_equal(frames[0], frames[1])


def test_a_team_stands_side_by_side():
    env = envs.parallel_env("museum", npcs=2, render_mode="rgb_array")
    observations, _ = env.reset(seed=0)
    frame = env.render()
    assert frame is not None and frame.shape == (64, 128, 3)
    assert np.array_equal(frame[:, 64:], observations["npc_1"]["camera"].transpose(1, 2, 0))


@pytest.mark.usefixtures("no_screen")
def test_a_window_shows_what_the_npcs_see():
    pygame = load_pygame()
    env: Any = gymnasium.make_vec(ID, 2, render_mode="human", render_size=64)
    env.reset(seed=0)
    shown = pygame.surfarray.array3d(pygame.display.get_surface()).swapaxes(0, 1)
    seen = np.concatenate(list(env.unwrapped.world.observation["camera"].transpose(0, 2, 3, 1)), 1)
    assert np.array_equal(shown, seen)
    assert env.render() is None
    env.close()
    assert not pygame.display.get_init()


def test_without_a_display_a_window_is_refused_in_words(monkeypatch):
    pytest.importorskip("pygame")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(WindowError, match="no display to open a window on: set DISPLAY"):
        Window("test", (64, 64), needs_display=True)
    with pytest.warns(RuntimeWarning, match="no display to open a window on: set DISPLAY"):
        window = Window("test", (64, 64))
    assert not window.is_visible
    window.close()


def test_without_pygame_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def no_pygame(name, *rest, **more):
        if name == "pygame":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", no_pygame)
    with pytest.raises(WindowError, match=re.escape("pip install 'heedful[window]'")):
        load_pygame()


def test_a_driver_that_does_not_exist_is_reported(monkeypatch):
    pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "cathode")
    with pytest.raises(WindowError, match=r"No window can be opened .*: check DISPLAY"):
        Window("test", (64, 64))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"render_size": 0}, "A render size of 0 pixels shows nothing: take 1 or more."),
        ({"render_mode": "tip"}, "There is no render mode 'tip': did you mean 'top'?"),
    ],
)
def test_errors_say_the_cure(settings, message):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match=re.escape(message)):
            make(senses=(), **settings)


def test_nothing_is_drawn_before_the_first_episode():
    env = make(render_mode="top", senses=()).unwrapped
    with pytest.raises(ValueError, match="before the first episode: call reset first"):
        env.render()


def test_pictures_are_enlarged_and_tiled():
    small = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert np.array_equal(resized(small, 4)[::2, ::2], small)
    grid = tile([small, small + 1, small + 2])
    assert grid.shape == (4, 4, 3)
    assert np.array_equal(grid[:2, 2:], small + 1)
    assert np.array_equal(grid[2:, :2], small + 2) and not grid[2:, 2:].any()
