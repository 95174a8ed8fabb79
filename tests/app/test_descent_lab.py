"""app/labs/descent: the descent lab through sessions, links, checkpoints and the command line."""

import json
import math
import re
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pydantic import ValidationError
from typer.testing import CliRunner

from app.client import Client, Frame, Material
from app.experiment import Experiment
from app.labs import LABS
from app.labs.descent.controls import CONTROLS
from app.labs.descent.edits import Hover, NewPoints
from app.labs.descent.explanations import EXPLANATIONS
from app.labs.descent.lab import DESCENT
from app.labs.descent.view import DescentView
from app.links import link_for, read_link, write_link
from app.protocol import Ack, Change, Focus, Play, Reset, Share, Shared, Speed, State, Step
from app.sessions.session import NEVER, Session
from app.storage.checkpoint import pack, unpack
from app.terminal.cli import cli
from engine.labs.descent.model import LOSSES
from engine.labs.descent.problems import problem_of
from engine.labs.descent.settings import SETTINGS, DescentSettings

LINE = "#lab=descent&v=1&problem=line&race=runners&speed=full"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(link: str, clock: Clock) -> Session:
    session = Session(link_for(DESCENT, link), clock)
    session.attach()
    return session


@pytest.fixture
def session(clock: Clock) -> Session:
    return opened(LINE, clock)


def tell(session: Session, command: Any) -> Any:
    session.outbox.clear()
    session.receive(command)
    return session.outbox[0]


def frame_of(session: Session, clock: Clock) -> Frame:
    """The newest one; a page that has it already comes back and gets it again."""
    client = Client()
    frame: Frame | None = None
    if session.next_turn() == NEVER:
        session.attach()
    while frame is None or session.next_turn() <= clock.now:
        clock.now += 0.1
        session.advance()
        if session.picture is None:
            continue
        came, session.picture = client.receive(session.picture), None
        assert isinstance(came, Frame)
        frame = came
        session.receive(Ack(frame=frame.number))
    return frame


def played(session: Session, clock: Clock) -> Any:
    tell(session, Play(seq=session.handled + 1))
    while session.playing:
        clock.now += 0.1
        session.advance()
        session.picture = None
        session.receive(Ack(frame=2**40))
    return session.trainer


# -- greeting, playing, frames -----------------------------------------------------------------------------------------


def test_it_is_among_the_labs_and_names_its_losses_as_the_engine_does() -> None:
    assert LABS["descent"] is DESCENT
    assert DESCENT.losses == LOSSES


def test_its_runs_have_float64(session: Session) -> None:
    assert session.trainer.model.descents[0].weights.dtype == np.float64


def test_a_page_is_greeted_with_the_error_and_its_points(session: Session) -> None:
    state, material = session.outbox
    assert isinstance(state, State)
    assert (state.lab, state.link) == ("descent", LINE)
    assert state.view == asdict(DescentView(speed=None))
    facts, problem = state.facts, problem_of(session.trainer.settings)
    assert (facts["weights"], facts["start"]) == (("w", "b"), problem.start)
    assert [racer["runner"] for racer in facts["racers"]] == ["batch", "sequence", "replacement", "mini-batch"]
    assert facts["curvatures"] == problem.curvatures
    assert facts["minima"][0]["at"] == problem.minima[0]
    assert isinstance(material, bytes)
    event = Client().receive(material)
    assert isinstance(event, Material)
    assert_allclose(event.tensors["points"], problem.points, rtol=1e-6)
    surface, ((left, right), (bottom, top)) = event.tensors["surface"], problem.window
    side = len(surface)
    assert surface.shape == (side, side)
    for row, column in [(0, 0), (0, side - 1), (side - 1, 0), (30, 70)]:
        place = [left + (right - left) * column / (side - 1), top + (bottom - top) * row / (side - 1)]
        assert surface[row, column] == pytest.approx(float(problem.error(np.array(place))), rel=1e-5)


def test_a_curve_comes_with_those_of_single_points(clock: Clock) -> None:
    session = opened("#lab=descent&v=1&problem=slope&points=5", clock)
    material = Client().receive(session.outbox[1])  # type: ignore[arg-type]
    assert isinstance(material, Material)
    assert material.tensors["singles"].shape == (5, len(material.tensors["curve"]))
    assert_allclose(material.tensors["singles"].mean(0), material.tensors["curve"], rtol=1e-5)


