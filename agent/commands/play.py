"""``heedful play``: a person drives an NPC, or watches a recording."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from agent.play import PlayError
from agent.play.game import Game, watch
from agent.play.keys import Keyboard, ScriptedKeys
from agent.play.screen import NoScreen, Screen
from agent.play.session import PERSON, Session
from agent.play.sound import NoSound, Sound, Speakers
from agent.play.terminal import TerminalKeys, TerminalScreen, check_terminal
from agent.play.window import WindowScreen
from agent.policies import check_policy, get_policy
from envs.demonstrations import Header, Replay, load_demonstration
from envs.scene_file import dump_scene, load_scene
from envs.suggest import did_you_mean
from envs.tasks import find_task
from envs.window import WindowError, has_display, load_pygame
from envs.world.ears import Speech, check_speech
from envs.world.perturbations import PERTURBATIONS

MODES = ("window", "terminal")
FOLDER = Path("runs/play")
"""Where recordings lie unless a file is named."""


@dataclass(frozen=True, kw_only=True)
class Show:
    """How it is shown and heard."""

    mode: str | None = None
    """One of MODES; None: a window where there can be one."""
    sound: bool = True
    plan: bool = True
    """Whether the world is shown from above too, which the NPC does not see."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is played, as the command line gives it."""

    scene: str | None
    task: str
    seed: int
    family: str
    map: Literal["known", "none"] | None
    npcs: int | None
    partner: str
    perturbations: tuple[str, ...]
    action_delay: int
    speech: str = "text"

    def header(self) -> Header:
        """The header of its recording.

        Raises:
            SceneError: there is no such scene.
            TaskError: there is no such task.
            PolicyError: there is no such partner.
            PlayError: there is no such perturbation or speech.
        """
        check_policy(self.partner)
        for name in self.perturbations:
            if name not in PERTURBATIONS:
                cure = did_you_mean(name, PERTURBATIONS)
                raise PlayError(f"No perturbation is called '{name}': {cure}")
        scene = load_scene(self.scene) if self.scene is not None else None
        task = find_task(self.task, scene)
        npcs = self.npcs or task.npcs
        return Header(
            task=task.name, seed=self.seed, family=scene.family if scene else self.family,
            scene=dump_scene(scene) if scene else None, map=self.map, npcs=npcs,
            drivers=(PERSON, *(self.partner,) * (npcs - 1)), perturbations=self.perturbations,
            action_delay=self.action_delay, speech=_checked_speech(self.speech),
        )  # fmt: skip


def _checked_speech(name: str) -> Speech:
    try:
        return check_speech(name)
    except ValueError as error:
        raise PlayError(str(error)) from None


def run(
    request: Request,
    show: Show,
    *,
    brain: Path | None,
    record: Path | None,
    by_turns: bool | None,
    keys: str | None,
) -> None:
    """Play, and say how it went and where the recording lies."""
    console = Console()
    script = ScriptedKeys(keys) if keys is not None else None
    mode = _choose_mode(show.mode, has_keys=script is not None)
    header = request.header()
    path = record or _free_path(header)
    partner = get_policy(request.partner, brain=brain) if header.npcs > 1 else None
    turns = script is not None or (mode == "terminal" if by_turns is None else by_turns)
    with ExitStack() as stack:
        session = stack.enter_context(Session(header, partner, path))
        speakers = _open_sound(stack, show.sound and script is None, is_steady=not turns)
        screen, keyboard = _open_screen(stack, mode, show, script)
        assert keyboard is not None
        try:
            Game(session, keyboard, screen, speakers, by_turns=turns, plan=show.plan).play()
        except KeyboardInterrupt:
            stack.close()
            _tell_recording(console, path)
            raise
    print(session.outcome())
    _tell_recording(console, path)


def run_replay(file: Path, show: Show, speed: float) -> None:
    """Show a recording, and say whether all of it was as recorded."""
    demonstration = load_demonstration(file)
    replay = Replay(demonstration)
    is_watched = show.mode == "window" or (sys.stdin.isatty() and sys.stdout.isatty())
    mode = _choose_mode(show.mode, has_keys=not is_watched)
    with ExitStack() as stack:
        sound = _open_sound(stack, show.sound and is_watched and speed == 1.0, is_steady=True)
        screen, keyboard = _open_screen(stack, mode, show, None if is_watched else _NOBODY)
        watcher = keyboard if is_watched else None
        shown = watch(replay, screen, sound, watcher, speed=speed, plan=show.plan)
    if shown < demonstration.decisions:
        print(f"Stopped after {shown} of {demonstration.decisions} decisions, all as recorded.")
    else:
        print(f"Replayed {shown} decisions: every observation and reward is as recorded.")


_NOBODY = ScriptedKeys("")


def _choose_mode(wanted: str | None, *, has_keys: bool) -> str:
    """The mode, after making sure that it is possible.

    Raises:
        PlayError: there is no such mode, or no terminal.
        WindowError: pygame is missing.
    """
    if wanted is not None and wanted not in MODES:
        raise PlayError(f"No mode is called '{wanted}': {did_you_mean(wanted, MODES)}")
    mode = wanted or ("window" if not has_keys and _has_window() else "terminal")
    if mode == "window":
        load_pygame()
    elif not has_keys:
        check_terminal()
    return mode


def _has_window() -> bool:
    try:
        load_pygame()
    except WindowError:
        return False
    return has_display()


def _open_screen(
    stack: ExitStack, mode: str, show: Show, script: ScriptedKeys | None
) -> tuple[Screen, Keyboard]:
    """A screen and the keyboard that belongs to it, or the script."""
    if mode == "window":
        window = WindowScreen(plan=show.plan)
        stack.callback(window.close)
        return window, script or window
    keyboard = script or stack.enter_context(TerminalKeys())
    console = Console()
    if not console.is_terminal:
        return NoScreen(), keyboard
    screen = TerminalScreen(console)
    stack.callback(screen.close)
    return screen, keyboard


def _open_sound(stack: ExitStack, wanted: bool, *, is_steady: bool) -> Sound:
    """Speakers; where there are none, a sentence says so and it goes on in silence."""
    if not wanted:
        return NoSound()
    try:
        speakers = Speakers(is_steady=is_steady)
    except WindowError as error:
        print(f"heedful: {error}", file=sys.stderr)
        return NoSound()
    stack.callback(speakers.close)
    return speakers


def _free_path(header: Header) -> Path:
    """A file of the episode's name that does not exist."""
    name, number = f"{header.task.replace('/', '-')}-{header.seed}", 1
    path = FOLDER / f"{name}.npz"
    while path.exists():
        number += 1
        path = FOLDER / f"{name}-{number}.npz"
    return path


def _tell_recording(console: Console, path: Path) -> None:
    told = f"Recording: {path}" if path.exists() else "Nothing was played, so nothing is recorded."
    console.print(told, highlight=False, soft_wrap=True)
