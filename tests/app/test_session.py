"""session.py: commands become training, training becomes messages; by a clock that the test turns."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load

from app.client import metadata
from app.experiment import Experiment
from app.labs.plane import verdict
from app.labs.plane.edits import (
    AddLayer,
    AddNeuron,
    LookAt,
    NewWeights,
    RegenerateData,
    RemoveLayer,
    RemoveNeuron,
    SetLayers,
    SetNeurons,
    SetParameter,
    SetParameters,
)
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.messages import Command
from app.protocol import (
    Ack,
    Change,
    Focus,
    GoToBest,
    OpenLink,
    Pause,
    Play,
    Recover,
    Rejected,
    Reset,
    Share,
    Shared,
    Show,
    Speed,
    State,
    Step,
    Visible,
)
from app.sessions.checked_settings import build_settings
from app.sessions.session import NEVER, Session
from app.sessions.stream import UNACKNOWLEDGED
from app.storage.checkpoint import pack, unpack
from engine.choices import Refused
from engine.labs.plane.checkup import examine
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer


class Clock:
    """Seconds, as far as the test has turned them."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make_session(settings: Settings | None = None) -> tuple[Session, Clock]:
    clock = Clock()
    session = Session(read_link(write_link(Experiment(settings or Settings(), PlaneView()))), clock)
    session.attach()
    session.outbox.clear()
    return session, clock


def tell(session: Session, command: Command) -> State | Rejected:
    """The answer to a command."""
    session.outbox.clear()
    session.receive(command)
    answer = session.outbox[0]
    assert isinstance(answer, State | Rejected)
    return answer


def take_frame(session: Session, clock: Clock) -> bytes:
    clock.now += 0.1
    session.advance()
    frame, session.picture = session.picture, None
    assert frame is not None
    return frame


def test_a_page_that_comes_is_told_the_state_and_the_points() -> None:
    session, _ = make_session()
    session.attach()
    state, points = session.outbox
    assert isinstance(state, State)
    assert state.run == 1
    assert isinstance(points, bytes)
    assert load(points)["train"].shape == (250, 3)
    assert load(points)["features"].shape == (8, 50, 50)


@pytest.mark.parametrize(
    "command",
    [
        Play(seq=1),
        Pause(seq=1),
        Step(seq=1),
        Reset(seq=1),
        NewWeights(seq=1),
        RegenerateData(seq=1),
        Change(seq=1, settings={"learning_rate": 0.1}),
        AddLayer(seq=1, layer=1),
        RemoveLayer(seq=1, layer=2),
        AddNeuron(seq=1, layer=2),
        RemoveNeuron(seq=1, layer=1, neuron=1),
        SetNeurons(seq=1, layer=1, neurons=9),
        SetLayers(seq=1, layers=4),
        SetLayers(seq=1, layers=0),
        SetParameter(seq=1, index=0, value=2.0),
        Speed(seq=1, epochs_per_second=5),
        Focus(seq=1, unit=(1, 4)),
        Visible(seq=1, visible=False),
    ],
    ids=lambda command: command.type,
)
def test_each_command_is_answered_with_the_state_it_led_to(command: Command) -> None:
    session, _ = make_session()
    answer = tell(session, command)
    assert isinstance(answer, State)
    assert answer.seq == 1


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (Change(settings={"learning_rate": -1}), "learning_rate"),
        (Change(settings={"learning_rate": "fast"}), "learning_rate"),
        (Change(settings={"noise": float("nan")}), "noise"),
        (Change(settings={"colour": "red"}), "colour"),
        (Change(settings={"hidden": [0]}), "hidden"),
        (Change(settings={"inputs": ["y", "x"]}), "inputs"),
        (Change(settings={"hidden": [32] * 8, "inputs": ["x", "y"], "seed": "s" * 65}), "seed"),
        (AddLayer(layer=9), "layer"),
        (RemoveLayer(layer=3), "layer"),
        (RemoveNeuron(layer=1, neuron=5), "neuron"),
        (SetNeurons(layer=1, neurons=1000), "hidden"),
        (SetNeurons(layer=3, neurons=2), "layer"),
        (SetLayers(layers=99), "hidden"),
        (SetLayers(layers=4, neurons=(3, 0)), "hidden"),
        (SetParameter(index=25, value=1), "index"),
        (SetParameters(values=((0, 5.0), (25, 1.0))), "index"),
        (Focus(unit=(3, 1)), "unit"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.type,
)
def test_what_cannot_be_is_rejected_by_field_and_changes_nothing(command: Command, field: str) -> None:
    session, _ = make_session()
    before = session.trainer.parameters
    answer = tell(session, command)
    assert isinstance(answer, Rejected)
    assert answer.field == field
    assert answer.came
    assert answer.expected
    assert session.trainer.settings == Settings()
    assert (session.trainer.parameters == before).all()


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (Play(), False),
        (Step(), False),
        (Change(settings={"activation": "relu"}), False),
        (Change(settings={"batch_size": "all"}), False),
        (Change(settings={"dataset": "xor"}), True),
        (Change(settings={"inputs": ["x"]}), True),
        (AddNeuron(layer=1), True),
        (Reset(), True),
        (NewWeights(), True),
        (RegenerateData(), True),
    ],
    ids=str,
)
def test_a_run_begins_when_shape_or_data_change(command: Command, begins: bool) -> None:
    session, _ = make_session()
    answer = tell(session, command)
    assert isinstance(answer, State)
    assert answer.run == (2 if begins else 1)
    assert [type(message) for message in session.outbox] == ([State, bytes] if begins else [State])


