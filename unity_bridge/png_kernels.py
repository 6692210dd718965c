"""PNG files of 8-bit RGB pixels into planes of numbers, inside kernels.

Everything else that PNG knows (palettes, grey, opacity, 16 bits, interlacing) is left to Pillow.
"""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from unity_bridge.inflate import DAMAGED, OK, SLACK, WORK_SIZE, WRONG_SIZE, inflate
from unity_bridge.vector_ops import add_nearest_1, add_nearest_2, add_nearest_4, add_nearest_8

__all__ = ["CUT_OFF", "DAMAGED", "OK", "OTHER", "SLACK", "WORK_SIZE", "WRONG_SIZE", "decode_files"]

OTHER, CUT_OFF = 1, 4
"""No PNG file of 8-bit RGB pixels of the size that was asked for; one without its end."""
_SIGNATURE = np.frombuffer(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", np.uint8).copy()
_RGB8 = np.array([8, 2, 0, 0, 0], np.uint8)
_IDAT, _IEND = 0x49444154, 0x49454E44
_HEADER_SIZE = 33
_CHANNELS = 3
_COARSE = np.float32(np.floor(2.0**23 / 255.0) / 2.0**23)
_FINE = np.float32(1.0 / 255.0 - np.float64(_COARSE))


@njit(cache=True, nogil=True, _nrt=False)
def _read_number(data, at):
    """Four bytes, the highest first."""
    return (
        np.int64(data[at]) << 24
        | np.int64(data[at + 1]) << 16
        | np.int64(data[at + 2]) << 8
        | np.int64(data[at + 3])
    )


@njit(cache=True, nogil=True, _nrt=False)
def _collect(data, start, end, height, width, packed):
    """Gather a file's pixel data, still packed.

    Returns:
        How many bytes, or less than 0: -OTHER or -CUT_OFF; and where the file ends.
    """
    if end - start < _HEADER_SIZE:
        return -OTHER, end
    for index in range(len(_SIGNATURE)):
        if data[start + index] != _SIGNATURE[index]:
            return -OTHER, end
    for index in range(len(_RGB8)):
        if data[start + 24 + index] != _RGB8[index]:
            return -OTHER, end
    if _read_number(data, start + 16) != width or _read_number(data, start + 20) != height:
        return -OTHER, end
    count = 0
    position = start + _HEADER_SIZE
    while position + 12 <= end:
        length = _read_number(data, position)
        kind = _read_number(data, position + 4)
        following = position + 12 + length
        if following > end:
            break
        if kind == _IDAT:
            for index in range(length):
                packed[count + index] = data[position + 8 + index]
            count += length
        position = following
        if kind == _IEND:
            return count, position
    return -CUT_OFF, end


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
def _decode_agent(data, position, end, files, packed, rows, work, out):
    """Read one agent's files into ``out``; how that went, as ``decode_files`` says it."""
    height, width = out.shape[1], out.shape[2]
    stride = 1 + _CHANNELS * width
    for file in range(files):
        count, position = _collect(data, position, end, height, width, packed)
        if count < 0:
            return -count
        result = inflate(packed, count, rows, height * stride, work)
        if result != OK:
            return result
        if not undo_filters(rows, height, width):
            return DAMAGED
        for y in range(height):
            row = rows[y * stride + 1 : (y + 1) * stride]
            red = out[_CHANNELS * file, y]
            green = out[_CHANNELS * file + 1, y]
            blue = out[_CHANNELS * file + 2, y]
            for x in range(width):
                red[x] = row[_CHANNELS * x]
                green[x] = row[_CHANNELS * x + 1]
                blue[x] = row[_CHANNELS * x + 2]
    return OK if position == end else OTHER


@njit(cache=True, nogil=True, _nrt=False)
def scale_row(pixels, out):
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
def decode_files(data, starts, files, packed, rows, work, out, scaled, state):
    """Read PNG files of the pictures of one observation of n agents.

    Args:
        data: uint8, all files in a row.
        starts: int64 ``(n + 1,)``, where each agent's files begin, and where the last ones end.
        files: how many files each agent has.
        packed: uint8 scratch, ``SLACK`` longer than any agent's files.
        rows: uint8 scratch, ``height * (1 + 3 * width) + SLACK``.
        work: int32 scratch, ``(WORK_SIZE,)``.
        out: ``(n, 3 * files, height, width)`` uint8, channels first; with ``scaled`` it is scratch
            for one agent.
        scaled: the same as float32, 0 to 1, made while an agent's pixels are still in the cache;
            ``(0, ...)`` where it is not wanted.
        state: uint8 ``(n,)``, how each agent's files were read: ``OK``, ``OTHER``, ``CUT_OFF``,
            ``DAMAGED`` or ``WRONG_SIZE``; where it is not ``OK``, ``out`` holds nothing of use.
    """
    scales = len(scaled) > 0
    for agent in range(len(state)):
        pixels = out[0 if scales else agent]
        state[agent] = _decode_agent(
            data, starts[agent], starts[agent + 1], files, packed, rows, work, pixels
        )
        if not scales or state[agent] != OK:
            continue
        for channel in range(pixels.shape[0]):
            for y in range(pixels.shape[1]):
                scale_row(pixels[channel, y], scaled[agent, channel, y])
