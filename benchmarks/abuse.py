"""Measures what other visitors get while one page or a crowd misbehaves: a row for each kind of abuse.

Each row has a fresh server with two workers' worth of visitors on the same machine. `make faults` runs this after the
visitors on a bad network.

python -m benchmarks.abuse [--seconds 8] [--only inbox] [--json]
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.client import Client
from app.labs.plane.edits import RegenerateData
from app.messages import Command
from app.protocol import OpenLink, Reset, Step
from app.terminal.load import Plan, Report, burst, measure
from app.terminal.this_machine import machine, on_what
from tests.servers import Server, fetch, free_port, serving_with, sessions
from tests.services import nginx, redis_server
from tests.visitor import Visitor, living
from tests.waiting import until

COMMANDS = 1_000
OTHERS = 4
DEAREST = (  # the most expensive experiment that the page allows: 33 layers' worth of everything costly
    "#v=1&dataset=reg-plane&hidden=" + ",".join(["33"] * 32) + "&batch_norm=true&method=adamw&batch_size=1&"
    "learning_rate=0.0001&train_share=100&dropout=0.5&clip=1&order=random&gradients=true&"
    "inputs=x,y,xSquared,ySquared,xTimesY,sinX,sinY"
)


@dataclass(frozen=True)
class Row:
    """Effects of one kind of abuse on the others. Times in milliseconds unless the name says otherwise."""

    abuse: str
    figures: dict[str, Any] = field(default_factory=dict)


@contextmanager
def own_file() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="hyperplane-") as folder:
        yield f"{folder}/sessions.sqlite3"


async def end(server: Server) -> dict[str, Any]:
    """End the server by SIGTERM; returns how long that takes, and how it ends."""
    began = time.perf_counter()
    server.process.terminate()
    code = await asyncio.to_thread(server.process.wait)
    return {"SIGTERM, s": round(time.perf_counter() - began, 2), "exit code": code}


def had(report: Report) -> dict[str, Any]:
    """The figures of the other visitors."""
    rates = report.frames_per_second
    return {"frames a second": [round(rates[key], 1) for key in ("min", "median")], "longest gap": report.gap_ms["max"]}


# -- A: one page sends the costliest commands --------------------------------------------------------------------------


async def sit_down(server: Server, client: Client) -> ClientConnection:
    socket = await connect(f"ws://127.0.0.1:{server.port}/live?tab=bad", compression=None, max_size=None)
    client.opened()
    await say(socket, client)
    client.receive(await socket.recv())  # the welcome
    return socket


async def say(socket: ClientConnection, client: Client) -> None:
    for text in client.to_send():
        await socket.send(text)


async def flood(socket: ClientConnection, client: Client, command: Command) -> None:
    """Send as many commands as allowed at once, and read nothing."""
    with suppress(ConnectionClosed):
        for _ in range(COMMANDS):
            client.command(command)
            await say(socket, client)


async def inbox(command: Command, seconds: float, store: str) -> dict[str, Any]:
    with serving_with(HYPERPLANE_STORE=store) as server:
        plan = Plan(server.address, OTHERS, seconds, clicks_per_second=0, pid=server.process.pid)
        before = await measure(plan)
        client = Client(DEAREST, "bad")
        bad = await sit_down(server, client)
        during, _ = await asyncio.gather(measure(plan), flood(bad, client, command))
        here = sessions(server)
        ended = await end(server)
        await bad.close()
    saved = count(Path(store))
    rates = [report.frames_per_second["median"] for report in (during, before)]
    return {**had(during), "share of before": rates[0] / rates[1], **ended, "sessions": here, "saved": saved}


def count(store: Path) -> int:
    """The sessions in a store's file."""
    with sqlite3.connect(store) as database:
        return int(database.execute("SELECT count(*) FROM checkpoints").fetchone()[0])


# -- B and G: the door -------------------------------------------------------------------------------------------------


