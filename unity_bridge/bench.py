"""What the wire itself costs: ``python -m unity_bridge.bench [--npcs 8] [--exchanges 500]``.

A process sends what NPCs of the headless world observe, again and again, to a host whose mind
answers at once: so all of the time is gRPC, messages and codec.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence

import numpy as np

from envs.contract import NO_OP
from envs.tasks import TASKS
from unity_bridge.batch import WorldBatch, WorldReply
from unity_bridge.client import Client
from unity_bridge.codec import decode_actions
from unity_bridge.game import BEHAVIOR, Game, make_greeting, make_waiting
from unity_bridge.host import Host
from unity_bridge.programme import PlayerOptions, Programme

_TASK = next(task.name for task in TASKS.values() if task.npcs == 1)
_WARM_UP = 20


class InstantMind:
    """Answers every question with actions that do nothing."""

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Do nothing."""
        return WorldReply(np.tile(np.array(NO_OP), (len(batch.agents), 1)))

    def connected(self, world: str) -> None:
        """Nothing to prepare."""

    def released(self, world: str) -> None:
        """Nothing to forget."""


def measure_exchange(npcs: int = 8, exchanges: int = 500) -> dict[str, float]:
    """Time one ``Exchange`` of some NPCs with a mind that takes no time.

    Returns:
        ``round_trip_ms_p50`` and ``_p99`` from the player's encoding to its decoded actions,
        ``encode_ms_p50`` the player's encoding in it, and ``message_kib``.
    """
    return asyncio.run(_measure(npcs, exchanges))


async def _measure(npcs: int, exchanges: int) -> dict[str, float]:
    host = Host(InstantMind(), port=0)
    await host.start()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "unity_bridge.bench", "--npcs", str(npcs),
            "--exchanges", str(exchanges), "--port", str(host.port),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError("the process that plays the player failed: see above")
    finally:
        await host.stop()
    figures: dict[str, float] = json.loads(output)
    return figures


def _play(npcs: int, exchanges: int, port: int) -> dict[str, float]:
    """The player's part: the same observations again and again."""
    programme = Programme(PlayerOptions(port, areas=npcs, tasks=(_TASK,), threads=1))
    encoding, total = [], []
    with Client("127.0.0.1", port) as client:
        game = Game(programme, client.exchange(make_greeting()))
        first = game.answer(client.exchange(make_waiting()))
        assert first is not None
        reply = client.exchange(first)
        client.max_message_bytes = None
        for _ in range(_WARM_UP + exchanges):
            begin = time.perf_counter()
            message = game.repeat()
            encoded = time.perf_counter()
            reply = client.exchange(message)
            decode_actions(reply.unity_input.rl_input.agent_actions[BEHAVIOR].value)
            total.append(time.perf_counter() - begin)
            encoding.append(encoded - begin)
        client.leave()
    p50, p99 = np.percentile(np.array(total[_WARM_UP:]) * 1e3, (50, 99))
    return {
        "round_trip_ms_p50": round(float(p50), 3),
        "round_trip_ms_p99": round(float(p99), 3),
        "encode_ms_p50": round(float(np.median(encoding[_WARM_UP:])) * 1e3, 3),
        "message_kib": round(message.ByteSize() / 1024, 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m unity_bridge.bench", description=__doc__)
    parser.add_argument("--npcs", type=int, default=8)
    parser.add_argument("--exchanges", type=int, default=500)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.port is not None:
        print(json.dumps(_play(given.npcs, given.exchanges, given.port)))
    else:
        print(json.dumps(measure_exchange(given.npcs, given.exchanges), indent=2))


if __name__ == "__main__":
    main()
