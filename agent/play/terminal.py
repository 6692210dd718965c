"""Playing in a terminal: pictures of half blocks in colour, keys as they are pressed."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.color import Color
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from agent.play import PlayError
from agent.play.screen import Shown

_LARGEST, _SMALLEST = 64, 16
"""Columns of a picture."""
_STYLES = {"goal": "bold", "speech": "cyan", "status": "", "prompt": "dim"}
_ESCAPES = {
    "[A": "up", "[B": "down", "[C": "right", "[D": "left", "[5~": "pageup", "[6~": "pagedown",
    "OA": "up", "OB": "down", "OC": "right", "OD": "left",
}  # fmt: skip
_CHARACTERS = {" ": "space", "\n": "enter", "\r": "enter", "\t": "tab",
               "\x7f": "backspace", "\b": "backspace", "\x04": "quit"}  # fmt: skip
_ESCAPE_SECONDS = 0.05
"""The rest of an escape sequence comes within this time, over a network too as a rule."""


class HalfBlocks:
    """Square pictures ``(S, S, 3)`` side by side, two pixels above each other in a character.

    Args:
        pictures: from left to right.
        columns: of each, an even number.
    """

    def __init__(self, pictures: Sequence[NDArray[np.uint8]], columns: int) -> None:
        self._pixels = np.concatenate(
            [part for picture in pictures for part in (_shrunk(picture, columns), _gap(columns))], 1
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lines of text; neighbours of the same colours are one piece."""
        pairs = np.concatenate((self._pixels[::2], self._pixels[1::2]), 2)
        for line in pairs:
            starts = [0, *(np.flatnonzero((line[1:] != line[:-1]).any(axis=1)) + 1).tolist()]
            for start, end in pairwise((*starts, len(line))):
                yield Segment("\u2580" * (end - start), _style(tuple(line[start].tolist())))
            yield Segment.line()


def _shrunk(picture: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    way = Image.Resampling.BOX if columns < picture.shape[1] else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(picture).resize((columns, columns), way))


def _gap(columns: int) -> NDArray[np.uint8]:
    return np.zeros((columns, 1, 3), np.uint8)


@lru_cache(maxsize=16384)
def _style(colors: tuple[int, ...]) -> Style:
    """The style of a character with a colour above ``(r, g, b)`` and one below it."""
    return Style(color=Color.from_rgb(*colors[:3]), bgcolor=Color.from_rgb(*colors[3:]))


class TerminalScreen:
    """Draws into a terminal, which gets its text back at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._live.start()

    def show(self, shown: Shown) -> None:
        """Draw a moment, as large as the terminal allows."""
        self._live.update(compose(shown, *self._console.size), refresh=True)

    def close(self) -> None:
        """Give the terminal back."""
        self._live.stop()


def compose(shown: Shown, width: int, height: int) -> Group:
    """A moment for a terminal of so many columns and lines."""
    lines = shown.lines()
    high = sum(-(-len(text) // width) + (len(text) > width) for _, text in lines)
    pictures = [shown.camera] if shown.plan is None else [shown.camera, shown.plan]
    room = (width - 1) // len(pictures) - 1, 2 * (height - high - 1)
    columns = max(_SMALLEST, min(_LARGEST, *room)) // 2 * 2
    words = [Text(text, _STYLES[kind], overflow="ellipsis") for kind, text in lines]
    return Group(HalfBlocks(pictures, columns), *words)


class TerminalKeys:
    """Reads single keys from the terminal; a context, within which nothing is echoed.

    Raises:
        PlayError: there is no terminal.
    """

    def __init__(self) -> None:
        check_terminal()
        self._pending = ""
        self._old: list[Any] | None = None

    def __enter__(self) -> TerminalKeys:
        import termios
        import tty

        self._file = sys.stdin.fileno()
        self._old = termios.tcgetattr(self._file)
        tty.setcbreak(self._file)
        return self

    def __exit__(self, *error: object) -> None:
        import termios

        if self._old is not None:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._old)

    def read(self, seconds: float | None) -> list[str]:
        """Keys that were pressed, waiting for the first one at most so long."""
        if self._fill(seconds):
            while self._unfinished() and self._fill(_ESCAPE_SECONDS):
                pass
        keys, self._pending = parse_input(self._pending), ""
        return keys

    def held(self) -> frozenset[str]:
        """None: a terminal does not tell; a key that is held down comes again and again."""
        return frozenset()

    def _unfinished(self) -> bool:
        return self._pending.endswith(("\x1b", "\x1b[", "\x1bO", "\x1b[5", "\x1b[6"))

    def _fill(self, seconds: float | None) -> bool:
        """Wait for input; False when none came."""
        deadline = None if seconds is None else time.monotonic() + seconds
        rest = seconds
        while not select.select([self._file], [], [], rest)[0]:
            rest = None if deadline is None else deadline - time.monotonic()
            if rest is not None and rest <= 0:
                return False
        data = os.read(self._file, 4096)
        if not data:  # the terminal has gone
            self._pending += "\x04"
            return False
        while True:  # a letter of several bytes may come in two parts
            try:
                self._pending += data.decode()
                return True
            except UnicodeDecodeError as error:
                whole = len(data) - error.start >= 4
                if whole or not select.select([self._file], [], [], _ESCAPE_SECONDS)[0]:
                    self._pending += data.decode(errors="ignore")
                    return True
                data += os.read(self._file, 4096)


def check_terminal() -> None:
    """Raise PlayError unless keys can be read from a terminal and pictures drawn into it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PlayError(
            "There is no terminal to play in: run heedful in one, or give --mode window, or "
            "--keys 'w w q' to play by a script."
        )
    try:
        import termios  # noqa: F401 - Windows has none
    except ImportError:
        raise PlayError("This terminal cannot be played in: give --mode window.") from None


def parse_input(text: str) -> list[str]:
    r"""Names of the keys behind the characters that a terminal sent.

    >>> parse_input("w\x1b[A ")
    ['w', 'up', 'space']
    """
    keys: list[str] = []
    while text:
        if text[0] == "\x1b":
            found = next((end for end in _ESCAPES if text.startswith(end, 1)), "")
            keys.append(_ESCAPES.get(found, "escape"))
            text = text[1 + len(found) :]
            continue
        key = _CHARACTERS.get(text[0], text[0])
        if len(key) > 1 or key.isprintable():
            keys.append(key)
        text = text[1:]
    return keys
