"""The plane lab's model: points, a network that learns them, and the rule that trains it."""

import math
from enum import IntEnum
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.datasets import Data, draw_data, given_data
from engine.labs.plane.examples import Examples
from engine.labs.plane.reshaping import Layers
from engine.labs.plane.settings import Settings
from engine.labs.plane.weights import Draw, draw_weights, drawing
from engine.machine.methods import Method
from engine.machine.metrics import accuracy
from engine.machine.network import Network, Rule
from engine.machine.orders import Order
from engine.machine.program import compile_program
from engine.machine.schedules import Schedule
from engine.runs.data import Given
from engine.runs.moment import Place, State
from engine.vectors.seedrandom import SeedRandom

_MAY_OVERFLOW = ("moments",)  # squared gradients: an infinite one stops its weight, which stays finite

Numbered = TypeVar("Numbered", bound=IntEnum)


class PlaneModel:
    """An `engine.runs.run.Model`. Training, losses and pictures use `dtype`. `given`: its points if none are drawn."""

    def __init__(self, settings: Settings, dtype: DTypeLike = np.float32, given: Given | None = None) -> None:
        self.settings = settings
        self.given = given
        self._dtype = np.dtype(dtype)
        self.data: Data
        self.network: Network
        self.rule: Rule
        self.train_examples: Examples
        self.test_examples: Examples
        self.steps_in_epoch: int
        self.edits: int  # changes of shape so far; the count seeds their randomness
        self.has_own_weights: bool  # some were set by hand or came with a link
        self.draw_first()

    # -- learning -----------------------------------------------------------------------------------------------------

    def take(self, place: Place, steps: int) -> bool:
        """Take `steps` steps from `place`; returns whether everything learned is finite."""
        return self.network.train(self.train_examples, self.rule, place.batch_step, steps, place.step)

    def losses(self) -> tuple[float, float]:
        """Mean training and test loss with the present parameters; NaN without points."""
        return self.network.losses(self.train_examples, self.test_examples)

    def loss(self) -> float:
        """Mean training loss."""
        return self.network.loss(self.train_examples)

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        """The loss that stop conditions watch, and the accuracy (0 to 1) if one needs it, else NaN. Without test
        points, both are of the training points."""
        is_test = self.settings.stop_set == "test" and self.test_examples.count > 0
        if not (self.settings.stop_accuracy and self.settings.class_count):
            return losses[is_test], math.nan
        examples = self.test_examples if is_test else self.train_examples
        return losses[is_test], accuracy(self.network.confusion(examples))

    def largest(self) -> tuple[int, float]:
        """The layer (from 1) and absolute value of the largest weight."""
        sizes = [float(np.abs(matrix).max(initial=0)) for matrix in self.network.matrices]
        layer = int(np.argmax(sizes))
        return layer + 1, sizes[layer]

    # -- as a whole ---------------------------------------------------------------------------------------------------

    def state(self) -> State:
        """A copy of all that training and edits change."""
        tensors, taken = self.network.snapshot()
        return State(tensors, {"taken": taken, "edits": self.edits, "own_weights": int(self.has_own_weights)})

    def restore(self, state: State) -> None:
        """Load a state of a model with the same settings."""
        self.network.restore((state.tensors, state.counts["taken"]))
        self.edits, self.has_own_weights = state.counts["edits"], bool(state.counts["own_weights"])

    def check(self, state: State) -> None:
        """Raises Refused or KeyError if `restore` cannot take this state, which comes from outside."""
        for name, own in self.network.state.items():
            came = state.tensors[name]
            is_good = name in _MAY_OVERFLOW or np.isfinite(came).all()
            if came.dtype != own.dtype or came.shape != own.shape or not is_good:
                raise Refused(name, f"{came.dtype} {came.shape}", f"finite numbers, {own.dtype} {own.shape}")

    @property
    def nbytes(self) -> int:
        """Bytes of a state."""
        return self.network.nbytes

    def saved(self) -> NDArray[Any]:
        """A trained network's numbers: the parameters, then each layer's running means and variances."""
        return np.concatenate([self.network.parameters, *(running.ravel() for running in self.network.running)])

    def load(self, saved: NDArray[Any]) -> None:
        """Load numbers that `saved` returned. Raises Refused."""
        running = self.network.running
        count = len(self.network.parameters)
        if len(saved) != self.settings.saved_count:
            raise Refused("weights", len(saved), f"{self.settings.saved_count} numbers for this network")
        if not np.isfinite(saved).all():
            raise Refused("weights", "NaN or infinity", "finite numbers")
        self.network.parameters[:] = saved[:count]
        for layer in running:
            layer[:] = saved[count : count + layer.size].reshape(layer.shape)
            count += layer.size
        self.has_own_weights = True

    # -- construction -------------------------------------------------------------------------------------------------

    def draw_first(self) -> None:
        """Draw the points and weights of epoch 0, the same for everybody who opens a link to these settings."""
        self.edits, self.has_own_weights = 0, False
        self._find_points()
        draw = drawing(self.settings.initialization, _weight_stream(self.settings, self.data))
        self.rebuild(draw_weights(architecture_of(self.settings), draw))

    def take_points(self) -> None:
        """Learn the points that have been given since, from now on."""
        self._find_points()
        self.lay_out()

    def rebuild(self, layers: Layers) -> None:
        """Compile the settings' program anew, with these weights."""
        self.network = Network(compile_program(architecture_of(self.settings)), layers, self._dtype)
        self.lay_out()

    def lay_out(self) -> None:
        """Build the examples and divide them into batches."""
        settings, count = self.settings, len(self.data.train)
        self.take_rule()
        self.steps_in_epoch = count // self.rule.batch_size
        left_over = count % self.rule.batch_size if settings.order == "sequence" else 0
        self.train_examples = Examples(self.data.train, settings.features, left_over, self._dtype)
        self.test_examples = Examples(self.data.test, settings.features, 0, self._dtype)

    def take_rule(self) -> None:
        """Adopt the way of training that the settings ask for."""
        self.rule = _rule(self.settings, len(self.data.train))

    def _find_points(self) -> None:
        self.data = given_data(self.settings, self.given) if self.given else draw_data(self.settings)

    def edit_draw(self) -> Draw:
        """Randomness for a change of shape: the same changes of the same run draw the same weights."""
        self.edits += 1
        settings = self.settings
        stream = SeedRandom(f"{settings.seed}, draw {settings.draw}, edit {self.edits}")
        return drawing(settings.initialization, stream)


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
        dropout=settings.dropout,
        label_smoothing=settings.label_smoothing,
        schedule=_number(Schedule, settings.schedule),
        horizon=settings.schedule_epochs * (examples // batch_size),
        order=_number(Order, settings.order),
        seed=crc32(f"{settings.seed}, order".encode()),
        l1=rate if settings.regularization == "L1" else 0.0,
        l2=rate if settings.regularization == "L2" else 0.0,
    )


def _number(kind: type[Numbered], name: str) -> Numbered:
    """The machine's number for a setting's value."""
    return kind[name.upper().replace("-", "_")]


def _weight_stream(settings: Settings, data: Data) -> SeedRandom:
    """The first draw continues the data's stream, as in TensorFlow Playground; later draws have their own streams."""
    return data.random if settings.draw == 0 else SeedRandom(f"{settings.seed}, draw {settings.draw}")
