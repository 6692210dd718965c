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


@intrinsic
def add_nearest(typing_context: Any, rows: Any, row: Any, above: Any, width: Any) -> Any:
    """Undo PNG's filter 4 in a row of RGB pixels; one byte past each row is read too.

    Each byte had the nearest of three taken away: the one to the left, above, and above left.
    ``low`` and ``high`` are the ends of left and above, and ``middle`` lies at the other side of
    their middle than the corner does: stb_image's form, which needs no branches.

    Args:
        rows: uint8, both rows are in it.
        row: where the row begins.
        above: where the row above begins, whose filter is undone.
        width: pixels.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        _, row, above, width = arguments
        three, most = _four(3), _four(255)
        left, corner = cgutils.alloca_once(builder, _SHORTS), cgutils.alloca_once(builder, _SHORTS)
        builder.store(_four(0), left)
        builder.store(_four(0), corner)
        with cgutils.for_range(builder, width) as loop:
            offset = builder.mul(loop.index, ir.Constant(_WORD, 3))
            place = builder.add(row, offset)
            given = builder.zext(_load(builder, begin, place, _BYTES), _SHORTS)
            up = _load(builder, begin, builder.add(above, offset), _BYTES)
            up = builder.zext(up, _SHORTS)
            a, c = builder.load(left), builder.load(corner)
            middle = builder.sub(builder.sub(builder.mul(c, three), up), a)
            is_low = builder.icmp_signed("<", a, up)
            low, high = builder.select(is_low, a, up), builder.select(is_low, up, a)
            near = builder.select(builder.icmp_signed("<=", high, middle), low, c)
            near = builder.select(builder.icmp_signed("<=", middle, low), high, near)
            value = builder.and_(builder.add(given, near), most)
            builder.store(value, left)
            builder.store(up, corner)
            pixel = builder.bitcast(builder.trunc(value, _BYTES), ir.IntType(32))
            # not all four at once: the next pixel's load would have to wait for the store
            _store(builder, begin, place, builder.trunc(pixel, ir.IntType(16)))
            blue = builder.trunc(builder.lshr(pixel, pixel.type(16)), ir.IntType(8))
            _store(builder, begin, builder.add(place, place.type(2)), blue)
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.intp, types.intp), generate


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
