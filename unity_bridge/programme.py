"""What a player plays: its options, checked, as phases of areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from envs.generate import FAMILIES
from envs.scene import Scene, SceneError, load_scene
from envs.suggest import did_you_mean
from envs.tasks import TASKS, Episode, TaskError, find_task, make_episode
from envs.voice import VoiceError
from envs.world.ears import SpeechError, check_speech
from envs.world.world import BatchWorld
from unity_bridge.areas import Areas
from unity_bridge.deal import Deal
from unity_bridge.errors import BridgeError, OptionError
from unity_bridge.parameters import Parameters


@dataclass(frozen=True)
class PlayerOptions:
    """What a player plays, and for whom."""

    port: int
    """Where the server listens."""
    address: str = "127.0.0.1"
    scene: str | None = None
    """Name or file of the one scene to play in; None makes one of ``family`` from each seed."""
    family: str = "museum"
    tasks: tuple[str, ...] = ()
    """Task names; none means every task that ``npcs`` NPCs play."""
    seeds: range | None = None
    """One episode for each seed and task, then the player quits; None plays on without an end."""
    areas: int | None = None
    """Worlds at once; None takes as many as the server asks for, mostly 1."""
    npcs: int | None = None
    """NPCs in each area; None takes what the tasks need, or 1."""
    threads: int | None = None
    """Threads of the world's kernels; None takes all cores."""
    speech: str = "text"
    """How NPCs hear others: "voice" speaks their sentences aloud."""
    results: Path | None = None
    """File that gets the result of every finished episode, a JSON object a line."""


@dataclass(frozen=True)
class Phase:
    """Tasks that the same number of NPCs play, so that one batch can hold them."""

    npcs: int
    tasks: tuple[str, ...]


class Programme:
    """The phases of a player, one after the other; phases differ in the NPCs of an area.

    Raises:
        OptionError: when a scene, a task or a speech is unknown, or the options contradict each
            other.
        BridgeError: when a voice or a file cannot be had.
    """

    def __init__(self, options: PlayerOptions):
        if options.areas is not None and options.areas < 1:
            raise OptionError(f"{options.areas} areas cannot be played: give --areas 1 or more")
        self._options = options
        try:
            self._scene: Scene | None = load_scene(options.scene) if options.scene else None
            self.phases = _phases(options, self._scene)
            self._speech = check_speech(options.speech)
        except (SceneError, SpeechError, TaskError) as error:
            raise OptionError(str(error)) from None
        except (VoiceError, OSError) as error:
            raise BridgeError(str(error)) from None
        for phase in self.phases:  # a task that the scene lacks something for is told at once
            for task in phase.tasks:
                self._make_episode(task, options.seeds[0] if options.seeds else 0)

    def areas(self, parameters: Parameters, wanted: int = 1) -> Iterator[Areas]:
        """The areas of each phase, none of them begun.

        Args:
            parameters: what the trainer wants: the seed to begin with when the options give no
                seeds, perturbations, and the difficulty of each episode as it is made.
            wanted: how many areas when the options do not say it.
        """
        number = 0
        for phase in self.phases:
            deal = Deal(phase.tasks, self._options.seeds, parameters.seed, number)
            count = self._options.areas or wanted
            if self._options.seeds is not None:
                episodes = len(self._options.seeds) * len(phase.tasks)
                count = min(count, episodes)
                number += episodes
            world = BatchWorld(
                count, phase.npcs, perturbations=parameters.perturbations, speech=self._speech,
                threads=self._options.threads,
            )  # fmt: skip

            def make(task: str, seed: int) -> Episode:
                return self._make_episode(task, seed, parameters.draw_difficulty())

            yield Areas(world, count, phase.npcs, deal, make)

    def _make_episode(self, task: str, seed: int, difficulty: float | None = None) -> Episode:
        family, scene = self._options.family, self._scene
        try:
            return make_episode(task, seed, family, scene=scene, difficulty=difficulty)
        except (SceneError, TaskError) as error:
            raise OptionError(str(error)) from None


def _can_stage(task: str, options: PlayerOptions, scene: Scene | None) -> bool:
    """Whether a task can be played where the options say."""
    if scene is None:
        return options.family in TASKS[task].families
    try:
        make_episode(task, options.seeds[0] if options.seeds else 0, scene=scene)
    except TaskError:
        return False
    return True


def _phases(options: PlayerOptions, scene: Scene | None) -> list[Phase]:
    if scene is None and options.family not in FAMILIES:
        cure = did_you_mean(options.family, FAMILIES)
        raise SceneError(f"No family of scenes is called '{options.family}': {cure}")
    names = [find_task(name, scene).name for name in options.tasks]
    wanted = options.npcs
    if not names:
        wanted = 1 if wanted is None else wanted
        names = [
            task.name for task in TASKS.values()
            if task.npcs == wanted and _can_stage(task.name, options, scene)
        ]  # fmt: skip
    needed = {name: find_task(name, scene).npcs for name in names}
    counts = sorted(set(needed.values()))
    if not names or (wanted is not None and counts != [wanted]):
        known = ", ".join(f"{task.name} ({task.npcs})" for task in TASKS.values())
        raise OptionError(f"--npcs {wanted} does not fit the tasks, which need (NPCs): {known}")
    if len(counts) > 1 and options.seeds is None:
        raise OptionError(
            f"tasks for {counts[0]} and for {counts[1]} NPCs cannot be mixed without an end: "
            "give --seeds A:B, or tasks for the same number of NPCs"
        )
    return [
        Phase(count, tuple(name for name in names if needed[name] == count)) for count in counts
    ]
