"""Shares figures, which each worker writes and all read, and session locks among the workers of a server."""

import asyncio
import json
import mmap
import secrets
import socket
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio

from app.storage.store import Locks

Figures = dict[str, Any]

TELL_SECONDS = 1.0  # how often a worker writes without being asked

_SLOT = 16 * 1024  # bytes
_HEAD = struct.Struct("<II")  # length and checksum of the JSON that follows
_TRIES = 100  # to read figures that are being written
_PATIENCE = 0.5  # seconds for the others to answer; the last figures count of one that is busy or gone


class Board:
    """Memory, bells and locks shared by processes forked after it was made. Only one process writes to each slot."""

    def __init__(self, slots: int) -> None:
        from app.storage.siblings import SiblingLocks  # noqa: PLC0415  fcntl is not everywhere; a board is where it is

        self.slots = slots
        self.locks = SiblingLocks()
        self.secret = secrets.token_bytes(32)  # so that all workers, and nobody else, compute the same names
        self._memory = mmap.mmap(-1, (slots + 1) * _SLOT)  # the last one is the front's
        self._bells = [socket.socketpair() for _ in range(slots)]
        for bell in (end for pair in self._bells for end in pair):
            bell.setblocking(False)

    @property
    def front(self) -> int:
        """The slot of the process that starts and ends the workers."""
        return self.slots

    def write(self, slot: int, figures: Figures) -> None:
        text = json.dumps(figures).encode()
        record = _HEAD.pack(len(text), zlib.crc32(text)) + text
        if len(record) > _SLOT:
            raise ValueError(f"{len(record)} bytes of figures came, expected at most {_SLOT}")
        self._memory[slot * _SLOT : slot * _SLOT + len(record)] = record

    def read(self, slot: int) -> Figures:
        """The figures of a slot; empty before the first write. Retries while they are being written. A half-written
        record of a killed worker reads as empty, because waiting for the rest would hang."""
        place = slot * _SLOT
        for _ in range(_TRIES):
            length, checksum = _HEAD.unpack_from(self._memory, place)
            text = self._memory[place + _HEAD.size : place + _HEAD.size + min(length, _SLOT - _HEAD.size)]
            if zlib.crc32(text) == checksum:
                figures: Figures = json.loads(text) if text else {}
                return figures
            time.sleep(0)
        return {}

    def ring(self, slot: int) -> None:
        """Ask the process that writes to this slot to do so."""
        with suppress(BlockingIOError):  # enough requests are pending
            self._bells[slot][0].send(b"?")

    def close(self) -> None:
        self.locks.close()
        for bell in (end for pair in self._bells for end in pair):
            bell.close()

    def bell(self, slot: int) -> socket.socket:
        """A socket that is readable after `ring`."""
        return self._bells[slot][1]


class Peers:
    """One worker's view of all workers of a server. A server of one process has no others."""

    def __init__(self, board: Board | None = None, number: int = 0) -> None:
        self._board = board
        self._number = number
        self._others = [slot for slot in range(board.slots) if slot != number] if board else []

    @property
    def locks(self) -> Locks | None:
        """Locks shared by all workers; None if there are no others."""
        return self._board.locks if self._board else None

    @property
    def secret(self) -> bytes:
        """A secret shared by all workers; empty if there are no others."""
        return self._board.secret if self._board else b""

    @property
    def number(self) -> int:
        """The number of this worker, from 0."""
        return self._number

    @property
    def of_the_front(self) -> Figures:
        """The front's figures; without a front no worker has ended."""
        return (self._board.read(self._board.front) if self._board else {}) or {"workers_ended": 0}

    async def keep_telling(self, figures: Callable[[], Figures]) -> None:
        """Write this worker's figures each second, and whenever another worker asks."""
        if self._board:
            bell = self._board.bell(self._number)
            asyncio.get_running_loop().add_reader(bell, self._answer, bell, figures)
        while self._board:
            self.tell(figures())
            await anyio.sleep(TELL_SECONDS)

    def _answer(self, bell: socket.socket, figures: Callable[[], Figures]) -> None:
        with suppress(BlockingIOError):
            bell.recv(4096)
        self.tell(figures())

    def tell(self, figures: Figures) -> None:
        if self._board:
            self._board.write(self._number, {**figures, "told": time.monotonic()})

    async def ask(self) -> list[Figures]:
        """The others' present figures; empty for a worker that has just begun."""
        if not self._board:
            return []
        asked = time.monotonic()
        for slot in self._others:
            self._board.ring(slot)
        while True:
            found = [self._board.read(slot) for slot in self._others]
            if all(figures.get("told", asked) >= asked for figures in found) or time.monotonic() > asked + _PATIENCE:
                return found
            await anyio.sleep(0.002)

    @property
    def first_is_ready(self) -> bool:
        """Whether the first worker has reported that it is ready, or need not."""
        return self._board is None or self._number == 0 or bool(self._board.read(0).get("ready"))
