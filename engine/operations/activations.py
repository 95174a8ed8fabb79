"""Activations, unit by unit and in place: the slope follows from the activation itself."""

from typing import Any

from engine.elementary import sigmoid, tanh
from engine.kernel import inlined
from engine.vector import LANES, at_least, fill, load, store, where_positive


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
