"""What can be chosen in the autoencoder lab: what is to be reproduced, the stack, and the way it is trained."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal, get_args

from engine.choices import Choices, Refused, setting, settings_of
from engine.matrices.layers import Activation, Dense
from engine.runs import settings as runs

Data = Literal["digits", "faces", "ring", "arc", "spiral", "line"]
Images = Literal["digits", "faces"]
Shape = Literal["ring", "arc", "spiral", "line"]
Loss = Literal["cross-entropy", "squared"]
Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Schedule = Literal["constant", "step", "cosine", "warm-up", "one-cycle"]

SIDES: dict[str, int] = {"digits": 28, "faces": 32}
"""Height and width of the images."""
FACTORS: dict[str, str] = {
    "yaw": "head turned",
    "pitch": "head nods",
    "light_azimuth": "light from the side",
    "light_elevation": "light from above",
    "smile": "smile",
    "jaw_open": "open mouth",
    "female_to_male": "sex",
    "age": "age",
    "skin_tone": "skin tone",
}
"""What is known of each face, in words."""
MAX_LAYERS = 4  # of the encoder, before the code
MAX_UNITS = 2_000
MOST_NUMBERS = 30  # of a code
MAX_BATCH_SIZE = 200
MAX_PARAMETERS = 8_000_000  # a server usually allows fewer
TIMES_THE_LIMIT = 75
"""So many weights for each that a server allows in the plane: those of wide layers cost far less each."""


@dataclass(frozen=True)
class AutoencoderSettings(Choices):
    """One experiment. The decoder mirrors the encoder. Raises Refused."""

    lab: ClassVar[str] = "autoencoder"

    seed: str = setting(
        "0.12345",
        label="Seed",
        hint="Any text: it draws the first weights, the order of the examples, and points.",
        gradual=True,
        costs="run",
    )
    examples: Data = setting(
        "digits",
        label="Examples",
        hint="What is to be put into few numbers and made of them again: images, or points of the plane. A change "
        "starts over.",
        lecture="“DNN for Dimension Reduction”",
        choices={
            "digits": "Digits 28×28",
            "faces": "Faces 32×32",
            "ring": "Points: ring",
            "arc": "Points: arc",
            "spiral": "Points: spiral",
            "line": "Points: line",
        },
        group="data",
        costs="run",
    )
    noise: float = setting(
        0.05,
        label="Noise",
        hint="How far points lie from their curve, as a standard deviation. Digits and faces have none. A change "
        "starts over.",
        low=0,
        high=0.5,
        number="rate",
        offers=(0, 0.02, 0.05, 0.1, 0.2),
        group="data",
        costs="run",
    )
    hidden: tuple[int, ...] = setting(
        (256, 64),
        label="Encoder layers",
        hint=f"Units of the encoder's layers before the code, by commas: up to {MAX_LAYERS} layers of up to "
        f"{MAX_UNITS:,}. The decoder has the same, the other way round.",
        lecture="“DNN for Dimension Reduction”",
        gradual=True,
        group="structure",
        costs="run",
    )
    code: int = setting(
        2,
        label="Numbers of the code",
        hint=f"How many numbers stand for an example, 1 to {MOST_NUMBERS}: the bottleneck. PCA gets as many.",
        low=1,
        high=MOST_NUMBERS,
        number="whole",
        offers=(1, 2, 3, 5, 10, 20, 30),
        gradual=True,
        group="structure",
        costs="run",
    )
    linear: bool = setting(
        False,
        label="Linear",
        hint="Every layer only adds up, and the squared error is learnt. The best that such a stack can do is PCA: "
        "watch the angle between both spaces fall to 0.",
        group="training",
        costs="network",
    )
    activation: Activation = setting(
        "relu",
        label="Activation",
        hint="The function of each hidden unit. The code itself is linear, so it may be any number.",
        choices={"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid", "linear": "Linear"},
        group="training",
        costs="network",
    )
    loss: Loss = setting(
        "cross-entropy",
        label="Learns by",
        hint="What each step makes smaller. Cross-entropy takes a pixel as the probability of ink; points are always "
        "learnt by squared error. Shown is the squared error of both.",
        choices={"cross-entropy": "Cross-entropy", "squared": "Squared error"},
        group="training",
        costs="network",
    )
    learning_rate: float = setting(
        0.001,
        label="Learning rate",
        hint="The step size η. Raise it when the error falls too slowly, lower it when the error jumps.",
        lecture="“Simple Gradient Descent”",
        low=0,
        high=1_000,
        number="rate",
        offers=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
        group="training",
        costs="rule",
    )
    batch_size: int = setting(
        100,
        label="Batch size",
        hint="How many examples each update averages over. Small batches are noisy, large ones use a processor better.",
        lecture="“Stochastic Gradient Descent”",
        low=1,
        high=MAX_BATCH_SIZE,
        number="whole",
        offers=(10, 20, 50, 100, 200),
        group="training",
        costs="batches",
    )
    method: Method = setting(
        "adam",
        label="Method",
        hint="How a gradient becomes an update. Adam adapts each weight's step; plain gradient descent is the "
        "lecture's, and is slow on deep stacks.",
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
    momentum: float = setting(
        0.9,
        label="Momentum",
        hint="How much of the past updates goes into the next one. Lower it when the error swings up and down.",
        low=0,
        high=0.9999,
        number="rate",
        offers=(0, 0.5, 0.8, 0.9, 0.95, 0.99),
        group="optimizer",
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
        100,
        label="Schedule epochs",
        hint="How many epochs the schedule takes. After them the learning rate stays.",
        low=1,
        high=runs.ALWAYS,
        number="whole",
        offers=(10, 20, 50, 100, 200, 1000),
        group="optimizer",
        costs="rule",
    )
    weight_decay: float = setting(
        0,
        label="Weight decay",
        hint="Makes every weight a little smaller at each step. Raise it when the test error stays behind.",
        low=0,
        high=100,
        number="rate",
        offers=(0, 0.00001, 0.0001, 0.001, 0.01),
        group="regularization",
        costs="rule",
    )
    stop_epochs: int = runs.stop_epochs()
    stop_loss: float = runs.stop_loss()
    stop_plateau: int = runs.stop_plateau()
    stop_set: runs.StopSet = runs.stop_set()

    def __post_init__(self) -> None:
        """Check each setting by itself, then those that depend on others."""
        super().__post_init__()
        runs.check_seed(self.seed)
        if len(self.hidden) > MAX_LAYERS:
            raise Refused("hidden", list(self.hidden), f"0 to {MAX_LAYERS} layers")
        if not all(1 <= units <= MAX_UNITS for units in self.hidden):
            raise Refused("hidden", list(self.hidden), f"1 to {MAX_UNITS} in each layer")
        self.check_size(MAX_PARAMETERS)

    @property
    def stop_accuracy(self) -> float:
        """Nothing is classified."""
        return 0.0

    @property
    def is_images(self) -> bool:
        """Whether the examples are; else they are points."""
        return self.examples in get_args(Images)

    @property
    def inputs(self) -> int:
        """Numbers of an example."""
        return SIDES[self.examples] ** 2 if self.is_images else 2

    @property
    def widths(self) -> tuple[int, ...]:
        """Of all layers, from the inputs to what is made of the code."""
        return (self.inputs, *self.hidden, self.code, *reversed(self.hidden), self.inputs)

    @property
    def is_entropy(self) -> bool:
        """Whether it learns by cross-entropy: neither a linear stack nor points do."""
        return self.loss == "cross-entropy" and self.is_images and not self.linear

    def layers(self) -> tuple[Dense, ...]:
        """Encoder and decoder. The code is linear, and the last layer too, unless it says probabilities."""
        activation: Activation = "linear" if self.linear else self.activation
        kinds: list[Activation] = [activation] * (len(self.widths) - 1)
        kinds[len(self.hidden)] = "linear"
        kinds[-1] = "sigmoid" if self.is_entropy else "linear"
        return tuple(Dense(units, kind) for units, kind in zip(self.widths[1:], kinds, strict=True))

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum((before + 1) * after for before, after in pairwise(self.widths))

    def check_size(self, limit: int) -> None:
        """Raises Refused if there are more parameters than that."""
        if self.parameters > limit:
            raise Refused("hidden", f"{self.parameters:,} parameters", f"at most {limit:,} of encoder and decoder")


def allowed(parameter_limit: int) -> int:
    """Parameters on a server that allows so many in the plane; the default stack is always allowed."""
    return min(max(TIMES_THE_LIMIT * parameter_limit, AutoencoderSettings().parameters), MAX_PARAMETERS)


SETTINGS = settings_of(AutoencoderSettings)
