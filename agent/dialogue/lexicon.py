"""Words that the belief knows by heart: colours, sounds and the verbs of instructions.

Everything else (names of places, people, topics, classes of things) is learned from the catalogue.
"""

from __future__ import annotations

COLORS = ("red", "green", "blue", "yellow", "purple", "cyan", "orange", "white")
"""Colour index -> word; the order of every array over colours, held equal to the world's."""
COLOR_WORDS: dict[str, int] = {
    **{name: index for index, name in enumerate(COLORS)},
    "crimson": 0, "scarlet": 0, "violet": 4, "turquoise": 5,
}  # fmt: skip
"""Colour word -> colour index. A colour word inside the name of a known thing is not a colour."""

SOUNDS = ("ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle")
"""Sound index -> word; the order of every array over sounds, held equal to the world's."""
SOUND_WORDS: dict[str, int] = {
    "ring": 0, "rings": 0, "ringing": 0,
    "beep": 1, "beeps": 1, "beeping": 1,
    "hum": 2, "hums": 2, "humming": 2,
    "tick": 3, "ticks": 3, "ticking": 3,
    "music": 4, "musical": 4, "playing": 4, "plays": 4,
    "buzz": 5, "buzzes": 5, "buzzing": 5,
    "chime": 6, "chimes": 6, "chiming": 6,
    "whistle": 7, "whistles": 7, "whistling": 7,
}  # fmt: skip
"""Sound word -> sound index."""

TAKE_WORDS = frozenset(
    ("take", "get", "grab", "fetch", "bring", "pick", "carry", "collect", "deliver", "move", "put")
)
ASK_WORDS = frozenset(("ask", "question", "enquire", "inquire", "consult", "learn"))
TELL_WORDS = frozenset(("tell", "inform", "report"))
GO_WORDS = frozenset(("go", "walk", "head", "come", "move", "run", "visit", "find", "reach"))
ANY_PERSON_WORDS = frozenset(("someone", "somebody", "anyone", "anybody", "person"))
