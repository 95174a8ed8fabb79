"""What can be chosen in the descent lab: the error, where descent starts, who races, and how a step is taken."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, get_args

from engine.choices import Choices, Refused, setting, settings_of
from engine.runs import settings as runs

ProblemName = Literal[
    "bowl", "double-well", "slope", "line", "neuron", "valley", "rosenbrock", "beale", "himmelblau", "saddle"
]
Race = Literal["one", "rates", "runners", "methods"]
Method = Literal["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
Runner = Literal["batch", "sequence", "replacement", "mini-batch"]
Schedule = Literal["constant", "step", "cosine", "warm-up", "one-cycle"]

METHODS: tuple[Method, ...] = get_args(Method)
RUNNERS: tuple[Runner, ...] = get_args(Runner)
ONE_WEIGHT: tuple[ProblemName, ...] = ("bowl", "double-well", "slope")
WITH_POINTS: tuple[ProblemName, ...] = ("slope", "line", "neuron")
MULTIPLES = (0.25, 1.0, 4.0, 6.0)
"""Of the learning rate, in a race of rates: on the default bowl they creep, settle, oscillate and diverge."""
MOST_RACERS = len(METHODS)
MOST_POINTS = 100
FARTHEST = 1e6  # of a start, in each weight


class Racer(NamedTuple):
    """One of those who descend side by side."""

    method: Method
    runner: Runner
    rate: float


@dataclass(frozen=True)
class DescentSettings(Choices):
    """One experiment. Raises Refused."""

    lab: ClassVar[str] = "descent"

    problem: ProblemName = setting(
        "bowl",
        label="Error",
        hint="The error that descends: a curve over one weight, or a surface over two. A change starts over.",
        lecture="“Simple Gradient Descent”",
        choices={
            "bowl": "Bowl, one weight",
            "double-well": "Double well, one weight",
            "slope": "Slope of points, one weight",
            "line": "Line through points",
            "neuron": "Logistic neuron",
            "valley": "Valley",
            "rosenbrock": "Rosenbrock",
            "beale": "Beale",
            "himmelblau": "Himmelblau",
            "saddle": "Saddle",
        },
        group="data",
        costs="run",
    )
    curvature: float = setting(
        4,
        label="Curvature",
        hint="The curvature L of the bowl, and of the valley's steep direction; its flat one has 1. Gradient descent "
        "diverges above the rate 2/L.",
        low=0.01,
        high=1000,
        number="rate",
        offers=(0.5, 1, 2, 4, 10, 20, 50, 100),
        group="data",
        costs="run",
    )
    points: int = setting(
        20,
        label="Points",
        hint="How many points the error is the mean over: of a line, a slope or a neuron. A change starts over.",
        low=5,
        high=MOST_POINTS,
        number="whole",
        offers=(5, 10, 20, 50, 100),
        group="data",
        costs="run",
    )
    noise: float = setting(
        0.5,
        label="Noise",
        hint="How far the points lie off the line. With more noise the points disagree more, and stochastic descent "
        "swings more.",
        low=0,
        high=5,
        number="rate",
        offers=(0, 0.1, 0.3, 0.5, 1, 2),
        group="data",
        costs="run",
    )
    seed: str = setting(
        "0.12345",
        label="Seed",
        hint="Any text: it draws the points, and the order in which stochastic descent takes them.",
        gradual=True,
        costs="run",
    )
    start: tuple[float, ...] = setting(
        (),
        label="Start",
        hint="Where all begin, by commas: one weight or two. Empty for the error's own start.",
        gradual=True,
        costs="run",
    )
    race: Race = setting(
        "one",
        label="Race",
        hint="Who descends from the same start: one, four learning rates, the four ways to take points, or the seven "
        "methods.",
        lecture="“Gradient Descent”",
        choices={"one": "One alone", "rates": "Four rates", "runners": "Batch and stochastic", "methods": "Methods"},
        group="training",
        costs="run",
    )
    learning_rate: float = setting(
        0.1,
        label="Learning rate",
        hint="The step size η of all racers; in a race of rates they have a quarter of it, itself, four times and six "
        "times as much.",
        lecture="“Simple Gradient Descent”",
        low=0,
        high=1000,
        number="rate",
        offers=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1),
        group="training",
        costs="rule",
    )
    method: Method = setting(
        "sgd",
        label="Method",
        hint="How a gradient becomes a step. In a race of methods all seven run.",
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
    runner: Runner = setting(
        "batch",
        label="Points a step",
        hint="Which points a step looks at: all, one after the other, one drawn at random with replacement, or a "
        "mini-batch. It counts where there are points.",
        lecture="“Stochastic Gradient Descent”",
        choices={
            "batch": "Batch: all points",
            "sequence": "Stochastic, in sequence",
            "replacement": "Stochastic, at random",
            "mini-batch": "Mini-batch",
        },
        group="training",
        costs="batches",
    )
    batch_size: int = setting(
        5,
        label="Batch size",
        hint="How many points B a mini-batch has. The order is shuffled each time all points have been taken.",
        lecture="“Stochastic Gradient Descent”",
        low=1,
        high=MOST_POINTS,
        number="whole",
        offers=(1, 2, 5, 10, 20),
        group="optimizer",
        costs="batches",
    )
    rates: tuple[float, ...] = setting(
        (),
        label="Rates",
        hint="The learning rate of each racer, by commas. Empty for those that follow from the learning rate.",
        hidden_by=("race",),
        costs="rule",
    )
    momentum: float = setting(  # share of the past in momentum, nesterov, adam and adamw
        0.9,
        label="Momentum",
        hint="How much of the past steps goes into the next one. Much of it rolls through flat places, and overshoots.",
        low=0,
        high=0.9999,
        number="rate",
        offers=(0, 0.5, 0.8, 0.9, 0.95, 0.99),
        group="optimizer",
        costs="rule",
    )
    weight_decay: float = setting(  # of weights, not of b
        0.01,
        label="Weight decay",
        hint="AdamW makes weights a little smaller at each step, so it rests a little beside the minimum. The other "
        "methods have none.",
        low=0,
        high=100,
        number="rate",
        offers=(0, 0.001, 0.01, 0.1),
        group="optimizer",
        costs="rule",
    )
    schedule: Schedule = setting(
        "constant",
        label="Rate over time",
        hint="How the learning rate changes with the step. Smaller steps in the end let stochastic descent come to "
        "rest.",
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
    schedule_steps: int = setting(
        100,
        label="Schedule steps",
        hint="How many steps the schedule takes. After them the learning rate stays.",
        low=1,
        high=1_000_000,
        number="whole",
        offers=(30, 100, 300, 1000),
        group="optimizer",
        costs="rule",
    )
    stop_epochs: int = setting(
        0,
        label="Stop at step",
        hint="Stops at this step. Use it to compare runs of the same length.",
        low=0,
        high=runs.ALWAYS,
        number="whole",
        offers=(0, 10, 30, 100, 300, 1000),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )
    stop_loss: float = setting(
        0,
        label="Stop at error",
        hint="Stops when the error of the first racer to get there has fallen to this value.",
        low=0,
        high=1_000_000,
        number="rate",
        offers=(0, 0.1, 0.01, 0.001, 0.0001),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )

    def __post_init__(self) -> None:
        """Check each setting by itself, then those that depend on others."""
        super().__post_init__()
        runs.check_seed(self.seed)
        if self.start and len(self.start) != self.weights:
            raise Refused("start", list(self.start), f"{self.weights} number{'s' * (self.weights > 1)}, or none")
        if not all(abs(place) <= FARTHEST for place in self.start):  # NaN is not
            raise Refused("start", list(self.start), f"numbers from -{FARTHEST:g} to {FARTHEST:g}")
        if self.race == "runners" and not self.has_points:
            raise Refused("race", self.race, f"an error over points for it: {', '.join(WITH_POINTS)}")
        if self.rates and len(self.rates) != self.racer_count:
            raise Refused("rates", list(self.rates), f"{self.racer_count} numbers, one for each racer, or none")
        if not all(0 <= rate <= HIGHEST_RATE for rate in self.rates):
            raise Refused("rates", list(self.rates), f"numbers from 0 to {HIGHEST_RATE:,}")

    @property
    def weights(self) -> int:
        """How many the error has."""
        return 1 if self.problem in ONE_WEIGHT else 2

    @property
    def has_points(self) -> bool:
        """Whether the error is a mean over points."""
        return self.problem in WITH_POINTS

    @property
    def racer_count(self) -> int:
        """How many descend."""
        return {"one": 1, "rates": len(MULTIPLES), "runners": len(RUNNERS), "methods": len(METHODS)}[self.race]

    @property
    def racers(self) -> tuple[Racer, ...]:
        """Those who descend, in the order of their losses."""
        count = self.racer_count
        multiples = MULTIPLES if self.race == "rates" else (1.0,) * count
        rates = self.rates or tuple(self.learning_rate * multiple for multiple in multiples)
        methods = METHODS if self.race == "methods" else (self.method,) * count
        runner: Runner = self.runner if self.has_points else "batch"
        runners = RUNNERS if self.race == "runners" else (runner,) * count
        return tuple(map(Racer, methods, runners, rates))

    # -- stop conditions that no racer has --------------------------------------------------------------------------

    @property
    def stop_accuracy(self) -> float:
        """Never: nothing is classified."""
        return 0

    @property
    def stop_plateau(self) -> int:
        """Never: a race ends by itself."""
        return 0

    @property
    def stop_set(self) -> runs.StopSet:
        """The only one."""
        return "train"


SETTINGS = settings_of(DescentSettings)
HIGHEST_RATE = SETTINGS["learning_rate"].high or math.inf
