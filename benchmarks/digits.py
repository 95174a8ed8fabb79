"""Training of the digits lab's networks beside PyTorch's: examples a second on one core, in turns, in one run.

    python -m benchmarks.digits [--turns 15] [--json]

Both train the same network from 2,048 digits in batches of 32, PyTorch with one thread. PyTorch's images are numbers
already and lie in batches; ours are bytes that are taken in the order of an epoch. Without PyTorch only ours is shown.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from app.terminal.this_machine import machine, on_what
from engine.labs.digits.mnist import PIXELS, SIDE, training_digits
from engine.labs.digits.settings import DigitsSettings
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.matrices.kernels import Batches, Examples, lay_order
from engine.matrices.layers import Convolution, Dense, Layer
from engine.matrices.network import Network

BATCH, DIGITS, RATE = 32, 2048, 0.001
SECONDS = 0.15  # of a turn
LAYERS: dict[str, tuple[Layer, ...]] = {
    "CNN 8@5-16@5-10": DigitsSettings(filters=(8, 16)).layers("convolutional"),
    "plain 784-128-64-10": DigitsSettings(hidden=(128, 64)).layers("plain"),
}
METHODS = {"gradient descent": Method.SGD, "Adam": Method.ADAM}

Run = Callable[[int], object]  # takes so many steps


def ours(layers: tuple[Layer, ...], method: Method) -> Run:
    """The lab's network."""
    digits = training_digits()
    network = Network(SIDE, layers, BATCH, np.random.default_rng(0))
    examples = Examples(digits.images.ravel(), digits.labels, np.arange(PIXELS), SIDE)
    batches = Batches(np.zeros(DIGITS, np.int64), BATCH, 0)
    lay_order(batches.order, 0, 0)
    rule = Rule(learning_rate=RATE, batch_size=BATCH, method=method)
    losses, said = np.zeros(len(digits.labels), np.float32), np.zeros(len(digits.labels), np.uint8)
    return lambda steps: network.train(examples, batches, rule, 0, 0, 0, losses, said, steps)


def looking(layers: tuple[Layer, ...]) -> Run:
    """The lab's network, which only reads."""
    digits = training_digits()
    network = Network(SIDE, layers, BATCH, np.random.default_rng(0))
    examples = Examples(digits.images.ravel(), digits.labels, np.arange(PIXELS), SIDE)
    return lambda steps: network.look(examples, np.arange(steps * BATCH) % DIGITS)


def pytorch(layers: tuple[Layer, ...], method: Method, *, channels_last: bool = False) -> Run:
    """PyTorch's, eager, one thread; Adam in its fused form, the fastest."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    net = _module(torch, layers)
    digits = training_digits()
    images = torch.from_numpy((digits.images[:DIGITS] / np.float32(255)).astype(np.float32)).reshape(-1, 1, SIDE, SIDE)
    labels = torch.from_numpy(digits.labels[:DIGITS].astype(np.int64))
    if channels_last:
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    loss = torch.nn.CrossEntropyLoss()
    optimizer = (
        torch.optim.Adam(net.parameters(), RATE, fused=True)
        if method == Method.ADAM
        else torch.optim.SGD(net.parameters(), RATE)
    )

    def run(steps: int) -> None:
        for step in range(steps):
            batch = slice(step * BATCH % DIGITS, step * BATCH % DIGITS + BATCH)
            optimizer.zero_grad()
            loss(net(images[batch]), labels[batch]).backward()
            optimizer.step()

    return run


def _module(torch: Any, layers: tuple[Layer, ...]) -> Any:
    parts: list[Any] = []
    channels, values, side = 1, PIXELS, SIDE
    for layer in layers:
        if isinstance(layer, Convolution):
            parts += [torch.nn.Conv2d(channels, layer.filters, layer.size, padding="same"), torch.nn.ReLU()]
            parts.append(torch.nn.MaxPool2d(2))
            channels, side = layer.filters, side // 2
            values = channels * side**2
        elif isinstance(layer, Dense):
            parts += [*([] if any(isinstance(part, torch.nn.Flatten) for part in parts) else [torch.nn.Flatten()])]
            parts += [torch.nn.Linear(values, layer.units)]
            parts += [torch.nn.ReLU()] if layer.activation == "relu" else []
            values = layer.units
    return torch.nn.Sequential(*parts)


def contestants() -> dict[str, dict[str, Run]]:
    """Of each line of the table: the first two are compared."""
    has_torch = find_spec("torch") is not None
    lines: dict[str, dict[str, Run]] = {}
    for name, layers in LAYERS.items():
        for words, method in METHODS.items():
            line = {"ours": ours(layers, method)}
            if has_torch:
                line["PyTorch"] = pytorch(layers, method)
            if has_torch and name.startswith("CNN"):
                line["channels last"] = pytorch(layers, method, channels_last=True)
            lines[f"{name}, {words}"] = line
        lines[f"{name}, reading"] = {"ours": looking(layers)}
    return lines


def race(line: dict[str, Run], turns: int) -> dict[str, float]:
    """Examples a second of each: the median of so many turns."""
    steps = {name: _steps_of_a_turn(run) for name, run in line.items()}
    rates: dict[str, list[float]] = {name: [] for name in line}
    for _ in range(turns):
        for name, run in line.items():
            start = time.perf_counter()
            run(steps[name])
            rates[name].append(steps[name] * BATCH / (time.perf_counter() - start))
    return {name: statistics.median(each) for name, each in rates.items()}


def _steps_of_a_turn(run: Run) -> int:
    run(2)
    start = time.perf_counter()
    run(8)
    return max(int(SECONDS * 8 / (time.perf_counter() - start)), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {name: race(line, options.turns) for name, line in contestants().items()}
    if options.json:
        print(json.dumps({"machine": machine(), "examples_per_second": found}, indent=2))  # noqa: T201
        return
    table = Table(title="Examples a second", caption=on_what())
    for column in ("network", "ours", "PyTorch", "channels last", "ours / PyTorch"):
        table.add_column(column, justify="left" if column == "network" else "right", no_wrap=True)
    for name, rates in found.items():
        peers = [f"{rates[peer]:,.0f}" if peer in rates else "" for peer in ("PyTorch", "channels last")]
        ratio = f"{rates['ours'] / rates['PyTorch']:.2f}" if "PyTorch" in rates else ""
        table.add_row(name, f"{rates['ours']:,.0f}", *peers, ratio)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
