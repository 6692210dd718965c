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

SOUNDS = (
    "ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle", "alarm", "bell", "siren",
    "engine", "drip", "bark", "meow", "chirp", "knock", "hiss", "any",
)  # fmt: skip
"""Sound index -> word; the order of every array over sounds, held equal to the senses'."""
ANY_SOUND = SOUNDS.index("any")
SOUND_WORDS: dict[str, int] = {
    "ring": 0, "rings": 0, "ringing": 0,
    "beep": 1, "beeps": 1, "beeping": 1,
    "hum": 2, "hums": 2, "humming": 2,
    "tick": 3, "ticks": 3, "ticking": 3,
    "music": 4, "musical": 4, "playing": 4, "plays": 4,
    "buzz": 5, "buzzes": 5, "buzzing": 5,
    "chime": 6, "chimes": 6, "chiming": 6,
    "whistle": 7, "whistles": 7, "whistling": 7,
    "sounding": 8,
    "tolls": 9, "tolling": 9,
    "wails": 10, "wailing": 10,
    "roars": 11, "roaring": 11,
    "drips": 12, "dripping": 12,
    "barks": 13, "barking": 13,
    "meows": 14, "meowing": 14,
    "chirps": 15, "chirping": 15,
    "knocks": 16, "knocking": 16,
    "hisses": 17, "hissing": 17,
    "sound": ANY_SOUND, "noise": ANY_SOUND,
}  # fmt: skip
"""Sound word -> sound index; "alarm" and "bell" alone are names of things."""

SIGNS = ("", "a", "b", "c", "d", "e", "f", "h", "k", "t", "x")
"""Sign index -> letter as words have it, the first for no sign; the order of arrays over signs."""
SIGN_WORDS = frozenset(("sign", "letter", "label", "marked", "labelled"))
"""Words before the letter of a sign."""
LIT_WORDS: dict[str, int] = {"lit": 1, "glowing": 1, "unlit": 0, "dark": 0}

TAKE_WORDS = frozenset(
    ("take", "get", "grab", "fetch", "bring", "pick", "carry", "collect", "deliver", "move", "put")
)
ASK_WORDS = frozenset(("ask", "question", "enquire", "inquire", "consult", "learn"))
TELL_WORDS = frozenset(("tell", "inform", "report"))
GO_WORDS = frozenset(("go", "walk", "head", "come", "move", "run", "visit", "find", "reach"))
ANY_PERSON_WORDS = frozenset(("someone", "somebody", "anyone", "anybody", "person"))
