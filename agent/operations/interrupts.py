"""Ctrl-C, seen also where it ends as another error."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def noting_interrupts() -> Iterator[list[int]]:
    """Within it, each Ctrl-C is noted in the list that it gives, and raised as ever.

    While a compiled module is imported, `KeyboardInterrupt` comes out as an `ImportError`. Where
    Ctrl-C does something else, as in a script's background jobs, which ignore it, it still does.
    """
    noted: list[int] = []
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield noted
        return

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.default_int_handler(number, frame)

    try:
        signal.signal(signal.SIGINT, note)
    except ValueError:  # not in the main thread: nobody can press Ctrl-C here
        yield noted
        return
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
