"""What a class has of one server on this machine: frames and clicks of few and of many, a heavy network among light
ones, hidden pages, health checks of a full server, its end, and everybody's return to the next one.

Each row has a fresh server. The visitors, who take about 0.9 of a core when there are 200, run on the same machine.

python -m benchmarks.classroom [--seconds 10] [--json]
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.table import Table

from app.load import Plan, Report
from app.load import measure as measure_load
from app.load.figures import percentiles
from app.machine import machine, on_what
from tests.servers import Server, fetch, free_port, hyperplane, serving
from tests.visitor import Visitor, living
from tests.waiting import until

CLASS = 200
NEWCOMERS = 50  # beyond what a full server takes
ASK_SECONDS = 0.05  # between two health checks
LOADS = {
    "one": Plan("", 1, 0),
    "five": Plan("", 5, 0),
    "five, one heavy": Plan("", 5, 0, heavy=1),
    "fifty": Plan("", 50, 0),
    "a class": Plan("", CLASS, 0),
    "a class, one heavy": Plan("", CLASS, 0, heavy=1),
    "a thousand, hidden": Plan("", 1000, 0, mode="hidden"),
    "a thousand, paused": Plan("", 1000, 0, mode="paused", clicks_per_second=0),
}


@contextmanager
def serving_with(port: int | None = None, **environment: str) -> Iterator[Server]:
    port = port or free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port, {**os.environ, **environment}) as server:
        yield server


# -- load --------------------------------------------------------------------------------------------------------------


def load(plan: Plan, seconds: float) -> Report:
    with serving_with(HYPERPLANE_NO_STORE="true", HYPERPLANE_SESSIONS="2000") as server:
        told = replace(plan, url=server.address, seconds=seconds, pid=server.process.pid)
        return asyncio.run(measure_load(told))


# -- full --------------------------------------------------------------------------------------------------------------


async def ask(server: Server) -> float:
    """Milliseconds that a health check takes."""
    began = time.perf_counter()
    await asyncio.to_thread(fetch, f"{server.address}/healthz")
    return (time.perf_counter() - began) * 1000


async def ask_again_and_again(server: Server, noted: list[float]) -> None:
    while True:
        noted.append(await ask(server))
        await asyncio.sleep(ASK_SECONDS)


def full(seconds: float) -> dict[str, Any]:
    """More come than there are places for: who is refused, and how long health checks take meanwhile."""

    async def run(server: Server) -> dict[str, Any]:
        noted: list[float] = []
        asking = asyncio.create_task(ask_again_and_again(server, noted))
        report = await measure_load(Plan(server.address, CLASS + NEWCOMERS, seconds, pid=server.process.pid))
        asking.cancel()
        return {"sessions": report.sessions, "refused": report.refused, "health_ms": percentiles(noted)}

    with serving_with(HYPERPLANE_SESSIONS=str(CLASS), HYPERPLANE_RESERVE="0") as server:
        return asyncio.run(run(server))


# -- end and return ----------------------------------------------------------------------------------------------------


def end_and_return() -> dict[str, Any]:
    """A class plays; the server is told to end, and the next one begins at once, at the same address."""

    async def run(folder: str) -> dict[str, Any]:
        port = free_port()
        address = f"ws://127.0.0.1:{port}/live"
        visitors = [Visitor(number, address, random.Random(number), plays=True) for number in range(CLASS)]
        store = {"HYPERPLANE_STORE": f"{folder}/sessions.sqlite3"}
        async with living(visitors):
            with serving_with(port, **store) as server:
                for visitor in visitors:
                    await visitor.click()
                await until("all play", lambda: all(visitor.has_seen_all for visitor in visitors))
                epochs = [visitor.seen.epoch for visitor in visitors]
                began = time.perf_counter()
                server.process.terminate()
                await asyncio.to_thread(server.process.wait)
                ended = time.perf_counter() - began
            with serving_with(port, **store) as server:
                began, noted = time.perf_counter(), list[float]()
                asking = asyncio.create_task(ask_again_and_again(server, noted))
                await until("all are back", lambda: all(len(visitor.resumed) > 1 for visitor in visitors))
                came = time.perf_counter() - began
                for visitor in visitors:
                    await visitor.click()
                await until("all see", lambda: all(visitor.has_seen_all for visitor in visitors))
                asking.cancel()
                lost = [visitor.seen.epoch < epoch for visitor, epoch in zip(visitors, epochs, strict=True)]
        words = [word for visitor in visitors for word in visitor.resumed[1:]]
        resumed = {word: words.count(word) for word in sorted(set(words))}
        health = percentiles(noted)
        return {"end_s": ended, "back_s": came, "resumed": resumed, "behind": sum(lost), "health_ms": health}

    with tempfile.TemporaryDirectory(prefix="hyperplane-") as folder:
        return asyncio.run(run(folder))


# -- the tables --------------------------------------------------------------------------------------------------------


def load_table(reports: dict[str, Report]) -> Table:
    table = Table("", "frames a second", "Jain", "click to frame, ms", "cores", "MiB each", caption=on_what())
    for name, report in reports.items():
        frames, clicks, usage = report.frames_per_second, report.click_to_frame_ms, report.usage
        heavy = report.heavy_frames_per_second
        assert usage
        table.add_row(
            f"{name}: {report.sessions:,}",
            ", ".join(f"{frames[key]:.1f}" for key in ("min", "median", "max"))
            + (f"; heavy {heavy['median']:.1f}" if heavy else ""),
            f"{report.fairness:.3f}",
            ", ".join(f"{clicks[key]:.0f}" for key in ("p50", "p95", "p99")) if clicks["count"] else "",
            f"{usage.cpu:.2f}",
            f"{usage.growth / max(report.sessions, 1) / 2**20:.2f}",
        )
    return table


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=10, help="of each row")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    reports = {name: load(plan, chosen.seconds) for name, plan in LOADS.items()}
    rest = {"full": full(chosen.seconds), "end and return": end_and_return()}
    if chosen.json:
        loads = {name: report.as_json() for name, report in reports.items()}
        json.dump({"machine": machine(), "loads": loads, **rest}, sys.stdout, indent=2)
        return
    Console().print(load_table(reports))
    for name, figures in rest.items():
        sys.stdout.write(f"{name}: {json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
