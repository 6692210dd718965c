"""Training in a Unity build, for which our own player stands in: a real process over real gRPC."""

import asyncio
import io
import sys
import time
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from agent.bench.recorded import Wanderers
from agent.checkpoint import SHIPPED, load_checkpoint
from agent.learning.recipe import RECIPES
from agent.learning.train import train
from agent.learning.unity_worlds import UnityWorlds
from unity_bridge.errors import BridgeError

PLAYER = Path(sys.executable).with_name("heedful-player")


@pytest.fixture
def recipe(tmp_path):
    data = yaml.safe_load((RECIPES / "unity.yaml").read_text(encoding="utf-8"))
    data["imitation"] |= {
        "samples": 64, "minutes": 2, "steps_per_round": 8, "batches_per_round": 1, "batch": 16,
        "buffer": 64,
    }  # fmt: skip
    data["threads"] = 1
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def test_a_brain_is_trained_on_in_a_player(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr("agent.learning.train.FIRST_LESSONS", 4)
    outcome = train(
        recipe, "one", runs=tmp_path, console=Console(file=io.StringIO()), unity=PLAYER, players=2
    )
    assert outcome.finished
    before, _ = load_checkpoint(SHIPPED)
    after, header = load_checkpoint(outcome.brain)
    assert header.step == 64
    assert (after["brain.queries"] != before["brain.queries"]).any()


def test_questions_come_from_every_player_and_are_answered():
    mind = Wanderers()
    with UnityWorlds(PLAYER, 2) as worlds:
        seen: set[str] = set()
        deadline = time.monotonic() + 60.0  # one may take longer to start
        while len(seen) < 2 and time.monotonic() < deadline:
            for question in worlds.take():
                seen.add(question.batch.world)
                worlds.answer(question, asyncio.run(mind.decide(question.batch)))
        assert len(seen) == 2
    worlds.close()


def test_a_build_that_dies_is_told_with_its_last_words(tmp_path):
    build = tmp_path / "game.x86_64"
    build.write_text("#!/bin/sh\necho no graphics device\nexit 3\n", encoding="utf-8")
    build.chmod(0o755)
    with UnityWorlds(build, 1) as worlds, pytest.raises(BridgeError, match="no graphics device"):
        worlds.take()


@pytest.mark.parametrize(("graphics", "flags"), [(True, 0), (False, 1)])
def test_players_draw_what_their_npcs_see_unless_told_otherwise(tmp_path, graphics, flags):
    build = tmp_path / "game.x86_64"
    build.write_text('#!/bin/sh\necho "started with $@"\nexit 3\n', encoding="utf-8")
    build.chmod(0o755)
    with UnityWorlds(build, 1, graphics) as worlds, pytest.raises(BridgeError) as error:
        worlds.take()
    assert "-batchmode" in str(error.value)
    assert str(error.value).count("-nographics") == flags


def test_a_build_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BridgeError, match="there is no Unity build"):
        UnityWorlds(tmp_path / "nothing", 1)


def test_a_build_that_never_asks_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("agent.learning.unity_worlds.START_SECONDS", 0.6)
    build = tmp_path / "game.x86_64"
    build.write_text("#!/bin/sh\nsleep 30\n", encoding="utf-8")
    build.chmod(0o755)
    monkeypatch.setattr("agent.learning.unity_worlds.STOP_SECONDS", 0.2)
    with UnityWorlds(build, 1) as worlds, pytest.raises(BridgeError, match="active Heedful NPC"):
        worlds.take()


def test_a_build_that_is_not_there_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(BridgeError, match="there is no Unity build at '/no/such/path'"):
        train("unity", "one", runs=tmp_path / "runs", unity=Path("/no/such/path"))
    assert not list(tmp_path.iterdir())
