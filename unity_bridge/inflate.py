"""Inflating zlib data inside a kernel: what PNG files are packed with.

``zlib`` itself would do, but each of its calls costs as much as a small image takes, and its
checks and copies as much again. Whatever the bytes are, no kernel here reads or writes outside the
arrays that it is given, provided that they have the room that their docstrings ask for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from envs.jit import njit
from unity_bridge.vector_ops import load_word, store_word

OK, DAMAGED, WRONG_SIZE = 0, 2, 3
"""How inflating ended; ``png_kernels`` has a 1 of its own."""
SLACK = 64
"""Bytes that input and output need beyond their ends: 8 bytes are moved at a time."""
FAST_BITS = 10
"""Codes up to this length are looked up, longer ones are read bit by bit."""
MAX_BITS = 15
LITERALS, DISTANCES, CODE_LENGTHS = 288, 32, 19
TABLE_SIZE = 1 << FAST_BITS
WORK_SIZE = 2 * TABLE_SIZE + 2 * (LITERALS + DISTANCES) + 4 * (MAX_BITS + 1)
"""Length of the scratch array: two tables, sorted symbols, lengths of the codes, and counts."""

_LITERAL, _LENGTH, _END, _INVALID = 0, 1, 2, 3
_ADLER = 65521
_ADLER_BLOCK = 4096
"""So many bytes can be summed before a 32-bit sum of sums overflows."""


def _literal_entries() -> NDArray[np.int32]:
    """What each symbol of literals and lengths means: kind << 4 | extra bits << 8 | base << 16."""
    entries = [_LITERAL << 4 | value << 16 for value in range(256)] + [_END << 4]
    base = 3
    for code in range(28):
        extra = max(0, code // 4 - 1)
        entries.append(_LENGTH << 4 | extra << 8 | base << 16)
        base += 1 << extra
    entries.append(_LENGTH << 4 | 258 << 16)
    return np.array(entries + [_INVALID << 4] * (LITERALS - len(entries)), np.int32)


def _distance_entries() -> NDArray[np.int32]:
    """The same for distances."""
    entries, base = [], 1
    for code in range(30):
        extra = max(0, code // 2 - 1)
        entries.append(_LENGTH << 4 | extra << 8 | base << 16)
        base += 1 << extra
    return np.array(entries + [_INVALID << 4] * (DISTANCES - len(entries)), np.int32)


_LITERAL_ENTRIES = _literal_entries()
_DISTANCE_ENTRIES = _distance_entries()
_PLAIN_ENTRIES = np.array([symbol << 16 for symbol in range(CODE_LENGTHS)], np.int32)
_LENGTH_ORDER = np.array(
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15], np.int32
)
_ONE, _SEVEN = np.uint64(1), np.uint64(7)
_EVERY_BYTE = np.uint64(0x0101010101010101)
_FAST_MASK = np.uint64(TABLE_SIZE - 1)


@njit(nogil=True, _nrt=False)
def _build(lengths, first, count, entries, table, symbols, counts, next_code, next_place):
    """Make a lookup table of a canonical Huffman code.

    Codes longer than ``FAST_BITS`` have a zero there and are found with ``symbols`` and ``counts``.

    Args:
        lengths: the codes' lengths, 0 for unused.
        first: where they begin.
        count: how many.
        entries: what each symbol means; a table's entry is that with the code's length in it.
        table: ``(TABLE_SIZE,)`` to fill.
        symbols: ``(count,)`` to fill: used symbols in the order of their codes.
        counts: ``(16,)`` to fill: codes of each length.
        next_code: ``(16,)`` for what is worked out on the way.
        next_place: the same.

    Returns:
        False when that is no code.
    """
    counts[:] = 0
    for symbol in range(count):
        counts[lengths[first + symbol]] += 1
    counts[0] = 0
    left, used = 1, 0
    for bits in range(1, MAX_BITS + 1):
        left = (left << 1) - counts[bits]
        used += counts[bits]
        if left < 0:
            return False
    table[:] = 0
    if used == 0:
        return True  # an error only if it is read
    if left > 0 and not (used == 1 and counts[1] == 1):
        return False
    code = place = 0
    for bits in range(1, MAX_BITS + 1):
        code = (code + (counts[bits - 1] if bits > 1 else 0)) << 1
        next_code[bits] = code
        next_place[bits] = place
        place += counts[bits]
    for symbol in range(count):
        bits = lengths[first + symbol]
        if bits == 0:
            continue
        symbols[next_place[bits]] = symbol
        next_place[bits] += 1
        code = next_code[bits]
        next_code[bits] += 1
        if bits <= FAST_BITS:
            turned = 0
            for _ in range(bits):
                turned = turned << 1 | code & 1
                code >>= 1
            for spot in range(turned, TABLE_SIZE, 1 << bits):
                table[spot] = entries[symbol] | bits
    return True


@njit(nogil=True, _nrt=False)
def _read_long(bits, entries, symbols, counts):
    """The entry of a code that is in no table; 0 when there is none."""
    code, first, index = 0, 0, 0
    for length in range(1, MAX_BITS + 1):
        code |= np.int64(bits & _ONE)
        bits >>= _ONE
        count = counts[length]
        if code - count < first:
            return entries[symbols[index + (code - first)]] | length
        index += count
        first = (first + count) << 1
        code <<= 1
    return 0


@njit(nogil=True, _nrt=False)
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


@njit(nogil=True, _nrt=False)
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
    table, at = work[:TABLE_SIZE], TABLE_SIZE
    far_table, at = work[at : at + TABLE_SIZE], at + TABLE_SIZE
    symbols, at = work[at : at + LITERALS], at + LITERALS
    far_symbols, at = work[at : at + DISTANCES], at + DISTANCES
    lengths, at = work[at : at + LITERALS + DISTANCES], at + LITERALS + DISTANCES
    counts, at = work[at : at + MAX_BITS + 1], at + MAX_BITS + 1
    far_counts, at = work[at : at + MAX_BITS + 1], at + MAX_BITS + 1
    next_code, at = work[at : at + MAX_BITS + 1], at + MAX_BITS + 1
    next_place = work[at : at + MAX_BITS + 1]

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
            if not _build(lengths, 0, CODE_LENGTHS, _PLAIN_ENTRIES, table, symbols, counts,
                          next_code, next_place):  # fmt: skip
                return DAMAGED
            index, before = 0, 0
            while index < near + far:
                if position > end + 8:
                    return DAMAGED
                bits |= load_word(packed, position) << np.uint64(have)
                position += (63 - have) >> 3
                have |= 56
                entry = np.int64(table[bits & _FAST_MASK])
                used = entry & 15
                if used == 0:
                    return DAMAGED
                bits >>= np.uint64(used)
                have -= used
                value = entry >> 16
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
        if not _build(lengths, 0, near, _LITERAL_ENTRIES, table, symbols, counts,
                      next_code, next_place):  # fmt: skip
            return DAMAGED
        if not _build(lengths, near, far, _DISTANCE_ENTRIES, far_table, far_symbols, far_counts,
                      next_code, next_place):  # fmt: skip
            return DAMAGED

        while True:
            if position > end + 8:
                return DAMAGED
            bits |= load_word(packed, position) << np.uint64(have)
            position += (63 - have) >> 3
            have |= 56
            entry = np.int64(table[bits & _FAST_MASK])
            if entry & 15 == 0:
                entry = np.int64(_read_long(bits, _LITERAL_ENTRIES, symbols, counts))
                if entry & 15 == 0:
                    return DAMAGED
            used = entry & 15
            bits >>= np.uint64(used)
            have -= used
            what = (entry >> 4) & 3
            if what == _LITERAL:
                if written >= size:
                    return WRONG_SIZE
                out[written] = np.uint8(entry >> 16)
                written += 1
                continue
            if what != _LENGTH:
                if what == _END:
                    break
                return DAMAGED
            extra = (entry >> 8) & 15
            length = (entry >> 16) + np.int64(bits & ((_ONE << np.uint64(extra)) - _ONE))
            bits >>= np.uint64(extra)
            have -= extra
            entry = np.int64(far_table[bits & _FAST_MASK])
            if entry & 15 == 0:
                entry = np.int64(_read_long(bits, _DISTANCE_ENTRIES, far_symbols, far_counts))
                if entry & 15 == 0:
                    return DAMAGED
            if (entry >> 4) & 3 != _LENGTH:
                return DAMAGED
            used, extra = entry & 15, (entry >> 8) & 15
            bits >>= np.uint64(used)
            distance = (entry >> 16) + np.int64(bits & ((_ONE << np.uint64(extra)) - _ONE))
            bits >>= np.uint64(extra)
            have -= used + extra
            if distance > written:
                return DAMAGED
            if written + length > size:
                return WRONG_SIZE
            if distance >= 8:
                source = written - distance
                store_word(out, written, load_word(out, source))
                store_word(out, written + 8, load_word(out, source + 8))
                if length > 16:
                    store_word(out, written + 16, load_word(out, source + 16))
                    store_word(out, written + 24, load_word(out, source + 24))
                    store_word(out, written + 32, load_word(out, source + 32))
                    store_word(out, written + 40, load_word(out, source + 40))
                    for index in range(48, length, 8):
                        store_word(out, written + index, load_word(out, source + index))
            elif distance == 1:
                word = np.uint64(out[written - 1]) * _EVERY_BYTE
                for index in range(written, written + length, 8):
                    store_word(out, index, word)
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
