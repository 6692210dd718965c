"""What a check says is wrong, and where."""

from __future__ import annotations

from typing import NamedTuple

Location = tuple[str | int, ...]
"""Path of a field, such as ("objects", 3, "color")."""


class Problem(NamedTuple):
    """One thing that is wrong."""

    at: Location
    text: str
    """A sentence with the cure; the file, the line and the field go before it."""