def test_the_focus_goes_with_its_neuron() -> None:
    session, _ = make_session()
    tell(session, Focus(unit=(1, 4)))
    assert tell(session, AddNeuron(layer=2)).focus == (1, 4)  # type: ignore[union-attr]
    assert tell(session, RemoveNeuron(layer=1)).focus is None  # type: ignore[union-attr]


def test_at_one_epoch_a_second_there_is_one_epoch_a_second() -> None:
    session, clock = make_session()
    tell(session, Speed(epochs_per_second=1))
    tell(session, Play())
    started = clock.now
    for second in range(1, 4):
        clock.now = started + second - 0.01
        session.advance()
        assert session.trainer.epoch == second - 1
        clock.now = started + second
        session.advance()
        assert session.trainer.epoch == second
    assert session.next_turn() <= started + 4


def test_what_a_busy_machine_missed_is_let_go() -> None:
    session, clock = make_session()
    tell(session, Speed(epochs_per_second=10))
    tell(session, Play())
    clock.now += 60
    for _ in range(20):  # a slow machine needs several turns for an epoch
        session.advance()
    assert session.trainer.epoch == 1


def test_full_speed_begins_slowly_and_a_pause_does_not_start_it_anew() -> None:
    session, clock = make_session()
    tell(session, Play())
    clock.now += 0.35
    session.advance()
    assert 1 < session.trainer.epoch < 100
    session.trainer.train(5000)
    tell(session, Pause())
    tell(session, Play())
    before = session.trainer.epoch
    clock.now += 0.1
    session.advance()
    assert session.trainer.epoch > before + 30


def test_a_paused_session_sleeps_once_its_frame_is_acknowledged() -> None:
    session, clock = make_session()
    take_frame(session, clock)
    assert session.next_turn() == NEVER


def test_at_most_two_frames_are_unacknowledged() -> None:
    session, clock = make_session()
    tell(session, Play())
    made = 0
    for _ in range(20):
        clock.now += 0.1
        session.advance()
        made += session.picture is not None
        session.picture = None
    assert made == UNACKNOWLEDGED
    session.receive(Ack(frame=2))
    take_frame(session, clock)


def pictured(session: Session, clock: Clock, seconds: float = 1 / 60) -> bool:
    """Whether the next frame, `seconds` later, brings the neurons' pictures."""
    clock.now += seconds
    session.advance()
    frame, session.picture = session.picture, None
    assert frame is not None
    return "neurons" in load(frame)


