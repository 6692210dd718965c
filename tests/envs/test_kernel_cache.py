"""Compiled kernels are kept apart for each state of the sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envs import kernel_cache


def test_a_changed_source_gets_another_folder(tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "envs"
    package.mkdir()
    kernel = package / "kernel.py"
    kernel.write_text("@njit\ndef one(): return 1\n")
    (package / "plain.py").write_text("")
    monkeypatch.setattr(kernel_cache, "__file__", str(package / "kernel_cache.py"))
    before = kernel_cache._sources_hash()
    (package / "plain.py").write_text("# no kernels here\n")
    assert kernel_cache._sources_hash() == before
    kernel.write_text("@njit\ndef one(): return 2\n")
    assert kernel_cache._sources_hash() != before


@pytest.mark.parametrize(("given", "own"), [(None, True), ("/elsewhere", False)])
def test_numba_is_told_unless_the_user_said_otherwise(given: str | None, own: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    if given:
        environment["NUMBA_CACHE_DIR"] = given
    code = "import envs, numba; print(numba.config.CACHE_DIR)"
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert ("heedful" in told) == own


def test_old_folders_are_removed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for age in range(5):
        folder = tmp_path / "heedful" / "kernels" / str(age)
        folder.mkdir(parents=True)
        os.utime(folder, (1000 - age, 1000 - age))
    kernel_cache.remove_old_kernels()
    left = {folder.name for folder in (tmp_path / "heedful" / "kernels").iterdir()}
    assert left == {"0", "1", "2"}
