"""Holds new connections until their first request line has come, for a limited time.

That line names the tab of the request. It may come in pieces, and is only peeked at, so that a worker can read it.
"""

import selectors
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LINE = 2048  # bytes of a request's first line that are peeked at

Ready = Callable[[socket.socket, bytes], None]  # takes a connection and the beginning of its request


@dataclass
class _Arrival:
    """The state of a waiting connection."""

    deadline: float  # by time.monotonic
    seen: int = 0  # bytes at the last look


class Arrivals:
    """Waiting connections, oldest first. When `most` of them wait, the oldest give way to newcomers."""

    def __init__(self, selector: selectors.BaseSelector, patience: float, most: int, ready: Ready) -> None:
        """`patience`: seconds for the first line of each."""
        self._selector = selector
        self._patience = patience
        self._most = most
        self._ready = ready
        self._waiting: OrderedDict[socket.socket, _Arrival] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, connection: socket.socket) -> None:
        """Wait for the first line of a connection."""
        while len(self._waiting) >= self._most:
            self.end_oldest()
        connection.setblocking(False)
        self._waiting[connection] = _Arrival(time.monotonic() + self._patience)
        self._selector.register(connection, selectors.EVENT_READ, self._look)

    def end_oldest(self) -> bool:
        """Close the oldest connection; False if none waits."""
        if not self._waiting:
            return False
        self._drop(next(iter(self._waiting)))
        return True

    def end_late(self) -> None:
        """Close connections whose time is over."""
        while self._waiting and self.next_deadline <= time.monotonic():
            self.end_oldest()

    def close_copies(self) -> None:
        """Close a forked process's copies of its parent's connections."""
        for connection in self._waiting:
            connection.close()

    @property
    def next_deadline(self) -> float:
        """The earliest deadline, by time.monotonic; infinity if no connection waits."""
        return next(iter(self._waiting.values())).deadline if self._waiting else float("inf")

    def _look(self, connection: socket.socket) -> None:
        arrival = self._waiting.get(connection)
        if arrival is None:  # closed a moment ago
            return
        try:
            head = connection.recv(LINE, socket.MSG_PEEK)
        except OSError:  # reset by the client
            head = b""
        if b"\n" in head or len(head) == LINE or not _may_be_a_request(head):
            self._take_out(connection)
            _wake_after(connection, 1)
            self._ready(connection, head)
        elif len(head) > arrival.seen:
            arrival.seen = len(head)
            _wake_after(connection, len(head) + 1)  # or the bytes left unread would be reported again at once
        else:  # nothing more will come
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        self._take_out(connection)
        connection.close()

    def _take_out(self, connection: socket.socket) -> None:
        del self._waiting[connection]
        self._selector.unregister(connection)


def _may_be_a_request(head: bytes) -> bool:
    """Whether `head` may begin with a method, a word. Other data, such as TLS, has no line; a worker refuses it."""
    return not head or head[:1].isalpha()


def _wake_after(connection: socket.socket, count: int) -> None:
    """Report the connection as readable when `count` bytes wait, or when it has ended."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, count)
