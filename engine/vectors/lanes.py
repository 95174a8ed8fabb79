"""A portable vector of lanes for Numba: an LLVM vector with load, store, arithmetic and sums.

Numba leaves it to LLVM to vectorize loops, which fails for layers of four units. Here a kernel asks for vectors:
`LANES` examples of a batch side by side. LLVM splits a vector into as many registers as the machine needs (for
float32 one with AVX-512, two with AVX2, four with SSE or NEON), so one source serves them all, and float64 as well.

Kernels turn their arrays into pointers at once: Numba counts references to arrays wherever they are passed, which
halves the speed of small networks. Indexes are not checked and nothing need be aligned, but arrays must extend
`LANES` past the last index.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.extending import lower_builtin, type_callable

from engine.kernel import FAST, inlined, instruction

LANES = 16
_FLAGS = tuple(sorted(FAST))


class Vector(types.Type):
    """`lanes` numbers of one floating-point type."""

    def __init__(self, dtype: types.Float, lanes: int) -> None:
        self.dtype = dtype
        self.lanes = lanes
        super().__init__(name=f"Vector({dtype}, {lanes})")


@register_default(Vector)
class VectorModel(PrimitiveModel):
    """A vector is passed and kept as LLVM's own vector value."""

    def __init__(self, manager: Any, vector: Vector) -> None:
        element = manager.lookup(vector.dtype).get_value_type()
        super().__init__(manager, vector, ir.VectorType(element, vector.lanes))  # type: ignore[no-untyped-call]


@instruction
def pointer(typing: Any, array: types.Array) -> Any:
    """A pointer to the start of a contiguous array. The caller keeps the array alive."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.make_array(sig.args[0])(context, builder, args[0]).data

    return types.CPointer(array.dtype)(array), generate


def _vector_of(place: types.CPointer) -> Vector:
    return Vector(place.dtype, LANES)


def _element_at(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any) -> Any:
    """Address of base[index]."""
    return builder.gep(base, [index], source_etype=context.get_data_type(kind.dtype))


def _lanes_at(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any, lanes: int) -> Any:
    """Address of base[index], as a pointer to a vector of lanes."""
    vector = ir.VectorType(context.get_data_type(kind.dtype), lanes)
    return builder.bitcast(_element_at(context, builder, kind, base, index), vector.as_pointer())


def _itemsize(kind: types.CPointer) -> int:
    return int(kind.dtype.bitwidth // 8)


def _constant(vector: ir.VectorType, values: Any) -> ir.Constant:
    return ir.Constant(vector, [ir.Constant(vector.element, value) for value in values])


def _spread(builder: Any, scalar: Any, lanes: int) -> Any:
    """The scalar in every lane."""
    vector = ir.VectorType(scalar.type, lanes)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    return _shuffle(builder, first, first, [0] * lanes)


def _shuffle(builder: Any, left: Any, right: Any, lanes: list[int]) -> Any:
    return builder.shuffle_vector(left, right, _constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes))


def _add(builder: Any, left: Any, right: Any) -> Any:
    return builder.fadd(left, right, flags=_FLAGS)


@instruction
def load(typing: Any, base: types.CPointer, index: types.Integer) -> Any:
    """The lanes base[index : index + LANES]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _load(context, builder, sig.args[0], args[0], args[1])

    return _vector_of(base)(base, types.intp), generate


def _load(context: Any, builder: Any, kind: types.CPointer, base: Any, index: Any) -> Any:
    place = _lanes_at(context, builder, kind, base, index, LANES)
    vector = ir.VectorType(context.get_data_type(kind.dtype), LANES)
    return builder.load(place, align=_itemsize(kind), typ=vector)


@instruction
def store(typing: Any, base: types.CPointer, index: types.Integer, vector: Vector) -> Any:
    """Set base[index : index + lanes]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _lanes_at(context, builder, sig.args[0], args[0], args[1], sig.args[2].lanes)
        builder.store(args[2], place, align=_itemsize(sig.args[0]))

    return types.void(base, types.intp, vector), generate


@instruction
def broadcast(typing: Any, base: types.CPointer, index: types.Integer) -> Any:
    """base[index] in every lane."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _element_at(context, builder, sig.args[0], args[0], args[1])
        scalar = builder.load(place, typ=context.get_data_type(sig.args[0].dtype))
        return _spread(builder, scalar, LANES)

    return _vector_of(base)(base, types.intp), generate


