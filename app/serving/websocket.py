"""uvicorn's websocket protocol with the limits that a live stream needs."""

import socket
from asyncio.transports import BaseTransport, Transport
from typing import cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

_HIGH_WATER = 32 * 1024  # bytes that wait in this process for the kernel
_UNSENT = 16 * 1024  # bytes that wait in the kernel; unlimited, 125 frames of 32 KiB hide there, 16 s on a slow link
_SILENCE_MILLISECONDS = 30_000  # a peer that acknowledges nothing for so long is gone, whatever the keepalive says
_FAREWELL_SECONDS = 1.0
_MOST_UNREAD = 4  # messages that the application has not taken; beyond them reading pauses
_MOST_PONGS = 4 * 1024 * 1024  # bytes that wait, frames included; beyond them a ping ends the connection
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class LiveProtocol(WebSocketsSansIOProtocol):
    """Keeps buffers small, so that a sent frame is current, and ends connections that break the rules."""

    most_fragments = 64  # of one message: empty ones cost memory but do not add to its size

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        cast("Transport", transport).set_write_buffer_limits(high=_HIGH_WATER)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in {socket.AF_INET, socket.AF_INET6}:
            _bound(peer)

    def data_received(self, data: bytes) -> None:
        """The first call brings the whole request. A page sends nothing more before the answer."""
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
        """Refuses text that is not UTF-8: uvicorn logs a traceback, and another if the peer closes right then."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self._fail(CloseCode.INVALID_DATA, "text is not UTF-8")
            return
        if self.read_paused or self.queue.qsize() >= _MOST_UNREAD:
            super().send_receive_event_to_app()
            return
        self.read_paused = True  # keeps uvicorn from pausing, which takes two kernel calls for each acknowledgement
        super().send_receive_event_to_app()
        self.read_paused = False

    def handle_ping(self) -> None:
        """Limits the pongs that wait for a peer that does not read; uvicorn does not."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > _MOST_PONGS:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """The peer answers no ping. If it does not read either, the close frame would wait for ever."""
        super().keepalive_timeout()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        """The server ends. Data for a peer that does not read would delay it until uvicorn's timeout."""
        super().shutdown()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    async def send(self, message: ASGISendEvent) -> None:
        """Also after the peer broke the rules: uvicorn would blame the application, which cannot know it yet."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # or uvicorn takes the refusal for a missing handshake and logs an error

    def _refuse_request(self) -> None:
        """Answers a request that h11 accepts but websockets does not; uvicorn would neither answer nor close."""
        self.handshake_complete = self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()) or _BAD_REQUEST)
        self.transport.close()

    def _fail(self, code: int, reason: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()


def live_protocol(most_fragments: int) -> type[LiveProtocol]:
    """A class with this limit, as uvicorn makes an object of it for each connection."""
    return type("LiveProtocol", (LiveProtocol,), {"most_fragments": most_fragments})


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _bound(peer: socket.socket) -> None:
    """Set socket options. Linux has all three; missing ones are skipped elsewhere."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_NOTSENT_LOWAT", _UNSENT), ("TCP_USER_TIMEOUT", _SILENCE_MILLISECONDS)):
        option = getattr(socket, name, None)
        if option is not None:
            peer.setsockopt(socket.IPPROTO_TCP, option, value)
