"""``heedful bench world``: agent-steps per second, by setting, beside peers that are installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from agent.bench.peers import PEERS, measure_peer
from agent.bench.rates import EVERY_SENSE, Setting, median_ratio, rates_in_turn
from agent.bench.where import time_by_part
from agent.evaluate import check_writable, give_numbers
from envs.world.shards import available_cores

ROUNDS = 5
"""Windows of each setting."""

Groups = dict[str, dict[str, Setting]]


def settings(agents: int) -> Groups:
    """What is measured; the settings of a group are played in turn."""
    base = Setting(agents=agents)
    camera = ("camera",)
    return {
        "threads": {
            "every sense, all cores": Setting(agents=agents, threads=None),
            "every sense, 1 core": base,
        },
        "sensors, 1 core": {
            "camera RGB": Setting(agents=agents, senses=camera),
            "camera RGB, depth, semantic": Setting(agents=agents, senses=EVERY_SENSE[:3]),
            "audio": Setting(agents=agents, senses=("audio",)),
            "neither camera nor audio": Setting(agents=agents, senses=()),
        },
        "batch, 1 core": {f"{n} agents": Setting(agents=n) for n in (1, 16, 64, 256, 1024)},
        "NPCs in a world, 1 core": {
            f"{n} NPCs": Setting(agents=agents, npcs=n) for n in (2, 4, 8)
        },
        "resolution, 1 core": {
            f"{size}x{size}": Setting(agents=min(agents, 64), camera_size=size)
            for size in (32, 64, 128, 256)
        },
        "objects in a scene, 1 core": {
            f"{n} objects": Setting(agents=agents, objects=n) for n in (20, 60, 200)
        },
    }  # fmt: skip


def run(agents: int, seconds: float, json_file: Path | None) -> None:
    """Measure, print and write.

    Args:
        agents: NPCs of the batch where a setting does not say otherwise.
        seconds: for each setting, in all.
        json_file: where to write the figures.

    Raises:
        EvaluationError: the file cannot be written; found before anything is measured.
    """
    if json_file is not None:
        check_writable(json_file)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(30), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        groups = settings(agents)
        total = ROUNDS * sum(map(len, groups.values())) + len(PEERS) + 1
        task = bar.add_task("measuring", total=total)

        def advance(name: str) -> None:
            bar.update(task, advance=1, description=name)

        report = measure(groups, seconds, advance)
    show(console, report)
    give_numbers(json_file, report)


def measure(
    groups: Groups, seconds: float, on_window: Callable[[str], None] = lambda name: None
) -> dict[str, Any]:
    """All figures as plain data.

    Args:
        groups: as ``settings`` makes them.
        seconds: for each setting, in all.
        on_window: called with a name as things are measured.
    """
    windows: dict[str, dict[str, list[float]]] = {}
    for group, members in groups.items():
        windows[group] = rates_in_turn(members, seconds / ROUNDS, ROUNDS, on_window)
    threads, batch = windows["threads"], windows["batch, 1 core"]
    crowd = windows["objects in a scene, 1 core"]
    all_cores, one_core = threads["every sense, all cores"], threads["every sense, 1 core"]
    ours = median(one_core)
    peers: dict[str, dict[str, Any]] = {}
    for name, peer in PEERS.items():
        on_window(name)
        rate = measure_peer(name, seconds)
        if isinstance(rate, str):
            peers[name] = {"setting": peer.setting, "steps_per_s": None, "ratio": None,
                           "note": rate}  # fmt: skip
        else:
            peers[name] = {"setting": peer.setting, "steps_per_s": round(rate, 1),
                           "ratio": round(ours / rate, 2)}  # fmt: skip
    on_window("where the time goes")
    return {
        "agent_steps_per_s": round(median(all_cores), 1),
        "agent_steps_per_s_1core": round(ours, 1),
        "by_setting": {
            f"{group}: {name}": round(median(rates), 1)
            for group, members in windows.items() for name, rates in members.items()
        },
        "ratios": {
            "all_cores_to_1": round(median_ratio(all_cores, one_core), 2),
            "cost_1024_to_64_agents": round(
                median_ratio(batch["64 agents"], batch["1024 agents"]), 2),
            "cost_200_to_20_objects": round(
                median_ratio(crowd["20 objects"], crowd["200 objects"]), 2),
        },
        "microseconds_by_part": time_by_part(groups["threads"]["every sense, 1 core"], seconds),
        "peers": peers,
        "cores": available_cores(),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def show(console: Console, report: dict[str, Any]) -> None:
    """Tables for people."""
    rates = [(name, f"{rate:,.0f}") for name, rate in report["by_setting"].items()]
    _table(console, "Agent-steps per second", ("setting", "steps/s"), rates)
    parts = [(name, f"{value:.1f}") for name, value in report["microseconds_by_part"].items()]
    _table(console, "Where the time goes, one core", ("part", "microseconds"), parts)
    peers = [
        (
            name, peer["setting"], _or_note(peer, "steps_per_s", ",.0f"),
            _or_note(peer, "ratio", ".1f"),
        )
        for name, peer in report["peers"].items()
    ]  # fmt: skip
    _table(console, "Peers, one process; ours is every sense on one core",
           ("peer", "setting", "steps/s", "ours / peer"), peers)  # fmt: skip
    for name, ratio in report["ratios"].items():
        console.print(f"{name.replace('_', ' ')}: {ratio}", highlight=False)


def _or_note(peer: dict[str, Any], key: str, style: str) -> str:
    value = peer[key]
    return peer.get("note", "") if value is None else format(value, style)


def _table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    table = Table(title=title)
    for name in columns:
        table.add_column(name, justify="left" if name in ("setting", "part", "peer") else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
