"""Films over HTTP: made in turns between those of sessions, told of while they are made, dropped when nobody waits."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import anyio
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from app.messages import Refusal
from app.sessions.scheduler import Scheduler
from engine.choices import Refused

if TYPE_CHECKING:
    from app.exports.films.making import Making, Progress

log = logging.getLogger(__name__)

PROGRESS_TYPE = "application/x-ndjson"
"""What a client accepts that wants to be told how far a film is: lines of JSON, then the film."""

_TURN = 0.002  # seconds, as those of sessions
_TOLD_EVERY = 0.2  # seconds
_LONGEST = 600.0  # seconds that a film may take
_PIECE = 256 * 1024  # bytes of a film that are sent in one go
_NEVER = float("inf")

Release = Callable[[], None]


class Work:
    """A film as a task of the scheduler: its turns are charged as a session's are."""

    def __init__(self, making: "Making", over: Callable[[], None]) -> None:
        """`over` is called in any thread when there is a film, or none will come."""
        self.progress: Progress | None = None
        self.film: bytes | None = None
        self.refusal: Refused | None = None
        self.is_over = False
        self._making, self._over = making, over
        self._turn = threading.Lock()  # a generator cannot be closed while it runs
        self._is_dropped = False

    def next_turn(self) -> float:
        """At once, until it is over."""
        return _NEVER if self.is_over else 0.0

    def take_turn(self) -> None:
        """A part of it."""
        with self._turn:
            if self._is_dropped:
                self._end()
                return
            try:
                self._go_on()
            except Refused as refusal:
                self.refusal = refusal
                self._end()
            except Exception:
                log.exception("a film failed")
                self.refusal = Refused("film", "an error of ours", "another try, or a file in another form")
                self._end()

    def drop(self) -> None:
        """Nobody waits for it. What it holds is freed now, or at the end of a turn that is being taken."""
        self._is_dropped = True
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()

    def _go_on(self) -> None:
        end = time.monotonic() + _TURN
        try:
            while not self.is_over and time.monotonic() < end:
                self.progress = next(self._making)
        except StopIteration as made:
            self.film = made.value
            self._end()

    def _end(self) -> None:
        if not self.is_over:
            self.is_over = True
            self._making.close()
            self._over()


class FilmResponse(Response):
    """Begins to make a film when it is sent, and stops when its reader has left."""

    def __init__(
        self, making: "Making", scheduler: Scheduler, media_type: str, release: Release, *, tells: bool
    ) -> None:
        """`release` is called in the end; `tells`: how far it is, in lines before the film."""
        super().__init__(media_type=PROGRESS_TYPE if tells else media_type)
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"  # nginx would keep the lines until the end
        del self.headers["content-length"]
        self._making, self._scheduler, self._kind = making, scheduler, media_type
        self._release, self._tells = release, tells

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's
        """Send it."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        work = Work(self._making, lambda: _call(loop, over))
        self._scheduler.add(work)
        self._scheduler.wake(work)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_leave, receive, tasks.cancel_scope)
                await self._send(work, over, send)
                tasks.cancel_scope.cancel()
        finally:
            self._scheduler.remove(work)
            work.drop()
            self._release()

    async def _send(self, work: Work, over: asyncio.Event, send: Send) -> None:
        if self._tells:
            await self._start(send, 200)
        async for _ in _until(over, self._scheduler):
            if self._tells and work.progress:
                await _say(send, {"share": round(work.progress.share, 4), "bytes": work.progress.nbytes})
        if work.film is None:
            await self._refuse(send, work.refusal or _TOO_LONG)
            return
        if self._tells:
            await _say(send, {"film": len(work.film), "type": self._kind})
        else:
            self.headers["Content-Length"] = str(len(work.film))
            await self._start(send, 200)
        for place in range(0, len(work.film), _PIECE):
            await _write(send, work.film[place : place + _PIECE])
        await _write(send, b"", more=False)

    async def _refuse(self, send: Send, refusal: Refused) -> None:
        said = Refusal.of(refusal).model_dump_json().encode()
        if not self._tells:
            self.headers["Content-Type"] = "application/json"
            await self._start(send, 422)
        await _write(send, said + b"\n", more=False)

    async def _start(self, send: Send, status: int) -> None:
        await send({"type": "http.response.start", "status": status, "headers": self.raw_headers})


_TOO_LONG = Refused(
    "film",
    f"more than {_LONGEST / 60:.0f} minutes, or the end of the server",
    "a film that is made sooner: choose fewer seconds, or a smaller size",
)


def _call(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:  # the loop has ended
        log.debug("a film has outlived its server")


async def _until(over: asyncio.Event, scheduler: Scheduler) -> AsyncIterator[None]:
    """Now and then, until it is over, takes too long, or gets no more turns."""
    end = time.monotonic() + _LONGEST
    while not over.is_set() and time.monotonic() < end and not scheduler.has_stopped:
        with anyio.move_on_after(_TOLD_EVERY):
            await over.wait()
        yield


async def _leave(receive: Receive, scope: anyio.CancelScope) -> None:
    """End all when the reader does."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _say(send: Send, said: dict[str, object]) -> None:
    await _write(send, json.dumps(said).encode() + b"\n")


async def _write(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
