"""app/labs/autoencoder: the autoencoder lab through sessions, links, checkpoints, files and the command line."""

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from typer.testing import CliRunner

from app.client import Client, Frame
from app.experiment import Experiment
from app.labs.autoencoder.controls import CONTROLS
from app.labs.autoencoder.edits import AnotherSeed, Decode, Example
from app.labs.autoencoder.engine import begin, has_work, work
from app.labs.autoencoder.explanations import EXPLANATIONS
from app.labs.autoencoder.exports import FORMS, write
from app.labs.autoencoder.facts import fitted, limits
from app.labs.autoencoder.frames import material, show
from app.labs.autoencoder.lab import AUTOENCODER
from app.labs.autoencoder.page import PRESETS
from app.labs.autoencoder.view import AutoencoderView
from app.labs.contract import Wish
from app.links import link_for, read_link, write_link
from app.protocol import Ack, Change, GoTo, Play, State, Step, Undo
from app.sessions.session import NEVER, Session
from app.storage.checkpoint import pack, unpack
from app.terminal.cli import cli
from engine.choices import Refused
from engine.labs.autoencoder.examples import images
from engine.labs.autoencoder.settings import SETTINGS, AutoencoderSettings

RING = (
    "#lab=autoencoder&v=1&examples=ring&hidden=8,8&code=1&batch_size=10&activation=tanh&loss=squared&learning_rate=0.01"
)
FACES = AutoencoderSettings(examples="faces", hidden=(16,), code=12)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(link: str, clock: Clock) -> Session:
    session = Session(link_for(AUTOENCODER, link), clock)
    session.attach()
    return session


def tell(session: Session, command: Any) -> Any:
    session.outbox.clear()
    session.receive(command)
    return session.outbox[0] if session.outbox else None


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
        seen, session.picture = client.receive(session.picture), None
        assert isinstance(seen, Frame)
        frame = seen
        session.receive(Ack(frame=frame.number))
    return frame


def test_every_setting_of_the_page_can_be_hidden_and_is_explained() -> None:
    shown = {name for name, each in SETTINGS.items() if each.group}
    assert shown < CONTROLS.keys() <= EXPLANATIONS.keys()
    assert all(len(text) <= 200 for text in EXPLANATIONS.values())


def test_a_session_trains_decodes_and_rebuilds(clock: Clock) -> None:
    session = opened(RING, clock)
    state = tell(session, Step(seq=1))
    assert isinstance(state, State)
    session.receive(Example(number=7))
    session.receive(Decode(code=(0.25,)))
    frame = frame_of(session, clock)
    model = session.trainer.model
    assert session.trainer.epoch == 1
    seen = model.examples.test[7:8]
    expected = [model.decode(model.encode(seen))[0], model.pca.decoded(model.pca.codes(seen, 1))[0]]
    assert_allclose(frame.tensors["rebuilt"], expected, rtol=1e-5)
    errors = [float(each) for each in frame.about["example_errors"].split(",")]
    assert_allclose(errors, ((np.array(expected) - seen) ** 2).sum(1), rtol=1e-3)
    assert_allclose(frame.tensors["decoded"], model.decode(np.array([[0.25]]))[0], rtol=1e-5)
    assert frame.tensors["codes"].shape == (500, 1)
    assert frame.tensors["curve"].shape == (121, 2)
    ends = model.decode(np.array([[model.codes.min()], [model.codes.max()]]))
    assert_allclose(frame.tensors["curve"][[0, -1]], ends, rtol=1e-5)


def test_a_code_of_another_length_is_not_decoded(clock: Clock) -> None:
    session = opened(RING, clock)
    session.receive(Decode(code=(1.0, 2.0)))
    assert "decoded" not in frame_of(session, clock).tensors


def test_all_codes_are_those_of_the_stack_once_it_rests() -> None:
    run = begin(AutoencoderSettings(hidden=(8,)))
    wish = Wish(view=None)
    assert np.isnan(run.model.test_errors).any()
    turns = 0
    while has_work(run, wish):
        work(run, wish, 0)
        turns += 1
    assert 2000 // 25 <= turns <= 2000 // 25 + 2
    assert_array_equal(run.model.codes, run.model.encode(run.model.examples.test))
    assert not has_work(run, wish)
    run.train_steps(1)
    assert has_work(run, wish)


def test_numbers_of_faces_are_named_by_what_they_follow() -> None:
    run = begin(FACES)
    run.train(2)
    told = material(run)
    assert told["test"].shape == (800, 32, 32)
    assert told["factors"].shape == (800, 9)
    factor, correlation = show(run, Wish(view=None)).tensors["followed"][3]
    codes, factors = run.model.codes[:, 3], images("faces").factors
    expected = [np.corrcoef(codes, factors[:, each])[0, 1] for each in range(9)]
    assert factor == np.abs(expected).argmax()
    assert_allclose(correlation, expected[int(factor)], rtol=1e-4)


def test_a_checkpoint_goes_on_bit_for_bit(clock: Clock) -> None:
    session = opened(RING, clock)
    tell(session, Step(seq=1))
    other = Session(link_for(AUTOENCODER, RING), clock)
    other.thaw(unpack(pack(session.freeze())))
    for each in (session, other):
        each.trainer.train(2)
    for name, tensor in session.trainer.model.state().tensors.items():
        assert_array_equal(other.trainer.model.state().tensors[name], tensor)


