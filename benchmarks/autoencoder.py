"""Training of the autoencoder lab's stacks beside PyTorch's: examples a second on one core, in turns, in one run.

    python -m benchmarks.autoencoder [--turns 9] [--json]

Both train the same stack by Adam and cross-entropy in batches of 100 digits, PyTorch with one thread: as people write
it, and with its fused Adam. PyTorch's batches lie side by side; ours are taken in the order of an epoch.
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
from engine.labs.autoencoder.examples import images
from engine.labs.autoencoder.settings import AutoencoderSettings
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.matrices.stack import Stack
from engine.matrices.stack_kernels import Lesson

BATCH, RATE = 100, 0.001
SECONDS = 0.6  # of a turn
STACKS = {
    "784-256-64-2": AutoencoderSettings(),
    "784-1000-500-250-2": AutoencoderSettings(hidden=(1000, 500, 250)),
}
GOALS = {"784-256-64-2": 1.5, "784-1000-500-250-2": 1.3}

Run = Callable[[int], object]  # takes so many steps


def ours(settings: AutoencoderSettings) -> Run:
    """The lab's stack."""
    examples = images("digits").train
    stack = Stack(settings.inputs, settings.layers(), BATCH, np.random.default_rng(0))
    order = np.random.default_rng(1).permutation(len(examples))
    lesson = Lesson(examples, order, np.zeros(len(examples), np.float32), settings.is_entropy)
    rule = Rule(learning_rate=RATE, batch_size=BATCH, method=Method.ADAM)
    return lambda steps: stack.train(lesson, rule, 0, 0, 0, 0, steps * stack.phases)


def pytorch(settings: AutoencoderSettings, *, fused: bool) -> Run:
    """PyTorch's, eager, one thread."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    modules: list[Any] = []
    before = settings.inputs
    for layer in settings.layers():
        modules.append(torch.nn.Linear(before, layer.units))
        modules += [torch.nn.ReLU()] if layer.activation == "relu" else []  # the loss has the last sigmoid
        before = layer.units
    net = torch.nn.Sequential(*modules)
    optimizer = torch.optim.Adam(net.parameters(), RATE, **({"fused": True} if fused else {}))
    examples = torch.from_numpy(images("digits").train.copy())
    loss = torch.nn.BCEWithLogitsLoss(reduction="sum")

    def run(steps: int) -> None:
        for step in range(steps):
            batch = examples[step * BATCH % len(examples) :][:BATCH]
            optimizer.zero_grad()
            (loss(net(batch), batch) / BATCH).backward()
            optimizer.step()

    return run


def race(line: dict[str, Run], turns: int) -> dict[str, float]:
    """Examples a second of each: the median of so many turns, by the time of this thread on a core."""
    steps = {name: _steps_of_a_turn(run) for name, run in line.items()}
    rates: dict[str, list[float]] = {name: [] for name in line}
    for _ in range(turns):
        for name, run in line.items():
            start = time.thread_time()
            run(steps[name])
            rates[name].append(steps[name] * BATCH / (time.thread_time() - start))
    return {name: statistics.median(each) for name, each in rates.items()}


def _steps_of_a_turn(run: Run) -> int:
    run(2)
    start = time.thread_time()
    run(4)
    return max(int(SECONDS * 4 / (time.thread_time() - start)), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    for name, settings in STACKS.items():
        line = {"ours": ours(settings)}
        if find_spec("torch") is not None:
            line |= {"PyTorch": pytorch(settings, fused=False), "PyTorch, fused": pytorch(settings, fused=True)}
        found[name] = race(line, options.turns)
    if options.json:
        print(json.dumps({"machine": machine(), "examples_per_second": found}, indent=2))  # noqa: T201
        return
    table = Table(title="Examples a second, Adam, batches of 100", caption=on_what())
    for column in ("stack", "ours", "PyTorch", "PyTorch, fused", "ours / PyTorch", "goal"):
        table.add_column(column, justify="left" if column == "stack" else "right", no_wrap=True)
    for name, rates in found.items():
        peers = [f"{rates[peer]:,.0f}" if peer in rates else "" for peer in ("PyTorch", "PyTorch, fused")]
        ratio = f"{rates['ours'] / rates['PyTorch']:.2f}" if "PyTorch" in rates else ""
        table.add_row(name, f"{rates['ours']:,.0f}", *peers, ratio, f"{GOALS[name]}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
