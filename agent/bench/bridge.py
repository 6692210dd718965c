"""``heedful bench bridge``: our client of Unity players beside the official one, on one recording.

Both step the same player, which says the same recorded messages, window by window in turn, so that
a machine that changes its pace changes it for both.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from agent.bench import bridge_client, bridge_player
from agent.bench.bridge_messages import AGENTS, CAMERA_SIZE, FLOATS, record
from agent.bench.rates import median_ratio
from agent.evaluate import EvaluationError, check_writable, give_numbers

Whose = Literal["ours", "official"]
ROUNDS = 7
"""Windows of each client."""
SETTINGS = {
    f"{AGENTS} agents, {CAMERA_SIZE}x{CAMERA_SIZE} RGB and {FLOATS} floats": (True, 150),
    f"{AGENTS} agents, {FLOATS} floats": (False, 500),
}
"""Name -> whether with images, and steps of a window."""
WARM_UP = 60
"""Steps before the first window: they may compile, and they fill caches."""
WHERE = Path(".venv-peer") / "bin" / "python"
"""Where `make setup` puts the official client, below the checkout."""
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Window:
    """What one window of steps cost."""

    steps_per_s: float
    cpu_ms: float
    """Per step, of the client with all its threads."""


class Pair:
    """A client and the player that it steps, each in a process of its own, for ``with``."""

    def __init__(self, whose: Whose, python: Path, recording: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        environment = dict(os.environ)
        if whose == "ours":
            path = (str(_ROOT), environment.get("PYTHONPATH", ""))
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
        self._client = subprocess.Popen(
            [python, bridge_client.__file__, whose, port], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._player = subprocess.Popen(
            [sys.executable, bridge_player.__file__, port, recording], stdout=subprocess.DEVNULL
        )

    def __enter__(self) -> Pair:
        self.about = self._read()
        """What the client is."""
        self.play(WARM_UP)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._client.stdin is not None
        self._client.stdin.close()
        for process in (self._client, self._player):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def play(self, steps: int) -> Window:
        """Let it take so many steps."""
        assert self._client.stdin is not None
        self._client.stdin.write(f"{steps}\n")
        self._client.stdin.flush()
        cost = self._read()
        return Window(steps / cost["seconds"], cost["cpu_seconds"] / steps * 1e3)

    def _read(self) -> dict[str, Any]:
        assert self._client.stdout is not None
        line = self._client.stdout.readline()
        if not line:
            raise EvaluationError("a client of the comparison ended by itself: see above")
        found: dict[str, Any] = json.loads(line)
        return found


def run(json_file: Path | None, peer: Path | None) -> None:
    """Measure, print and write.

    Raises:
        EvaluationError: the file cannot be written, or the official client is not there.
    """
    if json_file is not None:
        check_writable(json_file)
    python = peer or _ROOT / WHERE
    if not python.exists():
        raise EvaluationError(
            f"The official mlagents_envs is not at {python}: run make setup, or give the Python "
            "that has it with --peer."
        )
    console = Console(highlight=False)
    with console.status("measuring"):
        report = measure({"ours": Path(sys.executable), "official": python})
    show(console, report)
    give_numbers(json_file, report)


def measure(
    pythons: Mapping[Whose, Path],
    rounds: int = ROUNDS,
    shorten: int = 1,
    on_window: Callable[[str], None] = lambda name: None,
) -> dict[str, Any]:
    """All figures as plain data.

    Args:
        pythons: each client's Python.
        rounds: windows of each client.
        shorten: by how much to divide a window's steps, for tests.
        on_window: called with a setting's name after each window.
    """
    rows, about = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (images, steps)) in enumerate(SETTINGS.items()):
            recording = Path(folder) / f"{number}.messages"
            recording.write_bytes(record(images))
            windows: dict[Whose, list[Window]] = {"ours": [], "official": []}
            with (
                Pair("ours", pythons["ours"], recording) as ours,
                Pair("official", pythons["official"], recording) as official,
            ):
                about = {"ours": ours.about, "official": official.about}
                for _ in range(rounds):
                    windows["ours"].append(ours.play(steps // shorten))
                    windows["official"].append(official.play(steps // shorten))
                    on_window(name)
            rows.append({"setting": name, **_row(windows)})
    return {
        "ratio_cpu_vs_official": rows[0]["ratio_cpu"],
        "ratio_steps_vs_official": rows[0]["ratio_steps"],
        "ratio_steps_vs_official_vectors": rows[1]["ratio_steps"],
        "clients": {
            whose: {key: value for key, value in what.items() if key != "shapes"}
            for whose, what in about.items()
        },
        "rows": rows,
    }


def _row(windows: Mapping[Whose, list[Window]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for whose, found in windows.items():
        row[whose] = {
            "steps_per_s": round(median(window.steps_per_s for window in found), 1),
            "cpu_ms_per_step": round(median(window.cpu_ms for window in found), 3),
        }
    ours, official = windows["ours"], windows["official"]
    for name, above, below in (
        ("ratio_cpu", [w.cpu_ms for w in official], [w.cpu_ms for w in ours]),
        ("ratio_steps", [w.steps_per_s for w in ours], [w.steps_per_s for w in official]),
    ):
        ratios = [a / b for a, b in zip(above, below, strict=True)]
        row[name] = round(median_ratio(above, below), 2)
        row[f"{name}_range"] = [round(min(ratios), 2), round(max(ratios), 2)]
    return row


def show(console: Console, report: Mapping[str, Any]) -> None:
    """Print the figures as a table, and what may make them unfair."""
    for row in report["rows"]:
        table = Table(
            "client", "steps/s", "CPU ms a step", title=row["setting"], title_justify="left"
        )
        for whose in ("ours", "official"):
            cost = row[whose]
            table.add_row(
                report["clients"][whose]["client"], f"{cost['steps_per_s']:.0f}",
                f"{cost['cpu_ms_per_step']:.2f}",
            )  # fmt: skip
        console.print(table)
        for name, what in (("ratio_steps", "the steps per second"), ("ratio_cpu", "less CPU")):
            low, high = row[f"{name}_range"]
            console.print(f"  {row[name]:.2f} times {what} ({low:.2f} to {high:.2f})")
    official = report["clients"]["official"]
    console.print(
        f"{official['client']} ran on Python {official['python']} with protobuf's "
        f"{official['protobuf']} backend."
    )
    if official["protobuf"] != "cpp":
        console.print(
            "That backend is slower than the C++ one which its own Python 3.10 has: install Python "
            "3.10 and run tests/peers/make_peer_env.sh again for a fair comparison."
        )
