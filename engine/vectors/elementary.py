"""Elementwise functions of a vector: tanh, sigmoid, sine, cosine, exponential, softplus.

In float64 each lane calls the C library, exact to the last place but one; tests compare with that.
In float32 tanh is a quotient of two polynomials, ten times as fast, and the sine is one polynomial.
"""

import math
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import overload

from engine.kernel import FAST, inlined, instruction
from engine.vectors.lanes import Vector, at_least, at_most, rounded

_INLINED: Any = {"forceinline": True, "fastmath": set(FAST)}


def _lane_by_lane(scalar: Callable[[float], float]) -> Any:
    """A vector function that calls `scalar` for each lane."""

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


def _by_precision(scalar: Callable[[float], float], quick: Callable[[Any], Any]) -> Any:
    """A vector function: in float64 `scalar` for each lane, in float32 `quick`."""
    exact = _lane_by_lane(scalar)

    def lane_by_lane(z: Any) -> Any:
        return exact(z)

    def function(z: Any) -> Any:
        raise NotImplementedError  # kernels only

    @overload(function, jit_options=_INLINED)
    def choose(z: Any) -> Any:
        return quick if z.dtype == types.float32 else lane_by_lane

    return function


def _tanh(z: float) -> float:
    return math.tanh(z)


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _sine(z: float) -> float:
    return math.sin(z)


def _cosine(z: float) -> float:
    return math.cos(z)


def _exponential_less_one(z: float) -> float:
    return math.expm1(min(z, 0.0))


def _exponential(z: float) -> float:
    return math.exp(z)


def _logarithm(z: float) -> float:
    return math.log(z)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


@inlined
def _tanh_by_quotient(z: Any) -> Any:
    """A minimax fit of x P(x²) / Q(x²) up to 8, where float32 tanh is 1; relative error below 5e-7."""
    x = at_most(at_least(z, -8.0), 8.0)
    u = x * x
    p = ((1.1428522440203635e-05 * u + 0.002951034226978135) * u + 0.1292567342170759) * u + 0.9999998548608113
    q = 2.4592401202112015e-07 * u + 0.00023867055920207784
    q = ((q * u + 0.023815598841125822) * u + 0.46258889145754983) * u + 1.0
    return x * p / q


def _quick_tanh(z: Any) -> Any:
    return _tanh_by_quotient(z)


def _quick_sigmoid(z: Any) -> Any:
    return _tanh_by_quotient(z * 0.5) * 0.5 + 0.5


@inlined
def _sine_near_zero(r: Any) -> Any:
    """A least-squares fit of r P(r²) from -π/2 to π/2; relative error below 1e-8 before rounding."""
    u = r * r
    p = (2.6051662757875516e-06 * u - 0.00019809046357396887) * u + 0.008333050617327524
    return r * ((p * u - 0.1666665796990459) * u + 0.9999999957158391)


@inlined
def _sign_of(n: Any) -> Any:
    """1 for even whole numbers, -1 for odd ones."""
    odd = n - rounded(n * 0.5) * 2.0
    return 1.0 - odd * odd * 2.0


def _quick_sine(z: Any) -> Any:
    n = rounded(z * (1 / math.pi))
    return _sign_of(n) * _sine_near_zero(z - n * math.pi)


def _quick_cosine(z: Any) -> Any:
    n = rounded(z * (1 / math.pi) + 0.5)
    return _sign_of(n) * _sine_near_zero(z - (n - 0.5) * math.pi)


def _quick_exponential_less_one(z: Any) -> Any:
    t = _tanh_by_quotient(at_most(z, 0.0) * 0.5)
    return (t + t) / (1.0 - t)


def _quick_exponential(z: Any) -> Any:
    t = _tanh_by_quotient(z * 0.5)
    return (1.0 + t) / (1.0 - t)


tanh = _by_precision(_tanh, _quick_tanh)
sigmoid = _by_precision(_sigmoid, _quick_sigmoid)
sine = _by_precision(_sine, _quick_sine)
cosine = _by_precision(_cosine, _quick_cosine)
exponential_less_one = _by_precision(_exponential_less_one, _quick_exponential_less_one)  # of z <= 0; above it 0
exponential = _by_precision(_exponential, _quick_exponential)  # of z <= 0; in float32 within 1e-6, and 0 below -16
logarithm = _lane_by_lane(_logarithm)  # slow, like softplus
softplus = _lane_by_lane(_softplus)  # log(1 + exp(z)); may be slow, as only the displayed loss needs it
