"""quotas.py: what one address may have, in all workers together."""

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from websockets.sync.client import connect

from app.client import Event
from app.config import Config
from app.links import read_link
from app.protocol import Away, Welcome
from app.serving.quotas import Beyond, Quotas
from app.serving.shared_figures import Board
from app.sessions.register import NoPlace, Sessions
from app.sessions.scheduler import Scheduler
from tests.page import Page
from tests.servers import Server, figure, free_port, hyperplane, serving, sessions
from tests.waiting import wait_for

PATIENCE = 30.0
CLASS, OTHERS = "203.0.113.7", "198.51.100.1"


class Clock:
    """Calls what is due when the test says so."""

    def __init__(self) -> None:
        self._due: list[Callable[[], None]] = []

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        assert seconds == 60
        self._due.append(act)

    def minute(self) -> None:
        due, self._due = self._due, []
        for act in due:
            act()


def limit_of(quotas: Quotas, address: str) -> str:
    with pytest.raises(Beyond) as refusal:
        quotas.admit(address)
    return refusal.value.limit


def test_an_address_has_so_many_sessions_and_others_have_theirs() -> None:
    quotas = Quotas(2, 100, later=Clock().later)
    first = quotas.admit(CLASS)
    quotas.admit(CLASS)
    assert limit_of(quotas, CLASS) == "sessions_per_address"
    quotas.admit(OTHERS)
    first()
    quotas.admit(CLASS)
    assert limit_of(quotas, CLASS) == "sessions_per_address"
    assert quotas.refused == {"sessions_per_address": 2, "new_sessions_per_minute": 0}


def test_an_address_has_so_many_new_ones_a_minute() -> None:
    clock = Clock()
    quotas = Quotas(100, 2, later=clock.later)
    for _ in range(2):
        quotas.admit(CLASS)()  # and leaves
    assert limit_of(quotas, CLASS) == "new_sessions_per_minute"
    quotas.admit(OTHERS)
    clock.minute()
    quotas.admit(CLASS)


def test_what_has_no_address_has_no_limit() -> None:
    quotas = Quotas(1, 1, later=Clock().later)
    for _ in range(5):
        quotas.admit(None)


def test_who_comes_back_counts_and_is_never_refused() -> None:
    quotas = Quotas(2, 1, later=Clock().later)
    leaves = [quotas.readmit(CLASS) for _ in range(3)]
    assert limit_of(quotas, CLASS) == "sessions_per_address"
    for leave in leaves:
        leave()
    quotas.admit(CLASS)


def test_the_log_tells_addresses_apart_and_names_none(caplog: pytest.LogCaptureFixture) -> None:
    quotas = Quotas(1, 100, later=Clock().later)
    with caplog.at_level(logging.INFO):
        for address in (CLASS, OTHERS):
            quotas.admit(address)
            limit_of(quotas, address)
    names = [vars(record)["visitor"] for record in caplog.records]
    assert len(set(names)) == 2
    assert not any(part in str(vars(record)) for record in caplog.records for part in (CLASS, OTHERS))


def test_workers_count_together_and_one_that_is_killed_counts_no_more() -> None:
    with closing(Board(2)) as board:
        here = Quotas(3, 100, board.locks, board.secret, Clock().later)
        ours, theirs = multiprocessing.Pipe()

        def sibling() -> None:
            there = Quotas(3, 100, board.locks, board.secret, Clock().later)
            there.admit(CLASS)
            there.admit(CLASS)
            theirs.send("two")
            theirs.recv()

        process = multiprocessing.get_context("fork").Process(target=sibling)
        process.start()
        assert ours.recv() == "two"
        here.admit(CLASS)
        assert limit_of(here, CLASS) == "sessions_per_address"
        process.kill()
        process.join()
        here.admit(CLASS)
        here.admit(CLASS)
        assert limit_of(here, CLASS) == "sessions_per_address"


def test_a_session_that_could_not_begin_counts_no_more() -> None:
    async def run() -> None:
        scheduler = Scheduler(1)
        scheduler.start()
        found = Sessions(Config(sessions=1, reserve=0), scheduler, quotas=Quotas(1, 100))
        other = await found.place(None, "a page", read_link(""), OTHERS)
        with pytest.raises(NoPlace):
            await found.place(None, "another", read_link(""), CLASS)  # the server is full
        found._forget(other.seat)
        await found.place(None, "another", read_link(""), CLASS)
        scheduler.stop()

    asyncio.run(run())


