"""Keys by name, and scripts of them."""

from __future__ import annotations

import re
import shlex
from collections import deque
from typing import Protocol

from agent.play import PlayError
from envs.suggest import did_you_mean

NAMED = (
    "up", "down", "left", "right", "pageup", "pagedown", "space", "enter", "escape", "backspace",
    "tab", "quit",
)  # fmt: skip
"""Keys that are no characters; "quit" is the button that closes a window."""
_REPEATED = re.compile(r"(.+)\*(\d{1,5})")
_TYPED = "type:"


class Keyboard(Protocol):
    """Where keys come from."""

    def read(self, seconds: float | None) -> list[str]:
        """Keys that were pressed since the last call, in order.

        Args:
            seconds: to wait for the first one at most; None: until there is one.
        """
        ...

    def held(self) -> frozenset[str]:
        """Keys that are down now, where that can be known."""
        ...


class ScriptedKeys:
    """Keys out of a text, one at each call, then ``q``.

    Args:
        script: keys by name, separated by blanks; ``KEY*N`` is N times, ``"type:some text"`` its
            characters.

    Raises:
        PlayError: a key does not exist.
    """

    def __init__(self, script: str) -> None:
        self._keys = deque(parse_keys(script))

    def read(self, seconds: float | None) -> list[str]:
        """The next key."""
        return [self._keys.popleft() if self._keys else "quit"]

    def held(self) -> frozenset[str]:
        """None: keys are pressed and let go."""
        return frozenset()


def parse_keys(script: str) -> list[str]:
    """The keys of a script.

    >>> parse_keys('w*2 t "type:hi" enter')
    ['w', 'w', 't', 'h', 'i', 'enter']

    Raises:
        PlayError: a key does not exist, or a quotation mark is missing.
    """
    try:
        words = shlex.split(script)
    except ValueError:
        raise PlayError(f"The keys {script!r} lack a closing quotation mark: add it.") from None
    keys: list[str] = []
    for word in words:
        if word.startswith(_TYPED):
            keys += word[len(_TYPED) :]
            continue
        repeated = _REPEATED.fullmatch(word)
        key, count = (repeated[1], int(repeated[2])) if repeated else (word, 1)
        if len(key) > 1 and key not in NAMED:
            raise PlayError(
                f"No key is called '{key}': {did_you_mean(key, NAMED)} Others are single letters."
            )
        keys += [key] * count
    return keys
