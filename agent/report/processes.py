"""Child processes that are always taken down: the server and the players of the demo."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence

STOP_SECONDS = 8.0
"""So long a child may take to stop before it is killed."""
_TAIL = 30


class ChildError(RuntimeError):
    """A child process did not do what it was started for; one sentence with the cure."""


class Child:
    """A Python module run as a process of its own, in its own session, so that we stop it.

    Args:
        name: what people know it as.
        module: module to run, such as ``agent.cli``.
        arguments: its command line.
    """

    def __init__(self, name: str, module: str, arguments: Sequence[str]) -> None:
        self.name = name
        self.tail: deque[str] = deque(maxlen=_TAIL)
        """The last lines that it printed."""
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", module, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", errors="replace", start_new_session=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.tail.append(line.rstrip())
            self._lines.put(line.rstrip())

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Exit code, None while it runs."""
        return self._process.poll()

    def wait_for_line(self, start: str, seconds: float) -> str:
        """The first line that begins so, once it is printed.

        Raises:
            ChildError: the process ended without it, or it took too long.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                line = self._lines.get(timeout=0.1)
            except queue.Empty:
                self.check()
                if self.code is not None and not self._reader.is_alive():
                    break
                continue
            if line.startswith(start):
                return line
        raise ChildError(
            f"{self.name} did not say '{start}' within {seconds:.0f} s: run `heedful doctor`."
        )

    def check(self) -> None:
        """Find out whether it failed.

        Raises:
            ChildError: it did; the text is what it said last.
        """
        if self.code not in (None, 0):
            self._reader.join(2.0)
            raise ChildError(f"{self.name} stopped: {self.last_words()}")

    def last_words(self) -> str:
        """What it said last, as one sentence."""
        said = next((line for line in reversed(self.tail) if line.strip()), "")
        said = said.removeprefix("heedful: ").removeprefix("heedful-player: ").strip()
        if "No space left" in said:
            return "the disk is full; free some room or give --out another folder"
        return said or f"exit code {self.code} without a word; run it alone to see why"

    def stop(self) -> int:
        """Ask it to stop, insist if it does not; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        code = self._process.wait()
        self._reader.join(2.0)
        return code

    def __enter__(self) -> Child:
        """The child itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop it, whatever happened; also when it is interrupted while it waits."""
        try:
            self.stop()
        except BaseException:
            self._process.kill()
            raise