# -- a whole server ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def limited() -> Iterator[Server]:
    """Two workers, behind a proxy that these tests play."""
    limits = {"HYPERPLANE_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8", "HYPERPLANE_SESSIONS_PER_ADDRESS": "3"}
    more = {"HYPERPLANE_WORKERS": "2", "HYPERPLANE_LOG_LEVEL": "info", "HYPERPLANE_KEEP_SECONDS": "3600"}
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port, {**os.environ, **limits, **more}) as server:
        yield server


@contextmanager
def visit(server: Server, tab: int, forwarded: str | None, token: str | None = None) -> Iterator[Event]:
    """What a page hears first. It stays for the length of the block."""
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    address = f"ws://127.0.0.1:{server.port}/live?tab={tab}"
    with connect(address, compression=None, additional_headers=headers) as socket:
        opened = Page(socket, page=f"page {tab}", token=token)
        opened.greet()
        yield opened.receive()


def token_of(heard: Event) -> str:
    assert isinstance(heard, Welcome)
    return heard.token


def resumed(heard: Event) -> str:
    assert isinstance(heard, Welcome)
    return heard.resumed


def test_one_address_cannot_take_all_places(limited: Server) -> None:
    """With headers of its own, too: the proxy writes behind them."""
    before = sessions(limited)
    with ExitStack() as stack:
        opened = [stack.enter_context(visit(limited, tab, f"192.0.2.{tab}, {CLASS}")) for tab in range(3)]
        assert [type(heard) for heard in opened] == [Welcome] * 3
        for tab in (3, 4):
            away = stack.enter_context(visit(limited, tab, f"192.0.2.{tab}, {CLASS}"))
            assert isinstance(away, Away)
            assert away.reason == "full"
            assert 15 <= away.retry_after <= 60
        assert isinstance(stack.enter_context(visit(limited, 5, OTHERS)), Welcome)
        assert figure(limited, "hyperplane_addresses_refused_total", limit="sessions_per_address") == 2
        assert sessions(limited) == before + 4
    with visit(limited, 0, CLASS, token_of(opened[0])) as again:
        assert resumed(again) == "live"
    with visit(limited, 9, CLASS, "made up") as away:
        assert isinstance(away, Away)
    said = limited.log.read_text()
    assert "an address has all it may have" in said
    assert not any(part in said for part in (CLASS, OTHERS, "192.0.2."))


def test_what_is_no_address_counts_as_one(limited: Server) -> None:
    with ExitStack() as stack:
        came = [stack.enter_context(visit(limited, 20 + number, f"nonsense {number}")) for number in range(4)]
        assert [type(heard) for heard in came] == [Welcome] * 3 + [Away]


def test_a_proxy_that_names_nobody_limits_nobody(limited: Server) -> None:
    with ExitStack() as stack:
        came = [stack.enter_context(visit(limited, 30 + number, None)) for number in range(5)]
        assert [type(heard) for heard in came] == [Welcome] * 5


def test_a_page_comes_back_from_the_store_whatever_its_address_has() -> None:
    """Its session has left memory, and others of its address have taken its place."""
    limits = {"HYPERPLANE_TRUSTED_PROXIES": "127.0.0.1", "HYPERPLANE_SESSIONS_PER_ADDRESS": "1"}
    brief = {"HYPERPLANE_WORKERS": "1", "HYPERPLANE_PAUSE_SECONDS": "0", "HYPERPLANE_KEEP_SECONDS": "0"}
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port, {**os.environ, **limits, **brief}) as server:
        with visit(server, 1, CLASS) as welcome:
            token = token_of(welcome)
        wait_for("it has left memory", lambda: sessions(server) == 0)
        with visit(server, 2, CLASS) as other, visit(server, 1, CLASS, token) as again:
            assert resumed(other) == "none"
            assert resumed(again) == "checkpoint"


def test_without_a_trusted_proxy_nobody_is_limited() -> None:
    limits = {"HYPERPLANE_SESSIONS_PER_ADDRESS": "1", "HYPERPLANE_NEW_SESSIONS_PER_MINUTE": "1"}
    port = free_port()
    command = [hyperplane(), "serve", "--port", str(port)]
    with serving(command, port, {**os.environ, **limits}) as server, ExitStack() as stack:
        came = [stack.enter_context(visit(server, tab, CLASS)) for tab in range(3)]
        assert [type(heard) for heard in came] == [Welcome] * 3
