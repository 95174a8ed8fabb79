"""Undo, redo and the timeline of a session: everything a visitor does can be taken back, bit for bit."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load

from app.client import metadata
from app.labs import LABS
from app.labs.digits.edits import SetUnitsWeight, SwitchUnit
from app.labs.plane.edits import AddLayer, AddNeuron, NewWeights, RegenerateData, RemoveNeuron, SetParameter
from app.labs.plane.point_edits import AddPoints, ErasePoints, LearnFormula
from app.links import read_link, write_link
from app.messages import Command
from app.protocol import Ack, Change, GoTo, OpenLink, Pause, Play, Redo, Rejected, Reset, Show, State, Step, Undo
from app.sessions.session import Session
from app.sessions.undo import BUDGET, MOST
from app.storage.checkpoint import pack, unpack
from engine.runs import moment as moments_of
from engine.runs.moment import Moment
from tests.app.test_session import Clock, make_session, take_frame, tell


def session_of(lab: str) -> tuple[Session, Clock]:
    clock = Clock()
    session = Session(read_link(write_link(LABS[lab].experiment())), clock)
    session.attach()
    return session, clock


def state(session: Session, command: Command) -> State:
    """The answer, also of a command that takes several turns."""
    session.outbox.clear()
    session.receive(command)
    while session.is_busy:
        session.go_on()
    answer = session.outbox[0]
    assert isinstance(answer, State), answer
    return answer


def same_bits(one: Moment, other: Moment) -> bool:
    tensors = other.state.tensors
    return (
        (one.settings, one.given, one.place, one.state.counts)
        == (other.settings, other.given, other.place, other.state.counts)
        and all(each.tobytes() == tensors[name].tobytes() for name, each in one.state.tensors.items())
        and np.array_equal(one.history.samples[: one.samples], other.history.samples[: other.samples], equal_nan=True)
    )


def train(session: Session, clock: Clock, epochs: int) -> None:
    state(session, Play())
    last = session.trainer.epoch + epochs
    while session.trainer.epoch < last:
        clock.now += 1.0
        session.advance()
        session.picture = None
        session.receive(Ack(frame=MOST_FRAMES))  # a page that draws nothing for long sleeps
    state(session, Pause())


MOST_FRAMES = 10**6
CHANGES: list[Command] = [
    Step(),
    Step(unit="batch"),
    Reset(),
    NewWeights(),
    RegenerateData(),
    AddLayer(layer=1),
    AddNeuron(layer=1),
    RemoveNeuron(layer=1),
    SetParameter(index=0, value=1.5),
    Change(settings={"learning_rate": 0.1}),
    Change(settings={"dataset": "spiral"}),
    Change(settings={"batch_size": 7, "method": "adam"}),
    Change(settings={"activation": "relu"}),
    AddPoints(points=((1.0, 2.0, 0), (-1.5, 3.0, 1))),
    ErasePoints(path=((0.0, 0.0), (2.0, 2.0)), radius=1.0),
    LearnFormula(text="y > sin(x)", count=40),
    OpenLink(link="#v=1&dataset=gauss&hidden=2,2&show_test=true"),
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(range(len(CHANGES))), min_size=1, max_size=12))
def test_a_walk_and_as_many_ways_back_end_where_they_began(walk: list[int]) -> None:
    session, clock = make_session()
    moments = [session.trainer.moment()]
    for number in walk:
        clock.now += 10
        session.receive(CHANGES[number])
        if not same_bits(session.trainer.moment(), moments[-1]):
            moments.append(session.trainer.moment())
    for expected in reversed(moments[:-1]):
        state(session, Undo())
        assert same_bits(session.trainer.moment(), expected)
    assert isinstance(tell(session, Undo()), Rejected)
    for expected in moments[1:]:
        state(session, Redo())
        assert same_bits(session.trainer.moment(), expected)
    assert isinstance(tell(session, Redo()), Rejected)


def test_undo_takes_back_training_too_and_says_what_it_takes_back() -> None:
    session, clock = make_session()
    train(session, clock, 20)
    before = session.trainer.moment()
    assert state(session, Change(settings={"learning_rate": 0.3})).undo == "change learning_rate"
    train(session, clock, 20)
    after = session.trainer.moment()
    told = state(session, Undo())
    assert (told.undo, told.redo) == ("change learning_rate", "play")
    told = state(session, Undo())
    assert (told.undo, told.redo) == ("play", "change learning_rate")
    assert same_bits(session.trainer.moment(), before)
    state(session, Redo())
    assert (state(session, Redo()).redo, session.trainer.settings.learning_rate) == ("", 0.3)
    assert same_bits(session.trainer.moment(), after)


def test_what_follows_an_undo_ends_redo() -> None:
    session, _ = make_session()
    state(session, AddNeuron(layer=1))
    assert state(session, Undo()).redo == "add-neuron"
    assert state(session, AddLayer(layer=1)).redo == ""


def test_the_drag_of_a_weight_or_a_slider_is_one_step() -> None:
    session, clock = make_session()
    first = session.trainer.parameters[3]
    for value in range(5):
        clock.now += 0.05
        state(session, SetParameter(index=3, value=float(value)))
    for rate in (1, 2, 3):
        clock.now += 0.05
        state(session, Change(settings={"noise": rate}))
    clock.now += 2
    state(session, Change(settings={"noise": 4}))
    assert state(session, Undo()).undo == "change noise"
    assert state(session, Undo()).undo == "set-parameter"
    assert state(session, Undo()).undo == ""
    assert session.trainer.parameters[3] == first


def test_what_changes_nothing_is_no_step() -> None:
    session, _ = make_session()
    for command in (Change(settings={"learning_rate": 0.03}), Play(), Pause(), Show(show_test=True)):
        state(session, command)
    assert isinstance(tell(session, AddNeuron(layer=9)), Rejected)
    state(session, Play())
    assert state(session, Pause()).undo == "play"  # it may have trained; it has not, so it counts for nothing
    assert isinstance(tell(session, Undo()), Rejected)


def test_undo_of_another_experiment_brings_its_view_and_address_back() -> None:
    session, _ = make_session()
    before = state(session, Show(show_test=True, discretize=True))
    state(session, OpenLink(link="#v=1&dataset=gauss"))
    back = state(session, Undo())
    assert (back.view, back.link, back.settings) == (before.view, before.link, before.settings)
    assert state(session, Redo()).settings["dataset"] == "gauss"


def test_undo_while_it_trains_goes_on_training() -> None:
    session, clock = make_session()
    state(session, Play())
    state(session, Change(settings={"learning_rate": 0.3}))
    assert state(session, Undo()).playing
    while session.trainer.epoch == 0:
        clock.now += 1
        session.advance()
    assert not state(session, Undo()).playing
    assert session.trainer.epoch == 0


def test_hundred_steps_are_kept_and_no_more_bytes_than_the_budget() -> None:
    session, clock = make_session()
    for number in range(MOST + 20):
        clock.now += 10
        state(session, SetParameter(index=0, value=number))
    for _ in range(MOST):
        state(session, Undo())
    assert isinstance(tell(session, Undo()), Rejected)
    assert session.trainer.parameters[0] == 19
    state(session, Change(settings={"hidden": [32] * 6}))
    for number in range(60):
        clock.now += 10
        state(session, SetParameter(index=0, value=number))
    size, count = session.trainer.model.nbytes, 0
    while not isinstance(tell(session, Undo()), Rejected):
        count += 1
    assert count == pytest.approx(BUDGET / size, rel=0.2)


@pytest.mark.parametrize(
    ("lab", "command"),
    [
        ("digits", SetUnitsWeight(twin="plain", layer=1, unit=1, place=3, value=2.0)),
        ("digits", SwitchUnit(twin="convolutional", layer=1, unit=1, off=True)),
        ("digits", Change(settings={"learning_rate": 0.5})),
        ("descent", Change(settings={"learning_rate": 0.5})),
        ("descent", Step()),
    ],
)
def test_every_lab_takes_back(lab: str, command: Command) -> None:
    session, _ = session_of(lab)
    before = session.trainer.moment()
    state(session, command)
    after = session.trainer.moment()
    assert not same_bits(before, after)
    state(session, Undo())
    assert same_bits(session.trainer.moment(), before)
    state(session, Redo())
    assert same_bits(session.trainer.moment(), after)


# -- every epoch again ------------------------------------------------------------------------------------------------


def frame_of(session: Session, clock: Clock) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    frame = take_frame(session, clock)
    return metadata(frame), load(frame)


def test_the_whole_page_is_as_it_was_at_an_epoch() -> None:
    session, clock = make_session()
    train(session, clock, 300)
    last = session.trainer.epoch
    told = state(session, GoTo(epoch=123))
    assert (told.playing, told.timeline and (told.timeline.first, told.timeline.tip)) == (False, (0, last))
    fresh, other = make_session()
    fresh.trainer.train(123)
    fresh.receive(Show(show_test=False))
    (_, then), (about, now) = frame_of(fresh, other), frame_of(session, clock)
    assert about["epoch"] == "123"
    for name in ("parameters", "output"):
        assert now[name].tobytes() == then[name].tobytes(), name
    assert about["history_start"] == str(len(session.trainer.history.samples))  # the whole curve stays
    told = state(session, GoTo(epoch=last))
    assert told.timeline
    assert told.timeline.tip is None


def test_play_from_the_past_branches_and_undo_leads_back() -> None:
    session, clock = make_session()
    train(session, clock, 200)
    end = session.trainer.moment()
    state(session, GoTo(epoch=50))
    assert state(session, Play()).timeline.tip is None  # type: ignore[union-attr]
    state(session, Change(settings={"learning_rate": 0.3}))
    train(session, clock, 30)
    assert session.trainer.history.last_epoch < 200
    state(session, Undo())
    told = state(session, Undo())
    assert told.timeline
    assert told.timeline.tip == end.place.epoch
    assert session.trainer.epoch == 50
    state(session, GoTo(epoch=end.place.epoch))
    assert same_bits(session.trainer.moment(), end)


def test_changes_stand_on_the_line_and_are_crossed_in_both_directions() -> None:
    session, clock = make_session()
    train(session, clock, 50)
    first = session.trainer.epoch
    before = session.trainer.moment()
    state(session, AddNeuron(layer=1))
    train(session, clock, 50)
    second = session.trainer.epoch
    state(session, AddPoints(points=((1.0, 2.0, 0),)))
    train(session, clock, 50)
    end, layout = session.trainer.moment(), session.run
    told = state(session, GoTo(epoch=first - 10))
    assert told.timeline
    assert told.timeline.changes == (first, second)
    assert (told.settings["hidden"], told.run > layout) == (before.settings.hidden, True)
    assert state(session, GoTo(epoch=second - 1)).settings["hidden"] != before.settings.hidden
    assert session.trainer.given is None
    state(session, GoTo(epoch=end.place.epoch))
    assert same_bits(session.trainer.moment(), end)


@pytest.mark.parametrize("epoch", [31, 2**53 - 1])
def test_an_epoch_that_is_not_on_the_line_is_refused(epoch: int) -> None:
    session, _ = make_session()
    session.trainer.train(30)
    answer = tell(session, GoTo(epoch=epoch))
    assert isinstance(answer, Rejected)
    assert (answer.field, answer.expected) == ("epoch", "one from 0 to 30")


def test_a_refused_change_in_the_past_leaves_the_line_whole() -> None:
    session, _ = make_session()
    session.trainer.train(30)
    state(session, GoTo(epoch=10))
    assert isinstance(tell(session, AddNeuron(layer=9)), Rejected)
    told = state(session, GoTo(epoch=30))
    assert told.timeline
    assert told.timeline.tip is None
    assert session.trainer.history.last_epoch == 30


def test_a_long_way_goes_in_turns_and_a_command_waits_for_it() -> None:
    session, _ = make_session()
    session.trainer.timeline.budget = 20_000
    session.trainer.train(60_000)
    kept = [each.moment.place.epoch for each in session.trainer.timeline.keyframes]
    gap, epoch = max((later - earlier, later - 1) for earlier, later in pairwise(kept))
    assert gap > 1_000
    session.receive(GoTo(epoch=epoch))
    turns = 0
    while session.is_busy:
        session.go_on()
        turns += 1
    assert turns > 1
    fresh, _ = make_session()
    fresh.trainer.train(epoch)
    assert fresh.trainer.parameters.tobytes() == session.trainer.parameters.tobytes()


# -- beyond the life of the server ------------------------------------------------------------------------------------


def thawed(session: Session) -> Session:
    frozen = session.freeze()
    other, _ = make_session()
    content = frozen.content
    other.thaw(unpack(pack(frozen), {content.digest: content.data}.get if content else lambda _: None))
    return other


def test_the_timeline_outlives_the_server_with_its_changes() -> None:
    session, clock = make_session()
    train(session, clock, 2_000)
    first = session.trainer.epoch
    state(session, AddNeuron(layer=1))
    train(session, clock, 2_000)
    end = session.trainer.moment()
    epochs = [0, 1, 77, first - 1, first, first + 333, end.place.epoch - 1]
    moments = [(state(session, GoTo(epoch=epoch)), session.trainer.moment())[1] for epoch in epochs]
    other = thawed(session)
    assert same_bits(other.trainer.moment(), end)
    for epoch, expected in zip(epochs, moments, strict=True):
        state(other, GoTo(epoch=epoch))
        assert same_bits(other.trainer.moment(), expected), epoch


def test_after_a_restart_the_line_begins_with_the_points_that_it_learns() -> None:
    session, clock = make_session()
    train(session, clock, 20)
    drawn = session.trainer.epoch
    state(session, AddPoints(points=((1.0, 2.0, 0),)))
    train(session, clock, 20)
    other = thawed(session)
    told = state(other, GoTo(epoch=drawn + 5))
    assert told.timeline
    assert told.timeline.first == drawn
    assert isinstance(tell(other, GoTo(epoch=drawn - 1)), Rejected)


def test_a_checkpoint_stays_small() -> None:
    session, _ = make_session()
    session.trainer.train(100_000)
    without = len(pack(replace(session.freeze(), timeline=())))
    assert len(pack(session.freeze())) < without + 48 * 2**10


def test_moments_that_do_not_fit_their_settings_are_left_out() -> None:
    session, _ = make_session()
    session.trainer.train(10)
    frozen = session.freeze()
    moment, is_change = frozen.timeline[1]
    small = moments_of.State({**moment.state.tensors, "parameters": np.zeros(3, np.float32)}, moment.state.counts)
    other, _ = make_session()
    other.thaw(replace(frozen, timeline=((replace(moment, state=small), is_change),)))
    assert other.trainer.timeline.first == other.trainer.epoch == 10
