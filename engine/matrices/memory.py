"""What a network's kernels work in: arrays outside, and inside a kernel pointers to them under the same names."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from engine.kernel import inlined
from engine.matrices.program import Program
from engine.vectors.lanes import pointer
from engine.vectors.memory import aligned_zeros, lanes_for


class Memory(NamedTuple):
    """Of one network, for its greatest batch."""

    parameters: Any
    gradients: Any
    moments: Any  # two for each parameter: see engine.methods
    alive: Any  # 0 for a weight that L1 has taken to zero for good
    is_weight: Any  # 1 for weights, 0 for biases
    on: Any  # 1 for a unit, 0 for one that is switched off or only there to fill a vector
    values: Any
    slopes: Any
    sums: Any  # of the convolutions, an example's
    places: Any  # of the largest pixel of each window, in the source of its convolution
    turned: Any  # weights the other way round, and gradients before they are turned
    event_places: Any
    event_slopes: Any


def memory_for(program: Program, dtype: DTypeLike) -> Memory:
    """All zeros but `alive`, `on` and `is_weight`."""
    size = lanes_for(program.parameters)
    alive, is_weight = aligned_zeros(size, dtype), aligned_zeros(size, dtype)
    on = aligned_zeros(program.units, dtype)
    alive[:] = 1
    for row in program.rows:
        on[row["on"] : row["on"] + row["units"]] = 1
    for tensor in program.tensors:
        if tensor.role == "weights":
            tensor.of(is_weight)[...] = 1
    return Memory(
        aligned_zeros(size, dtype),
        aligned_zeros(size, dtype),
        aligned_zeros(2 * size, dtype),
        alive,
        is_weight,
        on,
        aligned_zeros(program.values, dtype),
        aligned_zeros(program.values, dtype),
        aligned_zeros(program.sums_size, dtype),
        aligned_zeros(program.places, dtype),
        aligned_zeros(program.turned, dtype),
        np.zeros(program.events + 2, np.int64),
        aligned_zeros(program.events + 2, dtype),
    )


@inlined
def pointers(memory: Any) -> Any:
    return Memory(
        pointer(memory.parameters),
        pointer(memory.gradients),
        pointer(memory.moments),
        pointer(memory.alive),
        pointer(memory.is_weight),
        pointer(memory.on),
        pointer(memory.values),
        pointer(memory.slopes),
        pointer(memory.sums),
        pointer(memory.places),
        pointer(memory.turned),
        pointer(memory.event_places),
        pointer(memory.event_slopes),
    )
