"""Measures what a change of the engine costs: two checkouts take turns in one run.

    python -m benchmarks.race OTHER [--seconds 2] [--json]

OTHER is a folder with another version, as made by `git worktree add`. Both run in this environment. A ratio above 1
means that this checkout is faster, unless 1 lies between the quartiles.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from app.terminal.bench import ENGINE, SHAPES, settings_for
from app.terminal.this_machine import machine, on_what
from engine.labs.plane.examples import grid_for
from engine.labs.plane.trainer import Trainer
from engine.warm_up import warm_up

HERE = Path(__file__).parent.parent
TURNS = 25


def contests() -> dict[str, Callable[[int], object]]:
    """Functions that repeat a job `times` times in a turn: epochs for each shape, and frames."""
    runs: dict[str, Callable[[int], object]] = {}
    for shape in SHAPES:
        name = "-".join(map(str, shape))
        for contestant, make in ENGINE.items():
            runs[f"{name} {contestant}"] = make(Trainer(settings_for(shape)))
        runs[f"{name} frame"] = _frames(Trainer(settings_for(shape)))
    return runs


def _frames(trainer: Trainer) -> Callable[[int], object]:
    """All that a frame shows: losses, counts and pictures of 100 x 100 and 25 x 25 pixels."""
    network, settings = trainer.network, trainer.settings
    large, small = (grid_for(settings.inputs, size, network.dtype, settings.domain) for size in (100, 25))

    def run(frames: int) -> None:
        for _ in range(frames):
            network.survey(trainer.model.train_examples, trainer.model.test_examples, large, small)

    return run


def answer() -> None:
    """Run one side of the race: answer each line "name times" with the seconds that it takes."""
    np.seterr(all="ignore")
    warm_up()
    runs = contests()
    print(json.dumps(list(runs)), flush=True)  # noqa: T201
    for line in sys.stdin:
        name, times = json.loads(line)
        start = time.process_time()  # without the time of other processes
        runs[name](times)
        print(time.process_time() - start, flush=True)  # noqa: T201


class Side:
    """A process that runs `answer` in the folder of its version."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        # -P: benchmarks/engine.py must not hide the engine.
        command = [sys.executable, "-P", __file__, "--answer", "."]
        self._process = stack.enter_context(
            subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": str(folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(self._process.kill)
        self.names: list[str] = json.loads(self._line())

    def seconds(self, name: str, times: int) -> float:
        """The seconds of `times` repetitions."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, times]) + "\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


def race(other: Path, seconds: float, only: str = "") -> dict[str, list[float]]:
    """For each contest the ratio of speeds, this version to the other, turn by turn."""
    with ExitStack() as stack:
        ours, theirs = Side(HERE, stack), Side(other, stack)
        ratios: dict[str, list[float]] = {}
        for name in (each for each in ours.names if only in each):
            times = 1
            while ours.seconds(name, times) < seconds / TURNS / 4:
                times *= 2
            for turn in range(TURNS):  # alternating, so that ratios hold on a noisy machine
                first, second = (ours, theirs) if turn % 2 else (theirs, ours)
                took = {first: first.seconds(name, times), second: second.seconds(name, times)}
                ratios.setdefault(name, []).append(took[theirs] / took[ours])
        return ratios


def main() -> None:
    """Race, and print the ratios."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("other", type=Path)
    options.add_argument("--seconds", type=float, default=2.0, help="for each version on each row")
    options.add_argument("--only", default="", help="rows whose name has this in it")
    options.add_argument("--json", action="store_true")
    options.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.answer:
        answer()
        return
    ratios = race(chosen.other.resolve(), chosen.seconds, chosen.only)
    if chosen.json:
        json.dump({"machine": machine(), "ratios": ratios}, sys.stdout, indent=2)
        return
    table = Table("", "speed to the other's", "quartiles", title="This version to the other", caption=on_what())
    for name, turns in ratios.items():
        low, middle, high = statistics.quantiles(turns, n=4)
        table.add_row(name, f"{middle:.3f}", f"{low:.3f} … {high:.3f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
