"""Metacognition: a monitor, a judge and a regulator that watch over the brain's decisions.

reliability -> monitor (Signals) -> judge (probability of success) -> regulator (strategy)
"""

from agent.metacognition.judge import (
    Judge,
    describe,
    fit,
)
from agent.metacognition.monitor import Signals
from agent.metacognition.regulator import Intervention, Regulator
from agent.metacognition.strategies import STRATEGIES

__all__ = [
    "STRATEGIES",
    "Intervention",
    "Judge",
    "Regulator",
    "Signals",
    "describe",
    "fit",
]
