"""Where compiled kernels are kept: one folder per state of the sources.

Numba compiles a kernel again when its own file changes, but not when a function that it calls
from another file does. So the folder is named after the contents of all files with kernels: a
changed source, after an edit or an update, never meets a kernel compiled from an older one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

_PACKAGES = ("envs", "agent")
_KEPT = 3
"""Folders of other states that are kept, for going back and forth between versions."""


def use_kernel_cache() -> None:
    """Let numba keep kernels in our folder, unless the user has set NUMBA_CACHE_DIR."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = str(_cache_root() / _sources_hash())
    os.environ["NUMBA_CACHE_DIR"] = folder
    if "numba" in sys.modules:  # it has read the environment already
        sys.modules["numba"].config.CACHE_DIR = folder


def remove_old_kernels() -> None:
    """Delete all but the newest few folders of kernels."""
    root = _cache_root()
    if not root.is_dir():
        return
    folders = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _cache_root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "heedful" / "kernels"


def _sources_hash() -> str:
    """Hash of every file of ours that has kernels, wherever the packages are installed."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            source = path.read_bytes()
            if b"njit" in source:
                digest.update(str(path).encode() + b"\0" + source)
    return digest.hexdigest()[:16]
