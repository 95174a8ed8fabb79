"""A session's place on the server: what passes between the event loop and the engine's threads."""

import secrets
import threading
from collections import deque
from collections.abc import Callable

from app.protocol import Ack, Command, Rejected
from app.session import Session

Notify = Callable[[], None]  # called in any thread when there is something to take


class Seat:
    """The event loop leaves messages and takes what is to be sent, and never waits for a turn to end.

    A thread of the scheduler calls `take_turn` and `next_turn`; all that touches the session happens there.
    """

    def __init__(self, session: Session) -> None:
        self.token = secrets.token_urlsafe(32)
        self.connection = 0  # grows with every connection: an older one cannot touch the session any more
        self._session = session
        self._inbox: deque[Callable[[], None]] = deque()
        self._mail = threading.Lock()  # guards what follows, for moments only
        self._answers: list[str | bytes] = []
        self._frame: bytes | None = None
        self._notify: Notify | None = None

    # -- the event loop's side ----------------------------------------------------------------------------------------

    def connect(self, notify: Notify) -> int:
        """A page is there, the newest counts. Returns its number; a page before it is called, so that it can go."""
        self.connection += 1
        if self._notify:
            self._notify()
        self._inbox.append(lambda: self._attach(notify))
        return self.connection

    def rest(self) -> None:
        """Nobody is there any more: stop training until a page comes back."""
        self._inbox.append(self._session.detach)

    def post(self, message: Command | Ack | Rejected) -> int:
        """Leave a message for the next turn; returns how many wait."""
        self._inbox.append(lambda: self._session.receive(message))
        return len(self._inbox)

    def take(self) -> list[str | bytes]:
        """What is to be sent now: answers in their order, then the newest frame."""
        with self._mail:
            messages = self._answers + ([self._frame] if self._frame else [])
            self._answers, self._frame = [], None
            return messages

    # -- the scheduler's side -----------------------------------------------------------------------------------------

    def take_turn(self) -> None:
        while self._inbox:
            self._inbox.popleft()()
        self._session.advance()
        self._put_out()

    def next_turn(self) -> float:
        return 0.0 if self._inbox else self._session.next_turn()

    def _attach(self, notify: Notify) -> None:
        with self._mail:
            self._answers, self._frame = [], None  # meant for a page that is gone
            self._notify = notify
        self._session.attach()

    def _put_out(self) -> None:
        session = self._session
        if not (session.outbox or session.picture):
            return
        answers = [answer if isinstance(answer, bytes) else answer.model_dump_json() for answer in session.outbox]
        with self._mail:
            self._answers += answers
            self._frame = session.picture or self._frame
            notify = self._notify
        session.outbox.clear()
        session.picture = None
        if notify:
            notify()
