"""uvicorn's websocket protocol with the bounds that a live stream needs."""

import socket
from asyncio.transports import BaseTransport, Transport
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

_HIGH_WATER = 32 * 1024  # bytes that wait in this process for the kernel
_UNSENT = 16 * 1024  # bytes that wait in the kernel: without it 125 frames of 32 KiB hide there, 16 s on a slow link
_SILENCE_MILLISECONDS = 30_000  # a peer that acknowledges nothing for so long is gone, whatever the keepalive hopes
_FAREWELL_SECONDS = 1.0


class LiveProtocol(WebSocketsSansIOProtocol):
    """Small buffers, so that a frame which is sent is a frame of now."""

    most_fragments = 64  # of one message: empty ones cost memory and count towards no size

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        cast("Transport", transport).set_write_buffer_limits(high=_HIGH_WATER)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in {socket.AF_INET, socket.AF_INET6}:
            _bound(peer)

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        if len(self.frames) > self.most_fragments:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """The peer answers no ping; it may not read either, and then its farewell would wait for ever."""
        super().keepalive_timeout()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)


def live_protocol(most_fragments: int) -> type[LiveProtocol]:
    """uvicorn takes a class and makes one for each connection."""
    return type("LiveProtocol", (LiveProtocol,), {"most_fragments": most_fragments})


def _bound(peer: socket.socket) -> None:
    """Linux has all three options; elsewhere what is missing is left out."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_NOTSENT_LOWAT", _UNSENT), ("TCP_USER_TIMEOUT", _SILENCE_MILLISECONDS)):
        option = getattr(socket, name, None)
        if option is not None:
            peer.setsockopt(socket.IPPROTO_TCP, option, value)
