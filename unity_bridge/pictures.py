"""Reading many PNG files at once: all pictures of one observation of all agents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

CHANNELS = 3
"""Of each file that is read here."""
_BEST_RATIO = 1032
"""Bytes that zlib can pack into one, at most."""


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
        ``(n, channels, height, width)`` uint8, and ``(n,)`` uint8: 0 where an agent's files were
        read, else a number of ``png_kernels`` that says why not. None when a file is too short to
        hold so many pixels, however well they are packed; nothing is allocated for them then.
    """
    if not _may_hold(files, channels * height * width):
        return None
    pictures = np.empty((len(files), channels, height, width), np.uint8)
    return pictures, _decode(files, pictures, np.empty((0, channels, height, width), np.float32))


def read_scaled_pictures(
    files: Sequence[bytes], channels: int, height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.uint8]] | None:
    """The same with brightness as float32, 0 to 1."""
    if not _may_hold(files, channels * height * width):
        return None
    pictures = np.empty((len(files), channels, height, width), np.float32)
    return pictures, _decode(files, np.empty((1, channels, height, width), np.uint8), pictures)


def compile_kernels() -> None:
    """Read a small picture, so that nobody waits for the compiler later."""
    from unity_bridge.png import encode_png

    read_pictures([encode_png(np.zeros((8, 8, CHANNELS), np.uint8))], CHANNELS, 8, 8)


def _may_hold(files: Sequence[bytes], pixels: int) -> bool:
    return pixels <= _BEST_RATIO * min(map(len, files), default=0)


def _decode(
    files: Sequence[bytes], out: NDArray[np.uint8], scaled: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Read files into the one or the other, and say how that went."""
    from unity_bridge import png_kernels  # it brings numba, which a world without images spares

    channels, height, width = out.shape[1:]
    slack = png_kernels.SLACK
    state = np.empty(len(files), np.uint8)
    png_kernels.decode_files(
        np.frombuffer(b"".join(files), np.uint8),
        np.array([0, *accumulate(map(len, files))], np.int64), channels // CHANNELS,
        np.empty(max(map(len, files), default=0) + slack, np.uint8),
        np.empty(height * (1 + CHANNELS * width) + slack, np.uint8),
        np.empty(png_kernels.WORK_SIZE, np.int32), out, scaled, state,
    )  # fmt: skip
    return state
