"""Writes checkpoints in the background, many in one transaction, so that no session or page waits for the store."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.storage.store import Checkpoint, Content, Store, Unavailable

log = logging.getLogger(__name__)

Batch = dict[str, Checkpoint | None]  # by key; None means delete


@dataclass(frozen=True, slots=True)
class Figures:
    """What the keeper has done so far and still has to do."""

    written: int  # checkpoints
    failed: int  # checkpoints, counted at each try
    waiting: int  # checkpoints and deletions, including those being written
    batch_seconds: float  # duration of the last batch, even if it failed
    is_reachable: bool  # whether the store answered last time


_LOOK_SECONDS = 2.0  # between checks whether the store is still the same


class Keeper:
    """One thread writes to the store. May be called from any thread; only `load`, `find` and `flush` wait for it.

    A checkpoint that could not be written waits for the next round, or for a newer one of its key.
    """

    def __init__(self, store: Store, every_seconds: float = 1.0, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self.on_loss: Callable[[], None] = lambda: None  # called in any thread when the store has lost its checkpoints
        self._place: str | None = None
        self._is_away = False  # whether the store did not answer last time
        self._looking = threading.Lock()  # guards both
        self._every_seconds = every_seconds
        self._clock = clock
        self._changed = threading.Condition()  # guards what follows
        self._waiting: Batch = {}
        self._writing: Batch = {}
        self._asked = 0  # flushes
        self._answered = 0
        self._closing = self._ended = False
        self._written = self._failed = 0
        self._batch_seconds = 0.0
        self._is_failing = False  # so that only the first failure is logged
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    def put(self, key: str, payload: bytes, content: Content | None = None) -> None:
        """Queue a checkpoint and what it names for the next round; a newer one of the same key replaces it."""
        self._leave(key, Checkpoint(key, payload, self._clock(), content))

    def delete(self, key: str) -> None:
        """Queue a deletion; a waiting checkpoint of this key is not written."""
        self._leave(key, None)

    def load(self, key: str) -> Checkpoint | None:
        """The newest checkpoint of the key, written or not. Waits for the store; raises Unavailable."""
        with self._changed:
            for batch in (self._waiting, self._writing):
                if key in batch:
                    return batch[key]
        return self._store.load(key)

    def find(self, digest: str) -> bytes | None:
        """The content that a checkpoint names, written or not. Waits for the store; raises Unavailable."""
        with self._changed:
            for checkpoint in (*self._waiting.values(), *self._writing.values()):
                if checkpoint and checkpoint.content and checkpoint.content.digest == digest:
                    return checkpoint.content.data
        return self._store.find(digest)

    def look(self) -> None:
        """Check that the store has kept its checkpoints: a file may be deleted, a server may restart empty."""
        with self._looking:
            try:
                before, self._place = self._place, self._store.place()
            except Unavailable as error:
                if not (self._is_away or self._is_failing):
                    log.warning("the store cannot be asked; sessions are kept in memory until it can: %s", error)
                self._is_away = True
                return
            self._is_away = False
            if before not in {None, self._place}:
                log.warning("the store has lost its sessions; those in memory are written anew")
                self.on_loss()

    def flush(self) -> bool:
        """Write everything that waits and return when it is saved; False if that failed."""
        with self._changed:
            self._asked += 1
            mine = self._asked
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._answered >= mine or self._ended)
            return not self._is_failing

    def close(self) -> bool:
        """Flush and end the thread; the store stays open. Later checkpoints are lost. False if some stay unwritten."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        with self._changed:
            if self._waiting:
                log.error("%d checkpoints could not be written and are lost", len(self._waiting))
            return not self._waiting

    @property
    def figures(self) -> Figures:
        with self._changed:
            waiting = len(self._waiting | self._writing)
            is_reachable = not (self._is_away or self._is_failing)
            return Figures(self._written, self._failed, waiting, self._batch_seconds, is_reachable)

    # -- the writer ---------------------------------------------------------------------------------------------------

    def _leave(self, key: str, checkpoint: Checkpoint | None) -> None:
        with self._changed:
            if self._closing:
                log.warning("a checkpoint came after the end and is lost")
                return
            if not self._waiting:
                self._changed.notify_all()
            self._waiting[key] = checkpoint

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_urgent(), timeout=_LOOK_SECONDS)
                if self._waiting:
                    self._changed.wait_for(self._is_urgent, timeout=self._every_seconds)
                asked, last = self._asked, self._closing
                self._writing, self._waiting = self._waiting, {}
            self.look()
            began = time.perf_counter()
            error = self._write(self._writing)
            with self._changed:
                self._account(error, time.perf_counter() - began)
                self._answered, self._ended = asked, last
                self._changed.notify_all()
                if last:
                    return

    def _is_urgent(self) -> bool:
        return self._asked > self._answered or self._closing

    def _write(self, batch: Batch) -> Exception | None:
        try:
            if saved := [checkpoint for checkpoint in batch.values() if checkpoint]:
                self._store.save(saved)
            if deleted := [key for key, checkpoint in batch.items() if not checkpoint]:
                self._store.delete(deleted)
        except Exception as error:  # the thread must survive any error of a store
            return error
        return None

    def _account(self, error: Exception | None, seconds: float) -> None:
        """Update the counts, log the first failure and the recovery, and keep what was not written."""
        if not self._writing:
            return
        batch, self._writing = self._writing, {}
        count = sum(checkpoint is not None for checkpoint in batch.values())
        self._batch_seconds = seconds
        if error:
            self._failed += count
            self._waiting = batch | self._waiting
            if not self._is_failing:
                log.error("checkpoints cannot be written; trying again every %g s: %s", self._every_seconds, error)
        else:
            self._written += count
            if self._is_failing:
                log.warning("checkpoints are written again")
        self._is_failing = error is not None
