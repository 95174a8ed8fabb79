"""Epochs per second of the engine beside a hand-vectorised C kernel and whatever peers are installed.

    python benchmarks/engine.py [--seconds S] [--json]

One core, 250 training points of the circle, batches of 10, tanh, squared error, plain gradient descent. All
contestants take turns within one run; each figure is the median of its turns, so that ratios hold on a noisy machine.
"""

import ctypes
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.machine import machine, on_what
from engine.memory import aligned_zeros
from engine.settings import FEATURES, Settings
from engine.trainer import Trainer
from engine.vector import LANES

SHAPES: tuple[tuple[int, ...], ...] = (
    (2, 4, 2, 1),
    (2, 8, 8, 1),
    (7, 8, 8, 8, 8, 1),
    (7, 8, 8, 8, 8, 8, 8, 1),
    (2, 32, 32, 32, 1),
)
BATCH, RATE, TURNS = 10, 0.03, 9
FLAGS = ("-O3", "-march=native", "-ffast-math", "-fno-finite-math-only", "-Wno-psabi", "-shared", "-fPIC")

Run = Callable[[int], None]  # trains so many epochs
Contestant = Callable[[Trainer], Run]


def settings_for(shape: tuple[int, ...]) -> Settings:
    """The network of a row of the table."""
    return Settings(inputs=FEATURES[: shape[0]], hidden=shape[1:-1], batch_size=BATCH, learning_rate=RATE)


def ours(trainer: Trainer) -> Run:
    """The engine's steps alone."""
    network, examples, rule = trainer.network, trainer.train_examples, trainer.rule
    steps = examples.count // BATCH
    return lambda epochs: network.train(examples, rule, 0, steps * epochs)


def ours_with_losses(trainer: Trainer) -> Run:
    """The same, with the losses on train and test after every epoch, as TensorFlow Playground takes them."""
    network, examples, rule = trainer.network, trainer.train_examples, trainer.rule
    steps = examples.count // BATCH

    def run(epochs: int) -> None:
        for _ in range(epochs):
            network.train(examples, rule, 0, steps)
            trainer.losses()

    return run


def build_c() -> Contestant | None:
    """The C kernel, where there is a compiler."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        return None
    library = Path(tempfile.mkdtemp()) / "engine_c.so"
    subprocess.run([compiler, *FLAGS, "-o", str(library), str(Path(__file__).with_name("engine.c"))], check=True)
    train = ctypes.CDLL(str(library)).train

    def contest(trainer: Trainer) -> Run:
        shape = np.array(trainer.settings.shape, np.int32)
        size = trainer.settings.parameter_count
        parameters, gradients = aligned_zeros(size, np.float32), aligned_zeros(size, np.float32)
        parameters[:size] = trainer.parameters
        height = int(shape.sum()) + len(shape) + LANES
        values, slopes = aligned_zeros(height * LANES, np.float32), aligned_zeros(height * LANES, np.float32)
        rows = values[: height * LANES].reshape(height, LANES)
        rows[np.cumsum(shape + 1) - 1] = 1
        examples = trainer.train_examples

        def run(epochs: int) -> None:
            train(
                _place(shape), len(shape) - 1, _place(parameters), _place(gradients), _place(values), _place(slopes),
                LANES, _place(examples.inputs), _place(examples.targets), examples.stride, examples.count, BATCH,
                epochs, ctypes.c_float(RATE),
            )  # fmt: skip

        run(3)
        _compare(parameters[:size], trainer)
        return run

    return contest


def _compare(parameters: NDArray[Any], trainer: Trainer) -> None:
    """Both must have trained the same network, or the race means nothing."""
    other = Trainer(trainer.settings)
    other.train(3)
    np.testing.assert_allclose(parameters, other.parameters, atol=1e-4)


def _place(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def numpy_contestant(trainer: Trainer) -> Run:
    """The same steps in NumPy."""
    weights = [w.astype(np.float32) for w, _ in trainer.layers()]
    biases = [b.astype(np.float32) for _, b in trainer.layers()]
    x, y = _points(trainer)

    def step(inputs: NDArray[Any], targets: NDArray[Any]) -> None:
        values = [inputs]
        for w, b in zip(weights, biases, strict=True):
            values.append(np.tanh(values[-1] @ w.T + b))
        slope = (values[-1] - targets) * (1 - values[-1] ** 2) / len(inputs)
        for layer in range(len(weights) - 1, -1, -1):
            d_w, d_b = slope.T @ values[layer], slope.sum(0)
            slope = (slope @ weights[layer]) * (1 - values[layer] ** 2)
            weights[layer] -= RATE * d_w
            biases[layer] -= RATE * d_b

    def run(epochs: int) -> None:
        for _ in range(epochs):
            for start in range(0, len(x), BATCH):
                step(x[start : start + BATCH], y[start : start + BATCH])

    return run


def torch_contestant(trainer: Trainer) -> Run:
    """PyTorch, eager, one thread."""
    torch: Any = import_module("torch")

    torch.set_num_threads(1)
    shape = trainer.settings.shape
    layers: list[Any] = []
    for fan_in, fan_out in pairwise(shape):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    x, y = (torch.from_numpy(array) for array in _points(trainer))

    def run(epochs: int) -> None:
        for _ in range(epochs):
            for start in range(0, len(x), BATCH):
                optimizer.zero_grad()
                loss = 0.5 * ((model(x[start : start + BATCH]) - y[start : start + BATCH]) ** 2).mean()
                loss.backward()
                optimizer.step()

    return run


def sklearn_contestant(trainer: Trainer) -> Run:
    """scikit-learn's MLPRegressor, an epoch a call."""
    model = import_module("sklearn.neural_network").MLPRegressor(
        trainer.settings.hidden, activation="tanh", solver="sgd", batch_size=BATCH, learning_rate_init=RATE,
        momentum=0, alpha=0, shuffle=False,
    )  # fmt: skip
    x, y = _points(trainer)

    def run(epochs: int) -> None:
        for _ in range(epochs):
            model.partial_fit(x, y.ravel())

    return run