def test_while_training_runs_every_second_frame_brings_the_neurons() -> None:
    session, clock = make_session()
    tell(session, Play())
    brought = []
    for number in range(1, 9):
        brought.append(pictured(session, clock))
        session.receive(Ack(frame=number))
    assert brought == [True, False] * 4


def test_neurons_that_may_have_been_overwritten_come_again() -> None:
    session, clock = make_session()
    tell(session, Play())
    assert pictured(session, clock)
    assert pictured(session, clock, 1 / 59)  # nobody has acknowledged them
    session.receive(Ack(frame=2))
    assert not pictured(session, clock)


def test_after_a_command_and_at_rest_a_frame_brings_the_neurons() -> None:
    session, clock = make_session(Settings(stop_epochs=60))
    tell(session, Play())
    assert pictured(session, clock)
    session.receive(Ack(frame=1))
    tell(session, Change(settings={"learning_rate": 0.1}))
    assert pictured(session, clock, 0.001)
    session.receive(Ack(frame=2))
    last = b""
    while session.playing:
        clock.now += 1 / 80
        session.advance()
        if session.picture:
            last, session.picture = session.picture, None
            session.receive(Ack(frame=int(metadata(last)["frame"])))
    assert (metadata(last)["epoch"], "neurons" in load(last)) == ("60", True)
    tell(session, Step())
    assert pictured(session, clock, 0.001)
    tell(session, Play())
    assert pictured(session, clock, 0.001)
    session.attach()  # a page that has just come knows nothing
    assert pictured(session, clock, 1 / 100)


def test_a_page_that_draws_nothing_any_more_costs_nothing() -> None:
    session, clock = make_session()
    tell(session, Play())
    for _ in range(100):
        clock.now += 0.1
        session.advance()
    assert session.next_turn() == NEVER
    asleep = session.trainer.epoch
    assert asleep > 0
    clock.now += 60
    session.advance()
    assert session.trainer.epoch == asleep
    session.receive(Ack(frame=1))
    clock.now += 0.1
    assert session.next_turn() <= clock.now
    session.advance()
    assert session.trainer.epoch > asleep


def test_frames_bring_the_history_without_gaps() -> None:
    session, clock = make_session()
    tell(session, Play())
    epochs: list[float] = []
    for number in range(1, 30):
        frame = take_frame(session, clock)
        start = int(metadata(frame)["history_start"])
        assert start <= len(epochs)
        epochs[start:] = load(frame)["history"][:, 0].tolist()
        if number % 3 or number < 3:  # every third acknowledgement is lost, the next one covers it
            session.receive(Ack(frame=number))
    assert epochs == session.trainer.history.samples[: len(epochs), 0].tolist()
    assert len(epochs) > 100


@pytest.mark.parametrize("is_drawn_late", [True, False])
def test_a_page_that_begins_a_run_gets_all_its_history(is_drawn_late: bool) -> None:
    """It forgets the curve of the run before: a frame of that run, acknowledged later, has told it nothing."""
    session, clock = make_session()
    tell(session, Step())
    take_frame(session, clock)
    if not is_drawn_late:
        session.receive(Ack(frame=1))
    tell(session, AddNeuron(layer=1))  # the history goes on: at epoch 1 the network keeps what it has learnt
    session.receive(Ack(frame=1))
    frame = take_frame(session, clock)
    assert metadata(frame)["history_start"] == "0"
    assert load(frame)["history"][:, 0].tolist() == [0, 1]


def test_a_reset_sends_the_history_from_its_beginning() -> None:
    session, clock = make_session()
    session.trainer.train(50)
    tell(session, Step())
    take_frame(session, clock)
    session.receive(Ack(frame=1))
    tell(session, Reset())
    frame = take_frame(session, clock)
    assert metadata(frame)["history_start"] == "0"
    assert metadata(frame)["epoch"] == "0"
    assert load(frame)["history"].shape == (1, 3)


