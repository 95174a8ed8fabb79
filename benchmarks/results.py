"""Tries the lecture's claims about depth, and prints the Markdown tables of docs/results.md.

Every row is trained with several seeds, which draw the points, the first weights and the order, and with several
learning rates. The rate with the best median counts, so that no method is judged by a rate that suits another.

python -m benchmarks.results [--seeds 5] [--only cs231n]
"""

import argparse
import math
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from app.terminal.this_machine import on_what
from engine.labs.adversarial.seeds import Seeds
from engine.labs.adversarial.settings import AdversarialSettings
from engine.labs.digits.settings import DigitsSettings, Twin
from engine.labs.digits.surveys import MOST_SHIFT, Survey
from engine.labs.digits.trainer import DigitsTrainer
from engine.labs.plane.figures import layer_figures, metrics
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class Outcome:
    """The result of one row: a figure for each seed, and the learning rate."""

    rate: float
    figures: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.figures)


def trained(epochs: int, **settings: Any) -> Trainer:
    trainer = Trainer(Settings(**settings))
    trainer.train(epochs)
    return trainer


def accuracy(epochs: int, **settings: Any) -> float:
    """Accuracy on the test points, from 0 to 1."""
    counts = metrics(trained(epochs, **settings))[1]
    return float(np.trace(counts) / counts.sum())


def steps_to(target: float, epochs: int, **settings: Any) -> float:
    """Parameter updates until the training loss reaches `target`; infinite if it never does."""
    trainer = trained(epochs, stop_loss=target, stop_set="train", **settings)
    return trainer.step if trainer.stop else math.inf


def best_accuracy(seeds: int, epochs: int, rates: Iterable[float] = RATES, **settings: Any) -> Outcome:
    outcomes = [
        Outcome(rate, tuple(accuracy(epochs, seed=str(seed), learning_rate=rate, **settings) for seed in range(seeds)))
        for rate in rates
    ]
    return max(outcomes, key=lambda outcome: outcome.median)


def fewest_steps(seeds: int, target: float, epochs: int, **settings: Any) -> Outcome:
    outcomes = [
        Outcome(
            rate,
            tuple(steps_to(target, epochs, seed=str(seed), learning_rate=rate, **settings) for seed in range(seeds)),
        )
        for rate in RATES
    ]
    return min(outcomes, key=lambda outcome: outcome.median)


def gradient_share(**settings: Any) -> float:
    """The first layer's gradient relative to the output's, before the first step; median of five seeds."""
    figures = [layer_figures(Trainer(Settings(seed=str(seed), **settings))) for seed in range(5)]
    return statistics.median(float(figure[0, 0] / figure[-1, 0]) for figure in figures)


def percent(outcome: Outcome) -> str:
    return f"{outcome.median:.1%} ({min(outcome.figures):.1%} to {max(outcome.figures):.1%})"


def count(steps: float) -> str:
    return f"{steps:,.0f}" if math.isfinite(steps) else "never"


def xor(seeds: int) -> Iterator[str]:
    yield "| XOR | accuracy on test points: median (least to most) |"
    yield "|---|---|"
    for name, hidden in (("perceptron", ()), ("one hidden layer of 4", (4,))):
        yield f"| {name} | {percent(best_accuracy(seeds, 1000, (0.03,), dataset='xor', hidden=hidden))} |"


def spiral(seeds: int) -> Iterator[str]:
    yield "| two arms, X₁ and X₂ only, tanh | parameters | accuracy | rate |"
    yield "|---|---|---|---|"
    for hidden in ((8,), (62,), (8, 8, 8, 8)):
        found = best_accuracy(seeds, 10_000, (0.01, 0.03, 0.1), dataset="spiral", hidden=hidden)
        size = Settings(hidden=hidden).parameter_count
        yield f"| {'-'.join(map(str, hidden))} | {size} | {percent(found)} | {found.rate:g} |"


SIGMOID: dict[str, Any] = {
    "dataset": "circle",
    "hidden": (8,) * 20,
    "loss": "cross-entropy",
    "order": "shuffle",
    "batch_size": 30,
}
TWENTY: dict[str, dict[str, Any]] = {
    "sigmoid, small random weights": {"activation": "sigmoid"},
    "sigmoid, Xavier": {"activation": "sigmoid", "initialization": "xavier-normal"},
    "sigmoid, small random weights, batch norm": {"activation": "sigmoid", "batch_norm": True},
    "sigmoid, small random weights, residual links": {"activation": "sigmoid", "connections": "residual"},
    "tanh, Xavier": {"activation": "tanh", "initialization": "xavier-normal"},
    "ReLU, He": {"activation": "relu", "initialization": "he-normal"},
}


