"""A stack of dense layers that learns to reproduce its inputs, with its memory: what its kernels are called with."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.machine.network import Rule
from engine.matrices import stack_kernels as kernels
from engine.matrices.layers import ACTIVATIONS, Dense
from engine.matrices.network import Floats
from engine.matrices.products import row_length
from engine.matrices.program import Role, Tensor
from engine.matrices.stack_kernels import Lesson, StackMemory
from engine.vectors.lanes import LANES
from engine.vectors.memory import Tensors, aligned_zeros, lanes_for

_LEARNT = ("parameters", "moments")


class Stack:
    """Not for two threads at once. `batch`: examples at once, at most.

    The last layer has as many units as there are inputs. With cross-entropy it is a sigmoid, else linear.
    """

    def __init__(
        self, inputs: int, layers: Sequence[Dense], batch: int, random: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:  # fmt: skip
        self.inputs = inputs
        self.layers = tuple(layers)
        self.batch = batch
        self.dtype = np.dtype(dtype)
        self.widths = (inputs, *(layer.units for layer in layers))
        self.rows, self.tensors, self._size = _laid_out(self.widths, self.layers, batch)
        longest = max(map(row_length, self.widths))
        values = batch * sum(map(row_length, self.widths))
        self.memory = StackMemory(
            aligned_zeros(self._size + LANES * longest, dtype),  # `times_turned` reads beyond the last weights
            aligned_zeros(2 * self._size, dtype),
            aligned_zeros(values, dtype),
            aligned_zeros(values, dtype),
            aligned_zeros(kernels.AT_ONCE * longest, dtype),
            aligned_zeros(LANES * longest, dtype),
        )
        self._learnt = {"parameters": self.memory.parameters[: self._size], "moments": self.memory.moments}
        self.draw(random)

    def draw(self, random: np.random.Generator) -> None:
        """First weights: normal, of variance 2 / inputs before a ReLU (He), else 1 / inputs (LeCun). Biases are 0."""
        for layer, kind in enumerate(self.layers, start=1):
            weights = self.tensor(layer, "weights")
            gain = 2 if kind.activation == "relu" else 1
            weights[...] = random.normal(0, math.sqrt(gain / len(weights)), weights.shape)

    # -- parameters ---------------------------------------------------------------------------------------------------

    def tensor(self, layer: int, role: Role) -> Floats:
        """A view of a layer's weights (inputs, units) or biases (units,); layers count from 1."""
        own = next(each for each in self.tensors if (each.layer, each.role) == (layer, role))
        return own.of(self.memory.parameters)

    def named_tensors(self) -> Tensors:
        """Views of all parameters: “layer 1 weights”, “layer 1 biases”, …"""
        return {f"layer {each.layer} {each.role}": each.of(self.memory.parameters) for each in self.tensors}

    @property
    def state(self) -> Tensors:
        """What training changes: views. The memory of a method counts two numbers for each parameter."""
        return self._learnt

    @property
    def parameter_count(self) -> int:
        """Weights and biases."""
        return sum(math.prod(each.shape) for each in self.tensors)

    # -- learning -----------------------------------------------------------------------------------------------------

    @property
    def phases(self) -> int:
        """Into how many parts a step can be cut."""
        return 3 * len(self.layers) + 2

    @property
    def phases_without_learning(self) -> int:
        """The first so many of them change no parameters."""
        return 2 * len(self.layers) + 2

    def train(
        self, lesson: Lesson, rule: Rule, step: int, taken: int, run_step: int, first: int = 0, last: int | None = None
    ) -> bool:
        """Take a step, or its phases from `first` to before `last`, of which a multiple of `phases` are whole steps.

        `step`: since batches began; `taken`: by the method before; `run_step`: since the run began. Returns whether all
        parameters are finite after whole steps. Sets the squared errors of the examples, as they were before the step.
        """
        in_epoch = len(lesson.order) // rule.batch_size
        is_finite: bool = kernels.run_phases(
            self.rows, rule.record, self.memory, self._size, lesson, rule.batch_size, in_epoch,
            step, taken, run_step, first, self.phases if last is None else last,
        )  # fmt: skip
        return is_finite

    def forget(self) -> None:
        """What a method remembers of gradients: another one begins."""
        self.memory.moments[:] = 0

    # -- looking ------------------------------------------------------------------------------------------------------

    def run(self, values: Floats, first: int = 0, last: int | None = None) -> Floats:
        """What the layers before number `last` (from 0, all unless told) make of what layer `first` sees.

        values: (n, inputs of that layer), any n; returns (n, units of the last one).
        """
        last = len(self.layers) if last is None else last
        if first == last:
            return np.asarray(values, self.dtype)
        result = np.empty((len(values), self.widths[last]), self.dtype)
        for begin in range(0, len(values), self.batch):
            part = values[begin : begin + self.batch]
            self._values(first)[: len(part)] = part
            kernels.run_forward(self.rows, self.memory, first, last, len(part))
            result[begin : begin + len(part)] = self._values(last)[: len(part)]
        return result

    def _values(self, place: int) -> Floats:
        """A view (batch, width) of the values behind so many layers."""
        row = self.rows[place - 1] if place else self.rows[0]
        start, length = (row["target"], row["target_row"]) if place else (row["source"], row["source_row"])
        whole = self.memory.values[start : start + self.batch * length].reshape(self.batch, length)
        values: Floats = whole[:, : self.widths[place]]
        return values


def _laid_out(
    widths: Sequence[int], layers: Sequence[Dense], batch: int
) -> tuple[NDArray[np.void], tuple[Tensor, ...], int]:
    """The rows for the kernels, where each tensor lies, and how many numbers all of them take."""
    rows = np.zeros(len(layers), kernels.ROW)
    tensors: list[Tensor] = []
    source = offset = 0
    for number, layer in enumerate(layers):
        inputs, length = widths[number], row_length(layer.units)
        target = source + batch * row_length(inputs)
        rows[number] = (
            ACTIVATIONS.index(layer.activation), inputs, layer.units,
            source, row_length(inputs), target, length, offset,
        )  # fmt: skip
        tensors.append(Tensor(number + 1, "weights", offset, (inputs, length), (inputs, layer.units)))
        offset += inputs * length
        tensors.append(Tensor(number + 1, "biases", offset, (length,), (layer.units,)))
        offset += length
        source = target
    return rows, tuple(tensors), lanes_for(offset)
