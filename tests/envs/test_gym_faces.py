"""The faces that other people's programs see: gymnasium's and PettingZoo's own checks, and ours."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from pettingzoo.test import (  # type: ignore[import-untyped]
    api_test,
    parallel_api_test,
    parallel_seed_test,
    render_test,
    seed_test,
)

import envs
from envs.contract import NO_OP, Act, Branch
from envs.episodes import EpisodeSource
from envs.generate import FAMILIES, generate
from envs.gym_env import HeedfulEnv
from envs.policies import oracle, random_actions
from envs.scene import SceneError
from envs.tasks import TASKS, TaskError
from envs.vector_env import HeedfulVectorEnv

ID = "envs:heedful/Museum-v0"
BLIND: Any = {"senses": ()}


@pytest.fixture(autouse=True)
def no_screen(monkeypatch):
    """Windows are opened, but nobody sees them."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.parametrize("family", envs.IDS)
def test_gymnasium_accepts_every_environment_without_a_warning(family):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env: Any = gymnasium.make(f"envs:{envs.IDS[family]}", render_mode="rgb_array")
        check_env(env.unwrapped)
        env.close()


def test_every_family_has_an_id():
    assert set(envs.IDS) == set(FAMILIES)


def test_pettingzoo_accepts_the_parallel_environment():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parallel_api_test(envs.parallel_env("museum", npcs=2), num_cycles=60)
        parallel_seed_test(lambda: envs.parallel_env("museum", npcs=2), num_cycles=20)


def test_pettingzoo_accepts_the_turn_based_environment(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="(Observation|Action space for each)")
        api_test(envs.aec_env("museum", npcs=2, senses=()), num_cycles=40)
        seed_test(lambda: envs.aec_env("museum", npcs=2, senses=()), num_cycles=20)
        render_test(lambda **mode: envs.aec_env("museum", npcs=2, **mode))


def test_make_vec_gives_the_native_batch():
    for mode in (None, "vector_entry_point"):
        env: Any = gymnasium.make_vec(ID, num_envs=3, vectorization_mode=mode, **BLIND)
        assert type(env.unwrapped).__name__ == "HeedfulVectorEnv"
        assert env.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
        observations, _ = env.reset(seed=1)
        assert env.observation_space.contains(observations)


def test_importing_loads_no_kernel():
    program = "import sys, os, envs; print('numba' in sys.modules, os.environ['OMP_WAIT_POLICY'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "passive"], done.stderr


def solo(**settings: Any) -> Any:
    return gymnasium.make(ID, **BLIND, **settings).unwrapped


def test_info_says_what_the_design_promises():
    env = solo(task="ask_then_go")
    _, info = env.reset(seed=0, options={"episode_seed": 2_000_004})
    assert info["episode_seed"] == 2_000_004
    assert info["task"] == "navigation/ask_then_go"
    assert info["restart"] and info["goal"]
    assert {entry.op for entry in info["catalogue"]} == {"add"}
    assert info["action_mask"].dtype == np.bool_
    ended = False
    heard = []
    while not ended:
        _, reward, terminated, truncated, info = env.step(oracle(env.world)[0])
        heard += [line.text for line in info["text"]]
        ended = terminated or truncated
    assert any(" is in the " in text for text in heard)
    assert reward == pytest.approx(0.999)
    assert info["success"] == 1.0 and 0.9 < info["spl"] <= 1.0


def test_a_wrong_commit_ends_the_episode():
    env = solo(task="named_place", map="known")
    env.reset(seed=5)
    action = np.array(NO_OP)
    action[Branch.ACT], action[Branch.TARGET] = Act.FINISH, env.world.observation["self"][0, 10]
    _, reward, terminated, _, info = env.step(action)
    assert terminated and reward == pytest.approx(-0.501)
    assert info["success"] == 0.0 and info["wrong_commit"] == 1.0


def test_seeds_choose_the_same_episodes():
    first, second = solo(task=None), solo(task=None)
    drawn = [[env.reset(seed=8)[1] for _ in range(1)] for env in (first, second)]
    assert drawn[0][0]["episode_seed"] == drawn[1][0]["episode_seed"]
    later = [env.reset()[1]["episode_seed"] for env in (first, second)]
    assert later[0] == later[1] != drawn[0][0]["episode_seed"]


