"""Functions of a vector that are not one instruction: tanh, sigmoid, and the softplus of the cross-entropy.

In float64 every lane goes through the C library, exact to the last place but one: that is what tests compare
with. In float32 tanh is a quotient of two polynomials, ten times as fast.
"""

import math
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import overload

from engine.kernel import FAST, inlined, instruction
from engine.vector import Vector, at_least, at_most

_INLINED: Any = {"forceinline": True, "fastmath": set(FAST)}


def _lane_by_lane(scalar: Callable[[float], float]) -> Any:
    """A vector function that calls a scalar one for each lane."""

    @instruction
    def apply(typing: Any, vector: Vector) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            result = ir.Constant(args[0].type, ir.Undefined)
            kind = vector.dtype(vector.dtype)
            for lane in range(vector.lanes):
                place = ir.Constant(ir.IntType(32), lane)
                value = builder.extract_element(args[0], place)
                value = context.compile_internal(builder, scalar, kind, [value])
                result = builder.insert_element(result, value, place)
            return result

        return vector(vector), generate

    return apply


def _tanh(z: float) -> float:
    return math.tanh(z)


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


_library_tanh = _lane_by_lane(_tanh)
_library_sigmoid = _lane_by_lane(_sigmoid)
softplus = _lane_by_lane(_softplus)  # log(1 + exp(z)), only for the loss that is shown, so never in a hurry


def _exact_tanh(z: Any) -> Any:
    return _library_tanh(z)


@inlined
def _quick_tanh(z: Any) -> Any:
    """A minimax fit of x P(x²) / Q(x²) up to 8, where float32 tanh is 1; relative error below 5e-7."""
    x = at_most(at_least(z, -8.0), 8.0)
    u = x * x
    p = ((1.1428522440203635e-05 * u + 0.002951034226978135) * u + 0.1292567342170759) * u + 0.9999998548608113
    q = 2.4592401202112015e-07 * u + 0.00023867055920207784
    q = ((q * u + 0.023815598841125822) * u + 0.46258889145754983) * u + 1.0
    return x * p / q


def _fast_tanh(z: Any) -> Any:
    return _quick_tanh(z)


def tanh(z: Any) -> Any:
    """The hyperbolic tangent of each lane."""
    raise NotImplementedError  # kernels only


@overload(tanh, jit_options=_INLINED)
def _choose_tanh(z: Any) -> Any:
    return _fast_tanh if z.dtype == types.float32 else _exact_tanh


def _exact_sigmoid(z: Any) -> Any:
    return _library_sigmoid(z)


def _quick_sigmoid(z: Any) -> Any:
    return _quick_tanh(z * 0.5) * 0.5 + 0.5


def sigmoid(z: Any) -> Any:
    """1 / (1 + exp(-z)) of each lane."""
    raise NotImplementedError  # kernels only


@overload(sigmoid, jit_options=_INLINED)
def _choose_sigmoid(z: Any) -> Any:
    return _quick_sigmoid if z.dtype == types.float32 else _exact_sigmoid
