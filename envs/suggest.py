"""The end of an error sentence about a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to write after "unknown ...": a suggestion, or all that is known when none is near.

    >>> did_you_mean("colour", ("color", "position"))
    "did you mean 'color'?"
    >>> did_you_mean("zzz", ("color", "position"))
    'known are color, position.'
    """
    known = tuple(known)
    close = difflib.get_close_matches(word, known, 1) or difflib.get_close_matches(
        word.lower(), known, 1
    )
    return f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}."
