"""``heedful bench serve``: how long worlds wait for decisions over gRPC."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from agent.checkpoint import SHIPPED
from agent.evaluate import check_writable, write_json
from agent.report.processes import Child
from envs.tasks import TEST_SEEDS
from unity_bridge.client import Client
from unity_bridge.game import Game, make_greeting, make_waiting
from unity_bridge.player import HOST_MESSAGE_BYTES
from unity_bridge.programme import PlayerOptions, Programme

START_SECONDS = 240.0
"""The first start compiles kernels."""
WARM_UP = 20
"""Exchanges that are not counted."""


def run(npcs: Sequence[int], exchanges: int, brain: Path | None, json_file: Path | None) -> None:
    """Measure, print and write."""
    if json_file is not None:
        check_writable(json_file)
    report = measure(npcs, exchanges, brain)
    console = Console(highlight=False)
    for count, times in report["npcs"].items():
        console.print(f"{count} NPCs: p50 {times['p50_ms']:.1f} ms, p99 {times['p99_ms']:.1f} ms")
    if json_file is not None:
        write_json(json_file, report)
        console.print(f"Written to {json_file}")


def measure(npcs: Sequence[int], exchanges: int, brain: Path | None = None) -> dict[str, Any]:
    """Round trips between a player in this process and a server in another one.

    Args:
        npcs: numbers of NPCs to measure with; each has a world of its own.
        exchanges: round trips to count for each number.
        brain: checkpoint; None for the shipped one, or an untrained mind where there is none.
    """
    arguments = ["serve", "--port", "0"]
    if brain is not None:
        arguments += ["--brain", str(brain)]
    elif not SHIPPED.exists():
        arguments += ["--policy", "untrained"]
    with Child("heedful serve", "agent.cli", arguments) as server:
        port = int(server.wait_for_line("listening on", START_SECONDS).rpartition(":")[2])
        times = {str(count): _play(port, count, exchanges) for count in npcs}
    return {"npcs": times, "exchanges": exchanges}


def _play(port: int, npcs: int, exchanges: int) -> dict[str, float]:
    """Play so many worlds and time every exchange: from sending to the answer, worlds left out."""
    options = PlayerOptions(
        port, tasks=("named_place",), areas=npcs, threads=1,
        seeds=range(TEST_SEEDS.start, TEST_SEEDS.start + 100 * npcs),
    )  # fmt: skip
    waited: list[float] = []
    with Client("127.0.0.1", port) as client:
        game = Game(Programme(options), client.exchange(make_greeting()))
        client.max_message_bytes = HOST_MESSAGE_BYTES
        message = game.answer(client.exchange(make_waiting()))
        while message is not None and len(waited) < WARM_UP + exchanges:
            begun = time.perf_counter()
            reply = client.exchange(message)
            waited.append((time.perf_counter() - begun) * 1000.0)
            message = game.answer(reply)
        client.leave()
    p50, p99 = np.percentile(waited[WARM_UP:], (50, 99))
    return {"p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2)}
