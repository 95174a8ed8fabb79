"""An experiment under way: data, network and losses, and everything a visitor can do to them."""

import dataclasses
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.datasets import Data, draw_data
from engine.diagnostics import dead_share, flat_share, size
from engine.examples import Examples
from engine.features import grid_features
from engine.history import History
from engine.memory import aligned_zeros, lanes_for
from engine.methods import Method, Order, Schedule
from engine.metrics import confusion, regression
from engine.network import Matrix, Network, Rule
from engine.pictures import quantize
from engine.program import Program, compile_program
from engine.seedrandom import SeedRandom
from engine.settings import Activation, Feature, Loss, Refused, Settings
from engine.weights import Draw, add_unit, draw_weights, drawing, insert_layer, remove_layer, remove_unit, select_inputs

_DATA_SETTINGS = ("dataset", "noise", "train_share", "seed", "draw", "initialization")  # to change one starts over
_PROGRAM_SETTINGS = ("inputs", "hidden", "activation", "loss")  # to change one needs another program
_BATCH_SETTINGS = ("batch_size", "order")  # to change one begins the batches anew
_FIRST_CHUNK = 8  # epochs to time before the speed is known


Numbered = TypeVar("Numbered", bound=IntEnum)


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers; the parameters are those before that step."""

    epoch: int
    step: int
    layer: int  # where the largest weight is; 1 is the first after the inputs
    largest: float  # its size


@dataclass(frozen=True)
class _Checkpoint:
    """Where a run can go back to."""

    snapshot: tuple[Any, ...]
    epoch: int
    step: int
    batch_step: int
    samples: int


class Trainer:
    """Not for two threads at once. `dtype` is that of training; the losses and pictures follow from it."""

    def __init__(self, settings: Settings, dtype: DTypeLike = np.float32) -> None:
        self.settings = settings
        self._dtype = np.dtype(dtype)
        self._epochs_per_second = 0.0
        self.epoch = 0
        self.step = 0  # parameter updates
        self.divergence: Divergence | None = None
        self.history = History()
        self.starts = 0  # how often it began at epoch 0
        self.data: Data
        self.network: Network
        self.rule: Rule
        self.train_examples: Examples
        self.test_examples: Examples
        self._steps_in_epoch: int
        self._batch_step: int  # steps since the examples were laid out in batches
        self._edits: int
        self._good: _Checkpoint | None = None  # the last one whose loss was not far above the best
        self._best = math.inf
        self._start_over()

    # -- what it knows ------------------------------------------------------------------------------------------------

    @property
    def parameters(self) -> NDArray[Any]:
        """A copy of all parameters: layer by layer, unit by unit, weights then bias."""
        return self.network.parameters.copy()

    def layers(self) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """Copies of each layer's weights (units, inputs) and biases (units,)."""
        return [(matrix[:, :-1].copy(), matrix[:, -1].copy()) for matrix in self.network.matrices]

    def losses(self) -> tuple[float, float]:
        """Mean loss over the training and the test points, with the parameters as they are."""
        return self.network.loss(self.train_examples), self.network.loss(self.test_examples)

    def metrics(self) -> NDArray[np.float64]:
        """Of the training points and of the test points: `metrics.confusion` (2, 4) or `metrics.regression` (2, 2)."""
        measure = regression if self.settings.problem == "regression" else confusion
        sets = ((self.train_examples, self.data.train), (self.test_examples, self.data.test))
        return np.array([measure(self._said(examples), points[:, 2]) for examples, points in sets])

    def layer_figures(self) -> NDArray[np.float64]:
        """Of each layer, hidden ones and output, over 64 training points, (layers, 4).

        The size of the weights' gradient; by what share of their size a plain step would move them; the share of
        values in the flat part of the activation, and of ReLU units that are zero everywhere; NaN where that cannot be.
        """
        settings, network = self.settings, self.network
        gradient, values = network.gradient(self.train_examples)
        figures = []
        for layer, matrix in zip(network.program.layers, network.matrices, strict=True):
            place, shape = layer.parameters, (layer.fan_out, layer.fan_in + 1)
            slope = size(gradient[place : place + layer.fan_out * shape[1]].reshape(shape)[:, :-1])
            weight = size(matrix[:, :-1])
            is_output = layer is network.program.layers[-1]
            output = "linear" if self._says_probability else _output_activation(settings)  # a logit has no flat part
            activation = output if is_output else settings.activation
            units = values[layer.units : layer.units + layer.fan_out]
            share = settings.learning_rate * slope / weight if weight else math.nan
            figures.append((slope, share, flat_share(activation, units), dead_share(activation, units)))
        return np.array(figures)

    def _said(self, examples: Examples) -> NDArray[Any]:
        """What the network says of the examples, from -1 to 1 in a classification."""
        said = self.network.outputs(examples)
        return said * 2 - 1 if self._says_probability else said

    @property
    def _says_probability(self) -> bool:
        program = self.network.program
        return program.output != program.layers[-1].units

    def output_picture(self, size: int = 100) -> NDArray[np.uint8]:
        """What the network says over the plane, (size, size), as `pictures.quantize` writes it."""
        program = self.network.program
        values = self.field(size, [program.output])
        if self._says_probability:
            values = values * 2 - 1
        picture: NDArray[np.uint8] = _as_pictures(values, size)[0]
        return picture

    def neuron_pictures(self, size: int = 50) -> NDArray[np.uint8]:
        """Every hidden neuron's value over the plane, (neurons, size, size), layer by layer."""
        hidden = self.network.program.layers[:-1]
        rows = [layer.units + unit for layer in hidden for unit in range(layer.fan_out)]
        return _as_pictures(self.field(size, rows), size)

    def neuron_picture(self, layer: int, neuron: int, size: int = 100) -> NDArray[np.uint8]:
        """One hidden neuron's picture; layer and neuron count from 1."""
        row = self.network.program.layers[layer - 1].units + neuron - 1
        picture: NDArray[np.uint8] = _as_pictures(self.field(size, [row]), size)[0]
        return picture

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self, epochs: int) -> int:
        """Train so many epochs unless training diverges; returns how many."""
        first = self.epoch
        while self.epoch < first + epochs and not self.divergence:
            self._train_chunk(min(first + epochs, self.history.next_epoch()) - self.epoch)
        return self.epoch - first

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """Train about so long, at least one epoch and at most `epochs`; returns how many."""
        first, last = self.epoch, math.inf if epochs is None else self.epoch + epochs
        end = time.perf_counter() + seconds
        while self.epoch < last and not self.divergence:
            start = time.perf_counter()
            if start >= end and self.epoch > first:
                break
            affordable = (
                max(int(self._epochs_per_second * (end - start)), 1) if self._epochs_per_second else _FIRST_CHUNK
            )
            chunk = int(min(affordable, last - self.epoch, self.history.next_epoch() - self.epoch))
            self._train_chunk(chunk)
            self._epochs_per_second = chunk / (time.perf_counter() - start)
        return self.epoch - first

    def _train_chunk(self, epochs: int) -> None:
        """Train up to the next sample of the history at most, and take the sample if it is due."""
        before = self.network.snapshot()
        steps = epochs * self._steps_in_epoch
        self.network.train(self.train_examples, self.rule, self._batch_step, steps, self.step)
        losses = self.losses() if self.epoch + epochs == self.history.next_epoch() else None
        if not self.network.is_finite() or (losses and not math.isfinite(losses[0])):
            self._go_back(before, steps)
            return
        self._batch_step += steps
        self.step += steps
        self.epoch += epochs
        if losses:
            self._sample(losses)

    def _sample(self, losses: tuple[float, float]) -> None:
        """For the history; good weights are remembered: a loss that has doubled since its best is on its way out."""
        self.history.add(*losses)
        self._best = min(self._best, losses[0])
        if losses[0] <= 2 * self._best:
            self._good = _Checkpoint(
                self.network.snapshot(), self.epoch, self.step, self._batch_step, len(self.history.samples)
            )

    def recover(self) -> None:
        """After a divergence, go back to the last good weights and their epoch. Raises Refused."""
        if self.divergence is None:
            raise Refused("type", "recover", "training that has diverged")
        self.divergence = None
        if good := self._good:
            self.network.restore(good.snapshot)
            self.epoch, self.step, self._batch_step = good.epoch, good.step, good.batch_step
            self.history = self.history.until(good.samples)

    def _go_back(self, before: Any, steps: int) -> None:
        """Find the last finite step by bisection: the steps from `before` on can be taken again, bit for bit."""
        low, high = 0, steps
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_finite_after(before, middle) else (low, middle)
        self._is_finite_after(before, low)
        self._batch_step += low
        self.step += low
        self.epoch += low // self._steps_in_epoch
        sizes = [float(np.abs(matrix).max(initial=0)) for matrix in self.network.matrices]
        layer = int(np.argmax(sizes))
        self.divergence = Divergence(self.epoch, self.step, layer + 1, sizes[layer])

    def _is_finite_after(self, before: Any, steps: int) -> bool:
        self.network.restore(before)
        self.network.train(self.train_examples, self.rule, self._batch_step, steps, self.step)
        return self.network.is_finite() and math.isfinite(self.network.loss(self.train_examples))

    # -- changes ------------------------------------------------------------------------------------------------------

    def change(self, settings: Settings) -> bool:
        """Take other settings and keep what can be kept; True when training started over at epoch 0."""
        old, self.settings = self.settings, settings
        self.divergence = None
        if _differ(old, settings, _DATA_SETTINGS):
            self._start_over()
            return True
        if _differ(old, settings, _PROGRAM_SETTINGS):
            self._rebuild(_reshape(self.network.matrices, old, settings, self._edit_draw))
        elif _differ(old, settings, _BATCH_SETTINGS):
            self._lay_out()
        elif old.regularization != settings.regularization:
            self.network.revive()
        if old.method != settings.method:
            self.network.forget()
        self.rule = _rule(settings, len(self.data.train))
        return False

    def reset(self) -> None:
        """Epoch 0 and the first weights again."""
        self._start_over()

    def add_layer(self, layer: int, neurons: int | None = None) -> None:
        """Insert a hidden layer so that it becomes layer `layer`; as wide as the one before it unless told."""
        hidden = self.settings.hidden
        self._check_place("layer", layer, len(hidden) + 1)
        units = neurons or max(self.settings.shape[layer - 1], 1)
        self._edit(
            (*hidden[: layer - 1], units, *hidden[layer - 1 :]),
            lambda matrices: insert_layer(matrices, layer - 1, units, self._edit_draw()),
        )

    def remove_layer(self, layer: int) -> None:
        """Remove hidden layer `layer`."""
        hidden = self.settings.hidden
        self._check_place("layer", layer, len(hidden))
        self._edit(
            (*hidden[: layer - 1], *hidden[layer:]),
            lambda matrices: remove_layer(matrices, layer - 1, self._edit_draw()),
        )

    def add_neuron(self, layer: int) -> None:
        """Append a neuron to hidden layer `layer`."""
        self._check_place("layer", layer, len(self.settings.hidden))
        self._edit(self._resized(layer, 1), lambda matrices: add_unit(matrices, layer - 1, self._edit_draw()))

    def remove_neuron(self, layer: int, neuron: int | None = None) -> None:
        """Remove a neuron of hidden layer `layer`, the last one unless told."""
        self._check_place("layer", layer, len(self.settings.hidden))
        count = self.settings.hidden[layer - 1]
        neuron = count if neuron is None else neuron
        self._check_place("neuron", neuron, count)
        self._edit(self._resized(layer, -1), lambda matrices: remove_unit(matrices, layer - 1, neuron - 1))

    def set_parameter(self, index: int, value: float) -> None:
        """Set one weight or bias, by its place in `parameters`. Raises Refused, as all changes do."""
        self._check_place("index", index, self.settings.parameter_count - 1, first=0)
        self.network.parameters[index] = value
        self.divergence = None

    def load(self, parameters: NDArray[Any], epoch: int) -> None:
        """Begin with all parameters as they were after `epoch` epochs, not at epoch 0. Raises Refused."""
        expected = self.settings.parameter_count
        if len(parameters) != expected:
            raise Refused("weights", len(parameters), f"{expected} of them, as the network has")
        if not np.isfinite(parameters).all():
            raise Refused("weights", "some that are not finite", "finite numbers")
        self.network.parameters[:] = parameters
        self._begin(epoch)

    @staticmethod
    def _check_place(name: str, came: int, last: int, first: int = 1) -> None:
        if not first <= came <= last:
            nothing = "none, there is nothing to choose from"
            raise Refused(name, came, f"a number from {first} to {last}" if last >= first else nothing)

    def _resized(self, layer: int, by: int) -> tuple[int, ...]:
        hidden = list(self.settings.hidden)
        hidden[layer - 1] += by
        return tuple(hidden)

    def _edit(self, hidden: tuple[int, ...], change: Callable[[list[Matrix]], list[Matrix]]) -> None:
        """Check the new shape before anything changes, then change it."""
        settings = dataclasses.replace(self.settings, hidden=hidden)
        matrices = change(self.network.matrices)
        self.settings = settings
        self.divergence = None
        self._rebuild(matrices)

    def _edit_draw(self) -> Draw:
        """Randomness for a change of shape: the same changes of the same run draw the same weights."""
        self._edits += 1
        settings = self.settings
        stream = SeedRandom(f"{settings.seed}, draw {settings.draw}, edit {self._edits}")
        return drawing(settings.initialization, stream)

    # -- construction -------------------------------------------------------------------------------------------------

    def _start_over(self) -> None:
        self.starts += 1
        self._edits = 0
        self.data = draw_data(self.settings)
        draw = drawing(self.settings.initialization, _weight_stream(self.settings, self.data))
        self._rebuild(draw_weights(self.settings.shape, draw))
        self._begin(epoch=0)

    def _begin(self, epoch: int) -> None:
        """The parameters are those that the run begins with."""
        self.epoch, self.step = epoch, epoch * self._steps_in_epoch
        self.divergence = None
        self.history = History(epoch)
        self._good, self._best = None, math.inf
        self._sample(self.losses())

    def _rebuild(self, matrices: list[Matrix]) -> None:
        """Another program, with these parameters."""
        self.network = Network(_program(self.settings), matrices, self._dtype)
        self._lay_out()

    def _lay_out(self) -> None:
        """The examples, and how they fall into batches; what the last epoch left over is forgotten."""
        settings, count = self.settings, len(self.data.train)
        self.rule = _rule(settings, count)
        self._steps_in_epoch = count // self.rule.batch_size
        self._batch_step = 0
        self._good, self._best = None, math.inf  # of another network, or other batches
        left_over = count % self.rule.batch_size if settings.order == "sequence" else 0
        self.train_examples = Examples(self.data.train, settings.inputs, left_over, self._dtype)
        self.test_examples = Examples(self.data.test, settings.inputs, 0, self._dtype)

    def field(self, size: int, rows: list[int]) -> NDArray[Any]:
        """The values of some rows of the program over size x size points, in one pass: (rows, lanes_for(size²))."""
        return self.network.field(_grid(self.settings.inputs, size, self._dtype), size * size, rows)


