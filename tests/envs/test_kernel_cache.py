"""Compiled kernels are kept apart for each state of the sources that they use."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from envs import kernel_cache


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(kernel_cache, "PROJECT", tmp_path)
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "kernel.py").write_text("from envs.other import two\n")
    (tmp_path / "envs" / "other.py").write_text("from envs import constants\n")
    (tmp_path / "envs" / "constants.py").write_text("TWO = 2\n")
    (tmp_path / "envs" / "unused.py").write_text("")
    return tmp_path


def folder(project: Path) -> str:
    kernel_cache._closure_hash.cache_clear()
    kernel_cache._imported_files.cache_clear()
    return kernel_cache.module_folder(project / "envs" / "kernel.py").name


@pytest.mark.parametrize(
    ("changed", "moves"),
    [("kernel", True), ("other", True), ("constants", True), ("unused", False)],
)
def test_what_a_kernel_uses_chooses_its_folder(project: Path, changed: str, moves: bool) -> None:
    before = folder(project)
    source = project / "envs" / f"{changed}.py"
    source.write_text(source.read_text() + "# changed\n")
    assert (folder(project) != before) == moves


def test_kernels_that_check_their_indices_are_kept_apart(project: Path, monkeypatch) -> None:
    before = folder(project)
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert folder(project) != before


@pytest.mark.parametrize(("given", "own"), [(None, True), ("elsewhere", False)])
def test_a_kernel_is_kept_in_our_folder_unless_the_user_said_otherwise(
    given: str | None, own: bool, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment["XDG_CACHE_HOME"] = str(tmp_path)
    if given:
        environment["NUMBA_CACHE_DIR"] = str(tmp_path / given)
    code = "from envs.grid import steer; steer(0.1, 1.0); print(steer._cache._impl.locator)"
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert ("SourcesLocator" in told) == own
    kept = list((tmp_path / "heedful" / "kernels").rglob("*.nbc"))
    assert bool(kept) == own


def test_old_folders_are_removed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for age in range(6):
        state = tmp_path / "heedful" / "kernels" / "envs.grid" / str(age)
        state.mkdir(parents=True)
        os.utime(state, (1000 - age, 1000 - age))
    kernel_cache.remove_old_kernels()
    left = {state.name for state in (tmp_path / "heedful" / "kernels" / "envs.grid").iterdir()}
    assert left == {"0", "1", "2", "3"}


def test_no_import_of_ours_is_overlooked() -> None:
    for path in sorted((kernel_cache.PROJECT / "envs").rglob("*.py")):
        parsed: set[Path] = set()
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            parsed.update(file for name in names for file in kernel_cache._files_of(name))
        assert parsed <= set(kernel_cache._imported_files(path)), path
