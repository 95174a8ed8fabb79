"""uvicorn's HTTP protocol with an end for requests that never come whole, and for those that turn bad on their way."""

from asyncio import TimerHandle, Transport
from collections import OrderedDict
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_MISDIRECTED = b"HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class HttpProtocol(H11Protocol):
    """h11 bounds a request's head to 64 KiB; this bounds the time."""

    request_seconds = 60.0  # for a request and its answer, also on a slow line; uvicorn would wait for ever
    is_worker = False  # whose connections a front has handed over by their first request
    # Connections of this process, those that have waited longest first.
    quiet: ClassVar["OrderedDict[HttpProtocol, None]"] = OrderedDict()
    most_quiet = 1_000  # beyond which they give way to newcomers

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: TimerHandle | None = None
        self._is_first = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if len(self.quiet) >= self.most_quiet:
            self._send_one_away()
        self._wait_for_the_next()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._is_first = False
        self._wait_for_the_next()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """A later one than the first comes through a proxy that uses connections again: it may be another worker's."""
        self._stop_waiting()  # from here on the connection belongs to the websocket's protocol
        if self.is_worker and not self._is_first:
            self.transport.write(_MISDIRECTED)
            self.transport.close()
            return
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """uvicorn would answer although an answer is under way or gone: a body can turn bad after its head."""
        if self.cycle:
            self.cycle.disconnected = True  # what the application still says is for nobody
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _wait_for_the_next(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.request_seconds, self.transport.abort)
        self.quiet[self] = None

    def _send_one_away(self) -> None:
        """The one that has waited longest, unless its answer is under way."""
        for other in self.quiet:
            if other.cycle is None or other.cycle.response_complete:
                other.transport.abort()
                return

    def _stop_waiting(self) -> None:
        self.quiet.pop(self, None)
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None


def http_protocol(request_seconds: float, most_quiet: int, *, is_worker: bool) -> type[HttpProtocol]:
    """uvicorn takes a class and makes one for each connection."""
    own = {"request_seconds": request_seconds, "most_quiet": most_quiet, "is_worker": is_worker, "quiet": OrderedDict()}
    return type("HttpProtocol", (HttpProtocol,), own)
