"""From keys to actions: driving, menus and typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.play import PlayError
from agent.play.talk import understand_message
from agent.play.targets import Choice, allowed_acts, choose_ahead, targets_of
from agent.play.view import View
from envs.contract import NO_OP, TURN_DEGREES, Act, Branch, Look, Move

_MOVES = {
    "w": Move.WALK, "up": Move.WALK, "W": Move.RUN, "r": Move.RUN, "s": Move.BACK,
    "down": Move.BACK, "z": Move.STRAFE_LEFT, "c": Move.STRAFE_RIGHT, "j": Move.JUMP,
}  # fmt: skip
_TURNS = {"a": -10.0, "left": -10.0, "d": 10.0, "right": 10.0, "A": -30.0, "D": 30.0}
_LOOKS = {"pageup": 1, "i": 1, "pagedown": -1, "k": -1}
HELP = (
    "w/up walk, W or r run, s/down back, a d/left right turn, A D turn far, z c step aside, j jump",
    "i k/page up down: look up and down; . wait; space/e: do what fits to the thing ahead",
    "m: choose what to do and to what; f: finish, with your answer; t: talk; h: help; q: quit",
)
"""The keys in three lines."""
_LABELS = "123456789abcdefghijklmnoprstuvwxyz"
"""What picks a line of a menu; q leaves it."""


@dataclass
class Menu:
    """A list to choose from."""

    title: str
    choices: list[Choice]
    labels: list[str]
    at: int = 0


class Controls:
    """Turns the keys of a person into the actions of one NPC.

    Attributes:
        menu: the list that is open, None for none.
        typed: the sentence that is being typed, None when none is.
        helps: whether the keys are shown.
        quits: whether the person wants to stop.
    """

    def __init__(self) -> None:
        self.menu: Menu | None = None
        self.typed: str | None = None
        self.helps = False
        self.quits = False
        self._look = Look.LEVEL
        self._next = np.array(NO_OP, np.int32)

    def press(self, key: str, view: View) -> bool:
        """Take in a key; True when it makes a decision, which a game by turns then carries out."""
        view.notice = ""
        if key == "quit":
            self.quits = True
        elif self.typed is not None:
            return self._type(key, view)
        elif self.menu is not None:
            return self._pick(key, view)
        else:
            return self._drive(key, view)
        return False

    def take(self, held: Iterable[str] = ()) -> NDArray[np.int32]:
        """The action ``(8,)`` of this decision; keys that are held down count as pressed."""
        if self.menu is None and self.typed is None:
            for key in held:
                self._steer(key)
        action = self._next
        action[Branch.LOOK] = self._look
        self._next = np.array(NO_OP, np.int32)
        return action

    def prompt(self, view: View) -> list[str]:
        """Lines of what is open: menu, sentence or help."""
        if self.typed is not None:
            return [f"Say: {self.typed}_", "(enter says it, escape leaves)"]
        if self.menu is not None:
            menu = self.menu
            lines = [f"{menu.title} (a key or up, down and enter; escape leaves)"]
            first = max(0, menu.at - 8)
            for number, label in list(enumerate(menu.labels))[first : first + 16]:
                mark = ">" if number == menu.at else " "
                key = _LABELS[number] if number < len(_LABELS) else " "
                lines.append(f"{mark} {key} {label}")
            return lines
        return list(HELP) if self.helps else ["h: help"]

    # -- driving -----------------------------------------------------------------------------------

    def _drive(self, key: str, view: View) -> bool:
        if self._steer(key) or key == ".":
            return True
        if key in _LOOKS:
            self._look = Look(min(max(self._look + _LOOKS[key], Look.DOWN), Look.UP))
            return True
        if key in ("space", "e"):
            choice = choose_ahead(view)
            if choice is None:
                view.notice = "Nothing within reach ahead: walk up to it (1.5 m), or press m."
                return False
            return self._do(choice)
        if key == "m":
            acts = allowed_acts(view)
            self._open("Do what?", [Choice(act) for act in acts], view)
        elif key == "f":
            self._choose_target(Act.FINISH, view)
        elif key == "t":
            self.typed = ""
        elif key == "h":
            self.helps = not self.helps
        elif key == "q":
            self.quits = True
        return False

    def _steer(self, key: str) -> bool:
        if key in _MOVES:
            self._next[Branch.MOVE] = _MOVES[key]
        elif key in _TURNS:
            self._next[Branch.TURN] = TURN_DEGREES.index(_TURNS[key])
        else:
            return False
        return True

    def _do(self, choice: Choice) -> bool:
        self.menu = None
        self._next[Branch.ACT] = choice.act
        self._next[Branch.TARGET] = choice.target
        return True

    # -- menus -------------------------------------------------------------------------------------

    def _open(self, title: str, choices: list[Choice], view: View) -> None:
        labels = [
            f"{view.name_of(choice.target)}, {view.whereabouts(choice.target)}"
            if choice.target else choice.act.name.lower()
            for choice in choices
        ]  # fmt: skip
        self.menu = Menu(title, choices, labels) if choices else None
        if not choices:
            view.notice = "There is nothing to choose from now."

    def _choose_target(self, act: Act, view: View) -> bool:
        """Choose the target of an act, by itself where there is one alone."""
        targets = targets_of(view, act)
        if act != Act.FINISH and len(targets) <= 1:
            return self._do(Choice(act, targets[0] if targets else 0))
        title = "Finish with which answer?" if act == Act.FINISH else f"{act.name.lower()} what?"
        self._open(title.capitalize(), [Choice(act, target) for target in targets], view)
        return False

    def _pick(self, key: str, view: View) -> bool:
        menu = self.menu
        assert menu is not None
        if key in ("escape", "q"):
            self.menu = None
        elif key in ("up", "down"):
            menu.at = (menu.at + (1 if key == "down" else -1)) % len(menu.choices)
        elif key == "enter" or (len(key) == 1 and key in _LABELS[: len(menu.choices)]):
            choice = menu.choices[menu.at if key == "enter" else _LABELS.index(key)]
            self.menu = None
            return self._do(choice) if choice.target else self._choose_target(choice.act, view)
        return False

    # -- talk --------------------------------------------------------------------------------------

    def _type(self, key: str, view: View) -> bool:
        assert self.typed is not None
        if key == "escape":
            self.typed = None
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif key == "space" or len(key) == 1:
            self.typed += " " if key == "space" else key
        elif key == "enter":
            text, self.typed = self.typed, None
            return bool(text.strip()) and self._say(text, view)
        return False

    def _say(self, text: str, view: View) -> bool:
        try:
            message = understand_message(text, view)
        except PlayError as error:
            view.notice = str(error)
            self.typed = text  # to be corrected
            return False
        self._next[Branch.SAY] = message.say
        self._next[Branch.ABOUT] = message.about
        self._next[Branch.WHERE] = message.where
        self._next[Branch.TARGET] = message.to
        listener = view.name_of(message.to)
        view.hear(f"You to {listener}" if listener else "You", message.sentence(view))
        return True
