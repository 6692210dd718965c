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
from envs.contract import BRANCH_STARTS, Branch, Reason, Result, SelfColumn
from envs.generate import generate
from envs.goals import NpcGoal, Step, TaskSpec, Verb
from envs.gym_env import HeedfulEnv
from envs.scene import SceneError
from envs.scene_file import dump_scene, load_scene
from envs.tasks import TaskError
from envs.testing import CHECKS, CheckError, WorldError, check_world
from envs.testing.subject import open_source
from envs.world.world import BatchWorld
from envs.wrappers import ActionMask

MUSEUM = generate("museum", 7)
THING = MUSEUM.objects[0].id
EXAMINE = NpcGoal(steps=(Step(do=Verb.EXAMINE, what=THING),))
SHORT = MUSEUM.model_copy(
    update={"tasks": (TaskSpec(id="examine", npcs=(EXAMINE,), step_limit=50),)}
)
"""Its only task is over soon, so checks that wait for the end are quick."""
SMALL: Any = {"camera_size": 16, "scene": SHORT, "task": "scene/examine"}


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


class Broken(gymnasium.Wrapper[Any, Any, Any, Any]):
    """One of our worlds with one thing changed."""

    def __init__(self, **mode: Any) -> None:
        super().__init__(HeedfulEnv(**SMALL, **mode))
        self.decision = 0
        self.setup()

    def setup(self) -> None:
        """Change what stays."""

    def change(self, observation: Any, info: Any) -> Any:
        """Change what is shown; returns another observation, or None for the same."""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        observation, info = self.env.reset(seed=seed, options=options)
        self.decision = 0
        changed = self.change(observation, info)
        return observation if changed is None else changed, info

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.decision += 1
        changed = self.change(observation, info)
        return observation if changed is None else changed, reward, terminated, truncated, info


class RaisingAtOnce(Broken):
    def reset(self, **arguments: Any) -> Any:
        raise RuntimeError("no such planet")


class NumberAsFlag(Broken):
    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward, int(terminated), truncated, info


class OtherBranches(Broken):
    def setup(self) -> None:
        self.action_space = spaces.MultiDiscrete([3, 3])


class NoAudioSpace(Broken):
    def setup(self) -> None:
        parts = dict(self.env.observation_space.spaces)  # type: ignore[attr-defined]
        del parts["audio"]
        self.observation_space = spaces.Dict(parts)

    def change(self, observation: Any, info: Any) -> Any:
        del observation["audio"]


class OtherGoalSpace(Broken):
    def setup(self) -> None:
        parts = dict(self.env.observation_space.spaces)  # type: ignore[attr-defined]
        self.observation_space = spaces.Dict(parts | {"goal": spaces.Box(-1, 1, (3,), np.float32)})

    def change(self, observation: Any, info: Any) -> Any:
        observation["goal"] = observation["goal"][:3].clip(-1, 1)