def test_a_frame_says_which_command_it_reflects() -> None:
    session, clock = make_session()
    tell(session, SetParameter(seq=17, index=24, value=0.75))
    frame = take_frame(session, clock)
    assert metadata(frame)["applied"] == "17"
    assert load(frame)["parameters"][24] == np.float32(0.75)


def test_a_line_that_is_turned_sets_three_numbers_at_once() -> None:
    session, clock = make_session()
    before = session.trainer.parameters.copy()
    tell(session, SetParameters(seq=3, values=((0, 0.5), (1, -2.0), (2, 1.25))))
    told = load(take_frame(session, clock))["parameters"]
    assert told[:3].tolist() == [0.5, -2.0, 1.25]
    assert (told[3:] == before[3:]).all()


def test_a_hidden_page_costs_nothing() -> None:
    session, clock = make_session()
    tell(session, Play())
    tell(session, Visible(visible=False))
    clock.now += 10
    session.advance()
    assert session.trainer.epoch == 0
    assert session.picture is None
    assert session.next_turn() == NEVER
    tell(session, Visible(visible=True))
    clock.now += 1
    session.advance()
    assert session.trainer.epoch > 0


def test_divergence_stops_and_is_told_and_a_lower_rate_goes_on() -> None:
    session, clock = make_session(Settings(dataset="reg-plane", hidden=(), learning_rate=10))
    tell(session, Speed(epochs_per_second=1000))
    tell(session, Play())
    session.outbox.clear()
    for _ in range(50):
        clock.now += 0.2
        session.advance()
    (state,) = session.outbox
    assert isinstance(state, State)
    assert state.divergence
    assert not state.playing
    assert isinstance(tell(session, Play()), Rejected)
    assert tell(session, Change(settings={"learning_rate": 0.001})).divergence is None  # type: ignore[union-attr]
    assert isinstance(tell(session, Play()), State)


def test_a_remedy_goes_on_from_the_last_good_weights() -> None:
    session, _ = make_session(Settings(dataset="reg-plane", activation="linear", learning_rate=0.01))
    for _ in range(20):
        tell(session, Step())
    tell(session, Change(settings={"learning_rate": 20}))
    while not session.trainer.divergence:
        tell(session, Step())
    assert isinstance(tell(session, Recover(settings={"learning_rate": -1})), Rejected)
    assert session.trainer.divergence
    state = tell(session, Recover(settings={"learning_rate": 0.001}))
    assert isinstance(state, State)
    assert state.divergence is None
    assert state.playing
    assert state.settings["learning_rate"] == 0.001
    assert 15 <= session.trainer.epoch <= 22
    assert isinstance(tell(session, Recover(settings={})), Rejected)


def test_after_a_stop_without_gain_the_state_names_the_best_epoch_and_a_command_leads_there() -> None:
    session, clock = make_session(Settings(dataset="xor", hidden=(), learning_rate=0.1, stop_plateau=50))
    assert isinstance(tell(session, GoToBest()), Rejected)
    tell(session, Play())
    session.outbox.clear()
    while session.playing:
        clock.now += 0.01
        session.advance()
    stopped = session.outbox.popleft()
    assert isinstance(stopped, State)
    assert stopped.stop is not None
    assert stopped.best_epoch is not None
    state = tell(session, GoToBest())
    assert isinstance(state, State)
    assert (state.stop, state.best_epoch, state.playing) == (None, None, False)
    assert session.trainer.epoch == stopped.best_epoch < stopped.stop.epoch
    assert session.trainer.losses()[1] == stopped.stop.value
    assert isinstance(tell(session, GoToBest()), Rejected)


def test_wrong_settings_are_refused_with_the_name() -> None:
    with pytest.raises(Refused, match="dataset"):
        build_settings(Settings, {"dataset": "mnist"})


