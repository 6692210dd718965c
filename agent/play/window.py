"""Playing in a window: pictures side by side, words beneath, keys by pygame."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from agent.play.screen import PLAN_SIZE, Shown
from envs.palette import RGB
from envs.plan_brush import font_of
from envs.rendering import resized
from envs.window import Window

_GAP, _LINE, _FONT = 10, 20, 15
_TEXT_LINES = 16
_COLORS: dict[str, RGB] = {
    "goal": (255, 255, 255), "speech": (120, 210, 230), "status": (225, 222, 214),
    "prompt": (160, 160, 160),
}  # fmt: skip
_GROUND: RGB = (28, 30, 36)
_POLL = 0.01


def paint(shown: Shown) -> NDArray[np.uint8]:
    """A moment as a picture ``(H, W, 3)``."""
    pictures = [resized(shown.camera, PLAN_SIZE)]
    if shown.plan is not None:
        pictures.append(shown.plan)
    width = _GAP + len(pictures) * (PLAN_SIZE + _GAP)
    canvas = Image.new("RGB", (width, 2 * _GAP + PLAN_SIZE + _TEXT_LINES * _LINE), _GROUND)
    for number, picture in enumerate(pictures):
        canvas.paste(Image.fromarray(picture), (_GAP + number * (PLAN_SIZE + _GAP), _GAP))
    draw = ImageDraw.Draw(canvas)
    top = 2 * _GAP + PLAN_SIZE
    for kind, text in shown.lines():
        for part in wrapped(text, width - 2 * _GAP):
            draw.text((_GAP, top), part, _COLORS[kind], font_of(_FONT))
            top += _LINE
    return np.asarray(canvas)


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text that is to be so many pixels wide at most."""
    font = font_of(_FONT)
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


class WindowScreen:
    """A window with its keyboard.

    Raises:
        WindowError: pygame is not installed, or there is no display.
    """

    def __init__(self, *, plan: bool) -> None:
        width = _GAP + (2 if plan else 1) * (PLAN_SIZE + _GAP)
        size = width, 2 * _GAP + PLAN_SIZE + _TEXT_LINES * _LINE
        self._window = Window("heedful play", size, needs_display=True)

    def show(self, shown: Shown) -> None:
        """Show a moment."""
        self._window.show(paint(shown))

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def read(self, seconds: float | None) -> list[str]:
        """Keys that were pressed, waiting for the first one at most so long."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            keys = self._window.pressed()
            if keys or (deadline is not None and time.monotonic() >= deadline):
                return keys
            time.sleep(_POLL)

    def held(self) -> frozenset[str]:
        """Keys that are down."""
        return self._window.held()
