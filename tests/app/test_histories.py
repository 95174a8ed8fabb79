"""Commands, pauses, disconnects, ends and kills of workers and of their store, in any order, drawn by hypothesis.

Two workers in one process, as sessions.py, claims.py, keeper.py and seat.py make them; turns are taken at once instead
of by threads. Pages are clients without a socket. A command is one epoch, so the epoch of a
session is the number of commands that were applied to it.
"""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.client import Client
from app.config import Config
from app.labs import FIRST
from app.links import read_link
from app.messages import Command
from app.protocol import Ack, Hello, Step, Welcome, messages_of
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.sessions.seat import Seat
from app.sessions.session import Session
from app.storage.checkpoint_writer import Keeper
from app.storage.claims import Claims
from app.storage.store import Checkpoint, Unavailable, key_of

LINK = read_link("#v=1&dataset=xor&hidden=2&batch_size=all")
LIMITS = {"neurons": 2, "parameters": 9}  # for a page's controls alone
WORKERS, PAGES = range(2), range(3)


class MemoryStore:
    """What both workers have."""

    def __init__(self) -> None:
        self.records: dict[str, Checkpoint] = {}
        self.name = "first"
        self.is_away = False


class Door:
    """One worker's way to the store, which ends with the worker."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.is_dead = False

    def save(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._ask().update({checkpoint.key: checkpoint for checkpoint in checkpoints})

    def load(self, key: str) -> Checkpoint | None:
        return self._ask().get(key)

    def find(self, digest: str) -> bytes | None:
        raise AssertionError(digest)  # all points are drawn

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._ask().pop(key, None)

    def place(self) -> str:
        self._ask()
        return self._store.name

    def purge(self, older_than: float, most: int) -> None: ...

    def close(self) -> None: ...

    def _ask(self) -> dict[str, Checkpoint]:
        if self._store.is_away or self.is_dead:
            raise Unavailable("away")
        return self._store.records


class MemoryLocks:
    """As siblings.py has them, of one worker."""

    def __init__(self, owners: dict[str, object]) -> None:
        self._owners = owners

    def own(self, key: str) -> bool:
        return self._owners.setdefault(key, self) is self

    def disown(self, key: str) -> None:
        if self._owners.get(key) is self:
            del self._owners[key]

    def end(self) -> None:
        for key in [key for key, owner in self._owners.items() if owner is self]:
            del self._owners[key]


class AtOnce:
    """Turns without threads: whoever is woken has one, and more while it has messages."""

    crowd = 1.0

    def add(self, seat: Seat) -> None: ...

    def remove(self, seat: Seat) -> None: ...

    def wake(self, seat: Seat) -> None:
        seat.take_turn()
        while seat.next_turn() == 0.0:
            seat.take_turn()


class Worker:
    """All of one that matters here."""

    def __init__(self, store: MemoryStore, owners: dict[str, object], keep_seconds: float) -> None:
        self.door, self.locks = Door(store), MemoryLocks(owners)
        self.keeper = Keeper(self.door, every_seconds=0.0)
        claims = Claims(self.locks, self.keeper, 0.0)
        config = Config(pause_seconds=0, keep_seconds=keep_seconds)
        self.sessions = Sessions(config, cast(Scheduler, AtOnce()), self.keeper, claims)
        self.keeper.on_loss = self.sessions.write_anew

    def kill(self) -> None:
        self.door.is_dead = True
        self.keeper.close()
        self.locks.end()

    def end(self) -> None:
        """As server.py does."""
        self.sessions.end()
        self.keeper.look()
        self.sessions.save_all()
        self.keeper.close()
        self.sessions.let_all_go()
        self.locks.end()

    def has(self, token: str) -> bool:
        return token in self.sessions._seats


@dataclass
class Page:
    """What a page remembers, and what it must see."""

    client: Client
    worker: int = 0
    seat: Seat | None = None
    connection: int = 0
    last: str = ""  # the command that it sent last in this session
    handled: int = 0  # the last command that the session must know
    epoch: int = 0  # that the session must have when all is applied

    @property
    def session(self) -> Session:
        assert self.seat
        return self.seat._session


class Histories(RuleBasedStateMachine):
    """A class of three pages and a server of two workers."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.store, self.owners = MemoryStore(), dict[str, object]()
        self.workers = [self.begin(0), self.begin(1)]
        self.pages = [Page(Client(page=f"page {number}", clock=lambda: 0.0)) for number in PAGES]

    def begin(self, number: int) -> Worker:
        """One forgets a session at once when its page has gone, the other keeps it."""
        return Worker(self.store, self.owners, (0.0, 3600.0)[number])

    def teardown(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.settle()
        self.loop.close()

    def settle(self) -> None:
        """Let timers and threads of the event loop end."""

        async def rest() -> None:
            for _ in range(5):
                await asyncio.sleep(0.001)

        self.loop.run_until_complete(rest())

    # -- pages --------------------------------------------------------------------------------------------------------

    @rule(number=st.sampled_from(PAGES), worker=st.sampled_from(WORKERS))
    def come(self, number: int, worker: int) -> None:
        """For the first time, again, or in another tab, which leads to another worker."""
        page = self.pages[number]
        if page.seat:
            self.leave(number)
        client, token = page.client, page.client.token
        was_known = token is not None and self.is_known(token)
        client.opened()
        [text] = client.to_send()
        hello = messages_of(FIRST).validate_json(text)
        assert isinstance(hello, Hello)
        place = self.loop.run_until_complete(self.workers[worker].sessions.place(hello.token, hello.page, LINK))
        seat = place.seat
        page.worker, page.seat, page.connection = worker, seat, seat.connect(lambda: None)
        seat.page = hello.page
        welcome = Welcome(token=seat.token, resumed=place.resumed, age=place.age, handled=seat.handled, limits=LIMITS)
        self.wake(page)
        if place.resumed in {"live", "checkpoint"}:
            assert seat.token == token
        else:
            assert seat.token != token
            assert place.resumed == "copy" or not was_known
            assert page.session.trainer.epoch <= (page.epoch if place.resumed == "copy" else 0)
            page.last, page.handled, page.epoch = "", welcome.handled, page.session.trainer.epoch
        client.receive(welcome.model_dump_json())
        self.post(page, client.to_send())

    def is_known(self, token: str) -> bool:
        """Whether no page may be told that its session is lost."""
        return not self.store.is_away and key_of(token) in self.store.records

    @rule(number=st.sampled_from(PAGES))
    def leave(self, number: int) -> None:
        page = self.pages[number]
        if page.seat:
            self.loop.call_soon(self.workers[page.worker].sessions.leave, page.seat, page.connection)
            self.lose_line(page)
            self.settle()

    def lose_line(self, page: Page) -> None:
        page.seat = None
        page.client.closed()

    @rule(number=st.sampled_from(PAGES), count=st.integers(1, 3), arrives=st.booleans())
    def click(self, number: int, count: int, arrives: bool) -> None:
        """What does not arrive is lost with its connection."""
        page = self.pages[number]
        if not page.seat:
            return
        for _ in range(count):
            page.handled = page.client.command(Step())
            page.epoch += 1
            texts = page.client.to_send()
            page.last = texts[-1]
            self.post(page, texts if arrives else [])
        if not arrives:
            self.leave(number)

    @rule(number=st.sampled_from(PAGES))
    def send_again(self, number: int) -> None:
        """A page that did not hear an answer."""
        page = self.pages[number]
        if page.seat and page.last:
            self.post(page, [page.last])

    def post(self, page: Page, texts: Sequence[str]) -> None:
        assert page.seat
        for text in texts:
            message = messages_of(FIRST).validate_json(text)
            assert isinstance(message, Command | Ack)
            page.seat.post(message)
            self.wake(page)
        for sent in page.seat.take():
            page.client.receive(sent)
        page.client.acknowledge()
        if acknowledgement := page.client.to_send():
            self.post(page, acknowledgement)

    def wake(self, page: Page) -> None:
        assert page.seat
        self.workers[page.worker].sessions.wake(page.seat)

    # -- workers and store --------------------------------------------------------------------------------------------

    @rule(number=st.sampled_from(WORKERS), is_told=st.booleans())
    def restart(self, number: int, is_told: bool) -> None:
        worker = self.workers[number]
        worker.end() if is_told else worker.kill()
        for page in self.pages:
            if page.worker == number and page.seat:
                self.lose_line(page)
        self.workers[number] = self.begin(number)

    @rule()
    def write(self) -> None:
        """Some time passes."""
        for worker in self.workers:
            worker.keeper.flush()

    @rule(is_away=st.booleans())
    def cut(self, is_away: bool) -> None:
        self.store.is_away = is_away

    @precondition(lambda self: not self.store.is_away)
    @rule()
    def lose(self) -> None:
        self.store.records.clear()
        self.store.name = secrets.token_hex(4)

    # -- what must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def each_command_is_applied_once(self) -> None:
        for page in self.pages:
            if page.seat:
                assert (page.session.trainer.epoch, page.seat.handled) == (page.epoch, page.handled), page

    @invariant()
    def one_token_has_one_live_session(self) -> None:
        for page in self.pages:
            if token := page.client.token:
                assert sum(worker.has(token) for worker in self.workers) <= 1, page


TestHistories = Histories.TestCase
TestHistories.settings = hypothesis_settings(max_examples=30, stateful_step_count=30, deadline=None)
