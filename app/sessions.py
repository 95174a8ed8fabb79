"""Who is here: all sessions by their token, and what becomes of them when their page goes."""

import asyncio
import time
from collections.abc import Callable

import anyio

from app.config import Config
from app.links import Link
from app.scheduler import Scheduler
from app.seat import Seat
from app.session import Session


class Sessions:
    """Lives on the event loop."""

    def __init__(self, config: Config, scheduler: Scheduler) -> None:
        self._config = config
        self._scheduler = scheduler
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    @property
    def is_full(self) -> bool:
        return len(self._seats) >= self._config.sessions

    @property
    def parameter_limit(self) -> int:
        """Of a network on this server."""
        return self._config.parameters

    def find(self, token: str | None) -> Seat | None:
        """The session of a page that comes back, if it is still here."""
        return self._seats.get(token) if token else None

    async def open(self, link: Link) -> Seat:
        """A new session. Its points take some milliseconds to draw, which the other pages should not notice."""
        frame_seconds = 1 / self._config.frames_per_second
        seat = Seat(await anyio.to_thread.run_sync(Session, link, time.monotonic, frame_seconds, self.parameter_limit))
        self._seats[seat.token] = seat
        self._scheduler.add(seat)
        return seat

    def wake(self, seat: Seat) -> None:
        self._scheduler.wake(seat)

    def leave(self, seat: Seat, connection: int) -> None:
        """A page is gone. Its session rests soon, and is forgotten later, unless a page comes back meanwhile."""

        def unless_back(act: Callable[[Seat], None]) -> None:
            if seat.connection == connection:
                act(seat)

        loop = asyncio.get_running_loop()
        loop.call_later(self._config.pause_seconds, unless_back, self._rest)
        loop.call_later(self._config.keep_seconds, unless_back, self._forget)

    def _rest(self, seat: Seat) -> None:
        seat.rest()
        self._scheduler.wake(seat)

    def _forget(self, seat: Seat) -> None:
        self._seats.pop(seat.token, None)
        self._scheduler.remove(seat)
