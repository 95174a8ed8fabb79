"""Activations, unit by unit.

Where the slope follows from the activation itself it is taken in place, source and target being the same rows; swish,
GELU, Mish and sine keep what came to them.

To add one: write its kernels and its record here, and say its name and its label in `engine.machine.architecture`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.kernel import inlined, one_of
from engine.machine.architecture import Activation
from engine.machine.operations import FIRST_ACTIVATION
from engine.vectors.elementary import cosine, exponential, exponential_less_one, sigmoid, sine, tanh
from engine.vectors.lanes import LANES, at_least, at_most, fill, load, store, where_positive


@inlined
def tanh_forward(row: Any, values: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            store(values, at, tanh(load(values, at)))


@inlined
def tanh_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            y = load(values, at)
            slope = load(slopes, at)
            store(slopes, at, slope - slope * y * y)


@inlined
def sigmoid_forward(row: Any, values: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source = (row.source + unit) * width
        target = (row.target + unit) * width
        for lane in range(0, count, LANES):
            store(values, target + lane, sigmoid(load(values, source + lane)))


@inlined
def sigmoid_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            y = load(values, at)
            store(slopes, at, load(slopes, at) * (y - y * y))


@inlined
def relu_forward(row: Any, values: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            store(values, at, at_least(load(values, at), 0.0))


@inlined
def relu_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    """At zero the slope is zero, as in TensorFlow Playground."""
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            store(slopes, at, where_positive(load(values, at), load(slopes, at), fill(slopes, 0)))


LEAK = 0.01  # slope of the leaky ReLU below zero


@inlined
def leaky_relu_forward(row: Any, values: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            z = load(values, at)
            store(values, at, where_positive(z, z, z * LEAK))


@inlined
def leaky_relu_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            slope = load(slopes, at)
            store(slopes, at, where_positive(load(values, at), slope, slope * LEAK))


@inlined
def elu_forward(row: Any, values: Any, width: int, count: int) -> None:
    """z above zero, exp(z) - 1 below."""
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            z = load(values, at)
            store(values, at, where_positive(z, z, exponential_less_one(z)))


@inlined
def elu_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.target, row.target + row.fan_out):
        for at in range(unit * width, unit * width + count, LANES):
            y = load(values, at)
            slope = load(slopes, at)
            store(slopes, at, where_positive(y, slope, slope * (y + 1.0)))


@inlined
def swish_forward(row: Any, values: Any, width: int, count: int) -> None:
    """z sigmoid(z), also called SiLU."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            z = load(values, source + lane)
            store(values, target + lane, z * sigmoid(z))


@inlined
def swish_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            s = sigmoid(load(values, source + lane))
            y = load(values, target + lane)
            store(slopes, source + lane, load(slopes, target + lane) * (s + y - y * s))


_GELU = 0.7978845608028654  # sqrt(2 / pi)
_CUBIC = 0.044715


@inlined
def gelu_forward(row: Any, values: Any, width: int, count: int) -> None:
    """The usual approximation by tanh (Hendrycks and Gimpel, 2016): z (1 + tanh(sqrt(2/π) (z + 0.044715 z³))) / 2."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            z = load(values, source + lane)
            t = tanh(z * (z * z * (_GELU * _CUBIC) + _GELU))
            store(values, target + lane, z * (t * 0.5 + 0.5))


@inlined
def gelu_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            z = load(values, source + lane)
            t = tanh(z * (z * z * (_GELU * _CUBIC) + _GELU))
            inner = z * (z * z * (3 * _GELU * _CUBIC) + _GELU)
            slope = t * 0.5 + 0.5 + inner * (1.0 - t * t) * 0.5
            store(slopes, source + lane, load(slopes, target + lane) * slope)


@inlined
def _mish_factor(z: Any) -> Any:
    """tanh(log(1 + exp z)), by u = exp -|z|, which does not overflow."""
    u = exponential(at_most(z, 0.0) - at_least(z, 0.0))
    above, below = 1.0 + u * 2.0, u * u + u * 2.0
    return where_positive(z, above / (above + u * u * 2.0), below / (below + 2.0))


@inlined
def mish_forward(row: Any, values: Any, width: int, count: int) -> None:
    """z tanh(log(1 + exp z)) (Misra, 2019)."""
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            z = load(values, source + lane)
            store(values, target + lane, z * _mish_factor(z))


@inlined
def mish_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            z = load(values, source + lane)
            factor = _mish_factor(z)
            slope = factor + z * sigmoid(z) * (1.0 - factor * factor)
            store(slopes, source + lane, load(slopes, target + lane) * slope)


@inlined
def sine_forward(row: Any, values: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            store(values, target + lane, sine(load(values, source + lane)))


@inlined
def sine_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            slope = load(slopes, target + lane) * cosine(load(values, source + lane))
            store(slopes, source + lane, slope)


@dataclass(frozen=True)
class Kernels:
    """How the machine runs an activation: forward(row, values, width, count), backward with slopes behind values."""

    forward: Callable[..., None]
    backward: Callable[..., None]
    keeps: bool = False  # what came to it, which the way back needs once more; else it works in place


KERNELS: dict[Activation, Kernels | None] = {
    "tanh": Kernels(tanh_forward, tanh_backward),
    "sigmoid": Kernels(sigmoid_forward, sigmoid_backward),
    "relu": Kernels(relu_forward, relu_backward),
    "leaky-relu": Kernels(leaky_relu_forward, leaky_relu_backward),
    "elu": Kernels(elu_forward, elu_backward),
    "gelu": Kernels(gelu_forward, gelu_backward, keeps=True),
    "swish": Kernels(swish_forward, swish_backward, keeps=True),
    "mish": Kernels(mish_forward, mish_backward, keeps=True),
    "sine": Kernels(sine_forward, sine_backward, keeps=True),
    "linear": None,  # no row
}
NUMBERS = {name: FIRST_ACTIVATION + place for place, name in enumerate(KERNELS)}
"""The numbers by which a program names them."""

_PRESENT = {NUMBERS[name]: kernels for name, kernels in KERNELS.items() if kernels}

# Globals of this module: numba#6264 has kernels that catch such a function in a closure compiled at each start.
activation_forward = one_of(
    "row, values, width, count", {number: kernels.forward for number, kernels in _PRESENT.items()}
)
activation_backward = one_of(
    "row, values, slopes, width, count", {number: kernels.backward for number, kernels in _PRESENT.items()}
)
