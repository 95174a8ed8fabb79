"""Blocks of vectors: as many sums as a processor's registers hold, added to at once.

A block is a tuple of vectors that are as wide as the kernel says, not always LANES: AVX2 has room for sixteen vectors
of eight float32. LLVM keeps each member in registers, and the sums of a block do not wait for each other.
"""

from typing import Any

from llvmlite import ir
from numba import types

from engine.kernel import FAST, instruction
from engine.vectors.lanes import Vector

_FLAGS = tuple(sorted(FAST))
HALF = 8  # lanes of the narrower vectors
"""Channels and units are stored in multiples of so many."""


def blank(lanes: int, count: int) -> Any:
    """An instruction: a block of `count` vectors of zeros, of the pointer's type."""

    @instruction
    def zeros(typing: Any, base: types.CPointer) -> Any:
        block = types.UniTuple(Vector(base.dtype, lanes), count)

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return ir.Constant(context.get_value_type(sig.return_type), None)

        return block(base), generate

    return zeros


def _vectors(context: Any, sig_type: types.UniTuple) -> Any:
    return context.get_value_type(sig_type.dtype)


def _at(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any) -> Any:
    return builder.gep(base, [index], source_etype=context.get_data_type(kind.dtype))


def _load(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any, vector: Any) -> Any:
    place = builder.bitcast(_at(context, builder, kind, base, index), vector.as_pointer())
    return builder.load(place, align=kind.dtype.bitwidth // 8, typ=vector)


def _store(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any, value: Any) -> None:
    place = builder.bitcast(_at(context, builder, kind, base, index), value.type.as_pointer())
    builder.store(value, place, align=kind.dtype.bitwidth // 8)


def _spread(builder: Any, scalar: Any, vector: Any) -> Any:
    """The scalar in every lane."""
    zero = ir.Constant(ir.IntType(32), 0)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, zero)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    return builder.shuffle_vector(first, first, mask)


def _sum_of_product(builder: Any, total: Any, left: Any, right: Any) -> Any:
    return builder.fadd(total, builder.fmul(left, right, flags=_FLAGS), flags=_FLAGS)


@instruction
def filled(typing: Any, block: types.UniTuple, base: types.CPointer, index: types.Integer) -> Any:
    """Each vector of the block as base[index : index + lanes]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector = _load(context, builder, sig.args[1], args[1], args[2], _vectors(context, block))
        result = args[0]
        for member in range(block.count):
            result = builder.insert_value(result, vector, member)
        return result

    return block(block, base, types.intp), generate


@instruction
def row_places(
    typing: Any, block: types.UniTuple, first: types.Integer, last: types.Integer, width: types.Integer,
    row: types.Integer, column: types.Integer,
) -> Any:  # fmt: skip
    """Where the pixels `first`, `first` + 1, … begin, one for each vector of a block; those after `last` as `last`.

    Pixels are counted row by row, `width` of them; `row` and `column` are the ways from one to the next.
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        _, pixel, end, across, row_step, column_step = args
        whole = pixel.type
        one, zero = ir.Constant(whole, 1), ir.Constant(whole, 0)
        y, x = builder.sdiv(pixel, across), builder.srem(pixel, across)
        place = builder.add(builder.mul(y, row_step), builder.mul(x, column_step))
        # from the last pixel of a row to the first of the next
        turn = builder.sub(row_step, builder.mul(builder.sub(across, one), column_step))
        result = ir.Constant(context.get_value_type(sig.return_type), ir.Undefined)
        for member in range(block.count):
            result = builder.insert_value(result, place, member)
            goes_on = builder.icmp_signed("<", pixel, end)
            x_next = builder.add(x, one)
            turns = builder.icmp_signed("==", x_next, across)
            step = builder.select(turns, turn, column_step)
            place = builder.add(place, builder.select(goes_on, step, zero))
            x = builder.select(goes_on, builder.select(turns, zero, x_next), x)
            pixel = builder.add(pixel, builder.select(goes_on, one, zero))
        return result

    integers = (types.intp,) * 5
    return types.UniTuple(types.intp, block.count)(block, *integers), generate


@instruction
def add_outer(
    typing: Any, block: types.UniTuple, left: types.CPointer, places: types.UniTuple, offset: types.Integer,
    right: types.CPointer, index: types.Integer,
) -> Any:  # fmt: skip
    """block[j] + left[places[j] + offset] * right[index : index + lanes]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vectors = _vectors(context, block)
        vector = _load(context, builder, sig.args[4], args[4], args[5], vectors)
        result = args[0]
        for member in range(block.count):
            # the place before the offset: it stays the same in a loop, and the offset serves all members
            base = _at(context, builder, sig.args[1], args[1], builder.extract_value(args[2], member))
            scalar = builder.load(_at(context, builder, sig.args[1], base, args[3]), typ=vectors.element)
            before = builder.extract_value(args[0], member)
            after = _sum_of_product(builder, before, _spread(builder, scalar, vectors), vector)
            result = builder.insert_value(result, after, member)
        return result

    return block(block, left, places, types.intp, right, types.intp), generate


@instruction
def store_block(
    typing: Any, base: types.CPointer, places: types.UniTuple, offset: types.Integer, block: types.UniTuple
) -> Any:
    """Set base[places[j] + offset : … + lanes] to the vectors of the block."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        for member in range(block.count):
            index = builder.add(builder.extract_value(args[1], member), args[2])
            _store(context, builder, sig.args[0], args[0], index, builder.extract_value(args[3], member))

    return types.void(base, places, types.intp, block), generate


@instruction
def run_of_places(
    typing: Any, block: types.UniTuple, base: types.CPointer, places: types.UniTuple, offset: types.Integer
) -> Any:
    """The vectors base[places[j] + offset : … + lanes]; what `store_block` stores."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        result = args[0]
        for member in range(block.count):
            index = builder.add(builder.extract_value(args[2], member), args[3])
            vector = _load(context, builder, sig.args[1], args[1], index, _vectors(context, block))
            result = builder.insert_value(result, vector, member)
        return result

    return block(block, base, places, types.intp), generate


@instruction
def add_run(
    typing: Any, block: types.UniTuple, base: types.CPointer, index: types.Integer, stride: types.Integer,
    scale: types.Float,
) -> Any:  # fmt: skip
    """block[j] + scale * base[index + j * stride : … + lanes]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vectors = _vectors(context, block)
        factor = _spread(builder, args[4], vectors)
        result = args[0]
        for member in range(block.count):
            way = builder.mul(args[3], ir.Constant(args[3].type, member))
            vector = _load(context, builder, sig.args[1], args[1], builder.add(args[2], way), vectors)
            before = builder.extract_value(args[0], member)
            result = builder.insert_value(result, _sum_of_product(builder, before, factor, vector), member)
        return result

    return block(block, base, types.intp, types.intp, base.dtype), generate


@instruction
def run_of(
    typing: Any, block: types.UniTuple, base: types.CPointer, index: types.Integer, stride: types.Integer
) -> Any:
    """The vectors base[index + j * stride : … + lanes]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        result = args[0]
        for member in range(block.count):
            way = builder.mul(args[3], ir.Constant(args[3].type, member))
            vector = _load(context, builder, sig.args[1], args[1], builder.add(args[2], way), _vectors(context, block))
            result = builder.insert_value(result, vector, member)
        return result

    return block(block, base, types.intp, types.intp), generate


@instruction
def store_run(
    typing: Any, base: types.CPointer, index: types.Integer, stride: types.Integer, block: types.UniTuple
) -> Any:
    """Set base[index + j * stride : … + lanes] to the vectors of the block."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        for member in range(block.count):
            way = builder.mul(args[2], ir.Constant(args[2].type, member))
            _store(
                context,
                builder,
                sig.args[0],
                args[0],
                builder.add(args[1], way),
                builder.extract_value(args[3], member),
            )

    return types.void(base, types.intp, types.intp, block), generate


@instruction
def sum_of(typing: Any, left: types.UniTuple, right: types.UniTuple) -> Any:
    """Two blocks, member by member."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        result = args[0]
        for member in range(left.count):
            parts = (builder.extract_value(each, member) for each in args)
            result = builder.insert_value(result, builder.fadd(*parts, flags=_FLAGS), member)
        return result

    return left(left, right), generate


SIX_WHOLE = blank(16, 6)
EIGHT_HALVES = blank(HALF, 8)
THREE_HALVES = blank(HALF, 3)
FIVE_HALVES = blank(HALF, 5)
ONE_HALF = blank(HALF, 1)


@instruction
def load_half(typing: Any, base: types.CPointer, index: types.Integer) -> Any:
    """The lanes base[index : index + HALF]."""
    vector = Vector(base.dtype, HALF)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _load(context, builder, sig.args[0], args[0], args[1], context.get_value_type(vector))

    return vector(base, types.intp), generate


@instruction
def fill_half(typing: Any, base: types.CPointer, value: types.Float) -> Any:
    """`value` in HALF lanes of the pointer's type."""
    vector = Vector(base.dtype, HALF)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _spread(builder, args[1], context.get_value_type(vector))

    return vector(base, base.dtype), generate
