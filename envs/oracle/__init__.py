"""The oracle: plays every task on the world's truth, as a ceiling for what a mind can reach.

It takes the steps of its goal one by one (`player`, `steps`), does what each needs first (`means`),
and walks over the true floor with everything and everybody that stands on it (`legs`, `floor`). It
still needs what the rules need: a slot for what it names and a body within reach.
"""

from envs.oracle.body import Body
from envs.oracle.player import Oracle

__all__ = ["Body", "Oracle"]
