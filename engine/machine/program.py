"""From an architecture to a program: a table of operations over one array of parameters and one of values.

Nothing is compiled for a network: the machine of `engine.machine.kernels` reads the table.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.machine.architecture import Architecture, Objective
from engine.machine.layout import Tensor
from engine.machine.operations import Operation
from engine.machine.operations.activations import KERNELS, NUMBERS
from engine.vectors.lanes import LANES
from engine.vectors.memory import aligned_zeros

ROW = np.dtype(
    [
        ("operation", np.int64),
        ("source", np.int64),  # first row of values that it reads
        ("target", np.int64),  # first row of values that it writes
        ("fan_in", np.int64),
        ("fan_out", np.int64),
        ("parameters", np.int64),  # place of its first parameter
        ("state", np.int64),  # place of its first statistic
        ("adds", np.int64),  # whether it adds to the slopes of its source, as a later operation has set them
    ]
)

_LOSSES: dict[Objective, Operation] = {
    "squared-error": Operation.SQUARED_ERROR,
    "cross-entropy": Operation.CROSS_ENTROPY,
    "categorical-cross-entropy": Operation.CATEGORICAL_CROSS_ENTROPY,
}
_PROBABILITIES = {"cross-entropy": NUMBERS["sigmoid"], "categorical-cross-entropy": Operation.SOFTMAX}
_SLOPES_OF_SOURCE = {Operation.DENSE, Operation.COPY, Operation.ADD}  # may be one of several that read their source

STATISTICS = 4  # of each normalised unit: see engine/machine/operations/batch_norm.py


Rows = NDArray[np.int64]  # of values, by number


@dataclass(frozen=True)
class Norm:
    """Where a batch norm keeps its own."""

    scales: Tensor  # (units,)
    shifts: Tensor
    statistics: Tensor  # (STATISTICS, units), in an array of their own


@dataclass(frozen=True)
class Layer:
    """Where a dense layer keeps its parameters and its units' values."""

    fan_in: int
    fan_out: int
    weights: Tensor  # (fan_out, fan_in + 1), the last column is the bias
    norm: Norm | None  # of a normalised one
    activated: int  # row of values of its first unit, fresh from the activation
    units: int  # the same as others see it: after dropout, lesions and the residual link


@dataclass(frozen=True)
class Program:
    """A network for the machine."""

    rows: NDArray[np.void]  # in the order of the forward pass; the loss is not among them
    trained: int  # the first so many rows are trained, the rest only turn logits into probabilities
    loss: NDArray[np.void]  # one row
    layers: tuple[Layer, ...]
    inputs: int  # how many input features; their rows come first
    outputs: Rows  # what the network says
    pictured: Rows  # each hidden unit, layer by layer, and each output if there are several
    hidden: int  # how many of these are hidden units
    ones: tuple[int, ...]  # rows of values that are one, for the biases
    height: int  # rows of values in all
    parameter_count: int
    statistic_count: int
    tells_probability: bool

    @property
    def layout(self) -> tuple[Tensor, ...]:
        """All parameters: the weights and biases of each layer, then scales and shifts of batch norm."""
        norms = [layer.norm for layer in self.layers if layer.norm]
        own = [tensor for norm in norms for tensor in (norm.scales, norm.shifts)]
        return (*(layer.weights for layer in self.layers), *own)

    @property
    def classes(self) -> int:
        """How many there are to tell apart, should it be a classification."""
        return max(len(self.outputs), 2)

    def is_weight(self, dtype: DTypeLike) -> NDArray[Any]:
        """1 for each weight; 0 for biases, scales and shifts, which neither decay nor are regularized."""
        marks = aligned_zeros(self.parameter_count, dtype)
        for layer in self.layers:
            layer.weights.of(marks)[:, :-1] = 1
        return marks


@dataclass
class _Draft:
    """A program that is being written."""

    architecture: Architecture
    rows: list[dict[str, int]] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    units: list[int] = field(default_factory=list)  # rows of each layer's units, those of the inputs first
    ones: list[int] = field(default_factory=list)
    free: int = 0  # the next row of values

    def take(self, count: int) -> int:
        """So many rows of values."""
        self.free += count
        return self.free - count

    def add(self, operation: int, source: int, target: int, units: int, **more: int) -> None:
        row = {"operation": int(operation), "source": source, "target": target, "fan_in": units, "fan_out": units}
        self.rows.append({**row, **more})

    def close_block(self) -> None:
        """A row of ones below rows that a dense operation reads: the bias is the weight of one more input."""
        self.ones.append(self.take(1))


