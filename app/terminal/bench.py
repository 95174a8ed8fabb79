"""How fast the engine is on this machine: epochs per second, and the time of a decision field."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from engine.labs.plane.examples import grid_for
from engine.labs.plane.settings import FEATURES, Settings
from engine.labs.plane.trainer import Trainer
from engine.warm_up import warm_up

SHAPES: tuple[tuple[int, ...], ...] = (
    (2, 4, 2, 1),
    (2, 8, 8, 1),
    (7, 8, 8, 8, 8, 1),
    (7, 8, 8, 8, 8, 8, 8, 1),
    (2, 32, 32, 32, 1),
)
BATCH, RATE, TURNS = 10, 0.03, 9

Run = Callable[[int], object]  # trains so many epochs
Contestant = Callable[[Trainer], Run]


def settings_for(shape: tuple[int, ...]) -> Settings:
    """The network of a row: 250 points of the circle, batches of 10, tanh, squared error, plain gradient descent."""
    return Settings(inputs=FEATURES[: shape[0]], hidden=shape[1:-1], batch_size=BATCH, learning_rate=RATE)


def engine(trainer: Trainer) -> Run:
    """The engine's steps alone."""
    network, examples, rule = trainer.network, trainer.model.train_examples, trainer.model.rule
    steps = examples.count // BATCH
    return lambda epochs: network.train(examples, rule, 0, steps * epochs)


def engine_with_losses(trainer: Trainer) -> Run:
    """The same, with the losses on train and test after every epoch, as TensorFlow Playground takes them."""
    train = engine(trainer)

    def run(epochs: int) -> None:
        for _ in range(epochs):
            train(1)
            trainer.losses()

    return run


def engine_with(**changes: Any) -> Contestant:
    """The steps alone, of the same network with other settings."""
    return lambda trainer: engine(Trainer(replace(trainer.settings, **changes)))


ENGINE: dict[str, Contestant] = {
    "Hyperplane": engine,
    "and losses": engine_with_losses,
    "by Adam": engine_with(method="adam"),
    "batch norm": engine_with(batch_norm=True),
    "residual": engine_with(connections="residual"),
}


def measure(contestants: Mapping[str, Contestant], seconds: float) -> list[dict[str, Any]]:
    """A row for each shape: the median speed of each contestant, who each train about `seconds`."""
    warm_up()
    rows: list[dict[str, Any]] = []
    for shape in SHAPES:
        speeds = race(shape, contestants, seconds)
        row: dict[str, Any] = {"shape": "-".join(map(str, shape))}
        row |= {name: statistics.median(turns) for name, turns in speeds.items()}
        if "C" in speeds:
            pairs = zip(speeds["Hyperplane"], speeds["C"], strict=True)
            row["to C"] = statistics.median(ours / theirs for ours, theirs in pairs)
        row["field, ms"] = field_milliseconds(shape)
        rows.append(row)
    return rows


def race(shape: tuple[int, ...], contestants: Mapping[str, Contestant], seconds: float) -> dict[str, list[float]]:
    """Epochs per second of each contestant, turn by turn: alternating, so that ratios hold on a noisy machine."""
    runs = {name: make(Trainer(settings_for(shape))) for name, make in contestants.items()}
    epochs = {name: _epochs_in(run, seconds / TURNS) for name, run in runs.items()}
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(TURNS):
        for name, run in runs.items():
            start = time.perf_counter()
            run(epochs[name])
            speeds[name].append(epochs[name] / (time.perf_counter() - start))
    return speeds


def _epochs_in(run: Run, seconds: float) -> int:
    """How many epochs take about so long."""
    epochs = 1
    while True:
        start = time.perf_counter()
        run(epochs)
        took = time.perf_counter() - start
        if took > seconds / 4:
            return max(1, round(epochs * seconds / took))
        epochs *= 2


def field_milliseconds(shape: tuple[int, ...], size: int = 100, turns: int = 50) -> float:
    """The output and every neuron over size x size points, in one pass: the median of `turns`."""
    trainer = Trainer(settings_for(shape))
    network, settings = trainer.network, trainer.settings
    grid = grid_for(settings.features, size, network.dtype, settings.domain)
    rows = np.concatenate([network.program.pictured, network.program.outputs])
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        network.pictures(grid, rows, hidden=len(rows))
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def show(rows: list[dict[str, Any]], machine: str) -> None:
    """On the terminal; in a log as wide as it needs to be."""
    console = Console()
    if not console.is_terminal:
        console.width = 140
    console.print(as_table(rows, machine))


def as_table(rows: list[dict[str, Any]], machine: str) -> Table:
    """For the terminal."""
    table = Table(title="Epochs per second", caption=f"{machine}\nmedians of {TURNS} turns, one core")
    for name in rows[0]:
        table.add_column(name, justify="left" if name == "shape" else "right", overflow="fold")
    for row in rows:
        table.add_row(*(_show(name, value) for name, value in row.items()))
    return table


def _show(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    decimals = {"to C": ".2f", "field, ms": ".3f"}.get(name, ",.0f")
    return format(value, decimals)
