"""How a run trains, and where it stands: all that its next steps depend on, beside the network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labs.plane.exports.description import Array
from engine.labs.plane.trainer import Trainer
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.machine.operations import Operation
from engine.machine.program import Layer
from engine.runs.moment import Place
from engine.vectors.memory import lanes_for

FIRST = {Method.MOMENTUM, Method.NESTEROV, Method.ADAM, Method.ADAMW}
SECOND = {Method.ADAGRAD, Method.RMSPROP, Method.ADAM, Method.ADAMW}
"""The methods that keep a mean of gradients, and those that keep one of their squares."""


@dataclass(frozen=True, eq=False)
class OfLayer:
    """A number for each parameter of a layer."""

    weights: Array  # (units, inputs)
    biases: Array  # (units,)
    scales: Array | None  # (units,), with batch norm
    shifts: Array | None


@dataclass(frozen=True, eq=False)
class Training:
    """The rule, the points, the method's memory, and the position."""

    rule: Rule
    train: NDArray[np.float64]  # (n, 3): x, y, label
    test: NDArray[np.float64]
    place: Place
    taken: int  # steps of the present method
    steps_in_epoch: int
    first: tuple[OfLayer, ...]  # moments; () for a method without them, or without a step
    second: tuple[OfLayer, ...]
    dead: tuple[NDArray[np.int64], ...]  # of each layer, unit and input of each weight that L1 has fixed at zero
    dropout_rows: tuple[int, ...]  # the machine's first row of each hidden layer's values after dropout

    @property
    def left_over(self) -> int:
        """Points at the end of an epoch that the first batch of the next takes along."""
        is_sequence = self.rule.order == 0
        return len(self.train) - self.steps_in_epoch * self.rule.batch_size if is_sequence else 0

    @property
    def keeps_dead(self) -> bool:
        """Whether a weight that L1 has brought to zero stays there: plain gradient descent alone does so."""
        rule = self.rule
        has_any = bool(rule.l1) or any(len(each) for each in self.dead)
        return rule.method == Method.SGD and rule.weight_decay == 0 and has_any


def training_of(run: Trainer) -> Training:
    """The run's as it is."""
    network, model = run.network, run.model
    rule, half = model.rule, lanes_for(network.program.parameter_count)
    moments, alive = network.state["moments"], network.state["alive"]
    has_moved = network.taken > 0
    rows = network.program.rows
    return Training(
        rule,
        run.data.train,
        run.data.test,
        run.place,
        network.taken,
        run.steps_in_epoch,
        _by_layer(run, moments) if rule.method in FIRST and has_moved else (),
        _by_layer(run, moments[half:]) if rule.method in SECOND and has_moved else (),
        tuple(np.argwhere(layer.weights.of(alive)[:, :-1] == 0) for layer in network.program.layers),
        tuple(int(row["target"]) for row in rows if row["operation"] == Operation.DROPOUT),
    )


def _by_layer(run: Trainer, numbers: NDArray[Any]) -> tuple[OfLayer, ...]:
    """Numbers in the order of the parameters."""
    return tuple(_of_layer(layer, numbers) for layer in run.network.program.layers)


def _of_layer(layer: Layer, numbers: NDArray[Any]) -> OfLayer:
    matrix, norm = layer.weights.of(numbers), layer.norm
    return OfLayer(
        matrix[:, :-1].copy(),
        matrix[:, -1].copy(),
        norm.scales.of(numbers).copy() if norm else None,
        norm.shifts.of(numbers).copy() if norm else None,
    )
