import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from agent import demo
from agent.checkpoint import CheckpointError
from agent.demo import DemoError, describe, find_difference, make_table, run_demo
from agent.report.processes import Child, ChildError
from agent.report.record import read_record
from agent.report.results import ResultsFile
from agent.rollout import EpisodeResult
from tests.agent.report_helpers import save_untrained

RESULT = EpisodeResult(
    task="navigation/named_place", seed=2_000_000, map="known", success=True, wrong_commit=False,
    spl=1.0, decisions=21, path=5.0, shortest=5.0, collisions=0,
)  # fmt: skip
STUBBORN = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('ready')"


class NoChild:
    def __init__(self, *arguments: object) -> None:
        raise AssertionError("a process was started")


class FakeChild:
    def __init__(self, code: int | None = None) -> None:
        self.code = code

    def check(self) -> None:
        pass

    def last_words(self) -> str:
        return "nothing"


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# -- what cannot be played -----------------------------------------------------------------------


def test_a_folder_that_cannot_be_used_is_told_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "Child", NoChild)
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError, match=r"cannot be written: give --out another folder\.$"):
        run_demo(tmp_path / "file" / "demo")


def test_a_brain_that_cannot_be_used_is_told_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "Child", NoChild)
    with pytest.raises(CheckpointError):
        run_demo(tmp_path, brain=tmp_path / "missing.safetensors")
    (tmp_path / "corrupt.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(CheckpointError):
        run_demo(tmp_path, brain=tmp_path / "corrupt.safetensors")


def test_no_episodes_are_refused(tmp_path):
    with pytest.raises(DemoError, match="give --episodes 1 or more"):
        run_demo(tmp_path, episodes=0)


# -- children ------------------------------------------------------------------------------------


def test_a_child_is_listened_to():
    with Child("poem", "this", []) as child:
        assert child.wait_for_line("Simple", 60).startswith("Simple is better")
    assert is_gone(child.pid)


def test_a_child_that_fails_is_told_with_its_last_words():
    with Child("the player", "unity_bridge.player", ["--task", "nonsense"]) as child:
        with pytest.raises(ChildError, match=r"^the player stopped: .*nonsense"):
            child.wait_for_line("never", 120)
        with pytest.raises(ChildError):
            child.check()


def test_a_full_disk_is_told_with_the_cure():
    fails = "raise OSError(28, 'No space left on device')"
    with (
        Child("heedful-player", "timeit", ["-n", "1", "-r", "1", fails]) as child,
        pytest.raises(ChildError, match="stopped: the disk is full; free some room or give --out"),
    ):
        child.wait_for_line("never", 60)


def test_a_child_that_says_nothing_is_not_waited_for_for_ever():
    with (
        Child("sleeper", "timeit", ["-n", "1", "-r", "1", "import time; time.sleep(60)"]) as child,
        pytest.raises(ChildError, match="did not say 'listening' within 1 s"),
    ):
        child.wait_for_line("listening", 1.0)
    assert is_gone(child.pid)


def test_a_child_that_does_not_stop_is_killed(monkeypatch):
    monkeypatch.setattr("agent.report.processes.STOP_SECONDS", 0.5)
    arguments = ["-n", "1", "-r", "1", "-s", STUBBORN, "import time; time.sleep(60)"]
    with Child("stubborn", "timeit", arguments) as child:
        child.wait_for_line("ready", 60)
    assert child.code == -signal.SIGKILL
    assert is_gone(child.pid)


def test_children_are_stopped_when_we_are_interrupted():
    arguments = ["-n", "1", "-r", "1", "-s", "print('ready')", "import time; time.sleep(60)"]
    with pytest.raises(KeyboardInterrupt), Child("child", "timeit", arguments) as child:
        child.wait_for_line("ready", 60)
        raise KeyboardInterrupt
    assert is_gone(child.pid)


def test_players_that_leave_early_or_stall_are_told(tmp_path, monkeypatch):
    files = [ResultsFile(tmp_path / "results.jsonl")]
    with pytest.raises(ChildError, match="heedful-player stopped after 0 episodes: nothing"):
        demo._watch(Console(quiet=True), FakeChild(), [FakeChild(0)], files, 1)  # type: ignore
    monkeypatch.setattr(demo, "STALL_SECONDS", 0.2)
    with pytest.raises(ChildError, match=r"No episode ended for 0 s: stop other heavy programs"):
        demo._watch(Console(quiet=True), FakeChild(), [FakeChild()], files, 1)  # type: ignore


# -- what is told --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"path": 5.004}, ""),
        ({"success": False}, "success was True over the wire and is False here"),
        ({"decisions": 22}, "decisions was 21 over the wire and is 22 here"),
        ({"path": 6.0}, "5.00 m were walked over the wire and 6.00 m here"),
    ],
)
def test_a_replay_that_differs_is_told(changes, told):
    assert find_difference(RESULT, replace(RESULT, **changes)) == told