def compile_program(architecture: Architecture) -> Program:
    """The table for a network."""
    draft = _Draft(architecture)
    shape = architecture.shape
    draft.units.append(draft.take(shape[0]))
    draft.close_block()
    weights = _lay_out_weights(architecture)
    norms = _lay_out_norms(architecture, weights[-1].end)
    for number, (matrix, norm) in enumerate(zip(weights, norms, strict=True), start=1):
        _write_layer(draft, number, matrix, norm)
    trained, outputs = len(draft.rows), draft.units[-1]
    objective = architecture.objective
    if tells_probability := objective in _PROBABILITIES:
        said = draft.take(shape[-1])
        draft.add(_PROBABILITIES[objective], outputs, said, shape[-1])
    loss = {
        "operation": int(_LOSSES[objective]),
        "source": outputs,
        "target": outputs,
        "fan_in": shape[-1],
        "fan_out": 1,
    }
    _mark_sums(draft.rows)
    first = said if tells_probability else outputs
    rows = list(range(first, first + shape[-1]))
    hidden = [layer.units + unit for layer in draft.layers[:-1] for unit in range(layer.fan_out)]
    return Program(
        rows=_table(draft.rows),
        trained=trained,
        loss=_table([loss]),
        layers=tuple(draft.layers),
        inputs=shape[0],
        outputs=np.array(rows, np.int64),
        pictured=np.array(hidden + rows if len(rows) > 1 else hidden, np.int64),
        hidden=len(hidden),
        ones=tuple(draft.ones),
        height=draft.free + LANES,  # the gradient kernels read whole blocks of rows
        parameter_count=max([weights[-1].end, *(norm.shifts.end for norm in norms if norm)]),
        statistic_count=max([0, *(norm.statistics.end for norm in norms if norm)]),
        tells_probability=tells_probability,
    )


def _lay_out_weights(architecture: Architecture) -> list[Tensor]:
    """Of each layer, one behind the other."""
    shape, tensors, place = architecture.shape, [], 0
    for number, units in enumerate(shape[1:], start=1):
        fan_in = sum(shape[source] for source in architecture.reads(number))
        tensors.append(Tensor(f"layer {number} weights", place, (units, fan_in + 1)))
        place = tensors[-1].end
    return tensors


def _lay_out_norms(architecture: Architecture, place: int) -> list[Norm | None]:
    """Of each layer, from a place behind all weights on; the output has none."""
    norms: list[Norm | None] = []
    state = 0
    for number, units in enumerate(architecture.shape[1:-1] if architecture.batch_norm else (), start=1):
        scales = Tensor(f"layer {number} scales", place, (units,))
        shifts = Tensor(f"layer {number} shifts", scales.end, (units,))
        statistics = Tensor(f"layer {number} statistics", state, (STATISTICS, units))
        norms.append(Norm(scales, shifts, statistics))
        place, state = shifts.end, statistics.end
    return norms + [None] * (len(architecture.shape) - 1 - len(norms))


def _write_layer(draft: _Draft, number: int, weights: Tensor, norm: Norm | None) -> None:
    """Dense, batch norm, activation, dropout, lesions, residual link: what of these there is."""
    architecture, shape = draft.architecture, draft.architecture.shape
    units, fan_in = weights.shape[0], weights.shape[1] - 1
    is_output = number == len(shape) - 1
    source = _write_inputs(draft, number)
    here = draft.take(units)
    draft.add(Operation.DENSE, source, here, units, fan_in=fan_in, parameters=weights.offset)
    if norm:
        sums, here = here, draft.take(units)
        draft.add(Operation.BATCH_NORM, sums, here, units, parameters=norm.scales.offset, state=norm.statistics.offset)
    here = activated = _write_activation(draft, number, here, units)
    if not is_output:
        here = _write_losses_of_units(draft, number, here, units)
        if architecture.connections == "residual" and units == shape[number - 1]:
            branch, here = here, draft.take(units)
            draft.add(Operation.COPY, branch, here, units)
            draft.add(Operation.ADD, draft.units[number - 1], here, units)
        draft.close_block()
    draft.units.append(here)
    draft.layers.append(Layer(fan_in, units, weights, norm, activated, here))


def _write_inputs(draft: _Draft, number: int) -> int:
    """Where all that a layer reads lies together: several layers are copied into one block."""
    reads, shape = draft.architecture.reads(number), draft.architecture.shape
    if len(reads) == 1:
        return draft.units[reads[0]]
    block = draft.free
    for layer in reads:
        draft.add(Operation.COPY, draft.units[layer], draft.take(shape[layer]), shape[layer])
    draft.close_block()
    return block


def _write_activation(draft: _Draft, number: int, sums: int, units: int) -> int:
    architecture = draft.architecture
    is_output = number == len(architecture.shape) - 1
    if is_output and architecture.objective != "squared-error":
        return sums  # a logit
    activation = architecture.output if is_output else architecture.activations[number - 1]
    kernels = KERNELS[activation]
    if kernels is None:
        return sums
    target = draft.take(units) if kernels.keeps else sums
    draft.add(NUMBERS[activation], sums, target, units)
    return target


def _write_losses_of_units(draft: _Draft, number: int, here: int, units: int) -> int:
    """Dropout and lesions."""
    if draft.architecture.dropout:
        source = here
        draft.take(units)  # for the factors
        here = draft.take(units)
        draft.add(Operation.DROPOUT, source, here, units)
    for layer, neuron in draft.architecture.lesions:
        if layer == number:
            first, count = (here, units) if neuron == 0 else (here + neuron - 1, 1)
            draft.add(Operation.SWITCH_OFF, first, first, count)
    return here


def _mark_sums(rows: list[dict[str, int]]) -> None:
    """On the way back the first operation that comes to its source sets the slopes there, others add."""
    reached: set[int] = set()
    for row in reversed(rows):
        if row["operation"] in _SLOPES_OF_SOURCE:
            row["adds"] = int(row["source"] in reached)
            reached.add(row["source"])


def _table(rows: list[dict[str, int]]) -> NDArray[np.void]:
    """Fields that a row does not name are zero."""
    return np.array([tuple(row.get(name, 0) for name in ROW.names or ()) for row in rows], ROW)