def test_a_stop_condition_ends_playing_and_says_why() -> None:
    session, clock = make_session(Settings(stop_epochs=30))
    tell(session, Play())
    session.outbox.clear()
    for _ in range(100):
        clock.now += 0.01
        session.advance()
    assert not session.playing
    state = session.outbox.popleft()
    assert isinstance(state, State)
    assert state.stop is not None
    assert (state.stop.reason, state.stop.epoch, state.playing) == ("epochs", 30, False)
    answer = tell(session, Play())
    assert isinstance(answer, State)
    assert (answer.playing, answer.stop) == (True, None)
    clock.now += 0.01
    session.advance()
    assert session.trainer.epoch > 30
    session, clock = make_session(Settings(stop_epochs=1))
    tell(session, Step())
    assert session.trainer.stop
    assert tell(session, Step()).stop is None  # type: ignore[union-attr]
    assert session.trainer.epoch == 2


def test_of_several_outputs_each_can_have_the_focus() -> None:
    session, _ = make_session(Settings(dataset="spiral", classes=3))
    assert tell(session, Focus(unit=(3, 3))).focus == (3, 3)  # type: ignore[union-attr]
    assert isinstance(tell(session, Focus(unit=(3, 4))), Rejected)
    assert tell(session, Change(settings={"classes": 2})).focus is None  # type: ignore[union-attr]


def test_a_server_can_allow_fewer_parameters() -> None:
    link = read_link("#v=1&hidden=20,20")
    session = Session(link, Clock(), parameter_limit=200)
    session.attach()
    assert session.trainer.settings.hidden == (4, 2)
    assert [type(message).__name__ for message in session.outbox][:2] == ["State", "Opened"]
    answer = tell(session, AddLayer(layer=1, neurons=60))
    assert isinstance(answer, Rejected)
    assert "at most 200 parameters" in answer.expected


def test_classes_and_depth_are_told() -> None:
    session, _ = make_session()
    answer = tell(session, Change(settings={"dataset": "spiral", "classes": 9}))
    assert isinstance(answer, State)
    assert (answer.facts["classes"], answer.facts["most_classes"], answer.facts["shape"][-1]) == (6, 6, 6)
    assert answer.facts["objective"] == "categorical-cross-entropy"
    answer = tell(session, Change(settings={"dataset": "moons", "connections": "dense"}))
    assert isinstance(answer, State)
    assert (answer.facts["classes"], answer.facts["objective"], answer.run) == (2, "squared-error", 3)
    assert answer.facts["parameter_count"] == 4 * 3 + 2 * 7 + 9


@pytest.mark.parametrize(("crowd", "coarseness", "sides"), [(1, 0, (200, 50)), (10, 1, (100, 25)), (100, 2, (60, 16))])
def test_in_a_crowd_pictures_are_coarser_and_the_frame_says_so(
    crowd: float, coarseness: int, sides: tuple[int, int]
) -> None:
    session = Session(read_link(""), Clock(), crowd=lambda: crowd)
    session.attach()
    session.advance()
    assert session.picture is not None
    arrays = load(session.picture)
    assert (arrays["output"].shape[0], arrays["neurons"].shape[1]) == sides
    about = metadata(session.picture)
    assert (about["coarseness"], about["coarse_for"]) == (str(coarseness), "crowd" if coarseness else "")


@pytest.mark.parametrize(("crowd", "side"), [(1.0, 100), (1.5, 60)])
def test_pictures_of_a_large_network_are_coarser_as_soon_as_somebody_waits(crowd: float, side: int) -> None:
    session = Session(read_link("#v=1&hidden=64,64,64,64"), Clock(), crowd=lambda: crowd)
    session.attach()
    session.advance()
    assert session.picture is not None
    assert load(session.picture)["output"].shape == (side, side)