def test_an_interesting_success_is_filmed():
    step = replace(RESULT, seed=1)
    long = replace(RESULT, seed=2, decisions=80)
    failure = replace(RESULT, seed=3, success=False, decisions=400)
    assert demo._choose(RESULT.task, [failure, step, long]) == (RESULT.task, 2)
    assert demo._choose(RESULT.task, [failure, step]) == (RESULT.task, 1)
    assert demo._choose(RESULT.task, [failure]) == (RESULT.task, 3)


def test_the_table_fits_a_terminal():
    row = {"success": 0.5, "success_ci": [0.1, 0.9], "spl": 0.4}
    part = {"tasks": {"coordination/two_know_halves": row}, "overall": row}
    summary = {"seeds": "2000000:2000010", **part,
               "baselines": dict.fromkeys(demo.BASELINES, part)}  # fmt: skip
    console = Console(width=80)
    with console.capture() as capture:
        console.print(make_table(summary))
    text = capture.get()
    assert "two_know_halves" in text and "0.10-0.90" in text and "\u2026" not in text


def test_replays_that_differ_are_counted():
    summary = {"decision_ms": {"p50": 9.0, "p99": 30.0}, "replays": {"played": 6, "same": 5},
               "seconds": 100.0}  # fmt: skip
    assert any(line.startswith("1 of 6 filmed episodes went") for line in describe(summary))


# -- the whole of it -----------------------------------------------------------------------------


def test_the_demo_plays_over_grpc_and_reports(tmp_path, monkeypatch):
    pids = []

    class WatchedChild(Child):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            pids.append(self.pid)

    task = "navigation/named_place"
    monkeypatch.setattr(demo, "DEMO_TASKS", (task,))
    monkeypatch.setattr(demo, "BASELINES", ("oracle",))
    monkeypatch.setattr(demo, "Child", WatchedChild)
    out = tmp_path / "demo"
    left_over = ("results-1.jsonl", "episodes/world-1-00007-old.jsonl", "media/named_place.mp4",
                 "report.html", "media/holiday.mp4")  # fmt: skip
    for name in left_over:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("of an earlier demo")
    run_demo(out, brain=save_untrained(tmp_path / "brain.safetensors"), episodes=1)
    assert len(pids) == 2 and all(map(is_gone, pids))

    summary = json.loads((out / "summary.json").read_text())
    assert summary["policy"] == "brain" and summary["seeds"] == "2000000:2000001"
    assert {"episodes", "success", "success_ci", "spl", "wrong_commit"} <= set(
        summary["tasks"][task]
    )
    assert summary["baselines"]["oracle"]["tasks"][task]["success"] == 1.0
    assert summary["baselines"]["oracle"]["overall"]["success"] == 1.0
    assert 0 < summary["decision_ms"]["p50"] <= summary["decision_ms"]["p99"]
    assert sum(summary["strategy_share"].values()) == pytest.approx(1.0, abs=0.01)
    assert summary["calibration"]["brier"] is not None
    assert summary["replays"] == {"played": 1, "same": 1}

    (recorded,) = (out / "episodes").iterdir()
    assert read_record(recorded).task == task
    assert [path.name for path in sorted((out / "media").iterdir())] == [
        "holiday.mp4", "named_place.jpg", "named_place.mp4",
    ]  # fmt: skip
    assert (out / "media" / "holiday.mp4").read_text() == "of an earlier demo"  # not ours
    page = (out / "report.html").read_text()
    assert "media/named_place.mp4" in page and "an earlier demo" not in page


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_an_interrupted_demo_leaves_no_process_behind(tmp_path, number):
    brain = save_untrained(tmp_path / "brain.safetensors")
    command = [sys.executable, "-u", "-m", "agent.cli", "demo", "--out", str(tmp_path / "demo"),
               "--brain", str(brain)]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        line = next((line for line in process.stdout if "players connect" in line), "")
        assert line
        time.sleep(0.5)
        assert len(processes_with(str(tmp_path / "demo"))) >= 3
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said.strip().splitlines()[-1] == "heedful: stopped."
    assert "Traceback" not in said
    assert processes_with(str(tmp_path / "demo")) == []


def processes_with(word: str) -> list[int]:
    """Processes that have a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found
