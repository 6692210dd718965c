import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from agent.bench.serve import measure
from agent.report.record import read_record
from agent.serving.snapshot import read_snapshot

HEEDFUL = [sys.executable, "-m", "agent.cli"]
PLAYER = [sys.executable, "-m", "unity_bridge.player"]


class Server:
    """`heedful serve` as a process."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [*HEEDFUL, "serve", "--policy", "untrained", "--port", "0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.port = int(self.wait_for("listening on").rpartition(":")[2])

    def _read(self):
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())

    def wait_for(self, words, seconds=200):
        """The first line that holds these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in self.lines:
                if words in line:
                    return line
            assert self.process.poll() is None, self.lines
            time.sleep(0.05)
        raise AssertionError(f"no line with {words!r} in {self.lines}")

    def stop(self, how=signal.SIGTERM):
        """The exit code and everything that was printed."""
        self.process.send_signal(how)
        code = self.process.wait(60)
        self._reader.join()
        return code, "\n".join(self.lines)


@pytest.fixture
def start():
    """Starts servers; none outlives its test."""
    servers = []

    def start(*arguments):
        servers.append(Server(*arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


@pytest.fixture
def join():
    """Starts players; none outlives its test."""
    players = []

    def join(server, *arguments):
        command = [*PLAYER, "--port", str(server.port), *map(str, arguments)]
        players.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return players[-1]

    yield join
    for player in players:
        if player.poll() is None:
            player.kill()
            player.wait()


# ------------------------------------------------------------------------------ the real process


def test_serves_records_outlives_players_and_stops_in_order(start, join, tmp_path):
    server = start("--record", str(tmp_path / "episodes"))
    assert server.lines[0].startswith("warming up")
    results = tmp_path / "results.jsonl"
    first = join(server, "--task", "ringing", "--seeds", "7:8", "--results", results)
    assert first.wait(200) == 0
    assert json.loads(results.read_text())["task"] == "navigation/ringing"
    second = join(server, "--task", "named_place")
    server.wait_for("world-2 connected")
    second.kill()
    third = join(server, "--task", "two_know_halves")
    server.wait_for("world-3 connected")
    server.wait_for("vanished")
    code, out = server.stop()
    assert third.wait(30) == 0, third.stderr.read()  # it was told to quit
    assert code == 0
    assert "stopping: worlds are told to quit" in out
    assert re.search(r"stopped: \d+ decisions in \d+ calls, p50 [\d.]+ ms, p99 [\d.]+ ms", out)
    assert "Traceback" not in out
    record = read_record(sorted((tmp_path / "episodes").iterdir())[0])
    assert (record.task, record.seed) == ("navigation/ringing", 7)
    assert record.goal
    assert record.decisions[0].attention


def test_a_busy_port_is_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = subprocess.run(
            [*HEEDFUL, "serve", "--policy", "untrained", "--port", str(port)],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert told.returncode == 1
    (line,) = told.stderr.splitlines()
    assert f"heedful: cannot listen on 127.0.0.1:{port}" in line
    assert "give another --port" in line


def test_control_c_stops_it_in_order(start):
    code, out = start().stop(signal.SIGINT)
    assert code == 0
    assert "stopped: no world asked for a decision" in out


def test_round_trips_are_measured():
    report = measure([1, 2], 3, worlds=2)
    assert list(report["npcs"]) == ["1", "2"]
    for times in report["npcs"].values():
        assert 0 < times["p50_ms"] <= times["p99_ms"]


def test_minds_survive_a_restart_and_a_signal_reads_the_weights_again(start, join, tmp_path):
    file = tmp_path / "minds"
    first = start("--snapshot", str(file), "--snapshot-seconds", "1")
    player = join(first, "--task", "named_place")
    first.wait_for("world-1 connected")
    deadline = time.monotonic() + 60
    while not read_snapshot(file) and time.monotonic() < deadline:
        time.sleep(0.1)
    first.process.send_signal(signal.SIGHUP)
    first.wait_for("the minds go on with the weights of")
    code, _ = first.stop()
    assert code == 0
    assert player.wait(30) == 0
    assert [world for world, _ in read_snapshot(file)] == ["world-1"]
    second = start("--snapshot", str(file))
    assert "1 minds of" in second.wait_for("wait for their NPCs")
    assert second.stop()[0] == 0


def test_a_damaged_snapshot_is_one_sentence(tmp_path):
    (tmp_path / "minds").write_text("something else")
    told = subprocess.run(
        [*HEEDFUL, "serve", "--policy", "untrained", "--port", "0", "--snapshot",
         str(tmp_path / "minds")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert told.returncode == 2
    assert "holds no minds: give --snapshot another file" in told.stderr
    assert "Traceback" not in told.stderr
