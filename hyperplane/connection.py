"""A session's connection: a thread keeps it, comes back when it is lost, and knows the newest that the server said."""

import ast
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from app.client import Client, Event, Frame, LossHistory, Material
from app.messages import Command, Look
from app.protocol import PROTOCOL, Away, Opened, Rejected, Shared, Show, State, Welcome
from app.training import said_stop
from engine.choices import Refused
from hyperplane.errors import NoPlace, Stopped, Unreachable

_PACE = 1 / 60  # seconds between two frames, as a page draws, unless one is waited for: each costs the server a picture
_LONGEST_WAIT = 5.0  # seconds between two attempts to come back
_OUTDATED, _REPLACED, _NO_HELLO = 4010, 4409, 4400  # close codes, in docs/protocol.md
_TICK = 0.5  # seconds: a wait must end when somebody presses Ctrl-C, on any system


@dataclass(frozen=True)
class Seen:
    """All that is known of a session at one moment."""

    state: State
    frame: Frame
    history: NDArray[Any]  # epoch and losses of the whole run, a row each
    tensors: dict[str, NDArray[Any]]  # the newest of each name in this run, of frames and material


@dataclass
class _Known:
    """What the server has said of the run so far."""

    state: State | None = None
    frame: Frame | None = None
    history: LossHistory = field(default_factory=LossHistory)
    tensors: dict[str, NDArray[Any]] = field(default_factory=dict)

    def take(self, event: Frame | Material) -> None:
        if isinstance(event, Frame) and self.history.merge(event):
            self.frame = event
        self.tensors = {**self.tensors, **event.tensors}


