"""What can be chosen in the digits lab: the digits, the two networks and the way both are trained."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from engine.choices import Choices, Refused, setting, settings_of
from engine.labs.digits.mnist import CLASSES, SIDE, TRAIN_DIGITS
from engine.matrices.layers import Activation, Convolution, Dense, Dropout, Layer
from engine.runs import settings as runs

Padding = Literal["same", "valid"]
Pooling = Literal["2x2", "none"]
Head = Literal["flatten", "global-max"]
Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Twin = Literal["plain", "convolutional"]

TWINS: tuple[Twin, Twin] = ("plain", "convolutional")
MAX_LAYERS = 4
MAX_UNITS = 256
MAX_FILTERS = 64
MAX_BATCH_SIZE = 128
MAX_SHIFT = 6
MAX_PARAMETERS = 150_000  # of both networks; a server usually allows fewer
MAX_WORK = 160_000_000  # multiplications of a step's way forward: about ten milliseconds of training on one core


@dataclass(frozen=True)
class DigitsSettings(Choices):
    """One experiment with two networks, the twins. Raises Refused."""

    lab: ClassVar[str] = "digits"

    seed: str = setting(
        "0.12345",
        label="Seed",
        hint="Any text: it draws the first weights, the order of the digits and their shifts, for both networks.",
        gradual=True,
        costs="run",
    )
    digits: int = setting(
        TRAIN_DIGITS,
        label="Training digits",
        hint="How many digits both networks learn from. With few of them networks learn them by heart. A change starts "
        "over.",
        low=500,
        high=TRAIN_DIGITS,
        number="whole",
        offers=(500, 1_000, 2_000, 4_000, 8_000),
        group="data",
        costs="run",
    )
    shifts: int = setting(
        0,
        label="Train with shifts",
        hint="The greatest shift of training digits, in pixels: each is moved at random, each time. Networks then read "
        "digits that are off centre, and need more epochs.",
        low=0,
        high=MAX_SHIFT,
        number="whole",
        offers=tuple(range(MAX_SHIFT + 1)),
        words={0: "None"},
        group="data",
        costs="batches",
    )
    shuffled_pixels: bool = setting(
        False,
        label="Shuffle pixels",
        hint="Puts the pixels of all digits into one random order. The plain network does not mind; the convolutional "
        "one loses its advantage, which came from pixels that are neighbours. A change starts over.",
        group="data",
        costs="run",
    )
    hidden: tuple[int, ...] = setting(
        (14,),
        label="Hidden layers",
        hint=f"Units of the plain network's hidden layers, by commas: up to {MAX_LAYERS} layers of up to {MAX_UNITS}. "
        "14 units give about as many weights as the convolutional network has.",
        gradual=True,
        group="structure",
        costs="run",
    )
    filters: tuple[int, ...] = setting(
        (8, 16),
        label="Filters",
        hint=f"Filters of the convolutional network's layers, by commas: up to {MAX_LAYERS} layers of up to "
        f"{MAX_FILTERS}. More filters find more kinds of strokes and take more time.",
        lecture="“Convolutional Neural Networks”",
        gradual=True,
        group="structure",
        costs="run",
    )
    filter_size: int = setting(
        5,
        label="Filter size",
        hint="The height and width of a filter in pixels, 3 or 5. Small filters see less of the digit at once and are "
        "quicker.",
        low=3,
        high=5,
        offers=(3, 5),
        words={3: "3×3", 5: "5×5"},
        group="structure",
        costs="run",
    )
    padding: Padding = setting(
        "same",
        label="Padding",
        hint="Whether a border of zeros surrounds the picture before each convolution. With it maps keep their size; "
        "without it they lose two or four pixels.",
        choices={"same": "Same size", "valid": "No border"},
        group="structure",
        costs="run",
    )
    pooling: Pooling = setting(
        "2x2",
        label="Pooling",
        hint="Whether the largest of each 2×2 pixels is kept after a convolution. It halves the maps, and a stroke may "
        "then move a little without a difference.",
        lecture="“Convolutional Neural Networks”",
        choices={"2x2": "Largest of 2×2", "none": "None"},
        group="structure",
        costs="run",
    )
    head: Head = setting(
        "flatten",
        label="Before the output",
        hint="How maps become a list of numbers for the output. Flatten takes every pixel, so the place of a stroke "
        "counts; global max takes the largest of each map, so it does not.",
        choices={"flatten": "Flatten", "global-max": "Global max"},
        group="structure",
        costs="run",
    )
    activation: Activation = setting(
        "relu",
        label="Activation",
        hint="The function that each hidden unit applies to its weighted sum, in both networks.",
        choices={"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid", "linear": "Linear"},
        group="training",
        costs="run",
    )
    dropout: float = setting(
        0,
        label="Dropout",
        hint="Leaves out a random share of hidden values at each training step, before dense layers. Try it against "
        "overfitting.",
        low=0,
        high=0.9,
        number="share",
        offers=(0, 0.1, 0.2, 0.3, 0.5),
        words={0: "None"},
        group="regularization",
        costs="network",
    )
    plain_off: tuple[tuple[int, int], ...] = setting(
        (),
        label="Switched off, plain",
        hint="Units of the plain network that are switched off, by commas: 1-3 is unit 3 of layer 1.",
        costs="network",
    )
    convolutional_off: tuple[tuple[int, int], ...] = setting(
        (),
        label="Switched off, convolutional",
        hint="Filters of the convolutional network that are switched off, by commas: 2-3 is filter 3 of layer 2.",
        costs="network",
    )
    learning_rate: float = setting(
        0.003,
        label="Learning rate",
        hint="The step size η of both networks. Raise it when the loss falls too slowly, lower it when the loss jumps.",
        lecture="“Simple Gradient Descent”",
        low=0,
        high=1_000,
        number="rate",
        offers=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1),
        group="training",
        costs="rule",
    )
    batch_size: int = setting(
        32,
        label="Batch size",
        hint="How many digits each update averages over. Small batches are quick and noisy, large ones smooth.",
        lecture="“Stochastic Gradient Descent”",
        low=1,
        high=MAX_BATCH_SIZE,
        number="whole",
        offers=(8, 16, 32, 64, 128),
        group="training",
        costs="batches",
    )
    method: Method = setting(
        "adam",
        label="Method",
        hint="How a gradient becomes an update. Adam adapts each weight's step; plain gradient descent is the "
        "lecture's, and needs a rate of about 0.1.",
        lecture="“Gradient Descent”",
        choices={
            "sgd": "Gradient descent",
            "momentum": "Momentum",
            "nesterov": "Nesterov",
            "adagrad": "AdaGrad",
            "rmsprop": "RMSprop",
            "adam": "Adam",
            "adamw": "AdamW",
        },
        group="training",
        costs="rule",
    )
    momentum: float = setting(  # share of the past in momentum, nesterov, adam and adamw
        0.9,
        label="Momentum",
        hint="How much of the past updates goes into the next one. Raise it to speed up slow training, lower it when "
        "the loss swings up and down.",
        low=0,
        high=0.9999,
        number="rate",
        offers=(0, 0.5, 0.8, 0.9, 0.95, 0.99),
        group="optimizer",
        costs="rule",
    )
    weight_decay: float = setting(  # of the weights, not of the biases
        0,
        label="Weight decay",
        hint="Makes every weight a little smaller at each step. Raise it when a network overfits.",
        low=0,
        high=100,
        number="rate",
        offers=(0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1),
        group="regularization",
        costs="rule",
    )
    stop_epochs: int = runs.stop_epochs()
    stop_loss: float = runs.stop_loss()
    stop_accuracy: float = runs.stop_accuracy("digits")
    stop_plateau: int = runs.stop_plateau()
    stop_set: runs.StopSet = runs.stop_set(" of the convolutional network")

    def __post_init__(self) -> None:
        """Check each setting by itself, then those that depend on others."""
        super().__post_init__()
        runs.check_seed(self.seed)
        _check_layers("hidden", self.hidden, 0, MAX_UNITS)
        _check_layers("filters", self.filters, 1, MAX_FILTERS)
        if self.filter_size not in (3, 5):
            raise Refused("filter_size", self.filter_size, "3 or 5")
        _check_off("plain_off", self.plain_off, self.hidden)
        _check_off("convolutional_off", self.convolutional_off, self.filters)
        self._check_work()

    def _check_work(self) -> None:
        """Maps must have pixels, and a step must be short: other visitors wait for it."""
        maps = self.map_sides()
        if maps[-1] < 1:
            raise Refused("filters", list(self.filters), f"fewer layers: nothing is left of {SIDE} pixels after these")
        work = self.batch_size * self.work
        if work > MAX_WORK:
            raise Refused(
                "filters", list(self.filters), f"less work: at most {MAX_WORK:,} products a step, these take {work:,}"
            )

    def map_sides(self) -> tuple[int, ...]:
        """Height and width of each layer's maps after pooling, the convolutional network's; below 1 where none is."""
        sides, side = [], SIDE
        for layer in range(len(self.filters)):
            side = self._convolved(side)
            is_last = layer == len(self.filters) - 1
            if is_last and self.head == "global-max":
                side = min(side, 1)
            elif self.pooling == "2x2":
                side //= 2
            sides.append(side)
        return tuple(sides)

    def _convolved(self, side: int) -> int:
        return side if self.padding == "same" else side - self.filter_size + 1

    @property
    def work(self) -> int:
        """Multiplications of both networks' ways forward for one digit."""
        sides, filters = (SIDE, *self.map_sides()), (1, *self.filters)
        convolutions = sum(
            max(self._convolved(side), 0) ** 2 * self.filter_size**2 * before * after
            for side, before, after in zip(sides[:-1], filters[:-1], filters[1:], strict=True)
        )
        outputs = max(sides[-1], 0) ** 2 * filters[-1] * CLASSES
        shape = (SIDE * SIDE, *self.hidden, CLASSES)
        return convolutions + outputs + sum(math.prod(shape[layer : layer + 2]) for layer in range(len(shape) - 1))

    def parameter_count(self, twin: Twin) -> int:
        """Weights and biases of one of the networks."""
        if twin == "plain":
            return _dense_count((SIDE * SIDE, *self.hidden, CLASSES))
        filters = (1, *self.filters)
        convolutions = sum((self.filter_size**2 * before + 1) * after for before, after in pairwise(filters))
        return convolutions + _dense_count((self.map_sides()[-1] ** 2 * filters[-1], CLASSES))

    @property
    def parameters(self) -> int:
        """Weights and biases of both networks."""
        return sum(map(self.parameter_count, TWINS))

    def check_size(self, parameter_limit: int) -> None:
        """Raises Refused if there are more parameters than that, and more than the default networks have."""
        limit = allowed(parameter_limit)
        if self.parameters > limit:
            raise Refused("filters", f"{self.parameters:,} parameters", f"at most {limit:,} of both networks")

    def layers(self, twin: Twin) -> tuple[Layer, ...]:
        """Of one of the networks. Dropout stands before each dense layer but the first of the plain one."""
        dropout = (Dropout(),) if self.dropout else ()
        if twin == "plain":
            layers: list[Layer] = []
            for units in self.hidden:
                layers += [Dense(units, self.activation), *dropout]
            return (*layers, Dense(CLASSES))
        pools = [self.pooling] * len(self.filters)
        convolutions = [
            Convolution(filters, self.filter_size, self.padding == "same", pool, self.activation)
            for filters, pool in zip(self.filters, pools, strict=True)
        ]
        if self.head == "global-max":
            last = convolutions[-1]
            convolutions[-1] = Convolution(last.filters, last.size, last.same, "global", last.activation)
        return (*convolutions, *dropout, Dense(CLASSES))


def _dense_count(shape: tuple[int, ...]) -> int:
    return sum((before + 1) * after for before, after in pairwise(shape))


def allowed(parameter_limit: int) -> int:
    """The default networks are always allowed: no network for images is smaller than some limits for the plane."""
    return max(parameter_limit, DigitsSettings().parameters)


def _check_layers(name: str, layers: tuple[int, ...], least: int, most_units: int) -> None:
    if not least <= len(layers) <= MAX_LAYERS:
        raise Refused(name, list(layers), f"{least} to {MAX_LAYERS} layers")
    if not all(1 <= units <= most_units for units in layers):
        raise Refused(name, list(layers), f"1 to {most_units} in each layer")


def _check_off(name: str, off: tuple[tuple[int, int], ...], layers: tuple[int, ...]) -> None:
    for layer, unit in off:
        if not (1 <= layer <= len(layers) and 1 <= unit <= layers[layer - 1]):
            raise Refused(name, [layer, unit], f"layer and unit of {list(layers)}, both from 1")
    if list(off) != sorted(set(off)):
        raise Refused(name, list(map(list, off)), "each once and in order")


SETTINGS = settings_of(DigitsSettings)
