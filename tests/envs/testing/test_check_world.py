"""``check_world``: our worlds pass, and each way to break the contract fails its own check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

import envs
from envs.contract import Reason, Result, SelfColumn
from envs.goals import TaskSpec
from envs.gym_env import HeedfulEnv
from envs.scene import SceneError
from envs.scene_file import dump_scene, load_scene
from envs.tasks import TaskError
from envs.testing import CHECKS, CheckError, WorldError, check_world
from envs.testing.subject import open_source
from envs.world.world import BatchWorld
from envs.wrappers import ActionMask
from tests.envs.testing.broken import BROKEN, EXAMINE, SHORT, SMALL, Broken, Wide


@pytest.fixture(autouse=True)
def no_screen(monkeypatch):
    """Windows are opened, but nobody sees them."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.parametrize("family", envs.IDS)
def test_every_family_passes(family):
    report = check_world(f"envs:{envs.IDS[family]}", decisions=60)
    assert report.passed and [result.name for result in report.results] == list(CHECKS)
    assert all(result.sentence and result.seconds >= 0 for result in report.results)


def test_scenes_files_and_teams_pass(tmp_path):
    assert check_world("home", decisions=40).passed
    file = tmp_path / "mine.yaml"
    file.write_text(dump_scene(load_scene("museum:7")))
    report = check_world(file, decisions=40, depth=True, semantic=True, camera_size=32)
    assert report.passed and report.world == str(file)
    assert check_world(load_scene("service_desk"), decisions=40, senses=()).passed
    team = check_world("heedful/City-v0", task="coordination/search_and_report", decisions=40)
    assert team.passed


def test_a_scene_is_played_with_its_own_tasks(tmp_path):
    pair = TaskSpec(id="pair", npcs=(EXAMINE, EXAMINE))
    file = tmp_path / "mine.yaml"
    file.write_text(dump_scene(SHORT.model_copy(update={"tasks": (pair,)})))
    played = open_source(file, None, {})
    assert played.settings is not None and played.settings.task == ["scene/pair"]
    assert played.make().agents == ("npc_0", "npc_1")
    assert check_world(file, decisions=20).passed
    alone = open_source(file, 1, {}).settings  # it has no task for one: ours are played
    assert alone is not None and alone.task == "navigation/named_place"


@pytest.mark.parametrize(
    "settings",
    [
        {"action_delay": 2},
        {"perturbations": ("camera_noise", "deaf", "crowd", "action_delay")},
        {"map": "none", "seeds": "2000000:2000010", "task": ["ringing", "fetch_and_put"]},
    ],
    ids=str,
)
def test_settings_pass(settings):
    assert check_world("museum:7", decisions=40, camera_size=16, **settings).passed


def test_classes_instances_wrappers_and_parallel_environments_pass():
    assert check_world(HeedfulEnv, decisions=20).world == "HeedfulEnv"
    assert check_world(HeedfulEnv(**SMALL), decisions=20).passed
    assert check_world(gymnasium.make("envs:heedful/Home-v0", **SMALL), decisions=20).passed
    assert check_world(lambda: envs.parallel_env("museum", npcs=2), decisions=20).passed
    assert check_world(envs.parallel_env("museum", npcs=2, senses=()), decisions=20).passed


@pytest.mark.parametrize(("broken", "name", "message"), BROKEN, ids=lambda value: getattr(
    value, "__name__", ""))  # fmt: skip
def test_what_is_broken_fails_its_own_check_and_no_other(broken, name, message):
    settings: Any = {"seed": 3, "decisions": 40, "step_limit": 70}
    report = check_world(broken, raise_on_failure=False, **settings)
    assert [result.name for result in report.failures] == [name], str(report)
    assert message in report.failures[0].sentence
    assert f"FAIL  {name}" in str(report)


def test_every_check_can_fail():
    assert {name for _, name, _ in BROKEN} == set(CHECKS) - {"batches"}


def test_a_world_that_leaks_into_its_batch_is_noticed(monkeypatch):
    from envs.testing import episode_checks

    def leaking(world):
        seen = {name: values.copy() for name, values in world.observation.items()}
        seen["self"][:, SelfColumn.SPARE] += world.num_worlds - 1
        return seen

    monkeypatch.setattr(episode_checks, "perceived", leaking)
    report = check_world("envs:heedful/Museum-v0", decisions=5, raise_on_failure=False, **SMALL)
    assert [result.name for result in report.failures] == ["batches"]
    assert "'self' at decision 0 differs in a batch of 3 worlds on 1 threads" in str(report)


def test_an_act_that_waits_for_a_second_npc_may_say_so():
    class Waiting(Broken):
        def change(self, observation: Any, info: Any) -> Any:
            body = observation["self"]
            if self.decision > 0 and body[SelfColumn.RESULT] == Result.NONE:
                body[SelfColumn.RESULT], body[SelfColumn.REASON] = self.said

        said = Result.RUNNING, Reason.NEEDS_HELP

    assert check_world(Waiting, seed=3, decisions=40, step_limit=70).passed
    Waiting.said = Result.RUNNING, Reason.LOCKED
    report = check_world(Waiting, seed=3, decisions=40, step_limit=70, raise_on_failure=False)
    assert [result.name for result in report.failures] == ["failed acts"]


