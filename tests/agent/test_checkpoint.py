import json
import struct

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from agent.checkpoint import (
    FORMAT,
    CheckpointError,
    CheckpointHeader,
    load_checkpoint,
    save_checkpoint,
)
from agent.mind import Mind
from agent.modules import fill_module


def write(path, **changes):
    header = CheckpointHeader(step=7, config={"width": 8})
    save_checkpoint(path, {"a.weight": torch.ones(2, 3)}, header.model_copy(update=changes))
    return path


def test_what_is_saved_is_loaded(tmp_path):
    tensors, header = load_checkpoint(write(tmp_path / "a.safetensors"))
    assert np.array_equal(tensors["a.weight"], np.ones((2, 3)))
    assert (header.step, header.config) == (7, {"width": 8})


def test_half_precision_comes_back_as_single(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, {"x": torch.full((4,), 0.1)}, CheckpointHeader(), half=True)
    tensors, _ = load_checkpoint(path)
    assert tensors["x"].dtype == np.float32
    assert tensors["x"] == pytest.approx(0.1, abs=1e-4)


def test_nothing_is_left_beside_the_file(tmp_path):
    write(tmp_path / "a.safetensors")
    write(tmp_path / "a.safetensors")
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = write(tmp_path / "a.safetensors")
    before = path.read_bytes()
    monkeypatch.setattr("agent.checkpoint.os.fsync", lambda _: (_ for _ in ()).throw(OSError()))
    with pytest.raises(OSError):
        write(path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def refused(path, *words):
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(path)
    message = str(error.value)
    assert str(path) in message
    assert "\n" not in message
    for word in words:
        assert word in message


def test_missing_file_is_told(tmp_path):
    refused(tmp_path / "none.safetensors", "no checkpoint", "give the path")


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".ckpt", ".bin"])
def test_pickles_are_refused_with_a_hint(tmp_path, suffix):
    path = tmp_path / f"brain{suffix}"
    path.write_bytes(b"\x80\x04.")
    refused(path, "pickle", "save_file")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:5],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-3],
        lambda data: struct.pack("<Q", 2**63) + data[8:],
        lambda data: data[:8] + b"not json" + data[16:],
        lambda data: b"garbage" * 30,
    ],
)
def test_damaged_file_is_told(tmp_path, damage):
    path = write(tmp_path / "a.safetensors")
    path.write_bytes(damage(path.read_bytes()))
    refused(path, "damaged", "heedful train")


def test_foreign_file_is_told(tmp_path):
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(1)}, path)
    refused(path, "another program", "heedful train")


def test_unreadable_header_is_told(tmp_path):
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(1)}, path, metadata={FORMAT: json.dumps({"step": "many"})})
    refused(path, "header", "heedful train")


def test_older_version_is_told(tmp_path):
    refused(write(tmp_path / "a.safetensors", schema_version=0), "version 0", "train again")


def test_newer_version_is_told(tmp_path):
    refused(write(tmp_path / "a.safetensors", schema_version=99), "version 99", "update heedful")


def test_other_contract_is_told(tmp_path):
    refused(write(tmp_path / "a.safetensors", contract="0000"), "contract 0000", "train again")


def test_numbers_that_are_not_finite_are_told(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, {"x": torch.tensor([1.0, float("nan")])}, CheckpointHeader())
    refused(path, "not finite", "older checkpoint")


@pytest.mark.parametrize(
    "tensors", [{}, {"a.weight": torch.ones(2, 3)}, {"a.weight": torch.ones(1, 1), "a.bias": 0}]
)
def test_tensors_that_do_not_fit_are_told(tmp_path, tensors):
    tensors = {name: np.asarray(value) for name, value in tensors.items()}
    with pytest.raises(CheckpointError, match="does not fit"):
        fill_module(torch.nn.Linear(3, 2), tensors, "a", tmp_path / "a.safetensors")


def test_a_mind_says_when_the_checkpoint_has_no_brain(tmp_path):
    with pytest.raises(CheckpointError, match="its brain"):
        Mind.load(write(tmp_path / "a.safetensors"))
