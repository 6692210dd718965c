"""``heedful bench serve``: how long worlds wait for decisions over gRPC, everything included.

Recorded worlds (`agent.bench.recorded`) ask a server in another process ten times a second, as
games do, each connection at a time of its own. What is timed is the whole of a decision: the
message there, decoding, belief, attention, metacognition, encoding, the answer back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import numpy as np
from rich.console import Console
from rich.progress import Progress

from agent.bench.recorded import record_world
from agent.checkpoint import SHIPPED
from agent.evaluate import check_writable, give_numbers
from agent.report.processes import Child
from unity_bridge.protocol import METHOD, SERVICE

START_SECONDS = 240.0
"""The first start compiles kernels."""
WARM_UP = 20
"""Decisions that are not counted."""
PERIOD = 0.1
"""Seconds between two decisions of a world."""
WORLDS_AT_ONCE, NPCS_OF_EACH = 8, 8
"""The row of several worlds."""


def run(npcs: Sequence[int], exchanges: int, brain: Path | None, json_file: Path | None) -> None:
    """Measure, print and write."""
    if json_file is not None:
        check_writable(json_file)
    console = Console(highlight=False)
    report = measure(npcs, exchanges, brain, console=console)
    rows = {f"{count} NPCs": times for count, times in report["npcs"].items()}
    rows |= {f"{count} worlds of {NPCS_OF_EACH} NPCs": t for count, t in report["worlds"].items()}
    for name, times in rows.items():
        console.print(f"{name}: p50 {times['p50_ms']:.1f} ms, p99 {times['p99_ms']:.1f} ms")
    give_numbers(json_file, report)


def measure(
    npcs: Sequence[int],
    exchanges: int,
    brain: Path | None = None,
    *,
    worlds: int = WORLDS_AT_ONCE,
    period: float = PERIOD,
    console: Console | None = None,
) -> dict[str, Any]:
    """Time the decisions of recorded worlds.

    Args:
        npcs: numbers of NPCs to measure with, in one world each time.
        exchanges: decisions of a world to time for each number.
        brain: checkpoint; None for the shipped one, or an untrained mind where there is none.
        worlds: how many worlds of NPCS_OF_EACH ask at once in the last row; 0 leaves it out.
        period: seconds between two decisions of a world; 0 asks as fast as it can.
        console: shows a bar; None shows nothing.
    """
    arguments = ["serve", "--port", "0"]
    if brain is not None:
        arguments += ["--brain", str(brain)]
    elif not SHIPPED.exists():
        arguments += ["--policy", "untrained"]
    decisions = WARM_UP + exchanges
    rows = [(1, count) for count in npcs] + [(worlds, NPCS_OF_EACH)] * (worlds > 0)
    times: list[dict[str, float]] = []
    with (
        Child("heedful serve", "agent.cli", arguments) as server,
        Progress(console=console, disable=console is None, transient=True) as progress,
    ):
        port = int(server.wait_for_line("listening on", START_SECONDS).rpartition(":")[2])
        bar = progress.add_task("worlds ask", total=2 * len(rows))
        for number, count in rows:
            said = [record_world(count, decisions, world) for world in range(number)]
            progress.advance(bar)
            times.append(asyncio.run(_play_back(port, said, period)))
            progress.advance(bar)
    single = {str(count): row for count, row in zip(npcs, times, strict=False)}
    several = {str(worlds): times[-1]} if worlds else {}
    return {"npcs": single, "worlds": several, "exchanges": exchanges}


async def _play_back(port: int, worlds: Sequence[list[bytes]], period: float) -> dict[str, float]:
    """Percentiles of the time that any world waited."""
    begin = time.perf_counter() + 0.1
    waited = await asyncio.gather(
        *(
            _say(port, said, begin + period * number / len(worlds), period)
            for number, said in enumerate(worlds)
        )
    )
    p50, p99 = np.percentile(np.concatenate(waited), (50, 99))
    return {"p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2)}


async def _say(port: int, said: Sequence[bytes], begin: float, period: float) -> list[float]:
    """Say one world's messages in time; milliseconds that each decision took."""
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
               ("grpc.use_local_subchannel_pool", 1)]  # fmt: skip
    waited: list[float] = []
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        exchange = channel.unary_unary(
            f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
        )
        for message in said[:2]:
            await exchange(message)
        for number, message in enumerate(said[2:]):
            await asyncio.sleep(max(0.0, begin + number * period - time.perf_counter()))
            asked = time.perf_counter()
            await exchange(message)
            waited.append((time.perf_counter() - asked) * 1000.0)
    return waited[WARM_UP:]
