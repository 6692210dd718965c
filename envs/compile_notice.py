"""Says on stderr that kernels are being compiled, so that the first world does not seem to hang.

Nothing is said when all kernels come from the cache, nor when HEEDFUL_QUIET is set.
"""

from __future__ import annotations

import os
import sys
import time
from functools import cache
from typing import Any

from numba.core import event
from numba.core.dispatcher import Dispatcher

_PACKAGES = ("agent", "envs")
_EVERY = 10
"""Where stderr is a file, a line is written for every so many kernels."""


class CompileNotice(event.Listener):
    """Counts the kernels of ours that numba compiles, and says so."""

    def __init__(self) -> None:
        self.is_on = not os.environ.get("HEEDFUL_QUIET")
        self._began = 0.0
        self._total = 0
        self._compiled: set[str] = set()
        self._open: list[str] = []

    def on_start(self, event: Any) -> None:
        """A kernel is about to be compiled; kernels that it calls come within."""
        function = event.data["dispatcher"].py_func
        ours = function.__module__.split(".")[0] in _PACKAGES
        self._open.append(f"{function.__module__}.{function.__qualname__}" if ours else "")
        if ours and self.is_on and not self._began:
            self._began = time.perf_counter()
            self._total = _loaded_kernels()
            self._say(
                "heedful: compiling kernels, which is needed once after an installation or an "
                "update (HEEDFUL_QUIET=1 hides this).\n"
            )

    def on_end(self, event: Any) -> None:
        """A kernel has been compiled."""
        name = self._open.pop() if self._open else ""
        if not (name and self.is_on) or name in self._compiled:
            return
        self._compiled.add(name)
        done, total = len(self._compiled), max(self._total, len(self._compiled))
        line = f"  {done} of up to {total} kernels, {time.perf_counter() - self._began:.0f} s"
        if sys.stderr.isatty():
            self._say(f"\r{line}" + ("\n" if done == total else ""))
        elif done % _EVERY == 0 or done == total:
            self._say(line + "\n")

    @staticmethod
    def _say(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _loaded_kernels() -> int:
    """How many kernels there are in our modules that have been imported."""
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] in _PACKAGES]
    kernels = {
        value.py_func
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Dispatcher)
    }
    return len(kernels)


notice = CompileNotice()
"""The one that listens; ``notice.is_on = False`` silences it."""


@cache
def listen() -> None:
    """Announce what is compiled from now on; again is the same as once."""
    event.register("numba:compile", notice)
