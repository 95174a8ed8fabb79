"""app/labs/adversarial: the adversarial lab through sessions, links, checkpoints, exports and the command line."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from typer.testing import CliRunner

from app.client import Client, Frame, Material
from app.experiment import Experiment
from app.labs import LABS
from app.labs.adversarial.controls import CONTROLS
from app.labs.adversarial.edits import OtherSeed, SixteenSeeds
from app.labs.adversarial.explanations import EXPLANATIONS
from app.labs.adversarial.exports import FORMS, write
from app.labs.adversarial.lab import ADVERSARIAL
from app.labs.adversarial.studied_run import StudiedGame
from app.labs.adversarial.verdict import verdict
from app.labs.adversarial.view import AdversarialView
from app.links import link_for, read_link, write_link
from app.protocol import Ack, Share, Shared, Show, Speed, State, Step
from app.sessions.session import NEVER, Session
from app.storage.checkpoint import pack, unpack
from app.terminal.cli import cli
from engine.labs.adversarial.measures import SIDE, pixels
from engine.labs.adversarial.model import LOSSES
from engine.labs.adversarial.settings import SETTINGS, AdversarialSettings
from engine.machine.examples import Labelled

SMALL = "#lab=adversarial&v=1&generator=6&discriminator=7,5&batch_size=20"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(link: str, clock: Clock) -> Session:
    session = Session(link_for(ADVERSARIAL, link), clock)
    session.attach()
    return session


@pytest.fixture
def session(clock: Clock) -> Session:
    return opened(SMALL, clock)


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


def test_its_record_is_that_of_the_engine() -> None:
    assert LABS["adversarial"] is ADVERSARIAL
    assert ADVERSARIAL.losses == LOSSES
    assert {each.name for each in SETTINGS.values() if each.group} <= set(EXPLANATIONS)
    assert all(name in CONTROLS for each in SETTINGS.values() for name in each.controls)


def test_a_page_is_greeted_with_some_of_the_real_points(session: Session) -> None:
    state, material = session.outbox
    assert isinstance(state, State)
    assert (state.lab, state.link) == ("adversarial", SMALL)
    assert len(state.facts["modes"]) == 8
    assert (state.facts["generator_parameters"], state.facts["discriminator_parameters"]) == (32, 67)
    came = Client().receive(material)  # type: ignore[arg-type]
    assert isinstance(came, Material)
    assert came.tensors["points"].shape == (500, 2)
    assert np.abs(np.hypot(*came.tensors["points"].T) - 1).max() < 0.25


def test_a_frame_has_the_fakes_their_arrows_and_the_field(session: Session, clock: Clock) -> None:
    tell(session, Show.model_validate({"type": "show", "seq": 1, "bent_grid": True}))
    session.trainer.train(30)
    frame, model = frame_of(session, clock), session.trainer.model
    fakes = model.fakes(model.noises(300, "noise to show"))
    assert_allclose(frame.tensors["fakes"], fakes.T, rtol=1e-6)
    assert_allclose(frame.tensors["arrows"], model.arrows(fakes).T, rtol=1e-6)
    said = 1 / (1 + np.exp(-model.said(pixels().T)))
    assert_allclose(frame.tensors["field"].ravel() / 255, said, atol=0.003)
    assert frame.tensors["bent_grid"].shape == (441, 2)
    assert frame.tensors["best"].shape == (SIDE, SIDE)
    numbers = json.loads(frame.about["numbers"])
    assert (numbers["modes"], 0 <= numbers["covered"] <= 8, 0 <= numbers["good"] <= 1) == (8, True, True)
    assert 0 <= numbers["divergence"] <= math.log(2) + 1e-9
    assert_allclose(numbers["gap"], session.trainer.measured()[1].gap(said.reshape(SIDE, SIDE)), rtol=1e-6)


@pytest.mark.parametrize("objective", ["clipping", "penalty"])
def test_a_critics_field_has_a_range(clock: Clock, objective: str) -> None:
    session = opened(f"{SMALL}&objective={objective}", clock)
    session.trainer.train(20)
    frame = frame_of(session, clock)
    low, high = map(float, frame.about["range"].split(","))
    said = session.trainer.model.said(pixels().T)
    assert (low, high) == (said.min(), said.max())
    assert_allclose(low + frame.tensors["field"].ravel() / 255 * (high - low), said, atol=(high - low) / 200)
    assert json.loads(frame.about["numbers"])["gap"] is None
    assert tell(session, Speed(seq=9, epochs_per_second=5)).facts["is_probability"] is False


def test_what_is_not_wanted_is_not_sent(session: Session, clock: Clock) -> None:
    wanted = {"field": False, "arrows": False, "best": False}
    tell(session, Show.model_validate({"type": "show", "seq": 1, **wanted}))
    assert {"field", "arrows", "best", "bent_grid"}.isdisjoint(frame_of(session, clock).tensors)


def test_a_step_is_a_round_and_a_batch_is_one_update(session: Session) -> None:
    tell(session, Step(seq=1, unit="batch"))
    assert (session.trainer.epoch, session.trainer.step) == (0, 1)
    tell(session, Step(seq=2))
    assert (session.trainer.epoch, session.trainer.step) == (1, 2)


def test_a_new_seed_begins_anew(session: Session) -> None:
    before = session.trainer.model.points.inputs.copy()
    tell(session, OtherSeed(seq=1))
    assert session.trainer.step == 0
    assert (session.trainer.model.points.inputs != before).any()


def test_sixteen_seeds_go_on_between_turns_until_they_are_done(session: Session, clock: Clock) -> None:
    session.receive(SixteenSeeds(rounds=20, number=1))
    frame = frame_of(session, clock)
    while (said := json.loads(frame.about["seeds"]))["finished"] < 16:
        session.advance()
        session.attach()
        frame = frame_of(session, clock)
    assert frame.tensors["seed_fakes"].shape == (16, 200, 2)
    assert (said["number"], said["share"], len(said["each"])) == (1, 1, 16)
    assert said["collapsed"] == sum(each["covered"] < 8 for each in said["each"])
    assert session.trainer.step == 0
    session.receive(SixteenSeeds(rounds=None, number=2))
    session.attach()
    assert "seed_fakes" not in frame_of(session, clock).tensors


def test_seeds_that_are_cancelled_take_no_more_time(session: Session) -> None:
    session.receive(SixteenSeeds(rounds=20_000, number=1))
    session.advance()
    seeds = session.trainer.seeds
    session.receive(SixteenSeeds(rounds=None, number=2))
    share = seeds.share if seeds else 0
    for _ in range(5):
        session.advance()
    assert share == (seeds.share if seeds else 0) < 1


# -- links, checkpoints, terminal --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset": "grid", "spread": 0.02, "noise": "normal", "dimensions": 1, "seed": "a b"},
        {"dataset": "own", "drawing": (0.5, -0.25, 1.0, 0.0), "turns": 5, "objective": "penalty", "penalty": 3},
        {"generator": (3, 4), "discriminator": (5,), "generator_activation": "tanh", "clip": 0.3},
    ],
)
def test_a_link_comes_back_with_all(changes: dict[str, Any]) -> None:
    settings = replace(AdversarialSettings(), **changes)
    for view in (AdversarialView(), AdversarialView(field=False, bent_grid=True, hide=("seeds",), speed=30)):
        text = write_link(Experiment(settings, view))
        link = read_link(text)
        assert (link.experiment, link.repairs, link.lab) == (Experiment(settings, view), (), ADVERSARIAL)


def test_a_shared_link_has_both_networks(session: Session) -> None:
    session.trainer.train(10)
    shared = tell(session, Share(seq=1, weights=True))
    assert isinstance(shared, Shared)
    other = Session(link_for(ADVERSARIAL, shared.link), lambda: 1.0)
    assert_allclose(other.trainer.saved(), session.trainer.saved(), rtol=1e-6)
    assert other.trainer.epoch == 10


def test_networks_that_a_server_does_not_allow_become_the_usual_ones() -> None:
    large = AdversarialSettings(generator=(64, 64, 64), discriminator=(64, 64))
    fitting, repair = ADVERSARIAL.fitted(large, 3_000) or (None, "")
    assert fitting == AdversarialSettings()
    assert "at most 3,000" in repair
    assert ADVERSARIAL.fitted(AdversarialSettings(), 10) is None


def test_a_checkpoint_goes_on_bit_for_bit(session: Session) -> None:
    session.trainer.train_steps(31)
    other = Session(link_for(ADVERSARIAL, ""), lambda: 1.0)
    other.thaw(unpack(pack(session.freeze())))
    for each in (session, other):
        each.trainer.train_steps(20)
    assert_array_equal(other.trainer.saved(), session.trainer.saved())
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)


def test_train_prints_the_game() -> None:
    flags = ["--generator", "6", "--discriminator", "7,5", "--epochs", "20", "--dtype", "float64", "--json"]
    result = CliRunner().invoke(cli, ["train", "--lab", "adversarial", *flags])
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert set(printed["metrics"]) == {"modes", "modes_in_all", "good", "divergence", "gap"}
    assert set(printed["losses"]) == {"generator", "discriminator"}
    assert (printed["epochs"], printed["steps"], printed["metrics"]["modes_in_all"]) == (20, 40, 8)
    shapes = [np.shape(each) for each in printed["final"]["discriminator"]["weights"]]
    assert shapes == [(7, 2), (5, 7), (1, 5)]
    assert len(printed["config"]["centres"]) == 8


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", list(SETTINGS["generator_activation"].values))
@pytest.mark.parametrize("form", list(FORMS))
def test_an_exported_file_says_what_both_networks_say(form: str, activation: str) -> None:
    settings = {"generator_activation": activation, "discriminator_activation": activation}
    run = StudiedGame(AdversarialSettings(generator=(6, 4), discriminator=(5,), **settings))  # type: ignore[arg-type]
    run.train(20)
    scope: dict[str, Any] = {"__name__": "file"}
    exec(write(run, form).decode(), scope)
    noise = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    if form == "numpy":
        fakes, said = scope["generator"](noise), scope["discriminator"](noise)
    else:
        with torch.no_grad():
            tensor = torch.tensor(noise, dtype=torch.float32)
            fakes, said = (scope[name]()(tensor).numpy() for name in ("generator", "discriminator"))
            said = said[:, 0]
    model = run.model
    assert_allclose(fakes.T, model.fakes(Labelled(noise.T, np.zeros(50), 0, np.float32)), atol=1e-5)
    assert_allclose(said, model.said(noise.T), atol=1e-5)


# -- the verdict -------------------------------------------------------------------------------------------------------


def test_the_verdict_is_about_modes_and_good_fakes() -> None:
    run = StudiedGame(AdversarialSettings(generator=(6,), discriminator=(6,)))
    assert json.loads(verdict(run))["kind"] == "start"
    run.train(10)
    assert json.loads(verdict(run))["kind"] == "early"
    run.train(190)
    said = json.loads(verdict(run))
    score, _ = run.measured()
    assert said["figures"] == {"covered": score.covered, "modes": 8, "good": score.good}
    assert said["cause"] == ("some" if score.covered < 8 else "blurred" if score.good < 0.5 else "all")


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_an_explanation_is_short_and_made_of_sentences(name: str) -> None:
    text = EXPLANATIONS[name]
    assert len(text) <= 200
    assert text.endswith((".", "?"))
