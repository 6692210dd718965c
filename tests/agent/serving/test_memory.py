"""A server that has decided a million times needs no more memory than one that has just begun."""

from __future__ import annotations

import os
from pathlib import Path

import grpc
import pytest

from agent.bench.recorded import record_world
from agent.report.processes import Child
from unity_bridge.protocol import METHOD, SERVICE

DECISIONS = int(os.environ.get("SERVE_DECISIONS", "1000000"))
NPCS = 64
VISIT = 200
"""Decisions of each NPC before its world leaves and another one comes."""
GROWTH_MIB = 24.0
"""That memory may rise by after the first tenth: an allocator's fragments, not a leak."""


def resident_mib(pid: int) -> float:
    """Memory that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def visit(port: int, said: list[bytes]) -> int:
    """One world comes, asks and leaves without a word; its decisions."""
    options = [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        exchange = channel.unary_unary(
            f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
        )
        for message in said:
            exchange(message)
    return NPCS * (len(said) - 2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_is_flat_over_a_million_decisions() -> None:
    worlds = [record_world(NPCS, VISIT, number) for number in range(2)]
    with Child("heedful serve", "agent.cli", ["serve", "--port", "0"]) as server:
        port = int(server.wait_for_line("listening on", 240).rpartition(":")[2])
        made, visits = 0, 0
        marks: list[float] = []
        while made < DECISIONS:
            made += visit(port, worlds[visits % 2])
            visits += 1
            marks.append(resident_mib(server.pid))
        first = marks[max(1, len(marks) // 10)]
        assert marks[-1] - first < GROWTH_MIB, f"from {first:.0f} to {marks[-1]:.0f} MiB: {marks}"
        server.check()
    print(f"{made:,} decisions, {visits} worlds: {first:.0f} to {marks[-1]:.0f} MiB")
