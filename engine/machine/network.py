"""Joins a network's program and its memory, and runs the machine with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.machine import kernels as machine
from engine.machine.examples import Grid, Inputs, Labelled
from engine.machine.methods import RULE, Method
from engine.machine.metrics import Confusion
from engine.machine.orders import Order
from engine.machine.program import Norm, Program, Rows
from engine.machine.schedules import Schedule
from engine.machine.weights import LayerWeights, Matrix, no_norm
from engine.vectors.lanes import LANES
from engine.vectors.memory import Tensors, aligned_parts, aligned_zeros, lanes_for

Pictures = NDArray[np.uint8]  # a byte per pixel, by `engine.machine.pictures`
Snapshot = tuple[Tensors, int]

_LEARNT = ("parameters", "statistics", "moments", "alive")  # what training changes
_NO_COUNTS, _NO_PICTURE = np.empty(0, np.int64), np.empty(0, np.uint8)
_TILE = 4 * LANES  # examples in one forward pass that does not train


@dataclass(frozen=True)
class Rule:
    """How a step changes the parameters."""

    learning_rate: float
    batch_size: int
    l1: float = 0.0
    l2: float = 0.0
    method: Method = Method.SGD
    momentum: float = 0.9
    weight_decay: float = 0.0
    clip: float = 0.0  # largest norm of the gradient; 0 for no limit
    dropout: float = 0.0  # share of hidden values
    label_smoothing: float = 0.0  # share of each label that is spread over all classes; in cross-entropy
    schedule: Schedule = Schedule.CONSTANT
    horizon: int = 1  # of the schedule, in steps
    order: Order = Order.SEQUENCE
    seed: int = 0  # of the order and of dropout

    @cached_property
    def record(self) -> NDArray[np.void]:
        """The rule as the machine takes it, (1,)."""
        return np.array([tuple(getattr(self, name) for name in RULE.names or ())], RULE)


class Room:
    """Scratch for a batch of `width` lanes: values and slopes (height, width), with the rows of ones set."""

    def __init__(self, program: Program, width: int, dtype: DTypeLike) -> None:
        self.width = width
        self.values = aligned_zeros(program.height * width, dtype)
        self.slopes = aligned_zeros(program.height * width, dtype)
        self.targets = aligned_zeros(width, dtype)  # of a batch whose examples are not contiguous
        self.rows = self.values[: program.height * width].reshape(program.height, width)
        self.rows[list(program.ones)] = 1


@dataclass(frozen=True)
class Survey:
    """All that a frame shows of a network."""

    losses: tuple[float, float]  # of training and test examples; NaN over none
    confusions: Confusion  # of both, (2, classes, classes); meaningless in a regression
    large: Pictures  # one output (1, size, size); with several, the winner and its lead (2, size, size)
    small: Pictures  # each hidden unit, and each output if there are several (units, size, size)


@dataclass(frozen=True)
class Look:
    """Gradient, update and values of one training step."""

    gradient: NDArray[Any]  # mean over the examples, (parameters,)
    update: NDArray[Any]  # what is added to the parameters, (parameters,)
    values: NDArray[Any]  # of all rows, (rows, examples)


class Network:
    """Parameters that can be trained, evaluated and pictured."""

    def __init__(self, program: Program, layers: Sequence[LayerWeights], dtype: DTypeLike) -> None:
        self.program = program
        self.dtype = np.dtype(dtype)
        count = program.parameter_count
        self._memory, parts = aligned_parts([count, program.statistic_count, 2 * lanes_for(count), count], dtype)
        self._parts = dict(zip(_LEARNT, parts, strict=True))
        self._parameters, self._statistics, self._moments, self._alive = (self._memory[part] for part in parts)
        self._gradients = aligned_zeros(count, dtype)
        self._is_weight = program.is_weight(dtype)
        for layer, given in zip(program.layers, layers, strict=True):
            layer.weights.of(self._parameters)[:] = given.matrix
            if layer.norm:
                layer.norm.scales.of(self._parameters)[:] = given.norm[0]
                layer.norm.shifts.of(self._parameters)[:] = given.norm[1]
                layer.norm.statistics.of(self._statistics)[:2] = given.norm[2:]
        self.revive()
        self.taken = 0  # steps of the method that is used
        self._looking = Room(program, _TILE, dtype)
        self._training = Room(program, 0, dtype)
        self._nothing = Labelled(np.empty((0, 0)), np.empty(0), 0, dtype)
        self._turned = aligned_zeros(LANES * LANES, dtype)  # a block of values, transposed

    @property
    def parameters(self) -> NDArray[Any]:
        """A view of all parameters: layer by layer, unit by unit, weights then bias; then layer by layer the scales
        and shifts of batch norm."""
        return self._parameters[: self.program.parameter_count]

    @property
    def matrices(self) -> list[Matrix]:
        """A view of each layer's weights and biases."""
        return self.by_layer(self._parameters)

    def by_layer(self, parameters: NDArray[Any]) -> list[Matrix]:
        """Views of each layer's part of an array with the layout of the parameters."""
        return [layer.weights.of(parameters) for layer in self.program.layers]

    @property
    def layers(self) -> list[LayerWeights]:
        """A copy of each layer's weights."""
        return [
            LayerWeights(matrix.copy(), self._norm(layer.norm, layer.fan_out))
            for layer, matrix in zip(self.program.layers, self.matrices, strict=True)
        ]

    @property
    def running(self) -> list[Matrix]:
        """Views of the running means and variances of each normalised layer, (2, units)."""
        return [layer.norm.statistics.of(self._statistics)[:2] for layer in self.program.layers if layer.norm]

    def revive(self) -> None:
        """Let weights learn again that L1 has fixed at zero."""
        self._alive[:] = 1

    def forget(self) -> None:
        """Reset the training method: forget its memory of former gradients."""
        self._moments[:] = 0
        self.taken = 0

    def remember(self, other: "Network") -> None:
        """Copy the memory of another network's training method, if both have the same parameters."""
        if [layer.fan_in for layer in self.program.layers] == [layer.fan_in for layer in other.program.layers] and len(
            self.parameters
        ) == len(other.parameters):
            self._moments[:], self._alive[:], self.taken = other._moments, other._alive, other.taken

    @property
    def nbytes(self) -> int:
        """Bytes of a snapshot."""
        return self._memory.nbytes

    def snapshot(self) -> Snapshot:
        """A copy of all that training changes, for `restore`."""
        copy = self._memory.copy()
        return {name: copy[part] for name, part in self._parts.items()}, self.taken

    def restore(self, snapshot: Snapshot) -> None:
        tensors, self.taken = snapshot
        for name, part in self._parts.items():
            self._memory[part] = tensors[name]

    @property
    def state(self) -> Tensors:
        """Views of all that training changes except `taken`, with a vector's overhang behind each."""
        return {name: self._memory[part] for name, part in self._parts.items()}

    def train(self, examples: Labelled, rule: Rule, step: int, steps: int, run_step: int | None = None) -> bool:
        """Take `steps` steps; the first is number `step` (from 0) in these batches and `run_step` in the run.

        Returns whether everything learned is finite.
        """
        room, position = (
            self._room_for(rule.batch_size + examples.before),
            (step, step if run_step is None else run_step),
        )
        is_finite = self._run(examples, examples.count, rule.record, room, rule.batch_size, position, steps)
        self.taken += steps
        return is_finite

    def look(self, examples: Labelled, rule: Rule, run_step: int) -> Look:
        """Compute a step over the first 64 examples without taking it."""
        count = min(_TILE, examples.count)
        before = self.snapshot()
        rule = replace(rule, order=Order.SEQUENCE)
        self._run(examples, count, rule.record, self._looking, count, (0, run_step), 1)
        update = self.parameters - before[0]["parameters"][: self.program.parameter_count]
        self.restore(before)
        gradient = self._gradients[: self.program.parameter_count] / count
        return Look(gradient, update, self._looking.rows[:, :count])

    def _run(
        self, examples: Labelled, count: int, rule: NDArray[np.void], room: Room,
        batch: int, position: tuple[int, int], steps: int,
    ) -> bool:  # fmt: skip
        program = self.program
        is_finite: bool = machine.train(
            program.rows, program.trained, program.loss, rule,
            self._parameters, self._statistics, self._gradients, self._moments, self._alive, self._is_weight,
            program.parameter_count,
            room.values, room.slopes, self._turned, room.targets, room.width,
            examples.inputs, examples.targets, examples.sequence,
            program.inputs, examples.stride, examples.before, count,
            batch, position[0], self.taken, position[1], steps,
        )  # fmt: skip
        return is_finite

    def losses(self, train: Labelled, test: Labelled | None = None) -> tuple[float, float]:
        """The mean loss of both sets; NaN without examples."""
        return self._watch(train, test)

    def loss(self, examples: Labelled) -> float:
        """The mean loss; NaN without examples."""
        return self.losses(examples)[0]

    def confusion(self, examples: Labelled) -> Confusion:
        """Counts of examples by true class (rows) and predicted class (columns); meaningless in a regression."""
        counts = self._no_counts()
        self._watch(examples, counts=counts)
        confusion: Confusion = counts[0]
        return confusion

    def outputs(self, examples: Labelled) -> NDArray[Any]:
        """The outputs for each example, (outputs, count)."""
        return self.values(examples, self.program.outputs)

    def values(self, examples: Labelled, rows: Rows) -> NDArray[Any]:
        """The values of some rows of the program for each example, (rows, count)."""
        said = aligned_zeros(len(rows) * examples.stride, self.dtype)
        self._watch(examples, said=said, told=rows)
        return said[: len(rows) * examples.stride].reshape(len(rows), examples.stride)[:, : examples.count]

    def pictures(self, grid: Grid, rows: Rows, hidden: int) -> Pictures:
        """Pictures of some rows of the program, (rows, size, size); those from rows[hidden] on are outputs."""
        tiles = np.empty((len(rows), grid.size, grid.size), np.uint8)
        self._watch(small=grid, tiles=tiles, pictured=(rows, hidden))
        return tiles

    def painted(self, places: Inputs) -> Pictures:
        """What the large picture of `survey` says at any places, (1, places) or (2, places)."""
        whole = np.empty((min(len(self.program.outputs), 2), places.count), np.uint8)
        self._watch(large=places, whole=whole)
        return whole

    def survey(self, train: Labelled, test: Labelled, large: Grid, small: Grid | None) -> Survey:
        """All that a frame shows, in one pass over examples and pixels; without `small` no small pictures."""
        program, counts = self.program, self._no_counts()
        whole = np.empty((min(len(program.outputs), 2), large.size, large.size), np.uint8)
        tiles = np.empty((len(program.pictured), small.size, small.size), np.uint8) if small else _NO_PICTURE
        losses = self._watch(train, test, large, small, counts=counts, whole=whole, tiles=tiles)
        return Survey(losses, counts, whole, tiles)

    def _watch(
        self,
        train: Labelled | None = None,
        test: Labelled | None = None,
        large: Inputs | None = None,
        small: Inputs | None = None,
        *,
        counts: Confusion = _NO_COUNTS,
        said: NDArray[Any] | None = None,
        whole: Pictures = _NO_PICTURE,
        tiles: Pictures = _NO_PICTURE,
        pictured: tuple[Rows, int] | None = None,
        told: Rows | None = None,
    ) -> tuple[float, float]:
        """The losses of both sets. Fills also the arrays that are given.

        `said` receives the rows `told`, by default the outputs; do not combine `told` with `counts` or `whole`.
        """
        program, room, none, losses = self.program, self._looking, self._nothing, np.empty(2)
        a, b, c, d = train or none, test or none, large or none, small or none
        machine.watch(
            program.rows, program.loss, self._parameters, self._statistics, room.values, room.width, program.inputs,
            program.outputs if told is None else told, *(pictured or (program.pictured, program.hidden)),
            program.tells_probability,
            (a.inputs, b.inputs, c.inputs, d.inputs), (a.stride, b.stride, c.stride, d.stride),
            (a.before, b.before, c.before, d.before), (a.count, b.count, c.count, d.count),
            ((train or none).targets, (test or none).targets),
            losses, counts.ravel(), none.targets[:0] if said is None else said, (whole.ravel(), tiles.ravel()),
        )  # fmt: skip
        return float(losses[0]), float(losses[1])

    def _no_counts(self) -> Confusion:
        """Zero counts of two sets."""
        return np.zeros((2, self.program.classes, self.program.classes), np.int64)

    def _room_for(self, examples: int) -> Room:
        width = lanes_for(examples)
        if width != self._training.width:
            self._training = Room(self.program, width, self.dtype)
        return self._training

    def _norm(self, norm: Norm | None, units: int) -> Matrix:
        """A copy of what a layer's batch norm has learnt; without one, a norm that changes nothing."""
        if norm is None:
            return no_norm(units)
        learnt = [norm.scales.of(self._parameters), norm.shifts.of(self._parameters)]
        return np.array([*learnt, *norm.statistics.of(self._statistics)[:2]])
