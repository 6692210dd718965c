import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from agent.commands.bench_serve import measure
from agent.infos import Infos
from agent.mind import Mind
from agent.recording import EpisodeLog, RecordingError
from agent.report.record import read_record
from agent.serve import Minds, blank_observations, join_infos
from envs.contract import FIELDS
from unity_bridge.batch import WorldBatch

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


def make_batch(world, npcs, first=False, episodes=(), goals=()):
    rows = len(npcs)
    observations = blank_observations(rows)
    infos = Infos.empty(rows)
    return WorldBatch(
        world=world, behavior="Heedful?team=0", agents=np.arange(rows), npcs=list(npcs),
        observations=observations, action_mask=infos.action_mask,
        reward=np.zeros(rows, np.float32), first=np.full(rows, first),
        catalogue=[[] for _ in npcs], texts=[[] for _ in npcs],
        goals=list(goals) or [[] for _ in npcs], episodes=list(episodes) or [[] for _ in npcs],
        endings=[],
    )  # fmt: skip


START = {"op": "start", "task": "navigation/ringing", "seed": 7, "map": "known"}
END = {"op": "end", "success": True, "wrong_commit": False, "decisions": 1, "walked": 1.0,
       "shortest": 1.0, "spl": 1.0}  # fmt: skip


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
    lines = [line for line in told.stderr.splitlines() if line.startswith("heedful:")]
    assert len(lines) == 1
    assert f"cannot listen on 127.0.0.1:{port}" in lines[0]
    assert "give another --port" in lines[0]
    assert "Traceback" not in told.stderr


def test_control_c_stops_it_in_order(start):
    code, out = start().stop(signal.SIGINT)
    assert code == 0
    assert "stopped: no world asked for a decision" in out


def test_round_trips_are_measured():
    report = measure([1, 2], 3)
    assert list(report["npcs"]) == ["1", "2"]
    for times in report["npcs"].values():
        assert 0 < times["p50_ms"] <= times["p99_ms"]


# ----------------------------------------------------------------------------- minds in a process


@pytest.fixture(scope="module")
def mind():
    return Mind.untrained()


@pytest.fixture
def minds(mind):
    mind.memories.drop_all()
    return Minds(mind)


def decide(minds, *batches):
    async def ask():
        return await asyncio.gather(*(minds.decide(batch) for batch in batches))

    return asyncio.run(ask_and_stop(minds, ask))


async def ask_and_stop(minds, ask):
    try:
        return await ask()
    finally:
        minds._worker.cancel()
        minds._worker = None
        minds._came = asyncio.Event()


def test_worlds_that_ask_together_are_decided_together(minds, monkeypatch):
    sizes, decide_alone = [], minds.mind.decide

    def watch(observations, infos, **more):
        sizes.append(infos.rows)
        return decide_alone(observations, infos, **more)

    monkeypatch.setattr(minds.mind, "decide", watch)
    one, two = decide(minds, make_batch("world-1", ["a", "b"]), make_batch("world-2", ["a"]))
    assert sizes == [3]
    assert one.actions.shape == (2, 8)
    assert two.actions.shape == (1, 8)
    assert len(one.mind) == 2
    assert one.mind[0].keys() == {"strategy", "reason", "competence"}
    assert len(minds.milliseconds) == 2
    assert minds.decisions == 3


def test_a_mind_belongs_to_world_and_key(minds):
    decide(minds, make_batch("world-1", ["a"]), make_batch("world-2", ["a"]))
    decide(minds, make_batch("world-2", ["a"]))
    assert minds._seats == {("world-1", "a"): 0, ("world-2", "a"): 1}
    assert minds.mind.memories.decisions.tolist() == [1, 2]


def test_a_game_that_ends_episodes_keeps_its_minds_and_an_evaluation_does_not(minds):
    decide(minds, make_batch("world-1", ["a"], first=True))
    decide(minds, make_batch("world-1", ["a"], first=True))
    assert minds.mind.memories.decisions.tolist() == [2]
    decide(minds, make_batch("world-1", ["a"], first=True, episodes=[[START]]))
    assert minds.mind.memories.decisions.tolist() == [1]


