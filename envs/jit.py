"""``njit`` and ``prange`` for every kernel of ours; what is compiled is kept per state of sources.

Numba compiles a kernel again when its own file changes, but not when a function or constant that it
uses from another file does. Here a kernel's compiled form is kept in a folder named after the
contents of its file and of every file of ours that it imports, directly or not: a changed source
never meets a kernel compiled from an older one, and everything that did not change stays compiled.

Kernels that allocate nothing and copy no array into another are compiled without counting
references (``_nrt=False``): with it, every ``array[world]`` in a loop costs more than what is done
with it, and compiling takes longer.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import numba
from numba import prange
from numba.core import caching

from envs.kernel_cache import PROJECT, module_folder

__all__ = ["njit", "prange"]

njit = partial(numba.njit, no_cfunc_wrapper=True)
"""``numba.njit`` without the form in which C could call a kernel, which takes time to compile."""


class SourcesLocator(caching._CacheLocator):
    """Tells numba the folder for the kernels of one of our files."""

    def __init__(self, py_func: Any, py_file: str) -> None:
        self._line = py_func.__code__.co_firstlineno
        self._folder = module_folder(Path(py_file))

    def get_cache_path(self) -> str:
        """The folder; its name holds everything that a kernel depends on."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """The same as the folder's name: nothing in it is ever out of date."""
        return self._folder.name

    def get_disambiguator(self) -> str:
        """Kernels of one name are told apart by their line."""
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> SourcesLocator | None:
        """A locator for functions of this project; None for all others."""
        if "NUMBA_CACHE_DIR" in os.environ or not Path(py_file).is_relative_to(PROJECT):
            return None
        locator = cls(py_func, py_file)
        try:
            locator.ensure_cache_path()
        except OSError:
            return None  # a full or read-only disk: numba looks for another place
        return locator


if SourcesLocator not in caching.CacheImpl._locator_classes:
    caching.CacheImpl._locator_classes.insert(0, SourcesLocator)
