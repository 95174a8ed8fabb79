"""Takes steps on a copy of a network in which only some parameters move, by the machine's own parts."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.machine import row_by_row
from engine.machine.examples import Labelled
from engine.machine.explain import numbers_of
from engine.machine.network import Network, Room, Rule
from engine.machine.orders import Order
from engine.vectors.lanes import LANES
from engine.vectors.memory import aligned_zeros, lanes_for


class PartlyFrozen:
    """A copy that trains from the network's present parameters. What the method keeps begins anew.

    Batch norm has the statistics of each batch, and those for evaluation stay as they are. `moves`: the places of the
    parameters that learn; all others, and what would come of them, as their part in the gradient's norm, are left out.
    """

    def __init__(self, network: Network, examples: Labelled, rule: Rule, moves: NDArray[np.int64]) -> None:
        self._program, self._examples, self._rule, self._moves = network.program, examples, rule, moves
        tensors, _ = network.snapshot()
        self._parameters, self._statistics = tensors["parameters"], tensors["statistics"]
        self._moments, self._alive = np.zeros_like(tensors["moments"]), np.ones_like(tensors["alive"])
        self._start = self._parameters.copy()
        self._gradients = aligned_zeros(network.program.parameter_count, network.dtype)
        self._is_weight = network.program.is_weight(network.dtype)
        self._turned = aligned_zeros(LANES * LANES, network.dtype)
        self._room = Room(network.program, lanes_for(rule.batch_size + examples.before), network.dtype)
        self._taken = 0

    @property
    def place(self) -> NDArray[np.float64]:
        """The parameters that move, as they are."""
        return self._parameters[self._moves].astype(np.float64)

    @place.setter
    def place(self, values: NDArray[np.float64]) -> None:
        self._parameters[self._moves] = values

    def step(self) -> None:
        """Take the next step, by the rule."""
        count = self._go_back(self._taken)
        gradients, parameters = self._gradients, self._parameters
        own = gradients[self._moves]
        gradients[:] = 0
        gradients[self._moves] = own
        row_by_row.descend(
            self._rule.record, self._taken, self._taken, parameters, gradients, self._moments, self._alive,
            self._is_weight, count, self._program.parameter_count,
        )  # fmt: skip
        moved = parameters[self._moves]
        parameters[:] = self._start  # weight decay would have moved the others
        parameters[self._moves] = moved
        self._taken += 1

    def gradient(self) -> NDArray[np.float64]:
        """The mean over the next batch, of all parameters."""
        count = self._go_back(self._taken)
        return self._gradients[: self._program.parameter_count].astype(np.float64) / count

    def _go_back(self, step: int) -> int:
        """Set the gradients, which are sums over a batch; returns how many examples it has."""
        program, rule, room, examples = self._program, self._rule, self._room, self._examples
        numbers = examples.before + numbers_of(examples, rule, step)
        count = len(numbers)
        columns = examples.inputs[: program.inputs * examples.stride].reshape(program.inputs, examples.stride)
        room.rows[: program.inputs, :count] = columns[:, numbers]
        targets = room.targets
        targets[:count] = examples.targets[numbers]
        statistics = self._statistics.copy()
        row_by_row.go_forward(
            program.rows, 0, program.trained, rule.record, step, self._parameters, statistics, room.values,
            room.width, count,
        )  # fmt: skip
        row_by_row.begin_back(program.loss, rule.label_smoothing, room.values, room.slopes, targets, room.width, count)
        row_by_row.go_back(
            program.rows, 0, program.trained, self._parameters, statistics, self._gradients, room.values,
            room.slopes, self._turned, room.width, count,
        )  # fmt: skip
        return count


def whole_gradient(network: Network, examples: Labelled, rule: Rule) -> NDArray[np.float64]:
    """The mean gradient over all examples, without dropout, (parameters,)."""
    everything = replace(rule, batch_size=examples.count, dropout=0.0, order=Order.SEQUENCE)
    return PartlyFrozen(network, examples, everything, np.arange(network.program.parameter_count)).gradient()
