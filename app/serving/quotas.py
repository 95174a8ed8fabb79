"""Limits the sessions of one address, and its new ones per minute."""

import asyncio
import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Literal

from app.storage.store import Locks

log = logging.getLogger(__name__)

Limit = Literal["sessions_per_address", "new_sessions_per_minute"]  # the names of the settings
Release = Callable[[], None]
Later = Callable[[float, Release], object]  # calls a function after some seconds

_MINUTE = 60.0


class Beyond(Exception):
    """The address has reached a limit."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit: Limit = limit


class Tickets:
    """At most `most` for each holder, over all workers. A ticket is a lock, which a killed worker leaves to the
    others."""

    def __init__(self, most: int, locks: Locks | None, prefix: str) -> None:
        """`prefix` keeps the locks of two kinds of tickets apart. Without `locks` there are no other workers."""
        self._most = most
        self._locks = locks
        self._prefix = prefix
        self._held: dict[str, set[int]] = {}  # by this process, which its own locks do not stop

    def take(self, holder: str) -> Release | None:
        """Take a ticket; returns a function that gives it back, or None if none is left."""
        ours = self._held.get(holder, set())
        for number in range(self._most):
            if number not in ours and (not self._locks or self._locks.own(self._key(holder, number))):
                self._held[holder] = ours | {number}
                return partial(self._give_back, holder, number)
        return None

    def _give_back(self, holder: str, number: int) -> None:
        self._held[holder] -= {number}
        if not self._held[holder]:  # addresses come and go
            del self._held[holder]
        if self._locks:
            self._locks.disown(self._key(holder, number))

    def _key(self, holder: str, number: int) -> str:
        """Keys of one holder are adjacent in SiblingLocks, so that the kernel merges them into one range."""
        place = hashlib.sha256(f"{self._prefix} {holder}".encode()).hexdigest()
        return f"{place[:11]}{number:04x}"


def _by_the_loop(seconds: float, act: Release) -> object:
    return asyncio.get_running_loop().call_later(seconds, act)


class Quotas:
    """Quotas of all addresses, kept only as hashes with a secret that is never saved."""

    def __init__(
        self,
        most_sessions: int,
        most_new: int,
        locks: Locks | None = None,
        secret: bytes = b"",
        later: Later = _by_the_loop,
    ) -> None:
        """`secret`: the same in all workers."""
        self._secret = secret or secrets.token_bytes(32)
        self._sessions = Tickets(most_sessions, locks, "a session of")
        self._new = Tickets(most_new, locks, "a new session of")
        self._later = later
        self.refused: Counter[str] = Counter(sessions_per_address=0, new_sessions_per_minute=0)

    def admit(self, address: str | None) -> Release:
        """Count a new session; returns a function to call at its end. Raises Beyond."""
        if address is None:
            return _nothing
        name = self._name(address)
        session = self._sessions.take(name)
        if session is None:
            raise self._refusal(name, "sessions_per_address")
        new = self._new.take(name)
        if new is None:
            session()
            raise self._refusal(name, "new_sessions_per_minute")
        self._later(_MINUTE, new)
        return session

    def readmit(self, address: str | None) -> Release:
        """Count a session that comes back, which is never refused."""
        return (address and self._sessions.take(self._name(address))) or _nothing

    def _refusal(self, name: str, limit: Limit) -> Beyond:
        self.refused[limit] += 1
        log.info("an address has all it may have", extra={"visitor": name[:8], "limit": limit})
        return Beyond(limit)

    def _name(self, address: str) -> str:
        return hashlib.blake2b(address.encode(), key=self._secret, digest_size=16).hexdigest()


def _nothing() -> None: ...
