"""The websocket of a live session: reads messages, sends answers and frames, and knows nothing of models."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress

import anyio
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from app.config import Config
from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.links import link_for
from app.messages import Command, Look
from app.protocol import PROTOCOL, Ack, Away, ClientMessage, Hello, Part, Rejected, Welcome, messages_of
from app.serving.addresses import network, visitor
from app.serving.rate_limit import Allowance
from app.sessions.refusals import refused
from app.sessions.register import NAMELESS, NoPlace, Place, Sessions
from app.sessions.rejections import rejection
from app.sessions.seat import Seat
from engine.choices import Refused

log = logging.getLogger(__name__)

MOST_WAITING = 1000  # messages that a session has not looked at, or answers not taken; such a page is broken

# Close codes, in docs/protocol.md.
ENDING = 1012
NO_HELLO = 4400
TOO_FAST = 4008
OTHER_PROTOCOL = 4010
FULL = 4013
REPLACED = 4409


class Live:
    """All websockets of this server."""

    def __init__(self, config: Config, sessions: Sessions, refusals: Counter[int]) -> None:
        self._config = config
        self._sessions = sessions
        self._refusals = refusals
        self._trusted = [network(proxy) for proxy in config.trusted_proxies]
        self.connections = 0

    async def serve(self, socket: WebSocket) -> None:
        """Run until the page leaves or another one takes its session over."""
        await socket.accept()
        self.connections += 1
        try:
            with suppress(WebSocketDisconnect):
                await self._serve(socket)
        finally:
            self.connections -= 1

    async def _serve(self, socket: WebSocket) -> None:
        try:
            if self.connections > self._config.connections:
                raise NoPlace("full")
            hello = await self._greeting(socket)
            if hello is None:
                return
            address = self._address(socket)
            link = link_for(LABS[hello.lab], hello.link)
            if hello.copy_token:
                place = await self._sessions.copy(hello.copy_token, link, address)
            else:
                place = await self._sessions.place(hello.token, hello.page, link, address)
        except NoPlace as refusal:
            await self._turn_away(socket, refusal)
            return
        await self._connect(socket, place, hello.page or NAMELESS)

    def _address(self, socket: WebSocket) -> str | None:
        peer = socket.client.host if socket.client else None
        return visitor(peer, socket.headers.getlist("x-forwarded-for"), self._trusted)

    async def _greeting(self, socket: WebSocket) -> Hello | None:
        """The first message, or None when the connection has been closed for want of a good one."""
        try:
            with anyio.fail_after(self._config.hello_seconds):
                hello = messages_of(FIRST).validate_json(await socket.receive_text())  # the same for all labs
        except (TimeoutError, ValidationError, KeyError):
            hello = None
        if not isinstance(hello, Hello):
            await self._close(socket, NO_HELLO, "hello expected")
            return None
        if hello.protocol != PROTOCOL:
            await self._close(socket, OTHER_PROTOCOL, f"protocol {PROTOCOL}, reload the page")
            return None
        if hello.lab not in LABS:
            await self._close(socket, NO_HELLO, f"hello to one of {', '.join(LABS)} expected")
            return None
        return hello

    async def _welcome(self, socket: WebSocket, place: Place) -> None:
        seat = place.seat
        welcome = Welcome(
            token=seat.token,
            resumed=place.resumed,
            age=place.age,
            handled=seat.handled,
            limits=seat.lab.limits(self._config.parameters),
        )
        await socket.send_text(welcome.model_dump_json())

    async def _connect(self, socket: WebSocket, place: Place, page: str) -> None:
        """Two tasks: one only reads, one only sends, so that neither can keep the other from noticing the end.

        A page may be gone before it is welcomed: it has come and leaves all the same.
        """
        loop, mail, seat = asyncio.get_running_loop(), asyncio.Event(), place.seat
        connection = seat.connect(lambda: _call(loop, mail))
        seat.page = page
        came, keeps_to_limits = time.monotonic(), True
        try:
            await self._welcome(socket, place)
            self._sessions.wake(seat)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_send, socket, seat, connection, mail, tasks.cancel_scope)
                keeps_to_limits = await self._receive(socket, seat, connection)
                tasks.cancel_scope.cancel()
            await self._part(socket, seat, connection, keeps_to_limits=keeps_to_limits)
        finally:
            self._sessions.leave(seat, connection)
            log.info("a page left", extra={"session": seat.name, "seconds": round(time.monotonic() - came, 1)})

    async def _receive(self, socket: WebSocket, seat: Seat, connection: int) -> bool:
        """Ends when the page leaves, is replaced, or floods us: False."""
        allowance = Allowance(self._config.messages_per_second, time.monotonic())
        async for came in _messages(socket):
            if seat.connection != connection:
                return True
            message = Part(came) if isinstance(came, bytes) else _parse(seat.lab, came)
            if not allowance.spend(time.monotonic(), len(came)) or seat.post(message) > MOST_WAITING:
                return False
            self._sessions.wake(seat)
        return True

    async def _turn_away(self, socket: WebSocket, refusal: NoPlace) -> None:
        """Say when to try again: what browsers make of a refused handshake is silence."""
        away = Away(reason=refusal.reason, retry_after=refusal.retry_after)
        await socket.send_text(away.model_dump_json())
        await self._close(socket, FULL if refusal.reason == "full" else ENDING, refusal.reason)

    async def _part(self, socket: WebSocket, seat: Seat, connection: int, *, keeps_to_limits: bool) -> None:
        """Say why, if the page has not left by itself. Only after the task that sends: nothing may follow a close."""
        if seat.is_dismissed:
            await self._close(socket, ENDING, "another server has this session")
        elif seat.connection != connection:
            await self._close(socket, REPLACED, "another page opened this session")
        elif not keeps_to_limits:
            await self._close(socket, TOO_FAST, "too many messages, or too many unread answers")

    async def _close(self, socket: WebSocket, code: int, reason: str) -> None:
        self._refusals[code] += 1
        log.info("a page was sent away", extra={"code": code, "reason": reason})
        await socket.close(code, reason)


def _call(loop: asyncio.AbstractEventLoop, mail: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(mail.set)


async def _messages(socket: WebSocket) -> AsyncIterator[str | bytes]:
    """Texts, and the parts of files."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        yield message.get("text") or message.get("bytes") or ""


def _parse(lab: Lab, text: str) -> Command | Ack | Look | Rejected:
    """A good message, or the rejection of a bad one."""
    try:
        message: ClientMessage = messages_of(lab).validate_json(text)
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


async def _send(socket: WebSocket, seat: Seat, connection: int, mail: asyncio.Event, scope: anyio.CancelScope) -> None:
    """Send what there is whenever there is something; end the scope when another page or server takes over."""
    with suppress(WebSocketDisconnect):
        while True:
            await mail.wait()
            mail.clear()
            if seat.connection != connection:
                scope.cancel()
                return
            for message in seat.take():
                if isinstance(message, bytes):
                    await socket.send_bytes(message)
                else:
                    await socket.send_text(message)
