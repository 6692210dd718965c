"""What numba has no words for: unaligned words, and four small numbers at a time.

Each function becomes a few machine instructions inside the kernel that calls it. They check no
bounds: what they need is in their docstrings.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_WORD = ir.IntType(64)
_BYTES = ir.VectorType(ir.IntType(8), 4)
_CHUNK = ir.VectorType(ir.IntType(8), 32)
_SHORTS = ir.VectorType(ir.IntType(16), 4)


@intrinsic
def load_word(typing_context: Any, data: Any, index: Any) -> Any:
    """Eight bytes of a uint8 array, wherever they begin, as a little-endian uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        return _load(builder, begin, arguments[1], _WORD)

    return types.uint64(data, types.intp), generate


@intrinsic
def store_word(typing_context: Any, data: Any, index: Any, word: Any) -> Any:
    """Write a uint64 as eight little-endian bytes of a uint8 array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        _store(builder, begin, arguments[1], arguments[2])
        return context.get_dummy_value()

    return types.void(data, types.intp, types.uint64), generate


CHUNK = 32
"""Bytes that ``copy_chunk`` moves."""


@intrinsic
def copy_chunk(typing_context: Any, data: Any, source: Any, target: Any) -> Any:
    """Move ``CHUNK`` bytes of a uint8 array to another place in it, read before written."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        _store(builder, begin, arguments[2], _load(builder, begin, arguments[1], _CHUNK))
        return context.get_dummy_value()

    return types.void(data, types.intp, types.intp), generate


ROWS_AT_ONCE = 2
"""Rows that ``add_nearest_2`` undoes."""


@intrinsic
def add_nearest_1(typing_context: Any, rows: Any, row: Any, width: Any) -> Any:
    """Undo PNG's filter 4 in a row of RGB pixels; one byte past the row is read too.

    Each byte had the nearest of three taken away: the one to the left, above, and above left.

    Args:
        rows: uint8; the row above is in it too, ``1 + 3 * width`` before, its filter undone.
        row: where the row begins.
        width: pixels.
    """
    return types.void(rows, types.intp, types.intp), _nearest_maker(1)


@intrinsic
def add_nearest_2(typing_context: Any, rows: Any, row: Any, width: Any) -> Any:
    """The same for two rows, one after the other.

    A pixel must wait for the one to its left, but not for those of the row above that stand further
    to the right: two rows at once take hardly longer than one.
    """
    return types.void(rows, types.intp, types.intp), _nearest_maker(ROWS_AT_ONCE)


def _nearest_maker(count: int) -> Any:
    """What writes the instructions that undo filter 4 in so many rows."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        _, first, width = arguments
        stride = builder.add(builder.mul(width, _WORD(3)), _WORD(1))
        before = [cgutils.alloca_once(builder, _SHORTS) for _ in range(count + 1)]
        for pixel in before:  # of the row above, and of each row: the one to the left
            builder.store(_four(0), pixel)
        with cgutils.for_range(builder, width) as loop:
            offset = builder.mul(loop.index, _WORD(3))
            place = builder.add(builder.sub(first, stride), offset)
            up, corner = _pixel(builder, begin, place), builder.load(before[0])
            builder.store(up, before[0])
            for row in range(1, count + 1):
                place = builder.add(place, stride)
                left = builder.load(before[row])
                near = _nearest(builder, left, up, corner)
                value = builder.add(_pixel(builder, begin, place), near)
                value = builder.and_(value, _four(255))
                _store_pixel(builder, begin, place, value)
                builder.store(value, before[row])
                up, corner = value, left
        return context.get_dummy_value()

    return generate


def _nearest(builder: Any, left: Any, up: Any, corner: Any) -> Any:
    """PNG's predictor without branches, as stb_image has it.

    ``middle`` is beyond the lower of left and up, between them or beyond the higher one just when
    the higher one, the corner, or the lower one is nearest.
    """
    middle = builder.sub(builder.sub(builder.mul(corner, _four(3)), up), left)
    is_low = builder.icmp_signed("<", left, up)
    low, high = builder.select(is_low, left, up), builder.select(is_low, up, left)
    near = builder.select(builder.icmp_signed("<=", high, middle), low, corner)
    return builder.select(builder.icmp_signed("<=", middle, low), high, near)


def _pixel(builder: Any, begin: Any, place: Any) -> Any:
    """The three bytes of a pixel, and one more, as four short numbers."""
    return builder.zext(_load(builder, begin, place, _BYTES), _SHORTS)


def _store_pixel(builder: Any, begin: Any, place: Any, value: Any) -> None:
    """Write three bytes: two and one, as four would make the next pixel's load wait for them."""
    pixel = builder.bitcast(builder.trunc(value, _BYTES), ir.IntType(32))
    _store(builder, begin, place, builder.trunc(pixel, ir.IntType(16)))
    blue = builder.trunc(builder.lshr(pixel, pixel.type(16)), ir.IntType(8))
    _store(builder, begin, builder.add(place, _WORD(2)), blue)


def _data(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Where the first argument's data begin."""
    return context.make_array(signature.args[0])(context, builder, arguments[0]).data


def _load(builder: Any, begin: Any, index: Any, kind: Any) -> Any:
    place = builder.bitcast(builder.gep(begin, [index]), kind.as_pointer())
    loaded = builder.load(place)
    loaded.align = 1
    return loaded


def _store(builder: Any, begin: Any, index: Any, value: Any) -> None:
    place = builder.bitcast(builder.gep(begin, [index]), value.type.as_pointer())
    builder.store(value, place).align = 1


def _four(number: int) -> Any:
    return ir.Constant(_SHORTS, [number] * 4)
