"""What a visitor can choose: the data, the network and the way it is trained."""

from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal, get_args

from engine.choices import Choices, Refused, Slider, setting, settings_of
from engine.labs.plane.kinds import KINDS, MAX_CLASSES, Dataset, Domain, Problem
from engine.labs.plane.own_input import MOST_OF_AN_INPUT, own_input
from engine.machine.architecture import ACTIVATION_LABELS, Activation, Connections, Objective
from engine.runs import settings
from engine.runs.settings import ALWAYS, StopSet

Feature = Literal["x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY", "own"]
Loss = Literal["squared-error", "cross-entropy"]
Regularization = Literal["none", "L1", "L2"]
Initialization = Literal[
    "uniform", "zeros", "xavier-normal", "xavier-uniform", "he-normal", "he-uniform", "lecun-normal", "large"
]

Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "cosine", "warm-up", "one-cycle"]
Order = Literal["sequence", "shuffle", "random"]

DATASETS: tuple[Dataset, ...] = tuple(name for name, kind in KINDS.items() if kind.draw)  # which settings draw
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
MAX_BATCH_SIZE = 1_200  # as many as the largest set has points


_STEP_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)


@dataclass(frozen=True)
class Settings(Choices):
    """One experiment. The defaults are TensorFlow Playground's. Raises Refused."""

    lab: ClassVar[str] = "plane"

    dataset: Dataset = setting(
        "circle",
        label="Dataset",
        hint="The points to learn; a new choice starts over. One line separates Gaussian; XOR needs a hidden layer; "
        "Spiral is hardest.",
        lecture="“XOR Problem”, “2-D Spiral Problem”",
        choices={name: KINDS[name].label for name in DATASETS},
        unlisted=tuple(name for name in KINDS if name not in DATASETS),
        group="data",
        costs="run",
    )
    noise: float = setting(
        0,
        label="Noise",
        hint="How far points move at random. Where a border divides the plane, the points stay, and the moved place "
        "decides their class. With much noise the classes overlap. A change starts over.",
        low=0,
        high=80,  # per cent of the domain
        number="per-cent",
        slider=Slider(0, 50, "Scatter of the points, in per cent"),
        gradual=True,
        group="data",
        after="train_share",
        costs="run",
    )
    train_share: float = setting(
        50,
        label="Training data share",
        hint="The share of points to train with; the others only test. Few training points make overfitting likely. "
        "A change starts over.",
        low=1,
        high=100,  # per cent of the points
        number="per-cent",
        slider=Slider(10, 90, "Points to learn from, in per cent"),
        gradual=True,
        group="data",
        after="classes",
        costs="run",
    )
    classes: int = setting(  # a data set that has not so many takes as many as it has
        2,
        label="Classes",
        hint="How many classes the points have. With more than two, softmax gives each class an output.",
        lecture="“NN as Nonlinear Classifier”",
        low=2,
        high=MAX_CLASSES,
        offers=tuple(range(2, MAX_CLASSES + 1)),
        group="data",
        costs="run",
    )
    seed: str = setting(  # the text itself keys the generator of data and first weights
        "0.12345",
        label="Seed",
        hint="Any text: it draws the points and the first weights.",
        hidden_by=("regenerate_data",),
        gradual=True,
        costs="run",
    )
    draw: int = setting(
        0,
        label="Draw",
        hint="Number of the draw of first weights. Draw 0 continues the random numbers that the points began.",
        low=0,
        high=1_000_000,
        hidden_by=("new_weights",),
        gradual=True,
        costs="run",
    )
    inputs: tuple[Feature, ...] = setting(
        ("x", "y"),
        label="Inputs",
        hint=f"Features of a point, separated by commas: {', '.join(FEATURES)}.",
        choices={
            "x": "X1",
            "y": "X2",
            "xSquared": "X1 squared",
            "ySquared": "X2 squared",
            "xTimesY": "X1 times X2",
            "sinX": "sin X1",
            "sinY": "sin X2",
            "own": "Own input",
        },
        is_set=True,
        hidden_by=FEATURES,
        costs="weights",
    )
    own_input: str = setting(
        "sin(x*y)",
        label="Formula of the own input",
        hint="What the input own is: a number at each point, as a formula of x and y. Without a value it counts as 0, "
        f"and at most as {MOST_OF_AN_INPUT:g}.",
        hidden_by=("own",),
        costs="batches",
    )
    hidden: tuple[int, ...] = setting(
        (4, 2),
        label="Hidden layers",
        hint="Neurons of each hidden layer, separated by commas; empty for no layer.",
        hidden_by=("hidden", "neurons"),
        gradual=True,
        costs="weights",
    )
    initialization: Initialization = setting(  # see engine/labs/plane/weights.py
        "uniform",
        label="First weights",
        hint="Initialization: how the first weights are drawn. Deep networks need Xavier with tanh, He with ReLU.",
        lecture="“Recent Development” (Xavier)",
        choices={
            "uniform": "Uniform, ±0.5",
            "xavier-normal": "Xavier, normal",
            "xavier-uniform": "Xavier, uniform",
            "he-normal": "He, normal",
            "he-uniform": "He, uniform",
            "lecun-normal": "LeCun, normal",
            "zeros": "All zero",
            "large": "Too large",
        },
        group="structure",
        after="connections",
        costs="run",
    )
    activation: Activation = setting(
        "tanh",
        label="Activation",
        hint="The function that each hidden neuron applies to its weighted sum. Tanh suits small networks, ReLU deep "
        "ones.",
        lecture="“Neural Networks”",
        choices=ACTIVATION_LABELS,
        group="training",
        costs="network",
    )
    activations: tuple[Activation | Literal["same"], ...] = setting(
        (),
        label="Activation of this layer",
        hint="Activations of the hidden layers if they differ, separated by commas: “same” or an activation.",
        choices={"same": "As all layers", **ACTIVATION_LABELS},
        hidden_by=("layer_settings",),
        costs="network",
    )
    connections: Connections = setting(  # residual: around each layer as wide as its source; dense: from all before
        "plain",
        label="Skip links",
        hint="Links past a layer. Residual adds a layer's input to its output; dense passes on all earlier outputs. "
        "For deep networks.",
        lecture="“Recent Development”",
        choices={"plain": "None", "residual": "Residual", "dense": "Dense"},
        group="structure",
        costs="weights",
    )
    batch_norm: bool = setting(
        False,
        label="Batch norm",
        hint="Brings each hidden neuron's sums to mean 0 and variance 1 within a batch. Use it in deep networks.",
        lecture="“Recent Development”",
        group="structure",
        costs="weights",
    )
    dropout: float = setting(
        0,
        label="Dropout",
        hint="Sets a random share of hidden values to 0 at each training step. Try it against overfitting.",
        low=0,
        high=0.9,
        number="share",
        offers=(0, 0.1, 0.2, 0.3, 0.5),
        words={0: "None"},
        group="regularization",
        costs="network",
    )
    lesions: tuple[tuple[int, int], ...] = setting(
        (),
        label="Switched off",
        hint="Hidden neurons that are off, separated by commas: 2-3 is neuron 3 of layer 2, 2-0 the whole layer.",
        costs="network",
    )
    loss: Loss = setting(  # of two classes; regression always uses the squared error, more classes softmax
        "squared-error",
        label="Loss",
        hint="The error that training minimizes. Cross-entropy suits classes; regression uses the squared error.",
        lecture="“Loss Function: Cross Entropy”",
        choices={"squared-error": "Squared error", "cross-entropy": "Cross-entropy"},
        group="training",
        costs="network",
    )
    learning_rate: float = setting(
        0.03,
        label="Learning rate",
        hint="The step size η. Raise it when the loss falls too slowly, lower it when the loss jumps or grows.",
        lecture="“Simple Gradient Descent”",
        low=0,
        high=1_000,
        number="rate",
        offers=(0.00001, 0.0001, *_STEP_RATES),
        group="training",
        costs="rule",
    )
    batch_size: int | Literal["all"] = setting(
        10,
        label="Batch size",
        hint="How many points each update averages over. Small batches are quick and noisy, large ones smooth.",
        lecture="“Stochastic Gradient Descent”",
        low=1,
        high=MAX_BATCH_SIZE,
        number="whole",
        offers=(1, 5, 10, 20, 30, 50, 100, 200, 500),
        words={"all": "All points"},
        group="training",
        costs="batches",
    )
    regularization: Regularization = setting(
        "none",
        label="Regularization",
        hint="A penalty on large weights, against overfitting. L1 sets weights to exactly 0, L2 keeps them small. "
        "It needs a rate above 0.",
        choices={"none": "None", "L1": "L1", "L2": "L2"},
        group="training",
        costs="rule",
    )
    regularization_rate: float = setting(
        0,
        label="Regularization rate",
        hint="How strong the penalty on large weights is. Raise it when the test loss is far above the training loss.",
        low=-1_000,  # below zero weights are drawn apart; some links ask for it
        high=1_000,
        number="rate",
        offers=(0, *_STEP_RATES),
        group="training",
        costs="rule",
    )
    method: Method = setting(
        "sgd",
        label="Method",
        hint="How a gradient becomes an update. Gradient descent is the lecture's method; Adam adapts each weight's "
        "step and is often faster.",
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
        hint="Makes every weight a little smaller at each step. Raise it when the network overfits.",
        low=0,
        high=100,
        number="rate",
        offers=(0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1),
        group="regularization",
        costs="rule",
    )
    label_smoothing: float = setting(
        0,
        label="Label smoothing",
        hint="Spreads this share of each label over all classes. Try it when a network overfits or is too sure. It "
        "needs cross-entropy; the losses shown are those of the true labels.",
        low=0,
        high=0.5,
        number="share",
        offers=(0, 0.05, 0.1, 0.2, 0.3),
        words={0: "None"},
        group="regularization",
        costs="rule",
    )
    clip: float = setting(
        0,
        label="Clip gradient at",
        hint="The largest norm of a step's gradient. Set it to 1, for example, when training diverges.",
        low=0,
        high=1_000_000,
        number="rate",
        offers=(0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
        words={0: "No limit"},
        group="optimizer",
        after="order",
        costs="rule",
    )
    schedule: Schedule = setting(
        "constant",
        label="Rate over time",
        hint="How the learning rate changes with the epoch. Large steps first and small ones later often end lower.",
        choices={
            "constant": "Constant",
            "step": "Steps: 1, 0.1, 0.01",
            "cosine": "Cosine to zero",
            "warm-up": "Warm-up",
            "one-cycle": "One cycle",
        },
        group="optimizer",
        costs="rule",
    )
    schedule_epochs: int = setting(
        1000,
        label="Schedule epochs",
        hint="How many epochs the schedule takes. After them the learning rate stays.",
        low=1,
        high=ALWAYS,
        number="whole",
        offers=(100, 300, 1000, 3000, 10_000, 100_000),
        group="optimizer",
        costs="rule",
    )
    order: Order = setting(
        "sequence",
        label="Order of points",
        hint="The order in which the points fall into batches. Shuffle when batches are small or batch norm is on.",
        lecture="“Stochastic Gradient Descent”",
        choices={"sequence": "As drawn", "shuffle": "Shuffled each epoch", "random": "Random, with replacement"},
        group="optimizer",
        costs="batches",
    )
    stop_epochs: int = settings.stop_epochs()
    stop_loss: float = settings.stop_loss()
    stop_accuracy: float = settings.stop_accuracy("points")
    stop_plateau: int = settings.stop_plateau()
    stop_set: StopSet = settings.stop_set()

    def __post_init__(self) -> None:
        """Check each setting by itself, then those that depend on others."""
        super().__post_init__()
        settings.check_seed(self.seed)
        _check_inputs(self.inputs)
        own_input(self.own_input)
        _check_hidden(self.hidden)
        _check_activations(self.activations, self.hidden)
        _check_lesions(self.lesions, self.hidden)
        self.check_size(MAX_PARAMETERS)

    def check_size(self, limit: int) -> None:
        """Raises Refused if there are more parameters."""
        if self.parameter_count > limit:
            raise Refused(
                "hidden", list(self.hidden), f"at most {limit:,} parameters; these layers have {self.parameter_count:,}"
            )

    @property
    def features(self) -> tuple[str, ...]:
        """The inputs in their order, the own one by its formula."""
        return tuple(self.own_input if name == "own" else name for name in self.inputs)

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


def _check_inputs(inputs: tuple[Feature, ...]) -> None:
    in_order = tuple(feature for feature in FEATURES if feature in inputs)
    if inputs != in_order:
        raise Refused("inputs", list(inputs), f"some of {', '.join(FEATURES)}, each at most once, in this order")


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
            raise Refused("lesions", [layer, neuron], f"layer and neuron of {list(hidden)}; neuron 0 is a whole layer")
    if list(lesions) != sorted(set(lesions)):
        raise Refused("lesions", list(map(list, lesions)), "each neuron at most once, in order")


SETTINGS = settings_of(Settings)
SETTING_NAMES: tuple[str, ...] = tuple(SETTINGS)
