"""Numbers on standard output: ``--json -`` gives other programs these and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

STDOUT = Path("-")
"""What a user gives in place of a file."""

_kept: list[TextIO | None] = []


@contextmanager
def kept_for_numbers() -> Iterator[None]:
    """Within it, what is printed goes to standard error, and `write_numbers` to standard output."""
    _kept.append(sys.stdout)
    sys.stdout = sys.stderr
    try:
        yield
    finally:
        sys.stdout = _kept.pop()


def write_numbers(text: str) -> None:
    """Print to standard output, whether it is kept for that or not."""
    print(text, end="", file=_kept[-1] if _kept else sys.stdout, flush=True)