def _as_pictures(values: NDArray[Any], size: int) -> NDArray[np.uint8]:
    """Rows of a field, with the lanes left over at their ends, as (rows, size, size)."""
    return quantize(values)[:, : size * size].reshape(-1, size, size)


def _differ(old: Settings, new: Settings, names: tuple[str, ...]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _program(settings: Settings) -> Program:
    output = _output_activation(settings)
    loss: Loss = "squared-error" if settings.problem == "regression" else settings.loss
    return compile_program(settings.shape, settings.activation, output, loss)


def _output_activation(settings: Settings) -> Activation:
    return "linear" if settings.problem == "regression" else "tanh"


def _rule(settings: Settings, examples: int) -> Rule:
    rate = float(settings.regularization_rate)
    batch_size = examples if settings.batch_size == "all" else min(settings.batch_size, examples)
    return Rule(
        learning_rate=settings.learning_rate,
        batch_size=batch_size,
        method=_number(Method, settings.method),
        momentum=settings.momentum,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
        schedule=_number(Schedule, settings.schedule),
        horizon=settings.schedule_epochs * (examples // batch_size),
        order=_number(Order, settings.order),
        seed=crc32(f"{settings.seed}, order".encode()),
        l1=rate if settings.regularization == "L1" else 0.0,
        l2=rate if settings.regularization == "L2" else 0.0,
    )


def _number(kind: type[Numbered], name: str) -> Numbered:
    """The number by which the machine knows a setting's value."""
    return kind[name.upper().replace("-", "_")]


def _weight_stream(settings: Settings, data: Data) -> SeedRandom:
    """The first draw goes on where the data ended, as in TensorFlow Playground; others have a stream of their own."""
    return data.random if settings.draw == 0 else SeedRandom(f"{settings.seed}, draw {settings.draw}")


def _reshape(matrices: list[Matrix], old: Settings, new: Settings, draw: Callable[[], Draw]) -> list[Matrix]:
    """The parameters for other inputs and hidden layers; a new `hidden` that is no edit draws anew."""
    if old.hidden != new.hidden:
        return draw_weights(new.shape, draw())
    if old.inputs != new.inputs:
        return [select_inputs(matrices[0], old.inputs, new.inputs), *matrices[1:]]
    return matrices


@lru_cache(maxsize=64)
def _grid(features: tuple[Feature, ...], size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The inputs at every pixel, flat, shared by all sessions."""
    stride = lanes_for(size * size)
    inputs = aligned_zeros(len(features) * stride, dtype)
    rows = inputs[: len(features) * stride].reshape(len(features), stride)
    rows[:, : size * size] = grid_features(features, size)
    return inputs