def twenty_layers(seeds: int) -> Iterator[str]:
    yield "| 20 layers of 8, circle | gradient of layer 1 / of the output, at first | accuracy | rate |"
    yield "|---|---|---|---|"
    for name, settings in TWENTY.items():
        found = best_accuracy(seeds, 1000, **SIGMOID, **settings)
        share = gradient_share(**SIGMOID, **settings)
        yield f"| {name} | {share:.0e} | {percent(found)} | {found.rate:g} |"


def thirty_layers(seeds: int) -> Iterator[str]:
    base: dict[str, Any] = {**SIGMOID, "dataset": "spiral", "hidden": (8,) * 30, "activation": "relu"}
    yield "| 30 ReLU layers of 8, spiral | accuracy | rate |"
    yield "|---|---|---|"
    rows: dict[str, dict[str, Any]] = {
        "plain, He": {"initialization": "he-normal"},
        "plain, He, Adam": {"initialization": "he-normal", "method": "adam"},
        "residual, He": {"initialization": "he-normal", "connections": "residual"},
        "residual, He, Adam": {"initialization": "he-normal", "connections": "residual", "method": "adam"},
        "residual, small random weights": {"connections": "residual"},
        "residual, small random weights, batch norm": {"connections": "residual", "batch_norm": True},
        "dense, small random weights": {"connections": "dense"},
    }
    for name, settings in rows.items():
        found = best_accuracy(seeds, 2000, **base, **settings)
        yield f"| {name} | {percent(found)} | {found.rate:g} |"


NETWORKS: dict[str, dict[str, Any]] = {
    "8 × 5, sigmoid": {"hidden": (8,) * 5, "activation": "sigmoid"},
    "32 × 3, sigmoid": {"hidden": (32,) * 3, "activation": "sigmoid"},
    "32 × 8, sigmoid": {"hidden": (32,) * 8, "activation": "sigmoid"},
    "32 × 3, tanh": {"hidden": (32,) * 3, "activation": "tanh"},
    "32 × 8, tanh": {"hidden": (32,) * 8, "activation": "tanh"},
    "32 × 3, ReLU": {"hidden": (32,) * 3, "activation": "relu"},
    "32 × 8, ReLU": {"hidden": (32,) * 8, "activation": "relu"},
}


def batch_norm(seeds: int) -> Iterator[str]:
    yield "| spiral, to a training loss of 0.1 | steps without | rate | steps with batch norm | rate | share |"
    yield "|---|---|---|---|---|---|"
    common: dict[str, Any] = {
        "dataset": "spiral",
        "loss": "cross-entropy",
        "initialization": "xavier-normal",
        "order": "shuffle",
        "batch_size": 50,
    }
    for name, network in NETWORKS.items():
        without = fewest_steps(seeds, 0.1, 1500, **common, **network)
        norm = fewest_steps(seeds, 0.1, 1500, **common, **network, batch_norm=True)
        share = f"1/{without.median / norm.median:.1f}" if math.isfinite(without.median) else "–"
        rate = f"{without.rate:g}" if math.isfinite(without.median) else "any"
        yield f"| {name} | {count(without.median)} | {rate} | {count(norm.median)} | {norm.rate:g} | {share} |"


CS231N: dict[str, Any] = {
    "dataset": "spiral",
    "classes": 3,
    "train_share": 60,  # 300 of the 500 points
    "batch_size": "all",
    "regularization": "L2",
    "regularization_rate": 0.001,
    "activation": "relu",
}


def cs231n(seeds: int) -> Iterator[str]:
    """As in the course's notes: 300 points of three arms, a softmax alone and with 100 ReLU units before it."""
    yield "| three arms, 300 training points | rate | accuracy on training points | on test points |"
    yield "|---|---|---|---|"
    for name, hidden, epochs in (("softmax alone", (), 200), ("100 hidden ReLU units, softmax", (100,), 10_000)):
        for rate in (1.0, 0.1):
            runs = [
                trained(epochs, seed=str(seed), hidden=hidden, learning_rate=rate, **CS231N) for seed in range(seeds)
            ]
            both = [
                Outcome(rate, tuple(float(np.trace(counts) / counts.sum()) for counts in of_set))
                for of_set in zip(*map(metrics, runs), strict=True)
            ]
            yield f"| {name} | {rate:g} | {percent(both[0])} | {percent(both[1])} |"


