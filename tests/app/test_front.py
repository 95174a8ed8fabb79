"""front.py, board.py: several workers are one server to its visitors, and one of them may end."""

import asyncio
import multiprocessing
import os
import random
import signal
import socket
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.protocol import Pause
from app.serving.front import Router
from app.serving.monitoring import merged
from app.serving.shared_figures import Board
from app.storage.siblings import SiblingLocks
from app.storage.store import key_of
from app.terminal.load import burst
from app.terminal.load.process import children
from tests.servers import Server, fetch, figure, free_port, hyperplane, serving, serving_with, sessions
from tests.visitor import Visitor, living
from tests.waiting import until, wait_for

VISITORS = 10
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def ask(tab: str) -> bytes:
    return f"GET /live?tab={tab} HTTP/1.1\r\nHost: localhost\r\n".encode()


def test_new_tabs_go_round_and_stay_where_they_are() -> None:
    router = Router(3)
    tabs = [f"tab-{number}" for number in range(9)]
    first = [router.worker_of(ask(tab)) for tab in tabs]
    assert sorted(first) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [router.worker_of(ask(tab)) for tab in tabs] == first


def test_a_new_tab_goes_where_the_fewest_pages_are() -> None:
    router = Router(2)
    assert [router.worker_of(ask(tab)) for tab in "ab"] == [0, 1]
    router.pages = [5, 2]
    assert [router.worker_of(ask(tab)) for tab in "cdefg"] == [1, 1, 1, 0, 1]
    assert router.worker_of(ask("a")) == 0


def test_pages_and_files_do_not_disturb_the_turns_of_tabs() -> None:
    router = Router(2)
    assert {router.worker_of(b"GET /static/main.js HTTP/1.1\r\n") for _ in range(4)} == {0, 1}
    assert [router.worker_of(ask(tab)) for tab in "abab"] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "head", [b"GET /live HTTP/1.1\r\n", b"GET /live?tab= HTTP/1.1\r\n", b"GET /live?other=1 HTTP/1.1\r\n"]
)
def test_who_names_no_tab_comes_to_the_first_worker(head: bytes) -> None:
    router = Router(4)
    assert [router.worker_of(head) for _ in range(5)] == [0] * 5


def test_a_tab_is_found_wherever_it_stands_and_only_there() -> None:
    router = Router(8)
    place = router.worker_of(ask("a"))
    assert router.worker_of(b"GET /live?x=1&tab=a&y=2 HTTP/1.1\r\n") == place
    assert router.worker_of(b"GET /live?mytab=a HTTP/1.1\r\n") == 0
    assert {router.worker_of(ask(tab)) for tab in "bcdefgh"} == set(range(8)) - {place}


@pytest.mark.parametrize("path", ["/playground", "/a/b", "/live", "/user/x%40y"])
def test_a_tab_is_found_below_the_path_that_a_proxy_passes_on(path: str) -> None:
    router = Router(8)
    place = router.worker_of(ask("a"))
    for tab in "bcd":
        router.worker_of(ask(tab))
    for _ in range(3):
        assert router.worker_of(ask("a").replace(b"/live", f"{path}/live".encode())) == place
    assert router.worker_of(f"GET {path}/live HTTP/1.1\r\n".encode()) == 0
    others = (f"GET {path}/{name}?tab=a HTTP/1.1\r\n".encode() for name in ("alive", "live/x", "lives", "olive"))
    assert {router.worker_of(other) for other in others} == {0, 1, 2, 3}  # by turns, as all that is no tab's


def test_a_board_has_what_was_written_last() -> None:
    with closing(Board(2)) as board:
        assert board.read(1) == {}
        board.write(1, {"sessions": 3, "places": {"live": 2}})
        board.write(0, {"sessions": 4, "places": {"none": 1, "live": 5}, "crowd": 2.0})
        together = merged([board.read(0), board.read(1)])
        assert together == {"sessions": 7, "places": {"live": 7, "none": 1}, "crowd": 2.0}
        board._memory[12] ^= 1  # as if its writer had been killed in the middle
        assert board.read(0) == {}
        with pytest.raises(ValueError, match="came, expected at most"):
            board.write(0, {"long": "x" * 20_000})


# -- a whole server ----------------------------------------------------------------------------------------------------


def visitors_of(server: Server) -> list[Visitor]:
    address = f"ws://127.0.0.1:{server.port}/live"
    return [Visitor(number, address, random.Random(number), plays=number % 5 == 4) for number in range(VISITORS)]


def workers_of(server: Server) -> list[int]:
    return children(server.process.pid)


