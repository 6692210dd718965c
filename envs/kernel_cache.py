"""Where compiled kernels are kept: one folder per file and state of the sources that it uses."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""The folder that holds our packages."""
_COMMENT = re.compile(r"#[^\n]*")
_IMPORT = re.compile(
    r"^(?:import +([^\n]+)|from +(\w[\w.]*) +import +(\([^)]*\)|[^\n]+))", re.MULTILINE
)
_NAME = re.compile(r"[\w.]+")
_KEPT = 4
"""Folders of a file's other states that are kept, for going back and forth between versions."""


def module_folder(path: Path) -> Path:
    """The folder for the compiled kernels of one source file of ours."""
    name = ".".join(path.resolve().relative_to(PROJECT).with_suffix("").parts)
    return _cache_root() / name / _closure_hash(path.resolve())


def remove_old_kernels() -> None:
    """Delete all but the newest few folders of every file's kernels."""
    root = _cache_root()
    if not root.is_dir():
        return
    for module in root.iterdir():
        states = [state for state in module.iterdir() if state.is_dir()] if module.is_dir() else []
        states.sort(key=lambda state: state.stat().st_mtime, reverse=True)
        for state in states[_KEPT:]:
            shutil.rmtree(state, ignore_errors=True)


def _cache_root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "heedful" / "kernels"


@cache
def _closure_hash(path: Path) -> str:
    """Hash of a file and of every file of ours that it imports, directly or not.

    Kernels that check their indices are kept apart: numba itself would not tell them from others.
    """
    files: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in files:
            files.add(file)
            waiting.extend(_imported_files(file))
    digest = hashlib.sha256(os.environ.get("NUMBA_BOUNDSCHECK", "").encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _imported_files(path: Path) -> tuple[Path, ...]:
    """Files of ours that a file imports when it is loaded.

    Found by their form, as parsing every file takes longer than loading all kernels. It may find
    too many, in a text or by the name that something is given, but never too few.
    """
    found: list[Path] = []
    for own, module, names in _IMPORT.findall(_COMMENT.sub("", path.read_text("utf-8"))):
        for name in _NAME.findall(own or names):
            found.extend(_files_of(f"{module}.{name}" if module else name))
    return tuple(dict.fromkeys(found))


def _files_of(name: str) -> list[Path]:
    """The file of a dotted name: of the module, or of the module that holds the name."""
    for parts in (name.split("."), name.split(".")[:-1]):
        if not parts:
            continue
        base = PROJECT.joinpath(*parts)
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.is_file():
                return [file]
    return []
