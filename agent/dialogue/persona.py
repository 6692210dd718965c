"""What a persona, a few sentences about who an NPC is, says for its dialogue: its name.

An utterance that calls the NPC by name ("Ada, the vase is in the hall") is meant for it, whether or
not its game says so. English only.
"""

from __future__ import annotations

import re
from functools import lru_cache

MOST_CHARACTERS = 2000
"""A persona is cut here, so that a saved mind has room for it."""
_NAME = r"([A-Z]\w+(?: [A-Z]\w+)*)"
_SAYS_NAME = re.compile(
    rf"^{_NAME}(?=,| is\b)|\b(?:[Yy]ou are|I am|I'm|[Mm]y name is|[Yy]our name is|named|called) "
    rf"{_NAME}"
)
_NO_NAMES = frozenset(("He", "She", "It", "They", "This", "That", "There", "You", "The", "One"))


@lru_cache(maxsize=256)
def own_names(persona: str) -> tuple[str, ...]:
    """The names that a persona gives its NPC, in full and the first one alone.

    >>> own_names("You are Ada Byron, who tends the garden.")
    ('Ada Byron', 'Ada')
    """
    names: dict[str, None] = {}
    for found in _SAYS_NAME.finditer(persona):
        name = found.group(1) or found.group(2)
        if name.split()[0] not in _NO_NAMES:
            names[name] = None
            names[name.split()[0]] = None
    return tuple(names)


def calls_by_name(text: str, persona: str) -> bool:
    """Whether an utterance begins by calling the NPC of this persona by name."""
    names = "|".join(map(re.escape, own_names(persona)))
    if not names:
        return False
    begins = rf"\W*(?:(?:hey|hi|hello|oh|please),? )?(?:{names})\s*[,:!?]"
    return re.match(begins, text, re.IGNORECASE) is not None