def test_a_frame_has_places_ways_and_what_the_next_step_goes_by(session: Session, clock: Clock) -> None:
    for seq in range(1, 6):
        tell(session, Step(seq=seq))
    frame, model = frame_of(session, clock), session.trainer.model
    assert frame.about["losses"] == ",".join(LOSSES)
    assert [frame.losses[name] for name in LOSSES[:4]] == pytest.approx(model.errors())
    assert frame.losses["racer_5"] is None
    assert_allclose(frame.tensors["places"], model.places, rtol=1e-6)
    assert frame.tensors["paths"].shape == (4, 6, 2)
    assert_allclose(frame.tensors["paths"][:, -1], frame.tensors["places"])
    chosen = frame.tensors["chosen"]
    assert chosen[0].tolist() == list(range(20))
    assert chosen[1].tolist() == [5, *[-1] * 19]
    assert (chosen[3] >= 0).sum() == 5
    for k in range(4):
        points = chosen[k][chosen[k] >= 0].astype(int)
        slope = model.problem.gradient(model.places[k], points)
        assert_allclose(frame.tensors["slopes"][k], slope, rtol=1e-5)
        assert frame.tensors["batch_errors"][k] == pytest.approx(model.problem.batch_error(model.places[k], points))
    expected = frame.tensors["next"]
    tell(session, Step(seq=6))
    assert_allclose(session.trainer.model.places, expected, rtol=1e-5)
    w, b = model.places[0]
    line = frame_of(session, clock).tensors["lines"][0]
    assert_allclose(line, w * np.linspace(0, 3, len(line)) + b, rtol=1e-5)


def test_a_frame_has_the_rate_of_the_step_that_comes(clock: Clock) -> None:
    session = opened("#lab=descent&v=1&learning_rate=0.2&schedule=cosine&schedule_steps=10&stop_epochs=4", clock)
    played(session, clock)
    rate = 0.2 * (1 + math.cos(math.pi * 4 / 10)) / 2
    assert_allclose(frame_of(session, clock).tensors["rates"], [rate], rtol=1e-6)


def test_the_height_of_a_way_over_one_weight_is_the_error_there(clock: Clock) -> None:
    session = opened("#lab=descent&v=1&race=rates", clock)
    for seq in range(1, 8):
        tell(session, Step(seq=seq))
    frame = frame_of(session, clock)
    assert_allclose(frame.tensors["path_errors"], 2 * frame.tensors["paths"][..., 0] ** 2, rtol=1e-5)


def test_it_plays_until_all_have_arrived_or_diverged_and_then_begins_again(clock: Clock) -> None:
    session = opened("#lab=descent&v=1&race=rates&speed=full", clock)
    run = played(session, clock)
    told: list[Any] = json.loads(frame_of(session, clock).about["racers"])
    assert [racer["diverged"] is None for racer in told] == [True, True, True, False]
    assert [racer["arrived"] is None for racer in told] == [False, False, False, True]
    assert [racer["behaviour"] for racer in told] == ["settles", "settles", "oscillates", "diverges"]
    last = run.step
    assert played(session, clock).step == last
    assert run.starts == 2


def test_a_dropped_start_keeps_the_picture_and_the_run(session: Session) -> None:
    tell(session, Play(seq=1))
    state = tell(session, Change(seq=2, settings={"start": [1.0, 2.5]}))
    assert (state.facts["start"], state.run, state.playing) == ((1.0, 2.5), 1, True)
    assert len(session.outbox) == 1
    assert tell(session, Change(seq=3, settings={"problem": "bowl", "start": []})).field == "race"
    state = tell(session, Change(seq=4, settings={"problem": "bowl", "start": [], "race": "one"}))
    assert (state.run, state.facts["weights"]) == (2, ("w",))
    assert tell(session, Change(seq=5, settings={"start": [1.0, 2.5]})).field == "start"


def test_the_error_under_the_pointer_is_the_engines(session: Session, clock: Clock) -> None:
    assert frame_of(session, clock).about["hovered"] == ""
    session.outbox.clear()
    session.receive(Hover(at=(0.5, 1.0)))
    assert not session.outbox
    problem, at = session.trainer.model.problem, np.array([0.5, 1.0])
    numbers = [float(each) for each in frame_of(session, clock).about["hovered"].split(",")]
    assert numbers == pytest.approx([0.5, 1.0, float(problem.error(at)), *problem.whole_gradient(at)], rel=1e-15)
    session.receive(Hover(at=(0.5,)))
    assert frame_of(session, clock).about["hovered"] == ""
    with pytest.raises(ValidationError):
        Hover(at=(1e9, 0))


def test_new_points_begin_anew(session: Session) -> None:
    tell(session, Step(seq=1))
    before = session.trainer.model.problem.points
    state = tell(session, NewPoints(seq=2))
    assert (state.run, session.trainer.step) == (2, 0)
    assert (session.trainer.model.problem.points != before).any()
    assert tell(session, Focus(seq=3, unit=(1, 1))).field == "unit"


