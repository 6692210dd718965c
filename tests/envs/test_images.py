"""Images of other sizes, depth and classes through every face: spaces, bytes, and what is said."""

from __future__ import annotations

import re
import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from pettingzoo.test import api_test, parallel_api_test  # type: ignore[import-untyped]

import envs
from envs.contract import FIELDS, MASK_FIELDS, NO_OP, Act, Branch
from envs.spaces import FARTHEST_DEPTH, observation_space
from envs.tasks import TaskError
from envs.world.layout import semantic_names
from envs.world.shade import FARTHEST
from envs.wrappers import CameraOnly, PlainVector

ID = "envs:heedful/Museum-v0"
LARGE: dict[str, Any] = {"camera_size": 96, "depth": True, "semantic": True}
MIXES: tuple[dict[str, Any], ...] = (
    {"camera_size": 128},
    {"depth": True},
    {"semantic": True, "camera_size": 17},
    {"depth": True, "semantic": True, "senses": ("audio",), "camera_size": 32},
    LARGE,
)


@pytest.fixture
def no_screen(monkeypatch):
    """Windows are opened, but nobody sees them."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.usefixtures("no_screen")
@pytest.mark.parametrize("settings", MIXES, ids=str)
def test_gymnasium_accepts_every_mix_without_a_warning(settings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env: Any = gymnasium.make(ID, render_mode="rgb_array", **settings)
        check_env(env.unwrapped)
        env.reset(seed=1)
        size = settings.get("camera_size", 64)
        assert env.render().shape == (size, size, 3)
        env.close()


def test_pettingzoo_accepts_them():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="(Observation|Action space for each)")
        parallel_api_test(envs.parallel_env("museum", npcs=2, **LARGE), num_cycles=20)
        api_test(envs.aec_env("museum", npcs=2, **LARGE), num_cycles=10)


def test_nothing_changes_unless_asked_for():
    space: Any = gymnasium.make(ID).observation_space
    assert space == observation_space()
    assert set(space) == {field.name for field in FIELDS} | set(MASK_FIELDS)
    assert space["camera"].shape == (3, 64, 64)


def test_the_images_are_of_one_view_in_metres_and_classes():
    env: Any = gymnasium.make("envs:heedful/City-v0", **LARGE)
    ids = set(semantic_names())
    seen, _ = env.reset(seed=4)
    for turn in range(12):
        assert seen["camera"].shape == (3, 96, 96) and seen["camera"].any()
        assert seen["depth"].shape == (96, 96) and seen["depth"].dtype == np.float32
        assert 0.05 < seen["depth"].min() < seen["depth"].max() <= FARTHEST_DEPTH
        assert seen["semantic"].shape == (96, 96) and seen["semantic"].dtype == np.uint8
        assert set(np.unique(seen["semantic"]).tolist()) <= ids
        assert env.observation_space.contains(seen)
        # The floor in the middle of the lowest row, seen from 1.5 m, 10 degrees down.
        if seen["semantic"][-1, 48] == 1:
            below = np.arctan((96 - 1) / 96) + np.deg2rad(10)
            metres = 1.5 / np.sin(below) * np.cos(below - np.deg2rad(10))
            assert seen["depth"][-1, 48] == pytest.approx(metres, rel=0.02), turn
        action = np.array(NO_OP)
        action[Branch.TURN] = 4
        seen = env.step(action)[0]
    assert FARTHEST_DEPTH == FARTHEST


def test_a_row_of_the_batch_and_of_a_team_is_the_single_environment():
    settings: Any = LARGE | {"task": "ringing"}
    batch: Any = gymnasium.make_vec(ID, num_envs=2, **settings)
    single: Any = gymnasium.make(ID, **settings)
    views: Any = gymnasium.make_vec(ID, num_envs=2, copy=False, **settings)
    alone = envs.parallel_env("museum", npcs=1, **settings)
    many, one = batch.reset(seed=20)[0], single.reset(seed=21)[0]
    fast, team = views.reset(seed=20)[0], alone.reset(seed=21)[0]["npc_0"]
    assert batch.observation_space.contains(many)
    action = np.array(NO_OP)
    action[Branch.MOVE], action[Branch.TURN] = 1, 4
    for _ in range(6):
        assert one.keys() == many.keys() == fast.keys() == team.keys()
        for name, values in one.items():
            for other in (many[name][1], fast[name][1], team[name]):
                assert np.array_equal(values, other), name
        kept = many["depth"].copy(), fast["depth"].copy()
        before = many, fast
        many, fast = (env.step(np.stack([action, action]))[0] for env in (batch, views))
        assert np.array_equal(before[0]["depth"], kept[0])
        assert not np.array_equal(before[1]["depth"], kept[1])  # it was told not to copy
        one = single.step(action)[0]
        team = alone.step({"npc_0": action})[0]["npc_0"]


def test_final_observations_have_them_too():
    env: Any = gymnasium.make_vec(
        ID, num_envs=2, autoreset_mode=AutoresetMode.SAME_STEP, map="known", **LARGE
    )
    first, _ = env.reset(seed=3)
    actions = np.tile(np.array(NO_OP), (2, 1))
    actions[1, Branch.ACT], actions[1, Branch.TARGET] = Act.FINISH, first["self"][1, 10]
    seen, _, terminated, _, infos = env.step(actions)
    assert terminated.tolist() == [False, True]
    last = infos["final_obs"][1]
    assert env.single_observation_space.contains(last)
    assert np.allclose(last["depth"], first["depth"][1], rtol=1e-3)
    assert not np.allclose(last["depth"], seen["depth"][1], rtol=1e-3)


def test_what_is_left_out_stays_blank():
    env: Any = gymnasium.make(ID, senses=(), depth=True, camera_size=16)
    seen, _ = env.reset(seed=1)
    assert not seen["camera"].any() and not seen["audio"].any() and seen["depth"].all()
    assert "semantic" not in seen


def test_wrappers_follow():
    env: Any = CameraOnly(gymnasium.make(ID, camera_size=48))
    assert env.observation_space.shape == env.reset(seed=1)[0].shape == (48, 48, 3)
    plain = PlainVector(gymnasium.make(ID, **LARGE), fields=("depth", "semantic", "self"))
    whole, _ = plain.reset(seed=5)
    seen, _ = plain.env.reset(seed=5)
    for name in ("depth", "semantic"):
        assert np.array_equal(whole[plain.layout[name]], seen[name].reshape(-1)), name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"camera_size": 8}, "camera_size is 8: give a whole number of pixels from 16 to 512, "
         "the side of a square image."),
        ({"camera_size": 513}, "camera_size is 513: give a whole number"),
        ({"camera_size": 64.0}, "camera_size is 64.0: give a whole number"),
        ({"camera_size": (64, 64)}, "camera_size is (64, 64): give a whole number"),
        ({"camera_size": True}, "camera_size is True: give a whole number"),
        ({"depth": "metres"}, "depth is 'metres': say True or False."),
        ({"semantic": 2}, "semantic is 2: say True or False."),
        ({"senses": "camera"}, "senses is 'camera': give the names of those to compute, such as "
         "('camera',), or () for none."),
        ({"senses": None}, "senses is None: give the names of those to compute"),
        ({"senses": ("camera", "depth")},
         "'depth' is no sense of the contract: ask for it by depth=True."),
        ({"senses": ("camara",)}, "There is no sense 'camara': did you mean 'camera'?"),
        ({"map": "knwon"}, "map is 'knwon': say 'known', 'none', or None for half and half."),
        ({"seeds": range(0)}, "seeds is range(0, 0): give some as 'A:B' or range(A, B), or None "
         "for the training seeds."),
        ({"seeds": range(5, 5)}, "seeds is range(5, 5): give some as 'A:B'"),
        ({"seeds": (2_000_000, 2_000_200)}, "seeds is (2000000, 2000200): give some as 'A:B'"),
        ({"seeds": 5}, "seeds is 5: give some as 'A:B'"),
        ({"render_size": (64, 64)},
         "render_size is (64, 64): give the height of the picture in pixels."),
        ({"action_delay": 1.5},
         "action_delay is 1.5: give a whole number of decisions from 0 to 3."),
        ({"action_delay": 4}, "action_delay is 4: give a whole number of decisions"),
        ({"perturbations": "deaf"},
         "perturbations is 'deaf': give a tuple of names, such as ('deaf',)."),
        ({"task": ()}, "No task is named: name one or several, or None for every one."),
        ({"camerasize": 64}, "There is no setting 'camerasize': did you mean 'camera_size'?"),
    ],
)  # fmt: skip
def test_settings_are_refused_with_one_sentence_at_every_face(settings, message):
    for make in (
        lambda: gymnasium.make(ID, **settings),
        lambda: gymnasium.make_vec(ID, 2, **settings),
        lambda: envs.parallel_env("museum", **settings),
        lambda: envs.aec_env("museum", **settings),
    ):
        with pytest.raises((ValueError, TypeError, TaskError), match=re.escape(message)):
            make()
