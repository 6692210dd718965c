"""Demonstrations: episodes that somebody played, kept as actions and replayed bit for bit.

A world is deterministic, so what an episode was played in and the actions of every decision are
enough to see all of it again; a hash of every observation proves that it is the same.
"""

from envs.demonstrations.dataset import Decision, as_arrays, iterate_decisions
from envs.demonstrations.file import Demonstration, load_demonstration
from envs.demonstrations.header import DemonstrationError, Header
from envs.demonstrations.replay import Replay, ReplayStep, replay
from envs.demonstrations.writer import DemonstrationWriter, record_episode

__all__ = [
    "Decision",
    "Demonstration",
    "DemonstrationError",
    "DemonstrationWriter",
    "Header",
    "Replay",
    "ReplayStep",
    "as_arrays",
    "iterate_decisions",
    "load_demonstration",
    "record_episode",
    "replay",
]
