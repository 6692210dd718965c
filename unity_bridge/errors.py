"""The one error of the bridge."""


class BridgeError(Exception):
    """Something is wrong with the wire or with what came over it; the message is one sentence."""
