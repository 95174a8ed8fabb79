"""What a visitor can choose: the data, the network and the way it is trained."""

from dataclasses import dataclass, fields
from itertools import accumulate
from typing import Literal, get_args

from engine.kinds import KINDS, Dataset, Domain, Problem

Feature = Literal["x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY"]
Activation = Literal["tanh", "sigmoid", "relu", "leaky-relu", "elu", "gelu", "swish", "sine", "linear"]
Loss = Literal["squared-error", "cross-entropy"]
Objective = Literal["squared-error", "cross-entropy", "categorical-cross-entropy"]
Connections = Literal["plain", "residual", "dense"]
StopSet = Literal["test", "train"]
Regularization = Literal["none", "L1", "L2"]
Initialization = Literal[
    "uniform", "zeros", "xavier-normal", "xavier-uniform", "he-normal", "he-uniform", "lecun-normal", "large"
]

Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "cosine", "warm-up", "one-cycle"]
Order = Literal["sequence", "shuffle", "random"]

DATASETS: tuple[Dataset, ...] = tuple(KINDS)
FEATURES: tuple[Feature, ...] = get_args(Feature)
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
LOSSES: tuple[Loss, ...] = get_args(Loss)
CONNECTIONS: tuple[Connections, ...] = get_args(Connections)
REGULARIZATIONS: tuple[Regularization, ...] = get_args(Regularization)
INITIALIZATIONS: tuple[Initialization, ...] = get_args(Initialization)
METHODS: tuple[Method, ...] = get_args(Method)
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
ORDERS: tuple[Order, ...] = get_args(Order)

MAX_HIDDEN_LAYERS = 32
MAX_NEURONS = 256
MAX_PARAMETERS = 150_000  # a little more than 32 plain layers of 64 have; a server usually allows fewer
MAX_CLASSES = 10
MAX_BATCH_SIZE = 1_200  # as many as the largest set has points
MAX_SEED_LENGTH = 64


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
    classes: int = 2  # 2 to 10; a data set that has not so many takes as many as it has
    seed: str = "0.12345"  # the text itself keys the generator of data and first weights
    draw: int = 0  # which draw of first weights; 0 is the one that follows the data in the seed's stream
    inputs: tuple[Feature, ...] = ("x", "y")
    hidden: tuple[int, ...] = (4, 2)  # neurons of each hidden layer
    initialization: Initialization = "uniform"  # of the first weights: see engine/weights.py
    activation: Activation = "tanh"  # of the hidden layers
    activations: tuple[Activation | Literal["same"], ...] = ()  # of each of them, where some have one of their own
    connections: Connections = "plain"  # residual: around each layer as wide as its source; dense: from all before
    batch_norm: bool = False  # in each hidden layer, in front of its activation
    dropout: float = 0  # share of hidden values that a training step leaves out, 0 to 0.9
    lesions: tuple[tuple[int, int], ...] = ()  # hidden neurons that are switched off, from 1; neuron 0: the whole layer
    loss: Loss = "squared-error"  # of two classes; regression always uses the squared error, more classes softmax
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
    stop_epochs: int = 0  # training ends by itself at this epoch; 0 for never
    stop_loss: float = 0  # or where the loss has come down to this
    stop_accuracy: float = 0  # or the accuracy up to this, in per cent
    stop_plateau: int = 0  # or where the loss has not improved for so many epochs
    stop_set: StopSet = "test"  # whose loss and accuracy these are

    def __post_init__(self) -> None:
        """Check everything that the types do not say."""
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise Refused(name, getattr(self, name), f"one of {', '.join(choices)}")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not low <= value <= high:  # NaN lies in no range
                raise Refused(name, value, f"a number from {low:g} to {high:g}")
        _check_seed(self.seed)
        _check_inputs(self.inputs)
        _check_hidden(self.hidden)
        _check_activations(self.activations, self.hidden)
        _check_lesions(self.lesions, self.hidden)
        _check_batch_size(self.batch_size)
        self.check_size(MAX_PARAMETERS)

    def check_size(self, limit: int) -> None:
        """Raises Refused if there are more parameters."""
        if self.parameter_count > limit:
            raise Refused(
                "hidden", list(self.hidden), f"at most {limit:,} parameters, these layers have {self.parameter_count:,}"
            )

    @property
    def problem(self) -> Problem:
        """That of the data set."""
        return KINDS[self.dataset].problem

    @property
    def domain(self) -> Domain:
        """What the pictures show of the plane, in both directions."""
        return KINDS[self.dataset].domain

    @property
    def class_count(self) -> int:
        """How many classes the points have; 0 in a regression."""
        return min(self.classes, KINDS[self.dataset].most_classes)

    @property
    def objective(self) -> Objective:
        """The loss that is trained."""
        if self.problem == "regression":
            return "squared-error"
        return "categorical-cross-entropy" if self.class_count > 2 else self.loss

    @property
    def shape(self) -> tuple[int, ...]:
        """Units of each layer, from the inputs to the outputs: one, or one for each of more than two classes."""
        return (len(self.inputs), *self.hidden, self.class_count if self.class_count > 2 else 1)

    @property
    def layer_activations(self) -> tuple[Activation, ...]:
        """Of each hidden layer."""
        if not self.activations:
            return (self.activation,) * len(self.hidden)
        return tuple(self.activation if name == "same" else name for name in self.activations)

    @property
    def parameter_count(self) -> int:
        """Weights and biases, and the scale and shift of each normalised unit."""
        return self.weight_count + self.bias_count + self.norm_count

    @property
    def weight_count(self) -> int:
        """One for each link."""
        shape = self.shape
        fans_in = accumulate(shape[:-1]) if self.connections == "dense" else shape[:-1]
        return sum(fan_in * units for fan_in, units in zip(fans_in, shape[1:], strict=True))

    @property
    def bias_count(self) -> int:
        """One for each neuron and output."""
        return sum(self.shape[1:])

    @property
    def norm_count(self) -> int:
        """Scales and shifts of batch norm."""
        return 2 * sum(self.hidden) if self.batch_norm else 0

    @property
    def saved_count(self) -> int:
        """Numbers that a trained network consists of: the parameters, and running means and variances."""
        return self.parameter_count + (2 * sum(self.hidden) if self.batch_norm else 0)