def test_every_task_of_one_npc_is_drawn_when_none_is_named():
    env = solo(task=None, seeds="0:50")
    tasks = {env.reset(seed=seed)[1]["task"] for seed in range(150)}
    assert tasks == {
        name for name, task in TASKS.items() if task.npcs == 1 and "museum" in task.families
    }


def test_render_shows_what_the_npc_sees():
    env: Any = gymnasium.make(ID, render_mode="rgb_array")
    observation, _ = env.reset(seed=1)
    assert np.array_equal(env.render(), observation["camera"].transpose(1, 2, 0))
    assert solo().render() is None


def test_a_row_of_the_batch_is_the_single_environment():
    rng = np.random.default_rng(0)
    batch = gymnasium.make_vec(ID, num_envs=3, task="coloured_object")
    single = gymnasium.make(ID, task="coloured_object").unwrapped
    many, infos = batch.reset(seed=20)
    one, info = single.reset(seed=21)
    for _ in range(15):
        for name in one:
            assert np.array_equal(one[name], many[name][1]), name
        assert info["catalogue"] == infos["catalogue"][1]
        assert np.array_equal(info["action_mask"], infos["action_mask"][1])
        actions = random_actions(infos["action_mask"], rng)
        actions[:, Branch.ACT] = 0
        many, _, _, _, infos = batch.step(actions)
        one, _, _, _, info = single.step(actions[1])


def test_batch_resets_on_the_next_step():
    env: Any = gymnasium.make_vec(ID, num_envs=4, map="known", **BLIND)
    _, infos = env.reset(seed=3)
    before = infos["episode_seed"].copy()
    actions = np.tile(np.array(NO_OP), (4, 1))
    actions[2, Branch.ACT] = Act.FINISH
    actions[2, Branch.TARGET] = env.unwrapped.world.observation["self"][2, 10]
    _, reward, terminated, _, infos = env.step(actions)
    assert terminated.tolist() == [False, False, True, False]
    assert infos["_success"].tolist() == terminated.tolist()
    assert "episode_seed" not in infos
    observations, reward, terminated, truncated, infos = env.step(actions)
    assert reward[2] == 0.0 and not terminated.any() and not truncated.any()
    assert infos["_restart"].tolist() == [False, False, True, False]
    assert infos["episode_seed"][2] != before[2]
    assert observations["self"][2, 19] == 0.0  # a new clock
    _, _, terminated, _, _ = env.step(np.tile(np.array(NO_OP), (4, 1)))
    assert not terminated.any()


def wrong_finish(env: Any, rows: list[int]) -> np.ndarray:
    """Actions that end the episodes of some rows: they answer with the room they stand in."""
    actions = np.tile(np.array(NO_OP), (env.num_envs, 1))
    actions[rows, Branch.ACT] = Act.FINISH
    actions[rows, Branch.TARGET] = env.unwrapped.world.observation["self"][rows, 10]
    return actions


def test_batch_resets_in_the_same_step():
    settings: Any = {"map": "known", **BLIND}
    env: Any = gymnasium.make_vec(ID, num_envs=3, autoreset_mode="SameStep", **settings)
    late: Any = gymnasium.make_vec(ID, num_envs=3, **settings)
    assert env.metadata["autoreset_mode"] == AutoresetMode.SAME_STEP
    env.reset(seed=3)
    late.reset(seed=3)
    actions = wrong_finish(env, [1])
    observations, reward, terminated, _, infos = env.step(actions)
    last, _, _, _, final = late.step(actions)
    assert terminated.tolist() == infos["_restart"].tolist() == [False, True, False]
    assert reward[1] == pytest.approx(-0.501)
    assert infos["_final_obs"].tolist() == infos["_final_info"].tolist() == terminated.tolist()
    assert infos["final_obs"][0] is None
    for name, values in infos["final_obs"][1].items():
        assert np.array_equal(values, last[name][1])
    assert infos["final_info"]["wrong_commit"][1] == final["wrong_commit"][1] == 1.0
    assert observations["self"][1, 19] == 0.0 and observations["self"][0, 19] > 0.0
    assert len(infos["catalogue"][1]) > 5  # of the new episode
    again, _, _, _, told = late.step(actions)
    assert told["episode_seed"][1] == infos["episode_seed"][1]
    for name, values in again.items():
        assert np.array_equal(values[1], observations[name][1]), name


