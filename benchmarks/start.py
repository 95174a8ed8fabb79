"""Measures a start, from `hyperplane serve` to the first good answer, with and without a compiled engine.

python -m benchmarks.start [--repeats 5] [--json]
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time

from rich.console import Console
from rich.table import Table

from app.terminal.this_machine import machine, on_what
from tests.servers import fetch, free_port, hyperplane, serving


def start(cache: str) -> float:
    """Seconds from the command to the first 200 on /readyz; the page must answer too."""
    port = free_port()
    began = time.perf_counter()
    command = [hyperplane(), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port, {**os.environ, "HYPERPLANE_CACHE": cache}) as server:
        ready = time.perf_counter() - began
        fetch(server.address)
    return ready


def measure(repeats: int) -> dict[str, list[float]]:
    """One cold start in an empty cache, then warm starts in the same."""
    with tempfile.TemporaryDirectory(prefix="hyperplane-") as cache:
        return {"cold": [start(cache)], "warm": [start(cache) for _ in range(repeats)]}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=5, help="warm starts")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    times = measure(chosen.repeats)
    if chosen.json:
        json.dump({"machine": machine(), "seconds": times}, sys.stdout, indent=2)
        return
    table = Table("start", "seconds", "from … to", title="From `hyperplane serve` to ready", caption=on_what())
    for name, seconds in times.items():
        table.add_row(name, f"{statistics.median(seconds):.2f}", f"{min(seconds):.2f} … {max(seconds):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
