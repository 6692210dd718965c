import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from agent.operations.logs import JsonFormatter

ROOT = Path(__file__).parents[3]
SERVING = (
    *(ROOT / "agent" / "serving").glob("*.py"), *(ROOT / "agent").glob("recording*.py"),
    *(ROOT / "unity_bridge" / "live").glob("*.py"),
)  # fmt: skip
"""Modules whose lines a server logs."""

PROGRAM = """
import logging, sys, warnings
from agent.operations.logs import say, set_up_logs
from unity_bridge.telling import Voice
set_up_logs("{form}")
say("listening", "listening on 127.0.0.1:5004")
Voice("world-1", peer="ipv4:127.0.0.1:9").warn("garbage", "is let go", npc="Ada")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("agent.x").exception("a mistake\\nof two lines")
"""


def run(form):
    program = PROGRAM.format(form=form)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )


def test_people_read_sentences():
    told = run("text")
    assert told.stdout == "listening on 127.0.0.1:5004\n"
    assert told.stderr.startswith("heedful: world-1: is let go\nheedful: a mistake\nof two lines\n")


def test_programs_read_one_object_for_each_line():
    told = run("json")
    (said,) = map(json.loads, told.stdout.splitlines())
    warning, error = map(json.loads, told.stderr.splitlines())
    assert (said["level"], said["event"], said["world"]) == ("info", "listening", None)
    assert said["message"] == "listening on 127.0.0.1:5004"
    assert warning["time"].endswith("Z")
    del warning["time"]
    assert warning == {
        "level": "warning", "event": "garbage", "world": "world-1", "npc": "Ada",
        "message": "world-1: is let go", "logger": "unity_bridge.host", "peer": "ipv4:127.0.0.1:9",
    }  # fmt: skip
    assert (error["level"], error["event"], error["npc"]) == ("error", None, None)
    assert error["message"] == "a mistake\nof two lines"
    assert "ZeroDivisionError" in error["error"]


def test_a_closed_stdout_stops_no_server():
    program = PROGRAM.format(form="text") + "\nprint('went on', file=sys.stderr)"
    with open("/dev/full", "w") as full:
        told = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert "went on" in told.stderr


@pytest.mark.parametrize("text", ["où? 在哪里", 'a "quoted" word'])
def test_any_text_stays_as_it_is(text):
    record = logging.LogRecord("x", logging.INFO, "", 1, "%s", (text,), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == text


@pytest.mark.parametrize("end", ["complain('No brain.')", "1 / 0"])
def test_what_ends_the_program_is_one_object_too(end):
    program = f"from agent.operations.logs import complain, set_up_logs\nset_up_logs('json')\n{end}"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    (line,) = map(json.loads, told.stderr.splitlines())
    assert (line["level"], line["event"]) == ("error", "failed")
    assert line["message"] == "No brain." or "ZeroDivisionError" in line["error"]


def logging_calls(path):
    """Calls of a module's logger, ``_log.warning(...)`` and the like."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
            yield node


@pytest.mark.parametrize("path", SERVING, ids=lambda path: path.name)
def test_every_line_of_a_server_names_its_event(path):
    for call in logging_calls(path):
        assert "extra" in [each.arg for each in call.keywords], f"{path}:{call.lineno}"
