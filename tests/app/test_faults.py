"""A server that is killed while pages come, click and drop: every page resumes, and every command counts once.

Pages remember what they have sent, as static/connection.js does, and send again what the session does not know.
"""

import json
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.protocol import PROTOCOL
from tests.app.test_live import metadata
from tests.disk import wait_for_the_disk
from tests.servers import Server, free_port, hyperplane, serving

PAGES = 12
ROUNDS = 3
PATIENCE = 30.0


@dataclass
class FaultyPage:
    """A page on a bad network."""

    number: int
    token: str | None = None
    sent: list[dict[str, Any]] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    socket: ClientConnection | None = None

    def come(self, server: Server) -> None:
        self.socket = connect(f"ws://127.0.0.1:{server.port}/live", compression=None, legacy=True)
        hello = {"type": "hello", "protocol": PROTOCOL, "token": self.token, "page": f"page {self.number}"}
        self.socket.send(json.dumps({**hello, "link": f"#v=1&hidden=4&seed={self.number}"}))
        welcome = json.loads(self.socket.recv(PATIENCE))
        self.token = welcome["token"]
        self.resumed.append(welcome["resumed"])
        for command in self.sent:
            if command["seq"] > welcome["handled"]:
                self.socket.send(json.dumps(command))

    def step(self) -> None:
        """One more epoch, unless the connection is gone, which the page may not know yet."""
        command = {"type": "step", "seq": len(self.sent) + 1}
        self.sent.append(command)
        if self.socket:
            try:
                self.socket.send(json.dumps(command))
            except ConnectionClosed:
                self.socket = None

    def drop(self) -> None:
        if self.socket:
            self.socket.socket.close()  # no farewell
            self.socket = None

    def epoch_when_all_is_answered(self) -> int:
        """The epoch of a frame that shows the last command."""
        assert self.socket
        while True:
            message = self.socket.recv(PATIENCE)
            if isinstance(message, str):
                continue
            about = metadata(message)
            if about["kind"] != "frame":
                continue
            self.socket.send(json.dumps({"type": "ack", "frame": int(about["frame"])}))
            if int(about["applied"]) >= len(self.sent):
                return int(about["epoch"])


def misbehave(pages: list[FaultyPage], server: Server, rng: random.Random) -> None:
    """Steps at random, and now and then a connection that is gone."""
    for _ in range(PAGES * 6):
        page = rng.choice(pages)
        page.step()
        if rng.random() < 0.1:
            page.drop()
            page.come(server)
        time.sleep(0.01)


@pytest.mark.parametrize("seed", [1])
def test_every_page_resumes_and_every_command_counts_once(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    store = tmp_path / "sessions.sqlite3"
    environment = {**os.environ, "HYPERPLANE_STORE": str(store)}
    pages = [FaultyPage(number) for number in range(PAGES)]
    port = free_port()
    command = [hyperplane(), "serve", "--port", str(port)]
    for _ in range(ROUNDS):
        with serving(command, port, environment) as server:
            for page in pages:
                page.come(server)
            misbehave(pages, server, rng)
            for page in pages:  # what comes after its first command only the page knows
                wait_for_the_disk(store, str(page.token), handled=1)
            server.process.kill()
            server.process.wait()
        for page in pages:
            page.drop()
    with serving(command, port, environment) as server:
        for page in pages:
            page.come(server)
            assert page.epoch_when_all_is_answered() == len(page.sent)
    resumed = [word for page in pages for word in page.resumed[1:]]
    assert "none" not in resumed
    assert resumed.count("checkpoint") >= PAGES * ROUNDS
