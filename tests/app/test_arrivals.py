"""arrivals.py: a connection waits at the door until its first line is there, and gives way when too many wait."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from app.serving.arrivals import LINE, Arrivals

LINE_OF_A_TAB = b"GET /live?tab=a HTTP/1.1\r\n"


@dataclass
class Door:
    """Arrivals, and who came through."""

    stack: ExitStack
    most: int = 10
    patience: float = 60.0
    came: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.selector = self.stack.enter_context(selectors.DefaultSelector())
        self.listener = self.stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.arrivals = Arrivals(self.selector, self.patience, self.most, self.note)

    def note(self, connection: socket.socket, head: bytes) -> None:
        self.came.append(head)
        connection.close()

    def knock(self) -> socket.socket:
        visitor = self.stack.enter_context(socket.create_connection(self.listener.getsockname()))
        visitor.settimeout(20)
        self.arrivals.add(self.listener.accept()[0])
        return visitor

    def look(self, seconds: float = 0.2) -> int:
        """One look at everybody; returns how many had something to say."""
        events = self.selector.select(seconds)
        for key, _ in events:
            key.data(key.fileobj)
        return len(events)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize("cut", range(1, len(LINE_OF_A_TAB), 5))
def test_a_first_line_may_come_in_pieces(stack: ExitStack, cut: int) -> None:
    door = Door(stack)
    visitor = door.knock()
    visitor.sendall(LINE_OF_A_TAB[:cut])
    assert door.look() == 1
    assert door.look(0.01) == 0  # and the part that is there is not reported again and again
    assert door.came == []
    visitor.sendall(LINE_OF_A_TAB[cut:])
    door.look()
    assert door.came == [LINE_OF_A_TAB]
    assert len(door.arrivals) == 0


def test_what_is_no_request_has_no_line_to_wait_for(stack: ExitStack) -> None:
    door = Door(stack)
    door.knock().sendall(b"\x16\x03\x01\x02")
    door.look()
    assert door.came == [b"\x16\x03\x01\x02"]


def test_a_line_without_an_end_is_looked_at_only_so_far(stack: ExitStack) -> None:
    door = Door(stack)
    door.knock().sendall(b"x" * (LINE + 100))
    while not door.came:
        assert door.look()
    assert door.came == [b"x" * LINE]


@pytest.mark.parametrize("beginning", [b"", b"GET /li"])
def test_who_hangs_up_is_forgotten(stack: ExitStack, beginning: bytes) -> None:
    door = Door(stack)
    visitor = door.knock()
    if beginning:
        visitor.sendall(beginning)
        door.look()
    visitor.shutdown(socket.SHUT_WR)
    door.look()
    with suppress(ConnectionResetError):  # as it is said where something was left unread
        assert visitor.recv(1) == b""
    assert len(door.arrivals) == 0


def test_the_oldest_gives_way_when_too_many_are_silent(stack: ExitStack) -> None:
    door = Door(stack, most=2)
    first, second, third = door.knock(), door.knock(), door.knock()
    assert first.recv(1) == b""
    for visitor in (second, third):
        visitor.sendall(LINE_OF_A_TAB)
    while len(door.came) < 2:
        assert door.look()


def test_nobody_waits_for_ever(stack: ExitStack) -> None:
    door = Door(stack, patience=0.0)
    visitor = door.knock()
    door.arrivals.end_late()
    assert visitor.recv(1) == b""
    assert door.arrivals.next_deadline == float("inf")
    assert not door.arrivals.end_oldest()
