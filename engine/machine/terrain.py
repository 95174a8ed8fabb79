"""Evaluates the mean loss of a network at many places of a section in the space of its parameters, in one call."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import kernel
from engine.machine.examples import Labelled
from engine.machine.kernels import copy_inputs, forward, loss_sum
from engine.machine.network import Network, Room
from engine.machine.sections import Section
from engine.vectors.lanes import LANES, load, pointer, store
from engine.vectors.memory import aligned_zeros

_TILE = (
    4 * LANES
)  # examples at once, as where the network tells its loss: both differ by the rounding of a sum in float64


@kernel
def evaluate(
    rows: Any, trained: int, loss: Any, origin: Any, first: Any, second: Any, places: Any, losses: Any,
    parameters: Any, statistics: Any, size: int, values: Any, width: int,
    inputs: Any, targets: Any, features: int, stride: int, before: int, examples: int,
) -> None:  # fmt: skip
    """Set losses[k] to the mean loss at origin + places[k, 0] first + places[k, 1] second, not training.

    `parameters` is scratch; examples lie as in `engine.machine.kernels.train`.
    """
    o, u, w, p, n = pointer(origin), pointer(first), pointer(second), pointer(parameters), pointer(statistics)
    v, x, y = pointer(values), pointer(inputs), pointer(targets)
    for k in range(len(losses)):
        a, b = places[k, 0], places[k, 1]
        for at in range(0, size, LANES):
            store(p, at, load(o, at) + load(u, at) * a + load(w, at) * b)
        whole = 0.0
        for start in range(0, examples, width):
            count = min(width, examples - start)
            copy_inputs(x, stride, features, before + start, v, width, count)
            for r in range(trained):
                forward(rows[r], p, n, v, width, count)
            whole += loss_sum(loss[0], v, y, before + start, count, width)
        losses[k] = whole / examples


class Terrain:
    """The losses of a network over some examples, in a section. It holds copies, so the network may train on."""

    def __init__(self, network: Network, examples: Labelled, section: Section) -> None:
        self._program, self._examples = network.program, examples
        self._statistics = network.state["statistics"].copy()
        self._room = Room(network.program, _TILE, network.dtype)
        count = network.program.parameter_count
        self._parameters = aligned_zeros(count, network.dtype)
        self._vectors = [aligned_zeros(count, network.dtype) for _ in range(3)]
        for vector, values in zip(self._vectors, (section.origin, *section.axes), strict=True):
            vector[:count] = values

    def heights(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean loss at places (n, 2) of the section, (n,); NaN without examples."""
        losses = np.full(len(places), np.nan)
        program, examples, room = self._program, self._examples, self._room
        origin, first, second = self._vectors
        at = np.ascontiguousarray(places)
        if examples.count:
            evaluate(
                program.rows, program.trained, program.loss, origin, first, second, at, losses,
                self._parameters, self._statistics, program.parameter_count, room.values, room.width,
                examples.inputs, examples.targets, program.inputs, examples.stride, examples.before, examples.count,
            )  # fmt: skip
        return losses
