"""Signals that end or refresh a server, on every system: loops of Windows cannot listen to them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable


def call_on_signals(
    loop: asyncio.AbstractEventLoop, numbers: Iterable[int], call: Callable[[], None]
) -> None:
    """Let signals call a function in a loop; to be called in the main thread.

    Args:
        loop: where the function is called.
        numbers: signals, such as ``signal.SIGTERM``.
        call: what they call.
    """
    for number in numbers:
        try:
            loop.add_signal_handler(number, call)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(call))


def forget_signals(loop: asyncio.AbstractEventLoop, numbers: Iterable[int]) -> None:
    """Let signals do again what they did at first."""
    for number in numbers:
        try:
            loop.remove_signal_handler(number)
        except NotImplementedError:
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
