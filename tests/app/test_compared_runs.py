"""What runs that are compared ask of the server: to play until an epoch, copies of a session, other seeds."""

import asyncio
import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.config import Config
from app.labs import LABS
from app.links import read_link
from app.protocol import MOST_SEEDS, Change, Pause, Play, Rejected, Seeded, State, Step, TrySeeds
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.sessions.session import NEVER, Session
from tests.app.test_session import Clock, make_session, take_frame, tell
from tests.waiting import until

XOR = "#v=1&dataset=xor&hidden=3"


def opened(link: str) -> tuple[Session, Clock]:
    clock = Clock()
    session = Session(read_link(link), clock)
    session.attach()
    session.outbox.clear()
    return session, clock


def play_on(session: Session, clock: Clock) -> list[Any]:
    """Turns until there is nothing to do before another command comes; what was said meanwhile."""
    said: list[Any] = []
    session.outbox.clear()
    for _ in range(100_000):
        due = session.next_turn()
        if due == NEVER:
            return said
        clock.now = max(clock.now + 0.001, due)
        session.advance()
        said += session.outbox
        session.outbox.clear()
        if session.picture:
            session.picture = None
            session._screen._stream.open()  # as if the page had drawn it
            if not session.playing and session.next_turn() > 0:
                return said
    pytest.fail("it goes on and on")


def test_training_pauses_after_the_epoch_that_was_told_and_says_so() -> None:
    session, clock = make_session()
    assert isinstance(tell(session, Play(seq=1, until=40)), State)
    said = play_on(session, clock)
    assert session.trainer.epoch == 40
    assert session.trainer.step_in_epoch == 0
    assert [state.playing for state in said if isinstance(state, State)] == [False]


def test_a_later_end_told_in_time_leads_on_without_a_stop() -> None:
    session, clock = make_session()
    tell(session, Play(seq=1, until=40))
    tell(session, Play(seq=2, until=90))
    said = play_on(session, clock)
    assert session.trainer.epoch == 90
    assert len(said) == 1
    plain, clock = make_session()
    plain.trainer.train(90)
    assert_array_equal(plain.trainer.parameters, session.trainer.parameters)


def test_an_end_that_is_past_starts_nothing_and_pause_and_play_forget_it() -> None:
    session, clock = make_session()
    tell(session, Play(seq=1, until=20))
    play_on(session, clock)
    answer = tell(session, Play(seq=2, until=20))
    assert isinstance(answer, State)
    assert not answer.playing
    tell(session, Play(seq=3, until=25))
    tell(session, Pause(seq=4))
    tell(session, Play(seq=5))
    while session.trainer.epoch < 60:
        take_frame(session, clock)
        session._screen._stream.open()
    assert session.playing


def seeds_of(session: Session, clock: Clock, seeds: tuple[str, ...], epochs: int) -> dict[str, Seeded]:
    tell(session, TrySeeds(seq=9, seeds=seeds, epochs=epochs))
    return {said.seed: said for said in play_on(session, clock) if isinstance(said, Seeded) and said.done}


@pytest.mark.parametrize(
    ("link", "epochs"),
    [
        (f"{XOR}&learning_rate=0.3&batch_size=5&dropout=0.2", 300),
        (f"{XOR}&method=adam&order=shuffle&noise=20", 130),
        ("#v=1&dataset=reg-plane&hidden=4&activation=relu", 20),
        ("#lab=descent&v=1&problem=line", 30),
    ],
)
def test_a_seed_has_the_losses_of_a_run_with_that_seed(link: str, epochs: int) -> None:
    """The oracle is a session of that seed, which has trained in one go."""
    session, clock = opened(link)
    found = seeds_of(session, clock, ("1", "7"), epochs)
    assert list(found) == ["1", "7"]
    for seed, said in found.items():
        page, _ = opened(f"{link}&seed={seed}")
        page.trainer.train(epochs)
        samples = page.trainer.history.samples.tolist()
        if samples[-1][0] != epochs:
            samples.append([epochs, *page.trainer.losses()])
        assert said.epoch == epochs
        assert [list(row) for row in said.history] == [
            [None if math.isnan(value) else value for value in row] for row in samples
        ]
        metrics: dict[str, Any] = dict(page.lab.engine.metrics(page.trainer))
        assert said.metrics == {name: None if math.isnan(value) else value for name, value in metrics.items()}


