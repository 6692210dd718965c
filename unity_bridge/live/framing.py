"""Messages behind their lengths: four bytes, little-endian, then one `live.proto` Message."""

from __future__ import annotations

import asyncio
import struct

from google.protobuf.message import DecodeError

from unity_bridge.errors import BridgeError
from unity_bridge.protocol import live_pb2 as live

_LENGTH = struct.Struct("<I")


def frame(message: live.Message) -> bytes:
    """A message with its length in front."""
    data = message.SerializeToString()
    return _LENGTH.pack(len(data)) + data


async def read_message(reader: asyncio.StreamReader, most: int) -> live.Message | None:
    """The next message; None when the connection has ended between two.

    Args:
        reader: what comes in.
        most: bytes that a message may have.

    Raises:
        BridgeError: when it is too large or no message, or the connection ended inside it.
    """
    data = await read_frame(reader, most)
    return None if data is None else parse_message(data)


async def read_frame(reader: asyncio.StreamReader, most: int) -> bytes | None:
    """The bytes of the next message; None when the connection has ended between two.

    Raises:
        BridgeError: when it is too large, or the connection ended inside it.
    """
    try:
        (size,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise BridgeError("its connection ended inside a message") from None
        return None
    if size > most:
        raise BridgeError(
            f"a message of {size} bytes is over the limit of {most} bytes, or it does not speak "
            "the live link"
        )
    try:
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError:
        raise BridgeError("its connection ended inside a message") from None


def parse_message(data: bytes) -> live.Message:
    """A message of its bytes.

    Raises:
        BridgeError: when they are none.
    """
    try:
        return live.Message.FromString(data)
    except DecodeError:
        raise BridgeError("its bytes are not a message of the live link") from None