class Connection:
    """All public methods may be called by any thread. Those that wait raise Unreachable when the server is gone for
    longer than `patience` seconds."""

    def __init__(self, address: str, link: str, lab: str, token: str | None, patience: float) -> None:
        self.address = address.rstrip("/")
        tab, _, secret = (token or "").rpartition(".")
        self._tab = tab or secrets.token_hex(8)
        self._socket_address = _socket_address(self.address, self._tab)
        self._client = Client(link, token=secret or None, lab=lab)  # without a page's name it takes a session over
        self._patience = patience
        self._changed = threading.Condition()  # guards all that follows
        self._known = _Known()
        self._socket: ClientConnection | None = None
        self._welcome: Welcome | None = None  # of the first connection
        self._away: Away | None = None
        self._error: Exception | None = None  # nothing can come any more
        self._gone: float | None = time.monotonic()  # since when there is no connection
        self._handled = 0  # the newest command that has been answered
        self._applied = 0  # the newest that was not refused: frames from it on are news
        self._unheard = 0  # the newest command that had been handled when the connection came back
        self._acknowledged = 0.0
        self._awaiting = 0  # threads that wait for a newer frame
        self._rejected: dict[int, Rejected] = {}
        self._shared: dict[int, str] = {}
        self._looks: dict[type[Look], Look] = {}  # the newest of each kind: a new connection has none
        self._repairs: tuple[str, ...] = ()  # of the newest link that could not be taken as it stood
        self._thread = threading.Thread(target=self._live, name=f"hyperplane {self._tab}", daemon=True)

    # -- for the session ----------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Connect, and wait for the first frame. Raises Unreachable, NoPlace."""
        self._thread.start()
        try:
            self.seen()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection. The server keeps the session for a while."""
        with self._changed:
            self._error = self._error or Unreachable("the session was closed, expected one that is open")
            socket = self._socket
            self._changed.notify_all()
        if socket:
            socket.close()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(_LONGEST_WAIT)

    def abandon(self) -> None:
        """Close it from a thread of its own: garbage is collected in any thread, also in the middle of a `send`, whose
        lock `close` would wait for."""
        threading.Thread(target=self.close, daemon=True).start()

    @property
    def token(self) -> str:
        """With the name by which a server of several processes finds the session."""
        return f"{self._tab}.{self._client.token}"

    @property
    def resumed(self) -> str:
        """What the first connection got, as `welcome` says it."""
        return self._welcome.resumed if self._welcome else "none"

    def take_repairs(self) -> tuple[str, ...]:
        """What could not be taken of the newest link, once."""
        with self._changed:
            repairs, self._repairs = self._repairs, ()
        return repairs

    def command(self, command: Command) -> str | None:
        """Have the server do it, and wait for its answer; returns the link of a `share`. Raises Refused."""
        with self._changed:
            seq = self._client.command(command)
            self._send()
            self._wait_until(lambda: self._handled >= seq)
            rejected, link = self._rejected.pop(seq, None), self._shared.pop(seq, None)
            if rejected is None:
                self._applied = seq
        if rejected:
            raise Refused(rejected.field, _value(rejected.came), rejected.expected, rejected.place)
        return link

    def look(self, look: Look) -> None:
        """Have frames bring something, from now on. Looks are not answered, but what comes behind one is."""
        with self._changed:
            self._looks[type(look)] = look
            self._client.look(look)
        self.command(Show())

    def seen(self) -> Seen:
        """The newest moment, no older than the last command."""
        with self._changed:
            return self._fresh()

    def wait(self, happens: Callable[[Seen], bool], timeout: float | None, what: str) -> Seen:
        """The first moment that comes with `happens`. Raises Stopped if nothing trains that could lead there, and
        TimeoutError."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            seen = self._fresh()
        while not happens(seen):
            with self._changed:
                if not seen.state.playing:
                    raise Stopped(f"{what} was waited for, but {_why_nothing_trains(seen)}")
                self._awaiting += 1
                try:
                    seen = self._newer_than(seen, deadline)
                except TimeoutError:
                    raise TimeoutError(
                        f"{what} did not come within {timeout:g} s: epoch {seen.frame.epoch:,}"
                    ) from None
                finally:
                    self._awaiting -= 1
        return seen

    def _newer_than(self, seen: Seen, deadline: float | None) -> Seen:
        """When training ends, the last frame of it counts, which comes after the state that says so."""
        self._wait_until(lambda: self._known.frame not in {None, seen.frame} or self._has_ended(), deadline)
        return self._fresh()

    def _has_ended(self) -> bool:
        return self._known.state is not None and not self._known.state.playing

    def _fresh(self) -> Seen:
        self._wait_until(self._is_fresh)
        known = self._known
        if known.state is None or known.frame is None:
            raise AssertionError("a frame has come")
        return Seen(known.state, known.frame, known.history.samples, known.tensors)

    def _is_fresh(self) -> bool:
        state, frame = self._known.state, self._known.frame
        if state and state.failed:
            raise Stopped("the server made a mistake with this run: reset() it, or open() another experiment")
        return bool(state and frame and frame.applied >= self._applied and _shows_the_end(state, frame))

    def _wait_until(self, happens: Callable[[], bool], deadline: float | None = None) -> None:
        """With the lock held. Raises TimeoutError, or why it can never happen."""
        while not happens():
            if self._error:
                raise self._error
            now = time.monotonic()
            if self._gone is not None and now > self._gone + self._patience:
                raise Unreachable(f"{self.address} has not answered for {self._patience:g} s")
            if deadline is not None and now > deadline:
                raise TimeoutError
            rest = _TICK if deadline is None else min(_TICK, deadline - now)
            self._changed.wait(max(rest, 0.001))

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            failures = 0
            while self._error is None:
                self._visit()
                failures = 0 if self._gone is None else failures + 1
                self._note_loss()
                self._pause(failures)
        except Exception as error:  # whoever waits must not wait for ever
            failure = Unreachable(f"{self.address} sent what this client does not understand: {error}")
            failure.__cause__ = error
            self._fail(failure)

    def _visit(self) -> None:
        """Connect, and stay until the connection ends."""
        try:
            self._converse()
        except ConnectionClosed as closed:
            self._note_end(closed)
        except InvalidStatus as error:
            self._note_failure(f"{self.address} answered {error.response.status_code}, expected a Hyperplane server")
        except (OSError, WebSocketException, TimeoutError) as error:
            self._note_failure(f"there is no Hyperplane server at {self.address}: {error}")

    def _converse(self) -> None:
        """Until the connection ends."""
        host = urlsplit(self.address).hostname or ""
        with connect(
            self._socket_address,
            compression=None,  # pictures hardly shrink, and it costs the server
            max_size=None,
            open_timeout=self._patience,
            close_timeout=1,
            proxy=None if _is_here(host) else True,
        ) as line:
            with self._changed:
                if self._error:
                    return
                self._socket = line
                self._client.opened()
                self._send()
            while True:
                message = _next_message(line, self._until_acknowledgement())
                with self._changed:
                    if message is not None:
                        self._hear(self._client.receive(message))
                    if self._client.unacknowledged and self._until_acknowledgement() == 0:
                        self._client.acknowledge()
                        self._acknowledged = time.monotonic()
                    self._send()
                    self._changed.notify_all()

    def _until_acknowledgement(self) -> float | None:
        """Seconds until the newest frame counts as drawn, so that another one may come; None for no frame."""
        if not self._client.unacknowledged:
            return None
        if self._awaiting or (self._known.frame and self._known.frame.applied < self._applied):
            return 0
        return max(0.0, self._acknowledged + _PACE - time.monotonic())

    def _send(self) -> None:
        """With the lock held, so that texts go out in their order. What is lost the client sends again."""
        if self._socket:
            with suppress(ConnectionClosed, OSError):
                for text in self._client.to_send():
                    self._socket.send(text)

    def _hear(self, event: Event) -> None:
        match event:
            case Welcome():
                self._greet(event)
            case State() | Frame() | Material():
                self._take(event)
            case Rejected():
                self._rejected[event.seq] = event
                self._handled = max(self._handled, event.seq)
            case Shared():
                self._shared[event.seq] = event.link
            case Opened():
                self._repairs = event.repairs
            case Away():
                self._away = event

    def _take(self, event: State | Frame | Material) -> None:
        """Of the run of the newest state; other frames are of one that has ended."""
        if isinstance(event, State):
            if self._known.state is None or event.run != self._known.state.run:
                self._known = _Known()
            self._known.state = event
            self._handled = max(self._handled, event.seq)
            self._note_lost_refusals()
        elif event.run == self._client.run:
            self._known.take(event)

    def _note_lost_refusals(self) -> None:
        """A returning session has handled these commands, and its state is of an earlier one."""
        for seq in range(self._handled + 1, self._unheard + 1):
            lost = "another command: the server refused this one, and lost with the connection was why"
            self._rejected[seq] = Rejected(seq=seq, field="seq", came=str(seq), expected=lost)
        self._handled, self._unheard = max(self._handled, self._unheard), 0

    def _greet(self, welcome: Welcome) -> None:
        if self._welcome and welcome.resumed not in {"live", "checkpoint"}:
            self._error = Unreachable(f"{self.address} has lost this session: connect() again for a new one")
        self._welcome = self._welcome or welcome
        self._unheard = welcome.handled
        self._known, self._gone, self._away = _Known(), None, None
        for look in self._looks.values():
            self._client.look(look)

    def _note_end(self, closed: ConnectionClosed) -> None:
        code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
        if code == _OUTDATED:
            self._fail(
                f"{self.address} speaks another version of the protocol than this client, which speaks {PROTOCOL}: "
                "install the release that the server has"
            )
        elif code == _REPLACED:
            self._fail(f"another client has taken over the session at {self.address}")
        elif code == _NO_HELLO:
            self._fail(f"{self.address} does not understand this client: {reason}")
        else:
            self._note_failure(f"{self.address} ended the connection ({code}) before a session began")

    def _note_failure(self, why: str) -> None:
        """Without a session the first failure is the end; with one the connection may come back."""
        if self._welcome is None and self._away:
            wait = self._away.retry_after
            words = {"full": "is full", "restart": "restarts"}[self._away.reason]
            self._fail(NoPlace(f"{self.address} {words}: try again in {wait:.0f} s", wait))
        elif self._welcome is None:
            self._fail(why)

    def _note_loss(self) -> None:
        with self._changed:
            self._socket = None
            self._client.closed()
            self._gone = time.monotonic() if self._gone is None else self._gone
            self._changed.notify_all()

    def _fail(self, error: str | Exception) -> None:
        with self._changed:
            self._error = self._error or (Unreachable(error) if isinstance(error, str) else error)
            self._changed.notify_all()

    def _pause(self, failures: int) -> None:
        """Before the next attempt: as long as the server said, else longer after each failure."""
        with self._changed:
            away, self._away = self._away, None
            seconds = away.retry_after if away else min(_LONGEST_WAIT, 0.1 * 2**failures)
            self._changed.wait_for(lambda: self._error is not None, seconds)