READERS: dict[str, tuple[Twin, int, dict[str, Any]]] = {
    "plain 784-32-10": ("plain", 6, {"hidden": (32,)}),
    "the same, trained with shifts up to 4": ("plain", 12, {"hidden": (32,), "shifts": 4}),
    "CNN 8@5-pool-16@5-pool-flatten-10": ("convolutional", 6, {}),
    "CNN 16@5-pool-20@5-pool-32@5-global max-10": (
        "convolutional",
        6,
        {"filters": (16, 20, 32), "head": "global-max", "learning_rate": 0.002},
    ),
    "CNN 8@5-pool-16@5-pool-flatten-10, trained with shifts up to 4": ("convolutional", 12, {"shifts": 4}),
}


def read_by_shift(twin: Twin, epochs: int, seed: int, settings: dict[str, Any]) -> NDArray[np.float64]:
    """Accuracy on the 2,000 test digits moved by 0 to 6 pixels, the mean of the four directions."""
    trainer = DigitsTrainer(DigitsSettings(seed=str(seed), **settings))
    trainer.train(epochs)
    ways = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    moves = [(x * pixels, y * pixels) for pixels in range(MOST_SHIFT + 1) for x, y in ways]
    survey = Survey(np.arange(2000), moves)
    while not survey.advance(trainer.model, 100):
        pass
    by_move: NDArray[np.float64] = survey.accuracy(twin).reshape(-1, len(ways))
    return np.asarray(by_move.mean(1))


def digits_by_shift(seeds: int) -> Iterator[str]:
    yield "| accuracy on test digits, by pixels off centre | epochs | 0 | 1 | 2 | 3 | 4 | 5 | 6 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, (twin, epochs, settings) in READERS.items():
        runs = [read_by_shift(twin, epochs, seed, settings) for seed in range(seeds)]
        figures = " | ".join(f"{share:.1%}" for share in np.median(runs, axis=0))
        yield f"| {name} | {epochs} | {figures} |"


GAMES: dict[str, tuple[int, dict[str, Any]]] = {
    "as the page begins: non-saturating, rates 0.001 (G) and 0.003 (D)": (3_000, {}),
    "minimax": (3_000, {"objective": "minimax"}),
    "least squares": (3_000, {"objective": "least-squares"}),
    "Wasserstein with penalty, 5 updates of D": (3_000, {"objective": "penalty", "turns": 5}),
    "Wasserstein with clipping, RMSprop, 5 updates of D": (
        3_000,
        {"objective": "clipping", "method": "rmsprop", "turns": 5, "discriminator_rate": 0.001},
    ),
    "the lesson on mode collapse: rates 0.01 (G) and 0.001 (D)": (
        3_000,
        {"generator_rate": 0.01, "discriminator_rate": 0.001},
    ),
    "spread 0.02, minimax, 1 update of D": (3_000, {"objective": "minimax", "spread": 0.02}),
    "spread 0.02, minimax, 10 updates of D": (3_000, {"objective": "minimax", "spread": 0.02, "turns": 10}),
    "spread 0.02, Wasserstein with penalty, 5 updates of D": (
        3_000,
        {"objective": "penalty", "spread": 0.02, "turns": 5},
    ),
}


def ring(seeds: int) -> Iterator[str]:  # noqa: ARG001  always the sixteen that the page has
    """How many of sixteen games cover all eight modes."""
    yield "| ring of eight, 16 seeds | rounds | cover all 8 modes | modes covered: least, median | good fakes, mean |"
    yield "|---|---|---|---|---|"
    for name, (rounds, settings) in GAMES.items():
        games = Seeds(AdversarialSettings(**settings), rounds)
        while not games.is_done:
            games.advance()
        scores = [score for score in games.scores if score]
        covered = [score.covered for score in scores]
        good = statistics.mean(score.good for score in scores)
        row = f"{len(scores) - games.collapsed} | {min(covered)}, {statistics.median(covered):g} | {good:.0%}"
        yield f"| {name} | {rounds:,} | {row} |"


TABLES = (xor, spiral, twenty_layers, thirty_layers, batch_norm, cs231n, digits_by_shift, ring)


def main() -> None:
    """Print each table as soon as it is ready."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="runs of each row")
    names = [table.__name__ for table in TABLES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of the tables")
    chosen = parser.parse_args()
    seeds, screen = chosen.seeds, Console()
    for table in (table for table in TABLES if table.__name__ in chosen.only):
        for line in table(seeds):
            screen.print(line, markup=False, highlight=False, soft_wrap=True)
        screen.print()
    screen.print(f"{on_what()}; {seeds} seeds", highlight=False)


if __name__ == "__main__":
    main()