async def door(store: str) -> dict[str, Any]:
    with serving_with(HYPERPLANE_STORE=store) as server:
        report = await burst(server.address, browsers=200, bare=1_500)
        ended = await end(server)
    failed = {"bare connections failed": sum(report.bare_failures.values()), "files refused": report.failures}
    return {**failed, "browsers without a frame": report.unopened, "first frame": report.frame_ms["max"], **ended}


async def silence(store: str) -> dict[str, Any]:
    """Open more silent connections than the server may open files."""
    with serving_with(limit="ulimit -n 2200", HYPERPLANE_STORE=store) as server:
        lines = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2_400)]
        took = []
        for _ in range(20):
            began = time.perf_counter()
            await asyncio.to_thread(fetch, f"{server.address}/healthz")
            took.append((time.perf_counter() - began) * 1000)
        newcomer = await measure(Plan(server.address, 1, 1, pid=server.process.pid))
        ended = await end(server)
        for _, writer in lines:
            writer.close()
    return {"health check, longest": max(took), "newcomer's first frame": newcomer.arrival_ms["max"], **ended}


# -- C: legal but costly use -------------------------------------------------------------------------------------------


async def dear(seconds: float, store: str) -> dict[str, Any]:
    with serving_with(HYPERPLANE_STORE=store) as server:
        plan = Plan(server.address, 21, seconds, heavy=20, heavy_link=DEAREST, pid=server.process.pid)
        report = await measure(plan)
        here = sessions(server)
        ended = await end(server)
    dearest = round(report.heavy_frames_per_second["median"], 2)
    return {**had(report), "frames of the dear ones": dearest, **ended, "sessions": here, "saved": count(Path(store))}


# -- D and R: the store ------------------------------------------------------------------------------------------------


async def store_lost(store: str, lose: Callable[[], object]) -> dict[str, Any]:
    """Ten visitors train, pause and stay; the store loses everything; the server ends, and another starts."""
    port = free_port()
    visitors = [Visitor(each, f"ws://127.0.0.1:{port}/live", random.Random(each)) for each in range(10)]
    async with living(visitors):
        with serving_with(port=port, HYPERPLANE_STORE=store) as server:
            for visitor in visitors:
                await visitor.click()
            await until("all see", lambda: all(visitor.has_seen_all for visitor in visitors))
            await asyncio.sleep(4)  # all is saved
            lose()
            ended = await end(server)
        with serving_with(port=port, HYPERPLANE_STORE=store):
            await until("all are back", lambda: all(len(visitor.resumed) > 1 for visitor in visitors))
            for visitor in visitors:
                await visitor.click()
            await until("all see", lambda: all(visitor.has_seen_all for visitor in visitors))
    words = [word for visitor in visitors for word in visitor.resumed[1:]]
    faults = [fault for visitor in visitors for fault in visitor.check()]
    return {"came back": {word: words.count(word) for word in set(words)}, "faults": len(faults), **ended}


async def file_deleted(store: str) -> dict[str, Any]:
    def lose() -> None:
        for path in Path(store).parent.glob("*.sqlite3*"):
            path.unlink()

    return await store_lost(store, lose)


async def redis_emptied(_: str) -> dict[str, Any]:
    with redis_server() as url:

        def lose() -> None:
            with Redis.from_url(url) as client:
                client.flushall()

        return await store_lost(url, lose)


# -- H: one token in many tabs -----------------------------------------------------------------------------------------


async def one_token(store: str) -> dict[str, Any]:
    with serving_with(HYPERPLANE_STORE=store) as server:
        address = f"ws://127.0.0.1:{server.port}/live"
        first, *others = [Visitor(each, address, random.Random(each)) for each in range(9)]
        async with living([first]):
            await until("it has come", lambda: bool(first.resumed))
            for other in others:
                other.token = first.token
            began = time.perf_counter()
            async with living(others):
                await until("they have come", lambda: all(other.resumed for other in others))
                took = time.perf_counter() - began
                tokens = {visitor.token for visitor in (first, *others)}
        ended = await end(server)
    got = [other.resumed[0] for other in others]
    return {"pages": 9, "tokens": len(tokens), "got": sorted(set(got)), "all there, s": round(took, 2), **ended}


