"""What numba has no words for: many small numbers at a time.

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
_BYTE, _INDEX = ir.IntType(8), ir.IntType(32)
_BYTES = ir.VectorType(_BYTE, 4)
_NOTHING = ir.Constant(_BYTES, [0] * 4)


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
    """The same for two rows, one after the other, of at least as many pixels.

    A pixel must wait for the one to its left and for two of the row above. So each row is one pixel
    behind the row above it, and a pixel of each is undone at a time; what has just become of a
    row's pixel is then what stands above the next row's.
    """
    return types.void(rows, types.intp, types.intp), _nearest_maker(2)


@intrinsic
def add_nearest_4(typing_context: Any, rows: Any, row: Any, width: Any) -> Any:
    """The same for four rows."""
    return types.void(rows, types.intp, types.intp), _nearest_maker(4)


@intrinsic
def add_nearest_8(typing_context: Any, rows: Any, row: Any, width: Any) -> Any:
    """The same for eight rows."""
    return types.void(rows, types.intp, types.intp), _nearest_maker(8)


def _nearest_maker(count: int) -> Any:
    """What writes the instructions that undo filter 4 in so many rows, a power of two."""
    lanes = 4 * count  # three for a pixel of each row, and one more

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _data(context, builder, signature, arguments)
        _, first, width = arguments
        size = builder.mul(width, _WORD(3))
        left, corner = (cgutils.alloca_once(builder, _shorts(lanes)) for _ in range(2))
        for before in (left, corner):
            builder.store(_same(0, lanes), before)

        def undo(step: Any, present: range) -> None:
            """Undo a pixel of each row that has begun and not ended."""
            above = builder.add(builder.sub(first, _WORD(1)), builder.mul(step, _WORD(3)))
            above = builder.sub(above, size)
            places = [above]  # the next row's pixel is a row further, and three bytes behind
            for row in range(count):
                further = builder.add(size, _WORD(-2 if row else 1))
                places.append(builder.add(places[-1], further))
            pixels = [
                _load(builder, begin, place, _BYTES) if row in present else _NOTHING
                for row, place in enumerate(places[1:])
            ]
            top = _load(builder, begin, above, _BYTES) if 0 in present else _NOTHING
            before = builder.load(left)
            up = _move_down(builder, before, builder.zext(top, _shorts(4)), lanes)
            near = _nearest(builder, before, up, builder.load(corner), lanes)
            value = builder.add(builder.zext(_join(builder, pixels), _shorts(lanes)), near)
            kept = [255 if lane // 4 in present else 0 for lane in range(lanes)]
            value = builder.and_(value, ir.Constant(_shorts(lanes), kept))
            packed = builder.trunc(value, ir.VectorType(_BYTE, lanes))
            words = builder.bitcast(packed, ir.VectorType(_INDEX, count))
            for row in present:
                pixel = builder.extract_element(words, _INDEX(row))
                _store_pixel(builder, begin, places[row + 1], pixel)
            builder.store(value, left)
            builder.store(up, corner)

        for step in range(count - 1):
            undo(_WORD(step), range(step + 1))
        with cgutils.for_range(builder, width, start=_WORD(count - 1)) as loop:
            undo(loop.index, range(count))
        for step in range(count - 1):
            undo(builder.add(width, _WORD(step)), range(step + 1, count))
        return context.get_dummy_value()

    return generate


def _move_down(builder: Any, rows: Any, top: Any, lanes: int) -> Any:
    """What stands above each row: ``top`` above the first, and each row above the next."""
    if lanes == 4:
        return top
    wide = _shuffle(builder, top, top, [lane % 4 for lane in range(lanes)])
    return _shuffle(builder, wide, rows, [*range(4), *range(lanes, 2 * lanes - 4)])


def _join(builder: Any, parts: list[Any]) -> Any:
    """Vectors one after the other in one; a power of two of them."""
    while len(parts) > 1:
        both = [*range(2 * parts[0].type.count)]
        parts = [
            _shuffle(builder, one, two, both)
            for one, two in zip(parts[::2], parts[1::2], strict=True)
        ]
    return parts[0]


def _shuffle(builder: Any, one: Any, two: Any, lanes: list[int]) -> Any:
    """A vector of these lanes of two vectors in a row."""
    return builder.shuffle_vector(one, two, ir.Constant(ir.VectorType(_INDEX, len(lanes)), lanes))


def _nearest(builder: Any, left: Any, up: Any, corner: Any, lanes: int) -> Any:
    """PNG's predictor without branches, as stb_image has it.

    ``middle`` is beyond the lower of left and up, between them or beyond the higher one just when
    the higher one, the corner, or the lower one is nearest.
    """
    middle = builder.sub(builder.sub(builder.mul(corner, _same(3, lanes)), up), left)
    is_low = builder.icmp_signed("<", left, up)
    low, high = builder.select(is_low, left, up), builder.select(is_low, up, left)
    near = builder.select(builder.icmp_signed("<=", high, middle), low, corner)
    return builder.select(builder.icmp_signed("<=", middle, low), high, near)


def _store_pixel(builder: Any, begin: Any, place: Any, pixel: Any) -> None:
    """Write three bytes: two and one, as four would make the next pixel's load wait for them."""
    _store(builder, begin, place, builder.trunc(pixel, ir.IntType(16)))
    blue = builder.trunc(builder.lshr(pixel, _INDEX(16)), _BYTE)
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


def _shorts(lanes: int) -> Any:
    return ir.VectorType(ir.IntType(16), lanes)


def _same(number: int, lanes: int) -> Any:
    return ir.Constant(_shorts(lanes), [number] * lanes)
