"""Two servers behind a real nginx, with a real Redis: docs/deployment as it is; one is killed, stopped or ended."""

import asyncio
import json
import os
import random
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from app.client import Event
from app.protocol import Away, Pause, Welcome
from tests.page import Page
from tests.servers import Server, fetch, figure, free_port, hyperplane, serving, sessions
from tests.services import nginx, redis_server
from tests.visitor import Visitor, living
from tests.waiting import until

VISITORS = 10
CLICKS = 8


@dataclass
class Site:
    """All of it."""

    address: str  # of nginx
    servers: list[Server]
    environment: dict[str, str]

    def restart(self, number: int, stack: ExitStack) -> None:
        """At the same port."""
        self.servers[number] = stack.enter_context(one_server(self.servers[number].port, self.environment))


@contextmanager
def one_server(port: int, environment: dict[str, str]) -> Iterator[Server]:
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        yield server


@contextmanager
def site(folder: Path, redis: str, lease_seconds: float, **more: str) -> Iterator[Site]:
    environment = {
        **os.environ,
        **more,
        "HYPERPLANE_STORE": redis,
        "HYPERPLANE_LEASE_SECONDS": str(lease_seconds),
        "HYPERPLANE_PAUSE_SECONDS": "0.5",
        "HYPERPLANE_PING_SECONDS": "2",
    }
    with ExitStack() as stack:
        servers = [stack.enter_context(one_server(free_port(), environment)) for _ in range(2)]
        port = stack.enter_context(nginx(folder, [server.port for server in servers]))
        yield Site(f"http://127.0.0.1:{port}", servers, environment)


def visitors_of(site: Site, count: int = VISITORS, first: int = 0) -> list[Visitor]:
    address = site.address.replace("http", "ws") + "/live"
    return [
        Visitor(number, address, random.Random(number), plays=number % 5 == 4) for number in range(first, first + count)
    ]


async def all_are_there(visitors: list[Visitor]) -> None:
    await until("all have come", lambda: all(visitor.socket for visitor in visitors))