def _shows_the_end(state: State, frame: Frame) -> bool:
    """Whether a frame is of the moment at which training ended by itself, if it has."""
    if state.divergence:
        return int(frame.about["step"]) == state.divergence.step
    return state.stop is None or frame.epoch >= state.stop.epoch


def _next_message(line: ClientConnection, timeout: float | None) -> str | bytes | None:
    try:
        return line.recv(timeout)
    except TimeoutError:
        return None


def _socket_address(address: str, tab: str) -> str:
    """Raises Refused for what is no address of a server."""
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good:
        raise Refused("address", address, "http://host:port, with the server's path if it has one")
    path = f"{parts.path.rstrip('/')}/live"
    return urlunsplit((parts.scheme.replace("http", "ws"), parts.netloc, path, f"tab={tab}", ""))


def _is_here(host: str) -> bool:
    """Whether it is this machine, to which no proxy leads."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _value(came: str) -> object:
    """What came, of which the server says how Python writes it."""
    try:
        return ast.literal_eval(came)
    except (ValueError, SyntaxError):  # shortened, or no literal
        return came


def _why_nothing_trains(seen: Seen) -> str:
    state, epoch = seen.state, seen.frame.epoch
    if state.divergence:
        return f"training diverged at epoch {epoch:,}: lower the learning rate and reset()"
    if state.stop:
        return f"training {said_stop(state.stop.reason, state.stop.epoch, state.stop.value)}"
    return f"training is paused at epoch {epoch:,}: play() comes first"
