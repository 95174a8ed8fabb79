"""Lets only one process at a time, of several workers or several servers with one store, continue a session."""

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

import anyio

from app.storage.checkpoint_writer import Keeper
from app.storage.store import Locks, Unavailable

log = logging.getLogger(__name__)

_ASK_SECONDS = 0.25


class Claims:
    """Lives on the event loop and asks in threads. Without locks all sessions belong to this process.

    `patience`: seconds to wait for a session that another process has. `are_shared`: the locks are leases, and other
    servers may continue a session that leaves this one. If false, locks are between workers and last as long as the
    worker, which keeps its sessions in memory.
    """

    def __init__(
        self,
        locks: Locks | None = None,
        keeper: Keeper | None = None,
        patience: float = 0.0,
        *,
        are_shared: bool = False,
    ) -> None:
        self._locks = locks
        self._keeper = keeper
        self._patience = patience
        self.are_shared = are_shared
        self._going: dict[str, asyncio.Task[None]] = {}  # sessions that are being given up

    async def take(self, key: str) -> bool:
        """Wait until no other process has the session; False if one keeps it, or the store is unavailable."""
        if key in self._going:  # its page came back while it was given up
            await asyncio.wait([self._going[key]])
        end = time.monotonic() + self._patience
        while self._locks:
            with suppress(Unavailable):
                if await anyio.to_thread.run_sync(self._locks.own, key):
                    return True
            if time.monotonic() > end:
                return False
            await anyio.sleep(_ASK_SECONDS)
        return True

    async def claim(self, key: str) -> None:
        """Lock a session that has just begun here. No other process can have it, so an unavailable store is ignored."""
        if self._locks:
            with suppress(Unavailable):
                await anyio.to_thread.run_sync(self._locks.own, key)

    async def renew(self, keys: Iterable[str]) -> list[str]:
        """Renew leases; returns the sessions that another server has taken, for instance after this one froze."""
        return await anyio.to_thread.run_sync(partial(self._renew, tuple(keys))) if self.are_shared else []

    def _renew(self, keys: Iterable[str]) -> list[str]:
        assert self._locks
        try:
            return [key for key in keys if not self._locks.own(key)]
        except Unavailable as error:  # then other servers cannot take them either
            log.warning("sessions cannot be claimed: %s", error)
            return []

    def let_go(self, key: str) -> None:
        """Let another server continue a session, once its waiting checkpoint is written."""
        if self._locks:
            self._going[key] = asyncio.create_task(anyio.to_thread.run_sync(self._let_go, key))
            self._going[key].add_done_callback(lambda _: self._going.pop(key))

    def let_all_go(self, keys: Iterable[str]) -> None:
        """Give up all sessions at the end, after the last write. Waits for the store."""
        for key in keys if self._locks else ():
            self._let_go(key)

    def _let_go(self, key: str) -> None:
        assert self._locks
        if self._keeper:
            self._keeper.flush()
        with suppress(Unavailable):  # then the lock expires by itself
            self._locks.disown(key)
