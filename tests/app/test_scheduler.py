"""scheduler.py: fair turns, one at a time for each task. Tests wait for events, never for a time to pass."""

import threading
import time
from collections.abc import Iterator

import pytest

from app.sessions.scheduler import Scheduler, Task

PATIENCE = 20.0


class Working(Task):
    """Takes a number of turns of some milliseconds each."""

    def __init__(self, turns: int, seconds: float = 0.0, log: list[str] | None = None, name: str = "") -> None:
        self.left = turns
        self.seconds = seconds
        self.log = log if log is not None else []
        self.name = name
        self.inside = 0
        self.most_inside = 0
        self.finished = threading.Event()

    def next_turn(self) -> float:
        return 0.0 if self.left else float("inf")

    def take_turn(self) -> None:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        end = time.thread_time() + self.seconds
        while time.thread_time() < end:
            pass
        self.log.append(self.name)
        self.left = max(0, self.left - 1)
        self.inside -= 1
        if not self.left:
            self.finished.set()


@pytest.fixture
def one_thread() -> Iterator[Scheduler]:
    scheduler = Scheduler(1)
    yield scheduler
    scheduler.stop()


def test_a_task_sleeps_until_it_is_woken(one_thread: Scheduler) -> None:
    asleep, awake = Working(1), Working(1)
    one_thread.add(asleep)
    one_thread.add(awake)
    one_thread.start()
    one_thread.wake(awake)
    assert awake.finished.wait(PATIENCE)
    assert asleep.log == []
    one_thread.wake(asleep)
    assert asleep.finished.wait(PATIENCE)


def test_who_has_had_least_goes_next(one_thread: Scheduler) -> None:
    log: list[str] = []
    light = Working(30, 0.001, log, "light")
    heavy = Working(10, 0.010, log, "heavy")
    for task in (heavy, light):
        one_thread.add(task)
        one_thread.wake(task)
    one_thread.start()
    assert light.finished.wait(PATIENCE)
    turns = log[: log.index("light") + 30]
    # Ten turns of the light one cost what one of the heavy one costs.
    assert turns.count("heavy") <= 6
    assert heavy.finished.wait(PATIENCE)


def test_turns_that_are_all_brief_count_alike(one_thread: Scheduler) -> None:
    """What a frame costs beside its turn is the same for all."""
    log: list[str] = []
    tasks = [Working(100, 0.0, log, "nothing"), Working(100, 0.0002, log, "little")]
    for task in tasks:
        one_thread.add(task)
        one_thread.wake(task)
    one_thread.start()
    for task in tasks:
        assert task.finished.wait(PATIENCE)
    assert 40 <= log[:100].count("little") <= 60


def test_a_long_turn_is_not_followed_by_a_far_longer_wait() -> None:
    scheduler, log = Scheduler(1, longest_wait=0.2), list[str]()

    class Heavy(Working):
        def take_turn(self) -> None:
            super().take_turn()
            self.seconds = 0.0

    heavy, others = Heavy(2, 0.1, log, "heavy"), [Working(2000, 0.001, log, "light") for _ in range(10)]
    for task in (heavy, *others):
        scheduler.add(task)
        scheduler.wake(task)
    scheduler.start()
    assert heavy.finished.wait(PATIENCE)
    scheduler.stop()
    first, second = [place for place, name in enumerate(log) if name == "heavy"]
    # A fair wait would be a hundred turns of each of the ten; a fifth of a second has about two hundred in all.
    assert 50 < second - first < 600


def test_who_slept_has_not_saved_up_time(one_thread: Scheduler) -> None:
    log: list[str] = []
    sleeper = Working(20, 0.002, log, "sleeper")

    class Waker(Working):
        def take_turn(self) -> None:
            super().take_turn()
            if self.left == 20:
                one_thread.wake(sleeper)

    worker = Waker(40, 0.002, log, "worker")
    one_thread.add(sleeper)
    one_thread.add(worker)
    one_thread.wake(worker)
    one_thread.start()
    assert sleeper.finished.wait(PATIENCE)
    assert worker.finished.wait(PATIENCE)
    # Twenty turns of sleep must not become twenty turns in a row.
    woken = log[20:]
    assert woken[:20].count("worker") >= 5


