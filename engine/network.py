"""A network's program together with its memory: what the machine is called with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine import machine
from engine.examples import Examples
from engine.memory import aligned_zeros, lanes_for
from engine.methods import RULE, Method, Order, Schedule
from engine.program import STATISTICS, Layer, Program
from engine.vector import LANES
from engine.weights import LayerWeights, Matrix, no_norm

_TILE = 4 * LANES  # examples that the forward pass takes at once when it only looks


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
    clip: float = 0.0  # greatest norm of the gradient; 0 for any
    dropout: float = 0.0  # share of hidden values
    schedule: Schedule = Schedule.CONSTANT
    horizon: int = 1  # of the schedule, in steps
    order: Order = Order.SEQUENCE
    seed: int = 0  # of the order and of dropout

    @cached_property
    def record(self) -> NDArray[np.void]:
        """For the machine."""
        return np.array(
            [
                (
                    self.method, self.schedule, self.order, self.seed, self.horizon, self.learning_rate, self.momentum,
                    self.l1, self.l2, self.weight_decay, self.clip, self.dropout,
                )
            ],
            RULE,
        )  # fmt: skip


class _Room:
    """For a batch of `width` lanes: values and slopes (height, width), with the rows of ones set."""

    def __init__(self, program: Program, width: int, dtype: DTypeLike) -> None:
        self.width = width
        self.values = aligned_zeros(program.height * width, dtype)
        self.slopes = aligned_zeros(program.height * width, dtype)
        self.targets = aligned_zeros(width, dtype)  # of a batch that does not lie side by side
        self.rows = self.values[: program.height * width].reshape(program.height, width)
        self.rows[list(program.ones)] = 1


@dataclass(frozen=True)
class Look:
    """What a training step does."""

    gradient: NDArray[Any]  # mean over the examples, (parameters,)
    update: NDArray[Any]  # what is added to the parameters, (parameters,)
    values: NDArray[Any]  # of all rows, (rows, examples)


class Network:
    """Parameters that can be trained, evaluated and pictured."""

    def __init__(self, program: Program, layers: Sequence[LayerWeights], dtype: DTypeLike) -> None:
        self.program = program
        self.dtype = np.dtype(dtype)
        count = program.parameter_count
        self._parameters = aligned_zeros(count, dtype)
        self._gradients = aligned_zeros(count, dtype)
        self._moments = aligned_zeros(2 * lanes_for(count), dtype)
        self._alive = aligned_zeros(count, dtype)
        self._is_weight = aligned_zeros(count, dtype)
        self._statistics = aligned_zeros(program.statistic_count, dtype)
        for layer, given in zip(program.layers, layers, strict=True):
            self._matrix(self._parameters, layer)[:] = given.matrix
            self._matrix(self._is_weight, layer)[:, :-1] = 1
            if layer.norm >= 0:
                self._scales(layer)[:] = given.norm[:2]
                self._running(layer)[:] = given.norm[2:]
        self.revive()
        self.taken = 0  # steps of the method that is used
        self._looking = _Room(program, _TILE, dtype)
        self._training = _Room(program, 0, dtype)
        self._turned = aligned_zeros(LANES * LANES, dtype)  # a block of values, transposed

    @property
    def parameters(self) -> NDArray[Any]:
        """A view of all parameters: layer by layer, unit by unit, weights then bias; behind them layer by layer the
        scales and shifts of batch norm."""
        return self._parameters[: self.program.parameter_count]

    @property
    def matrices(self) -> list[Matrix]:
        """A view of each layer's weights and biases."""
        return self.by_layer(self._parameters)

    def by_layer(self, parameters: NDArray[Any]) -> list[Matrix]:
        """Views of each layer's part of an array that is laid out as the parameters are."""
        return [self._matrix(parameters, layer) for layer in self.program.layers]

    @property
    def layers(self) -> list[LayerWeights]:
        """Copies, layer by layer."""
        return [
            LayerWeights(matrix.copy(), self._norm(layer))
            for layer, matrix in zip(self.program.layers, self.matrices, strict=True)
        ]

    @property
    def running(self) -> list[Matrix]:
        """Views of the running means and variances of each normalised layer, (2, units)."""
        return [self._running(layer) for layer in self.program.layers if layer.norm >= 0]

    def revive(self) -> None:
        """Let weights that L1 has set to zero for good learn again."""
        self._alive[:] = 1

    def forget(self) -> None:
        """Begin a training method anew: what it remembers of former gradients is forgotten."""
        self._moments[:] = 0
        self.taken = 0

    def remember(self, other: "Network") -> None:
        """Take over what another network's training method remembers, should the parameters be the same ones."""
        if [layer.fan_in for layer in self.program.layers] == [layer.fan_in for layer in other.program.layers] and len(
            self.parameters
        ) == len(other.parameters):
            self._moments[:], self._alive[:], self.taken = other._moments, other._alive, other.taken

    def snapshot(self) -> tuple[Any, ...]:
        """All that training changes, to be given to `restore`."""
        arrays = (self._parameters, self._statistics, self._moments, self._alive)
        return *(array.copy() for array in arrays), self.taken

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        self._parameters[:], self._statistics[:], self._moments[:], self._alive[:], self.taken = snapshot

    def is_finite(self) -> bool:
        return bool(np.isfinite(self.parameters).all() and np.isfinite(self._statistics).all())

    def train(self, examples: Examples, rule: Rule, step: int, steps: int, run_step: int | None = None) -> None:
        """Take `steps` steps, the first of them number `step` (from 0) of the batches and `run_step` of the run."""
        room, position = (
            self._room_for(rule.batch_size + examples.before),
            (step, step if run_step is None else run_step),
        )
        self._run(examples, examples.count, rule.record, room, rule.batch_size, position, steps)
        self.taken += steps

    def look(self, examples: Examples, rule: Rule, run_step: int) -> Look:
        """What a step over the first 64 examples would do, without doing it."""
        count = min(_TILE, examples.count)
        before = self.snapshot()
        rule = replace(rule, order=Order.SEQUENCE)
        self._run(examples, count, rule.record, self._looking, count, (0, run_step), 1)
        update = self.parameters - before[0][: self.program.parameter_count]
        self.restore(before)
        gradient = self._gradients[: self.program.parameter_count] / count
        return Look(gradient, update, self._looking.rows[:, :count])

    def _run(
        self, examples: Examples, count: int, rule: NDArray[np.void], room: _Room,
        batch: int, position: tuple[int, int], steps: int,
    ) -> None:  # fmt: skip
        program = self.program
        machine.train(
            program.rows, program.trained, program.loss, rule,
            self._parameters, self._statistics, self._gradients, self._moments, self._alive, self._is_weight,
            program.parameter_count,
            room.values, room.slopes, self._turned, room.targets, room.width,
            examples.inputs, examples.targets, examples.sequence,
            program.inputs, examples.stride, examples.before, count,
            batch, position[0], self.taken, position[1], steps,
        )  # fmt: skip

    def loss(self, examples: Examples) -> float:
        """The mean loss over the examples; NaN over none."""
        if examples.count == 0:
            return math.nan
        program, room = self.program, self._looking
        result: float = machine.evaluate(
            program.rows, program.loss, self._parameters, self._statistics, room.values, room.width,
            examples.inputs, examples.targets, program.inputs, examples.stride, examples.before, examples.count,
        )  # fmt: skip
        return result

    def outputs(self, examples: Examples) -> NDArray[Any]:
        """What the network says of each example, (outputs, count)."""
        end = examples.before + examples.count
        said = self._watch(examples.inputs, examples.stride, end, self.program.outputs)
        return said[:, examples.before : end]

    def field(self, inputs: NDArray[Any], points: int, wanted: Sequence[int]) -> NDArray[Any]:
        """The values of some rows of the program at many points, (wanted, lanes_for(points)).

        inputs: flat, features x lanes_for(points).
        """
        return self._watch(inputs, lanes_for(points), points, wanted)

    def _watch(self, inputs: NDArray[Any], stride: int, points: int, wanted: Sequence[int]) -> NDArray[Any]:
        program, room = self.program, self._looking
        result = aligned_zeros(len(wanted) * stride, self.dtype)
        machine.field(
            program.rows, self._parameters, self._statistics, room.values, room.width,
            inputs, program.inputs, stride, points, np.array(wanted, np.int64), result,
        )  # fmt: skip
        return result[: len(wanted) * stride].reshape(len(wanted), stride)

    def _room_for(self, examples: int) -> _Room:
        width = lanes_for(examples)
        if width != self._training.width:
            self._training = _Room(self.program, width, self.dtype)
        return self._training

    @staticmethod
    def _matrix(array: NDArray[Any], layer: Layer) -> Matrix:
        shape = (layer.fan_out, layer.fan_in + 1)
        return array[layer.parameters : layer.parameters + shape[0] * shape[1]].reshape(shape)

    def _scales(self, layer: Layer) -> Matrix:
        return self._parameters[layer.norm : layer.norm + 2 * layer.fan_out].reshape(2, layer.fan_out)

    def _running(self, layer: Layer) -> Matrix:
        statistics = self._statistics[layer.state : layer.state + STATISTICS * layer.fan_out]
        return statistics.reshape(STATISTICS, layer.fan_out)[:2]

    def _norm(self, layer: Layer) -> Matrix:
        if layer.norm < 0:
            return no_norm(layer.fan_out)
        return np.concatenate([self._scales(layer), self._running(layer)])
