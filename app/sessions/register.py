"""Keeps all sessions by their token, and decides what happens to them when their page leaves."""

import asyncio
import logging
import random
import time
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import anyio

from app.config import Config
from app.links import Link
from app.protocol import Away
from app.serving.quotas import Beyond, Quotas, Release
from app.sessions.scheduler import Scheduler
from app.sessions.seat import Seat
from app.sessions.session import Session
from app.sessions.tally import Tally
from app.storage.checkpoint import Frozen, Unreadable, unpack
from app.storage.checkpoint_writer import Keeper
from app.storage.claims import Claims
from app.storage.store import Unavailable, key_of
from engine.choices import Refused

log = logging.getLogger(__name__)

Resumed = Literal["live", "checkpoint", "copy", "none"]

NAMELESS = "a client that names no page"

_GOES_WITHIN = 0.5  # seconds: a page that reloads connects while its old socket is still being closed
_PATIENCE = 5.0  # seconds to wait for a copy of a session, whose next turn may be far
_WRITTEN_WITHIN = 1.0  # seconds that a new session waits for the disk; then it goes on without
_FULL_SECONDS = (5.0, 15.0)  # when pages that were turned away try again: at random, not all at once
_BEYOND_SECONDS = (15.0, 60.0)  # the same where an address has reached its limit, which lasts longer
_RESTART_SECONDS = (0.0, 3.0)


@dataclass(frozen=True)
class Place:
    """The session that a page gets, and where it comes from."""

    seat: Seat
    resumed: Resumed
    age: float = 0.0  # seconds since the checkpoint was saved


class NoPlace(Exception):
    """There is no session for this page now."""

    def __init__(self, reason: Literal["full", "restart"], within: tuple[float, float] | None = None) -> None:
        super().__init__(reason)
        self.reason: Literal["full", "restart"] = reason
        self.retry_after = random.uniform(*(within or (_FULL_SECONDS if reason == "full" else _RESTART_SECONDS)))


def _answer(copied: asyncio.Future[Frozen], frozen: Frozen) -> None:
    if not copied.done():  # nobody waits any more
        copied.set_result(frozen)


def _load(keeper: Keeper, key: str) -> tuple[Frozen | None, float]:
    """A checkpoint and its age in seconds. Raises Unavailable, Unreadable."""
    found = keeper.load(key)
    return (unpack(found.payload, keeper.find), max(0.0, time.time() - found.saved_at)) if found else (None, 0.0)