def _points(trainer: Trainer) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Inputs (n, features) and targets (n, 1)."""
    examples, features = trainer.train_examples, trainer.settings.shape[0]
    x = examples.inputs[: features * examples.stride].reshape(features, -1)[:, : examples.count].T
    return np.ascontiguousarray(x), examples.targets[: examples.count, None].copy()


def contestants() -> dict[str, Contestant]:
    """Those that this machine can run."""
    found: dict[str, Contestant] = {"Hyperplane": ours, "losses, too": ours_with_losses}
    c = build_c()
    if c:
        found["C by hand"] = c
    found["NumPy"] = numpy_contestant
    for module, name, contestant in (
        ("sklearn", "scikit-learn", sklearn_contestant),
        ("torch", "PyTorch", torch_contestant),
    ):
        if find_spec(module):
            found[name] = contestant
    return found


def race(shape: tuple[int, ...], field: dict[str, Contestant], seconds: float) -> dict[str, list[float]]:
    """Epochs per second of each contestant in each of its turns."""
    runs = {name: make(Trainer(settings_for(shape))) for name, make in field.items()}
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
    rows = [layer.units + unit for layer in trainer.network.program.layers for unit in range(layer.fan_out)]
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        trainer.field(size, rows)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def main(
    seconds: Annotated[float, typer.Option(help="For each contestant on each row.")] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Race, and print the table."""
    field = contestants()
    rows = []
    for shape in SHAPES:
        speeds = race(shape, field, seconds)
        row: dict[str, Any] = {"shape": "-".join(map(str, shape))}
        row |= {name: statistics.median(turns) for name, turns in speeds.items()}
        if "C by hand" in speeds:
            row["ratio to C"] = statistics.median(
                a / b for a, b in zip(speeds["Hyperplane"], speeds["C by hand"], strict=True)
            )
        row["field, ms"] = field_milliseconds(shape)
        rows.append(row)
    if as_json:
        print(json.dumps({"machine": machine(), "rows": rows}, indent=2))  # noqa: T201
    else:
        _print(rows)


def _print(rows: list[dict[str, Any]]) -> None:
    table = Table(title="Epochs per second", caption=f"{on_what()}, {platform.system()}; medians of {TURNS} turns")
    for name in rows[0]:
        table.add_column(name, justify="left" if name == "shape" else "right")
    for row in rows:
        table.add_row(*(_show(name, value) for name, value in row.items()))
    Console().print(table)


def _show(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.2f}" if name == "ratio to C" else f"{value:.3f}" if "ms" in name else f"{value:,.0f}"


if __name__ == "__main__":
    typer.run(main)