async def click_and_see(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        await visitor.click()
    await until("all is seen", lambda: all(visitor.has_seen_all for visitor in visitors))


def test_all_workers_count_as_one(server: Server) -> None:
    async def run() -> None:
        before, came = sessions(server), figure(server, "hyperplane_places_total", resumed="none")
        visitors = visitors_of(server)
        async with living(visitors):
            await click_and_see(visitors)
            assert sessions(server) == before + VISITORS
            assert figure(server, "hyperplane_places_total", resumed="none") == came + VISITORS

    asyncio.run(run())


def test_a_session_of_another_worker_is_copied_and_never_there_twice(tmp_path: Path) -> None:
    """One token in many tabs: each tab goes where the fewest pages are, and that knows nothing of the token."""

    async def take_over(server: Server) -> None:
        first, *others = visitors_of(server)[:5]
        async with living([first]):
            await click_and_see([first])
            for other in others:
                other.token = first.token
            async with living(others):
                await until("they have come", lambda: all(other.resumed for other in others))
                assert [other.resumed for other in others] == [["copy"]] * len(others)
                assert len({visitor.token for visitor in (first, *others)}) == len(others) + 1
        late = Visitor(77, first.address, random.Random(7), token=first.token)  # whose session stays
        async with living([late]):
            await until("it has come", lambda: bool(late.resumed))
            assert (late.resumed == ["live"]) == (late.token == first.token)  # by chance it came to the same worker
        assert first.resumed == ["none"]

    port, environment = free_port(), {**os.environ, "HYPERPLANE_STORE": str(tmp_path / "sessions.sqlite3")}
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        asyncio.run(take_over(server))


def test_a_lock_ends_with_its_worker() -> None:
    key, other = key_of("a"), key_of("b")
    with closing(SiblingLocks()) as locks:
        assert locks.own(key)
        assert locks.own(key)
        ours, theirs = multiprocessing.Pipe()

        def sibling() -> None:
            theirs.send([locks.own(key), locks.own(other)])
            theirs.recv()
            theirs.send(locks.own(key))
            theirs.recv()

        process = multiprocessing.get_context("fork").Process(target=sibling)
        process.start()
        assert ours.recv() == [False, True]
        assert not locks.own(other)
        locks.disown(other)  # is not ours to give
        assert not locks.own(other)
        locks.disown(key)
        ours.send("now")
        assert ours.recv() is True
        process.kill()
        process.join()
        assert locks.own(key)
        assert locks.own(other)


def test_a_worker_that_is_killed_is_followed_by_another_and_nothing_is_lost(tmp_path: Path) -> None:
    """Half of the visitors do not notice."""

    async def run(server: Server) -> None:
        visitors, first = visitors_of(server), workers_of(server)
        async with living(visitors):
            await click_and_see(visitors)
            os.kill(first[0], signal.SIGKILL)
            await until("another begins", lambda: len(workers_of(server)) == 2 and first[0] not in workers_of(server))
            await click_and_see(visitors)
            came_back = [visitor.resumed for visitor in visitors if len(visitor.resumed) > 1]
            assert came_back == [["none", "checkpoint"]] * (VISITORS // 2)
            for visitor in visitors:
                if visitor.plays:
                    await visitor.send(Pause())
            await until("all is seen", lambda: all(visitor.has_seen_all for visitor in visitors))
            assert [fault for visitor in visitors for fault in visitor.check()] == []
        assert b"worker 0 ended by itself: signal 9" in server.log.read_bytes()

    port, environment = free_port(), {**os.environ, "HYPERPLANE_STORE": str(tmp_path / "sessions.sqlite3")}
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        asyncio.run(run(server))


def test_no_worker_outlives_a_front_that_is_killed() -> None:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as server:
        workers = workers_of(server)
        assert len(workers) == 2
        server.process.kill()
        server.process.wait()
        wait_for("they end", lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in workers))


def test_a_port_in_use_is_said_in_one_line(server: Server) -> None:
    words = f"(?s)exit code 1.*port {server.port} is in use"
    command = [hyperplane(), "serve", "--port", str(server.port)]
    with pytest.raises(RuntimeError, match=words), serving(command, free_port()):
        pass


def test_a_connection_that_is_used_again_may_be_anothers(server: Server) -> None:
    """A proxy may send a websocket's request where a page came before; the front has looked at the first one only."""
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(20)
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += line.recv(4096)
        line.sendall(ask("a") + UPGRADE + b"\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 421 ")
        assert line.recv(4096) == b""


def test_a_connection_that_never_asks_is_closed() -> None:
    port = free_port()
    command, environment = [hyperplane(), "serve", "--port", str(port)], {"HYPERPLANE_REQUEST_SECONDS": "1"}
    with (
        serving(command, port, {**os.environ, **environment}),
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        line.settimeout(20)
        assert line.recv(1) == b""


def test_a_crowd_at_the_door_is_let_in() -> None:
    """More connections in one moment than the front's channels hold."""
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as server:
        report = asyncio.run(burst(server.address, browsers=12, bare=1_500))
    assert report.is_clean, report.rows()


def test_silent_connections_give_way_to_those_who_ask() -> None:
    """More of them than this process may open files: a request is answered at once all the same."""
    with ExitStack() as stack:
        server = stack.enter_context(serving_with(limit="ulimit -n 400", HYPERPLANE_CONNECTIONS="40"))
        address = ("127.0.0.1", server.port)
        for beginning in (b"", b"GET /heal", b"GET /healthz HTTP/1.1\r\n"):
            for _ in range(600):
                line = stack.enter_context(socket.create_connection(address, timeout=20))
                line.sendall(beginning)
            with socket.create_connection(address, timeout=20) as line:
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert line.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_worker_that_had_to_be_killed_is_told_by_the_exit_code() -> None:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as server:
        stopped = workers_of(server)[0]
        os.kill(stopped, signal.SIGSTOP)  # it cannot end
        server.process.terminate()
        assert server.process.wait(60) == 1
        assert b"worker 0 does not end, and is killed" in server.log.read_bytes()


def test_a_server_that_still_compiles_ends_at_once(tmp_path: Path) -> None:
    """It was killed for it after eight seconds, with exit code 1."""
    port = free_port()
    environment = {**os.environ, "HYPERPLANE_CACHE": str(tmp_path), "HYPERPLANE_LOG_LEVEL": "info"}
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        command = [hyperplane(), "serve", "--no-store", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    wait_for("it answers", lambda: is_alive(port))
    process.terminate()
    assert process.wait(60) == 0
    text = log.read_text()
    assert "the server ends before it was ready" in text  # by one worker or both: one may not have come so far
    assert "is killed" not in text


def is_alive(port: int) -> bool:
    try:
        return b"alive" in fetch(f"http://127.0.0.1:{port}/healthz")
    except OSError:
        return False