@pytest.mark.parametrize(("bytes_per_second", "said"), [(1e8, ("0", "")), (250_000, ("1", "link"))])
def test_over_a_slow_link_pictures_are_coarser_and_the_frame_says_so(
    bytes_per_second: float, said: tuple[str, str]
) -> None:
    clock = Clock()
    session = Session(read_link(""), clock)
    session.attach()
    picture = None
    for seq in range(1, 40):
        session.receive(Step(seq=seq))
        session.advance()
        picture, session.picture = session.picture, None
        assert picture is not None
        clock.now += 0.02 + len(picture) / bytes_per_second
        session.receive(Ack(frame=int(metadata(picture)["frame"])))
    assert picture is not None
    about = metadata(picture)
    assert (about["coarseness"], about["coarse_for"]) == said
    session.attach()  # who comes again may come another way
    session.advance()
    assert session.picture
    assert metadata(session.picture)["coarseness"] == "0"


@pytest.mark.parametrize(("crowd", "expected"), [(1.0, 0.002), (12.0, 0.001), (1000.0, 0.00015)])
def test_in_a_crowd_a_turn_is_shorter(monkeypatch: pytest.MonkeyPatch, crowd: float, expected: float) -> None:
    clock = Clock()
    session = Session(read_link(""), clock, crowd=lambda: crowd)
    session.attach()
    tell(session, Play())
    slices: list[float] = []
    monkeypatch.setattr(session.trainer, "train_for", lambda seconds, _: slices.append(seconds))
    clock.now += 1
    session.advance()
    assert slices == [expected]


def test_a_step_of_one_mini_batch_stands_inside_the_epoch() -> None:
    session, clock = make_session(Settings(dataset="xor"))
    for _ in range(4):
        assert isinstance(tell(session, Step(unit="batch")), State)
    about = metadata(take_frame(session, clock))
    assert [about[name] for name in ("epoch", "step", "step_in_epoch", "steps_in_epoch")] == ["0", "4", "4", "25"]
    tell(session, Step())
    session.receive(Ack(frame=1))
    about = metadata(take_frame(session, clock))
    assert [about[name] for name in ("epoch", "step", "step_in_epoch")] == ["1", "25", "0"]


def test_playing_finishes_an_epoch_that_has_begun() -> None:
    session, clock = make_session(Settings(dataset="xor"))
    tell(session, Step(unit="batch"))
    tell(session, Speed(epochs_per_second=10))
    tell(session, Play())
    clock.now += 0.1
    session.advance()
    assert (session.trainer.epoch, session.trainer.step) == (1, 25)


def test_a_divergence_brings_the_losses_of_the_steps_before_it() -> None:
    session, _ = make_session(Settings(dataset="reg-plane", hidden=(), learning_rate=0.35, seed="0.4"))
    state = tell(session, Step())
    assert isinstance(state, State)
    assert state.divergence
    assert state.divergence.epoch == 0
    assert len(state.divergence.trail) == state.divergence.step + 1
    assert state.divergence.trail[-1] == session.trainer.losses()[0]


# -- lessons, speed and the look of the chart --------------------------------------------------------------------------


LESSON = "#v=1&dataset=spiral&speed=30&log_loss=true&lesson=small-steps"


def told(session: Session, command: Command) -> State:
    answer = tell(session, command)
    assert isinstance(answer, State)
    return answer


def test_an_experiment_brings_its_own_speed() -> None:
    session, clock = make_session()
    told(session, Speed(epochs_per_second=5))
    state = told(session, OpenLink(link=LESSON))
    assert (state.speed, state.view["speed"], state.view["log_loss"]) == (30, 30, True)
    told(session, Play())
    for _ in range(300):
        clock.now += 1 / 30
        session.advance()
        session.receive(Ack(frame=10**6))  # all frames have been drawn
    assert 290 <= session.trainer.epoch <= 301
    assert told(session, OpenLink(link="#v=1&dataset=xor")).speed is None


