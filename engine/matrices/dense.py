"""Dense layers, and dropout before them: a batch at once."""

from typing import Any

from engine.kernel import inlined
from engine.matrices.activations import activated, if_on, slope_before
from engine.matrices.blocks import HALF, fill_half, load_half
from engine.matrices.sums import weighted_sums
from engine.vectors.lanes import store
from engine.vectors.splitmix import random_below

_PARTS = 1 << 24  # in so many equal parts the random numbers fall


@inlined
def dense_forward(row: Any, count: int, memory: Any) -> None:
    """Set the targets of `count` examples."""
    weighted_sums(
        memory.values, row.source, 1, row.source_size, 0, 1, 0, row.inputs, 1,
        memory.parameters, row.weights, row.columns, row.weights + row.inputs * row.columns,
        memory.values, row.target, row.columns, count,
    )  # fmt: skip
    for example in range(count):
        at = row.target + example * row.columns
        for o in range(0, row.columns, HALF):
            z = load_half(memory.values, at + o)
            store(memory.values, at + o, if_on(row, o, activated(row.activation, z), memory))


@inlined
def dense_backward(row: Any, count: int, memory: Any) -> None:
    """Set the gradients and, unless it is the image, the slopes of the source."""
    for o in range(0, row.columns, HALF):
        bias = fill_half(memory.slopes, 0)
        for example in range(count):
            at = row.target + example * row.columns + o
            slope = slope_before(row.activation, load_half(memory.values, at), load_half(memory.slopes, at))
            slope = if_on(row, o, slope, memory)
            store(memory.slopes, at, slope)
            bias += slope
        store(memory.gradients, row.weights + row.inputs * row.columns + o, bias)
    weighted_sums(
        memory.values, row.source, 1, 1, 0, 1, 0, count, row.source_size,
        memory.slopes, row.target, row.columns, -1,
        memory.gradients, row.weights, row.columns, row.inputs,
    )  # fmt: skip
    if row.source != 0:
        for k in range(row.inputs):
            for o in range(row.units):
                memory.turned[row.turned + o * row.inputs + k] = memory.parameters[row.weights + k * row.columns + o]
        weighted_sums(
            memory.slopes, row.target, 1, row.columns, 0, 1, 0, row.units, 1,
            memory.turned, row.turned, row.inputs, -1,
            memory.slopes, row.source, row.source_size, count,
        )  # fmt: skip


@inlined
def dropout_training(row: Any, rule: Any, step: int, count: int, memory: Any) -> None:
    """Which values are left out depends on seed, step, place and example alone."""
    for k in range(row.source_size * count):
        memory.values[row.target + k] = memory.values[row.source + k] * _factor(row, rule, step, k)


@inlined
def dropout_backward(row: Any, rule: Any, step: int, count: int, memory: Any) -> None:
    for k in range(row.source_size * count):
        memory.slopes[row.source + k] = memory.slopes[row.target + k] * _factor(row, rule, step, k)


@inlined
def _factor(row: Any, rule: Any, step: int, k: int) -> float:
    """Of a value: zero, or what makes up for those that are left out."""
    is_in = random_below(rule.seed, (step << 32) + row.target + k, _PARTS) >= int(rule.dropout * _PARTS)
    return 1 / (1 - rule.dropout) if is_in else 0.0


@inlined
def dropout_forward(row: Any, count: int, memory: Any) -> None:
    """Not training: all as they are."""
    for k in range(row.source_size * count):
        memory.values[row.target + k] = memory.values[row.source + k]
