"""Reading many PNG files at once: all pictures of one observation of all agents.

Only 8-bit RGB pixels without interlacing are read here, which is what ML-Agents writes. Everything
else that PNG knows (palettes, grey, opacity, 16 bits) is left to Pillow.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import deflate
import numpy as np
from numpy.typing import NDArray

CHANNELS = 3
"""Of each file that is read here."""
OK, OTHER, DAMAGED, CUT_OFF = range(4)
"""How a picture was read: well; not at all, as no file of that kind and size; it is no good."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB8 = (8, 2, 0, 0, 0)
"""Bit depth, colour type, compression, filter method and interlace of an 8-bit RGB file."""
_HEADER = struct.Struct(">8sI4sIIBBBBB4x")
_CHUNK = struct.Struct(">I4s")
_AROUND_CHUNK = 12
"""Bytes of a chunk's length, kind and checksum."""
_BEST_RATIO = 1032
"""Bytes that zlib can pack into one, at most."""
_MOST_BYTES = 2**31
"""Of unpacked rows; libdeflate is told their number in 32 bits."""


def read_pictures(
    files: Sequence[bytes], channels: int, height: int, width: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Read the usual kind of PNG file, 8-bit RGB without interlacing.

    Args:
        files: for each of n agents, one file or several in a row.
        channels: three times the files of each agent.
        height: rows of each picture.
        width: columns.

    Returns:
        ``(n, channels, height, width)`` uint8, and ``(n,)`` uint8: ``OK`` where an agent's files
        were read, else what says why not. None when a file is too short to hold so many pixels,
        however well they are packed, or there are too many; nothing is allocated for them then.
    """
    if not _may_hold(files, channels // CHANNELS * _row_bytes(height, width)):
        return None
    pictures = np.empty((len(files), channels, height, width), np.uint8)
    return pictures, _decode(files, pictures, np.empty((0, channels, height, width), np.float32))


def read_scaled_pictures(
    files: Sequence[bytes], channels: int, height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.uint8]] | None:
    """The same with brightness as float32, 0 to 1."""
    if not _may_hold(files, channels // CHANNELS * _row_bytes(height, width)):
        return None
    pictures = np.empty((len(files), channels, height, width), np.float32)
    return pictures, _decode(files, np.empty((1, channels, height, width), np.uint8), pictures)


def compile_kernels() -> None:
    """Read a small picture, so that nobody waits for the compiler later."""
    from unity_bridge.png import encode_png

    read_pictures([encode_png(np.zeros((8, 8, CHANNELS), np.uint8))], CHANNELS, 8, 8)


def _row_bytes(height: int, width: int) -> int:
    """Bytes of a picture's rows, each of which begins with its filter."""
    return height * (1 + CHANNELS * width)


def _may_hold(files: Sequence[bytes], size: int) -> bool:
    return size <= min(_BEST_RATIO * min(map(len, files), default=0), _MOST_BYTES)


def _decode(
    files: Sequence[bytes], out: NDArray[np.uint8], scaled: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Read files into the one or the other, and say how that went."""
    from unity_bridge import png_kernels  # it brings numba, which a world without images spares

    channels, height, width = out.shape[1:]
    start = _HEADER.pack(SIGNATURE, 13, b"IHDR", width, height, *RGB8)[:-4]
    size = _row_bytes(height, width)
    unpacked: list[bytearray | bytes] = []
    state = np.array(
        [_unpack(data, channels // CHANNELS, start, size, unpacked) for data in files], np.uint8
    )
    good = state == OK
    unpacked.append(b"\0")  # kernels read a byte beyond the last row
    png_kernels.lay_out(
        np.frombuffer(bytearray().join(unpacked), np.uint8), np.flatnonzero(good),
        channels // CHANNELS, height, width, out.reshape(len(out), channels, height * width),
        scaled.reshape(len(scaled), channels, height * width), good,
    )  # fmt: skip
    state[(state == OK) & ~good] = DAMAGED  # a row has a filter that PNG does not know
    return state


def _unpack(
    data: bytes, files: int, start: bytes, size: int, unpacked: list[bytearray | bytes]
) -> int:
    """Unpack one agent's files.

    Args:
        data: the files in a row.
        files: how many there must be.
        start: what each of them begins with.
        size: bytes of the rows of each, with their filters.
        unpacked: gets their rows, unless something is wrong.

    Returns:
        ``OK``, or what is wrong.
    """
    rows = []
    position = 0
    for _ in range(files):
        if not data.startswith(start, position):
            return OTHER
        position += _HEADER.size
        packed: list[bytes] = []
        kind = b""
        while kind != b"IEND":
            if position + _AROUND_CHUNK > len(data):
                return CUT_OFF
            length, kind = _CHUNK.unpack_from(data, position)
            if kind == b"IDAT":
                packed.append(data[position + _CHUNK.size : position + _CHUNK.size + length])
            position += _AROUND_CHUNK + length
        if position > len(data):
            return CUT_OFF
        try:
            whole = packed[0] if len(packed) == 1 else b"".join(packed)
            unpacked_file = deflate.zlib_decompress(whole, size)
        except deflate.DeflateError:
            return DAMAGED
        if len(unpacked_file) != size:  # it refuses more than that, and not less
            return DAMAGED
        rows.append(unpacked_file)
    if position != len(data):
        return OTHER
    unpacked += rows
    return OK
