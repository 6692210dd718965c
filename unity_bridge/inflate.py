"""Inflating zlib data inside a kernel: what PNG files are packed with.

``zlib`` itself would do, but each of its calls costs as much as a small image takes, and its
checks and copies as much again. Whatever the bytes are, no kernel here reads or writes outside the
arrays that it is given, provided that they have the room that their docstrings ask for.
"""

from __future__ import annotations

import numpy as np

from envs.jit import njit
from unity_bridge.huffman import (
    BASE_SHIFT,
    CODE,
    CODE_LENGTHS,
    CODE_SHIFT,
    COPY,
    DISTANCE_ENTRIES,
    DISTANCES,
    END,
    FAR_BITS,
    LITERAL_ENTRIES,
    LITERALS,
    MAX_BITS,
    NEAR_BITS,
    PLAIN_BITS,
    PLAIN_ENTRIES,
    USED,
    build,
    read_long,
)
from unity_bridge.vector_ops import CHUNK, copy_chunk, load_word, store_word

OK, DAMAGED, WRONG_SIZE = 0, 2, 3
"""How inflating ended; ``png_kernels`` has a 1 of its own."""
SLACK = 2 * CHUNK
"""Bytes that input and output need beyond their ends: so many are moved at a time."""
_NEAR_SIZE, _FAR_SIZE, _PLAIN_SIZE = 1 << NEAR_BITS, 1 << FAR_BITS, 1 << PLAIN_BITS
WORK_SIZE = _NEAR_SIZE + _FAR_SIZE + 2 * (LITERALS + DISTANCES) + 3 * (MAX_BITS + 1)
"""Length of the scratch array: two tables, sorted symbols, lengths of the codes, and counts."""

_ADLER = 65521
_ADLER_BLOCK = 4096
"""So many bytes can be summed before a 32-bit sum of sums overflows."""
_LENGTH_ORDER = np.array(
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15], np.int32
)
_ONE, _SEVEN = np.uint64(1), np.uint64(7)
_EVERY_BYTE = np.uint64(0x0101010101010101)
_NEAR_MASK, _FAR_MASK = np.uint64(_NEAR_SIZE - 1), np.uint64(_FAR_SIZE - 1)
_PLAIN_MASK = np.uint64(_PLAIN_SIZE - 1)
_LITERAL = 255


@njit(cache=True, nogil=True, _nrt=False)
def _adler(data, size):
    """The checksum at the end of zlib data."""
    low, high = 1, 0
    for start in range(0, size, _ADLER_BLOCK):
        block = data[start : min(start + _ADLER_BLOCK, size)]
        total, placed = np.uint32(0), np.uint32(0)
        for index in range(len(block)):
            value = np.uint32(block[index])
            total += value
            placed += np.uint32(index) * value
        count = len(block)
        weighted = count * np.int64(total) - np.int64(placed)
        high = (high + low * count + weighted) % _ADLER
        low = (low + np.int64(total)) % _ADLER
    return high << 16 | low


