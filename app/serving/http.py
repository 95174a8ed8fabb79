"""uvicorn's HTTP protocol, which also ends requests that never come whole or turn bad on their way."""

from asyncio import TimerHandle, Transport
from collections import OrderedDict
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_MISDIRECTED = b"HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class HttpProtocol(H11Protocol):
    """h11 bounds a request's head to 64 KiB; this bounds the time."""

    request_seconds = 60.0  # for a request and its answer, also on a slow line; uvicorn would wait for ever
    is_worker = False  # whether a front hands connections over, by their first request
    # Waiting connections of this process, longest first.
    quiet: ClassVar["OrderedDict[HttpProtocol, None]"] = OrderedDict()
    most_quiet = 1_000  # beyond this many they give way to newcomers

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
        """Refuse an upgrade after other requests: a proxy reuses the connection, maybe for another worker's tab."""
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
        """Answer 400 only if no answer has begun, which uvicorn ignores: a body can turn bad after its head."""
        if self.cycle:
            self.cycle.disconnected = True  # ignore what the application still sends
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _wait_for_the_next(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.request_seconds, self.transport.abort)
        self.quiet[self] = None

    def _send_one_away(self) -> None:
        """Close the connection that has waited longest and is not being answered."""
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
    """A class with these settings, as uvicorn makes an object of it for each connection."""
    own = {"request_seconds": request_seconds, "most_quiet": most_quiet, "is_worker": is_worker, "quiet": OrderedDict()}
    return type("HttpProtocol", (HttpProtocol,), own)