def test_a_world_of_ours_that_ends_late_is_noticed(monkeypatch):
    def begin(self, world, episode, reset=BatchWorld.reset):
        reset(self, world, episode)
        self.state.step_limit[world] += 2

    monkeypatch.setattr(BatchWorld, "reset", begin)
    report = check_world(SHORT, decisions=5, raise_on_failure=False, senses=())
    assert [result.name for result in report.failures] == ["end"]
    assert "At decision 52 of an episode without an act it ended: it must be" in str(report)
    assert "truncated by its step limit, 50 (say" in str(report)


def test_it_raises_all_sentences_unless_told_not_to():
    with pytest.raises(WorldError, match=r"Wide does not keep the contract.\nobservations: At dec"):
        check_world(Wide, decisions=5)


class BrokenTeam(ParallelEnv):
    """A team of ours whose second agent hears too loudly."""

    def __init__(self) -> None:
        self.own = envs.parallel_env("museum", npcs=2, senses=())
        self.possible_agents, self.metadata = self.own.possible_agents, self.own.metadata
        self.render_mode = None
        self.observation_space, self.action_space = (
            self.own.observation_space,
            self.own.action_space,
        )
        self.close = self.own.close

    @property
    def agents(self) -> list[str]:
        return self.own.agents

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        return self.own.reset(seed, options)

    def step(self, actions: Any) -> Any:
        answer = self.own.step(actions)
        answer[0]["npc_1"]["audio"][0] = 3.0
        return answer


def test_in_a_team_the_agent_is_named():
    report = check_world(BrokenTeam, decisions=10, raise_on_failure=False)
    assert [result.sentence for result in report.failures] == [
        "At decision 1, npc_1: 'audio' has values outside its range, from 0 to 3: clip them to the "
        "contract's."
    ]


@pytest.mark.parametrize(
    ("what", "settings", "error", "message"),
    [
        ("musem", {}, SceneError, "No scene is called 'musem'"),
        ("museum", {"task": "ringin"}, TaskError, "No task is called 'ringin'"),
        ("museum", {"camera_size": 3}, ValueError, "camera_size is 3: give a whole number"),
        ("CartPole-v1", {"npcs": 2}, CheckError, "'npcs' was given for 'CartPole-v1', which has"),
        (HeedfulEnv, {"task": "ringing"}, CheckError,
         "'task' was given for an environment that is made already: make it with that."),
        (7, {}, CheckError, "check_world was given a int: give an id, a scene or its file, a gym"),
        (Path("nowhere.yaml"), {}, SceneError, "nowhere.yaml"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_said_in_words(what, settings, error, message):
    with pytest.raises(error, match=re.escape(message)):
        check_world(what, **settings)


def test_what_makes_no_environment_fails_at_once():
    report = check_world(lambda: 7, raise_on_failure=False)
    assert [result.name for result in report.results] == ["playing"]
    assert "check_world was given a int" in report.failures[0].sentence


class Poor(gymnasium.Env[Any, Any]):
    """Somebody's first environment, made by an id."""

    observation_space = spaces.Box(0, 1, (3,), np.float32)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return self.np_random.random(3).astype(np.float32), {}

    def step(self, action: Any) -> Any:
        return self.np_random.random(3).astype(np.float32), 0.0, False, False, {}


def test_a_poor_environment_of_an_id_is_told_all_that_it_lacks():
    gymnasium.register("Poor-v0", lambda **none: Poor(), max_episode_steps=9)
    try:
        report = check_world("Poor-v0", decisions=5, raise_on_failure=False)
    finally:
        del gymnasium.registry["Poor-v0"]
    told = {result.name: result.sentence for result in report.failures}
    assert list(told) == [
        "spaces", "observations", "infos", "goal", "measures", "after the end",
    ]  # fmt: skip
    assert "The action space of npc is Discrete(2): it must be a MultiDiscrete" in told["spaces"]
    assert told["observations"] == "At decision 0 the observation is a ndarray: it must be a dict."


class Strict(Poor):
    """Asserts what it is given, without a word, as gymnasium's own environments do."""

    def step(self, action: Any) -> Any:
        assert self.action_space.contains(action)
        return super().step(action)


def test_an_environment_that_fails_since_its_spaces_are_others_is_told_that():
    (result,) = check_world(Strict, raise_on_failure=False).results
    assert result.name == "playing"
    assert result.sentence.startswith("The action space of npc is Discrete(2): it must be a Multi")


def test_what_its_own_space_names_beside_the_contract_may_be_shown():
    assert check_world(lambda: ActionMask(HeedfulEnv(**SMALL)), decisions=5).passed
