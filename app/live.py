"""The websocket of a live session: reads messages, sends answers and frames, and knows nothing of networks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import anyio
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from app.links import read_link
from app.protocol import PROTOCOL, Ack, ClientMessage, Command, Hello, Limits, Rejected, Welcome, client_messages
from app.rejections import refused, rejection
from app.seat import Seat
from app.sessions import NAMELESS, Full, Place, Sessions
from engine import settings
from engine.settings import Refused

log = logging.getLogger(__name__)

HELLO_SECONDS = 5
MOST_WAITING = 500  # messages that a session has not looked at yet; a page that outruns it is broken

# Close codes, in docs/protocol.md.
TOO_FAST = 4008
OTHER_PROTOCOL = 4010
FULL = 4013
REPLACED = 4409
NO_HELLO = 4400


async def serve(socket: WebSocket, sessions: Sessions) -> None:
    """Run until the page leaves or another one takes its session over."""
    await socket.accept()
    with suppress(WebSocketDisconnect):
        hello = await _greeting(socket)
        if hello is None:
            return
        try:
            place = await sessions.place(hello.token, hello.page, read_link(hello.link))
        except Full:
            await socket.close(FULL, "full")
            return
        await _welcome(socket, place, sessions.parameter_limit)
        await _connect(socket, sessions, place.seat, hello.page or NAMELESS)


async def _greeting(socket: WebSocket) -> Hello | None:
    """The first message, or None when the connection has been closed for want of a good one."""
    try:
        with anyio.fail_after(HELLO_SECONDS):
            message = client_messages.validate_json(await socket.receive_text())
    except (TimeoutError, ValidationError, KeyError):
        message = None
    if not isinstance(message, Hello):
        await socket.close(NO_HELLO, "hello expected")
        return None
    if message.protocol != PROTOCOL:
        await socket.close(OTHER_PROTOCOL, f"protocol {PROTOCOL}, reload the page")
        return None
    return message


async def _welcome(socket: WebSocket, place: Place, parameter_limit: int) -> None:
    limits = Limits(
        hidden_layers=settings.MAX_HIDDEN_LAYERS,
        neurons=settings.MAX_NEURONS,
        parameters=parameter_limit,
        batch_size=settings.MAX_BATCH_SIZE,
    )
    seat, resumed, age = place.seat, place.resumed, place.age
    welcome = Welcome(token=seat.token, resumed=resumed, age=age, handled=seat.handled, limits=limits)
    await socket.send_text(welcome.model_dump_json())


async def _connect(socket: WebSocket, sessions: Sessions, seat: Seat, page: str) -> None:
    """Two tasks: one only reads, one only sends, so that neither can keep the other from noticing the end."""
    loop, mail = asyncio.get_running_loop(), asyncio.Event()
    connection = seat.connect(lambda: _call(loop, mail))
    seat.page = page
    sessions.wake(seat)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_send, socket, seat, connection, mail)
            await _receive(socket, sessions, seat, connection)
            tasks.cancel_scope.cancel()
    finally:
        sessions.leave(seat, connection)


def _call(loop: asyncio.AbstractEventLoop, mail: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(mail.set)


async def _receive(socket: WebSocket, sessions: Sessions, seat: Seat, connection: int) -> None:
    """Ends when the page leaves, floods us, or is replaced."""
    with suppress(WebSocketDisconnect):
        async for text in _texts(socket):
            if seat.connection != connection:
                return
            if seat.post(_parse(text)) > MOST_WAITING:
                await socket.close(TOO_FAST, "too many messages")
                return
            sessions.wake(seat)


async def _texts(socket: WebSocket) -> AsyncIterator[str]:
    """Text messages, and the empty text for a binary one, which no page sends."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        yield message.get("text") or ""


def _parse(text: str) -> Command | Ack | Rejected:
    """A good message, or the rejection of a bad one."""
    try:
        message: ClientMessage = client_messages.validate_json(text)
    except ValidationError as error:
        return rejection(_seq(text), refused(error))
    if isinstance(message, Hello):
        return rejection(0, Refused("type", "hello", "a command: this session has been greeted already"))
    return message


def _seq(text: str) -> int:
    """The number of a message that is wrong otherwise, 0 if even that cannot be read."""
    try:
        return Command.model_validate_json(text, extra="ignore").seq
    except ValidationError:
        return 0


async def _send(socket: WebSocket, seat: Seat, connection: int, mail: asyncio.Event) -> None:
    """Send what there is whenever there is something, until another page takes over."""
    with suppress(WebSocketDisconnect):
        while True:
            await mail.wait()
            mail.clear()
            if seat.connection != connection:
                await socket.close(REPLACED, "opened elsewhere")
                return
            for message in seat.take():
                if isinstance(message, bytes):
                    await socket.send_bytes(message)
                else:
                    await socket.send_text(message)
