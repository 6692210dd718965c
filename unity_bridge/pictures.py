"""Reading many PNG files at once: all pictures of one observation of all agents."""

from __future__ import annotations

from collections.abc import Sequence

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
    from unity_bridge import png_kernels  # it brings numba, which a world without images spares

    sizes = [len(file) for file in files]
    if channels * height * width > _BEST_RATIO * min(sizes, default=0):
        return None
    starts = np.zeros(len(files) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    slack = png_kernels.SLACK
    pictures = np.empty((len(files), channels, height, width), np.uint8)
    state = np.empty(len(files), np.uint8)
    png_kernels.decode_files(
        np.frombuffer(b"".join(files), np.uint8), starts, channels // CHANNELS,
        np.empty(max(sizes, default=0) + slack, np.uint8),
        np.empty(height * (1 + CHANNELS * width) + slack, np.uint8),
        np.empty(png_kernels.WORK_SIZE, np.int32), pictures, state,
    )  # fmt: skip
    return pictures, state


def scale(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness 0 to 255 as 0 to 1, in the shape of ``pictures``, which is contiguous."""
    from unity_bridge import png_kernels

    scaled = np.empty(pictures.shape, np.float32)
    png_kernels.scale_pixels(pictures.reshape(-1), scaled.reshape(-1))
    return scaled
