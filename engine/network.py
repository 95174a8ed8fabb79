"""A network's program together with its memory: what the machine is called with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine import machine
from engine.examples import Examples
from engine.memory import aligned_zeros, lanes_for
from engine.methods import RULE, Method, Order, Schedule
from engine.program import Program
from engine.vector import LANES

Matrix = NDArray[Any]  # a dense layer's parameters, (units, inputs + 1), the last column is the bias

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
    schedule: Schedule = Schedule.CONSTANT
    horizon: int = 1  # of the schedule, in steps
    order: Order = Order.SEQUENCE
    seed: int = 0  # of the order

    @cached_property
    def record(self) -> NDArray[np.void]:
        """For the machine."""
        return np.array(
            [
                (
                    self.method, self.schedule, self.order, self.seed, self.horizon, self.learning_rate, self.momentum,
                    self.l1, self.l2, self.weight_decay, self.clip,
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
        self.rows[program.inputs] = 1
        for layer in program.layers:
            self.rows[layer.units + layer.fan_out] = 1


_STANDING = Rule(learning_rate=0.0, batch_size=1).record


class Network:
    """Parameters that can be trained, evaluated and pictured."""

    def __init__(self, program: Program, matrices: Sequence[Matrix], dtype: DTypeLike) -> None:
        self.program = program
        self.dtype = np.dtype(dtype)
        count = program.parameter_count
        self._parameters = aligned_zeros(count, dtype)
        self._gradients = aligned_zeros(count, dtype)
        self._moments = aligned_zeros(2 * lanes_for(count), dtype)
        self._alive = aligned_zeros(count, dtype)
        self._is_weight = aligned_zeros(count, dtype)
        for layer, given in zip(program.layers, matrices, strict=True):
            self._matrix(self._parameters, layer.parameters, given.shape)[:] = given
            self._matrix(self._is_weight, layer.parameters, given.shape)[:, :-1] = 1
        self.revive()
        self.taken = 0  # steps of the method that is used
        self._looking = _Room(program, _TILE, dtype)
        self._training = _Room(program, 0, dtype)
        self._turned = aligned_zeros(LANES * LANES, dtype)  # a block of values, transposed

    @property
    def parameters(self) -> NDArray[Any]:
        """A view of all parameters: layer by layer, unit by unit, weights then bias."""
        return self._parameters[: self.program.parameter_count]

    @property
    def matrices(self) -> list[Matrix]:
        """A view of each layer's parameters."""
        return [
            self._matrix(self._parameters, layer.parameters, (layer.fan_out, layer.fan_in + 1))
            for layer in self.program.layers
        ]

    def revive(self) -> None:
        """Let weights that L1 has set to zero for good learn again."""
        self._alive[:] = 1

    def forget(self) -> None:
        """Begin a training method anew: what it remembers of former gradients is forgotten."""
        self._moments[:] = 0
        self.taken = 0

    def snapshot(self) -> tuple[Any, ...]:
        """All that training changes, to be given to `restore`."""
        return self._parameters.copy(), self._moments.copy(), self._alive.copy(), self.taken

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        self._parameters[:], self._moments[:], self._alive[:], self.taken = snapshot

    def is_finite(self) -> bool:
        return bool(np.isfinite(self.parameters).all())

    def train(self, examples: Examples, rule: Rule, step: int, steps: int, run_step: int | None = None) -> None:
        """Take `steps` steps, the first of them number `step` (from 0) of the batches and `run_step` of the run."""
        room, position = (
            self._room_for(rule.batch_size + examples.before),
            (step, step if run_step is None else run_step),
        )
        self._run(examples, examples.count, rule.record, room, rule.batch_size, position, steps)
        self.taken += steps

    def gradient(self, examples: Examples) -> tuple[NDArray[Any], NDArray[Any]]:
        """The mean gradient over the first 64 examples, (parameters,), and the values of all rows, (rows, examples)."""
        count = min(_TILE, examples.count)
        before = self.snapshot()
        self._run(examples, count, _STANDING, self._looking, count, (0, 0), 1)
        self.restore(before)  # a gradient that is not finite has moved them, even at a rate of zero
        return self._gradients[: self.program.parameter_count] / count, self._looking.rows[:, :count]

    def _run(
        self, examples: Examples, count: int, rule: NDArray[np.void], room: _Room,
        batch: int, position: tuple[int, int], steps: int,
    ) -> None:  # fmt: skip
        program = self.program
        machine.train(
            program.rows, program.trained, program.loss, rule,
            self._parameters, self._gradients, self._moments, self._alive, self._is_weight, program.parameter_count,
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
            program.rows, program.loss, self._parameters, room.values, room.width,
            examples.inputs, examples.targets, program.inputs, examples.stride, examples.before, examples.count,
        )  # fmt: skip
        return result

    def outputs(self, examples: Examples) -> NDArray[Any]:
        """What the network says of each example, (count,)."""
        program, room = self.program, self._looking
        said = aligned_zeros(examples.stride, self.dtype)
        machine.field(
            program.rows, self._parameters, room.values, room.width,
            examples.inputs, program.inputs, examples.stride, examples.before + examples.count,
            np.array([program.output], np.int64), said,
        )  # fmt: skip
        return said[examples.before : examples.before + examples.count]

    def field(self, inputs: NDArray[Any], points: int, wanted: Sequence[int]) -> NDArray[Any]:
        """The values of some rows of the program at many points, (wanted, lanes_for(points)).

        inputs: flat, features x lanes_for(points).
        """
        program, room, stride = self.program, self._looking, lanes_for(points)
        pictures = aligned_zeros(len(wanted) * stride, self.dtype)
        machine.field(
            program.rows, self._parameters, room.values, room.width,
            inputs, program.inputs, stride, points, np.array(wanted, np.int64), pictures,
        )  # fmt: skip
        return pictures[: len(wanted) * stride].reshape(len(wanted), stride)

    def _room_for(self, examples: int) -> _Room:
        width = lanes_for(examples)
        if width != self._training.width:
            self._training = _Room(self.program, width, self.dtype)
        return self._training

    @staticmethod
    def _matrix(array: NDArray[Any], start: int, shape: tuple[int, ...]) -> Matrix:
        return array[start : start + shape[0] * shape[1]].reshape(shape)
