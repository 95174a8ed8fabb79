"""A network of convolutions and wide layers with its memory: what the kernels are called with."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.machine.network import Rule
from engine.matrices import kernels
from engine.matrices.kernels import Batches, Examples
from engine.matrices.layers import Layer
from engine.matrices.memory import memory_for
from engine.matrices.program import Map, Tensor, compile_network, weights_of
from engine.vectors.lanes import LANES
from engine.vectors.memory import Tensors

Floats = NDArray[np.floating]
Images = NDArray[np.uint8]  # (n, side * side), ink from 0 to 255

_LEARNT = ("parameters", "moments", "alive")


class Network:
    """Not for two threads at once: looking uses the memory of training. `batch`: examples at once, at most."""

    def __init__(
        self, side: int, layers: Sequence[Layer], batch: int, random: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> None:
        self.layers = tuple(layers)
        self.side = side
        self.batch = batch
        self.program = compile_network(side, layers, batch)
        self.memory = memory_for(self.program, dtype)
        self.dtype = np.dtype(dtype)
        self._size = len(self.memory.parameters) - LANES
        self.draw(random)

    def draw(self, random: np.random.Generator) -> None:
        """First weights: normal, of variance 2 / inputs before a ReLU (He), else 1 / inputs (LeCun). Biases are 0."""
        activations = [layer.activation for layer in self.layers if hasattr(layer, "activation")]
        for tensor, activation in zip(weights_of(self.program), activations, strict=True):
            gain = 2 if activation == "relu" else 1
            spread = math.sqrt(gain / math.prod(tensor.shape[:-1]))
            tensor.of(self.memory.parameters)[...] = random.normal(0, spread, tensor.shape)

    # -- parameters ---------------------------------------------------------------------------------------------------

    @property
    def layer_count(self) -> int:
        """Of layers with weights."""
        return len(self.program.maps)

    def tensor(self, layer: int, role: str) -> Floats:
        """A view of a layer's weights or biases; layers count from 1. See `program.Tensor` for the shape."""
        return self._tensor(layer, role).of(self.memory.parameters)

    def gradient(self, layer: int, role: str) -> Floats:
        """The same of the last step's gradients, summed over its batch."""
        return self._tensor(layer, role).of(self.memory.gradients)

    def _tensor(self, layer: int, role: str) -> Tensor:
        return next(each for each in self.program.tensors if (each.layer, each.role) == (layer, role))

    def named_tensors(self) -> Tensors:
        """Views of all parameters: “layer 1 weights”, “layer 1 biases”, …"""
        return {f"layer {each.layer} {each.role}": each.of(self.memory.parameters) for each in self.program.tensors}

    def switch_off(self, units: Iterable[tuple[int, int]]) -> None:
        """Those units (layer from 1, unit from 0) say zero and learn nothing; all others are on."""
        off = set(units)
        rows = self.program.rows[self.program.rows["units"] > 0]
        for layer, row in enumerate(rows, start=1):
            for unit in range(row["units"]):
                self.memory.on[row["on"] + unit] = (layer, unit) not in off

    # -- learning -----------------------------------------------------------------------------------------------------

    def train(
        self, examples: Examples, batches: Batches, rule: Rule, step: int, taken: int, run_step: int,
        losses: Floats, said: NDArray[np.uint8], steps: int = 1,
    ) -> bool:  # fmt: skip
        """Take steps; see `kernels.train`."""
        return kernels.train(
            self.program.rows, self.program.convolutions, rule.record, self.memory, self._size,
            self._for_kernels(examples), batches, step, taken, run_step, steps, losses, said,
        )  # fmt: skip

    def _for_kernels(self, examples: Examples) -> Examples:
        """With pixels where the program has them; read-only, as Numba compiles anew for what may be written to."""
        parts = (examples.images.view(), examples.labels.view(), self.program.pixels[examples.pixels])
        for part in parts:
            part.flags.writeable = False
        return Examples(*parts, examples.side)

    def forget(self) -> None:
        """What a method remembers of gradients: another one begins."""
        self.memory.moments[:] = 0

    # -- looking ------------------------------------------------------------------------------------------------------

    def look(
        self, examples: Examples, chosen: NDArray[np.int64], right: int = 0, down: int = 0
    ) -> tuple[Floats, NDArray[np.uint8], Floats]:
        """Loss (n,), winning class (n,) and probabilities (n, classes) of the chosen examples, moved so far."""
        classes = self.program.maps[-1].shape[0]
        losses, said = np.empty(len(chosen), self.dtype), np.empty(len(chosen), np.uint8)
        probabilities = np.empty((len(chosen), classes), self.dtype)
        kernels.look(
            self.program.rows, self.program.convolutions, self.memory, self._for_kernels(examples),
            chosen, right, down, self.batch, losses, said, probabilities,
        )  # fmt: skip
        return losses, said, probabilities

    def values(self, layer: int, example: int = 0) -> Floats:
        """A view of what a layer made of an example of the last batch that was looked at: see `program.Map`."""
        return self.program.maps[layer - 1].of(self.memory.values, example)

    def batch_values(self, layer: int, count: int) -> Floats:
        """The same of the first `count` examples of that batch: one more dimension, in front."""
        own = self.program.maps[layer - 1]
        steps = [step * self.dtype.itemsize for step in (own.size, *own.strides)]
        first = self.memory.values[own.offset :]
        return np.lib.stride_tricks.as_strided(first, (count, *own.shape), steps, writeable=False)

    def sums(self, layer: int) -> Floats:
        """The same of a convolution before pooling and activation, of the last example."""
        return self.program.sums[layer - 1].of(self.memory.sums)

    @property
    def maps(self) -> tuple[Map, ...]:
        """Of each layer with weights."""
        return self.program.maps

    # -- as a whole ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Tensors:
        """What training changes: views."""
        return {name: getattr(self.memory, name) for name in _LEARNT}

    @property
    def parameter_count(self) -> int:
        """Weights and biases."""
        return self.program.parameter_count
