"""Starts a Unity player, watches it and reads the end of its log."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from unity_bridge.errors import BridgeError, OptionError

TAIL_LINES = 15
TAIL_BYTES = 16384
_ENDINGS = (".app", ".exe", ".x86_64", ".x86")
_LOG_FOLDERS = {
    "darwin": Path("Library/Logs"),
    "win32": Path("AppData/LocalLow"),
}
"""Where Unity keeps players' logs, below the home folder; elsewhere in .config/unity3d."""


def find_executable(file_name: str) -> Path:
    """The program of a Unity build, named as ``mlagents_envs`` takes it: with or without ending.

    Args:
        file_name: path of the program, or of the ``.app`` folder or the folder of a Windows build.

    Raises:
        OptionError: when there is none.
    """
    name = file_name.strip()
    bare = name
    for ending in _ENDINGS:
        bare = bare.removesuffix(ending)
    for candidate in _candidates(bare, name):
        if candidate.is_file():
            return candidate.resolve()
    raise OptionError(
        f"there is no Unity build at '{file_name}' (from {Path.cwd()}): give the path of the "
        "player's program, with or without its ending"
    )


def _candidates(bare: str, name: str) -> list[Path]:
    if sys.platform == "darwin":
        programs = Path(f"{bare}.app", "Contents", "MacOS")
        return [programs / Path(bare).name, *sorted(programs.glob("*")), Path(name)]
    if sys.platform == "win32":
        inside = sorted(Path(bare).glob("*.exe"))
        players = [path for path in inside if not path.name.startswith("UnityCrashHandler")]
        return [Path(f"{bare}.exe"), *players, Path(name)]
    return [Path(f"{bare}.x86_64"), Path(f"{bare}.x86"), Path(bare), Path(name)]


class Player:
    """A running player.

    Args:
        file_name: see ``find_executable``.
        arguments: its command line.

    Raises:
        BridgeError: when it cannot be started.
    """

    def __init__(self, file_name: str, arguments: Sequence[str]):
        self.program = find_executable(file_name)
        self._arguments = list(arguments)
        self._started = time.time()
        self._printed = bytearray()
        try:
            self._process = subprocess.Popen(
                [str(self.program), *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for us; the player is told to quit
            )  # fmt: skip
        except OSError as error:
            raise BridgeError(
                f"'{self.program}' cannot be started ({error.strerror}): make it executable "
                f"(chmod -R 755 '{self.program}') and see that it is built for this system"
            ) from None

        self._reader = threading.Thread(target=self._read, name="player-output", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """Keep the end of what it prints, so that it never waits for a reader."""
        output = self._process.stdout
        while output is not None and (part := output.read(TAIL_BYTES)):
            self._printed += part
            del self._printed[:-TAIL_BYTES]

    def why_dead(self) -> str | None:
        """How it ended, None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"the player died of signal {signal.Signals(-code).name}"
        return f"the player ended with return code {code}"

    def wait(self, seconds: float) -> str | None:
        """How it ended, None when it still runs after so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.why_dead()

    def is_stopped(self) -> bool:
        """True when the system holds it (Ctrl-Z, a debugger), where the system tells."""
        try:
            state = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return False
        return state[0] in "Tt"

    def stop(self, seconds: float) -> None:
        """Wait until it has ended, then kill it and what it started; safe to call twice."""
        self.wait(seconds)
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        self._reader.join(1.0)  # a child of its own may hold on to the pipe

    def tail(self) -> str:
        """The last lines of its log and where that is; of what it printed, when it has no log."""
        log = self._log_file()
        if log is not None:
            lines = _last_lines(log.read_bytes())
            if lines:
                return f"the end of {log}:\n{lines}"
        lines = _last_lines(bytes(self._printed))
        if lines:
            return f"the end of what it printed:\n{lines}"
        return "it wrote no log and printed nothing; Unity writes one with -logFile (log_folder)"

    def _log_file(self) -> Path | None:
        for option, value in zip(self._arguments, self._arguments[1:], strict=False):
            if option.lower() == "-logfile":
                path = Path(value)
                return path if path.is_file() else None
        return self._unity_log()

    def _unity_log(self) -> Path | None:
        """The log that a Unity player writes unasked: its build names company and product."""
        bare = self.program.with_suffix("") if self.program.suffix in _ENDINGS else self.program
        try:
            company, product = (
                bare.with_name(f"{bare.name}_Data")
                .joinpath("app.info")
                .read_text()
                .splitlines()[:2]
            )
        except (OSError, ValueError):
            return None
        folder = Path.home() / _LOG_FOLDERS.get(sys.platform, Path(".config/unity3d"))
        log = folder / company / product / "Player.log"
        fresh = log.is_file() and log.stat().st_mtime >= self._started - 1.0
        return log if fresh else None


def _last_lines(data: bytes) -> str:
    text = data[-TAIL_BYTES:].decode("utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])
