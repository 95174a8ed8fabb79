"""Activations of a vector, and their slopes, which follow from the activations themselves."""

from typing import Any

from engine.kernel import inlined
from engine.matrices.blocks import fill_half, load_half
from engine.matrices.program import RELU, SIGMOID, TANH
from engine.vectors.elementary import sigmoid, tanh
from engine.vectors.lanes import at_least, where_positive


@inlined
def activated(kind: int, z: Any) -> Any:
    if kind == RELU:
        return at_least(z, 0.0)
    if kind == TANH:
        return tanh(z)
    if kind == SIGMOID:
        return sigmoid(z)
    return z


@inlined
def slope_before(kind: int, y: Any, slope: Any) -> Any:
    """The slope of the sum, from the activation y and its slope. ReLU's at zero is zero."""
    if kind == RELU:
        return where_positive(y, slope, slope - slope)
    if kind == TANH:
        return slope - slope * y * y
    if kind == SIGMOID:
        return slope * (y - y * y)
    return slope


@inlined
def if_on(row: Any, o: int, value: Any, memory: Any) -> Any:
    """The value of the units from o on; zero for those that are switched off, and for those that are none."""
    return where_positive(load_half(memory.on, row.on + o), value, fill_half(memory.on, 0))
