"""PNG files of small RGB images: a tiny encoder, and a decoder.

ML-Agents sends cameras as 8-bit RGB PNG files, which kernels read (``pictures``); files of any
other kind are left to Pillow.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from unity_bridge.errors import BridgeError
from unity_bridge.pictures import (
    CHANNELS,
    CUT_OFF,
    DAMAGED,
    OK,
    RGB8,
    SIGNATURE,
    read_pictures,
)

_HEADER = struct.Struct(">IIBBBBB")
_DAMAGES = {
    DAMAGED: "its packed pixels make no sense, or are not as many as it says",
    CUT_OFF: "it is cut off",
}


def encode_png(pixels: NDArray[np.uint8], level: int = 1) -> bytes:
    """Write an image as a PNG file.

    Args:
        pixels: ``(height, width, 3)`` uint8 RGB, top row first.
        level: zlib level, 0 (stored) to 9 (smallest).
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * CHANNELS), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    return b"".join((
        SIGNATURE,
        _chunk(b"IHDR", _HEADER.pack(width, height, *RGB8)),
        _chunk(b"IDAT", zlib.compress(rows.tobytes(), level)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def decode_png(data: bytes, height: int, width: int) -> NDArray[np.uint8]:
    """Read a PNG file of a known size.

    Args:
        data: the file.
        height: rows that it must have.
        width: columns that it must have.

    Returns:
        ``(height, width, 3)`` uint8 RGB, top row first.

    Raises:
        BridgeError: when it is no PNG file, is damaged, or has another size.
    """
    size, header = read_header(data)
    if size != (height, width):
        raise BridgeError(f"the PNG is {size[1]} x {size[0]} pixels instead of {width} x {height}")
    if header == RGB8:
        read = read_pictures([data], CHANNELS, height, width)
        if read is None:
            raise BridgeError(f"the PNG is damaged ({_DAMAGES[DAMAGED]})")
        pictures, state = read
        if state[0] in _DAMAGES:
            raise BridgeError(f"the PNG is damaged ({_DAMAGES[state[0]]})")
        if state[0] == OK:
            return pictures[0].transpose(1, 2, 0)
    return _decode_with_pillow(data)


def read_header(data: bytes) -> tuple[tuple[int, int], tuple[int, ...]]:
    """(height, width) and the five format bytes of a PNG file's header."""
    if not data.startswith(SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        raise BridgeError("its bytes are not a PNG file")
    width, height, *header = _HEADER.unpack_from(data, 16)
    return (height, width), tuple(header)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _decode_with_pillow(data: bytes) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGB"))
    except UnidentifiedImageError:
        raise BridgeError("the PNG is damaged (its header makes no sense)") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BridgeError(f"the PNG is damaged ({error})") from None
