"""The slopes of a network's inputs, and the gradient of a function of these slopes: a second derivative.

A generator learns from the slopes of the discriminator's inputs; a gradient penalty is about their length. Both are for
programs of dense layers and of activations that work in place, without batch norm, dropout or connections.

The gradient of u·g, where g are the slopes of the inputs and u is held fixed, is taken in three passes. With δ the
slopes that the way back has left at each sum z, and tangents ż of the sums when the inputs move along u:

    forward   ż = W ẏ,  ẏ = f'(z) ż                    from ẏ = u at the inputs
    back      z̄ = f'(z) ȳ + f''(z) ż ∂y,  ȳ = Wᵀ z̄      from z̄ = 0 at the output; f'(z) ∂y is δ
    gradient  ∂(u·g)/∂W = z̄ yᵀ + δ ẏᵀ

In place, f'(z) and f''(z) / f'(z) follow from y alone, so what is kept of each activation is y and δ.
"""

from collections.abc import Callable
from typing import Any

from engine.kernel import inlined, one_of
from engine.machine.architecture import Activation
from engine.machine.operations import Operation
from engine.machine.operations.activations import LEAK, NUMBERS, activation_backward
from engine.machine.operations.dense import dense_gradients, dense_slopes, dense_tangents
from engine.vectors.lanes import LANES, fill, keep_first, load, square_root, store, total, where_positive

_DENSE = int(Operation.DENSE)


@inlined
def back_to_inputs(rows: Any, trained: int, parameters: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    """From the slopes of the outputs to those of the inputs; no gradients."""
    for r in range(trained - 1, -1, -1):
        if rows[r].operation == _DENSE:
            dense_slopes(rows[r], parameters, slopes, width, count)
        else:
            activation_backward(rows[r], values, slopes, width, count)


@inlined
def move_along(
    rows: Any, trained: int, parameters: Any, values: Any, slopes: Any, tangents: Any, bends: Any,
    width: int, count: int,
) -> None:  # fmt: skip
    """Set the tangents of all rows from those of the inputs, and `bends` to f''(z) ż ∂y.

    `slopes` are as `back_to_inputs` has left them; the tangents of the rows of ones are zero.
    """
    for r in range(trained):
        if rows[r].operation == _DENSE:
            dense_tangents(rows[r], parameters, tangents, width, count)
        else:
            _bend(rows[r], values, slopes, tangents, bends, width, count)


@inlined
def second_gradients(
    rows: Any, trained: int, parameters: Any, values: Any, slopes: Any, tangents: Any, bends: Any,
    seconds: Any, gradients: Any, more: Any, turned: Any, width: int, count: int,
) -> None:  # fmt: skip
    """Set the gradient of u·g to the sum of `gradients` and `more`. `seconds` are zero at the outputs."""
    for r in range(trained - 1, -1, -1):
        row = rows[r]
        if row.operation == _DENSE:
            dense_gradients(row, values, seconds, gradients, turned, width, count)
            dense_gradients(row, tangents, slopes, more, turned, width, count)
            if row.source != 0:
                dense_slopes(row, parameters, seconds, width, count)
        else:
            activation_backward(row, values, seconds, width, count)
            for unit in range(row.target, row.target + row.fan_out):
                for at in range(unit * width, unit * width + count, LANES):
                    store(seconds, at, load(seconds, at) + load(bends, at))


def _bending(first: Callable[[Any], Any], ratio: Callable[[Any], Any]) -> Callable[..., None]:
    """Of an activation with f'(z) = first(y) and f''(z) / f'(z) = ratio(y)."""

    @inlined
    def bend(row: Any, values: Any, slopes: Any, tangents: Any, bends: Any, width: int, count: int) -> None:
        for unit in range(row.target, row.target + row.fan_out):
            for at in range(unit * width, unit * width + count, LANES):
                y, moved = load(values, at), load(tangents, at)
                store(bends, at, ratio(y) * moved * load(slopes, at))
                store(tangents, at, first(y) * moved)

    return bend


@inlined
def _tanh_first(y: Any) -> Any:
    return 1.0 - y * y


@inlined
def _tanh_ratio(y: Any) -> Any:
    return y * -2.0


@inlined
def _sigmoid_first(y: Any) -> Any:
    return y - y * y


@inlined
def _sigmoid_ratio(y: Any) -> Any:
    return 1.0 - y * 2.0


@inlined
def _relu_first(y: Any) -> Any:
    return where_positive(y, y * 0.0 + 1.0, y * 0.0)


@inlined
def _leaky_first(y: Any) -> Any:
    return where_positive(y, y * 0.0 + 1.0, y * 0.0 + LEAK)


@inlined
def _straight(y: Any) -> Any:
    return y * 0.0


@inlined
def _elu_first(y: Any) -> Any:
    return where_positive(y, y * 0.0 + 1.0, y + 1.0)


@inlined
def _elu_ratio(y: Any) -> Any:
    return where_positive(y, y * 0.0, y * 0.0 + 1.0)


BENT: dict[Activation, Callable[..., None]] = {
    "tanh": _bending(_tanh_first, _tanh_ratio),
    "relu": _bending(_relu_first, _straight),
    "sigmoid": _bending(_sigmoid_first, _sigmoid_ratio),
    "leaky-relu": _bending(_leaky_first, _straight),
    "elu": _bending(_elu_first, _elu_ratio),
}
"""The activations of which the second derivative is known here."""

_bend = one_of(
    "row, values, slopes, tangents, bends, width, count", {NUMBERS[name]: bend for name, bend in BENT.items()}
)


@inlined
def directions(slopes: Any, tangents: Any, inputs: int, weight: float, width: int, count: int) -> float:
    """Set the tangents of the inputs to u, the slope of weight · (|g| - 1)² by g; returns the sum of that penalty.

    Where g is zero, so is u. Lanes of slopes past `count` must be zero.
    """
    whole = fill(slopes, 0)
    for lane in range(0, count, LANES):
        squares = fill(slopes, 0)
        for i in range(inputs):
            g = load(slopes, i * width + lane)
            squares += g * g
        zero, one = squares * 0.0, squares * 0.0 + 1.0
        length = square_root(squares)
        factor = where_positive(length, (length - 1.0) * (2.0 * weight) / where_positive(length, length, one), zero)
        for i in range(inputs):
            store(tangents, i * width + lane, load(slopes, i * width + lane) * factor)
        whole += keep_first((length - 1.0) * (length - 1.0) * weight, count - lane)
    penalty: float = total(whole)
    return penalty