@instruction
def fill(typing: Any, base: types.CPointer, value: types.Type) -> Any:
    """`value` in every lane of a vector of the pointer's type."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _spread(builder, args[1], LANES)

    return _vector_of(base)(base, base.dtype), generate


def _operator(function: Any, instruction: str) -> None:
    """Give a Python operator its LLVM instruction: vector with vector, or with a number on either side."""

    @type_callable(function)
    def typer(context: Any) -> Any:
        def infer(left: types.Type, right: types.Type) -> types.Type | None:
            if isinstance(left, Vector) and (left == right or isinstance(right, types.Number)):
                return left
            if isinstance(right, Vector) and isinstance(left, types.Number):
                return right
            return None

        return infer

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector = sig.return_type
        left, right = (
            value if kind == vector else _number(context, builder, kind, vector, value)
            for kind, value in zip(sig.args, args, strict=True)
        )
        return getattr(builder, instruction)(left, right, flags=_FLAGS)

    for operands in ((Vector, Vector), (Vector, types.Number), (types.Number, Vector)):
        lower_builtin(function, *operands)(generate)


def _number(context: Any, builder: Any, kind: types.Type, vector: Vector, value: Any) -> Any:
    return _spread(builder, context.cast(builder, value, kind, vector.dtype), vector.lanes)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
    (operator.iadd, "fadd"),  # vectors are values: a += b means a = a + b
):
    _operator(_function, _instruction)


@instruction
def at_most(typing: Any, vector: Vector, bound: types.Float) -> Any:
    """The smaller of each lane and the bound; NaN stays NaN."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        limit = _number(context, builder, sig.args[1], sig.args[0], args[1])
        return builder.select(builder.fcmp_ordered(">", args[0], limit), limit, args[0])

    return vector(vector, bound), generate


@instruction
def at_least(typing: Any, vector: Vector, bound: types.Float) -> Any:
    """The larger of each lane and the bound; NaN stays NaN."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        limit = _number(context, builder, sig.args[1], sig.args[0], args[1])
        return builder.select(builder.fcmp_ordered("<", args[0], limit), limit, args[0])

    return vector(vector, bound), generate


@instruction
def square_root(typing: Any, vector: Vector) -> Any:
    """The square root of each lane."""
    return vector(vector), _math("llvm.sqrt")


@instruction
def rounded(typing: Any, vector: Vector) -> Any:
    """Each lane to the nearest whole number."""
    return vector(vector), _math("llvm.rint")


def _math(name: str) -> Any:
    """Code that calls LLVM's own function of a vector."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(args[0].type, [args[0].type])
        suffix = f"v{sig.args[0].lanes}f{sig.args[0].dtype.bitwidth}"
        return builder.call(get_or_insert_function(builder.module, kind, f"{name}.{suffix}"), [args[0]])

    return generate


@instruction
def where_positive(typing: Any, condition: Vector, then: Vector, otherwise: Vector) -> Any:
    """In each lane `then` where the condition is above zero, else `otherwise`."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        zero = ir.Constant(args[0].type, None)
        return builder.select(builder.fcmp_ordered(">", args[0], zero), args[1], args[2])

    return then(condition, then, otherwise), generate


@instruction
def where_finite(typing: Any, vector: Vector, then: Vector, otherwise: Vector) -> Any:
    """In each lane `then` where the vector is finite, else `otherwise`.

    Uses no fast-math flags, which would let LLVM replace x - x by zero.
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        zero = ir.Constant(args[0].type, None)
        return builder.select(builder.fcmp_ordered("==", builder.fsub(args[0], args[0]), zero), args[1], args[2])

    return then(vector, then, otherwise), generate


def _below(builder: Any, lanes: int, count: Any) -> Any:
    """A mask that is true in the first `count` lanes."""
    integers = ir.VectorType(ir.IntType(32), lanes)
    limit = _spread(builder, builder.trunc(count, ir.IntType(32)), lanes)
    return builder.icmp_signed("<", _constant(integers, range(lanes)), limit)


