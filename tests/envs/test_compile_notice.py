"""The first compilation is announced, with progress; a warm cache and a quiet user hear nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE = """
from envs import compile_notice
from envs.grid import steer
compile_notice.listen()
compile_notice.listen()
steer(0.1, 1.0)
"""


def said(cache: Path, **more: str) -> str:
    known = {name: value for name, value in os.environ.items() if name != "HEEDFUL_QUIET"}
    environment = {**known, "XDG_CACHE_HOME": str(cache), **more}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
    )
    return done.stderr


def test_only_a_cold_cache_is_announced(tmp_path: Path) -> None:
    cold = said(tmp_path)
    assert cold.count("heedful: compiling kernels, which is needed once") == 1
    assert said(tmp_path) == ""


def test_it_can_be_silenced(tmp_path: Path) -> None:
    assert said(tmp_path, HEEDFUL_QUIET="1") == ""


def test_progress_counts_each_kernel_once(capsys, monkeypatch):
    from types import SimpleNamespace

    from envs import compile_notice

    monkeypatch.setattr(compile_notice, "_loaded_kernels", lambda: 12)
    notice = compile_notice.CompileNotice()
    notice.is_on = True

    def compiled(number: int) -> None:
        kernel = SimpleNamespace(__module__="envs.some", __qualname__=f"kernel_{number}")
        data = SimpleNamespace(data={"dispatcher": SimpleNamespace(py_func=kernel)})
        notice.on_start(data)
        notice.on_end(data)

    for number in (*range(12), 3):
        compiled(number)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  10 of up to 12 kernels, ")
    assert lines[2].startswith("  12 of up to 12 kernels, ")
