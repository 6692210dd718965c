"""``heedful play``: a person in the place of an NPC, in a window or a terminal."""


class PlayError(ValueError):
    """Nothing can be played so; one sentence with the cure."""
