import subprocess
import sys

import pytest

from agent.explain import explain_episode
from agent.report.record import RecordError, write_record
from tests.agent.report_helpers import make_record


def test_an_episode_is_explained(tmp_path):
    path = tmp_path / "episode.jsonl"
    write_record(make_record(), path)
    text = " ".join(explain_episode(path).split())
    for words in (
        "Goal: ask the guide where the concert is, then go there",
        "navigation/ask_then_go, seed 2000001, map none, area0/npc0, made up",
        "the guide: \u201cthe concert is in the amber hall\u201d",
        "turns to the amber hall",
        "read most: heard: the concert 50%",
        "following the planned route for 3 decisions",
        "open: it is locked",
        "commits: it is done, and the answer is the amber hall",
        "the concert is in the amber hall the guide, 0.1 s, trusted 90%",
        "succeeded after 1.3 s",
    ):
        assert words in text


def test_an_episode_without_decisions_is_told_in_one_sentence(tmp_path):
    path = tmp_path / "empty.jsonl"
    write_record(make_record(decisions=()), path)
    with pytest.raises(RecordError, match="holds no decisions"):
        explain_episode(path)


def test_the_command_says_one_sentence_about_a_wrong_file(tmp_path):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("hello")
    command = [sys.executable, "-m", "agent.cli", "explain", str(wrong)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.startswith(f"heedful: {wrong} is not a recorded episode: give a file")
    assert done.stderr.count("\n") == 1