def test_batch_leaves_resets_to_the_user():
    env: Any = gymnasium.make_vec(
        ID, num_envs=3, autoreset_mode=AutoresetMode.DISABLED, map="known", **BLIND
    )
    env.reset(seed=3)
    before, _, terminated, _, infos = env.step(wrong_finish(env, [2]))
    assert terminated.tolist() == infos["_success"].tolist() == [False, False, True]
    with pytest.raises(ValueError, match="The episode of world 2 has ended: reset it first with"):
        env.step(wrong_finish(env, []))
    after, infos = env.reset(options={"reset_mask": terminated})
    assert infos["_episode_seed"].tolist() == infos["_catalogue"].tolist() == terminated.tolist()
    for name, values in after.items():
        assert np.array_equal(values[:2], before[name][:2]), name
    assert after["self"][2, 19] == 0.0
    _, _, terminated, _, _ = env.step(wrong_finish(env, []))
    assert not terminated.any()


def test_a_batch_of_every_mode_plays_many_episodes():
    """Ends in many rows at once, as a trainer meets them; gymnasium's own batch agrees."""
    settings: Any = {"map": "known", **BLIND}
    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP):
        ours: Any = gymnasium.make_vec(ID, num_envs=3, autoreset_mode=mode, **settings)
        theirs: Any = gymnasium.make_vec(
            ID, num_envs=3, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode},
            **settings,
        )  # fmt: skip
        ours.reset(seed=11)
        theirs.reset(seed=11)
        for step in range(12):
            actions = wrong_finish(ours, [step % 3, (step + 1) % 3] if step % 2 else [])
            mine, other = ours.step(actions), theirs.step(actions)
            for name, values in mine[0].items():
                assert np.array_equal(values, other[0][name]), (mode, step, name)
            for part in (1, 2, 3):
                assert np.allclose(mine[part], other[part]), (mode, step, part)
            assert set(mine[4]) == set(other[4])
            for name in mine[4]:
                if name.startswith("_"):
                    assert np.array_equal(mine[4][name], other[4][name]), (mode, step, name)


def test_batch_copies_unless_told_not_to():
    for copy in (True, False):
        env: Any = gymnasium.make_vec(ID, num_envs=2, copy=copy, **BLIND)
        first, _ = env.reset(seed=1)
        kept = first["self"].copy()
        actions = np.tile(np.array(NO_OP), (2, 1))
        actions[:, Branch.TURN] = 4
        env.step(actions)
        assert np.array_equal(first["self"], kept) == copy


def test_parallel_team_plays_to_the_end():
    env = envs.parallel_env("museum", npcs=2, **BLIND)
    chosen = {"episode_seed": 2_000_001, "task": "two_know_halves"}
    _, infos = env.reset(seed=2, options=chosen)
    assert {info["task"] for info in infos.values()} == {"coordination/two_know_halves"}
    assert infos["npc_0"]["goal"] != infos["npc_1"]["goal"]
    assert len(infos["npc_0"]["text"]) == 1  # its briefing
    total = dict.fromkeys(env.agents, 0.0)
    while env.agents:
        actions = oracle(env.world)
        agents = list(env.agents)
        _, rewards, _, _, infos = env.step(dict(zip(agents, actions, strict=True)))
        for agent in agents:
            total[agent] += rewards[agent]
    assert all(info["success"] == 1.0 for info in infos.values())
    assert all(0.4 < value < 1.0 for value in total.values())


def _reset(env: Any) -> Any:
    env.reset(seed=0)
    return env