# -- N1: a rolling restart ---------------------------------------------------------------------------------------------


async def rolling(_: str) -> dict[str, Any]:
    """Two servers with a Redis behind nginx; 50 tabs that use only websockets; five restarts in turn."""
    with ExitStack() as site:
        folder = Path(site.enter_context(tempfile.TemporaryDirectory(prefix="hyperplane-")))
        store = site.enter_context(redis_server())
        ports = [free_port(), free_port()]

        def begin(port: int) -> tuple[Server, ExitStack]:
            running = site.enter_context(ExitStack())
            return running.enter_context(serving_with(port=port, HYPERPLANE_STORE=store)), running

        servers = [begin(port) for port in ports]
        address = f"ws://127.0.0.1:{site.enter_context(nginx(folder, ports))}/live"
        visitors = [Visitor(number, address, random.Random(number)) for number in range(50)]
        took = []
        async with living(visitors):
            for turn in (0, 1, 0, 1, 0):
                await seen_by(visitors)
                server, running = servers[turn]
                server.process.terminate()
                began = time.perf_counter()
                await seen_by(visitors)
                took.append(round(time.perf_counter() - began, 2))
                await asyncio.to_thread(running.close)
                servers[turn] = await asyncio.to_thread(begin, ports[turn])
        faults = [fault for visitor in visitors for fault in visitor.check()]
        answers = (folder / "access.log").read_text().count(" 502 ")
    return {"all back, s": took, "answers 502": answers, "faults": len(faults)}


async def seen_by(visitors: list[Visitor]) -> None:
    """Wait until every visitor is connected, has clicked, and sees the result."""
    await until("all are there", lambda: all(visitor.socket for visitor in visitors))
    for visitor in visitors:
        await visitor.click()
    await until("all see", lambda: all(visitor.has_seen_all for visitor in visitors))


# -- the table ---------------------------------------------------------------------------------------------------------

ROWS: dict[str, tuple[str, Callable[[float, str], Any]]] = {
    "steps": (f"A: {COMMANDS:,} steps", lambda seconds, store: inbox(Step(), seconds, store)),
    "resets": (f"A: {COMMANDS:,} resets", lambda seconds, store: inbox(Reset(), seconds, store)),
    "data": (f"A: {COMMANDS:,} times new data", lambda seconds, store: inbox(RegenerateData(), seconds, store)),
    "links": (f"A: {COMMANDS:,} links opened", lambda seconds, store: inbox(OpenLink(link=DEAREST), seconds, store)),
    "door": ("B: 1,500 connections, then 200 browsers at once", lambda _, store: door(store)),
    "dear": ("C: 20 of the dearest experiments beside one", dear),
    "file": ("D: the store's file is deleted", lambda _, store: file_deleted(store)),
    "silence": ("G: 2,400 silent connections, 2,200 files", lambda _, store: silence(store)),
    "token": ("H: one token in nine tabs", lambda _, store: one_token(store)),
    "rolling": ("N1: five restarts of two servers, 50 tabs", lambda _, store: rolling(store)),
    "redis": ("R: Redis comes back empty", lambda _, store: redis_emptied(store)),
}


def measured(name: str, seconds: float) -> Row:
    title, run = ROWS[name]
    with own_file() as store:
        return Row(title, asyncio.run(run(seconds, store)))


def text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=8, help="of the rows that watch frames")
    options.add_argument("--only", choices=ROWS, action="append", help="a row; may be given again")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    rows = [measured(name, chosen.seconds) for name in chosen.only or ROWS]
    if chosen.json:
        json.dump({"machine": machine(), "rows": [asdict(row) for row in rows]}, sys.stdout, indent=2)
        return
    table = Table("abuse", "what the others had; times in ms", caption=on_what(), show_lines=True)
    for row in rows:
        table.add_row(row.abuse, "\n".join(f"{name}: {text(value)}" for name, value in row.figures.items()))
    Console().print(table)


if __name__ == "__main__":
    main()
