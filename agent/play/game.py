"""The loops: a person plays an episode, or watches a recorded one."""

from __future__ import annotations

import time
from collections import deque

import numpy as np
from numpy.typing import NDArray

from agent.play.controls import Controls
from agent.play.keys import Keyboard
from agent.play.screen import Camera, Screen
from agent.play.session import Session
from agent.play.sound import Sound
from agent.play.view import View
from envs.contract import DECISION_SECONDS, Branch, make_sentence
from envs.demonstrations import Replay


class Game:
    """A person plays an episode.

    Args:
        session: the episode.
        keyboard: where keys come from.
        screen: where it is shown.
        sound: where what is heard goes.
        by_turns: whether the world waits for a key; else it goes on ten times a second.
        plan: whether the world is shown from above too.
    """

    def __init__(
        self,
        session: Session,
        keyboard: Keyboard,
        screen: Screen,
        sound: Sound,
        *,
        by_turns: bool,
        plan: bool,
    ) -> None:
        self._session, self._keyboard, self._screen, self._sound = session, keyboard, screen, sound
        self._controls = Controls()
        self._camera = Camera(session.world, plan=plan)
        self._choose = self._by_turns if by_turns else self._in_time
        self._keys: deque[str] = deque()
        self._next = time.monotonic()

    def play(self) -> None:
        """Play until the episode is over or the person quits."""
        session, view = self._session, self._session.view
        self._sound.hear(view.observation["audio"])
        while not session.is_over:
            action = self._choose()
            if action is None:
                return
            session.step(action)
            self._sound.hear(view.observation["audio"])
        view.notice = f"{session.outcome()} Press any key."
        self._show()
        self._keyboard.read(None)

    def _by_turns(self) -> NDArray[np.int32] | None:
        """The action of the next key that makes one, None to quit."""
        self._show()
        while True:
            while self._keys:
                is_decision = self._controls.press(self._keys.popleft(), self._session.view)
                if self._controls.quits:
                    return None
                if is_decision:
                    return self._controls.take()
            self._show()
            self._keys.extend(self._keyboard.read(None))

    def _in_time(self) -> NDArray[np.int32] | None:
        """The action of what was pressed or held within a tenth of a second, None to quit."""
        self._show()
        self._next = max(self._next + DECISION_SECONDS, time.monotonic())
        while True:
            left = self._next - time.monotonic()
            for key in self._keyboard.read(max(0.0, left)):
                self._controls.press(key, self._session.view)
            if self._controls.quits:
                return None
            if left <= 0:
                return self._controls.take(self._keyboard.held())

    def _show(self) -> None:
        view = self._session.view
        self._screen.show(self._camera.take(view, self._controls.prompt(view)))


def watch(
    replay: Replay,
    screen: Screen,
    sound: Sound,
    keyboard: Keyboard | None,
    *,
    speed: float,
    plan: bool,
) -> int:
    """Show a recorded episode as its first NPC perceived it.

    Args:
        replay: the demonstration; what differs from it is raised.
        screen: where it is shown.
        sound: where what is heard goes.
        keyboard: ``q`` stops; None: nobody watches, and nothing is waited for.
        speed: times as fast as it was played.
        plan: whether the world is shown from above too.

    Returns:
        How many decisions were shown.
    """
    episode = replay.world.episodes[0]
    assert episode is not None
    view = View(episode.npcs[0], episode.step_limit)
    camera: Camera | None = None
    prompt = [f"Replay of {replay.demonstration.name} by {replay.demonstration.header.drivers[0]}"]
    due, shown = time.monotonic(), 0
    for step in replay:
        camera = camera or Camera(replay.world, plan=plan)
        view.update({name: rows[0] for name, rows in step.observation.items()}, replay.infos[0])
        _hear_own(view, step.action[0])
        screen.show(camera.take(view, [*prompt, "q: quit"]))
        sound.hear(view.observation["audio"])
        shown += 1
        due = max(due + DECISION_SECONDS / speed, time.monotonic())
        while keyboard is not None:
            left = due - time.monotonic()
            if {"q", "quit"} & set(keyboard.read(max(0.0, left))):
                return shown
            if left <= 0:
                break
    return shown


def _hear_own(view: View, action: NDArray[np.int32]) -> None:
    """Show what an action says."""
    about, where = (view.name_of(int(action[branch])) for branch in (Branch.ABOUT, Branch.WHERE))
    sentence = make_sentence(int(action[Branch.SAY]), about, where)
    if sentence:
        view.hear("You", sentence)
