"""What carries the live link: ``python -m unity_bridge.live.measure`` times the two candidates.

A gRPC stream and length-prefixed messages over TCP carry the same `live.proto` messages: what an
NPC of a museum perceives, and an answer. The server (`unity_bridge.live.echo`) is a process of its
own that reads each message and answers at once. Both sides' processor time counts, with all their
threads.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import grpc.aio

from envs.episodes import make_episode
from envs.world.world import BatchWorld
from unity_bridge.live.echo import CALL, MOST_BYTES, SERVICE, STREAM, TCP, make_answer
from unity_bridge.live.framing import frame, read_message
from unity_bridge.live.observations import encode_observation
from unity_bridge.protocol import live_pb2 as live

WARM_UP_ROUNDS = 20
"""Round trips of a new connection that do not count."""

Ask = Callable[[live.Message], Awaitable[live.Message]]


@dataclass(frozen=True)
class Span:
    """A figure of several windows."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Sequence[float]) -> Span:
        """The median of the windows, and their spread."""
        return Span(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:.3f} ms ({self.least:.3f} to {self.most:.3f})"


@dataclass(frozen=True)
class Figures:
    """What one round trip takes, milliseconds."""

    round_trip: Span
    """Of each window's median."""
    client_cpu: Span
    server_cpu: Span


def make_question() -> live.Message:
    """What an NPC in a museum perceives: camera, ears, entities, its goal and itself."""
    world = BatchWorld(1, 1, threads=1)
    world.reset(0, make_episode("navigation/ringing", seed=2_000_000, family="museum"))
    observation = encode_observation("guard", 1, 0.1, world.observe(), 0, world.action_mask()[0])
    return live.Message(observation=observation)


def measure(question: live.Message, rounds: int = 500, windows: int = 10) -> dict[str, Figures]:
    """Time both transports, window by window in turn.

    Args:
        question: what the client sends.
        rounds: round trips of a window.
        windows: of each transport.
    """
    found: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in _CLIENTS}
    with contextlib.ExitStack() as stack:
        servers = {kind: stack.enter_context(_start_server(kind)) for kind in _CLIENTS}
        for _ in range(windows):
            for kind, server in servers.items():
                found[kind].append(asyncio.run(_time_window(kind, server, question, rounds)))
    return {
        kind: Figures(*(Span.of(values) for values in zip(*figures, strict=True)))
        for kind, figures in found.items()
    }


async def _time_window(
    kind: str, server: _Server, question: live.Message, rounds: int
) -> tuple[float, float, float]:
    """Median round trip, and a round trip's processor time of the client and of the server, ms."""
    waited = []
    async with _CLIENTS[kind](server.port) as ask:
        for _ in range(WARM_UP_ROUNDS):
            await ask(question)
        server_spent, spent = server.cpu_seconds(), time.process_time()
        for _ in range(rounds):
            begun = time.perf_counter()
            answer = await ask(question)
            waited.append(time.perf_counter() - begun)
            assert answer.action.sequence == question.observation.sequence
        spent, server_spent = time.process_time() - spent, server.cpu_seconds() - server_spent
    return 1e3 * median(waited), 1e3 * spent / rounds, 1e3 * server_spent / rounds


# ------------------------------------------------------------------------------------------ clients


@asynccontextmanager
async def _ask_over_stream(port: int) -> AsyncIterator[Ask]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        talk: Any = channel.stream_stream(
            f"/{SERVICE}/{CALL}",
            request_serializer=live.Message.SerializeToString,
            response_deserializer=live.Message.FromString,
        )
        call = talk()

        async def ask(message: live.Message) -> live.Message:
            await call.write(message)
            return await call.read()

        yield ask
        await call.done_writing()


@asynccontextmanager
async def _ask_over_tcp(port: int) -> AsyncIterator[Ask]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(message: live.Message) -> live.Message:
        writer.write(frame(message))
        answer = await read_message(reader, MOST_BYTES)
        assert answer is not None, "the echo server hung up"
        return answer

    yield ask
    writer.close()
    await writer.wait_closed()


_CLIENTS: dict[str, Callable[[int], AbstractAsyncContextManager[Ask]]] = {
    STREAM: _ask_over_stream,
    TCP: _ask_over_tcp,
}


# ------------------------------------------------------------------------------------------ servers


@dataclass
class _Server:
    """An echo server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def cpu_seconds(self) -> float:
        """Processor time that it has spent so far, with all its threads."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@contextmanager
def _start_server(kind: str) -> Iterator[_Server]:
    command = [sys.executable, "-m", "unity_bridge.live.echo", kind]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield _Server(process, int(process.stdout.readline()))
        finally:
            process.kill()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m unity_bridge.live.measure")
    parser.add_argument("--rounds", type=int, default=500, help="round trips of each window")
    parser.add_argument("--windows", type=int, default=10, help="windows of each transport")
    options = parser.parse_args(arguments)
    question = make_question()
    up, down = question.ByteSize(), make_answer(question).ByteSize()
    print(f"{up} bytes up, {down} bytes down; the median of {options.windows} windows (spread)")
    for kind, figures in measure(question, options.rounds, options.windows).items():
        print(f"{kind}: round trip {figures.round_trip}, client's CPU {figures.client_cpu}, "
              f"server's CPU {figures.server_cpu}")  # fmt: skip


if __name__ == "__main__":
    main()