class Sessions:
    """Used on the event loop alone, except where a method says otherwise."""

    def __init__(
        self,
        config: Config,
        scheduler: Scheduler,
        keeper: Keeper | None = None,
        claims: Claims | None = None,
        quotas: Quotas | None = None,
    ) -> None:
        self._config = config
        self._scheduler = scheduler
        self._keeper = keeper
        self._claims = claims or Claims()
        self.quotas = quotas or Quotas(config.sessions_per_address, config.new_sessions_per_minute)
        self._seats: dict[str, Seat] = {}
        self._releases: dict[str, Release] = {}  # by token: frees the session's share of its address's quota
        self._gone = Tally()  # of sessions that have left
        self._opening = 0  # sessions that are being made
        self._makers = anyio.CapacityLimiter(1)  # the work holds the GIL: forty threads would delay the event loop
        self._is_ending = False
        self.placed: Counter[str] = Counter()  # pages that came, by what they got

    def __len__(self) -> int:
        return len(self._seats)

    @property
    def connected(self) -> int:
        """Sessions with a page."""
        return sum(seat.page != "" for seat in self._seats.values())

    def tally(self) -> Tally:
        """What all sessions have done since the server began."""
        return sum((seat.tally for seat in self._seats.values()), self._gone)

    def write_anew(self) -> None:
        """Save all sessions anew, because the store has lost them. Called in any thread."""
        for seat in list(self._seats.values()):
            seat.save_again()
            self.wake(seat)

    # -- coming -------------------------------------------------------------------------------------------------------

    async def place(self, token: str | None, page: str, link: Link, address: str | None = None) -> Place:
        """Find a session for a page that has come. `address` counts against its quota. Raises NoPlace."""
        return self._note(await self._find_place(token, page, link, address))

    async def copy(self, token: str, link: Link, address: str | None = None) -> Place:
        """A new session that begins as that of a token is, whoever holds it; with the link if there is none of its lab.
        Raises NoPlace."""
        if self._is_ending:
            raise NoPlace("restart")
        seat = self._seats.get(token)
        frozen = await self._copy(seat) if seat else (await self._thaw(token))[0]
        if frozen and frozen.lab != link.lab.name:
            frozen = None
        return self._note(Place(await self._begin(link, address, frozen), "copy" if frozen else "none"))

    def _note(self, place: Place) -> Place:
        self.placed[place.resumed] += 1
        log.info(
            "a page came",
            extra={"session": place.seat.name, "resumed": place.resumed, "age": place.age, "sessions": len(self)},
        )
        return place

    async def _find_place(self, token: str | None, page: str, link: Link, address: str | None) -> Place:
        """The session of a page that comes back, a copy of it for a second page, or a new one.

        The page that holds the session keeps it: a duplicated tab knows the same token, but is another page.
        If the session is of another lab than the link, the page gets a new one.
        """
        if self._is_ending:
            raise NoPlace("restart")
        seat = self._seats.get(token) if token else None
        if seat and seat.lab is not link.lab:
            return Place(await self._begin(link, address), "none")
        if seat and await self._is_taken(seat, page):
            return Place(await self._begin(link, address, await self._copy(seat)), "copy")
        if seat:
            return Place(seat, "live")
        if token:
            return await self._return(token, link, address)
        return Place(await self._begin(link, address), "none")

    async def _return(self, token: str, link: Link, address: str | None) -> Place:
        """For a page whose session is not in memory: it may be in the store, or with another server."""
        is_ours = await self._claims.take(key_of(token))
        frozen, age = await self._thaw(token)
        if frozen and frozen.lab != link.lab.name:
            frozen = None
        if token in self._seats:  # while this one waited for the store another connection of the page was faster
            return Place(self._seats[token], "live")
        if frozen and is_ours:
            seat = await self._open(link, token, frozen)
            if token not in self._releases:
                self._releases[token] = self.quotas.readmit(address)
            return Place(seat, "checkpoint", age)
        self._claims.let_go(key_of(token))
        return Place(await self._begin(link, address, frozen), "copy" if frozen else "none")

    async def _is_taken(self, seat: Seat, page: str) -> bool:
        """Whether another page holds the session and stays. A client that names no page takes the session over."""
        end = time.monotonic() + _GOES_WITHIN
        while page and seat.page not in {"", page}:
            if time.monotonic() > end:
                return True
            await anyio.sleep(0.02)
        return False

    async def _copy(self, seat: Seat) -> Frozen | None:
        """The session as it is now; None if it gets no turn in time."""
        loop, copied = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        def copy(session: Session) -> None:
            loop.call_soon_threadsafe(_answer, copied, session.freeze())

        seat.ask(copy)
        self.wake(seat)
        with anyio.move_on_after(_PATIENCE):
            frozen: Frozen = await copied
            return frozen
        return None

    async def _thaw(self, token: str) -> tuple[Frozen | None, float]:
        """The checkpoint of a session, and its age in seconds."""
        if not self._keeper:
            return None, 0.0
        try:
            return await anyio.to_thread.run_sync(_load, self._keeper, key_of(token))
        except (Unavailable, Unreadable) as error:
            log.warning("a session cannot be resumed: %s", error)
            return None, 0.0

    async def _begin(self, link: Link, address: str | None, frozen: Frozen | None = None) -> Seat:
        """Make a new session. It is on disk before its page is welcomed, so that a welcomed page can always come back
        and send its commands again."""
        try:
            release = self.quotas.admit(address)
        except Beyond as refusal:
            raise NoPlace("full", _BEYOND_SECONDS) from refusal
        try:
            seat = await self._open(link, frozen=frozen)
        except BaseException:
            release()
            raise
        self._releases[seat.token] = release
        await self._claims.claim(seat.key)
        with anyio.move_on_after(_WRITTEN_WITHIN):
            await anyio.to_thread.run_sync(self._write, seat, abandon_on_cancel=True)
        return seat

    def _write(self, seat: Seat) -> None:
        if self._keeper:
            seat.save()
            self._keeper.flush()

    async def _open(self, link: Link, token: str | None = None, frozen: Frozen | None = None) -> Seat:
        """Put a session into memory. A thread makes it: no other page must wait while its points are drawn."""
        self._make_room(comes_back=token is not None)
        self._opening += 1
        try:
            session = await anyio.to_thread.run_sync(self._make, link, frozen, limiter=self._makers)
        finally:
            self._opening -= 1
        if token in self._seats:  # another connection was faster while the session was made
            return self._seats[token]
        seat = Seat(session, token, self._keeper.put if self._keeper else None)
        self._seats[seat.token] = seat
        self._scheduler.add(seat)
        return seat

    def _make_room(self, *, comes_back: bool) -> None:
        """Forget sessions without a page that are on disk. Returning pages may use a reserve. Raises NoPlace."""
        most = self._config.sessions
        if not comes_back:
            most -= int(most * self._config.reserve)
        rested = time.monotonic() - self._config.pause_seconds
        while len(self._seats) + self._opening >= most:
            waiting = [seat for seat in self._seats.values() if seat.page == "" and 0 < seat.left < rested]
            waiting = [seat for seat in waiting if self._keeper and seat.is_saved]
            if not waiting:
                raise NoPlace("full")
            self._forget(min(waiting, key=lambda seat: seat.left))

    def _make(self, link: Link, frozen: Frozen | None) -> Session:
        session = Session(
            link,
            time.monotonic,
            1 / self._config.frames_per_second,
            self._config.parameters,
            lambda: self._scheduler.crowd,
        )
        if frozen:
            try:
                session.thaw(frozen)
            except (Refused, KeyError, ValueError) as error:
                log.warning("a session begins anew: %s", error)
        return session

    def wake(self, seat: Seat) -> None:
        self._scheduler.wake(seat)

    # -- going --------------------------------------------------------------------------------------------------------

    def leave(self, seat: Seat, connection: int) -> None:
        """A page has left. Its session pauses soon and leaves memory later, unless a page comes back meanwhile.

        If other servers share the store, it leaves memory when it pauses: the page may come back to one of them.
        """

        still = weakref.ref(seat)  # a timer must not keep a session in memory that has made room for others

        def unless_back(act: Callable[[Seat], None]) -> None:
            left = still()
            if left and left.connection == connection:
                act(left)

        if seat.connection == connection:
            seat.page, seat.left = "", time.monotonic()
        pause, keep = self._config.pause_seconds, self._config.keep_seconds
        loop = asyncio.get_running_loop()
        loop.call_later(pause, unless_back, self._rest)
        loop.call_later(pause if self._claims.are_shared else keep, unless_back, self._forget_when_saved)

    def _rest(self, seat: Seat) -> None:
        seat.rest()
        self._scheduler.wake(seat)

    def _forget_when_saved(self, seat: Seat) -> None:
        """Forget a session as soon as it is saved, which takes seconds at most."""
        if seat.is_saved:
            self._forget(seat)
            return
        connection = seat.connection
        again = asyncio.get_running_loop().call_later
        again(0.1, lambda: self._forget_when_saved(seat) if seat.connection == connection else None)

    def _forget(self, seat: Seat) -> None:
        if self._seats.pop(seat.token, None):
            self._gone += seat.tally
            self._claims.let_go(seat.key)
            self._releases.pop(seat.token)()
        self._scheduler.remove(seat)

    async def renew_claims(self) -> None:
        """End the sessions that another server has taken meanwhile; their pages reconnect."""
        seats = {seat.key: seat for seat in self._seats.values()}
        for key in await self._claims.renew(seats):
            log.warning("another server has a session", extra={"session": seats[key].name})
            seats[key].dismiss()
            self._forget(seats[key])

    # -- the end ------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Tell every page that the server stops, and let no page in."""
        self._is_ending = True
        for seat in self._seats.values():
            seat.tell(Away(reason="restart", retry_after=random.uniform(*_RESTART_SECONDS)).model_dump_json())

    def save_all(self) -> None:
        """Save the last checkpoints. Called only after the scheduler has stopped."""
        for seat in self._seats.values():
            if not seat.is_saved:
                seat.save()

    def let_all_go(self) -> None:
        """Let other servers go on with all sessions at once. Called only after everything is written."""
        self._claims.let_all_go(seat.key for seat in self._seats.values())