def test_a_reset_keeps_the_start(session: Session) -> None:
    tell(session, Change(seq=1, settings={"start": [1.0, 2.5]}))
    tell(session, Step(seq=2))
    tell(session, Reset(seq=3))
    assert_array_equal(session.trainer.model.places, [[1.0, 2.5]] * 4)


# -- links, checkpoints, terminal --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": "valley", "curvature": 12.5, "start": (-1.25, 0.5)},
        {"race": "methods", "rates": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7), "momentum": 0.5},
        {"problem": "slope", "runner": "mini-batch", "batch_size": 3, "schedule": "one-cycle", "seed": "a b"},
    ],
)
def test_a_link_comes_back_with_all(changes: dict[str, Any]) -> None:
    settings = replace(DescentSettings(), **changes)
    for view in (DescentView(), DescentView(speed=None, singles=False, hide=("start",)), DescentView(speed=30)):
        text = write_link(Experiment(settings, view))
        assert text.startswith("#lab=descent&v=1&")
        link = read_link(text)
        assert (link.experiment, link.repairs, link.lab) == (Experiment(settings, view), (), DESCENT)


def test_a_wrong_start_is_repaired() -> None:
    link = read_link("#lab=descent&v=1&problem=line&start=1")
    assert link.experiment.settings == DescentSettings(problem="line")
    assert link.repairs == ("start: “1” came, expected 2 numbers, or none",)


def test_full_speed_has_a_word(session: Session) -> None:
    assert session.view.speed is None
    state = tell(session, Speed(seq=1, epochs_per_second=5))
    assert "speed" not in state.link
    assert "speed=full" in tell(session, Speed(seq=2, epochs_per_second=None)).link


def test_a_shared_link_has_the_places(session: Session) -> None:
    tell(session, Step(seq=1))
    shared = tell(session, Share(seq=2, weights=True))
    assert isinstance(shared, Shared)
    other = Session(link_for(DESCENT, shared.link), lambda: 1.0)
    assert_allclose(other.trainer.model.places, session.trainer.model.places, rtol=1e-6)
    assert other.trainer.step == 1


def test_a_checkpoint_goes_on_bit_for_bit(session: Session) -> None:
    session.trainer.train(30)
    other = Session(link_for(DESCENT, ""), lambda: 1.0)
    other.thaw(unpack(pack(session.freeze())))
    for each in (session, other):
        each.trainer.train(20)
    assert_array_equal(other.trainer.model.paths.places, session.trainer.model.paths.places)
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)


def test_a_checkpoint_after_the_end_stays_at_the_end(clock: Clock) -> None:
    session = opened("#lab=descent&v=1&learning_rate=2&speed=full", clock)
    step = played(session, clock).step
    other = Session(link_for(DESCENT, ""), lambda: 1.0)
    other.thaw(unpack(pack(session.freeze())))
    assert (other.trainer.step, other.trainer.starts, other.playing) == (step, 1, False)


def test_train_prints_the_race() -> None:
    flags = ["--problem", "valley", "--race", "methods", "--start", "-2,1.5", "--epochs", "20", "--json"]
    result = CliRunner().invoke(cli, ["train", "--lab", "descent", *flags])
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert (printed["config"]["dtype"], printed["config"]["start"]) == ("float64", [-2, 1.5])
    racers = printed["final"]["racers"]
    assert [racer["method"] for racer in racers] == list(SETTINGS["method"].choices)
    assert len(racers[0]["path"]) == 21
    assert racers[0]["weights"] == pytest.approx([-2 * 0.9**20, 1.5 * 0.6**20], rel=1e-12)
    assert racers[0]["error"] == printed["final"]["loss_racer_1"]
    wrong = CliRunner().invoke(cli, ["train", "--lab", "descent", "--start", "here"])
    assert wrong.exit_code == 2
    assert "numbers, by commas" in wrong.output


def test_train_says_how_each_fared() -> None:
    result = CliRunner().invoke(cli, ["train", "--lab", "descent", "--race", "rates", "--epochs", "100"])
    assert result.exit_code == 0, result.output
    assert "arrived at step 10" in result.output
    assert "diverged at step" in result.output


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_is_explained(control: str) -> None:
    assert EXPLANATIONS[control]


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_an_explanation_is_short_and_made_of_sentences(name: str) -> None:
    assert len(EXPLANATIONS[name]) <= 200
    assert re.fullmatch(r"[A-Z].*[.?]", EXPLANATIONS[name])
