"""keeper.py: the newest of each key reaches the store, and no trouble of the store reaches whoever puts."""

import logging
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.checkpoint_writer import Figures, Keeper
from app.storage.store import Checkpoint, SqliteStore, Unavailable

PATIENCE = 20.0
NEVER = 3600.0  # seconds between rounds, for tests that flush


class Watched:
    """A store in memory that tells what it was given, can be made to fail, and can be made to wait."""

    def __init__(self) -> None:
        self._checkpoints: dict[str, Checkpoint] = {}
        self.batches: list[list[Checkpoint]] = []
        self.deletions: list[list[str]] = []
        self.error: Exception | None = None
        self.name = "here"
        self.entered = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def save(self, checkpoints: Sequence[Checkpoint]) -> None:
        self.entered.set()
        assert self.open.wait(PATIENCE)
        if self.error:
            raise self.error
        self.batches.append(list(checkpoints))
        self._checkpoints |= {checkpoint.key: checkpoint for checkpoint in checkpoints}

    def place(self) -> str:
        return self.name

    def load(self, key: str) -> Checkpoint | None:
        return self._checkpoints.get(key)

    def find(self, digest: str) -> bytes | None:
        contents = [checkpoint.content for checkpoint in self._checkpoints.values()]
        return next((content.data for content in contents if content and content.digest == digest), None)

    def purge(self, older_than: float, most: int) -> None:
        raise AssertionError(older_than, most)

    def close(self) -> None: ...

    def delete(self, keys: Iterable[str]) -> None:
        self.deletions.append(list(keys))
        for key in self.deletions[-1]:
            self._checkpoints.pop(key, None)


@pytest.fixture
def store() -> Watched:
    return Watched()


@pytest.fixture
def keeper(store: Watched) -> Iterator[Keeper]:
    keeper = Keeper(store, every_seconds=NEVER, clock=lambda: 5.0)
    yield keeper
    store.open.set()
    keeper.close()


def payload(store: Watched, key: str) -> bytes | None:
    checkpoint = store.load(key)
    return checkpoint.payload if checkpoint else None


def test_all_that_waits_is_one_batch_with_the_newest_of_each_key(store: Watched, keeper: Keeper) -> None:
    keeper.put("a", b"1")
    keeper.put("b", b"2")
    keeper.put("a", b"3")
    assert keeper.flush()
    assert store.batches == [[Checkpoint("a", b"3", 5.0), Checkpoint("b", b"2", 5.0)]]


def test_rounds_come_by_themselves(store: Watched) -> None:
    with closing(Keeper(store, every_seconds=0.01)) as keeper:
        before = time.time()
        keeper.put("a", b"1")
        assert store.entered.wait(PATIENCE)
        assert keeper.flush()
        saved = store.load("a")
        assert saved
        assert before <= saved.saved_at <= time.time()


def test_a_flush_of_nothing_returns_and_writes_nothing(store: Watched, keeper: Keeper) -> None:
    assert keeper.flush()
    assert store.batches == []


def test_what_is_put_during_a_write_is_written_by_the_next_flush(store: Watched, keeper: Keeper) -> None:
    store.open.clear()
    keeper.put("a", b"1")
    first = threading.Thread(target=keeper.flush)
    first.start()
    assert store.entered.wait(PATIENCE)
    keeper.put("a", b"2")
    assert keeper.load("a") == Checkpoint("a", b"2", 5.0)
    store.open.set()
    assert keeper.flush()
    first.join()
    assert [[one.payload for one in batch] for batch in store.batches] == [[b"1"], [b"2"]]


def test_neither_put_nor_load_of_what_is_put_waits_for_a_slow_store(store: Watched, keeper: Keeper) -> None:
    store.open.clear()
    keeper.put("a", b"1")
    flush = threading.Thread(target=keeper.flush)
    flush.start()
    assert store.entered.wait(PATIENCE)
    assert keeper.load("a") == Checkpoint("a", b"1", 5.0)  # it is being written
    keeper.put("b", b"2")
    keeper.delete("a")
    assert keeper.load("a") is None
    assert keeper.figures.waiting == 2
    store.open.set()
    flush.join()


def test_load_asks_the_store_for_what_does_not_wait(store: Watched, keeper: Keeper) -> None:
    store.save([Checkpoint("a", b"1", 1.0)])
    assert keeper.load("a") == Checkpoint("a", b"1", 1.0)
    assert keeper.load("b") is None


def test_a_deleted_session_does_not_come_back(store: Watched, keeper: Keeper) -> None:
    keeper.put("a", b"1")
    keeper.flush()
    keeper.put("a", b"2")
    keeper.delete("a")
    keeper.flush()
    assert (payload(store, "a"), store.deletions) == (None, [["a"]])
    keeper.delete("a")
    keeper.put("a", b"3")
    keeper.flush()
    assert payload(store, "a") == b"3"