@pytest.mark.parametrize(
    "command",
    [
        Reset(),
        NewWeights(),
        RegenerateData(),
        Step(),
        AddLayer(layer=1),
        Change(settings={"dataset": "xor"}),
        Change(settings={"learning_rate": 0.1}),
    ],
)
def test_lesson_and_speed_stay_while_one_experiments(command: Command) -> None:
    session, _ = make_session()
    told(session, OpenLink(link=LESSON))
    state = told(session, command)
    assert (state.view["lesson"], state.speed, state.view["log_loss"]) == ("small-steps", 30, True)
    assert "lesson=small-steps" in state.link


def test_the_speed_is_part_of_the_link() -> None:
    session, _ = make_session()
    assert "speed=60" in told(session, Speed(epochs_per_second=60)).link
    assert "speed" not in told(session, Speed(epochs_per_second=None)).link


def test_a_lesson_ends_by_a_command_or_another_experiment() -> None:
    session, _ = make_session()
    told(session, OpenLink(link=LESSON))
    state = told(session, Show(lesson=""))
    assert (state.view["lesson"], state.speed) == ("", 30)
    assert "lesson" not in state.link
    told(session, Show(lesson="adam", log_epoch=False))
    assert told(session, OpenLink(link="#v=1")).view == asdict(PlaneView())


def test_an_unknown_lesson_is_refused_in_a_command_and_left_out_of_a_link() -> None:
    session, _ = make_session()
    refused = tell(session, Show(lesson="no-such"))
    assert isinstance(refused, Rejected)
    assert refused.field == "lesson"
    assert told(session, OpenLink(link="#v=1&lesson=no-such&hidden=3")).view["lesson"] == ""


def test_what_is_shared_keeps_the_lesson() -> None:
    session, _ = make_session()
    told(session, OpenLink(link=LESSON))
    session.outbox.clear()
    session.receive(Share(weights=True, hide=("noise",)))
    shared = session.outbox[0]
    assert isinstance(shared, Shared)
    view = read_link(shared.link).experiment.view
    assert (view.lesson, view.speed, view.hide) == ("small-steps", 30, ("noise",))


def test_another_experiment_has_no_neuron_in_focus() -> None:
    session, _ = make_session()
    assert told(session, Focus(unit=(1, 1))).focus == (1, 1)
    assert told(session, OpenLink(link="#v=1&dataset=xor")).focus is None


# -- pointer and wrong points -----------------------------------------------------------------------------------------


def test_the_pointer_reads_a_place_without_an_answer_and_the_newest_place_counts() -> None:
    session, clock = make_session()
    take_frame(session, clock)
    session.receive(Ack(frame=1))
    session.receive(LookAt(at=(1.0, 2.0)))
    session.receive(LookAt(at=(-3.5, 0.0)))
    assert not session.outbox
    assert session.next_turn() <= clock.now
    frame = take_frame(session, clock)
    assert metadata(frame)["at"] == "-3.5,0.0"
    assert load(frame)["at"].shape == (1,)
    session.receive(LookAt(at=None))
    assert "at" not in load(take_frame(session, clock))


def test_the_place_stays_while_it_trains_and_is_the_pages_own() -> None:
    session, clock = make_session()
    session.receive(LookAt(at=(1.0, 2.0)))
    tell(session, Play())
    first = load(take_frame(session, clock))["at"]
    session.receive(Ack(frame=1))
    assert (load(take_frame(session, clock))["at"] != first).all()
    session.attach()
    assert "at" not in load(take_frame(session, clock))


def test_the_value_of_the_neuron_that_is_looked_at_comes_with_the_place() -> None:
    session, clock = make_session(Settings(dataset="spiral", classes=3))
    session.receive(LookAt(at=(1.0, 2.0)))
    tell(session, Focus(unit=(1, 4)))
    assert load(take_frame(session, clock))["at"].shape == (3 + 1,)


def test_wrong_points_are_marked_if_the_view_says_so() -> None:
    session, clock = make_session()
    answer = tell(session, Show(seq=1, errors=True))
    assert isinstance(answer, State)
    assert answer.view["errors"]
    assert answer.link == "#v=1&errors=true"
    assert load(take_frame(session, clock))["answers"].shape == (500, 4)


