"""What an explanation of a training step holds: layer by layer, forward and back, and the update.

Values and slopes are (units, examples). Slopes are those of the sum of all losses: of each example's own loss, unless
batch norm makes it depend on the others. Gradients are means over the examples.
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.machine.architecture import Activation, Objective
from engine.machine.differences import Setup, central_differences
from engine.machine.layout import Tensor
from engine.machine.methods import SECOND_MOMENT, Method

Values = NDArray[Any]
Numbers = NDArray[np.int64]  # of training examples, from 0
Kind = Literal["batch-norm", "activation", "dropout", "switch-off", "residual", "probability"]
Unit = tuple[int, int]  # layer and unit, both from 1; layer 0 are the input features


@dataclass(frozen=True)
class Stage:
    """What an operation makes of a layer's values. `d_` is the slope of the loss by a value; None without a target."""

    kind: Kind
    before: Values
    after: Values
    slope: Values | None  # of `after` by `before`, unit by unit; None where units or examples depend on each other
    added: Values | None  # by a residual link
    d_after: Values | None
    d_before: Values | None


class Return(NamedTuple):
    """Slopes that a later layer brings back to a layer's values."""

    layer: int
    by: Literal["weights", "residual"]
    slopes: Values


@dataclass(frozen=True)
class NormStep:
    """The numbers of a layer's batch norm, each (units,)."""

    means: Values
    deviations: Values  # with the small number that keeps them from zero
    scales: Values
    shifts: Values
    running: Values  # means and variances before the step, (2, units)
    running_after: Values  # and after it
    d_scales: Values | None  # gradients
    d_shifts: Values | None


@dataclass(frozen=True)
class LayerStep:
    """One layer in a step: a = w o + b, then the stages; a linear activation is none."""

    number: int  # from 1
    activation: Activation
    reads: tuple[Unit, ...]  # whose value each input is
    inputs: Values  # o_i, (inputs, examples)
    weights: Tensor  # where weights and biases lie among the parameters, (units, inputs + 1)
    matrix: Values  # these, before the step; the last column are the biases
    sums: Values  # a_k
    stages: tuple[Stage, ...]
    norm: NormStep | None
    returns: tuple[Return, ...]  # parts of d_values; none in the last layer, whose d_values come from the loss
    d_sums: Values | None  # δ_k
    d_matrix: Values | None  # gradient, (units, inputs + 1)

    @property
    def values(self) -> Values:
        """o_k as later layers read it; of the last layer what the loss reads."""
        return self.stages[-1].after if self.stages else self.sums

    @property
    def d_values(self) -> Values | None:
        """What comes back to o_k."""
        return self.stages[-1].d_after if self.stages else self.d_sums

    def stage(self, kind: Kind) -> Stage | None:
        """The stage of that kind, if there is one."""
        return next((stage for stage in self.stages if stage.kind == kind), None)

    def gradient_of(self, example: int) -> Values:
        """δ_k o_i of one of the examples, (units, inputs + 1)."""
        if self.d_sums is None:
            raise ValueError("without a target there is no gradient")
        inputs = np.append(self.inputs[:, example], self.inputs.dtype.type(1))
        gradient: Values = self.d_sums[:, example, None] * inputs
        return gradient


@dataclass(frozen=True)
class LossStep:
    """The loss that is trained, of each example."""

    objective: Objective
    outputs: Values  # what it reads: outputs, or logits in a cross-entropy, (outputs, examples)
    targets: Values  # what they are compared with; in a cross-entropy probabilities, with smoothed labels
    losses: NDArray[np.float64]  # (examples,)
    true_losses: NDArray[np.float64]  # the same without smoothing, as the loss is shown
    d_outputs: Values

    @property
    def mean(self) -> float:
        """E."""
        return float(self.losses.mean())


@dataclass(frozen=True)
class UpdateStep:
    """How the step changes the parameters. Arrays (parameters,), with the layout of the program."""

    method: Method
    rate: float  # the schedule's, at this step
    taken: int  # steps that the method took before
    gradient: Values  # mean over the examples
    norm: float  # of the gradient
    clip: float  # what the gradient is multiplied by so that its norm stays below the limit; 1 without
    decay: Values  # what weight decay adds to the gradient; zero in AdamW, which takes it from the weight
    moments: Values  # first and second, before the step, (2, parameters)
    moments_after: Values
    before: Values
    after: Values
    regularized: Values  # the part of the regularizer in after - before
    alive: Values  # after the step; 0 where L1 has fixed a weight at zero
    keep: float  # the past's share in the first moment, as the rule's momentum says

    @property
    def corrections(self) -> tuple[float, float]:
        """What Adam divides its moments by: 1 - β^t; 1 for other methods."""
        if self.method not in {Method.ADAM, Method.ADAMW}:
            return 1.0, 1.0
        return 1 - self.keep ** (self.taken + 1), 1 - SECOND_MOMENT ** (self.taken + 1)


@dataclass(frozen=True)
class Explanation:
    """A step. Without a target there is no loss, and nothing behind it."""

    trains: bool  # as in training: batch norm by these examples, with dropout; else as the pictures show it
    step: int  # of the run
    numbers: Numbers | None  # of the examples among the training examples; None for others
    inputs: Values  # (features, examples)
    layers: tuple[LayerStep, ...]
    probability: Stage | None  # sigmoid or softmax of the last layer's values
    loss: LossStep | None
    update: UpdateStep | None
    setup: Setup  # for `check`

    @property
    def outputs(self) -> Values:
        """What the network says, (outputs, examples)."""
        return self.probability.after if self.probability else self.layers[-1].values

    def check(self, places: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Central differences of the mean loss, in float64, by parameters at these places or by all. Slow for many."""
        if self.loss is None:
            raise ValueError("without a target there is no gradient")
        with np.errstate(over="ignore", invalid="ignore"):
            return central_differences(
                self.setup, np.arange(self.setup.program.parameter_count) if places is None else places
            )
