"""``heedful bench world``: agent-steps per second of the headless world."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
from rich.console import Console
from rich.table import Table

from agent.evaluate import write_json
from envs.contract import NO_OP, Branch, Move
from envs.tasks import TASKS, make_episode
from envs.world.world import BatchWorld

EVERY_SENSE = ("camera", "audio")


def run(worlds: int, seconds: float, json_file: Path | None) -> None:
    """Measure, print and write."""
    report = measure(worlds, seconds)
    console = Console()
    table = Table(title=f"Agent-steps per second, {worlds} worlds")
    table.add_column("setting")
    table.add_column("steps/s", justify="right")
    for name, rate in report["by_setting"].items():
        table.add_row(name, f"{rate:,.0f}")
    console.print(table)
    if json_file is not None:
        write_json(json_file, report)
        console.print(f"Written to {json_file}", highlight=False)


def measure(worlds: int, seconds: float) -> dict[str, Any]:
    """Steps per second in every setting, as plain data."""
    cores = numba.config.NUMBA_NUM_THREADS
    single, pair = "navigation/named_place", "coordination/two_know_halves"
    settings: dict[str, tuple[str, Sequence[str], int]] = {
        "every sense, all cores": (single, EVERY_SENSE, cores),
        "every sense, 1 core": (single, EVERY_SENSE, 1),
        "camera only, 1 core": (single, ("camera",), 1),
        "audio only, 1 core": (single, ("audio",), 1),
        "neither, 1 core": (single, (), 1),
        "every sense, two NPCs in a world, all cores": (pair, EVERY_SENSE, cores),
    }
    rates = {
        name: round(steps_per_second(task, worlds, senses, threads, seconds), 1)
        for name, (task, senses, threads) in settings.items()
    }
    return {
        "agent_steps_per_s": rates["every sense, all cores"],
        "agent_steps_per_s_1core": rates["every sense, 1 core"],
        "by_setting": rates,
        "peers": {},
        "worlds": worlds,
        "cores": os.cpu_count(),
    }


def steps_per_second(
    task: str, worlds: int, senses: Sequence[str], threads: int, seconds: float
) -> float:
    """Play random walks, resets included, and count the decisions of NPCs."""
    npcs = TASKS[task].npcs
    world = BatchWorld(worlds, npcs, senses=senses, threads=threads)
    seeds = iter(range(1 << 30))
    for index in range(worlds):
        world.reset(index, make_episode(task, next(seeds)))
    random = np.random.default_rng(0)
    actions = np.tile(np.array(NO_OP, np.int32), (world.num_rows, 1))
    steps, started = 0, 0.0
    while steps < 2 or time.perf_counter() - started < seconds:
        if steps == 1:
            started = time.perf_counter()  # the first step may compile and fills caches
        world.observe()
        world.action_mask()
        actions[:, Branch.MOVE] = np.where(random.random(len(actions)) < 0.7, Move.WALK, Move.STAY)
        actions[:, Branch.TURN] = random.integers(0, 5, len(actions))
        result = world.step(actions)
        for index in np.flatnonzero(result.terminated | result.truncated).tolist():
            world.reset(index, make_episode(task, next(seeds)))
        steps += 1
    return (steps - 1) * world.num_rows / (time.perf_counter() - started)
