import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

import agent.cli
from agent.cli import main
from agent.evaluate import EvaluationError
from agent.operations.interrupts import noting_interrupts

PRESS = """
import os, runpy, signal, sys

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

wanted, sys.argv = sys.argv[1], sys.argv[2:]
sys.meta_path.insert(0, Press())
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Presses Ctrl-C as a module is about to be imported, then runs another module with arguments."""


def press_at(imported, *words, before=""):
    return subprocess.run(
        [sys.executable, "-c", before + PRESS, imported, *words],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "imported", ["agent.cli_commands", "typer", "agent.cli_serve", "agent.evaluate"]
)
def test_control_c_while_heedful_is_imported_is_one_sentence_and_130(imported):
    left = press_at(imported, "agent.cli", "evaluate", "--policy", "random", "--episodes", "1")
    assert left.returncode == 130
    assert left.stderr.strip() == "heedful: stopped."


@pytest.mark.parametrize("imported", ["unity_bridge.playing", "argparse", "numpy"])
def test_control_c_while_the_player_is_imported_is_quiet_and_130(imported):
    left = press_at(imported, "unity_bridge.player", "--port", "9")
    assert (left.returncode, left.stderr) == (130, "")


IGNORING = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""A script's background jobs start so, and what follows ``trap '' INT``."""


def test_where_control_c_is_ignored_heedful_goes_on():
    left = press_at("typer", "agent.cli", "evaluate", "--policy", "none", before=IGNORING)
    assert (left.returncode, "stopped" in left.stderr) == (2, False)
    assert "none" in left.stderr


def test_where_control_c_is_ignored_the_player_goes_on():
    left = press_at("argparse", "unity_bridge.player", "--port", "x", before=IGNORING)
    assert left.returncode == 2
    assert "invalid int value: 'x'" in left.stderr


def test_control_c_that_does_something_else_already_still_does():
    heard = []
    usual = signal.signal(signal.SIGINT, lambda *signal_and_frame: heard.append("pressed"))
    try:
        with noting_interrupts() as noted:
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, usual)
    assert (heard, noted) == (["pressed"], [])


def test_control_c_that_a_compiled_module_turned_into_another_error_is_still_one(
    monkeypatch, capsys
):
    def import_it():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("numba._devicearray failed to import") from None

    monkeypatch.setattr(agent.cli, "_run", import_it)
    monkeypatch.setattr(sys, "argv", ["heedful", "envs"])
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit, match="130"):
        main()
    assert capsys.readouterr().err == "heedful: stopped.\n"
    assert signal.getsignal(signal.SIGINT) is before


def fail_after_control_c(monkeypatch, error, *words):
    """Ctrl-C is taken care of, and something else goes wrong afterwards."""

    def go_on():
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        raise error

    monkeypatch.setattr(agent.cli, "_run", go_on)
    monkeypatch.setattr(sys, "argv", ["heedful", "play", *words])
    main()


def test_what_fails_after_control_c_was_taken_care_of_is_told(monkeypatch, capsys):
    error = EvaluationError("x.json cannot be written (Permission denied): give another file.")
    with pytest.raises(SystemExit, match="2"):
        fail_after_control_c(monkeypatch, error)
    assert capsys.readouterr().err == f"heedful: {error}\n"


@pytest.mark.parametrize("kind", [EvaluationError, ImportError])
def test_debug_shows_errors_after_control_c_as_they_are(monkeypatch, kind):
    with pytest.raises(kind, match="where it was"):
        fail_after_control_c(monkeypatch, kind("where it was"), "--debug")


def test_control_c_within_code_that_is_run_as_text_ends_by_the_code_and_not_by_the_signal(tmp_path):
    (tmp_path / "pressed.py").write_text(
        "import agent.cli, agent.operations.logs, os, signal\n"
        "agent.cli._run = lambda: exec('os.kill(os.getpid(), signal.SIGINT)\\nwhile True: pass')\n"
        "agent.cli.main()\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [sys.executable, "-m", "pressed"], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (130, "heedful: stopped.\n")
