"""Checks whether a server grows in a long run, with visitors who play, click, leave and are followed by others.

The server's resident memory, open files and threads are recorded every few seconds, and a line is fitted to them after
the first minutes, in which a server fills its caches.

python -m benchmarks.soak [--minutes 10] [--visitors 200] [--stay 100] [--json]
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from app.terminal.load import Plan
from app.terminal.load import measure as measure_load
from app.terminal.load.figures import Report
from app.terminal.load.process import sample
from app.terminal.this_machine import machine, on_what
from tests.servers import Server, serving_with

EVERY = 5.0  # seconds
SETTLED = 0.3  # share of the time after which the server's caches must be full
FIGURES = ("memory", "files", "threads")


@dataclass(frozen=True)
class Moment:
    """The server's use, some seconds after the start."""

    seconds: float
    memory: float  # MiB
    files: int
    threads: int


def look(pid: int, seconds: float) -> Moment:
    seen = sample(pid)
    return Moment(seconds, seen.memory / 2**20, seen.files, seen.threads)


async def soak(server: Server, plan: Plan) -> tuple[Report, list[Moment]]:
    """The visitors' report, and the server's use meanwhile."""
    moments: list[Moment] = []

    async def watch() -> None:
        while True:
            moments.append(look(server.process.pid, len(moments) * EVERY))
            await asyncio.sleep(EVERY)

    watching = asyncio.create_task(watch())
    report = await measure_load(plan)
    watching.cancel()
    return report, moments


def slope(moments: list[Moment], figure: str) -> float:
    """Growth per ten minutes, by least squares over the later part."""
    later = moments[int(len(moments) * SETTLED) :]
    seconds, values = [one.seconds for one in later], [float(getattr(one, figure)) for one in later]
    return float(np.polyfit(seconds, values, 1)[0]) * 600


def run(minutes: float, visitors: int, stay: float) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="hyperplane-") as folder,
        serving_with(HYPERPLANE_STORE=f"{folder}/sessions.sqlite3") as server,
    ):
        plan = Plan(server.address, visitors, minutes * 60, stay_seconds=stay, pid=server.process.pid)
        report, moments = asyncio.run(soak(server, plan))
    return {
        "report": report.as_json(),
        "moments": [asdict(one) for one in moments],
        "slopes": {figure: slope(moments, figure) for figure in FIGURES},
    }


def table(found: dict[str, Any]) -> Table:
    moments = found["moments"]
    settled = moments[int(len(moments) * SETTLED)]
    shown = Table("", "at first", "settled", "at the end", "growth in 10 minutes", caption=on_what())
    for figure in FIGURES:
        row = [f"{one[figure]:,.0f}" for one in (moments[0], settled, moments[-1])]
        shown.add_row(figure + (", MiB" if figure == "memory" else ""), *row, f"{found['slopes'][figure]:+.2f}")
    return shown


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--visitors", type=int, default=200, help="at once")
    options.add_argument("--stay", type=float, default=100, help="seconds, on average")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    found = run(chosen.minutes, chosen.visitors, chosen.stay)
    if chosen.json:
        json.dump({"machine": machine(), **found}, sys.stdout, indent=2)
        return
    for name, value in found["report"].items():
        sys.stdout.write(f"{name}: {value}\n")
    Console().print(table(found))


if __name__ == "__main__":
    main()
