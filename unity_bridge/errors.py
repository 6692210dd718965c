"""The errors of the bridge."""


class BridgeError(Exception):
    """Something is wrong with the wire or with what came over it; the message is one sentence."""


class OptionError(BridgeError):
    """What was asked for cannot be done: other options are needed, not another try."""


def shown(name: str) -> str:
    """A name that came from outside, in a sentence: one line, and not too long."""
    return repr(name[:80])[1:-1]
