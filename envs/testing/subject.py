"""What can be checked, behind one face: one NPC or a team, of ours or somebody else's."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import gymnasium
from gymnasium import spaces
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from envs.scene import Scene
from envs.scene_file import load_scene
from envs.settings import DEFAULT_TASK, EnvSettings
from envs.tasks import find_task
from envs.tasks.scene_tasks import PREFIX
from envs.testing.report import CheckError

ByAgent = dict[str, Any]
"""Agent -> what it is shown, told or worth."""
ONE = "npc"
"""What the only NPC of a gymnasium environment is called."""
_ID = re.compile(r"(?:[\w.:-]+:)?[\w./-]+-v\d+")


class Subject(Protocol):
    """One environment in which agents act at the same time."""

    env: Any
    """As it was given."""
    agents: tuple[str, ...]

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent perceives."""
        ...

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent does."""
        ...

    def reset(self, seed: int | None) -> tuple[ByAgent, ByAgent]:
        """Begin an episode: observations and infos."""
        ...

    def step(self, actions: ByAgent) -> tuple[ByAgent, ByAgent, ByAgent, ByAgent, ByAgent]:
        """Take a decision: observations, rewards, terminations, truncations and infos."""
        ...


class Single:
    """A gymnasium environment as a team of one."""

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        self.env = env
        self.agents: tuple[str, ...] = (ONE,)

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What the NPC perceives."""
        return self.env.observation_space

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """What the NPC does."""
        return self.env.action_space

    def reset(self, seed: int | None) -> tuple[ByAgent, ByAgent]:
        """Begin an episode."""
        observation, info = self.env.reset(seed=seed)
        return {ONE: observation}, {ONE: info}

    def step(self, actions: ByAgent) -> tuple[ByAgent, ByAgent, ByAgent, ByAgent, ByAgent]:
        """Take a decision."""
        observation, reward, terminated, truncated, info = self.env.step(actions[ONE])
        return {ONE: observation}, {ONE: reward}, {ONE: terminated}, {ONE: truncated}, {ONE: info}


