"""What NPCs are shown is what they were shown when the snapshot was taken, byte by byte."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from envs.generate import FAMILIES
from envs.testing import snapshot
from envs.testing.snapshot import CASES, CURE, DECISIONS, DIGITS, Recorder, differences, record

ROOT = Path(__file__).parents[3]
FILE = ROOT / snapshot.FILE


@pytest.fixture(scope="module")
def recorded():
    return record()


def test_the_world_shows_what_it_showed(recorded):
    told = snapshot.compare(recorded, FILE)
    assert not told, "\n".join([*told, CURE])


@pytest.mark.parametrize("threads", [1, 2])
def test_it_is_the_same_in_a_batch_and_on_threads(recorded, threads):
    told = differences(record(batch=3, threads=threads), recorded)
    assert not told, "\n".join(told)


def test_it_is_the_same_in_a_child_process(recorded, tmp_path):
    file = tmp_path / "snapshot.json"
    command = [sys.executable, "-m", "envs.testing.snapshot", "--write", "--file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    machine, cases = snapshot.read(file)
    assert machine == snapshot.machine()
    told = differences(cases, recorded)
    assert not told, "\n".join(told)


def test_every_family_and_every_array_is_in_it():
    _, cases = snapshot.read(FILE)
    assert {case.family for case in CASES} == set(FAMILIES)
    assert set(cases) == {case.name for case in CASES}
    for hashes in cases.values():
        assert {"camera", "depth", "semantic", "audio", *snapshot.ANYWHERE} <= set(hashes)
        assert {len(text) for text in hashes.values()} == {DECISIONS * DIGITS}


def hashes_of(values):
    recorder = Recorder()
    for value in values:
        recorder.add({"depth": np.full(3, value, np.float32), "flags": np.zeros(2, np.bool_)})
    return {"museum navigation/ringing": recorder.hashes()}


def test_a_difference_is_told_by_case_array_and_decision():
    before = hashes_of([0.0, 1.0, 2.0])
    assert differences(hashes_of([0.0, 1.0, 2.0]), before) == []
    assert differences(
        hashes_of([0.0, np.nextafter(np.float32(1), np.float32(2)), 2.0]), before
    ) == ["'depth' of 'museum navigation/ringing' differs from decision 1 on."]
    assert differences(hashes_of([0.0, 1.0]), before)[0].endswith("differs from decision 2 on.")
    without = {name: {"flags": hashes["flags"]} for name, hashes in before.items()}
    assert differences(without, before) == ["'depth' of 'museum navigation/ringing' is gone."]
    assert differences(before, without) == ["'depth' of 'museum navigation/ringing' is new."]
    assert differences({}, before) == ["'museum navigation/ringing' is gone."]
    assert differences(before, {}) == ["'museum navigation/ringing' is new."]


def test_another_shape_or_dtype_with_the_same_bytes_differs():
    digests = set()
    for values in (np.zeros(4, np.int8), np.zeros((2, 2), np.int8), np.zeros(1, np.float32)):
        recorder = Recorder()
        recorder.add({"field": values})
        digests.add(recorder.hashes()["field"])
    assert len(digests) == 3


def test_another_machine_type_is_held_to_what_every_processor_computes(tmp_path):
    file = tmp_path / "snapshot.json"
    snapshot.write(hashes_of([0.0, 1.0]), file)
    assert snapshot.compare(hashes_of([0.0, 3.0]), file)
    data = json.loads(file.read_text())
    file.write_text(json.dumps(data | {"machine": data["machine"] | {"processor": "abacus"}}))
    assert snapshot.compare(hashes_of([0.0, 3.0]), file) == []
    data["cases"]["museum navigation/ringing"]["flags"] = "0" * 2 * DIGITS
    file.write_text(json.dumps(data | {"machine": {}}))
    assert snapshot.compare(hashes_of([0.0, 3.0]), file) == [
        "'flags' of 'museum navigation/ringing' differs from decision 0 on."
    ]


def test_the_command_says_what_differs_and_how_to_take_it_anew(tmp_path, capsys, monkeypatch):
    file = tmp_path / "snapshot.json"
    with pytest.raises(FileNotFoundError, match=r"There is no snapshot .*: take it with"):
        snapshot.read(file)
    monkeypatch.setattr(snapshot, "record", lambda: hashes_of([0.0]))
    assert snapshot.main(["--write", "--file", str(file)]) == 0
    assert snapshot.main(["--file", str(file)]) == 0
    assert capsys.readouterr().out.endswith("All 1 cases are as they were.\n")
    monkeypatch.setattr(snapshot, "record", lambda: hashes_of([1.0]))
    assert snapshot.main(["--file", str(file)]) == 1
    told = capsys.readouterr().out
    assert "'depth' of 'museum navigation/ringing' differs from decision 0 on.\n" in told
    assert "--write" in told
