"""Where the time of a step goes: each kernel's share."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from agent.bench.rates import Setting, Walkers


def time_by_part(setting: Setting, seconds: float) -> dict[str, float]:
    """Microseconds per agent-step of every kernel and of the rest, largest first.

    The setting is played on one thread, so that the parts add up to the whole.
    """
    player = Walkers(Setting(**{**vars(setting), "threads": 1}))
    spent: dict[str, float] = defaultdict(float)
    world: Any = player.world
    run, see, hear = world._run, world._see, world.ears.hear

    def timed(name: str, call: Callable[..., Any], *args: Any, **extra: Any) -> None:
        began = time.perf_counter()
        call(*args, **extra)
        spent[name] += time.perf_counter() - began

    world._run = lambda kernel, *args, **extra: timed(
        kernel.py_func.__name__, run, kernel, *args, **extra
    )
    world._see = lambda *args: timed("camera", see, *args)
    world.ears.hear = lambda *args: timed("ears", hear, *args)
    whole = 1e6 / player.rate(seconds)
    parts = {name: whole * share / seconds for name, share in _largest(spent)}
    parts["everything else"] = max(0.0, whole - sum(parts.values()))
    return {name: round(value, 2) for name, value in parts.items()}


def _largest(spent: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=lambda item: -item[1])