def _ended(env: Any) -> Any:
    action = np.array(NO_OP)
    action[[Branch.ACT, Branch.TARGET]] = Act.FINISH, _reset(env).world.observation["self"][0, 10]
    assert env.step(action)[2]
    return env


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: solo(task="two_know_halves"), TaskError,
         "Task 'coordination/two_know_halves' is for 2 NPCs and not for 1: "
         "use envs.parallel_env(npcs=2) or another task."),
        (lambda: solo(task="named"), TaskError, "No task is called 'named'"),
        (lambda: solo(scene="museun"), SceneError, "museun"),
        (lambda: solo(seeds="7"), ValueError, "Seeds are written A:B"),
        (lambda: HeedfulEnv(render_mode="hunan"), ValueError,
         "There is no render mode 'hunan': did you mean 'human'?"),
        (lambda: HeedfulEnv(taks="ringing"), TypeError,
         "There is no setting 'taks': did you mean 'task'?"),
        (lambda: HeedfulEnv(family="museun").reset(), SceneError,
         "No family of scenes is called 'museun': did you mean 'museum'?"),
        (lambda: gymnasium.make("envs:heedful/Musem-v0"), gymnasium.error.NameNotFound,
         "Did you mean: `Museum`?"),
        (lambda: HeedfulVectorEnv(2, autoreset_mode="NEXT", senses=()), ValueError,
         "There is no autoreset mode 'NEXT': did you mean 'NEXT_STEP'?"),
        (lambda: HeedfulVectorEnv(2, senses=()).step(np.array([NO_OP] * 2)), ValueError,
         "There is no episode to step: call reset first."),
        (lambda: HeedfulVectorEnv(2, senses=()).reset(options={"reset_mask": [True]}), ValueError,
         "A reset_mask is a bool for each of the 2 worlds, at least one True."),
        (lambda: HeedfulVectorEnv(2, senses=()).reset(
            options={"reset_mask": np.array([True, False])}), ValueError,
         "The first reset is for every world: leave out the reset_mask."),
        (lambda: solo().step(np.array(NO_OP)), ValueError,
         "There is no episode to step: call reset first."),
        (lambda: _ended(solo(map="known")).step(np.array(NO_OP)), ValueError,
         "The episode has ended: call reset first."),
        (lambda: _reset(solo()).step(np.zeros(7, int)), ValueError,
         "actions have shape (1, 7); expected (1, 8)"),
        (lambda: _reset(solo()).step(np.full(8, 9)), ValueError,
         "branch 'move' is 9, allowed are 0 to 7"),
        (lambda: HeedfulVectorEnv(2, senses=()).reset(seed=[1]), ValueError,
         "There are 1 seeds for 2 worlds: give one each."),
        (lambda: envs.parallel_env("museum", npcs=9), TaskError,
         "No task is for 9 NPCs: take 1 to 8."),
        (lambda: envs.parallel_env("worshop"), SceneError,
         "No family of scenes is called 'worshop': did you mean 'workshop'?"),
        (lambda: solo(family="worshop"), SceneError,
         "No family of scenes is called 'worshop': did you mean 'workshop'?"),
        (lambda: envs.parallel_env("museum", npcs=2, task="ringing"), TaskError,
         "Task 'navigation/ringing' is for 1 NPC and not for 2"),
        (lambda: solo(npcs=2), TypeError,
         "This face has one NPC: use envs.parallel_env(npcs=...) for more."),
        (lambda: solo().reset(options={"episod_seed": 3}), ValueError,
         "There is no option 'episod_seed' of an episode: did you mean 'episode_seed'?"),
        (lambda: solo().reset(options={"episode_seed": "3"}), ValueError,
         "episode_seed is '3': give a whole number."),
        (lambda: HeedfulVectorEnv(0), ValueError,
         "num_envs is 0: give a whole number of worlds from 1."),
        (lambda: HeedfulVectorEnv(2.5), ValueError,  # type: ignore[arg-type]
         "num_envs is 2.5: give a whole number of worlds from 1."),
        (lambda: _reset(envs.parallel_env("museum", npcs=2, **BLIND)).step([NO_OP, NO_OP]),
         ValueError, "Actions are a dictionary: give one with an action for every agent."),
        (lambda: _reset(envs.parallel_env("museum", npcs=2, **BLIND)).step(
            {"npc_0": NO_OP, "npc_1": None}),
         ValueError, "The action of npc_1 has shape (): give 8 numbers"),
        (lambda: envs.parallel_env("museum", npcs=2, **BLIND).step({}), ValueError,
         "A step needs an episode and an action of every agent: call reset first."),
    ],
)  # fmt: skip
def test_errors_say_the_cure(make, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make()


def test_parallel_step_asks_for_the_missing_agent():
    env = envs.parallel_env("museum", npcs=2, **BLIND)
    env.reset(seed=1)
    with pytest.raises(ValueError, match=re.escape("give one for npc_1.")):
        env.step({"npc_0": np.array(NO_OP)})


def test_a_given_scene_keeps_its_map():
    scene = generate("museum", 4).model_copy(update={"map": "none"})
    source = EpisodeSource.make(1, "named_place", scene=scene)
    assert source.draw(np.random.default_rng(0)).scene.map == "none"
