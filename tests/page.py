"""A page for tests that go step by step, with a blocking socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.client import Client, Event, Frame
from app.messages import Command
from app.protocol import Welcome
from tests.servers import Server

PATIENCE = 30.0

Kind = TypeVar("Kind")


class Page:
    """A page that talks through a socket. `hello`: the arguments of its Client."""

    def __init__(self, socket: ClientConnection, **hello: Any) -> None:
        self.socket = socket
        self.client = Client(**hello)

    def greet(self) -> None:
        self.client.opened()
        self._send()

    def send(self, command: Command) -> int:
        """Send a command; returns its number."""
        seq = self.client.command(command)
        self._send()
        return seq

    def receive(self) -> Event:
        event = self.client.receive(self.socket.recv(PATIENCE))
        self._send()
        return event

    def acknowledge(self) -> None:
        self.client.acknowledge()
        self._send()

    def answer(self, kind: type[Kind], seq: int = 0) -> Kind:
        """The next message of a kind, or the next that answers command `seq`; acknowledges frames on the way."""
        while True:
            event = self.receive()
            self.acknowledge()
            if isinstance(event, kind) and getattr(event, "seq", 0) >= seq:
                return event

    def frame(self, applied: int = 0) -> Frame:
        """The next frame, or the next that shows command `applied`."""
        while (frame := self.answer(Frame)).applied < applied:
            pass
        return frame

    def close_code(self) -> int:
        with pytest.raises(ConnectionClosed) as closed:
            self.receive_forever()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code

    def receive_forever(self) -> None:
        while True:
            self.socket.recv(PATIENCE)

    def _send(self) -> None:
        for text in self.client.to_send():
            self.socket.send(text)


def greeting(link: str = "") -> str:
    """The text of a page's first message."""
    client = Client(link)
    client.opened()
    return client.to_send()[0]


@contextmanager
def page(server: Server, **hello: Any) -> Iterator[tuple[Page, Welcome]]:
    """A connected page and its welcome."""
    with connect(f"ws://127.0.0.1:{server.port}/live", compression=None, max_size=None) as socket:
        opened = Page(socket, **hello)
        opened.greet()
        yield opened, opened.answer(Welcome)
