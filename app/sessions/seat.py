"""A session's place on the server: passes messages between the event loop and the scheduler's threads."""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from app.labs.contract import Lab
from app.messages import Command, Look
from app.protocol import Ack, Part, Rejected
from app.sessions.session import NEVER, Session
from app.sessions.tally import Tally
from app.storage.checkpoint import pack
from app.storage.store import Content, key_of

log = logging.getLogger(__name__)

Notify = Callable[[], None]  # called in any thread when there is something to take
Keep = Callable[[str, bytes, Content | None], None]  # takes the key of a session, its checkpoint, and what that names

_INBOX_SECONDS = 0.004  # of each turn for commands, so that a page that sends many does not hold up the others
_SAVE_SECONDS = 2.0  # a killed server loses at most so much training; the page sends its commands again


class Seat:
    """The event loop leaves messages here, takes what is to be sent, and never waits for a turn to end.

    A thread of the scheduler calls `take_turn` and `next_turn`; only these touch the session.
    """

    def __init__(self, session: Session, token: str | None = None, keep: Keep | None = None) -> None:
        self.token = token or secrets.token_urlsafe(32)
        self.connection = 0  # grows with every connection: an older one cannot touch the session any more
        self.page = ""  # which page is connected, "" for none
        self.left = 0.0  # when its page left, by time.monotonic
        self.is_dismissed = False  # another server has the session
        self._keep = keep
        self._saved = -NEVER  # the first change is written at once
        self._session = session
        self._inbox: deque[Callable[[], None]] = deque()
        self._taken_back = 0  # messages of connections up to this one are dropped: their page sends them again
        self._mail = threading.Lock()  # guards the attributes below, for moments only
        self._answers: list[str | bytes] = []
        self._frame: bytes | None = None
        self._has_given = True  # whether all answers were taken
        self._notify: Notify | None = None

    # -- the event loop's side ----------------------------------------------------------------------------------------

    def connect(self, notify: Notify) -> int:
        """Connect a page and return the connection's number. The page before it is notified, so that it can leave."""
        self.connection += 1
        if self._notify:
            self._notify()
        self._inbox.append(lambda: self._attach(notify))
        return self.connection

    def tell(self, message: str) -> None:
        """Send a message that does not come from the session."""
        with self._mail:
            self._answers.append(message)
            notify = self._notify
        if notify:
            notify()

    def dismiss(self) -> None:
        """Have the page leave and reconnect."""
        self.is_dismissed = True
        self.connection += 1
        if self._notify:
            self._notify()

    def rest(self) -> None:
        """No page is connected: stop training until one comes back and sends unanswered commands again."""
        self._taken_back = self.connection
        self._inbox.append(self._session.detach)

    def ask(self, act: Callable[[Session], None]) -> None:
        """Call `act` with the session in its next turn."""
        self._inbox.append(lambda: act(self._session))

    def save(self) -> None:
        """Write a checkpoint. Called in a turn, before the first page, or after the scheduler has stopped."""
        if self._keep:
            frozen = self._session.freeze()
            self._keep(self.key, pack(frozen), frozen.content)
        self._session.is_unsaved = False
        self._saved = time.monotonic()

    def save_again(self) -> None:
        """Have the session saved anew, because the store has lost it."""
        self._session.is_unsaved = True

    @property
    def key(self) -> str:
        """The key of its checkpoints."""
        return key_of(self.token)

    @property
    def name(self) -> str:
        """Its name in the log."""
        return self.key[:8]

    @property
    def lab(self) -> Lab:
        """The lab of its session, which never changes."""
        return self._session.lab

    @property
    def is_saved(self) -> bool:
        """Whether nothing is lost if it leaves memory."""
        return self._keep is None or not self._session.is_unsaved

    @property
    def tally(self) -> Tally:
        """What its session has done so far."""
        return self._session.tally

    @property
    def handled(self) -> int:
        """Number of the last command of the session."""
        return self._session.handled

    def post(self, message: Command | Ack | Look | Part | Rejected) -> int:
        """Leave a message for the next turn; returns how many messages wait, answers that are not taken included."""
        connection = self.connection

        def receive() -> None:
            if connection > self._taken_back:
                self._session.receive(message)

        self._inbox.append(receive)
        return len(self._inbox) + len(self._answers)

    def take(self) -> list[str | bytes]:
        """Take what is to be sent now: answers in their order, then the newest frame."""
        with self._mail:
            messages = self._answers + ([self._frame] if self._frame else [])
            self._answers, self._frame = [], None
            self._has_given = True
            return messages

    # -- the scheduler's side -----------------------------------------------------------------------------------------

    def take_turn(self) -> None:
        """Take a turn. A programming error ends the training, not the session: the page is told and can go on."""
        try:
            self._take_turn()
        except Exception:
            log.exception("a session failed", extra={"session": self.name})
            self._session.fail()
            self._put_out()

    def _take_turn(self) -> None:
        end = time.monotonic() + _INBOX_SECONDS
        self._session.has_file = self._session.has_file and not self._has_given
        if self._session.is_busy:
            self._session.go_on()
        while self._inbox and not self._session.is_busy and time.monotonic() < end:
            self._inbox.popleft()()
        self._session.advance()
        self._put_out()
        if time.monotonic() >= self._save_due:
            self.save()

    def next_turn(self) -> float:
        if self._inbox or self._session.is_busy:
            return 0.0
        return min(self._session.next_turn(), self._save_due)

    @property
    def _save_due(self) -> float:
        return self._saved + _SAVE_SECONDS if self._keep and self._session.is_unsaved else NEVER

    def _attach(self, notify: Notify) -> None:
        with self._mail:
            self._answers, self._frame = [], None  # they were meant for a page that has left
            self._notify = notify
        self._session.attach()

    def _put_out(self) -> None:
        session = self._session
        if not (session.outbox or session.picture):
            return
        answers = [answer if isinstance(answer, bytes) else answer.model_dump_json() for answer in session.outbox]
        with self._mail:
            self._answers += answers
            self._has_given = False
            self._frame = session.picture or self._frame
            notify = self._notify
        session.outbox.clear()
        session.picture = None
        if notify:
            notify()
