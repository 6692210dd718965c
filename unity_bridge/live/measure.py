"""What carries the live link: ``python -m unity_bridge.live.measure`` times the two candidates.

A gRPC stream and length-prefixed messages over TCP, both with an echo that answers at once in a
process of its own, in turn, with messages of one NPC's decision (26 KB up, 64 bytes down).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import struct
import time
from collections.abc import AsyncIterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

import grpc
import grpc.aio
import numpy as np

OBSERVATION_BYTES = 26_000
"""Audio 12,800, a picture 8,000, entities and the rest."""
ACTION = b"a" * 64
_METHOD = "/heedful.Measure/Talk"
_LENGTH = struct.Struct("<I")


async def _serve_stream(ready: Connection) -> None:
    async def talk(messages: AsyncIterator[bytes], _: object) -> AsyncIterator[bytes]:
        async for _message in messages:
            yield ACTION

    handler = grpc.stream_stream_rpc_method_handler(talk)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("heedful.Measure", {"Talk": handler}),)
    )
    ready.send(server.add_insecure_port("127.0.0.1:0"))
    await server.start()
    await server.wait_for_termination()


async def _serve_tcp(ready: Connection) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the other side is done
            while True:
                (size,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                await reader.readexactly(size)
                writer.write(_LENGTH.pack(len(ACTION)) + ACTION)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run_server(kind: str, ready: Connection) -> None:
    asyncio.run(_serve_stream(ready) if kind == "gRPC stream" else _serve_tcp(ready))


async def _ask_stream(port: int, rounds: int) -> list[float]:
    waited = []
    message = bytes(OBSERVATION_BYTES)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        talk: Any = channel.stream_stream(
            _METHOD, request_serializer=None, response_deserializer=None
        )  # bytes in, bytes out
        call = talk()
        for _ in range(rounds):
            begun = time.perf_counter()
            await call.write(message)
            await call.read()
            waited.append(time.perf_counter() - begun)
        await call.done_writing()
    return waited


async def _ask_tcp(port: int, rounds: int) -> list[float]:
    waited = []
    message = _LENGTH.pack(OBSERVATION_BYTES) + bytes(OBSERVATION_BYTES)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(rounds):
        begun = time.perf_counter()
        writer.write(message)
        (size,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        await reader.readexactly(size)
        waited.append(time.perf_counter() - begun)
    writer.close()
    return waited


def measure(rounds: int = 500, windows: int = 6) -> dict[str, dict[str, float]]:
    """Round trips and processor time of both, window by window in turn.

    Returns:
        Per transport ``p50_ms``, ``p99_ms`` and ``cpu_ms``: of a round trip, this side's share.
    """
    ask = {"gRPC stream": _ask_stream, "TCP": _ask_tcp}
    ports, servers = {}, []
    for kind in ask:
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.Process(target=_run_server, args=(kind, theirs), daemon=True)
        server.start()
        servers.append(server)
        ports[kind] = int(ours.recv())
    waited: dict[str, list[float]] = {kind: [] for kind in ask}
    spent = dict.fromkeys(ask, 0.0)
    try:
        for _ in range(windows):
            for kind, talk in ask.items():
                begun = time.process_time()
                waited[kind] += asyncio.run(talk(ports[kind], rounds))
                spent[kind] += time.process_time() - begun
    finally:
        for server in servers:
            server.kill()
    return {
        kind: {
            "p50_ms": round(float(np.percentile(times, 50)) * 1e3, 3),
            "p99_ms": round(float(np.percentile(times, 99)) * 1e3, 3),
            "cpu_ms": round(spent[kind] / len(times) * 1e3, 3),
        }
        for kind, times in waited.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m unity_bridge.live.measure")
    parser.add_argument("--rounds", type=int, default=500, help="round trips of each window")
    for kind, figures in measure(parser.parse_args(arguments).rounds).items():
        print(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