@njit(cache=True, nogil=True, _nrt=False)
def inflate(packed, end, out, size, work):
    """Unpack zlib data.

    Args:
        packed: uint8, the data; at least ``SLACK`` bytes must follow ``end``.
        end: how much of it there is.
        out: uint8, what is unpacked; at least ``size + SLACK`` long.
        size: how much must come out.
        work: int32 ``(WORK_SIZE,)`` scratch.

    Returns:
        ``OK``, ``DAMAGED``, or ``WRONG_SIZE`` when another size comes out.
    """
    table, at = work[:_NEAR_SIZE], _NEAR_SIZE
    far_table, at = work[at : at + _FAR_SIZE], at + _FAR_SIZE
    symbols, at = work[at : at + LITERALS], at + LITERALS
    far_symbols, at = work[at : at + DISTANCES], at + DISTANCES
    lengths, at = work[at : at + LITERALS + DISTANCES], at + LITERALS + DISTANCES
    counts, at = work[at : at + MAX_BITS + 1], at + MAX_BITS + 1
    far_counts, at = work[at : at + MAX_BITS + 1], at + MAX_BITS + 1
    places = work[at : at + MAX_BITS + 1]

    if end < 6:
        return DAMAGED
    method, flags = np.int64(packed[0]), np.int64(packed[1])
    if method & 15 != 8 or method >> 4 > 7 or flags & 32 or (method * 256 + flags) % 31:
        return DAMAGED
    position = 2
    bits, have = np.uint64(0), 0  # at least `have` bits of `bits` are next
    written = 0
    last = False
    while not last:
        if position > end + 8:
            return DAMAGED
        bits |= load_word(packed, position) << np.uint64(have)
        position += (63 - have) >> 3
        have |= 56
        last = bool(bits & _ONE)
        kind = np.int64(bits >> _ONE) & 3
        bits >>= np.uint64(3)
        have -= 3
        if kind == 3:
            return DAMAGED

        if kind == 0:  # stored
            position -= have >> 3
            bits, have = np.uint64(0), 0
            if position + 4 > end:
                return DAMAGED
            count = np.int64(packed[position]) | np.int64(packed[position + 1]) << 8
            check = np.int64(packed[position + 2]) | np.int64(packed[position + 3]) << 8
            position += 4
            if count ^ check != 0xFFFF or position + count > end:
                return DAMAGED
            if written + count > size:
                return WRONG_SIZE
            for index in range(count):
                out[written + index] = packed[position + index]
            position += count
            written += count
            continue

        if kind == 1:  # the code that is given
            lengths[:144] = 8
            lengths[144:256] = 9
            lengths[256:280] = 7
            lengths[280:LITERALS] = 8
            lengths[LITERALS:] = 5
            near, far = LITERALS, DISTANCES
        else:  # a code of its own, whose lengths are themselves in a code
            near = 257 + (np.int64(bits) & 31)
            far = 1 + (np.int64(bits >> np.uint64(5)) & 31)
            given = 4 + (np.int64(bits >> np.uint64(10)) & 15)
            bits >>= np.uint64(14)
            have -= 14
            if near > 286 or far > 30:
                return DAMAGED
            lengths[:CODE_LENGTHS] = 0
            for index in range(given):
                if have < 3:
                    bits |= load_word(packed, position) << np.uint64(have)
                    position += (63 - have) >> 3
                    have |= 56
                lengths[_LENGTH_ORDER[index]] = np.int64(bits & _SEVEN)
                bits >>= np.uint64(3)
                have -= 3
            if not build(lengths, 0, CODE_LENGTHS, PLAIN_ENTRIES, table[:_PLAIN_SIZE], PLAIN_BITS,
                         symbols, counts, places):  # fmt: skip
                return DAMAGED
            index, before = 0, 0
            while index < near + far:
                if position > end + 8:
                    return DAMAGED
                bits |= load_word(packed, position) << np.uint64(have)
                position += (63 - have) >> 3
                have |= 56
                entry = np.int64(table[bits & _PLAIN_MASK])
                used = entry & USED
                if used == 0:
                    return DAMAGED
                bits >>= np.uint64(used)
                have -= used
                value = entry >> BASE_SHIFT
                if value < 16:
                    lengths[index] = value
                    before = value
                    index += 1
                    continue
                if value == 16:
                    if index == 0:
                        return DAMAGED
                    times, used = 3 + (np.int64(bits) & 3), 2
                elif value == 17:
                    times, used, before = 3 + (np.int64(bits) & 7), 3, 0
                else:
                    times, used, before = 11 + (np.int64(bits) & 127), 7, 0
                bits >>= np.uint64(used)
                have -= used
                if index + times > near + far:
                    return DAMAGED
                for _ in range(times):
                    lengths[index] = before
                    index += 1
            if lengths[256] == 0:
                return DAMAGED
        if not build(lengths, 0, near, LITERAL_ENTRIES, table, NEAR_BITS, symbols, counts,
                     places):  # fmt: skip
            return DAMAGED
        if not build(lengths, near, far, DISTANCE_ENTRIES, far_table, FAR_BITS, far_symbols,
                     far_counts, places):  # fmt: skip
            return DAMAGED

        while True:
            if position > end + 8:
                return DAMAGED
            if written > size:
                return WRONG_SIZE
            bits |= load_word(packed, position) << np.uint64(have)
            position += (63 - have) >> 3
            have |= 56
            entry = np.int64(table[bits & _NEAR_MASK])
            if entry < 0:  # up to three literals fit into the bits that are there
                used = entry & USED
                bits >>= np.uint64(used)
                have -= used
                out[written] = np.uint8((entry >> BASE_SHIFT) & _LITERAL)
                written += 1
                entry = np.int64(table[bits & _NEAR_MASK])
                if entry < 0:
                    used = entry & USED
                    bits >>= np.uint64(used)
                    have -= used
                    out[written] = np.uint8((entry >> BASE_SHIFT) & _LITERAL)
                    written += 1
                    entry = np.int64(table[bits & _NEAR_MASK])
                    if entry < 0:
                        used = entry & USED
                        bits >>= np.uint64(used)
                        have -= used
                        out[written] = np.uint8((entry >> BASE_SHIFT) & _LITERAL)
                        written += 1
                        continue
                bits |= load_word(packed, position) << np.uint64(have)
                position += (63 - have) >> 3
                have |= 56
            if not entry & COPY:
                if written > size:
                    return WRONG_SIZE
                if entry == 0:
                    entry = np.int64(read_long(bits, LITERAL_ENTRIES, symbols, counts))
                if not entry & COPY:
                    used = entry & USED
                    bits >>= np.uint64(used)
                    have -= used
                    if entry < 0:
                        out[written] = np.uint8((entry >> BASE_SHIFT) & _LITERAL)
                        written += 1
                        continue
                    if entry & END:
                        break
                    return DAMAGED
            used = entry & USED
            extra = (bits & ((_ONE << np.uint64(used)) - _ONE)) >> np.uint64(
                (entry >> CODE_SHIFT) & CODE
            )
            length = (entry >> BASE_SHIFT) + np.int64(extra)
            bits >>= np.uint64(used)
            have -= used
            entry = np.int64(far_table[bits & _FAR_MASK])
            if entry == 0:
                entry = np.int64(read_long(bits, DISTANCE_ENTRIES, far_symbols, far_counts))
            used = entry & USED
            extra = (bits & ((_ONE << np.uint64(used)) - _ONE)) >> np.uint64(
                (entry >> CODE_SHIFT) & CODE
            )
            distance = (entry >> BASE_SHIFT) + np.int64(extra)
            bits >>= np.uint64(used)
            have -= used
            if not entry & COPY or distance > written:
                return WRONG_SIZE if written > size else DAMAGED
            if written + length > size:
                return WRONG_SIZE
            if distance >= CHUNK:
                source = written - distance
                copy_chunk(out, source, written)
                copy_chunk(out, source + CHUNK, written + CHUNK)
                for index in range(2 * CHUNK, length, CHUNK):
                    copy_chunk(out, source + index, written + index)
            elif distance == 1:
                word = np.uint64(out[written - 1]) * _EVERY_BYTE
                for index in range(written, written + length, 8):
                    store_word(out, index, word)
            elif distance >= 8:
                for index in range(written, written + length, 8):
                    store_word(out, index, load_word(out, index - distance))
            else:
                for index in range(written, written + length):
                    out[index] = out[index - distance]
            written += length
    if written != size:
        return WRONG_SIZE
    position -= have >> 3
    if position + 4 > end:
        return DAMAGED
    check = 0
    for index in range(4):
        check = check << 8 | np.int64(packed[position + index])
    return OK if check == _adler(out, size) else DAMAGED
