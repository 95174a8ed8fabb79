"""What can be chosen in the adversarial lab: the data, the noise, the two networks, and how they learn."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from engine.choices import Choices, Refused, setting, settings_of
from engine.runs import settings as runs

Dataset = Literal["ring", "grid", "spiral", "line", "own"]
Noise = Literal["uniform", "normal"]
Objective = Literal["minimax", "non-saturating", "least-squares", "clipping", "penalty"]
Activation = Literal["tanh", "relu", "leaky-relu", "elu", "sigmoid"]
Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]

PLANE = 2  # coordinates of a point
MAX_LAYERS = 4
MAX_UNITS = 64
MAX_PARAMETERS = 20_000  # of both networks; a server usually allows fewer
MAX_BATCH_SIZE = 512
MAX_TURNS = 20
MAX_DRAWN = 400  # points of an own drawing
FARTHEST = 1.5  # of a drawn point, in each coordinate: the edge of the picture

_ACTIVATIONS = {"tanh": "Tanh", "relu": "ReLU", "leaky-relu": "Leaky ReLU", "elu": "ELU", "sigmoid": "Sigmoid"}


@dataclass(frozen=True)
class AdversarialSettings(Choices):
    """One experiment with a generator and a discriminator. Raises Refused."""

    lab: ClassVar[str] = "adversarial"

    dataset: Dataset = setting(
        "ring",
        label="Real points",
        hint="What the generator is to imitate. A ring of eight and a grid of 25 have modes that can be counted. A "
        "change starts over.",
        choices={"ring": "Ring of eight", "grid": "Grid of 25", "spiral": "Spiral", "line": "Line", "own": "Own"},
        group="data",
        costs="run",
    )
    spread: float = setting(
        0.05,
        label="Spread",
        hint="The standard deviation of the points about each centre. Where it is small, the real points and the fakes "
        "hardly overlap. A change starts over.",
        low=0.005,
        high=0.5,
        number="rate",
        offers=(0.01, 0.02, 0.05, 0.1, 0.2),
        group="data",
        costs="run",
    )
    drawing: tuple[float, ...] = setting(
        (),
        label="Drawing",
        hint=f"The centres of an own drawing: x and y of up to {MAX_DRAWN}, by commas.",
        gradual=True,
        hidden_by=("dataset",),
        costs="run",
    )
    noise: Noise = setting(
        "uniform",
        label="Noise",
        hint="What the generator starts from: numbers from −1 to 1, all equally likely, or standard normal ones.",
        choices={"uniform": "Uniform", "normal": "Normal"},
        group="data",
        costs="network",
    )
    dimensions: int = setting(
        2,
        label="Noise numbers",
        hint="How many numbers the noise has. With one the generator bends a line, with two a square.",
        low=1,
        high=2,
        offers=(1, 2),
        group="data",
        costs="run",
    )
    seed: str = setting(
        "1",
        label="Seed",
        hint="Any text: it draws the points, the first weights, the noise and the batches.",
        gradual=True,
        hidden_by=("new_seed",),
        costs="run",
    )
    generator: tuple[int, ...] = setting(
        (16, 16),
        label="Generator",
        hint=f"Units of the generator's hidden layers, by commas: up to {MAX_LAYERS} layers of up to {MAX_UNITS}.",
        gradual=True,
        hidden_by=("networks",),
        costs="run",
    )
    discriminator: tuple[int, ...] = setting(
        (16, 16),
        label="Discriminator",
        hint=f"Units of the discriminator's hidden layers, by commas: up to {MAX_LAYERS} layers of up to {MAX_UNITS}.",
        gradual=True,
        hidden_by=("networks",),
        costs="run",
    )
    generator_activation: Activation = setting(
        "relu",
        label="Generator's activation",
        hint="The function that each hidden unit of the generator applies to its weighted sum.",
        choices=_ACTIVATIONS,
        group="structure",
        costs="run",
    )
    discriminator_activation: Activation = setting(
        "leaky-relu",
        label="Discriminator's activation",
        hint="The function that each hidden unit of the discriminator applies to its weighted sum.",
        choices=_ACTIVATIONS,
        group="structure",
        costs="run",
    )
    objective: Objective = setting(
        "non-saturating",
        label="Loss",
        hint="What the two play for. Non-saturating gives a losing generator steeper slopes than minimax; the "
        "Wasserstein losses measure how far fakes must move.",
        lecture="“Generative Adversarial Networks”",
        choices={
            "minimax": "Minimax",
            "non-saturating": "Non-saturating",
            "least-squares": "Least squares",
            "clipping": "Wasserstein, clipping",
            "penalty": "Wasserstein, penalty",
        },
        group="training",
        costs="rule",
    )
    discriminator_rate: float = setting(
        0.003,
        label="Discriminator's rate",
        hint="The step size η of the discriminator. If it learns much faster than the generator, slopes can vanish.",
        low=0,
        high=1000,
        number="rate",
        offers=(0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1),
        group="training",
        costs="rule",
    )
    generator_rate: float = setting(
        0.001,
        label="Generator's rate",
        hint="The step size η of the generator. If it learns faster than the discriminator, it runs after one mode.",
        low=0,
        high=1000,
        number="rate",
        offers=(0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1),
        group="training",
        costs="rule",
    )
    turns: int = setting(
        1,
        label="Updates of D per G",
        hint="How many steps the discriminator takes for each step of the generator. More keep it near the best one.",
        low=1,
        high=MAX_TURNS,
        number="whole",
        offers=(1, 2, 3, 5, 10, 20),
        group="training",
        costs="batches",
    )
    method: Method = setting(
        "adam",
        label="Method",
        hint="How a gradient becomes a step, for both networks.",
        choices={
            "sgd": "Gradient descent",
            "momentum": "Momentum",
            "nesterov": "Nesterov",
            "adagrad": "AdaGrad",
            "rmsprop": "RMSprop",
            "adam": "Adam",
            "adamw": "AdamW",
        },
        group="optimizer",
        costs="rule",
    )
    momentum: float = setting(  # share of the past in momentum, nesterov, adam and adamw
        0.5,
        label="Momentum",
        hint="How much of the past gradients goes into the next step. Much of it lets the two chase each other round.",
        low=0,
        high=0.9999,
        number="rate",
        offers=(0, 0.5, 0.8, 0.9, 0.95, 0.99),
        group="optimizer",
        costs="rule",
    )
    batch_size: int = setting(
        128,
        label="Batch size",
        hint="How many real points, and how many fakes, a step looks at.",
        low=1,
        high=MAX_BATCH_SIZE,
        number="whole",
        offers=(16, 32, 64, 128, 256, 512),
        group="optimizer",
        costs="batches",
    )
    clip: float = setting(
        0.1,
        label="Clipping",
        hint="With the loss “Wasserstein, clipping”: no weight of the critic may be larger than this.",
        low=0.001,
        high=100,
        number="rate",
        offers=(0.01, 0.03, 0.1, 0.3, 1),
        group="regularization",
        costs="rule",
    )
    penalty: float = setting(
        1,
        label="Penalty",
        hint="With the loss “Wasserstein, penalty”: how much it costs that the slope of the critic is not 1.",
        low=0,
        high=1000,
        number="rate",
        offers=(0.1, 0.3, 1, 3, 10),
        group="regularization",
        costs="rule",
    )
    stop_epochs: int = setting(
        0,
        label="Stop at round",
        hint="Stops after this many rounds. Use it to compare runs of the same length.",
        low=0,
        high=runs.ALWAYS,
        number="whole",
        offers=(0, 100, 1_000, 3_000, 10_000, 30_000),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )

    def __post_init__(self) -> None:
        """Check each setting by itself, then those that depend on others."""
        super().__post_init__()
        runs.check_seed(self.seed)
        for name in ("generator", "discriminator"):
            _check_layers(name, getattr(self, name))
        if len(self.drawing) % PLANE or len(self.drawing) > PLANE * MAX_DRAWN:
            raise Refused("drawing", f"{len(self.drawing)} numbers", f"x and y of up to {MAX_DRAWN} centres")
        if not all(abs(place) <= FARTHEST for place in self.drawing):  # NaN is not
            raise Refused("drawing", list(self.drawing)[:4], f"numbers from -{FARTHEST:g} to {FARTHEST:g}")
        if self.dataset == "own" and not self.drawing:
            raise Refused("dataset", self.dataset, "a drawing for it")

    @property
    def shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Of the generator and of the discriminator, from inputs to outputs."""
        return (self.dimensions, *self.generator, PLANE), (PLANE, *self.discriminator, 1)

    @property
    def parameters(self) -> int:
        """Weights and biases of both networks."""
        return sum((before + 1) * after for shape in self.shapes for before, after in pairwise(shape))

    @property
    def work(self) -> int:
        """Multiplications of a round, about: forward, backward and for gradients."""
        generator, discriminator = (sum(a * b for a, b in pairwise(shape)) for shape in self.shapes)
        judging = generator + 6 * discriminator + (7 * discriminator if self.objective == "penalty" else 0)
        return self.batch_size * (self.turns * judging + 3 * generator + 2 * discriminator)

    @property
    def is_wasserstein(self) -> bool:
        """Whether the discriminator is a critic, whose output is no probability."""
        return self.objective in ("clipping", "penalty")

    def check_size(self, parameter_limit: int) -> None:
        """Raises Refused if there are more parameters than that, and more than the default networks have."""
        limit = allowed(parameter_limit)
        if self.parameters > limit:
            raise Refused("generator", f"{self.parameters:,} parameters", f"at most {limit:,} of both networks")

    # -- stop conditions that no game has -----------------------------------------------------------------------------

    @property
    def stop_loss(self) -> float:
        """Never: a loss says nothing of how good the fakes are."""
        return 0

    @property
    def stop_accuracy(self) -> float:
        """Never: nothing is classified."""
        return 0

    @property
    def stop_plateau(self) -> int:
        """Never: the losses of a game need not fall."""
        return 0

    @property
    def stop_set(self) -> runs.StopSet:
        """The only one."""
        return "train"


def allowed(parameter_limit: int) -> int:
    """The default networks are always allowed."""
    return max(parameter_limit, AdversarialSettings().parameters)


def _check_layers(name: str, layers: tuple[int, ...]) -> None:
    if not 1 <= len(layers) <= MAX_LAYERS:
        raise Refused(name, list(layers), f"1 to {MAX_LAYERS} layers")
    if not all(1 <= units <= MAX_UNITS for units in layers):
        raise Refused(name, list(layers), f"1 to {MAX_UNITS} in each layer")


SETTINGS = settings_of(AdversarialSettings)