def test_a_task_is_never_in_two_threads() -> None:
    scheduler = Scheduler(4)
    tasks = [Working(40, 0.0005) for _ in range(3)]
    for task in tasks:
        scheduler.add(task)
        scheduler.wake(task)
    scheduler.start()
    while not all(task.finished.is_set() for task in tasks):
        for task in tasks:
            scheduler.wake(task)  # also while it runs
        time.sleep(0.001)
    scheduler.stop()
    assert [task.most_inside for task in tasks] == [1, 1, 1]


def test_a_task_that_is_woken_while_it_runs_gets_another_turn(one_thread: Scheduler) -> None:
    running, go_on, again = threading.Event(), threading.Event(), threading.Event()

    class Blocking(Task):
        turns = 0

        def next_turn(self) -> float:
            return float("inf")

        def take_turn(self) -> None:
            self.turns += 1
            if self.turns == 2:
                again.set()
            running.set()
            go_on.wait(PATIENCE)

    task = Blocking()
    one_thread.add(task)
    one_thread.wake(task)
    one_thread.start()
    assert running.wait(PATIENCE)
    one_thread.wake(task)
    go_on.set()
    assert again.wait(PATIENCE)


def test_a_failing_task_does_not_stop_the_others(one_thread: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Task):
        def next_turn(self) -> float:
            return 0.0

        def take_turn(self) -> None:
            raise RuntimeError("broken on purpose")

    failing, working = Failing(), Working(3)
    for task in (failing, working):
        one_thread.add(task)
        one_thread.wake(task)
    one_thread.start()
    assert working.finished.wait(PATIENCE)
    assert "broken on purpose" in caplog.text


def test_a_later_turn_comes_when_it_is_due_and_a_removed_task_gets_none(one_thread: Scheduler) -> None:
    class Later(Working):
        def next_turn(self) -> float:
            return time.monotonic() + 0.01 if self.left else float("inf")

    later, removed = Later(3), Later(1000)
    for task in (later, removed):
        one_thread.add(task)
        one_thread.wake(task)
    one_thread.start()
    assert later.finished.wait(PATIENCE)
    one_thread.remove(removed)
    one_thread.wake(removed)
    taken = len(removed.log)
    assert Working(1).finished.wait(0.05) is False
    assert len(removed.log) <= taken + 1


def test_a_newcomer_starts_where_the_others_are(one_thread: Scheduler) -> None:
    log: list[str] = []
    old = Working(20, 0.003, log, "old")
    one_thread.add(old)
    one_thread.wake(old)
    one_thread.start()
    while old.left > 10:
        time.sleep(0.001)
    new = Working(10, 0.003, log, "new")
    one_thread.add(new)
    one_thread.wake(new)
    assert new.finished.wait(PATIENCE)
    since = log[log.index("new") :]
    assert since[:8].count("old") >= 2  # it did not have to make up for what it had before


def test_a_crowd_are_those_that_want_turns_for_each_thread() -> None:
    scheduler = Scheduler(2)  # not started: what is queued stays queued
    assert scheduler.crowd == 0
    tasks = [Sleeper() for _ in range(10)]
    for task in tasks:
        scheduler.add(task)
    for task in tasks[:6]:
        scheduler.wake(task)
    deadline = time.monotonic() + 5
    while scheduler.crowd != 3:  # it is counted ten times a second
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Sleeper:
    """Wants no turn by itself."""

    def next_turn(self) -> float:
        return float("inf")

    def take_turn(self) -> None: ...


class Patient(Working):
    """Wants its next turn in more years than a thread can wait for."""

    def next_turn(self) -> float:
        return 1e300


def test_a_turn_in_the_far_future_ends_no_thread(one_thread: Scheduler) -> None:
    patient, other = Patient(1), Working(1)
    one_thread.add(patient)
    one_thread.add(other)
    one_thread.start()
    one_thread.wake(patient)
    assert patient.finished.wait(PATIENCE)
    one_thread.wake(other)
    assert other.finished.wait(PATIENCE)