class Wide(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 3:
            observation["audio"] = observation["audio"].astype(np.float64)


class NotFinite(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 4:
            observation["audio"][7] = np.nan


class Listed(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        return list(observation.values()) if self.decision == 2 else None


class Unsaid(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["smell"] = np.zeros(3, np.float32)


class NoMask(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 5:
            del info["action_mask"]


class NoTexts(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["text"] = None


class AlwaysNew(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["restart"] = True


class NumberMask(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["action_mask"] = info["action_mask"].astype(np.int8)


class NothingAllowed(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        start = BRANCH_STARTS[Branch.SAY]
        info["action_mask"][start : start + 8] = False


class NoNames(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["catalogue"] = []


class Mute(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["text"] = []

    def reset(self, **arguments: Any) -> Any:
        seen, info = super().reset(**arguments)
        seen["dialogue"][0, 0] = 5
        seen["dialogue_mask"][0] = 1
        return seen, info


class NoGoal(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 0:
            info["goal"] = ""


class OtherGoal(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 0:
            info["goal"] = "drink tea"


class Lenient(Broken):
    """Says that whatever failed was done."""

    def change(self, observation: Any, info: Any) -> Any:
        body = observation["self"]
        if body[SelfColumn.RESULT] == Result.FAILED:
            body[SelfColumn.RESULT], body[SelfColumn.REASON] = Result.DONE, Reason.NONE


class Thief(Broken):
    """What is forbidden still fills the hand."""

    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.HELD] = observation["self"][SelfColumn.PLACE]


class Ghost(Broken):
    """The body is carried off while it stands."""

    def change(self, observation: Any, info: Any) -> Any:
        observation["self"][SelfColumn.Z] += 0.02 * self.decision


class Strict(Broken):
    """Refuses whatever failed by saying that there was no target."""

    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.REASON] = Reason.NO_TARGET


class Silent(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["self"][SelfColumn.REASON] = 0


class Wordless(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.REASON] = 40


class Reproachful(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] != Result.FAILED:
            observation["self"][SelfColumn.REASON] = Reason.REFUSED


class Priceless(Broken):
    def step(self, action: Any) -> Any:
        observation, _, terminated, truncated, info = super().step(action)
        return observation, float("nan"), terminated, truncated, info


class Hasty(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["success"] = 0.0


class Unmeasured(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info.pop("spl", None)


class Endless(Broken):
    """Says nothing of the end, and goes on with another episode."""

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = self.env.step(action)
        if terminated or truncated:
            observation, info = self.env.reset()
            del info["restart"]
            info["catalogue"] = []
        return observation, reward, False, False, info


class Afterlife(Broken):
    last: Any = None

    def step(self, action: Any) -> Any:
        if self.last is not None:
            return self.last
        answer = super().step(action)
        if answer[2] or answer[3]:
            self.last = answer
        return answer

    def reset(self, **arguments: Any) -> Any:
        self.last = None
        return super().reset(**arguments)


class Shared(Broken):
    def setup(self) -> None:
        self.kept: dict[str, Any] = {}

    def change(self, observation: Any, info: Any) -> Any:
        for name, values in observation.items():
            self.kept.setdefault(name, values.copy())[...] = values
        return dict(self.kept)


DRAWS = np.random.default_rng(0)


class Shaky(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["audio"][0] = DRAWS.random()


class OneEpisode(Broken):
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        return super().reset(seed=7)


class WrongPicture(Broken):
    def render(self) -> Any:
        frame: Any = self.env.render()
        return frame / 255 if isinstance(frame, np.ndarray) else frame


class ClosedOnce(Broken):
    is_closed = False

    def close(self) -> None:
        assert not self.is_closed, "closed already"
        self.is_closed = True


BROKEN: list[tuple[type[Broken], str, str]] = [
    (RaisingAtOnce, "playing", "It raised RuntimeError: no such planet"),
    (NumberAsFlag, "playing", "At decision 1 'terminated' is 0: it must be True or False."),
    (OtherBranches, "spaces", "The action space of npc is [3, 3]: it must be a MultiDiscrete"),
    (NoAudioSpace, "spaces", "of npc lacks 'audio': it must have float32 (3200,)."),
    (OtherGoalSpace, "spaces", "'goal' in the observation space of npc is float32 (3,): it must"),
    (Wide, "observations",
     "At decision 3: 'audio' is float64 (1, 3200): it must be float32 (1, 3200)."),
    (NotFinite, "observations", "At decision 4: 'audio' has values outside its range, from nan"),
    (Listed, "observations", "At decision 2 the observation is a list: it must be a dict."),
    (Unsaid, "observations", "At decision 0: The observation has 'smell', which its space does"),
    (NoMask, "infos", "At decision 5 the info has no 'action_mask': give it every time."),
    (NoTexts, "infos", "At decision 0 info['text'] is None: it must be a list of contract.Utter"),
    (AlwaysNew, "infos", "At decision 1 info['restart'] is True: it must be True after a reset, "),
    (NumberMask, "masks", "At decision 0: The action mask is int8 (1, 229): it must"),
    (NothingAllowed, "masks", "At decision 0: The mask forbids to do nothing in branch 'say'"),
    (NoNames, "names", "which the catalogue does not name: send its entry with or before it."),
    (Mute, "sentences", "npc has utterances [5] but texts of []: give each the same id."),
    (NoGoal, "goal", "At decision 0 info['goal'] is '': it must be the instruction as text."),
    (OtherGoal, "goal", "does not have the words of the instruction 'drink tea': write envs.words"),
    (Lenient, "forbidden acts", "is 'done', but the mask forbade it one decision earlier"),
    (Thief, "forbidden acts", "which the mask forbade, is all that was tried"),
    (Ghost, "forbidden moves", "At decision 1 the body is 0.02 m from where it was, but 'go', wh"),
    (Strict, "allowed acts", "failed because no target was named, but the mask allowed both"),
    (Silent, "failed acts", "has failed, but REASON in 'self' is 0: say why"),
    (Wordless, "failed acts", "the reason of the last act is 40, for which there are no words"),
    (Reproachful, "failed acts", "(RESULT is 0), but there is a reason: 'the other refused'."),
    (Priceless, "rewards", "At decision 1 the reward is nan: it must be a finite number."),
    (Hasty, "measures", "At decision 0 the info has 'success' although the episode goes on"),
    (Unmeasured, "measures", "the end of the episode, info['spl'] is None: it must be a number"),
    (Endless, "end", "At decision 70 of an episode without an act it had not ended: it must"),
    (Afterlife, "after the end", "A step after the end of the episode, decision 51, went on as"),
    (Shared, "earlier arrays", "that was handed out at decision 0 was written into later: hand"),
    (Shaky, "same seed", "'audio' at decision 0 differs between two episodes with the same seed"),
    (OneEpisode, "other seeds", "The seeds 3 to 6 give the same episode, decision by decision"),
    (WrongPicture, "pictures", "render() in mode 'rgb_array' at decision 0 gave float64 (16"),
    (ClosedOnce, "closing", "The second close raised AssertionError (closed already"),
]  # fmt: skip


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


def test_what_its_own_space_names_beside_the_contract_may_be_shown():
    assert check_world(lambda: ActionMask(HeedfulEnv(**SMALL)), decisions=5).passed
