"""Compares the engine's epochs per second with a hand-vectorised C kernel and the installed peers.

    python benchmarks/engine.py [--seconds S] [--json]

`hyperplane bench` measures the engine alone; app/terminal/bench.py explains what is measured, and how.
"""

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.terminal.bench import BATCH, ENGINE, RATE, Contestant, Run, measure, show
from app.terminal.this_machine import machine, on_what
from engine.labs.plane.trainer import Trainer
from engine.vectors.lanes import LANES
from engine.vectors.memory import aligned_zeros

FLAGS = ("-O3", "-march=native", "-ffast-math", "-fno-finite-math-only", "-Wno-psabi", "-shared", "-fPIC")


def build_c() -> Contestant | None:
    """The C kernel; None without a compiler."""
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
        examples = trainer.model.train_examples

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
    """Check that both trained the same network; otherwise the comparison means nothing."""
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
    """scikit-learn's MLPRegressor, one epoch per call."""
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
    examples, features = trainer.model.train_examples, trainer.settings.shape[0]
    x = examples.inputs[: features * examples.stride].reshape(features, -1)[:, : examples.count].T
    return np.ascontiguousarray(x), examples.targets[: examples.count, None].copy()


def contestants() -> dict[str, Contestant]:
    """The contestants that this machine can run."""
    c = build_c()
    peers = (("sklearn", "scikit-learn", sklearn_contestant), ("torch", "PyTorch", torch_contestant))
    return (
        ENGINE
        | ({"C": c} if c else {})
        | {"NumPy": numpy_contestant}
        | {name: peer for module, name, peer in peers if find_spec(module)}
    )


def main(
    seconds: Annotated[float, typer.Option(help="For each contestant on each row.")] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Race, and print the table."""
    rows = measure(contestants(), seconds)
    if as_json:
        print(json.dumps({"machine": machine(), "rows": rows}, indent=2))  # noqa: T201
    else:
        show(rows, on_what())


if __name__ == "__main__":
    typer.run(main)
