"""Servers that answer at once, for `unity_bridge.live.measure`: a process of its own each.

``python -m unity_bridge.live.echo KIND`` prints its port, and then, for each line that it reads,
the processor time that it has spent so far, seconds.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator

import grpc
import grpc.aio

from envs.contract import NO_OP
from unity_bridge.live.framing import frame, read_message
from unity_bridge.protocol import live_pb2 as live

STREAM, TCP = "gRPC stream", "TCP"
SERVICE, CALL = "heedful.Measure", "Talk"
MOST_BYTES = 2**20


def make_answer(question: live.Message) -> live.Message:
    """An action for the NPC that asks."""
    asked = question.observation
    return live.Message(action=live.Action(npc=asked.npc, sequence=asked.sequence, indices=NO_OP))


async def _serve_stream() -> None:
    async def talk(messages: AsyncIterator[live.Message], _: object) -> AsyncIterator[live.Message]:
        async for message in messages:
            yield make_answer(message)

    handler = grpc.stream_stream_rpc_method_handler(
        talk,
        request_deserializer=live.Message.FromString,
        response_serializer=live.Message.SerializeToString,
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {CALL: handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


async def _serve_tcp() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (message := await read_message(reader, MOST_BYTES)) is not None:
            writer.write(frame(make_answer(message)))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _tell_time() -> None:
    for _ in sys.stdin:
        print(time.process_time(), flush=True)


if __name__ == "__main__":
    threading.Thread(target=_tell_time, daemon=True).start()
    asyncio.run(_serve_stream() if sys.argv[1] == STREAM else _serve_tcp())
