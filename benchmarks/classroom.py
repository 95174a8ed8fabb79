"""Measures what a class gets from one server on this machine: frames and clicks of few and of many visitors, a heavy
network among light ones, hidden pages, health checks of a full server, its end, and the return to the next one.

Each row has a fresh server and fresh visitors; 200 visitors take about a quarter of a core of the same machine.

python -m benchmarks.classroom [--seconds 10] [--json]
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from app.terminal.load.figures import percentiles
from app.terminal.this_machine import machine, on_what
from tests.servers import Server, free_port, hyperplane, serving_with
from tests.visitor import Visitor, living
from tests.waiting import until

CLASS = 200
NEWCOMERS = 50  # more than a full server takes
LOADS = {  # for `hyperplane load`
    "one": "--sessions 1",
    "five": "--sessions 5",
    "five, one heavy": "--sessions 5 --heavy 1",
    "fifty": "--sessions 50",
    "a class": f"--sessions {CLASS}",
    "a class, one heavy": f"--sessions {CLASS} --heavy 1",
    "a thousand, hidden": "--sessions 1000 --mode hidden",
    "a thousand, paused": "--sessions 1000 --mode paused --clicks-per-second 0",
}
# Runs in its own process, so that nothing delays it. Prints milliseconds.
ASK = """
import sys, time
from urllib.request import urlopen
while True:
    began = time.perf_counter()
    try:
        urlopen(sys.argv[1], timeout=20).read()
    except OSError:  # not listening yet
        continue
    print((time.perf_counter() - began) * 1000, flush=True)
    time.sleep(0.05)
"""


# -- load --------------------------------------------------------------------------------------------------------------


def load(arguments: str, seconds: float) -> dict[str, Any]:
    with serving_with(HYPERPLANE_NO_STORE="true", HYPERPLANE_SESSIONS="2000") as server:
        return visit(server, arguments, seconds)


def visit(server: Server, arguments: str, seconds: float) -> dict[str, Any]:
    """The report of `hyperplane load`."""
    command = [hyperplane(), "load", "--url", server.address, "--seconds", str(seconds), "--json", *arguments.split()]
    report: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return report


# -- full --------------------------------------------------------------------------------------------------------------


@contextmanager
def asking(server: Server) -> Iterator[dict[str, float]]:
    """Milliseconds that health checks took; filled when the block ends."""
    found: dict[str, float] = {}
    command = [sys.executable, "-c", ASK, f"{server.address}/healthz"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield found
        process.terminate()
        assert process.stdout
        found.update(percentiles([float(line) for line in process.stdout]))


def full(seconds: float) -> dict[str, Any]:
    """Let more visitors come than fit: how many are refused, and how long health checks take meanwhile."""
    with serving_with(HYPERPLANE_SESSIONS=str(CLASS), HYPERPLANE_RESERVE="0") as server, asking(server) as health:
        report = visit(server, f"--sessions {CLASS + NEWCOMERS}", seconds)
    return {"sessions": report["sessions"], "refused": report["refused"], "health_ms": health}


# -- end and return ----------------------------------------------------------------------------------------------------


def end_and_return() -> dict[str, Any]:
    """End a server while a class plays, and start the next one at once at the same address."""

    async def run(folder: str) -> dict[str, Any]:
        port = free_port()
        address = f"ws://127.0.0.1:{port}/live"
        visitors = [Visitor(number, address, random.Random(number), plays=True) for number in range(CLASS)]
        store = {"HYPERPLANE_STORE": f"{folder}/sessions.sqlite3"}
        async with living(visitors):
            with serving_with(port=port, **store) as server:
                for visitor in visitors:
                    await visitor.click()
                await until("all play", lambda: all(visitor.has_seen_all for visitor in visitors))
                epochs = [visitor.seen.epoch for visitor in visitors]
                began = time.perf_counter()
                server.process.terminate()
                await asyncio.to_thread(server.process.wait)
                ended = time.perf_counter() - began
            with serving_with(port=port, **store) as server, asking(server) as health:
                began = time.perf_counter()
                await until("all are back", lambda: all(len(visitor.resumed) > 1 for visitor in visitors))
                came = time.perf_counter() - began
                for visitor in visitors:
                    await visitor.click()
                await until("all see", lambda: all(visitor.has_seen_all for visitor in visitors))
                lost = [visitor.seen.epoch < epoch for visitor, epoch in zip(visitors, epochs, strict=True)]
        words = [word for visitor in visitors for word in visitor.resumed[1:]]
        resumed = {word: words.count(word) for word in sorted(set(words))}
        return {"end_s": ended, "back_s": came, "resumed": resumed, "behind": sum(lost), "health_ms": health}

    with tempfile.TemporaryDirectory(prefix="hyperplane-") as folder:
        return asyncio.run(run(folder))


# -- the tables --------------------------------------------------------------------------------------------------------


def load_table(reports: dict[str, Any]) -> Table:
    table = Table("", "frames a second", "Jain", "click to frame, ms", "cores", "MiB each", caption=on_what())
    for name, report in reports.items():
        frames, clicks = report["frames_per_second"], report["click_to_frame_ms"]
        heavy = report["heavy_frames_per_second"]
        table.add_row(
            f"{name}: {report['sessions']:,}",
            ", ".join(f"{frames[key]:.1f}" for key in ("min", "median", "max"))
            + (f"; heavy {heavy['median']:.1f}" if heavy else ""),
            f"{report['fairness']:.3f}",
            ", ".join(f"{clicks[key]:.0f}" for key in ("p50", "p95", "p99")) if clicks["count"] else "",
            f"{report['usage']['cpu']:.2f}",
            f"{report['usage']['growth'] / max(report['sessions'], 1) / 2**20:.2f}",
        )
    return table


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=10, help="of each row")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    reports = {name: load(arguments, chosen.seconds) for name, arguments in LOADS.items()}
    rest = {"full": full(chosen.seconds), "end and return": end_and_return()}
    if chosen.json:
        json.dump({"machine": machine(), "loads": reports, **rest}, sys.stdout, indent=2)
        return
    Console().print(load_table(reports))
    for name, figures in rest.items():
        sys.stdout.write(f"{name}: {json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