def health_of(frame: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(metadata(frame)["health"])
    return found


def test_a_verdict_on_the_run_comes_with_the_frames_once_a_second_while_it_trains() -> None:
    session, clock = make_session(Settings(dataset="xor", hidden=(), loss="cross-entropy"))
    assert health_of(take_frame(session, clock))["kind"] == "start"
    tell(session, Play(seq=1))
    epochs = []
    for number in range(1, 30):
        session.receive(Ack(frame=number))
        epochs.append(health_of(take_frame(session, clock))["epoch"])
    assert len(set(epochs)) == 3  # in 2.9 seconds
    session.receive(Ack(frame=30))
    tell(session, Pause(seq=2))
    session.trainer.train(1500)
    tell(session, Step(seq=3))
    stuck = health_of(take_frame(session, clock))
    assert stuck["epoch"] == session.trainer.epoch
    assert (stuck["kind"], stuck["cause"]) == ("stuck", "linear")
    assert stuck["remedy"] == {"type": "add-layer", "layer": 1, "neurons": 8}
    session.receive(Ack(frame=31))
    assert isinstance(tell(session, AddLayer(seq=4, layer=1, neurons=8)), State)
    assert health_of(take_frame(session, clock))["kind"] == "early"


def test_a_paused_run_is_judged_once_however_often_the_pointer_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Trainer] = []
    monkeypatch.setattr(verdict, "examine", lambda trainer: seen.append(trainer) or examine(trainer))  # type: ignore[func-returns-value]
    session, clock = make_session()
    for number in range(1, 6):
        session.receive(LookAt(at=(0.0, number)))
        take_frame(session, clock)
        session.receive(Ack(frame=number))
    assert len(seen) == 1


def test_in_a_crowd_verdicts_are_rarer() -> None:
    clock = Clock()
    session = Session(read_link("#v=1"), clock, crowd=lambda: 100.0)
    session.attach()
    tell(session, Play(seq=1))
    epochs = []
    for number in range(1, 40):
        epochs.append(health_of(take_frame(session, clock))["epoch"])
        session.receive(Ack(frame=number))
    assert len(set(epochs)) == 1  # in 3.9 seconds; every 25 seconds for a hundred sessions of a thread


# -- commands that take long -------------------------------------------------------------------------------------------

LARGE = Settings(dataset="reg-plane", hidden=(33,) * 12, batch_size=1, learning_rate=0.0001, train_share=100)


def test_a_long_step_is_taken_in_parts_and_changes_no_bit() -> None:
    session, clock = make_session(LARGE)
    session.attach()
    session.outbox.clear()
    session.receive(Step(seq=1))
    parts = 0
    while session.is_busy:
        assert not session.outbox
        assert session.handled == 0
        session.go_on()
        parts += 1
        if parts == 2:  # a server that is killed now resumes inside the epoch, and the page sends the step again
            other, _ = make_session(LARGE)
            other.thaw(unpack(pack(session.freeze())))
    assert parts > 2
    assert session.handled == 1
    answer = session.outbox[0]
    assert isinstance(answer, State)
    assert answer.seq == 1
    whole = Trainer(LARGE)
    whole.train(1)
    other.receive(Step(seq=1))
    while other.is_busy:
        other.go_on()
    for trainer in (session.trainer, other.trainer):
        assert trainer.epoch == 1
        assert_array_equal(trainer.parameters, whole.parameters)
    assert clock.now >= 0


def test_playing_a_large_network_ends_a_turn_inside_the_epoch() -> None:
    session, clock = make_session(LARGE)
    tell(session, Play())
    clock.now += 10
    session.advance()
    assert 0 < session.trainer.step < session.trainer.steps_in_epoch
    for _ in range(1000):
        if session.trainer.epoch:
            break
        clock.now += 1
        session.advance()
    whole = Trainer(LARGE)
    whole.train_steps(session.trainer.step)
    assert_array_equal(session.trainer.parameters, whole.parameters)
