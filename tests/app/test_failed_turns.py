"""seat.py, session.py: a turn that raises ends training of one network, and its page can go on."""

import json
import logging
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.labs.plane.edits import AddNeuron, SetParameter
from app.links import read_link
from app.messages import Command
from app.protocol import OpenLink, Pause, Play, Reset, Step
from app.sessions.scheduler import Scheduler
from app.sessions.seat import Keep, Seat
from app.sessions.session import NEVER, Session
from app.storage.checkpoint import unpack
from engine.runs.stopping import Stop
from tests.waiting import wait_for


class Broken(Exception):
    """An error of the server's own."""


def raises(*_: Any, **__: Any) -> Any:
    raise Broken("on purpose")


class Visitor:
    """A page at a seat, whose turns the test takes."""

    def __init__(self, keep: Keep | None = None) -> None:
        self.session = Session(read_link("#v=1&dataset=xor"), time.monotonic)
        self.seat = Seat(self.session, keep=keep)
        self.come()

    def come(self) -> None:
        self.seat.connect(lambda: None)

    def do(self, *commands: Command) -> None:
        """Commands, and the turns that they take: on a busy machine the time of one may be over after the first."""
        for command in commands:
            self.seat.post(command)
        self.seat.take_turn()
        while self.seat.next_turn() == 0.0:
            self.seat.take_turn()

    def states(self) -> list[dict[str, Any]]:
        """States and rejections since the last look."""
        return [json.loads(message) for message in self.seat.take() if isinstance(message, str)]


@pytest.fixture
def visitor(caplog: pytest.LogCaptureFixture) -> Iterator[Visitor]:
    visitor = Visitor()
    visitor.do(Step(seq=1))
    assert visitor.states()[-1]["failed"] is False
    yield visitor
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.message for record in errors] == ["a session failed"]
    assert errors[0].exc_info is not None


def break_training(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("train", "train_for"):
        monkeypatch.setattr(visitor.session.trainer, name, raises)


def test_it_stops_and_says_so_and_sleeps(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    break_training(visitor, monkeypatch)
    visitor.do(Step(seq=2))
    told = visitor.states()[-1]
    assert (told["failed"], told["playing"], told["seq"]) == (True, False, 2)
    assert visitor.seat.next_turn() == NEVER


def test_a_command_that_comes_in_the_same_turn_is_answered(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    break_training(visitor, monkeypatch)
    visitor.do(Step(seq=2), Play(seq=3))
    told = visitor.states()
    assert [each["type"] for each in told] == ["state", "rejected"]
    assert told[-1]["seq"] == 3


@pytest.mark.parametrize(
    "command", [Play(seq=3), Step(seq=3), AddNeuron(seq=3, layer=1), SetParameter(seq=3, index=0, value=1)]
)
def test_what_needs_the_network_is_refused(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    break_training(visitor, monkeypatch)
    visitor.do(Step(seq=2))
    visitor.states()
    visitor.do(command)
    told = visitor.states()[-1]
    assert (told["type"], told["seq"]) == ("rejected", 3)
    assert "reset" in told["expected"].lower()


@pytest.mark.parametrize("command", [Reset(seq=3), OpenLink(seq=3, link="#v=1&dataset=xor")])
def test_a_reset_or_another_experiment_goes_on(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    break_training(visitor, monkeypatch)
    visitor.do(Step(seq=2))
    run = visitor.states()[-1]["run"]
    visitor.do(command)
    told = visitor.states()[-1]
    assert (told["failed"], told["seq"]) == (False, 3)
    assert told["run"] > run
    visitor.do(Step(seq=4))
    assert visitor.states()[-1]["failed"] is False
    assert visitor.session.trainer.epoch == 1


def test_a_page_that_comes_back_is_told(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    break_training(visitor, monkeypatch)
    visitor.do(Step(seq=2))
    visitor.come()
    visitor.do(Pause(seq=3))
    told = visitor.states()
    assert [each["failed"] for each in told] == [True, True]
    assert visitor.seat.is_saved


def test_a_state_that_cannot_be_said_is_left_behind(visitor: Visitor) -> None:
    """An infinite value in the state itself made every reconnection fail."""
    visitor.session.trainer.stop = Stop("plateau", 1, math.inf)
    visitor.come()
    visitor.do(Pause(seq=2))
    told = visitor.states()[-1]
    assert (told["failed"], told["playing"], told["stop"]) == (True, False, None)


def test_a_frame_that_cannot_be_made_does_not_come_again(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.screen.frame_message", raises)
    visitor.do(Step(seq=2))
    time.sleep(0.02)  # until the next frame is due
    visitor.seat.take_turn()
    assert visitor.states()[-1]["failed"] is True
    assert visitor.seat.next_turn() == NEVER


def test_a_network_that_failed_is_not_saved_over_the_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[bytes] = []
    other = Visitor(lambda _, payload, __: saved.append(payload))
    other.do(Step(seq=1))
    assert unpack(saved[-1]).moment.place.epoch == 1
    break_training(other, monkeypatch)
    count = len(saved)
    other.do(Step(seq=2))
    assert other.seat.is_saved
    assert len(saved) == count
    other.seat._saved = -NEVER  # the pause between two checkpoints is over
    other.do(Reset(seq=3))
    assert unpack(saved[-1]).moment.place.epoch == 0


def test_the_other_sessions_go_on(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Visitor()
    other.states()
    scheduler = Scheduler(1)
    for each in (visitor, other):
        scheduler.add(each.seat)
    break_training(visitor, monkeypatch)
    scheduler.start()
    for each in (visitor, other):
        each.seat.post(Play(seq=2))
        scheduler.wake(each.seat)
    wait_for("both had turns", lambda: other.session.trainer.epoch > 3 and visitor.session.failed)
    assert scheduler._threads[0].is_alive()
    scheduler.stop()
