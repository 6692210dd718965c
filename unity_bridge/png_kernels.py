"""Rows of 8-bit RGB pixels as PNG files hold them, into planes of numbers, inside kernels."""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from unity_bridge.vector_ops import add_nearest_1, add_nearest_2, add_nearest_4, add_nearest_8

_CHANNELS = 3
_COARSE = np.float32(np.floor(2.0**23 / 255.0) / 2.0**23)
_FINE = np.float32(1.0 / 255.0 - np.float64(_COARSE))


@njit(cache=True, nogil=True, _nrt=False)
def undo_filters(rows, height, width):
    """Undo the filters of a picture's rows in place.

    A row's first byte names its filter, what was taken away from each byte: 0 nothing, 1 the pixel
    to the left, 2 the one above, 3 their mean, 4 the nearest of left, above and above left. Pixels
    outside count as 0.

    Args:
        rows: uint8, ``height`` rows of ``1 + 3 * width`` and at least one byte more.
        height: rows of the picture.
        width: its columns.

    Returns:
        False when a row's filter is none of these.
    """
    size = _CHANNELS * width
    done = 0
    for y in range(height):
        if y < done:
            continue
        at = y * (size + 1) + 1
        kind = rows[at - 1]
        row = rows[at : at + size]
        if kind == 0 or (kind == 2 and y == 0):
            continue
        above = rows[max(0, at - size - 1) : max(0, at - size - 1) + size]
        if kind == 2:
            for index in range(size):
                row[index] += above[index]
        elif kind == 1 or (kind == 4 and y == 0):
            red, green, blue = row[0], row[1], row[2]
            for index in range(3, size, 3):
                red += row[index]
                green += row[index + 1]
                blue += row[index + 2]
                row[index], row[index + 1], row[index + 2] = red, green, blue
        elif kind == 3 and y == 0:
            for index in range(3, size):
                row[index] += row[index - 3] >> 1
        elif kind == 3:
            red, green, blue = np.int64(0), np.int64(0), np.int64(0)
            for index in range(0, size, 3):
                red = (row[index] + ((red + above[index]) >> 1)) & 255
                green = (row[index + 1] + ((green + above[index + 1]) >> 1)) & 255
                blue = (row[index + 2] + ((blue + above[index + 2]) >> 1)) & 255
                row[index], row[index + 1], row[index + 2] = red, green, blue
        elif kind == 4:
            alike, most = 1, min(8, height - y, width)
            while alike < most and rows[at - 1 + alike * (size + 1)] == 4:
                alike += 1
            if alike >= 8:
                alike = 8
                add_nearest_8(rows, at, width)
            elif alike >= 4:
                alike = 4
                add_nearest_4(rows, at, width)
            elif alike >= 2:
                alike = 2
                add_nearest_2(rows, at, width)
            else:
                add_nearest_1(rows, at, width)
            done = y + alike
        else:
            return False
    return True


@njit(cache=True, nogil=True, _nrt=False)
def scale(pixels, out):
    """Brightness 0 to 255 as float32 0 to 1, the same bits as ``mlagents_envs``' division gives.

    ``_COARSE`` has so few bits that its product is exact, and ``_FINE`` is the rest of 1 / 255: so
    only the sum is rounded, and that costs a third of a division.

    Args:
        pixels: ``(n,)`` uint8.
        out: ``(n,)`` float32.
    """
    for index in range(len(pixels)):
        brightness = np.float32(pixels[index])
        out[index] = brightness * _COARSE + brightness * _FINE


@njit(cache=True, nogil=True, _nrt=False)
def _separate(rows, height, width, planes):
    """Pixels whose filters are undone, as three planes ``(3, height * width)`` uint8."""
    stride = 1 + _CHANNELS * width
    for y in range(height):
        row = rows[y * stride + 1 : (y + 1) * stride]
        red = planes[0, y * width : (y + 1) * width]
        green = planes[1, y * width : (y + 1) * width]
        blue = planes[2, y * width : (y + 1) * width]
        for x in range(width):
            red[x] = row[_CHANNELS * x]
            green[x] = row[_CHANNELS * x + 1]
            blue[x] = row[_CHANNELS * x + 2]


@njit(cache=True, nogil=True, _nrt=False)
def lay_out(rows, agents, files, height, width, out, scaled, good):
    """Turn the unpacked rows of agents' pictures into planes.

    Args:
        rows: uint8, the rows of all files of the agents, in order, and at least one byte more;
            their filters are undone in place.
        agents: int64 ``(k,)``, whose they are.
        files: how many files each agent has.
        height: rows of each picture.
        width: its columns.
        out: ``(n, 3 * files, height * width)`` uint8, channels first; with ``scaled`` it is
            scratch for one agent.
        scaled: the same as float32, 0 to 1, made while an agent's pixels are still in the cache;
            ``(0, ...)`` where it is not wanted.
        good: bool ``(n,)``, made False where a row's filter is unknown; such an agent's part of
            ``out`` holds nothing of use.
    """
    scales = len(scaled) > 0
    size = height * (1 + _CHANNELS * width)
    at = 0
    for agent in agents:
        pixels = out[0 if scales else agent]
        for file in range(files):
            picture = rows[at : at + size + 1]
            at += size
            if undo_filters(picture, height, width):
                _separate(picture, height, width, pixels[_CHANNELS * file :])
            else:
                good[agent] = False
        for channel in range(pixels.shape[0] if scales else 0):
            scale(pixels[channel], scaled[agent, channel])
