import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from agent.commands.recordings import parse_date
from agent.recordings import (
    RecordingError,
    Retention,
    delete_recordings,
    list_recordings,
)
from agent.report.record import EpisodeRecord, write_record

DAY = 86_400.0


def write(folder, name, *, npc="npc0", world="world-1", days=0.0, size=0):
    """A recorded episode that was written so many days ago."""
    path = folder / f"{name}.jsonl"
    write_record(EpisodeRecord(npc=npc, goal="x" * size, world=world), path)
    moment = time.time() - days * DAY
    os.utime(path, (moment, moment))
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_episodes_are_listed_the_oldest_first(tmp_path):
    write(tmp_path, "b", days=1)
    write(tmp_path, "a", days=2, npc="Ada", world="world-2")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "other.jsonl").write_text('{"kind": "result"}\n')
    (tmp_path / "broken.jsonl").write_bytes(b"\xff\xfe")
    (tmp_path / ".a.jsonl.7").write_text("being written")
    first, second = list_recordings(tmp_path)
    assert (first.path.name, first.npc, first.world) == ("a.jsonl", "Ada", "world-2")
    assert second.path.name == "b.jsonl"
    assert second.size == second.path.stat().st_size


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"npc": "Ada"}, ["a", "c"]),
        ({"world": "world-2"}, ["b", "c"]),
        ({"npc": "Ada", "world": "world-2"}, ["c"]),
        ({"before": datetime.fromtimestamp(time.time() - 1.5 * DAY, UTC)}, ["a"]),
        ({"npc": "nobody"}, []),
    ],
)
def test_episodes_are_found_by_npc_world_and_date(tmp_path, chosen, expected):
    write(tmp_path, "a", npc="Ada", days=2)
    write(tmp_path, "b", npc="Ben", world="world-2")
    write(tmp_path, "c", npc="Ada", world="world-2")
    assert sorted(r.path.stem for r in list_recordings(tmp_path, **chosen)) == expected


def test_deleting_counts_what_was_there(tmp_path):
    write(tmp_path, "a")
    write(tmp_path, "b")
    found = list_recordings(tmp_path)
    (tmp_path / "a.jsonl").unlink()
    assert delete_recordings(found) == 1
    assert names(tmp_path) == []


def test_a_missing_folder_is_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="give the folder of heedful serve --record"):
        list_recordings(tmp_path / "no")


# -------------------------------------------------------------------------------------- retention


def test_old_episodes_are_deleted_and_nothing_else(tmp_path):
    write(tmp_path, "old", days=3)
    write(tmp_path, "new", days=1)
    write(tmp_path, "demo", days=9, world="")
    (tmp_path / "notes.txt").write_text("mine")
    os.utime(tmp_path / "notes.txt", (0, 0))
    retention = Retention(tmp_path, days=2)
    retention.tidy()
    assert names(tmp_path) == ["demo.jsonl", "new.jsonl", "notes.txt"]
    assert retention.deleted == 1


def test_the_oldest_are_deleted_until_the_rest_fits(tmp_path):
    retention = Retention(tmp_path, megabytes=1.0)
    for number in range(5):
        path = write(tmp_path, f"e{number}", days=5 - number, size=400_000)
        retention.add(path)
    assert names(tmp_path) == ["e3.jsonl", "e4.jsonl"]


def test_what_was_just_written_stays_even_when_it_is_too_large(tmp_path):
    retention = Retention(tmp_path, megabytes=0.1)
    retention.add(write(tmp_path, "a", days=1, size=400_000))
    assert names(tmp_path) == ["a.jsonl"]
    retention.add(write(tmp_path, "b", size=400_000))
    assert names(tmp_path) == ["b.jsonl"]


def test_what_others_deleted_is_not_counted(tmp_path):
    retention = Retention(tmp_path, megabytes=1.0)
    first = write(tmp_path, "a", days=2, size=100_000)
    second = write(tmp_path, "b", days=1, size=800_000)
    retention.add(first)
    retention.add(second)
    second.unlink()
    retention.add(write(tmp_path, "c", size=600_000))
    assert names(tmp_path) == ["a.jsonl", "c.jsonl"]


def test_without_limits_everything_stays(tmp_path):
    write(tmp_path, "a", days=999, size=1_000_000)
    Retention(tmp_path).tidy()
    assert names(tmp_path) == ["a.jsonl"]


def test_a_file_that_cannot_be_deleted_is_told(tmp_path, caplog, monkeypatch):
    write(tmp_path, "a", days=9)

    def refuse(path, missing_ok=False):
        raise PermissionError(13, "Permission denied")

    retention = Retention(tmp_path, days=2)
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    retention.tidy()
    assert "a.jsonl cannot be deleted (Permission denied)" in caplog.text


# ------------------------------------------------------------------------------------ the command


def heedful(*arguments, answer=""):
    return subprocess.run(
        [sys.executable, "-m", "agent.cli", "recordings", *map(str, arguments)],
        capture_output=True, text=True, input=answer,
    )  # fmt: skip


def test_the_list_shows_every_episode(tmp_path):
    write(tmp_path, "a", npc="area0/npc1", world="world-3")
    told = heedful("list", tmp_path)
    assert told.returncode == 0
    for words in ("world-3", "area0/npc1", "a.jsonl", "1 episode (0.0 MiB)"):
        assert words in told.stdout


def test_it_deletes_after_a_yes_and_says_what(tmp_path):
    write(tmp_path, "a", npc="Ada")
    write(tmp_path, "b", npc="Ben")
    told = heedful("delete", tmp_path, "--npc", "Ada", answer="n\n")
    assert told.returncode == 1
    assert "Delete 1 episode (0.0 MiB)" in told.stdout
    assert "Nothing was deleted" in told.stdout
    assert heedful("delete", tmp_path, "--npc", "Ada", answer="").returncode == 1
    assert len(names(tmp_path)) == 2
    told = heedful("delete", tmp_path, "--npc", "Ada", answer="y\n")
    assert told.returncode == 0
    assert f"Deleted 1 episode (0.0 MiB) of Ada in {tmp_path}" in told.stdout
    assert names(tmp_path) == ["b.jsonl"]
    told = heedful("delete", tmp_path, "--all", "--yes")
    assert f"Deleted 1 episode (0.0 MiB) of Ben in {tmp_path}" in told.stdout
    assert names(tmp_path) == []
    told = heedful("delete", tmp_path, "--all", "--yes")
    assert "nothing was deleted" in told.stdout and told.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say which episodes to delete: --npc, --world, --before, or --all of the folder."),
        (["--all", "--npc", "Ada"], "Say which episodes to delete"),
        (["--before", "yesterday"], "'yesterday' is no date: write it as 2026-11-25 or"),
    ],
)
def test_what_is_not_clear_deletes_nothing(tmp_path, arguments, sentence):
    write(tmp_path, "a", npc="Ada")
    told = heedful("delete", tmp_path, "--yes", *arguments)
    assert told.returncode == 2
    assert told.stderr.startswith(f"heedful: {sentence}")
    assert names(tmp_path) == ["a.jsonl"]


def test_dates_are_utc_where_they_do_not_say():
    assert parse_date("2026-11-25") == datetime(2026, 11, 25, tzinfo=UTC)
    assert parse_date("2026-11-25T18:00+02:00") == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert parse_date(None) is None