class Team:
    """A PettingZoo parallel environment."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.agents = tuple(env.possible_agents)

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent perceives."""
        return self.env.observation_space(agent)

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent does."""
        return self.env.action_space(agent)

    def reset(self, seed: int | None) -> tuple[ByAgent, ByAgent]:
        """Begin an episode."""
        return self.env.reset(seed=seed)

    def step(self, actions: ByAgent) -> tuple[ByAgent, ByAgent, ByAgent, ByAgent, ByAgent]:
        """Take a decision; agents that have left the episode need no action."""
        present = {agent: actions[agent] for agent in self.env.agents}
        return self.env.step(present)


@dataclass(frozen=True)
class Source:
    """Where environments to be checked come from."""

    name: str
    """What reports call it."""
    make: Callable[[], Subject]
    """Another environment, or the same one again where there is only one."""
    make_to_render: Callable[[str], Subject] | None = None
    """One with a render mode; None where it cannot be chosen."""
    is_one: bool = False
    """Whether ``make`` always returns the same environment."""
    settings: EnvSettings | None = None
    """Of one of our own worlds."""


def open_source(what: Any, npcs: int | None, settings: Mapping[str, Any]) -> Source:
    """Find out what is to be checked.

    Args:
        what: an id, a scene, its name or file, an environment, its class or what makes it.
        npcs: of a team in one of our worlds; None: as many as the task or the scene's own says.
        settings: of one of our worlds, or what an id is made with.

    Raises:
        CheckError: it is none of these, or settings were given for what is made already.
        SceneError: there is no such scene.
        TaskError: there is no such task, or it is for another number of NPCs.
    """
    if isinstance(what, str | Path | Scene):
        name = str(what)
        if isinstance(what, str) and _ID.fullmatch(what) and not Path(what).exists():
            return _open_id(what, npcs, settings)
        scene = what if isinstance(what, Scene) else load_scene(what)
        told = f"the scene {scene.name}" if isinstance(what, Scene) else name
        return _open_scene(told, scene, npcs, settings)
    if settings or npcs is not None:
        named = next(iter(settings), "npcs")
        raise CheckError(
            f"'{named}' was given for an environment that is made already: make it with that."
        )
    if isinstance(what, gymnasium.Env | ParallelEnv):
        subject = _wrap(what)
        return Source(str(what), lambda: subject, is_one=True)
    if callable(what):
        name = getattr(what, "__qualname__", repr(what))
        return Source(name, lambda: _wrap(what()), _renderer(what))
    raise CheckError(_WANTED.format(type(what).__name__))


_WANTED = (
    "check_world was given a {}: give an id, a scene or its file, a gymnasium environment, a "
    "PettingZoo parallel environment, or what makes one (a batch of rows has check_batch)."
)


def _wrap(env: Any) -> Subject:
    if isinstance(env, gymnasium.Env):
        return Single(env)
    if isinstance(env, ParallelEnv):
        return Team(env)
    raise CheckError(_WANTED.format(type(env).__name__))


def _renderer(make: Callable[..., Any]) -> Callable[[str], Subject] | None:
    """How an environment with a render mode is made, None if it takes none."""
    parameters = inspect.signature(make).parameters.values()
    takes_mode = any(
        parameter.name == "render_mode" or parameter.kind == parameter.VAR_KEYWORD
        for parameter in parameters
    )
    return (lambda mode: _wrap(make(render_mode=mode))) if takes_mode else None


def _open_id(name: str, npcs: int | None, settings: Mapping[str, Any]) -> Source:
    from envs import IDS

    families = {own: family for family, own in IDS.items()}
    family = families.get(name.removeprefix("envs:"))
    if family is not None:
        return _open_ours(name, npcs, {"family": family, **settings})
    if npcs is not None:
        raise CheckError(f"'npcs' was given for '{name}', which has one: leave it out.")
    _check_registered(name)

    def make(**mode: Any) -> Subject:
        return Single(gymnasium.make(name, disable_env_checker=True, **settings, **mode))

    return Source(name, make, lambda mode: make(render_mode=mode))


def _check_registered(name: str) -> None:
    module, _, own = name.rpartition(":")
    try:
        if module:
            import_module(module)
        gymnasium.spec(own)
    except (ImportError, gymnasium.error.Error) as error:
        raise CheckError(
            f"No environment is called '{name}' ({str(error).rstrip('.?')}): give an id that "
            "`heedful envs` lists, or MODULE:ID of one that a module of yours registers."
        ) from None
    except Exception:  # of the module itself: the first check tells it
        return


def _open_scene(name: str, scene: Scene, npcs: int | None, settings: Mapping[str, Any]) -> Source:
    """A scene with its own tasks, if it has any that so many NPCs can play, or else with ours."""
    own = [find_task(PREFIX + spec.id, scene) for spec in scene.tasks]
    size = npcs or (own[0].npcs if own else 1)
    chosen: dict[str, Any] = {"scene": scene, "family": scene.family}
    names = [task.name for task in own if size in task.team_sizes]
    if names and "task" not in settings:
        chosen["task"] = names
    return _open_ours(
        name, npcs or (size if "task" not in settings else None), chosen | {**settings}
    )


def _open_ours(name: str, npcs: int | None, settings: Mapping[str, Any]) -> Source:
    from envs.gym_env import HeedfulEnv
    from envs.team_env import HeedfulParallelEnv

    size = npcs or _team_size(settings)
    if size == 1:
        settings = {"task": DEFAULT_TASK, **settings}

    def make(mode: str | None = None) -> Subject:
        asked = {**settings, "render_mode": mode}
        if size == 1:
            return Single(HeedfulEnv(**asked))
        return Team(HeedfulParallelEnv(npcs=size, **asked))

    read = EnvSettings.read(settings)
    return Source(name, make, make, settings=replace(read, render_mode=None))


def _team_size(settings: Mapping[str, Any]) -> int:
    """How many NPCs the tasks that were asked for are for, 1 where none was."""
    task, scene = settings.get("task"), settings.get("scene")
    if task is None:
        return 1
    given = load_scene(scene) if isinstance(scene, str) else scene
    first: Sequence[str] = [task] if isinstance(task, str) else list(task)
    return find_task(first[0], given).npcs
