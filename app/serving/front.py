"""The process in front of the workers: accepts connections and hands each to the worker of its tab.

A process runs Python on one core at a time, so sessions are divided among several, each with its own event loop and
threads. The kernel would give a returning tab to any of them; here the first line of its request, which is only peeked
at, names the tab. After the handover a connection belongs to its worker alone. The front uses no asyncio, because it
is forked whenever a worker ends by itself.
"""

import ctypes
import errno
import logging
import os
import re
import selectors
import signal
import socket
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from app.config import Config
from app.serving.arrivals import Arrivals
from app.serving.hangup import on_hangup
from app.serving.shared_figures import TELL_SECONDS, Board

log = logging.getLogger(__name__)

Run = Callable[[int, socket.socket, Board], None]  # a worker by its number, its end of the channel

# Below any path: a proxy may pass our base path on, and only the workers know that setting.
_LIVE = re.compile(rb"GET (?:/[^ ?]*)?/live(?:\?(?:[^ ]*&)?tab=([^ &]{1,100})(?=[& ])|[? ])")
_MOST_TABS = 100_000  # remembered tabs
_BACKLOG = 2048
_SHORT_LIFE = 5.0  # seconds; a worker that ends sooner by itself may do so repeatedly
_MOST_SHORT_LIVES = 5
_PAUSE = 0.05  # seconds
_OWN_FILES = 100  # of the front, beside connections
_END_WITHIN = 8.0  # seconds
_SIGNALS = [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGCHLD")]
_PR_SET_PDEATHSIG = 1
NEVER = float("inf")


@dataclass
class _Worker:
    """The front's view of a worker."""

    pid: int
    channel: socket.socket
    began: float
    waiting: deque[socket.socket] = field(default_factory=deque)  # connections for it, while its channel is full


class Router:
    """Chooses a worker for each connection by the beginning of its first request."""

    def __init__(self, workers: int) -> None:
        self.pages = [0] * workers  # of each, roughly: as it last reported, and new ones since
        self._tabs: OrderedDict[bytes, int] = OrderedDict()
        self._others = (number % workers for number in count())

    def worker_of(self, head: bytes) -> int:
        """A known tab stays with its worker, a new one goes to the worker with the fewest pages. Any worker can serve
        files. A client that names no tab gets the first worker, so that it finds its session again."""
        live = _LIVE.match(head)
        if not live:
            return next(self._others)
        return self._worker_of_tab(live[1]) if live[1] else 0

    def _worker_of_tab(self, tab: bytes) -> int:
        if tab not in self._tabs:
            self._tabs[tab] = place = self.pages.index(min(self.pages))
            self.pages[place] += 1
            if len(self._tabs) > _MOST_TABS:
                self._tabs.popitem(last=False)
        self._tabs.move_to_end(tab)
        return self._tabs[tab]


class Front:
    """Serves until a signal ends it."""

    def __init__(self, config: Config, run: Run, files: int) -> None:
        """`files`: how many this process may have open."""
        self._run = run
        self._listeners = _listen(config.host, config.port)
        self._board = Board(config.workers)
        self._router = Router(config.workers)
        self._selector = selectors.DefaultSelector()
        most = max(1, files - _OWN_FILES)
        self._arrivals = Arrivals(self._selector, config.request_seconds, most, self._hand_over)
        self._wakeup, self._signals = socket.socketpair()
        self._kill_at = NEVER  # when to kill workers that were told to end and have not
        self._has_killed = False
        self._short_lives = 0
        self._ended = 0  # workers that ended without being told to
        self._looked = 0.0  # last look at the figures, by time.monotonic
        self._workers: list[_Worker | None] = [None] * config.workers

    def serve(self) -> int:
        """Serve; returns the exit code."""
        for listener in self._listeners:
            self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._signals.setblocking(False)
        self._selector.register(self._wakeup, selectors.EVENT_READ, self._hear)
        self._wakeup.setblocking(False)
        signal.set_wakeup_fd(self._signals.fileno(), warn_on_full_buffer=False)
        for each in _SIGNALS:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, lambda *_: None)  # the wake-up socket receives its number
        on_hangup(self._end_soon)
        for number in range(len(self._workers)):
            self._start(number)
        while any(self._workers):
            for key, _ in self._selector.select(self._until_deadline()):
                key.data(key.fileobj)
            self._arrivals.end_late()
            if time.monotonic() > self._kill_at:
                self._kill()
        return int(self._kill_at == NEVER or self._has_killed)

    # -- connections --------------------------------------------------------------------------------------------------

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                log.warning("a connection cannot be taken: %s", error)
            elif not self._arrivals.end_oldest():
                log.warning("a connection waits for a file: %s", error)
                time.sleep(_PAUSE)  # it still waits, and would be retried at once
            return
        self._arrivals.add(connection)

    def _hand_over(self, connection: socket.socket, head: bytes) -> None:
        self._look()
        worker = self._workers[self._router.worker_of(head)]
        if worker is None:  # it ended too often and was given up
            connection.close()
            return
        worker.waiting.append(connection)
        if len(worker.waiting) == 1:
            self._send(worker)

    def _send(self, worker: _Worker) -> None:
        """Send connections until the channel is full, then wait for room. A dead worker's are left to its successor."""
        while worker.waiting:
            try:
                socket.send_fds(worker.channel, [b"c"], [worker.waiting[0].fileno()])
            except BlockingIOError:
                self._watch(worker)
                return
            except OSError as error:
                if error.errno != errno.ETOOMANYREFS:
                    self._unwatch(worker)
                    return
                time.sleep(_PAUSE)  # more files are in flight than a user may have open
                self._watch(worker)
                return
            worker.waiting.popleft().close()
        self._unwatch(worker)

    def _watch(self, worker: _Worker) -> None:
        if worker.channel not in self._selector.get_map():
            self._selector.register(worker.channel, selectors.EVENT_WRITE, lambda _: self._send(worker))

    def _unwatch(self, worker: _Worker) -> None:
        if worker.channel in self._selector.get_map():
            self._selector.unregister(worker.channel)

    def _look(self) -> None:
        """Update the number of pages of each worker, which workers report each second."""
        if time.monotonic() > self._looked + TELL_SECONDS:
            self._looked = time.monotonic()
            slots = range(len(self._workers))
            self._router.pages = [int(self._board.read(slot).get("sessions_connected", 0)) for slot in slots]

    def _until_deadline(self) -> float | None:
        first = min(self._kill_at, self._arrivals.next_deadline)
        return None if first == NEVER else max(0.0, first - time.monotonic())

    # -- workers ------------------------------------------------------------------------------------------------------

    def _start(self, number: int, waiting: Iterable[socket.socket] = ()) -> None:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            self._become_worker(number, ours, theirs, waiting)
        theirs.close()
        ours.setblocking(False)
        self._workers[number] = worker = _Worker(pid, ours, time.monotonic(), deque(waiting))
        self._send(worker)

    def _become_worker(
        self, number: int, ours: socket.socket, theirs: socket.socket, waiting: Iterable[socket.socket]
    ) -> None:
        """Run a worker in the new process, without the front's files and signals; it ends with the front."""
        code = 1
        try:
            front = os.getppid()
            # Signals typed at a terminal reach the front alone. A session of its own would be worse: Linux would weigh
            # it against the browser as a whole, and the niceness of its threads would have no effect.
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            for each in _SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the front decides
            _end_with_parent(front)
            others = [each for worker in self._workers if worker for each in (worker.channel, *worker.waiting)]
            self._selector.close()
            self._arrivals.close_copies()
            for each_socket in (*self._listeners, *others, *waiting, self._wakeup, self._signals, ours):
                each_socket.close()
            self._run(number, theirs, self._board)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            log.exception("a worker failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # without the front's own cleanup

    def _hear(self, wakeup: socket.socket) -> None:
        for number in wakeup.recv(256):
            if number == signal.SIGCHLD:
                for pid, status in _ended():
                    self._bury(pid, status)
            elif number in {signal.SIGINT, signal.SIGTERM}:
                self._kill_at = min(self._kill_at, time.monotonic() + _END_WITHIN)
                for worker in self._workers:
                    if worker:
                        os.kill(worker.pid, signal.SIGTERM)

    def _end_soon(self) -> None:
        """Act as on SIGTERM; the loop handles it between two steps."""
        self._signals.send(bytes([signal.SIGTERM]))

    def _kill(self) -> None:
        self._kill_at = time.monotonic() + _END_WITHIN
        for number, worker in enumerate(self._workers):
            if worker:
                self._has_killed = True
                log.error("worker %d does not end, and is killed", number)
                os.kill(worker.pid, signal.SIGKILL)

    def _bury(self, pid: int, status: int) -> None:
        """Replace a worker that ended without being told to; the new one finds its sessions in the store."""
        number = next((place for place, worker in enumerate(self._workers) if worker and worker.pid == pid), None)
        worker = None if number is None else self._workers[number]
        if number is None or worker is None:  # the first process of a container inherits orphans
            return
        self._workers[number] = None
        self._unwatch(worker)
        worker.channel.close()
        self._board.write(number, {})
        if self._kill_at < NEVER:
            return
        log.error("worker %d ended by itself: %s", number, _how(os.waitstatus_to_exitcode(status)))
        self._ended += 1
        self._board.write(self._board.front, {"workers_ended": self._ended})
        is_short = time.monotonic() - worker.began < _SHORT_LIFE
        self._short_lives = self._short_lives + 1 if is_short else 0
        if self._short_lives < _MOST_SHORT_LIVES:
            self._start(number, worker.waiting)
        else:
            for connection in worker.waiting:
                connection.close()


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"


def _ended() -> Iterator[tuple[int, int]]:
    """The children that have ended, as one signal may stand for several."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status


def _end_with_parent(parent: int) -> None:
    """Let Linux kill a worker when its front ends; elsewhere the worker sees the channel closed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


def _listen(host: str, port: int) -> Sequence[socket.socket]:
    """Listen at every address of the host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listeners = []
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        except OSError as error:
            if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:  # localhost may have an unusable address
                continue
            raise
        listener.setblocking(False)
        listeners.append(listener)
    if not listeners:
        raise OSError(errno.EADDRNOTAVAIL, "no such address on this machine")
    return listeners
