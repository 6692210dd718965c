"""A window on the screen, by pygame (the extra ``window``)."""

from __future__ import annotations

import os
import sys
import warnings
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_SCREEN = ("offscreen", "dummy", "evdev")
"""Video drivers of SDL that show nothing."""

_KEYS = {
    "up": "K_UP", "down": "K_DOWN", "left": "K_LEFT", "right": "K_RIGHT", "pageup": "K_PAGEUP",
    "pagedown": "K_PAGEDOWN", "space": "K_SPACE", "enter": "K_RETURN", "escape": "K_ESCAPE",
    "backspace": "K_BACKSPACE", "tab": "K_TAB",
}  # fmt: skip
"""Names of keys that are no characters, and pygame's."""
_REPEAT = (300, 100)
"""A key that is held down comes again after so long and then every so often, milliseconds."""


class WindowError(RuntimeError):
    """No window can be opened; the text says the cure."""


def load_pygame() -> ModuleType:
    """Pygame, without its greeting.

    Raises:
        WindowError: it is not installed.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame
    except ImportError:
        raise WindowError(
            "A window needs pygame, which is not installed: "
            "pip install 'heedful[window]', or do without a window."
        ) from None
    return pygame


def has_display() -> bool:
    """Whether there is a screen to show a window on, or SDL was told what to use instead."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


class Window:
    """A window that shows pictures and reports keys."""

    def __init__(self, title: str, size: tuple[int, int], *, needs_display: bool = False) -> None:
        """Open the window.

        Args:
            title: its title.
            size: width and height, pixels.
            needs_display: True raises WindowError where there is no display; False warns, and
                goes on with a window that nobody sees.

        Raises:
            WindowError: pygame is not installed, or there is no display.
        """
        self._pygame: Any = load_pygame()
        is_blind = not has_display()
        if is_blind:
            told = (
                "There is no display to open a window on: set DISPLAY (over ssh: ssh -X), or SDL_"
                "VIDEODRIVER=dummy to go without, or use a render mode that returns pictures."
            )
            if needs_display:
                raise WindowError(told)
            warnings.warn(told, RuntimeWarning, stacklevel=2)
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        try:
            self._pygame.display.init()
            self._screen = self._pygame.display.set_mode(size, self._pygame.RESIZABLE)
        except self._pygame.error as error:
            raise WindowError(
                f"No window can be opened ({error}): check DISPLAY, or set SDL_VIDEODRIVER=dummy."
            ) from None
        finally:
            if is_blind:
                del os.environ["SDL_VIDEODRIVER"]
        self._pygame.display.set_caption(title)
        self._pygame.key.set_repeat(*_REPEAT)
        self._names = {getattr(self._pygame, code): name for name, code in _KEYS.items()}
        self.is_visible = self._pygame.display.get_driver() not in _NO_SCREEN

    def show(self, frame: NDArray[np.uint8]) -> None:
        """Show a picture ``(height, width, 3)``, as large as the window allows."""
        self._pygame.event.pump()
        picture = self._pygame.surfarray.make_surface(frame.swapaxes(0, 1))
        width, height = self._screen.get_size()
        scale = min(width / frame.shape[1], height / frame.shape[0])
        wide, high = max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale))
        self._screen.fill((0, 0, 0))
        self._screen.blit(
            self._pygame.transform.scale(picture, (wide, high)),
            ((width - wide) // 2, (height - high) // 2),
        )
        self._pygame.display.flip()

    def pressed(self) -> list[str]:
        """Keys that were pressed since the last call: characters, or names such as "up", "enter".

        A key that is held down comes again and again. "quit" is the button that closes the window.
        """
        keys = []
        for event in self._pygame.event.get():
            if event.type == self._pygame.QUIT:
                keys.append("quit")
            elif event.type == self._pygame.KEYDOWN:
                name = self._names.get(event.key, event.unicode)
                if name and name.isprintable():  # shift alone is ""
                    keys.append(name)
        return keys

    def held(self) -> frozenset[str]:
        """Keys that are down now: small letters, or capital ones with shift, and names."""
        down = self._pygame.key.get_pressed()
        shift = bool(self._pygame.key.get_mods() & self._pygame.KMOD_SHIFT)
        letters = "abcdefghijklmnopqrstuvwxyz"
        keys = {key for key in letters if down[self._pygame.key.key_code(key)]}
        named = {name for code, name in self._names.items() if down[code]}
        return frozenset({key.upper() for key in keys} if shift else keys) | named

    def close(self) -> None:
        """Close the window."""
        self._pygame.display.quit()
