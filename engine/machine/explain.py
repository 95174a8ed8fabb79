"""Explains one training step: every number on the way forward, back and down, from the machine itself.

It runs on copies, row by row, and changes nothing of the network.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.machine import kernels as machine
from engine.machine import row_by_row
from engine.machine.architecture import Activation, Objective
from engine.machine.differences import Setup, losses_of
from engine.machine.examples import Labelled
from engine.machine.explanation import (
    Explanation,
    Kind,
    LayerStep,
    LossStep,
    NormStep,
    Numbers,
    Return,
    Stage,
    Unit,
    UpdateStep,
    Values,
)
from engine.machine.kernels import ADD, BATCH_NORM, COPY, DENSE, DROPOUT, SWITCH_OFF
from engine.machine.methods import CLIP_EPSILON, Method
from engine.machine.network import Network, Room, Rule
from engine.machine.operations import FIRST_ACTIVATION, Operation
from engine.machine.operations.activations import NUMBERS
from engine.machine.operations.batch_norm import EPSILON
from engine.machine.orders import Order
from engine.machine.program import Layer, Norm, Program
from engine.vectors.lanes import LANES
from engine.vectors.memory import aligned_zeros, lanes_for

_OBJECTIVES: dict[int, Objective] = {
    Operation.SQUARED_ERROR: "squared-error",
    Operation.CROSS_ENTROPY: "cross-entropy",
    Operation.CATEGORICAL_CROSS_ENTROPY: "categorical-cross-entropy",
}
_ACTIVATIONS: dict[int, Activation] = {number: name for name, number in NUMBERS.items()}
_KINDS: dict[int, Kind] = {
    BATCH_NORM: "batch-norm",
    DROPOUT: "dropout",
    SWITCH_OFF: "switch-off",
    ADD: "residual",
}


def explain(
    network: Network,
    rule: Rule,
    inputs: Values,
    targets: Values | None,
    run_step: int,
    numbers: Numbers | None,
) -> Explanation:
    """A step over these inputs (features, examples) as the network is when it does not train.

    Batch norm has its running statistics and nothing is left out, so an example means the same alone as among others,
    and the same as in the pictures. targets: (examples,), or (outputs, examples) for several squared errors.
    """
    walk = _Walk(network, rule, inputs, targets, run_step, trains=False)
    return walk.explanation(numbers, walk.descend() if targets is not None else None)


def explain_batch(network: Network, examples: Labelled, rule: Rule, step: int, run_step: int) -> Explanation:
    """The step that `Network.train` takes next with these arguments; the update is its own."""
    numbers = numbers_of(examples, rule, step)
    features, before = network.program.inputs, examples.before
    columns = examples.inputs[: features * examples.stride].reshape(features, examples.stride)
    walk = _Walk(network, rule, columns[:, before + numbers], examples.targets[before + numbers], run_step, trains=True)
    return walk.explanation(numbers, walk.train(examples, step))


def numbers_of(examples: Labelled, rule: Rule, step: int) -> Numbers:
    """Which examples the batch of a step holds. One that is taken along from the end of an epoch counts from there."""
    if rule.order != Order.SEQUENCE:
        numbers: Numbers = np.zeros(rule.batch_size, np.int64)
        sequence = examples.sequence.copy()
        row_by_row.choose_numbers(rule.record, sequence, step, rule.batch_size, examples.count, numbers)
        return numbers
    in_epoch = examples.count // rule.batch_size
    first = step % in_epoch * rule.batch_size
    carried = examples.count - in_epoch * rule.batch_size if first == 0 and step > 0 else 0
    taken: Numbers = np.arange(first - carried, first + rule.batch_size) % examples.count
    return taken


class _Walk:
    """Copies of a network's memory, and one step through them."""

    def __init__(
        self, network: Network, rule: Rule, inputs: Values, targets: Values | None, run_step: int, *, trains: bool
    ) -> None:
        self.program: Program = network.program
        self._network, self._rule, self._run_step, self._trains = network, rule, run_step, trains
        self._tensors, self._taken = network.snapshot()
        self.inputs, self.count = inputs, inputs.shape[1]
        self._objective = _OBJECTIVES[int(self.program.loss["operation"][0])]
        self._operations: list[int] = self.program.rows["operation"].tolist()
        self._rows = self.program.rows if trains else row_by_row.as_evaluated(self.program.rows)
        self._room = Room(self.program, lanes_for(self.count), network.dtype)
        self._slopes = self._room.slopes[: self.program.height * self._room.width].reshape(self._room.rows.shape)
        self._turned = aligned_zeros(LANES * LANES, network.dtype)
        self._gradients = aligned_zeros(self.program.parameter_count, network.dtype)
        self._statistics = self._tensors["statistics"].copy()
        self._forward = self._go_forward()
        self._targets = targets
        self._loss = None if targets is None else self._begin_back(targets)
        self._back = self._go_back() if self._loss else {}

    # -- through the rows -------------------------------------------------------------------------------------------

    def _of(self, rows: Values, first: int, units: int) -> Values:
        """A copy of rows of values or slopes, of the examples alone."""
        copy: Values = rows[first : first + units, : self.count].copy()
        return copy

    def _go_forward(self) -> list["_Forward"]:
        room, passed = self._room, []
        room.rows[: self.program.inputs, : self.count] = self.inputs
        for number, row in enumerate(self._rows):
            before = self._of(room.rows, row["source"], row["fan_in"])
            added_to = self._of(room.rows, row["target"], row["fan_out"] if self._operations[number] == ADD else 0)
            row_by_row.go_forward(
                self._rows, number, number + 1, self._rule.record, self._run_step,
                self._tensors["parameters"], self._statistics, room.values, room.width, self.count,
            )  # fmt: skip
            after = self._of(room.rows, row["target"], row["fan_out"])
            passed.append(_Forward(before, added_to, after, self._slope(number)))
        return passed

    def _slope(self, number: int) -> Values | None:
        """Of a row that treats each unit and example alone, by going back with slopes of one."""
        row = self._rows[number]
        target = slice(row["target"], row["target"] + row["fan_out"])
        if self._operations[number] == DROPOUT:
            return self._dropout_factors(number)
        if number >= self.program.trained or not (
            row["operation"] >= FIRST_ACTIVATION or row["operation"] == row_by_row.CONSTANT_NORM
        ):
            return None
        self._slopes[target] = 1
        self._step_back(number)
        return self._of(self._slopes, row["source"], row["fan_in"])

    def _dropout_factors(self, number: int) -> Values:
        row = self._rows[number]
        factors = self._of(self._room.rows, row["target"] - row["fan_out"], row["fan_out"])
        return factors if self._trains else np.ones_like(factors)

    def _begin_back(self, targets: Values) -> LossStep:
        """Set the slopes of the loss; several squared errors are as many losses of one output."""
        program, room, smoothing = self.program, self._room, float(self._rule.label_smoothing)
        first, outputs = int(program.loss["source"][0]), len(program.outputs)
        for part, given in enumerate(np.atleast_2d(targets)):
            loss, wanted = program.loss.copy(), aligned_zeros(room.width, room.values.dtype)
            loss["source"] += part
            wanted[: self.count] = given
            row_by_row.begin_back(loss, smoothing, room.values, room.slopes, wanted, room.width, self.count)
        sums = self._of(room.rows, first, outputs)
        expected, true = (self._expected(targets, outputs, share) for share in (smoothing, 0.0))
        with np.errstate(over="ignore", invalid="ignore"):
            losses, shown = (losses_of(self._objective, sums, wanted) for wanted in (expected, true))
        return LossStep(self._objective, sums, expected, losses, shown, self._of(self._slopes, first, outputs))

    def _expected(self, targets: Values, outputs: int, smoothing: float) -> Values:
        """What the loss compares the outputs with, (outputs, examples), in float64."""
        wanted = np.atleast_2d(targets).astype(np.float64)
        if self._objective == "squared-error":
            return wanted
        if self._objective == "cross-entropy":
            return (1 - smoothing) * (wanted + 1) / 2 + smoothing / 2
        shares: Values = (1 - smoothing) * (wanted == np.arange(outputs)[:, None]) + smoothing / outputs
        return shares

    def _go_back(self) -> dict[int, "_Back"]:
        passed = {}
        for number in range(self.program.trained - 1, -1, -1):
            row = self._rows[number]
            came = self._of(self._slopes, row["target"], row["fan_out"])
            self._step_back(number)
            is_stage = self._operations[number] not in (DENSE, COPY, ADD)  # others may add to what is there
            passed[number] = _Back(came, self._of(self._slopes, row["source"], row["fan_in"] if is_stage else 0))
        return passed

    def _step_back(self, number: int) -> None:
        room = self._room
        row_by_row.go_back(
            self._rows, number, number + 1, self._tensors["parameters"], self._statistics, self._gradients,
            room.values, room.slopes, self._turned, room.width, self.count,
        )  # fmt: skip

    # -- down -------------------------------------------------------------------------------------------------------

    def descend(self) -> UpdateStep:
        """The update that a step over these examples alone would be."""
        after = {name: self._tensors[name].copy() for name in ("parameters", "moments", "alive")}
        self._descend(self._rule, after)
        return self._update(after)

    def train(self, examples: Labelled, step: int) -> UpdateStep:
        """The update of the step that the run takes, by the kernel that takes it."""
        program, rule = self.program, self._rule
        after = {name: tensor.copy() for name, tensor in self._tensors.items()}
        room = Room(program, lanes_for(rule.batch_size + examples.before), self._network.dtype)
        machine.train(
            program.rows, program.trained, program.loss, rule.record,
            after["parameters"], after["statistics"], self._gradients, after["moments"], after["alive"],
            program.is_weight(self._network.dtype), program.parameter_count,
            room.values, room.slopes, self._turned, room.targets, room.width,
            examples.inputs, examples.targets, examples.sequence.copy(),
            program.inputs, examples.stride, examples.before, examples.count,
            rule.batch_size, step, self._taken, self._run_step, 1,
        )  # fmt: skip
        self._statistics = after["statistics"]
        return self._update(after)

    def _descend(self, rule: Rule, tensors: dict[str, Values]) -> float:
        program = self.program
        rate: float = row_by_row.descend(
            rule.record, self._run_step, self._taken, tensors["parameters"], self._gradients, tensors["moments"],
            tensors["alive"], program.is_weight(self._network.dtype), self.count, program.parameter_count,
        )  # fmt: skip
        return rate

    def _update(self, after: dict[str, Values]) -> UpdateStep:
        size, rule = self.program.parameter_count, self._rule
        plain = {name: self._tensors[name].copy() for name in ("parameters", "moments", "alive")}
        rate = self._descend(replace(rule, l1=0.0, l2=0.0), plain)
        before = self._tensors["parameters"][:size]
        gradient = self._gradients[:size] / self.count
        norm = float(np.linalg.norm(gradient.astype(np.float64)))
        clip = min(1.0, rule.clip / (norm + CLIP_EPSILON)) if rule.clip > 0 else 1.0
        coupled = 0.0 if rule.method == Method.ADAMW else rule.weight_decay
        is_weight = self.program.is_weight(self._network.dtype)[:size]
        return UpdateStep(
            rule.method, rate, self._taken, gradient, norm, clip,
            decay=coupled * before * is_weight,
            moments=self._moments(self._tensors["moments"]),
            moments_after=self._moments(after["moments"]),
            before=before,
            after=after["parameters"][:size],
            regularized=after["parameters"][:size] - plain["parameters"][:size],
            alive=after["alive"][:size],
            keep=rule.momentum,
        )  # fmt: skip

    def _moments(self, moments: Values) -> Values:
        """First and second, (2, parameters)."""
        size = self.program.parameter_count
        half = lanes_for(size)
        return np.stack([moments[:size], moments[half : half + size]])

    # -- told -------------------------------------------------------------------------------------------------------

    def explanation(self, numbers: Numbers | None, update: UpdateStep | None) -> Explanation:
        """All of it."""
        owners = self._owners()
        layers = tuple(
            self._layer(number, layer, rows, owners) for number, (layer, rows) in enumerate(self._parts(), start=1)
        )
        if self._loss:
            layers = tuple(replace(layer, returns=tuple(_returns(layers, layer))) for layer in layers)
        return Explanation(
            self._trains, self._run_step, numbers, self.inputs, layers, self._probability(), self._loss, update,
            self._setup(),
        )  # fmt: skip

    def _parts(self) -> Iterator[tuple[Layer, list[int]]]:
        """Each layer and the numbers of its rows, from the dense one on; copies only bring values to others."""
        operations, trained = self._operations, self.program.trained
        dense = [*(row for row in range(trained) if operations[row] == DENSE), trained]
        for layer, (first, last) in zip(self.program.layers, pairwise(dense), strict=True):
            yield layer, [row for row in range(first, last) if operations[row] != COPY]

    def _layer(self, number: int, layer: Layer, rows: list[int], owners: dict[int, Unit]) -> LayerStep:
        dense, first = rows[0], int(self.program.rows["source"][rows[0]])
        functions = [self._operations[row] for row in rows if self._operations[row] >= FIRST_ACTIVATION]
        back = self._back.get(dense)
        return LayerStep(
            number=number,
            activation=_ACTIVATIONS[functions[0]] if functions else "linear",
            reads=tuple(owners[first + place] for place in range(layer.fan_in)),
            inputs=self._forward[dense].before,
            weights=layer.weights,
            matrix=layer.weights.of(self._tensors["parameters"]),
            sums=self._forward[dense].after,
            stages=tuple(self._stages(rows)),
            norm=self._norm(layer.norm) if layer.norm else None,
            returns=(),
            d_sums=back.came if back else None,
            d_matrix=layer.weights.of(self._gradients) / self.count if back else None,
        )

    def _owners(self) -> dict[int, Unit]:
        """Whose value each row of values is, also of the copies that bring several layers together."""
        owners = {row: (0, row + 1) for row in range(self.program.inputs)}
        for number, layer in enumerate(self.program.layers, start=1):
            owners |= {layer.units + unit: (number, unit + 1) for unit in range(layer.fan_out)}
        for number, operation in enumerate(self._operations):
            if operation == COPY:
                row = self.program.rows[number]
                source, target = int(row["source"]), int(row["target"])
                for unit in range(row["fan_out"]):
                    owners.setdefault(target + unit, owners.get(source + unit, (0, 0)))
        return owners

    def _stages(self, rows: list[int]) -> Iterator[Stage]:
        """What follows a layer's sums; all lesions are one stage."""
        lesions = [row for row in rows if self._operations[row] == SWITCH_OFF]
        for place, number in enumerate(rows[1:]):
            if number in lesions[:1]:
                yield self._switched_off(rows[place], lesions)
            elif number not in lesions:
                yield self._stage(number)

    def _stage(self, number: int) -> Stage:
        operation = self._operations[number]
        forward, back = self._forward[number], self._back.get(number)
        if operation == ADD:  # what it reads comes from the layer before, and is added to its target
            came = back.came if back else None
            return Stage(
                "residual", forward.added_to, forward.after, np.ones_like(forward.after), forward.before, came, came
            )
        d_after, d_before = (back.came, back.went) if back else (None, None)
        kind = _KINDS.get(operation, "activation")
        return Stage(kind, forward.before, forward.after, forward.slope, None, d_after, d_before)

    def _switched_off(self, previous: int, lesions: list[int]) -> Stage:
        """Each lesion works in place on some of the rows that the row `previous` has written."""
        before = self._forward[previous].after
        base = self.program.rows["target"][previous]
        slope = np.ones_like(before)
        d_after = self._back[previous].came.copy() if self._back else None
        for lesion in lesions:
            first = self.program.rows["target"][lesion] - base
            units = slice(first, first + self.program.rows["fan_out"][lesion])
            slope[units] = 0
            if d_after is not None:
                d_after[units] = self._back[lesion].came
        d_before = None if d_after is None else np.where(slope, d_after, 0)
        return Stage("switch-off", before, np.where(slope, before, 0), slope, None, d_after, d_before)

    def _norm(self, norm: Norm) -> NormStep:
        used, parameters = norm.statistics.of(self._statistics), self._tensors["parameters"]
        running = norm.statistics.of(self._tensors["statistics"])[:2]
        gradients = [
            tensor.of(self._gradients) / self.count if self._back else None for tensor in (norm.scales, norm.shifts)
        ]
        return NormStep(
            means=used[2].copy() if self._trains else running[0],
            deviations=1 / used[3] if self._trains else np.sqrt(running[1] + EPSILON),
            scales=norm.scales.of(parameters),
            shifts=norm.shifts.of(parameters),
            running=running,
            running_after=used[:2].copy(),
            d_scales=gradients[0],
            d_shifts=gradients[1],
        )

    def _probability(self) -> Stage | None:
        if not self.program.tells_probability:
            return None
        passed = self._forward[self.program.trained]
        return Stage("probability", passed.before, passed.after, None, None, None, None)

    def _setup(self) -> Setup:
        program, exact = self.program, np.float64
        factors = {
            number: self._dropout_factors(number).astype(exact)
            for number, operation in enumerate(self._operations)
            if operation == DROPOUT
        }
        return Setup(
            program, self._objective,
            self._tensors["parameters"][: program.parameter_count].astype(exact),
            self._tensors["statistics"][: program.statistic_count].astype(exact),
            self.inputs.astype(exact), self._loss.targets if self._loss else np.empty((0, self.count)),
            self._trains, factors,
        )  # fmt: skip


@dataclass(frozen=True)
class _Forward:
    """What a row read and wrote, and what a sum was added to."""

    before: Values
    added_to: Values
    after: Values
    slope: Values | None


class _Back(NamedTuple):
    """Slopes of what a row wrote, and, of a stage, of what it read."""

    came: Values
    went: Values


def _returns(layers: tuple[LayerStep, ...], layer: LayerStep) -> Iterator[Return]:
    """What each later layer brings back: Σ w δ, and the slope that goes around a layer."""
    for later in layers[layer.number :]:
        columns = [place for place, (number, _) in enumerate(later.reads) if number == layer.number]
        if columns and later.d_sums is not None:
            yield Return(later.number, "weights", later.matrix[:, columns].T @ later.d_sums)
        residual = later.stage("residual")
        if residual and residual.d_after is not None and later.number == layer.number + 1:
            yield Return(later.number, "residual", residual.d_after)
