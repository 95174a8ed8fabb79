"""What a visitor can choose: the data, the network and the way it is trained."""

from dataclasses import dataclass, fields
from itertools import pairwise
from math import isfinite
from typing import Literal, get_args

Dataset = Literal[
    "circle",
    "xor",
    "gauss",
    "spiral",
    "moons",
    "rings",
    "checkerboard",
    "sine",
    "cubic",
    "abs",
    "reg-plane",
    "reg-gauss",
]
Problem = Literal["classification", "regression"]
Feature = Literal["x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY"]
Activation = Literal["tanh", "sigmoid", "relu", "leaky-relu", "elu", "gelu", "swish", "sine", "linear"]
Loss = Literal["squared-error", "cross-entropy"]
Regularization = Literal["none", "L1", "L2"]
Initialization = Literal[
    "uniform", "zeros", "xavier-normal", "xavier-uniform", "he-normal", "he-uniform", "lecun-normal", "large"
]

Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "cosine", "warm-up", "one-cycle"]
Order = Literal["sequence", "shuffle", "random"]

DATASETS: tuple[Dataset, ...] = get_args(Dataset)
FEATURES: tuple[Feature, ...] = get_args(Feature)
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
LOSSES: tuple[Loss, ...] = get_args(Loss)
REGULARIZATIONS: tuple[Regularization, ...] = get_args(Regularization)
INITIALIZATIONS: tuple[Initialization, ...] = get_args(Initialization)
METHODS: tuple[Method, ...] = get_args(Method)
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
ORDERS: tuple[Order, ...] = get_args(Order)

MAX_HIDDEN_LAYERS = 8
MAX_NEURONS = 32
MAX_PARAMETERS = 10_000
MAX_BATCH_SIZE = 1_200  # as many as the largest set has points
MAX_SEED_LENGTH = 64


def problem_of(dataset: Dataset) -> Problem:
    """Regression sets have names that begin with reg-."""
    return "regression" if dataset.startswith("reg-") else "classification"


class Refused(ValueError):
    """Something that a visitor asked for and cannot have, in words for the visitor."""

    def __init__(self, field: str, came: object, expected: str) -> None:
        self.field = field
        self.came = came
        self.expected = expected
        super().__init__(f"{field}: {came!r} came, expected {expected}")


@dataclass(frozen=True)
class Settings:
    """One experiment. The defaults are TensorFlow Playground's. Raises Refused."""

    dataset: Dataset = "circle"
    noise: float = 0  # per cent of the domain, 0 to 80
    train_share: float = 50  # per cent of the points, 1 to 100
    seed: str = "0.12345"  # the text itself keys the generator of data and first weights
    draw: int = 0  # which draw of first weights; 0 is the one that follows the data in the seed's stream
    inputs: tuple[Feature, ...] = ("x", "y")
    hidden: tuple[int, ...] = (4, 2)  # neurons of each hidden layer
    initialization: Initialization = "uniform"  # of the first weights: see engine/weights.py
    activation: Activation = "tanh"
    loss: Loss = "squared-error"  # of a classification; regression always uses the squared error
    learning_rate: float = 0.03
    batch_size: int | Literal["all"] = 10
    regularization: Regularization = "none"
    regularization_rate: float = 0
    method: Method = "sgd"
    momentum: float = 0.9  # share of the past in momentum, nesterov, adam and adamw
    weight_decay: float = 0  # of the weights, not of the biases
    clip: float = 0  # greatest norm of a step's gradient; 0 for any
    schedule: Schedule = "constant"  # of the learning rate
    schedule_epochs: int = 1000  # how long the schedule takes
    order: Order = "sequence"  # of the examples in batches

    def __post_init__(self) -> None:
        """Check everything that the types do not say."""
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise Refused(name, getattr(self, name), f"one of {', '.join(choices)}")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not (isfinite(value) and low <= value <= high):
                raise Refused(name, value, f"a number from {low:g} to {high:g}")
        _check_seed(self.seed)
        _check_inputs(self.inputs)
        _check_hidden(self.hidden)
        _check_batch_size(self.batch_size)
        if self.parameter_count > MAX_PARAMETERS:
            raise Refused(
                "hidden",
                list(self.hidden),
                f"at most {MAX_PARAMETERS:,} parameters, these layers have {self.parameter_count:,}",
            )

    @property
    def problem(self) -> Problem:
        """That of the data set."""
        return problem_of(self.dataset)

    @property
    def shape(self) -> tuple[int, ...]:
        """Units of each layer, from the inputs to the one output."""
        return (len(self.inputs), *self.hidden, 1)

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        shape = self.shape
        return sum((i + 1) * o for i, o in pairwise(shape))


_CHOICES: dict[str, tuple[str, ...]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "regularization": REGULARIZATIONS,
    "initialization": INITIALIZATIONS,
    "method": METHODS,
    "schedule": SCHEDULES,
    "order": ORDERS,
}
_RANGES: dict[str, tuple[float, float]] = {
    "noise": (0, 80),
    "train_share": (1, 100),
    "draw": (0, 1_000_000),
    "learning_rate": (0, 1_000),
    "regularization_rate": (-1_000, 1_000),  # below zero weights are drawn apart; some links ask for it
    "momentum": (0, 0.9999),
    "weight_decay": (0, 100),
    "clip": (0, 1_000_000),
    "schedule_epochs": (1, 1_000_000_000),
}


def _check_seed(seed: str) -> None:
    if len(seed) > MAX_SEED_LENGTH:
        raise Refused("seed", f"{seed[:20]}…", f"at most {MAX_SEED_LENGTH} characters")


def _check_inputs(inputs: tuple[Feature, ...]) -> None:
    in_order = tuple(feature for feature in FEATURES if feature in inputs)
    if inputs != in_order:
        raise Refused("inputs", list(inputs), f"some of {', '.join(FEATURES)}, each once and in this order")


def _check_hidden(hidden: tuple[int, ...]) -> None:
    if len(hidden) > MAX_HIDDEN_LAYERS:
        raise Refused("hidden", list(hidden), f"at most {MAX_HIDDEN_LAYERS} layers")
    if not all(1 <= neurons <= MAX_NEURONS for neurons in hidden):
        raise Refused("hidden", list(hidden), f"1 to {MAX_NEURONS} neurons in each layer")


def _check_batch_size(batch_size: int | Literal["all"]) -> None:
    if batch_size != "all" and not 1 <= batch_size <= MAX_BATCH_SIZE:
        raise Refused("batch_size", batch_size, f'a number from 1 to {MAX_BATCH_SIZE}, or "all"')


SETTING_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Settings))
