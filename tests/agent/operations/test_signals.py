"""Signals reach a server's loop, also where loops cannot listen to them (Windows)."""

import asyncio
import os
import signal

import pytest

from agent.operations.signals import call_on_signals, forget_signals


def deaf_loop():
    """An event loop as Windows has it."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    loop = asyncio.SelectorEventLoop()
    for name in ("add_signal_handler", "remove_signal_handler"):
        setattr(loop, name, refuse)
    return loop


@pytest.mark.parametrize("make_loop", [asyncio.SelectorEventLoop, deaf_loop])
def test_a_signal_calls_once_and_then_does_what_it_did(make_loop):
    before = signal.getsignal(signal.SIGINT)
    calls = []

    async def wait_for_signal():
        loop = asyncio.get_running_loop()
        came = asyncio.Event()

        def leave():
            calls.append(signal.SIGINT)
            forget_signals(loop, (signal.SIGINT,))
            came.set()

        call_on_signals(loop, (signal.SIGINT,), leave)
        loop.call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
        await asyncio.wait_for(came.wait(), 5.0)

    try:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(wait_for_signal())
        assert calls == [signal.SIGINT]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
