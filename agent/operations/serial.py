"""One thread that does one thing after the other, whose end nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any

_Work = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class SerialExecutor(Executor):
    """Does one thing after the other.

    Unlike a pool's thread it does not hold up the end of the program, so that a server stops
    although its mind or its disk hangs.

    Args:
        name: what does the work, such as "mind".
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do something after all that was submitted before; once it is closed, fail."""
        future: Future[Any] = Future()
        if self._closed:
            future.set_exception(RuntimeError(f"the {self._name} has stopped"))
        else:
            self._work.put((future, fn, args, kwargs))
        return future

    def close(self, seconds: float) -> bool:
        """Do what was submitted and end; whether it did within so many seconds."""
        self._closed = True
        self._work.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            future, fn, args, kwargs = work
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # whoever asked for it is told
                future.set_exception(error)
            else:
                future.set_result(result)
            del work, future, fn, args, kwargs  # nothing is kept alive while it waits
