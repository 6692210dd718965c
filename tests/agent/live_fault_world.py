"""One world of the live link's fault test: ``python -m tests.agent.live_fault_world ROLE PORT``.

As `tests.agent.fault_world`: each says "ready" and begins when it is told to. A ``good`` one says
ten times a second what its NPCs perceive and prints how it was answered; each of the others
misbehaves in its own way until it is killed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from envs.contract import CONTRACT_VERSION, DECISION_SECONDS, contract_hash
from tests.agent.fault_world import LATER_SECONDS, WARM_UP, burns
from tests.unity_bridge.helpers import random_observations
from unity_bridge.channels import encode_json
from unity_bridge.errors import BridgeError
from unity_bridge.live import LiveClient
from unity_bridge.live.framing import frame
from unity_bridge.live.observations import encode_observation
from unity_bridge.protocol import live_pb2 as live

NPCS = tuple(f"npc{number}" for number in range(4))
"""Of a good world."""
FLOODING_CONNECTIONS = 4
ANSWER_SECONDS = 5.0


async def good(port: int, seconds: float) -> None:
    """Say what NPCs perceive; how long it took until they acted on that, or on something newer."""
    client = LiveClient("127.0.0.1", port)
    await client.connect(ANSWER_SECONDS)
    observed = random_observations(len(NPCS))
    asked: dict[str, dict[int, float]] = {npc: {} for npc in NPCS}
    waited: list[float] = []
    reading = asyncio.create_task(_read(client, asked, waited))
    begin = time.perf_counter()
    decisions = WARM_UP + round(seconds / DECISION_SECONDS)
    for number in range(decisions):
        for row, npc in enumerate(NPCS):
            sequence = client.observe(npc, observed, row)
            if number >= WARM_UP:
                asked[npc][sequence] = time.perf_counter()
        await asyncio.sleep(begin + (number + 1) * DECISION_SECONDS - time.perf_counter())
    count, end = (decisions - WARM_UP) * len(NPCS), time.perf_counter() + ANSWER_SECONDS
    while len(waited) < count and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    reading.cancel()
    client.drop()
    waited_ms = [round(1000.0 * took, 1) for took in waited]
    print(json.dumps({"asked": count, "acted": len(waited), "decided": len(waited),
                      "ms": waited_ms}))  # fmt: skip


async def _read(
    client: LiveClient, asked: dict[str, dict[int, float]], waited: list[float]
) -> None:
    while True:
        action = await client.action(ANSWER_SECONDS)
        answered = [number for number in asked[action.npc] if number <= action.sequence]
        for number in answered:
            waited.append(time.perf_counter() - asked[action.npc].pop(number))


async def dies(port: int) -> None:
    """Killed in the middle of a message."""
    await _leave_in_the_middle(port)
    os.kill(os.getpid(), signal.SIGKILL)


async def hangs(port: int) -> None:
    """Stopped in the middle of a message."""
    await _leave_in_the_middle(port)
    print("stopped", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)


async def _leave_in_the_middle(port: int) -> None:
    begun, data = await _connect(port), frame(_observation("guard", 1))
    begun.write(data)
    await asyncio.sleep(LATER_SECONDS)
    begun.write(data[: len(data) // 2])
    await begun.drain()


async def floods(port: int) -> None:
    """Asks, talks, lists, gives minds and pings from several connections, and reads nothing."""
    await asyncio.gather(*(_flood(port, number) for number in range(FLOODING_CONNECTIONS)))


async def _flood(port: int, number: int) -> None:
    said = (_observations, _lists, _minds, _pings)[number]()
    writer = await _connect(port)
    for message in said:
        try:
            writer.write(frame(message))
            await writer.drain()
        except OSError:  # it was let go
            await asyncio.sleep(0.01)
            writer = await _connect(port)


def _observations() -> Iterator[live.Message]:
    for sequence in itertools.count(1):
        yield _observation(f"npc{sequence % 200}", sequence)


def _lists() -> Iterator[live.Message]:
    """Side channel messages as long as they may be: entries, utterances, nested lists."""
    entry = {"sequence": 1, "op": "add", "slot": 2, "name": "the hall", "polygon": [[0, 1]] * 64}
    parts: tuple[tuple[str, Any], ...] = (
        ("catalogue", [entry] * 500),
        ("dialogue", [{"utterance": 1, "speaker": 2, "to_me": True, "text": "hello " * 100}] * 200),
        ("goal", [{"op": "set", "goal": 1, "text": "go to the hall " * 9, "priority": 1}] * 500),
        ("catalogue", [[]] * 60_000),
        ("episode", [{"op": "start", "task": "t", "seed": 3, "map": "known"}] * 2000),
    )
    said = [(channel, encode_json(part)) for channel, part in parts]
    for number in itertools.count():
        channel, content = said[number % len(said)]
        npc = f"npc{number % 50}"
        yield live.Message(news=live.News(npc=npc, channel=channel, content=content))
        yield _observation(npc, number)


def _minds() -> Iterator[live.Message]:
    for number in itertools.count():
        blob = secrets.token_bytes(60_000)
        yield live.Message(mind=live.Mind(npc=f"npc{number % 50}", sequence=1, blob=blob,
                                          replace=True))  # fmt: skip


def _pings() -> Iterator[live.Message]:
    for number in itertools.count():
        yield live.Message(ping=live.Ping(number=number, round_trip=0.1))


async def garbage(port: int) -> None:
    """Sends noise, spoilt messages, messages that are too large and wrong beginnings."""
    rng = random.Random(0)
    good_one = frame(_observation("guard", 1))
    while True:
        kind, spoilt = rng.randrange(5), bytearray(good_one)
        for _ in range(20):
            spoilt[rng.randrange(4, len(spoilt))] = rng.randrange(256)
        data = (
            rng.randbytes(rng.randrange(1, 5000)), bytes(spoilt), frame(_hello()) * 2,
            b"\xff\xff\xff\x7f" + bytes(2**20), b"\x04\0\0\0\xff\xff\xff\xff",
        )[kind]  # fmt: skip
        try:
            if rng.randrange(2):
                writer = await _connect(port)
            else:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(data)
            await writer.drain()
            writer.transport.abort()
        except (OSError, BridgeError):
            pass
        await asyncio.sleep(0.01)


def _hello() -> live.Message:
    return live.Message(hello=live.Hello(
        contract_version=CONTRACT_VERSION, contract_hash=contract_hash(), package="wild",
        world="wild", session=secrets.token_bytes(16), connection=1,
    ))  # fmt: skip


async def _connect(port: int) -> asyncio.StreamWriter:
    """A connection that has said hello."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(frame(_hello()))
    return writer


_OBSERVED = random_observations(1)


def _observation(npc: str, sequence: int) -> live.Message:
    seen = encode_observation(npc, sequence, time.perf_counter(), _OBSERVED, 0)
    return live.Message(observation=seen)


def main() -> None:
    """Be what the command line says."""
    role, port = sys.argv[1], int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    if role == "good":
        asyncio.run(good(port, float(sys.argv[3])))
        return
    os.nice(5)  # it may take the server's time, not the machine's
    if role == "burns":
        burns(port)
    wild = {"dies": dies, "hangs": hangs, "floods": floods, "garbage": garbage}
    asyncio.run(wild[role](port))


if __name__ == "__main__":
    main()
