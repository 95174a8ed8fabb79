"""Rounds of the adversarial lab beside PyTorch's: iterations a second on one core, in turns, in one run.

    python -m benchmarks.adversarial [--turns 15] [--json]

A round is a step of the discriminator and one of the generator, by Adam, from 150 real points and fakes each: generator
2-8-8-2, discriminator 2-8-8-1. Both sides draw their noise and their points in each step. PyTorch has one thread and
Adam in its fused form, the fastest. Without PyTorch only ours is shown.
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
from engine.labs.adversarial.model import POINTS, AdversarialModel
from engine.labs.adversarial.settings import AdversarialSettings, Objective
from engine.runs.moment import Place

BATCH, RATE = 150, 0.001
SECONDS = 0.3  # of a turn
OBJECTIVES: tuple[Objective, ...] = ("non-saturating", "penalty")

Run = Callable[[int], object]  # takes so many rounds


def settings_of(objective: Objective) -> AdversarialSettings:
    """The networks that are measured."""
    return AdversarialSettings(
        objective=objective, generator=(8, 8), discriminator=(8, 8), batch_size=BATCH,
        generator_rate=RATE, discriminator_rate=RATE,
    )  # fmt: skip


def ours(objective: Objective) -> Run:
    """The lab's."""
    model = AdversarialModel(settings_of(objective))
    return lambda rounds: model.take(Place(0, 0, 0), 2 * rounds)


def pytorch(objective: Objective) -> Run:
    """PyTorch's, eager, one thread."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    nn, softplus = torch.nn, torch.nn.functional.softplus
    generator = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
    judge = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(), nn.Linear(8, 8), nn.LeakyReLU(), nn.Linear(8, 1))
    adams = [torch.optim.Adam(net.parameters(), RATE, betas=(0.5, 0.999), fused=True) for net in (generator, judge)]
    model = AdversarialModel(settings_of(objective))
    points = torch.tensor(model.mixture.draw(POINTS, np.random.default_rng(0)).astype("float32"))

    def judging(real: Any, fake: Any) -> Any:
        said_of_real, said_of_fake = judge(real), judge(fake)
        if objective != "penalty":
            return softplus(-said_of_real).mean() + softplus(said_of_fake).mean()
        share = torch.rand(BATCH, 1)
        mixed = (share * real + (1 - share) * fake).requires_grad_(True)
        slopes = torch.autograd.grad(judge(mixed).sum(), mixed, create_graph=True)[0]
        return said_of_fake.mean() - said_of_real.mean() + ((slopes.norm(dim=1) - 1) ** 2).mean()

    def run(rounds: int) -> None:
        for _ in range(rounds):
            real = points[torch.randint(POINTS, (BATCH,))]
            with torch.no_grad():
                fake = generator(torch.rand(BATCH, 2) * 2 - 1)
            adams[1].zero_grad()
            judging(real, fake).backward()
            adams[1].step()
            adams[0].zero_grad()
            said = judge(generator(torch.rand(BATCH, 2) * 2 - 1))
            (-said.mean() if objective == "penalty" else softplus(-said).mean()).backward()
            adams[0].step()

    return run


def race(line: dict[str, Run], turns: int) -> dict[str, float]:
    """Rounds a second of each: the median of so many turns."""
    counts = {name: _rounds_of_a_turn(run) for name, run in line.items()}
    rates: dict[str, list[float]] = {name: [] for name in line}
    for _ in range(turns):
        for name, run in line.items():
            start = time.perf_counter()
            run(counts[name])
            rates[name].append(counts[name] / (time.perf_counter() - start))
    return {name: statistics.median(each) for name, each in rates.items()}


def _rounds_of_a_turn(run: Run) -> int:
    run(2)
    start = time.perf_counter()
    run(20)
    return max(int(SECONDS * 20 / (time.perf_counter() - start)), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    has_torch = find_spec("torch") is not None
    found = {
        objective: race(
            {"ours": ours(objective), **({"PyTorch": pytorch(objective)} if has_torch else {})}, options.turns
        )
        for objective in OBJECTIVES
    }
    if options.json:
        print(json.dumps({"machine": machine(), "rounds_per_second": found}, indent=2))  # noqa: T201
        return
    table = Table(title="Rounds a second", caption=on_what())
    for column in ("loss", "ours", "PyTorch", "ours / PyTorch"):
        table.add_column(column, justify="left" if column == "loss" else "right", no_wrap=True)
    for name, rates in found.items():
        peer = f"{rates['PyTorch']:,.0f}" if has_torch else ""
        ratio = f"{rates['ours'] / rates['PyTorch']:.1f}" if has_torch else ""
        table.add_row(name, f"{rates['ours']:,.0f}", peer, ratio)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
