"""A TCP proxy on this machine that a test can cut and mend: a network that fails on demand."""

import socket
import threading
from contextlib import suppress
from typing import Self


class Proxy:
    """Passes connections on to `target`, until it is cut.

    While cut, open connections are gone without a farewell and new ones are refused at once.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.whole = True
        self.open: list[socket.socket] = []
        self.lock = threading.Lock()
        self.passed = threading.Event()

    def __enter__(self) -> Self:
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()
        self.accepting.join()

    def cut(self) -> None:
        with self.lock:
            self.whole = False
            for end in self.open:
                _drop(end)
            self.open.clear()
            self.passed.clear()

    def mend(self) -> None:
        with self.lock:
            self.whole = True

    def wait_for_connection(self, seconds: float = 60) -> None:
        """Until somebody has come through since the cut."""
        assert self.passed.wait(seconds), "nobody came back"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:  # closed
                return
            with self.lock:
                if not self.whole:
                    _drop(client)
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                self.open += [client, server]
                self.passed.set()
            for source, target in [(client, server), (server, client)]:
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # one end was dropped
        return


def _drop(end: socket.socket) -> None:
    """Close without a websocket's farewell; the shutdown wakes the thread that reads."""
    with suppress(OSError):  # it was gone already
        end.shutdown(socket.SHUT_RDWR)
    end.close()
