"""Huffman codes of deflated data: lookup tables, and what their symbols mean.

An entry of a table is an int32. Its lowest six bits say how many bits to take, those of a copy's
extra number included; the next bits how many the code itself has; ``COPY``, ``END`` and ``LITERAL``
what it is; and the upper half holds the literal, or the smallest length or distance of a copy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from envs.jit import njit

NEAR_BITS, FAR_BITS, PLAIN_BITS = 11, 8, 7
"""Codes up to these lengths are looked up, longer ones are read bit by bit: those of literals and
lengths, of distances, and of the lengths of codes."""
MAX_BITS = 15
LITERALS, DISTANCES, CODE_LENGTHS = 288, 32, 19
USED, CODE_SHIFT, CODE, BASE_SHIFT = 63, 8, 15, 16
COPY, END, LITERAL = 1 << 14, 1 << 15, -1 << 31
_INVALID = 0


def _make_copy(extra: int, base: int) -> int:
    return extra | COPY | base << BASE_SHIFT


def _literal_entries() -> NDArray[np.int32]:
    """What each symbol of literals and lengths means."""
    entries = [LITERAL | value << BASE_SHIFT for value in range(256)] + [END]
    base = 3
    for code in range(28):
        extra = max(0, code // 4 - 1)
        entries.append(_make_copy(extra, base))
        base += 1 << extra
    entries.append(_make_copy(0, 258))
    return np.array(entries + [_INVALID] * (LITERALS - len(entries)), np.int32)


def _distance_entries() -> NDArray[np.int32]:
    """The same for distances."""
    entries, base = [], 1
    for code in range(30):
        extra = max(0, code // 2 - 1)
        entries.append(_make_copy(extra, base))
        base += 1 << extra
    return np.array(entries + [_INVALID] * (DISTANCES - len(entries)), np.int32)


LITERAL_ENTRIES = _literal_entries()
DISTANCE_ENTRIES = _distance_entries()
PLAIN_ENTRIES = np.array([symbol << BASE_SHIFT for symbol in range(CODE_LENGTHS)], np.int32)
_TURNED = np.array(
    [int(f"{code:0{NEAR_BITS}b}"[::-1], 2) for code in range(1 << NEAR_BITS)], np.int16
)
"""Numbers of ``NEAR_BITS`` bits, the other way round: deflate sends a code's highest bit first."""
_ONE = np.uint64(1)


@njit(cache=True, nogil=True, _nrt=False)
def build(lengths, first, count, entries, table, table_bits, symbols, counts, places):
    """Make a lookup table of a canonical Huffman code.

    Codes longer than ``table_bits`` have a zero there and are found with ``symbols`` and
    ``counts``.

    Args:
        lengths: the codes' lengths, 0 for unused.
        first: where they begin.
        count: how many.
        entries: what each symbol means; a table's entry is that with the code's length in it.
        table: ``(1 << table_bits,)`` to fill.
        table_bits: at most ``NEAR_BITS``.
        symbols: ``(count,)`` to fill: used symbols in the order of their codes.
        counts: ``(16,)`` to fill: codes of each length.
        places: ``(16,)`` for what is worked out on the way.

    Returns:
        False when that is no code.
    """
    counts[:] = 0
    for symbol in range(count):
        counts[lengths[first + symbol]] += 1
    used = count - counts[0]
    counts[0] = 0
    left, place = 1, 0
    for bits in range(1, MAX_BITS + 1):
        left = (left << 1) - counts[bits]
        if left < 0:
            return False
        places[bits] = place
        place += counts[bits]
    if used == 0:
        table[:] = 0
        return True  # an error only if it is read
    if left > 0 and not (used == 1 and counts[1] == 1):
        return False
    for symbol in range(count):
        bits = lengths[first + symbol]
        if bits:
            symbols[places[bits]] = symbol
            places[bits] += 1
    code = place = 0
    table[0] = 0
    for bits in range(1, table_bits + 1):
        half = 1 << (bits - 1)
        for spot in range(half):  # one bit more: what shorter codes fill, they fill twice
            table[half + spot] = table[spot]
        code <<= 1
        taken = bits | bits << CODE_SHIFT
        for _ in range(counts[bits]):
            table[_TURNED[code << (NEAR_BITS - bits)]] = entries[symbols[place]] + taken
            code += 1
            place += 1
    return True


@njit(cache=True, nogil=True, _nrt=False)
def read_long(bits, entries, symbols, counts):
    """The entry of a code that is in no table; 0 when there is none."""
    code, first, index = 0, 0, 0
    for length in range(1, MAX_BITS + 1):
        code |= np.int64(bits & _ONE)
        bits >>= _ONE
        count = counts[length]
        if code - count < first:
            entry = entries[symbols[index + (code - first)]]
            return entry + (length | length << CODE_SHIFT)
        index += count
        first = (first + count) << 1
        code <<= 1
    return 0