async def click_through(visitors: list[Visitor], meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Everybody clicks; halfway something happens."""
    for number in range(CLICKS):
        for visitor in visitors:
            await visitor.click()
        await asyncio.sleep(0.05)
        if number == CLICKS // 2:
            await meanwhile()


async def nothing_is_lost(visitors: list[Visitor]) -> None:
    """All that was clicked is seen, each once and in order, and nobody began anew."""
    for visitor in visitors:
        if visitor.plays:
            await visitor.send(Pause())
    await until("not all is seen", lambda: all(visitor.has_seen_all for visitor in visitors))
    assert [fault for visitor in visitors for fault in visitor.check()] == []
    assert {word for visitor in visitors for word in visitor.resumed[1:]} <= {"live", "checkpoint"}


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, redis: str) -> Iterator[Site]:
    """For tests that leave both servers as they are."""
    with site(tmp_path_factory.mktemp("nginx"), redis, lease_seconds=60) as found:
        yield found


def test_pages_come_through_nginx(two: Site) -> None:
    assert b"Hyperplane" in fetch(two.address)
    assert json.loads(fetch(f"{two.address}/readyz"))["status"] == "ready"


def test_the_origin_is_checked_behind_nginx_too(two: Site) -> None:
    live = two.address.replace("http", "ws") + "/live?tab=a"
    with connect(live, origin=Origin(two.address)):
        pass
    with pytest.raises(InvalidStatus) as refused:
        connect(live, origin=Origin("http://evil.example"))
    assert refused.value.response.status_code == 403
    with pytest.raises(HTTPError) as strange:
        urlopen(Request(two.address, headers={"Host": "evil.example"}), timeout=20)
    with strange.value as answer:
        assert answer.code == 400


def test_nginx_names_visitors_and_one_address_cannot_take_all_places(tmp_path: Path, redis: str) -> None:
    """127.0.0.2 and 127.0.0.3 are this machine, too, and no proxies."""
    limits = {"HYPERPLANE_TRUSTED_PROXIES": "127.0.0.1", "HYPERPLANE_SESSIONS_PER_ADDRESS": "1"}

    def hears(stack: ExitStack, found: Site, address: str, invented: str) -> type[Event]:
        port = int(found.address.rpartition(":")[2])
        line = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
        headers = {"X-Forwarded-For": invented}
        live = stack.enter_context(connect(f"ws://127.0.0.1:{port}/live?tab=a", sock=line, additional_headers=headers))
        newcomer = Page(live)
        newcomer.greet()
        return type(newcomer.receive())

    with site(tmp_path, redis, lease_seconds=60, **limits) as found, ExitStack() as stack:
        assert hears(stack, found, "127.0.0.2", "192.0.2.1") is Welcome
        assert hears(stack, found, "127.0.0.2", "192.0.2.2") is Away
        assert hears(stack, found, "127.0.0.3", "127.0.0.2") is Welcome


def test_tabs_are_spread_and_each_comes_back_to_its_server(two: Site) -> None:
    async def run() -> None:
        visitors = visitors_of(two, 24, first=100)
        async with living(visitors):
            await all_are_there(visitors)
            counts = [sessions(server) for server in two.servers]
            assert sum(counts) == 24
            assert min(counts) >= 4
            for _ in range(2):
                for visitor in visitors:
                    if visitor.socket:
                        visitor.socket.transport.abort()
                        visitor.socket = None
                await all_are_there(visitors)
            assert {word for visitor in visitors for word in visitor.resumed[1:]} == {"live"}
            assert [sessions(server) for server in two.servers] == counts

    asyncio.run(run())


@pytest.mark.parametrize(
    ("end", "lease_seconds"), [(signal.SIGKILL, 1.5), (signal.SIGTERM, 600)], ids=["killed", "ended"]
)
def test_the_other_server_goes_on(tmp_path: Path, redis: str, end: signal.Signals, lease_seconds: float) -> None:
    """A server that is killed loses its sessions when their leases end; one that is told to end gives them up."""

    async def run(found: Site, stack: ExitStack) -> None:
        visitors = visitors_of(found)

        async def end_one() -> None:
            found.servers[0].process.send_signal(end)
            await asyncio.to_thread(found.servers[0].process.wait, 20)

        async with living(visitors):
            await all_are_there(visitors)
            before = sessions(found.servers[0])
            assert 0 < before < VISITORS
            await click_through(visitors, end_one)
            await until("all go on", lambda: sessions(found.servers[1]) == VISITORS)
            await all_are_there(visitors)
            assert sum("checkpoint" in visitor.resumed for visitor in visitors) == before
            await asyncio.to_thread(found.restart, 0, stack)
            await nothing_is_lost(visitors)

    with site(tmp_path, redis, lease_seconds) as found, ExitStack() as stack:
        asyncio.run(run(found, stack))


def test_a_rolling_restart_is_no_outage(tmp_path: Path, redis: str) -> None:
    """Websockets alone, as nginx sees from a class: no short request that would tell it of a server's return."""

    async def run(found: Site, stack: ExitStack) -> None:
        first = visitors_of(found, 6)
        async with living(first):
            await all_are_there(first)
            found.servers[0].process.terminate()
            await asyncio.to_thread(found.servers[0].process.wait, 20)
            await all_are_there(first)
            await asyncio.to_thread(found.restart, 0, stack)
            later = visitors_of(found, 20, first=200)
            async with living(later):
                await all_are_there(later)
                assert min(sessions(server) for server in found.servers) >= 4  # the one that is back has its share
                found.servers[1].process.terminate()
                await asyncio.to_thread(found.servers[1].process.wait, 20)
                await until("all are with the first", lambda: sessions(found.servers[0]) == 26)
                await all_are_there([*first, *later])
                assert b" 502 " not in (tmp_path / "access.log").read_bytes()
                await nothing_is_lost([*first, *later])

    with site(tmp_path, redis, lease_seconds=600) as found, ExitStack() as stack:
        asyncio.run(run(found, stack))


def test_a_server_that_stood_still_gives_way(tmp_path: Path, redis: str) -> None:
    async def run(found: Site) -> None:
        visitors = visitors_of(found)
        async with living(visitors):
            await all_are_there(visitors)
            before = sessions(found.servers[0])

            async def stop() -> None:
                found.servers[0].process.send_signal(signal.SIGSTOP)

            await click_through(visitors, stop)
            # nginx waits for a server that answers nothing; who knows better sends them to the other one.
            moved = [visitor for visitor in visitors if not visitor.has_seen_all]
            for visitor in moved:
                visitor.address = f"ws://127.0.0.1:{found.servers[1].port}/live"
            await until("all go on", lambda: sessions(found.servers[1]) == VISITORS)
            found.servers[0].process.send_signal(signal.SIGCONT)
            await until("it gives way", lambda: sessions(found.servers[0]) == 0)
            assert before > 0
            for visitor in visitors:
                await visitor.click()
            await nothing_is_lost(visitors)

    with site(tmp_path, redis, lease_seconds=1, HYPERPLANE_WORKERS="1") as found:  # one process stands still as a whole
        try:
            asyncio.run(run(found))
        finally:
            found.servers[0].process.send_signal(signal.SIGCONT)


def test_without_redis_sessions_go_on_and_are_saved_later(tmp_path: Path) -> None:
    port = free_port()

    async def run(found: Site, stack: ExitStack) -> None:
        visitors = visitors_of(found)

        async def take_redis_away() -> None:
            stack.close()

        async with living(visitors):
            await all_are_there(visitors)
            await click_through(visitors, take_redis_away)
            await until(
                "all is answered", lambda: all(visitor.has_seen_all for visitor in visitors if not visitor.plays)
            )
            stack.enter_context(redis_server(port))
            written = [checkpoints(server) for server in found.servers]
            for visitor in visitors:
                await visitor.click()
            await until(
                "it is saved again",
                lambda: all(checkpoints(server) > old for server, old in zip(found.servers, written, strict=True)),
            )
            await nothing_is_lost(visitors)
            assert {word for visitor in visitors for word in visitor.resumed[1:]} <= {"live"}

    with ExitStack() as stack:
        url = stack.enter_context(redis_server(port))
        with site(tmp_path, url, lease_seconds=60) as found:
            asyncio.run(run(found, stack))


def checkpoints(server: Server) -> float:
    return figure(server, "hyperplane_checkpoints_written_total")
