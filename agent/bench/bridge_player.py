"""A player that says the same recorded messages again and again: ``bridge_player.py PORT FILE``.

It encodes and decodes nothing, so that all of a step's time is the transport and the client.
"""

import struct
import sys
from itertools import chain, cycle
from pathlib import Path

import grpc

PATH = "/communicator_objects.UnityToExternalProto/Exchange"
START_SECONDS = 120.0
QUIT = b"\x0a\x03\x08\x90\x03"
"""How a message begins whose header has status 400."""


def read_messages(data: bytes) -> list[bytes]:
    """Messages of a file: each a length, uint32 little-endian, and so many bytes."""
    found, start = [], 0
    while start < len(data):
        (length,) = struct.unpack_from("<I", data, start)
        found.append(data[start + 4 : start + 4 + length])
        start += 4 + length
    return found


def main(port: int, file: Path) -> None:
    """Say greeting, waiting and first message, then the others in a circle, until told to quit."""
    greeting, waiting, first, *steps = read_messages(file.read_bytes())
    options = [("grpc.max_send_message_length", -1), ("grpc.initial_reconnect_backoff_ms", 50)]
    with grpc.insecure_channel(f"localhost:{port}", options) as channel:
        grpc.channel_ready_future(channel).result(START_SECONDS)
        call = channel.unary_unary(PATH, request_serializer=None, response_deserializer=None)
        for message in chain((greeting, waiting, first), cycle(steps)):
            try:
                reply = call(message)
            except grpc.RpcError:
                return
            if QUIT in reply[:16]:
                return


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