def test_a_stop_and_a_way_back(clock: Clock) -> None:
    session = opened(RING + "&stop_epochs=3", clock)
    tell(session, Play(seq=1))
    while session.playing:
        clock.now += 0.1
        session.advance()
        session.picture = None
        session.receive(Ack(frame=2**40))
    assert session.trainer.epoch == 3
    assert session.trainer.stop.reason == "epochs"
    before = session.trainer.model.state().tensors["parameters"]
    state = tell(session, AnotherSeed(seq=2))
    assert state.settings["seed"] != "0.12345"
    assert session.trainer.epoch == 0
    tell(session, Undo(seq=3))
    assert_array_equal(session.trainer.model.state().tensors["parameters"], before)


def test_a_stack_that_is_too_wide_for_a_server_is_refused(clock: Clock) -> None:
    """And a link with one opens with the usual layers, which any server has."""
    wide = replace(AutoencoderSettings(), hidden=(1000, 500, 250))
    assert fitted(wide, 40_000) is None
    small, why = fitted(wide, 1_000) or (wide, "")
    assert small.hidden == (256, 64)
    assert "2,823,286" in why
    assert limits(1_000)["parameters"] == AutoencoderSettings().parameters
    session = Session(link_for(AUTOENCODER, ""), clock, parameter_limit=1_000)
    session.attach()
    refused = tell(session, Change(seq=1, settings={"hidden": [1000, 500, 250]}))
    assert refused.type == "rejected"
    assert refused.field == "hidden"


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_settings(name: str) -> None:
    _, settings = PRESETS[name]
    made = AutoencoderSettings(**{key: tuple(each) if key == "hidden" else each for key, each in settings.items()})  # type: ignore[arg-type]
    assert made.parameters <= limits(40_000)["parameters"]


RUNS = {
    "points": {"examples": "ring", "hidden": (8, 8), "code": 1, "activation": "tanh"},
    "probabilities": {"examples": "digits", "hidden": (20,), "code": 3},
    "linear": {"examples": "digits", "hidden": (), "code": 2, "linear": True},
}


@pytest.mark.parametrize("name", RUNS)
def test_files_say_what_the_engine_says(name: str) -> None:
    run = begin(AutoencoderSettings(**RUNS[name]))  # type: ignore[arg-type]
    run.train_steps(20)
    model = run.model
    seen = model.examples.test[:30]
    codes, back = model.encode(seen), model.decode(model.encode(seen))
    taken: dict[str, Any] = {"__name__": "numpy"}
    exec(compile(write(run, "numpy"), "numpy", "exec"), taken)
    assert_allclose(taken["encode"](seen), codes, atol=1e-5)
    assert_allclose(taken["reconstruct"](seen), back, atol=1e-5)
    taken = {"__name__": "pytorch"}
    exec(compile(write(run, "pytorch"), "pytorch", "exec"), taken)
    with torch.no_grad():
        assert_allclose(taken["model"]()(torch.tensor(seen)), back, atol=1e-5)
    graph = onnxruntime.InferenceSession(write(run, "onnx"), providers=["CPUExecutionProvider"])
    said = graph.run(["codes", "reconstructions"], {"examples": seen})
    assert_allclose(said[0], codes, atol=1e-5)
    assert_allclose(said[1], back, atol=1e-5)


def test_too_many_numbers_are_not_written_as_code() -> None:
    wide = begin(AutoencoderSettings(hidden=(512,)))
    with pytest.raises(Refused, match="too many"):
        write(wide, "numpy")
    with pytest.raises(Refused, match="numpy, pytorch, onnx"):
        write(wide, "keras")
    assert set(FORMS) == {"numpy", "pytorch", "onnx"}


def test_train_says_errors_by_name() -> None:
    said = CliRunner().invoke(
        cli,
        ["train", "--lab", "autoencoder", "--examples", "line", "--hidden", "", "--code", "1", "--linear",
         "--batch-size", "10", "--learning-rate", "0.01", "--epochs", "2", "--json"],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["lab"] == "autoencoder"
    assert set(told["losses"]) == {"train", "test"}
    assert set(told["metrics"]) == {"error_train", "error_test", "error_pca", "error_nothing", "angle"}
    assert told["metrics"]["error_test"] == told["losses"]["test"]
    assert told["config"]["widths"] == [2, 1, 2]
    assert [np.shape(each) for each in told["final"]["weights"]] == [(2, 1), (1, 2)]


def test_a_link_keeps_every_setting() -> None:
    settings = AutoencoderSettings(
        seed="b", examples="faces", noise=0.1, hidden=(30, 20), code=7, linear=True, activation="tanh", loss="squared",
        learning_rate=0.02, batch_size=50, method="adamw", momentum=0.8, schedule="one-cycle", schedule_epochs=9,
        weight_decay=0.01, stop_epochs=5, stop_loss=0.5, stop_plateau=4, stop_set="train",
    )  # fmt: skip
    default = asdict(AutoencoderSettings())
    assert all(value != default[name] for name, value in asdict(settings).items())
    assert read_link(write_link(Experiment(settings, AutoencoderView()))).experiment.settings == settings


def test_the_usual_stack_goes_back_and_forth(clock: Clock) -> None:
    """Its moments have 5 MB each, more than the budgets of small models."""
    session = opened("#lab=autoencoder&v=1", clock)
    run = session.trainer
    run.train(2)
    then = run.model.saved().copy()
    tell(session, Change(seq=1, settings={"learning_rate": 0.01}))
    run.train_steps(3)
    assert run.model.saved().tobytes() != then.tobytes()
    assert isinstance(tell(session, Undo(seq=2)), State)
    assert session.trainer.model.saved().tobytes() == then.tobytes()
    assert session.trainer.timeline.first == 0
    tell(session, GoTo(seq=3, epoch=1))
    while session.trainer.epoch != 1:
        clock.now += 1
        session.advance()
    assert session.trainer.timeline.nbytes <= 4 * session.trainer.model.nbytes + 10_000
