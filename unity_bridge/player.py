"""The entry point ``heedful-player``, quick to import: all it does is in `unity_bridge.playing`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``heedful-player``; the exit code."""
    can_be_interrupted = (
        threading.current_thread() is threading.main_thread()
        # Otherwise Ctrl-C is ignored, as by a script's background jobs, or does something else.
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if can_be_interrupted:
        # Compiled modules that are being imported would make another error of KeyboardInterrupt.
        signal.signal(signal.SIGINT, _leave)
    from unity_bridge.playing import play

    if can_be_interrupted:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return play(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _leave(*signal_and_frame: object) -> NoReturn:
    os._exit(INTERRUPTED)  # nothing has begun that would have to be closed


if __name__ == "__main__":
    sys.exit(main())
