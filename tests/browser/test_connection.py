"""A rejected command is explained; a lost connection comes back to the same network."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.disk import wait_for_the_disk
from tests.proxy import Proxy
from tests.servers import Server, free_port, hyperplane, serving


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with Proxy(server.port) as running:
        yield running


def test_a_rejection_is_shown_with_what_was_expected(playground: Playground) -> None:
    sockets: list[WebSocketRoute] = []

    def keep(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    playground.page.route_web_socket("**/live?*", keep)
    playground.page.reload()
    playground.wait_for_first_frame()
    rejected = {
        "type": "rejected",
        "seq": 1,
        "field": "learning_rate",
        "came": "-5",
        "expected": "a number from 0 to 7",
    }
    sockets[-1].send(json.dumps(rejected))
    expect(playground.page.get_by_text("a number from 0 to 7").first).to_be_visible()
    playground.button("Step").click()  # the session goes on
    playground.wait_for_epoch(1)


def test_a_lost_connection_comes_back_to_the_same_epoch(visit: Visit, proxy: Proxy) -> None:
    playground = visit.open(port=proxy.port)
    visit.guards[-1].allow("WebSocket connection|ERR_")  # the browser itself reports what the test breaks
    for epoch in (1, 2, 3):
        playground.button("Step").click()
        playground.wait_for_epoch(epoch)
    picture = playground.picture()
    proxy.cut()
    expect(playground.page.get_by_text("connect").first).to_be_visible()
    proxy.mend()
    playground.button("Step").click(trial=True)
    proxy.wait_for_connection()
    playground.page.wait_for_timeout(300)
    assert playground.epoch() == 3
    assert playground.picture() == picture
    playground.button("Step").click()
    playground.wait_for_epoch(4)


def test_a_reloaded_page_comes_back_to_its_own_network(playground: Playground) -> None:
    for epoch in (1, 2):
        playground.button("Step").click()
        playground.wait_for_epoch(epoch)
    playground.page.reload()
    playground.wait_for_epoch(2)


def test_a_full_server_says_so_and_lets_the_visitor_in_as_soon_as_there_is_room(visit: Visit) -> None:
    port = free_port()
    command = [hyperplane(), "serve", "--port", str(port)]
    small = {"HYPERPLANE_WORKERS": "1", "HYPERPLANE_SESSIONS": "1", "HYPERPLANE_KEEP_SECONDS": "0"}
    with serving(command, port, {**os.environ, **small, "HYPERPLANE_NO_STORE": "true"}):
        first = visit.open(port=port)
        second = visit.open(port=port, wait=False)
        expect(second.page.get_by_text("This server is full")).to_be_visible()
        expect(second.page.get_by_text("Next try in")).to_be_visible()
        first.page.close()
        second.button("Try now").click()
        second.wait_for_first_frame()
        expect(second.page.get_by_text("This server is full")).to_be_hidden()


def test_a_server_that_is_restarted_says_so_before_it_goes(visit: Visit, tmp_path: Path) -> None:
    port = free_port()
    store = {**os.environ, "HYPERPLANE_STORE": str(tmp_path / "sessions.sqlite3")}
    command = [hyperplane(), "serve", "--port", str(port)]
    with serving(command, port, store) as first:
        playground = visit.open(port=port)
        visit.guards[-1].allow("WebSocket connection|ERR_|reserved")
        playground.button("Step").click()
        playground.wait_for_epoch(1)
        first.process.terminate()
        expect(playground.page.get_by_text("The server is being restarted")).to_be_visible()
        first.process.wait(20)
    with serving(command, port, store):
        expect(playground.page.get_by_text("This is the network as it was").first).to_be_visible()
        playground.button("Step").click()
        playground.wait_for_epoch(2)


def test_a_page_survives_a_server_that_is_killed(visit: Visit, tmp_path: Path) -> None:
    """It reconnects by itself, and repeats each command once that the server had not saved."""
    port = free_port()
    store = {**os.environ, "HYPERPLANE_STORE": str(tmp_path / "sessions.sqlite3")}
    command = [hyperplane(), "serve", "--port", str(port)]
    with serving(command, port, store) as first:
        playground = visit.open(port=port)
        visit.guards[-1].allow("WebSocket connection|ERR_")
        playground.button("Add neuron to layer 1").click()
        expect(playground.neurons(1)).to_have_count(5)
        token = playground.page.evaluate("sessionStorage.getItem('hyperplane-token')")
        wait_for_the_disk(tmp_path / "sessions.sqlite3", token, handled=1)
        for epoch in (1, 2):
            playground.button("Step").click()
            playground.wait_for_epoch(epoch)
        first.process.kill()
        first.process.wait()
    with serving(command, port, store):
        expect(playground.page.locator("#notice").get_by_text("The server was away")).to_be_visible()
        playground.wait_for_epoch(2)
        expect(playground.neurons(1)).to_have_count(5)
        playground.button("Step").click()
        playground.wait_for_epoch(3)


def test_two_visitors_have_two_networks(visit: Visit) -> None:
    first, second = visit.open(), visit.open()
    first.button("Step").click()
    first.wait_for_epoch(1)
    assert second.epoch() == 0
    second.button("Add neuron to layer 1").click()
    expect(second.neurons(1)).to_have_count(5)
    expect(first.neurons(1)).to_have_count(4)