@instruction
def keep_first(typing: Any, vector: Vector, count: types.Integer) -> Any:
    """The first `count` lanes as they are, zero in the rest."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        mask = _below(builder, sig.args[0].lanes, args[1])
        return builder.select(mask, args[0], ir.Constant(args[0].type, None))

    return vector(vector, types.intp), generate


@instruction
def store_first(typing: Any, base: types.CPointer, index: types.Integer, vector: Vector, count: types.Integer) -> Any:
    """Set base[index : index + count] to the first `count` lanes, and nothing behind."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        lanes = sig.args[2].lanes
        place = _lanes_at(context, builder, sig.args[0], args[0], args[1], lanes)
        mask = _below(builder, lanes, args[3])
        align = ir.Constant(ir.IntType(32), _itemsize(sig.args[0]))
        kind = ir.FunctionType(ir.VoidType(), [args[2].type, place.type, align.type, mask.type])
        name = f"llvm.masked.store.v{lanes}f{sig.args[2].dtype.bitwidth}.p0"
        function = get_or_insert_function(builder.module, kind, name)
        builder.call(function, [args[2], place, align, mask])

    return types.void(base, types.intp, vector, types.intp), generate


@instruction
def total(typing: Any, vector: Vector) -> Any:
    """The sum of all lanes."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.extract_element(_halved(builder, args[0], 1), ir.Constant(ir.IntType(32), 0))

    return vector.dtype(vector), generate


def _halved(builder: Any, value: Any, lanes: int) -> Any:
    """Add the upper half of the lanes to the lower one until `lanes` are left."""
    while value.type.count > lanes:
        half = value.type.count // 2
        lower = _shuffle(builder, value, value, list(range(half)))
        upper = _shuffle(builder, value, value, list(range(half, 2 * half)))
        value = _add(builder, lower, upper)
    return value


@instruction
def four_totals(typing: Any, a: Vector, b: Vector, c: Vector, d: Vector) -> Any:
    """The sums of four vectors, as a vector of four lanes.

    Takes thirteen instructions; four separate sums take about thirty. Neighbouring lanes of two vectors are
    interleaved before they are added, so that each addition serves both.
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pairs = _interleaved(builder, args[0], args[1], 1), _interleaved(builder, args[2], args[3], 1)
        return _halved(builder, _interleaved(builder, *pairs, 2), 4)

    return Vector(a.dtype, 4)(a, b, c, d), generate


def _runs(lanes: int, run: int) -> tuple[list[int], list[int]]:
    """Shuffle indexes of the even and the odd runs of `run` lanes, alternating between two vectors."""
    even: list[int] = []
    odd: list[int] = []
    for group in range(0, lanes, 2 * run):
        for vector in (0, lanes):
            even += range(vector + group, vector + group + run)
            odd += range(vector + group + run, vector + group + 2 * run)
    return even, odd


def _interleaved(builder: Any, left: Any, right: Any, run: int) -> Any:
    """Runs of `run` lanes, alternating between left and right, each added to the next run of its own vector."""
    lower, upper = _runs(left.type.count, run)
    return _add(builder, _shuffle(builder, left, right, lower), _shuffle(builder, left, right, upper))


@instruction
def transpose(
    typing: Any, source: types.CPointer, first: types.Integer, stride: types.Integer, target: types.CPointer,
    place: types.Integer,
) -> Any:  # fmt: skip
    """Transpose a block of LANES x LANES: target[place + e * LANES + i] = source[first + i * stride + e]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        base, first, stride, result, begin = args
        step = stride.type
        rows = [
            _load(context, builder, source, base, builder.add(first, builder.mul(stride, step(row))))
            for row in range(LANES)
        ]
        for row, vector in enumerate(_exchanged(builder, rows)):
            index = builder.add(begin, step(row * LANES))
            builder.store(vector, _lanes_at(context, builder, target, result, index, LANES), align=_itemsize(target))

    return types.void(source, types.intp, types.intp, target, types.intp), generate


def _exchanged(builder: Any, rows: list[Any]) -> list[Any]:
    """The transpose of a square of vectors, by exchanging ever longer runs of lanes."""
    run = 1
    while run < len(rows):
        left, right = _runs(len(rows), run)
        exchanged = list(rows)
        for upper in range(len(rows)):
            if not upper & run:
                exchanged[upper] = _shuffle(builder, rows[upper], rows[upper + run], left)
                exchanged[upper + run] = _shuffle(builder, rows[upper], rows[upper + run], right)
        rows = exchanged
        run *= 2
    return rows


@inlined
def are_finite(numbers: Any, count: int) -> bool:
    """Whether the first `count` numbers are, a multiple of LANES."""
    finite, lanes = fill(numbers, 0), 0
    for at in range(0, count, LANES):
        finite += where_finite(load(numbers, at), fill(numbers, 1), fill(numbers, 0))
        lanes += LANES
    return bool(total(finite) == lanes)
