"""PNG files of small RGB images: a tiny encoder, and a decoder that is fast for its output.

ML-Agents sends cameras as 8-bit RGB PNG files. Unity writes them with every row filter; ours are
written with none. Rows with filters 0 to 2 are undone here with numpy, all else by Pillow.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unity_bridge.errors import BridgeError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")
_RGB8 = (8, 2, 0, 0, 0)
"""Bit depth, colour type, compression, filter method and interlace of an 8-bit RGB file."""
_CHANNELS = 3


def encode_png(pixels: NDArray[np.uint8], level: int = 1) -> bytes:
    """Write an image as a PNG file.

    Args:
        pixels: ``(height, width, 3)`` uint8 RGB, top row first.
        level: zlib level, 0 (stored) to 9 (smallest).
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * _CHANNELS), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    return b"".join((
        SIGNATURE,
        _chunk(b"IHDR", _HEADER.pack(width, height, *_RGB8)),
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
    if header == _RGB8:
        rows = _filtered_rows(data, height, width)
        if rows[:, 0].max() <= 2:
            return _undo_filters(rows, height, width)
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


def _filtered_rows(data: bytes, height: int, width: int) -> NDArray[np.uint8]:
    """The inflated rows, ``(height, 1 + 3 width)`` uint8; the first column is the row's filter."""
    parts = []
    start = len(SIGNATURE)
    while start + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, start)
        kind = data[start + 4 : start + 8]
        if kind == b"IDAT":
            parts.append(data[start + 8 : start + 8 + length])
        elif kind == b"IEND":
            break
        start += 12 + length
    expected = height * (1 + width * _CHANNELS)
    inflate = zlib.decompressobj()
    try:
        raw = inflate.decompress(b"".join(parts), expected + 1)
    except zlib.error as error:
        raise BridgeError(f"the PNG is damaged ({error})") from None
    if len(raw) != expected or not inflate.eof:
        raise BridgeError("the PNG is damaged (it does not hold as many pixels as it says)")
    return np.frombuffer(raw, np.uint8).reshape(height, -1)


def _undo_filters(rows: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Undo filters 0 (none), 1 (minus the pixel to the left) and 2 (minus the pixel above)."""
    filters = rows[:, 0]
    if not filters.any():
        return rows[:, 1:].reshape(height, width, _CHANNELS)
    pixels = rows[:, 1:].reshape(height, width, _CHANNELS).copy()
    for row in range(height):
        if filters[row] == 1:
            np.cumsum(pixels[row], axis=0, dtype=np.uint8, out=pixels[row])
        elif filters[row] == 2 and row > 0:
            pixels[row] += pixels[row - 1]
    return pixels


def _decode_with_pillow(data: bytes) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise BridgeError(f"the PNG is damaged ({error})") from None
