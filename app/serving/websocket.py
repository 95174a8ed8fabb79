"""uvicorn's websocket protocol with the bounds that a live stream needs."""

import socket
from asyncio.transports import BaseTransport, Transport
from typing import cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

_HIGH_WATER = 32 * 1024  # bytes that wait in this process for the kernel
_UNSENT = 16 * 1024  # bytes that wait in the kernel: without it 125 frames of 32 KiB hide there, 16 s on a slow link
_SILENCE_MILLISECONDS = 30_000  # a peer that acknowledges nothing for so long is gone, whatever the keepalive hopes
_FAREWELL_SECONDS = 1.0
_MOST_UNREAD = 16  # messages that the application has not taken, beyond which no more are read
_MOST_PONGS = 4 * 1024 * 1024  # bytes that wait, frames included, beyond which nobody is answered any more
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class LiveProtocol(WebSocketsSansIOProtocol):
    """Small buffers, so that a frame which is sent is a frame of now; and an end for whoever breaks the rules."""

    most_fragments = 64  # of one message: empty ones cost memory and count towards no size

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        cast("Transport", transport).set_write_buffer_limits(high=_HIGH_WATER)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in {socket.AF_INET, socket.AF_INET6}:
            _bound(peer)

    def data_received(self, data: bytes) -> None:
        """The first call brings the whole request; what comes before it has been answered is no page's."""
        if self.handshake_initiated and not self.handshake_complete:
            self.transport.abort()
            return
        super().data_received(data)
        if not self.handshake_initiated:
            self._refuse_request()

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        if len(self.frames) > self.most_fragments:
            self.frames = []
            self._fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")

    def send_receive_event_to_app(self) -> None:
        """uvicorn logs a traceback for text that is none, and another if the peer has closed in the same breath."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self._fail(CloseCode.INVALID_DATA, "text is not UTF-8")
            return
        if self.read_paused or self.queue.qsize() >= _MOST_UNREAD:
            super().send_receive_event_to_app()
            return
        self.read_paused = True  # so that uvicorn does not pause: two calls to the kernel for each acknowledgement
        super().send_receive_event_to_app()
        self.read_paused = False

    def handle_ping(self) -> None:
        """Pongs wait for whoever reads nothing, and uvicorn sets them no bound."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > _MOST_PONGS:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """The peer answers no ping; it may not read either, and then its farewell would wait for ever."""
        super().keepalive_timeout()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        """The server ends. What waits for a peer that does not read would keep it as long as uvicorn is patient."""
        super().shutdown()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    async def send(self, message: ASGISendEvent) -> None:
        """After the peer has broken the rules, too: uvicorn would blame the application for not knowing it yet."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # uvicorn would log an error: it takes a refusal for a forgotten handshake

    def _refuse_request(self) -> None:
        """What h11 lets pass but websockets does not: uvicorn would neither answer nor close."""
        self.handshake_complete = self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()) or _BAD_REQUEST)
        self.transport.close()

    def _fail(self, code: int, reason: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()


def live_protocol(most_fragments: int) -> type[LiveProtocol]:
    """uvicorn takes a class and makes one for each connection."""
    return type("LiveProtocol", (LiveProtocol,), {"most_fragments": most_fragments})


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _bound(peer: socket.socket) -> None:
    """Linux has all three options; elsewhere what is missing is left out."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_NOTSENT_LOWAT", _UNSENT), ("TCP_USER_TIMEOUT", _SILENCE_MILLISECONDS)):
        option = getattr(socket, name, None)
        if option is not None:
            peer.setsockopt(socket.IPPROTO_TCP, option, value)
