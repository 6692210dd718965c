"""Checks that a world keeps the contract; for our worlds' tests and for everybody who writes one.

    from envs.testing import check_world
    check_world("envs:heedful/City-v0", task="navigation/heard_sound")   # one of ours
    check_world("my_scene.yaml")                                         # a scene file
    check_world(MyEnvironment)                                           # your own
    print(check_world(MyEnvironment, raise_on_failure=False))            # a line for each check

``check_batch`` checks a batch of rows (``BatchWorld``'s face) in the same sense. ``python -m
envs.testing.snapshot`` says whether our world still shows what it showed, byte by byte.
"""

from envs.testing.batch import World, check_batch
from envs.testing.check import CHECKS, check_world
from envs.testing.report import CheckError, CheckResult, Report, WorldError
from envs.testing.rules import SlotBook

__all__ = [
    "CHECKS",
    "CheckError",
    "CheckResult",
    "Report",
    "SlotBook",
    "World",
    "WorldError",
    "check_batch",
    "check_world",
]
