"""Many visitors on a bad network, and a server that is killed and ended under them.

Connections are closed, reset and stalled at random. In the end every visitor must see exactly what its own commands
lead to, each once and in order: the same parameters bit for bit, and a loss curve without a gap. Seeded; `make faults`
does it with 200 visitors.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.protocol import Pause
from app.terminal.load.process import sample
from tests.proxy import Proxy
from tests.servers import Server, free_port, hyperplane, serving, sessions
from tests.visitor import Visitor, living
from tests.waiting import until

CLICKS = 6  # of each visitor, between two ends of the server
SHARE = 0.08  # of the connections that fail at a time
ENDS = (signal.SIGKILL, signal.SIGTERM)


@dataclass(frozen=True)
class Size:
    """Of a run."""

    visitors: int
    rounds: int
    seed: int


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    return Size(*(int(request.config.getoption(name)) for name in ("--visitors", "--rounds", "--seed")))


@contextmanager
def serving_at(port: int, folder: Path) -> Iterator[Server]:
    """Sessions leave memory soon, so that many come back from the disk without a kill too."""
    environment = {
        **os.environ,
        "HYPERPLANE_STORE": str(folder / "sessions.sqlite3"),
        "HYPERPLANE_PAUSE_SECONDS": "0.3",
        "HYPERPLANE_KEEP_SECONDS": "1",
    }
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        yield server


async def misbehave(visitors: list[Visitor], proxy: Proxy, rng: random.Random) -> None:
    """Clicks at random moments, and a network that fails at others."""
    for _ in range(CLICKS):
        for visitor in rng.sample(visitors, len(visitors)):
            await visitor.click()
            if rng.random() < 0.1:
                await asyncio.sleep(0.02)
        await asyncio.to_thread(proxy.fail_some, rng, SHARE)


def files(server: Server) -> int:
    return sample(server.process.pid).files


async def empty(server: Server, most: int) -> int:
    """Wait until no session is in memory and no connection is open; the server's memory then."""
    await until("sessions stay in memory", lambda: sessions(server) == 0)
    await until(f"{files(server)} files are open, expected {most}", lambda: files(server) <= most)
    return sample(server.process.pid).memory


def test_nothing_is_lost_on_a_bad_network_and_with_a_server_that_is_killed(tmp_path: Path, size: Size) -> None:
    asyncio.run(run(tmp_path, size))


async def run(folder: Path, size: Size) -> None:
    rng, port = random.Random(size.seed), free_port()
    with Proxy(port) as proxy:
        address = f"ws://127.0.0.1:{proxy.port}/live"
        visitors = [
            Visitor(number, address, random.Random(f"{size.seed} {number}"), plays=number % 5 == 4)
            for number in range(size.visitors)
        ]
        async with living(visitors):
            for number in range(size.rounds):
                with serving_at(port, folder) as server:
                    await until("all have come", lambda: all(visitor.token for visitor in visitors))
                    await misbehave(visitors, proxy, rng)
                    server.process.send_signal(ENDS[number % len(ENDS)])
                    await asyncio.to_thread(server.process.wait, 20)
            with serving_at(port, folder) as server:
                start = files(server)
                await settle(visitors)
                report(visitors, proxy)
                assert [fault for visitor in visitors for fault in visitor.check()] == []
                assert "none" not in [word for visitor in visitors for word in visitor.resumed[1:]]
                for visitor in visitors:
                    await visitor.leave()
                before = await empty(server, start)
                await come_and_go(size, proxy, rng)
                growth = (await empty(server, start) - before) / 2**20
                say(f"memory: {before / 2**20:.0f} MiB, {growth:+.1f} after as many visitors again")
                assert growth < 2 + size.visitors / 20


async def settle(visitors: list[Visitor]) -> None:
    """The network is good again; whoever plays pauses; all that was clicked is seen."""
    for visitor in visitors:
        if visitor.plays:
            await visitor.send(Pause())
    await until("not all is seen", lambda: all(visitor.has_seen_all for visitor in visitors))


async def come_and_go(size: Size, proxy: Proxy, rng: random.Random) -> None:
    """As many new visitors, on the same bad network."""
    address = f"ws://127.0.0.1:{proxy.port}/live"
    visitors = [Visitor(1000 + number, address, random.Random(number)) for number in range(size.visitors)]
    async with living(visitors):
        await until("all have come", lambda: all(visitor.token for visitor in visitors))
        await misbehave(visitors, proxy, rng)
        await settle(visitors)
        assert [fault for visitor in visitors for fault in visitor.check()] == []


def say(text: str) -> None:
    """For `make faults`."""
    sys.stdout.write(f"\n{text}\n")


def report(visitors: list[Visitor], proxy: Proxy) -> None:
    got = Counter(word for visitor in visitors for word in visitor.resumed[1:])
    clicks = sum(len(visitor.sent) for visitor in visitors)
    say(f"{len(visitors)} visitors, {clicks} commands, each applied once; came back: {dict(got)}; {proxy.failed}")