_CHOICES: dict[str, tuple[str, ...]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "regularization": REGULARIZATIONS,
    "initialization": INITIALIZATIONS,
    "method": METHODS,
    "schedule": SCHEDULES,
    "order": ORDERS,
    "connections": CONNECTIONS,
    "stop_set": get_args(StopSet),
}
_RANGES: dict[str, tuple[float, float]] = {
    "noise": (0, 80),
    "train_share": (1, 100),
    "classes": (2, MAX_CLASSES),
    "dropout": (0, 0.9),
    "draw": (0, 1_000_000),
    "learning_rate": (0, 1_000),
    "regularization_rate": (-1_000, 1_000),  # below zero weights are drawn apart; some links ask for it
    "momentum": (0, 0.9999),
    "weight_decay": (0, 100),
    "clip": (0, 1_000_000),
    "schedule_epochs": (1, 1_000_000_000),
    "stop_epochs": (0, 1_000_000_000),
    "stop_loss": (0, 1_000_000),
    "stop_accuracy": (0, 100),
    "stop_plateau": (0, 1_000_000_000),
}


def _check_seed(seed: str) -> None:
    if len(seed) > MAX_SEED_LENGTH:
        raise Refused("seed", f"{seed[:20]}…", f"at most {MAX_SEED_LENGTH} characters")
    try:
        seed.encode()
    except UnicodeEncodeError:  # bytes of the command line that are no UTF-8 come as halves of surrogate pairs
        raise Refused("seed", seed, "text in UTF-8") from None


def _check_inputs(inputs: tuple[Feature, ...]) -> None:
    in_order = tuple(feature for feature in FEATURES if feature in inputs)
    if inputs != in_order:
        raise Refused("inputs", list(inputs), f"some of {', '.join(FEATURES)}, each once and in this order")


def _check_hidden(hidden: tuple[int, ...]) -> None:
    if len(hidden) > MAX_HIDDEN_LAYERS:
        raise Refused("hidden", list(hidden), f"at most {MAX_HIDDEN_LAYERS} layers")
    if not all(1 <= neurons <= MAX_NEURONS for neurons in hidden):
        raise Refused("hidden", list(hidden), f"1 to {MAX_NEURONS} neurons in each layer")


def _check_activations(activations: tuple[str, ...], hidden: tuple[int, ...]) -> None:
    choices = ("same", *ACTIVATIONS)
    if activations and (len(activations) != len(hidden) or not set(activations) <= set(choices)):
        raise Refused("activations", list(activations), f"none, or for each hidden layer one of {', '.join(choices)}")


def _check_lesions(lesions: tuple[tuple[int, int], ...], hidden: tuple[int, ...]) -> None:
    for layer, neuron in lesions:
        if not (1 <= layer <= len(hidden) and 0 <= neuron <= hidden[layer - 1]):
            raise Refused("lesions", [layer, neuron], f"layer and neuron of {list(hidden)}, neuron 0 for a whole layer")
    if list(lesions) != sorted(set(lesions)):
        raise Refused("lesions", list(map(list, lesions)), "each once and in order")


def _check_batch_size(batch_size: int | Literal["all"]) -> None:
    if batch_size != "all" and not 1 <= batch_size <= MAX_BATCH_SIZE:
        raise Refused("batch_size", batch_size, f'a number from 1 to {MAX_BATCH_SIZE}, or "all"')


SETTING_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Settings))