@pytest.mark.parametrize("error", [Unavailable("disk full"), RuntimeError("a bug")])
def test_what_could_not_be_written_is_tried_again(
    error: Exception, store: Watched, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    store.error = error
    for number in range(3):
        keeper.put("a", b"%d" % number)
        keeper.put("b", b"b") if number == 0 else None
        assert not keeper.flush()
    assert keeper.figures.waiting == 2  # the newest of each key, however long it lasts
    store.error = None
    assert keeper.flush()
    assert (payload(store, "a"), payload(store, "b")) == (b"2", b"b")
    told = [(record.levelno, str(error) in record.getMessage()) for record in caplog.records]
    assert told == [(logging.ERROR, True), (logging.WARNING, False)]  # not a line each second


def test_an_older_one_that_failed_does_not_replace_a_newer_one(store: Watched, keeper: Keeper) -> None:
    store.open.clear()
    store.error = Unavailable("no")
    keeper.put("a", b"old")
    flush = threading.Thread(target=keeper.flush)
    flush.start()
    assert store.entered.wait(PATIENCE)
    keeper.put("a", b"new")
    store.open.set()
    flush.join()
    store.error = None
    assert keeper.flush()
    assert payload(store, "a") == b"new"


def test_a_failed_round_is_repeated_without_being_asked(store: Watched) -> None:
    store.error = Unavailable("no")
    with closing(Keeper(store, every_seconds=0.01)) as keeper:
        keeper.put("a", b"1")
        assert store.entered.wait(PATIENCE)
        store.error = None
        deadline = time.monotonic() + PATIENCE
        while not store.batches:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_figures_count(store: Watched, keeper: Keeper) -> None:
    assert keeper.figures == Figures(0, 0, 0, 0.0, is_reachable=True)
    keeper.put("a", b"1")
    keeper.put("b", b"1")
    keeper.delete("c")
    assert keeper.figures == Figures(0, 0, 3, 0.0, is_reachable=True)
    keeper.flush()
    assert (keeper.figures.written, keeper.figures.failed, keeper.figures.waiting) == (2, 0, 0)
    assert keeper.figures.batch_seconds > 0
    store.error = Unavailable("no")
    keeper.put("a", b"2")
    keeper.flush()
    keeper.flush()
    assert (keeper.figures.written, keeper.figures.failed, keeper.figures.waiting) == (2, 2, 1)


def test_closing_writes_what_waits_and_ends_the_thread(store: Watched) -> None:
    before = set(threading.enumerate())
    keeper = Keeper(store, every_seconds=NEVER)
    (thread,) = set(threading.enumerate()) - before
    keeper.put("a", b"1")
    assert keeper.close()
    assert not thread.is_alive()
    assert payload(store, "a") == b"1"
    assert keeper.close()
    assert keeper.flush()


def test_after_the_end_a_late_one_is_lost_with_a_line_in_the_log(
    store: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(store, every_seconds=NEVER)
    keeper.close()
    keeper.put("a", b"1")
    assert "lost" in caplog.text
    assert keeper.flush()
    assert store.batches == []


def test_closing_a_keeper_whose_store_fails_ends_and_says_what_is_lost(
    store: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(store, every_seconds=NEVER)
    store.error = Unavailable("disk full")
    keeper.put("a", b"1")
    assert not keeper.close()
    assert not keeper.flush()
    assert "1 checkpoints could not be written and are lost" in caplog.text


def test_a_flush_during_the_last_round_returns(store: Watched) -> None:
    keeper = Keeper(store, every_seconds=NEVER)
    store.open.clear()
    keeper.put("a", b"1")
    closing_thread = threading.Thread(target=keeper.close)
    closing_thread.start()
    assert store.entered.wait(PATIENCE)
    flush = threading.Thread(target=keeper.flush)
    flush.start()
    store.open.set()
    for thread in (closing_thread, flush):
        thread.join(PATIENCE)
        assert not thread.is_alive()


def work(keeper: Keeper, number: int) -> dict[str, bytes | None]:
    """Do this and that with keys that no other thread has; returns the newest of each."""
    rng = random.Random(number)
    newest: dict[str, bytes | None] = {}
    for step in range(300):
        key, chance = f"{number} {rng.randrange(5)}", rng.random()
        if chance < 0.1:
            assert keeper.flush()
        elif chance < 0.2:
            checkpoint = keeper.load(key)
            assert (checkpoint.payload if checkpoint else None) == newest.get(key)
        elif chance < 0.3:
            newest[key] = None
            keeper.delete(key)
        else:
            newest[key] = b"%d" % step
            keeper.put(key, b"%d" % step)
    return newest


def test_whatever_threads_do_the_file_ends_with_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite3"
    with closing(SqliteStore(path)) as store, ThreadPoolExecutor(6) as threads:
        keeper = Keeper(store, every_seconds=0.001)
        ends = list(threads.map(lambda number: work(keeper, number), range(6)))
        assert keeper.close()
    with closing(SqliteStore(path)) as store:
        for newest in ends:
            for key, expected in newest.items():
                checkpoint = store.load(key)
                assert (checkpoint.payload if checkpoint else None) == expected


def test_a_store_that_has_lost_all_is_noticed_once(
    store: Watched, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """And what is then put is written to the new place."""
    losses: list[str] = []
    keeper.on_loss = lambda: losses.append(store.name)
    keeper.put("a", b"1")
    assert keeper.flush()
    store.name = "there"
    keeper.put("b", b"2")
    assert keeper.flush()
    keeper.look()
    assert losses == ["there"]
    assert len([record for record in caplog.records if "lost its sessions" in record.message]) == 1
