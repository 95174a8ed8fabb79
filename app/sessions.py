"""Who is here: all sessions by their token, and what becomes of them when their page goes."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import anyio

from app.checkpoint import Frozen, Unreadable, unpack
from app.config import Config
from app.keeper import Keeper
from app.links import Link
from app.scheduler import Scheduler
from app.seat import Seat
from app.session import Session, Tally
from app.store import Unavailable, key_of
from engine.settings import Refused

log = logging.getLogger(__name__)

Resumed = Literal["live", "checkpoint", "copy", "none"]

NAMELESS = "a client that names no page"

_GOES_WITHIN = 0.5  # seconds: a page that is loaded anew comes while its socket of before is being closed
_PATIENCE = 5.0  # seconds for a session to be copied, whose turn may be far


@dataclass(frozen=True)
class Place:
    """What a page gets."""

    seat: Seat
    resumed: Resumed
    age: float = 0.0  # seconds since the checkpoint was saved


class Full(Exception):
    """There is no room for another session."""


def _answer(copied: asyncio.Future[Frozen], frozen: Frozen) -> None:
    if not copied.done():  # nobody waits any more
        copied.set_result(frozen)


class Sessions:
    """Lives on the event loop."""

    def __init__(self, config: Config, scheduler: Scheduler, keeper: Keeper | None = None) -> None:
        self._config = config
        self._scheduler = scheduler
        self._keeper = keeper
        self._seats: dict[str, Seat] = {}
        self._gone = Tally()  # of sessions that are here no more
        self.placed: Counter[str] = Counter()  # pages that came, by what they got; "full" for those turned away

    def __len__(self) -> int:
        return len(self._seats)

    @property
    def parameter_limit(self) -> int:
        """Of a network on this server."""
        return self._config.parameters

    @property
    def connected(self) -> int:
        """Sessions with a page."""
        return sum(seat.page != "" for seat in self._seats.values())

    def tally(self) -> Tally:
        """What all sessions have done since the server began."""
        return sum((seat.tally for seat in self._seats.values()), self._gone)

    async def place(self, token: str | None, page: str, link: Link) -> Place:
        """A session for a page that has come. Raises Full."""
        try:
            place = await self._find_place(token, page, link)
        except Full:
            self.placed["full"] += 1
            raise
        self.placed[place.resumed] += 1
        return place

    async def _find_place(self, token: str | None, page: str, link: Link) -> Place:
        """The session of a page that comes back, a copy of it for a second page, or a new one.

        The page that holds the session keeps it: a tab that was duplicated knows the same token, but is another page.
        """
        seat = self._seats.get(token) if token else None
        if seat and await self._is_taken(seat, page):
            return Place(await self._open(link, frozen=await self._copy(seat)), "copy")
        if seat:
            return Place(seat, "live")
        frozen, age = await self._thaw(token)
        if token and token in self._seats:  # the same page, by another connection, was faster
            return Place(self._seats[token], "live")
        if frozen and token:
            return Place(await self._open(link, token, frozen), "checkpoint", age)
        return Place(await self._open(link), "none")

    async def _is_taken(self, seat: Seat, page: str) -> bool:
        """Whether another page has it and stays. A client that names no page takes over."""
        end = time.monotonic() + _GOES_WITHIN
        while page and seat.page not in {"", page}:
            if time.monotonic() > end:
                return True
            await anyio.sleep(0.02)
        return False

    async def _copy(self, seat: Seat) -> Frozen | None:
        """A session as it is now; None if it does not get a turn."""
        loop, copied = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        def copy(session: Session) -> None:
            loop.call_soon_threadsafe(_answer, copied, session.freeze())

        seat.ask(copy)
        self.wake(seat)
        with anyio.move_on_after(_PATIENCE):
            frozen: Frozen = await copied
            return frozen
        return None

    async def _thaw(self, token: str | None) -> tuple[Frozen | None, float]:
        """The checkpoint of a session, and its age in seconds."""
        if not (token and self._keeper):
            return None, 0.0
        try:
            found = await anyio.to_thread.run_sync(self._keeper.load, key_of(token))
            return (unpack(found.payload), max(0.0, time.time() - found.saved_at)) if found else (None, 0.0)
        except (Unavailable, Unreadable) as error:
            log.warning("a session cannot be resumed: %s", error)
            return None, 0.0

    async def _open(self, link: Link, token: str | None = None, frozen: Frozen | None = None) -> Seat:
        """A new session. Its points take some milliseconds to draw, which the other pages should not notice."""
        if len(self._seats) >= self._config.sessions:
            raise Full
        session = await anyio.to_thread.run_sync(self._make, link, frozen)
        seat = Seat(session, token, self._keep if self._keeper else None)
        self._seats[seat.token] = seat
        self._scheduler.add(seat)
        return seat

    def _make(self, link: Link, frozen: Frozen | None) -> Session:
        session = Session(
            link,
            time.monotonic,
            1 / self._config.frames_per_second,
            self.parameter_limit,
            lambda: self._scheduler.crowd,
        )
        if frozen:
            try:
                session.thaw(frozen)
            except (Refused, KeyError, ValueError) as error:
                log.warning("a session begins anew: %s", error)
        return session

    def _keep(self, token: str, payload: bytes) -> None:
        if self._keeper:
            self._keeper.put(key_of(token), payload)

    def wake(self, seat: Seat) -> None:
        self._scheduler.wake(seat)

    def leave(self, seat: Seat, connection: int) -> None:
        """A page is gone. Its session rests soon, and leaves memory later, unless a page comes back meanwhile."""

        def unless_back(act: Callable[[Seat], None]) -> None:
            if seat.connection == connection:
                act(seat)

        if seat.connection == connection:
            seat.page = ""
        loop = asyncio.get_running_loop()
        loop.call_later(self._config.pause_seconds, unless_back, self._rest)
        loop.call_later(self._config.keep_seconds, unless_back, self._forget)

    def save_all(self) -> None:
        """The last checkpoints; only after the scheduler has stopped."""
        for seat in self._seats.values():
            seat.save()

    def _rest(self, seat: Seat) -> None:
        seat.rest()
        self._scheduler.wake(seat)

    def _forget(self, seat: Seat) -> None:
        if self._seats.pop(seat.token, None):
            self._gone += seat.tally
        self._scheduler.remove(seat)