def test_seeds_leave_the_run_as_it_is_and_say_how_far_they_are() -> None:
    session, clock = opened(XOR)
    tell(session, Step(seq=1))
    before = session.trainer.parameters.copy()
    tell(session, TrySeeds(seq=2, seeds=("1", "2", "3"), epochs=20_000))
    said = [each for each in play_on(session, clock) if isinstance(each, Seeded)]
    assert_array_equal(session.trainer.parameters, before)
    assert session.trainer.epoch == 1
    under_way = [each for each in said if not each.done]
    assert under_way
    assert all(0 < each.epoch < 20_000 and each.seq == 2 for each in under_way)


def test_seeds_that_diverge_are_told_and_other_ones_go_on() -> None:
    session, clock = opened(f"{XOR}&activation=relu&learning_rate=1000&loss=squared-error&dataset=reg-plane")
    found = seeds_of(session, clock, ("1", "2"), 50)
    assert [said.diverged for said in found.values()] == [True, True]


def test_seeds_are_bounded_and_can_be_stopped() -> None:
    session, clock = opened(XOR)
    many = tuple(map(str, range(MOST_SEEDS + 1)))
    assert isinstance(tell(session, TrySeeds(seq=1, seeds=many, epochs=5)), Rejected)
    assert isinstance(tell(session, TrySeeds(seq=2, seeds=("x" * 65,), epochs=5)), Rejected)
    tell(session, TrySeeds(seq=3, seeds=("1", "2"), epochs=100_000))
    assert session.next_turn() == 0
    tell(session, TrySeeds(seq=4, seeds=(), epochs=1))
    take_frame(session, clock)
    assert session.next_turn() > 0
    tell(session, TrySeeds(seq=5, seeds=("1",), epochs=100_000))
    session.attach()  # another page knows nothing of them
    take_frame(session, clock)
    assert session.next_turn() > 0


def test_a_change_meanwhile_is_not_one_of_the_seeds() -> None:
    session, clock = opened(XOR)
    tell(session, TrySeeds(seq=1, seeds=("1",), epochs=30))
    tell(session, Change(seq=2, settings={"learning_rate": 0.9}))
    (said,) = [each for each in play_on(session, clock) if isinstance(each, Seeded) and each.done]
    page, _ = opened(f"{XOR}&seed=1")
    page.trainer.train(30)
    assert said.history[-1] == tuple(page.trainer.history.samples[-1])


def test_a_copy_has_every_bit_of_a_session_that_stays() -> None:
    async def run() -> None:
        scheduler = Scheduler(1)
        sessions = Sessions(Config(), scheduler)
        scheduler.start()
        link = read_link(f"{XOR}&method=adam")
        first = (await sessions.place(None, "a page", link)).seat
        first.connect(lambda: None)
        first.page = "a page"
        first.post(Step(seq=1))
        scheduler.wake(first)
        await until("the step", lambda: first.handled == 1)
        copies = [await sessions.copy(first.token, link) for _ in range(2)]
        assert [copy.resumed for copy in copies] == ["copy", "copy"]
        assert len({first.token, *(copy.seat.token for copy in copies)}) == 3
        other = await sessions.copy(first.token, read_link("#lab=descent&v=1"))
        assert other.resumed == "none"
        assert (await sessions.copy("nobody's", link)).resumed == "none"
        assert (await sessions.place(first.token, "a page", link)).resumed == "live"
        scheduler.stop()
        runs = [seat._session.trainer for seat in (first, *(copy.seat for copy in copies))]
        assert [each.epoch for each in runs] == [1, 1, 1]
        for each in runs[1:]:
            each.train(20)
        runs[0].train(20)
        assert_array_equal(runs[1].parameters, runs[0].parameters)
        assert_array_equal(runs[2].parameters, runs[0].parameters)

    asyncio.run(run())


@pytest.mark.parametrize("lab", LABS)
def test_every_lab_has_what_the_page_that_compares_needs(lab: str) -> None:
    """A frame's losses are numbers of the history's columns, by which seeds are drawn."""
    session, clock = opened(f"#lab={lab}&v=1" if lab != next(iter(LABS)) else "#v=1")
    take_frame(session, clock)
    found = seeds_of(session, clock, ("3",), 1)
    assert len(found["3"].history[-1]) == 1 + len(LABS[lab].losses)
    assert np.isfinite([value for value in found["3"].history[-1] if value is not None]).all()
