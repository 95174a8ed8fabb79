"""Measures frames and clicks on a slow line, through a proxy of few megabits a second, with and without the coarser
pictures that a page gets there.

python -m benchmarks.slow_lines [--seconds 20] [--json]
"""

import argparse
import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rich.console import Console
from rich.table import Table

from app.terminal.load import Plan, Report
from app.terminal.load import measure as measure_load
from app.terminal.this_machine import machine, on_what
from tests.servers import Server, free_port, hyperplane, serving

MEGABITS = (1, 2, 8)
_AT_ONCE = 2048  # bytes
_BUFFER = 8192  # small ones, so that the server notices the line
# The same server, apart from this constant.
_ALWAYS_FINE = """
from app.sessions import picture_detail
from app.terminal.cli import main
picture_detail.COARSEST = 0
main()
"""
SERVERS = {"coarser": [hyperplane()], "always fine": [sys.executable, "-c", _ALWAYS_FINE]}


@asynccontextmanager
async def line(target: int, bits_per_second: float) -> AsyncIterator[int]:
    """The port of a proxy to `target` that limits the speed of answers."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward = socket.socket()
        onward.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        onward.setblocking(False)
        await asyncio.get_running_loop().sock_connect(onward, ("127.0.0.1", target))
        source, sink = await asyncio.open_connection(sock=onward, limit=_BUFFER)
        await asyncio.gather(_pass_on(reader, sink, 0.0), _pass_on(source, writer, 8 / bits_per_second))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield int(server.sockets[0].getsockname()[1])
    server.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds_per_byte: float) -> None:
    with suppress(OSError):
        while data := await source.read(_AT_ONCE):
            await asyncio.sleep(len(data) * seconds_per_byte)
            target.write(data)
            await target.drain()
    target.close()


async def visit(server: Server, megabits: float, seconds: float) -> Report:
    async with line(server.port, megabits * 1e6) as port:
        plan = Plan(f"http://127.0.0.1:{port}", 1, seconds, clicks_per_second=1, pid=server.process.pid)
        return await measure_load(plan)


def measure(command: list[str], megabits: float, seconds: float) -> Report:
    port = free_port()
    with serving([*command, "serve", "--no-store", "--port", str(port)], port, dict(os.environ)) as server:
        return asyncio.run(visit(server, megabits, seconds))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20, help="of each row")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    found = {
        (megabits, name): measure(command, megabits, chosen.seconds)
        for megabits in MEGABITS
        for name, command in SERVERS.items()
    }
    if chosen.json:
        rows = [{"megabits": each, "pictures": name, **report.as_json()} for (each, name), report in found.items()]
        json.dump({"machine": machine(), "rows": rows}, sys.stdout, indent=2)
        return
    table = Table("Mbit/s", "pictures", "frames a second", "click to frame, ms: p50, p95", caption=on_what())
    for (megabits, name), report in found.items():
        clicks = report.click_to_frame_ms
        frames = f"{report.frames_per_second['median']:.1f}"
        table.add_row(str(megabits), name, frames, f"{clicks['p50']:.0f}, {clicks['p95']:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