def test_seats_of_a_world_that_left_are_used_again(minds):
    decide(minds, make_batch("world-1", ["a", "b"]), make_batch("world-2", ["c"]))
    minds.released("world-1")
    decide(minds, make_batch("world-3", ["d", "e", "f"]))
    assert sorted(minds._seats.values()) == [0, 1, 2, 3]
    assert minds.mind.memories.belief.rows == 4
    assert minds.mind.memories.decisions.tolist() == [1, 1, 1, 1]


def test_dice_are_named_by_the_episode_not_by_the_seat(minds):
    same = {"first": True, "episodes": [[START]]}
    decide(minds, make_batch("world-1", ["other"]), make_batch("world-2", ["area0/npc0"], **same))
    decide(minds, make_batch("world-9", ["area5/npc0"], **same))
    numbers = minds.mind.memories.numbers.tolist()
    assert numbers[1] == numbers[2] != numbers[0]
    keys = join_infos([make_batch("world-2", ["area0/npc1"], **same)]).keys
    assert keys == ["navigation/ringing/7/npc1"]


def test_a_mind_that_fails_is_told_to_every_world_and_goes_on(minds, monkeypatch):
    async def ask():
        return await asyncio.gather(
            minds.decide(make_batch("world-1", ["a"])), minds.decide(make_batch("world-2", ["a"])),
            return_exceptions=True,
        )  # fmt: skip

    with monkeypatch.context() as broken:
        broken.setattr(minds.mind, "decide", lambda *a, **k: 1 / 0)
        failed = asyncio.run(ask_and_stop(minds, ask))
    assert [type(error) for error in failed] == [ZeroDivisionError] * 2
    (reply,) = decide(minds, make_batch("world-1", ["a"]))
    assert reply.actions.shape == (1, 8)


@pytest.mark.parametrize(
    ("given", "rows", "used"), [(None, 16, 1), (None, 17, os.cpu_count()), (1, 64, 1)]
)
def test_few_npcs_are_decided_by_one_thread(mind, given, rows, used):
    minds = Minds(mind, threads=given)
    minds._thread.submit(minds._set_threads, rows).result()
    assert minds._threads_in_use == used


def test_warm_up_leaves_nothing_behind(minds):
    minds.warm_up()
    assert not minds.mind.memories.decisions.any()
    assert minds.milliseconds == []


def test_blank_observations_have_the_contracts_shapes():
    blank = blank_observations(3)
    for field in FIELDS:
        assert blank[field.name].shape == (3, *field.shape)
        assert blank[field.name].dtype == field.dtype


# -------------------------------------------------------------------------------------- recording


def test_an_episode_is_written_when_it_ends(minds, tmp_path):
    minds.log = EpisodeLog(tmp_path, "tiny")
    goal = [[{"op": "set", "goal": 1, "text": "go to the thing that is ringing"}]]
    decide(minds, make_batch("world-1", ["npc0"], True, [[START]], goal))
    assert list(tmp_path.iterdir()) == []
    decide(minds, make_batch("world-1", ["npc0"], True, [[END, {**START, "seed": 8}]], goal))
    (file,) = tmp_path.iterdir()
    record = read_record(file)
    assert (record.task, record.seed, record.map) == ("navigation/ringing", 7, "known")
    assert record.brain == "tiny"
    assert record.result is not None
    assert record.result.success
    assert len(record.decisions) == 1
    minds.log.leave("world-1")
    files = sorted(tmp_path.iterdir())
    assert [read_record(path).seed for path in files] == [7, 8]
    assert read_record(files[1]).result is None
    assert json.loads(files[0].read_text().splitlines()[0])["goal"]


def test_a_record_that_cannot_be_written_does_not_stop_decisions(minds, tmp_path, caplog):
    minds.log = EpisodeLog(tmp_path / "episodes")
    decide(minds, make_batch("world-1", ["npc0"], True))
    (tmp_path / "episodes").rmdir()
    (tmp_path / "episodes").write_text("in the way")
    (reply,) = decide(minds, make_batch("world-1", ["npc0"], True))
    assert reply.actions.shape == (1, 8)
    assert "cannot be written" in caplog.text


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="give --record another folder"):
        EpisodeLog(Path(tmp_path / "file" / "deeper"))
