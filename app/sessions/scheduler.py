"""Shares the cores among sessions: each short turn is charged its time, and the session with the least goes next."""

import heapq
import itertools
import logging
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import Protocol

log = logging.getLogger(__name__)

_NICENESS = 10
_COUNT_SECONDS = 0.1
_LONGEST_WAIT = 2.0  # seconds, about, after a long turn; in a crowd fairness alone would make a task wait for minutes
_LEAST_CHARGE = 0.001  # seconds: a turn in a crowd and the sending of its frame, which is not measured
_FARTHEST = 60.0  # seconds: no task is queued further ahead; threads cannot wait for 300 years


class Task(Protocol):
    """Something that wants turns."""

    def next_turn(self) -> float:
        """When it wants its next turn, by time.monotonic; infinity means not before it is woken."""

    def take_turn(self) -> None:
        """Work for a few milliseconds, with the GIL released for most of them."""


@dataclass
class Turns:
    """What the threads have done."""

    count: int = 0
    waited: float = 0.0  # seconds that turns were due before they were taken
    used: float = 0.0  # seconds of processor time


class _Entry:
    """A task's place in the queue."""

    def __init__(self, task: Task, charged: float) -> None:
        self.task = task
        self.charged = charged  # seconds of processor time
        self.state = "asleep"  # asleep, queued, running
        self.woken = False  # while it was running
        self.gone = False
        self.due = 0.0  # since when its turn has been due, by time.monotonic
        self.ticket = 0  # of its newest place in a heap; older places mean nothing


class Scheduler:
    """Worker threads, one per core; a task is never in two of them at once."""

    def __init__(self, threads: int, longest_wait: float = _LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._changed = threading.Condition()
        self._entries: dict[Task, _Entry] = {}
        self._ready: list[tuple[float, int, _Entry]] = []  # by what they have been charged
        self._later: list[tuple[float, int, _Entry]] = []  # by when they want their turn
        self._tickets = itertools.count(1)
        self._clock = 0.0  # what the task of the latest turn had been charged; a new task starts from here
        self._stopping = False
        self._crowd, self._counted = 0.0, 0.0
        self.turns = Turns()
        self._threads = [
            threading.Thread(target=self._work, name=f"engine-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the turns that are being taken end, and take no more."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    @property
    def has_stopped(self) -> bool:
        """Whether no task gets a turn any more."""
        return self._stopping

    def add(self, task: Task) -> None:
        with self._changed:
            self._entries[task] = _Entry(task, self._clock)

    def remove(self, task: Task) -> None:
        """Give the task no more turns. A turn that it is taking ends by itself."""
        with self._changed:
            entry = self._entries.pop(task, None)
            if entry:
                entry.gone = True

    def wake(self, task: Task) -> None:
        """Give the task a turn soon, even if it asked for a later one."""
        with self._changed:
            entry = self._entries.get(task)
            if entry is None:
                return
            if entry.state == "running":
                entry.woken = True
            else:
                self._queue(entry, 0.0)

    @property
    def crowd(self) -> float:
        """How many tasks for each thread want turns; counted at most a tenth of a second ago."""
        now = time.monotonic()
        if now >= self._counted + _COUNT_SECONDS:
            with self._changed:
                awake = sum(entry.state != "asleep" for entry in self._entries.values())
            self._crowd, self._counted = awake / len(self._threads), now
        return self._crowd

    # -- inside -------------------------------------------------------------------------------------------------------

    def _queue(self, entry: _Entry, turn: float) -> None:
        """Queue a task for the time `turn`. A task that slept has saved up no time."""
        entry.ticket = next(self._tickets)
        entry.state = "queued"
        if turn == float("inf"):
            entry.state = "asleep"
        elif turn <= time.monotonic():
            entry.charged = max(entry.charged, self._clock)
            entry.due = time.monotonic()
            heapq.heappush(self._ready, (entry.charged, entry.ticket, entry))
            self._changed.notify()
        else:
            turn = min(turn, time.monotonic() + _FARTHEST)  # at that time it says anew when
            heapq.heappush(self._later, (turn, entry.ticket, entry))
            self._changed.notify()  # a thread may be waiting for a later turn

    def _next(self) -> _Entry | None:
        """Wait for a task whose turn has come; None once the scheduler stops."""
        while not self._stopping:
            now = time.monotonic()
            while self._later and self._later[0][0] <= now:
                _, ticket, entry = heapq.heappop(self._later)
                if ticket == entry.ticket and not entry.gone:
                    self._queue(entry, 0.0)
            while self._ready:
                _, ticket, entry = heapq.heappop(self._ready)
                if ticket == entry.ticket and not entry.gone:
                    self._clock = max(self._clock, entry.charged)
                    entry.state = "running"
                    self.turns.count += 1
                    self.turns.waited += time.monotonic() - entry.due
                    entry.woken = False
                    return entry
            self._changed.wait(self._later[0][0] - now if self._later else None)
        return None

    def _work(self) -> None:
        _stand_back()
        while True:
            with self._changed:
                entry = self._next()
            if entry is None:
                return
            used = time.thread_time_ns()
            turn = self._take_turn(entry.task)
            with self._changed:
                seconds = (time.thread_time_ns() - used) / 1e9
                most = self._clock + self._longest_wait / max(self.crowd, 1.0)
                entry.charged = min(entry.charged + max(seconds, _LEAST_CHARGE), most)
                self.turns.used += seconds
                if not entry.gone:
                    self._queue(entry, 0.0 if entry.woken else turn)

    @staticmethod
    def _take_turn(task: Task) -> float:
        """Take a turn; returns when the task wants the next. A task that raises an error sleeps; the others go on."""
        try:
            task.take_turn()
            return task.next_turn()
        except Exception:
            log.exception("a session failed")
            return float("inf")


def _stand_back() -> None:
    """Let threads that answer and draw go before this one: on Linux each thread has a niceness of its own.

    Measured with the browser on the same two cores: without this, three frames of four come too late.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
