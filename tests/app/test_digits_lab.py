"""app/labs/digits: the digits lab through sessions, links, checkpoints and the command line."""

import base64
import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pydantic import TypeAdapter, ValidationError
from typer.testing import CliRunner

from app.client import Client, Frame, Material
from app.experiment import Experiment, Trained
from app.labs import LABS
from app.labs.contract import Wish
from app.labs.digits.edits import Cell, Draw, NewSeed, RestoreUnit, SetUnit, SetUnitsWeight, SwitchUnit
from app.labs.digits.ink import is_ink, unpacked
from app.labs.digits.lab import DIGITS
from app.labs.digits.verdict import verdict_of
from app.labs.digits.view import DigitsView
from app.links import link_for, read_link, write_link
from app.protocol import Ack, Change, Focus, Pause, Play, Rejected, Share, Shared, Show, State, Step
from app.sessions.session import Session
from app.storage.checkpoint import pack, unpack
from app.terminal.cli import cli
from engine.labs.digits.insights import answers
from engine.labs.digits.mnist import training_digits, unseen_digits
from engine.labs.digits.model import LOSSES
from engine.labs.digits.settings import MAX_PARAMETERS, TWINS, DigitsSettings
from engine.labs.digits.surveys import Survey, by_shift, shift_map

SMALL = "#lab=digits&v=1&digits=500&hidden=4&filters=2,3&filter_size=3&batch_size=20"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(clock: Clock) -> Session:
    session = Session(link_for(DIGITS, SMALL), clock)
    session.attach()
    return session


def tell(session: Session, command: Any) -> Any:
    session.outbox.clear()
    session.receive(command)
    while session.is_busy:
        session.go_on()
    return session.outbox[0]


def frame_of(session: Session, clock: Clock) -> Frame:
    """The newest frame once nothing more is to be done: each is drawn at once."""
    client = Client()
    frame: Frame | None = None
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


def is_stepped(session: Session, steps: int = 30) -> None:
    session.trainer.train_steps(steps)


# -- greeting, playing, frames -----------------------------------------------------------------------------------------


def test_it_is_among_the_labs_and_names_its_losses_as_the_engine_does() -> None:
    assert LABS["digits"] is DIGITS
    assert DIGITS.losses == LOSSES


def test_a_page_is_greeted_with_both_networks_and_the_test_digits(session: Session) -> None:
    state, material = session.outbox
    assert isinstance(state, State)
    assert (state.lab, state.view, state.link) == ("digits", asdict(DigitsView()), SMALL)
    facts = state.facts
    assert [layer["kind"] for layer in facts["convolutional"]] == ["convolution", "convolution", "dense"]
    assert [layer["side"] for layer in facts["convolutional"]] == [14, 7, 0]
    assert [layer["units"] for layer in facts["plain"]] == [4, 10]
    assert facts["plain_parameters"] == 785 * 4 + 5 * 10
    assert facts["convolutional_parameters"] == 10 * 2 + 19 * 3 + (7 * 7 * 3 + 1) * 10
    assert isinstance(material, bytes)
    event = Client().receive(material)
    assert isinstance(event, Material)
    assert event.tensors["test"].shape == (2000, 28, 28)
    assert_array_equal(event.tensors["labels"], unseen_digits().labels)


def test_it_plays_and_frames_have_the_networks(session: Session, clock: Clock) -> None:
    tell(session, Play(seq=1))
    while session.trainer.epoch < 1:
        clock.now += 0.1
        session.advance()
    tell(session, Step(seq=2, unit="batch"))
    session.picture = None
    frame = frame_of(session, clock)
    assert frame.about["losses"] == ",".join(LOSSES)
    assert frame.losses == pytest.approx(session.trainer.model.named_losses())
    assert frame.tensors["history"].shape[1] == 5
    for twin in TWINS:
        network, layers = session.trainer.model.networks[twin], frame_facts(session)[twin]
        sent = frame.tensors[f"parameters_{twin}"]
        for number, layer in enumerate(layers, start=1):
            for role, shape in (("weights", layer["weights_shape"]), ("biases", (layer["units"],))):
                start = layer[f"{role}_offset"]
                own = network.tensor(number, role)
                assert_array_equal(sent[start : start + own.size].reshape(shape), own)
    filters = session.trainer.model.networks["convolutional"].tensor(1, "weights")
    assert_array_equal(frame.tensors["filters"], [filters[:, :, 0, each] for each in range(2)])
    assert frame.tensors["confusion"].sum((1, 2)).tolist() == [2000, 2000]


def frame_facts(session: Session) -> Any:
    return DIGITS.engine.facts(session.trainer).model_dump()


def test_while_nothing_trains_confusion_and_accuracy_are_those_of_the_networks_as_they_are(
    session: Session, clock: Clock
) -> None:
    is_stepped(session)
    frame = frame_of(session, clock)
    survey = Survey(np.arange(2000))
    survey.advance(session.trainer.model, 2000)
    for row, twin in enumerate(TWINS):
        assert_array_equal(frame.tensors["confusion"][row], survey.confusion(twin))
        assert frame.tensors["accuracy"][row] == pytest.approx(survey.accuracy(twin)[0])


def test_a_frame_says_what_each_test_digit_is_taken_for(session: Session, clock: Clock) -> None:
    labels = unseen_digits().labels
    tell(session, Play(seq=1))
    for _ in range(3):  # the looks of the run, before every digit was looked at
        clock.now += 0.1
        session.advance()
        said = shown_now(session)["said"]
        for row, twin in enumerate(TWINS):
            looks = session.trainer.model.test_looks[twin]
            assert_array_equal(said[row], np.where(np.isnan(looks.losses), 255, looks.said))
    tell(session, Pause(seq=2))
    frame = frame_of(session, clock)
    images = unseen_digits().images.reshape(-1, 28, 28)
    for row, twin in enumerate(TWINS):
        said = frame.tensors["said"][row]
        counts = [[((labels == actual) & (said == read)).sum() for read in range(10)] for actual in range(10)]
        assert_array_equal(frame.tensors["confusion"][row], counts)
        for digit in (0, 7, 1999):
            assert answers(session.trainer.model, images[digit])[twin].argmax() == said[digit]


def shown_now(session: Session) -> Any:
    """What a frame that is made now has, whether or not one is due."""
    return DIGITS.engine.show(session.trainer, Wish(session.view)).tensors


def test_after_an_edit_accuracy_comes_before_the_map_by_shift(session: Session, clock: Clock) -> None:
    is_stepped(session)
    frame_of(session, clock)  # the accuracy is known, the map is not
    tell(session, Show(seq=session.handled + 1, shift_map=True))
    for unit in range(1, 9):
        tell(session, SwitchUnit(seq=session.handled + 1, twin="convolutional", layer=1, unit=unit, off=True))
    run = session.trainer
    while not run.studies.tests.is_settled((run.step, run.changes)):
        session.advance()
    assert run.studies.by_shift is None or run.studies.by_shift.passes == 0


# -- the pad -----------------------------------------------------------------------------------------------------------


def test_an_empty_pad_gets_no_answer(session: Session, clock: Clock) -> None:
    for look in (Draw(), Draw(pixels=base64.b64encode(bytes(784)).decode()), Draw(digit=3, move=(28, 28))):
        session.receive(look)
        assert not {"answers", "image", "maps_1"} & frame_of(session, clock).tensors.keys()


def test_a_test_digit_and_the_same_pixels_get_the_same_answers(session: Session, clock: Clock) -> None:
    is_stepped(session)
    image = unseen_digits().images[7].reshape(28, 28)
    expected = answers(session.trainer.model, image)
    for look in (Draw(digit=7), Draw(pixels=base64.b64encode(image.tobytes()).decode())):
        session.outbox.clear()
        session.receive(look)
        assert not session.outbox
        frame = frame_of(session, clock)
        assert_array_equal(frame.tensors["image"], image)
        assert_array_equal(frame.tensors["answers"], [expected[twin] for twin in TWINS])
        assert_allclose(frame.tensors["answers"].sum(1), 1, rtol=1e-5)
        assert [frame.tensors[f"maps_{layer}"].shape for layer in (1, 2, 3)] == [(2, 14, 14), (3, 7, 7), (10,)]


def test_an_image_is_moved_by_whole_pixels_and_centred_when_asked(session: Session, clock: Clock) -> None:
    image = unseen_digits().images[7].reshape(28, 28)
    session.receive(Draw(digit=7, move=(2, -3)))
    moved = frame_of(session, clock).tensors["image"]
    assert_array_equal(moved[:-3, 2:], image[3:, :-2])
    assert not moved[-3:].any()
    tell(session, Show(seq=1, centre=True))
    centred = frame_of(session, clock).tensors["image"].astype(float)
    rows = centred.sum(1) @ np.arange(28) / centred.sum()
    assert abs(rows - 14) < 1


def test_a_quarter_turn_with_the_clock_and_half_the_size(session: Session, clock: Clock) -> None:
    image = unseen_digits().images[7].reshape(28, 28)
    session.receive(Draw(digit=7, turn=90))
    assert_array_equal(frame_of(session, clock).tensors["image"], np.rot90(image, -1))
    session.receive(Draw(digit=7, scale=0.5))
    small = frame_of(session, clock).tensors["image"]
    assert not small[:7].any()
    assert not small[:, 21:].any()
    assert small.any()


@pytest.mark.parametrize(
    "said", [{"pixels": "AAAA"}, {"pixels": "?"}, {"digit": 2000}, {"scale": 0}, {"move": [99, 0]}]
)
def test_a_bad_image_is_no_message(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draw(**said)


def test_a_layers_numbers_come_when_asked_and_add_up(session: Session, clock: Clock) -> None:
    is_stepped(session)
    tell(session, Show(seq=1, layer=1))
    session.receive(Draw(digit=7))
    frame, network = frame_of(session, clock), session.trainer.model.networks["convolutional"]
    weights, biases = network.tensor(1, "weights"), network.tensor(1, "biases")
    patch = frame.tensors["layer_source"][0, 9:12, 12:15]
    for each in range(2):
        total = (patch * weights[:, :, 0, each]).sum() + biases[each]
        assert frame.tensors["layer_sums"][each, 10, 13] == pytest.approx(total, abs=1e-5)
        pooled = max(frame.tensors["layer_sums"][each, 10:12, 12:14].max(), 0)
        assert frame.tensors["layer_values"][each, 5, 6] == pytest.approx(pooled, abs=1e-6)
    assert frame.about["layer"] == "convolutional,1"
    assert tell(session, Show(seq=2, layer=6)).field == "layer"


@pytest.mark.parametrize("shuffled", ["", "&shuffled_pixels=true"])
def test_a_dense_layers_numbers_come_with_its_weights_and_add_up(clock: Clock, shuffled: str) -> None:
    session = Session(link_for(DIGITS, SMALL.replace("hidden=4", "hidden=4,3") + shuffled), clock)
    session.attach()
    is_stepped(session)
    material = Client().receive(next(each for each in session.outbox if isinstance(each, bytes)))
    assert isinstance(material, Material)
    places = material.tensors["pixels"].astype(int)
    assert (places == np.arange(784)).all() != bool(shuffled)
    image = unseen_digits().images[7]
    session.receive(Draw(digit=7))
    facts, x = frame_facts(session), np.zeros(784)
    x[places] = image / 255
    for number in (1, 2, 3):
        tell(session, Show(seq=session.handled + 1, inside_plain=True, layer=number))
        frame, layer = frame_of(session, clock), facts["plain"][number - 1]
        assert frame.about["layer"] == f"plain,{number}"
        sent, units = frame.tensors["parameters_plain"], layer["units"]
        weights = sent[layer["weights_offset"] : layer["biases_offset"]].reshape(-1, units)
        biases = sent[layer["biases_offset"] :][:units]
        assert_allclose(frame.tensors["layer_source"], x, rtol=1e-4, atol=1e-5)
        z = x @ weights + biases
        assert_allclose(frame.tensors["layer_sums"], z, rtol=1e-4, atol=1e-5)
        x = np.maximum(z, 0) if number < 3 else z
        assert_allclose(frame.tensors["layer_values"], x, rtol=1e-4, atol=1e-5)
    tell(session, Show(seq=session.handled + 1, layer=5))
    assert frame_of(session, clock).about["layer"] == "plain,3"  # the last there is
    tell(session, Show(seq=session.handled + 1, inside_plain=False))
    frame = frame_of(session, clock)
    assert (frame.about["layer"], frame.tensors["layer_source"].shape) == ("convolutional,3", (7 * 7 * 3,))
    assert_allclose(frame.tensors["layer_values"], frame.tensors["layer_sums"], rtol=1e-4, atol=1e-5)


def test_what_a_convolution_sees_of_shuffled_pixels_is_shuffled(clock: Clock) -> None:
    session = Session(link_for(DIGITS, SMALL + "&shuffled_pixels=true&layer=1"), clock)
    session.attach()
    session.receive(Draw(digit=7))
    frame, model = frame_of(session, clock), session.trainer.model
    weights = model.networks["convolutional"].tensor(1, "weights")[:, :, 0]
    patch = frame.tensors["layer_source"][0, 9:12, 12:15]
    assert_allclose(frame.tensors["layer_sums"][:, 10, 13], np.tensordot(patch, weights, 2), atol=1e-5)
    ink = np.zeros(784)
    ink[model.test_examples.pixels] = unseen_digits().images[7] / 255
    assert_allclose(frame.tensors["layer_source"].ravel(), ink, atol=1e-6)


@pytest.mark.parametrize("view", [{"inside_plain": True}, {"layer": 3}], ids=["plain", "convolutional"])
def test_while_it_plays_a_dense_layers_numbers_come_with_no_older_weights(
    session: Session, clock: Clock, view: dict[str, Any]
) -> None:
    tell(session, Show(seq=1, **view))
    session.receive(Draw(digit=7))
    tell(session, Play(seq=2))
    has_both: set[tuple[bool, bool]] = set()
    for _ in range(60):
        clock.now += 0.02
        session.advance()
        if session.picture is None:
            continue
        frame, session.picture = Client().receive(session.picture), None
        assert isinstance(frame, Frame)
        session.receive(Ack(frame=frame.number))
        has_both.add(("parameters_plain" in frame.tensors, "layer_values" in frame.tensors))
    assert has_both == {(True, True), (False, False)}


# -- studies -----------------------------------------------------------------------------------------------------------


def test_the_map_by_shift_and_misread_digits(session: Session, clock: Clock) -> None:
    is_stepped(session)
    assert "shift_map" not in frame_of(session, clock).tensors
    tell(session, Show(seq=1, shift_map=True))
    session.receive(Cell(at=(2, -1)))
    frame, survey = frame_of(session, clock), by_shift()
    while not survey.advance(session.trainer.model, 200):
        pass
    assert frame.about["shift_map_done"] == "1.000"
    for row, twin in enumerate(TWINS):
        assert_allclose(frame.tensors["shift_map"][row], shift_map(survey, twin), rtol=1e-6)
    digits, said = survey.misread("plain", 5 * 13 + 8)
    assert survey.moves[5 * 13 + 8] == (2, -1)
    own = frame.tensors["misread"][frame.tensors["misread"][:, 0] == 0]
    assert_array_equal(own[:, 1:], np.stack([digits, said], axis=1)[:24])


def test_cells_of_the_map_are_new_once_they_were_measured_anew(session: Session, clock: Clock) -> None:
    run = session.trainer
    tell(session, Show(seq=1, shift_map=True))
    assert (frame_of(session, clock).tensors["shift_map_new"] == 1).all()
    is_stepped(session)  # more than an epoch, which has 25 steps
    assert not shown_now(session)["shift_map_new"].any()
    wanted = run.studies.wanted(shift_map=True, strongest=False, read_outs=False)
    start = wanted[1].done
    while wanted[1].done < start + 300:
        run.studies.work((run.step, run.changes), wanted, 0)
    shown, fresh = shown_now(session), by_shift()
    while not fresh.advance(run.model, 200):
        pass
    renewed = shown["shift_map_new"] == 1
    assert renewed.sum() == 300 * 25 // 200
    for row, twin in enumerate(TWINS):
        assert_allclose(shown["shift_map"][row][renewed], shift_map(fresh, twin)[renewed], rtol=1e-6)
        assert (shown["shift_map"][row] != np.float32(shift_map(fresh, twin))).any()


def test_a_cell_is_old_an_epoch_after_it_was_measured_and_after_an_edit(session: Session) -> None:
    run = session.trainer
    tell(session, Show(seq=1, shift_map=True))
    wanted = run.studies.wanted(shift_map=True, strongest=False, read_outs=False)[1:]

    def measure(cells: int) -> None:
        for _ in range(cells * 200 // 25):
            run.studies.work((run.step, run.changes), wanted, 0)

    measure(3)
    assert shown_now(session)["shift_map_new"].sum() == 3
    assert shown_now(session)["shift_map_new"][6, 6] == 1
    run.train_steps(run.steps_in_epoch - 1)
    measure(2)
    assert shown_now(session)["shift_map_new"].sum() == 5
    run.train_steps(1)
    assert shown_now(session)["shift_map_new"].sum() == 2
    tell(session, SwitchUnit(seq=2, twin="plain", layer=1, unit=1, off=True))
    assert not shown_now(session)["shift_map_new"].any()


def test_read_outs_and_the_strongest_digits_come_when_asked(session: Session, clock: Clock) -> None:
    is_stepped(session)
    tell(session, Focus(seq=1, unit=(2, 3)))
    tell(session, Show(seq=2, readouts=True))
    frame = frame_of(session, clock)
    scores = frame.tensors["readouts"]
    assert np.isnan(scores[0]).tolist() == [False, False, True]
    assert (scores[1] > 0.3).all()
    ink = [digits.images.reshape(-1, 784) / 255 for digits in (training_digits(), unseen_digits())]
    known, unknown = (np.c_[x[:count], np.ones(count)] for x, count in zip(ink, (500, 1000), strict=True))
    penalty = 0.1 * (known**2).mean() * len(known)
    targets = np.eye(10)[training_digits().labels[:500]]
    weights = np.linalg.solve(known.T @ known + penalty * np.eye(785), known.T @ targets)
    share = ((unknown @ weights).argmax(1) == unseen_digits().labels[:1000]).mean()
    assert frame.tensors["readout_pixels"] == pytest.approx([share], abs=0.002)
    strongest = frame.tensors["strongest"]
    assert strongest.shape == (9, 2)
    session.receive(Draw(digit=int(strongest[0, 0])))
    layer = frame_of(session, clock)
    high = float(layer.about["map_ranges"].split(";")[1].split(",")[1])
    assert layer.tensors["maps_2"][2].max() / 255 * high == pytest.approx(strongest[0, 1], abs=high / 255)
    assert tell(session, Focus(seq=3, unit=(2, 4))).field == "unit"


def test_a_focus_is_on_a_unit_of_the_network_that_is_looked_into(session: Session, clock: Clock) -> None:
    is_stepped(session)
    images, model = unseen_digits().images / 255, session.trainer.model
    assert tell(session, Focus(seq=1, unit=(3, 10))).focus == (3, 10)  # an output of the convolutional network
    state = tell(session, Show(seq=2, inside_plain=True))
    assert (state.view["inside_plain"], state.focus) == (True, None)  # the plain one has two layers
    assert tell(session, Focus(seq=3, unit=(1, 5))).expected.startswith("a layer and a unit of [4, 10]")
    network = model.networks["plain"]
    hidden = np.maximum(images @ network.tensor(1, "weights") + network.tensor(1, "biases"), 0)
    logits = hidden @ network.tensor(2, "weights") + network.tensor(2, "biases")
    for layer, values in ((1, hidden), (2, logits)):
        for unit in (1, 4):
            tell(session, Focus(seq=session.handled + 1, unit=(layer, unit)))
            frame = frame_of(session, clock)
            assert (frame.about["inside"], frame.about["focus"]) == ("plain", f"{layer},{unit}")
            digits, sizes = frame.tensors["strongest"].T
            assert_allclose(sizes, np.sort(values[:, unit - 1])[:-10:-1], rtol=1e-4, atol=1e-5)
            assert_allclose(sizes, values[digits.astype(int), unit - 1], rtol=1e-4, atol=1e-5)


# -- edits -------------------------------------------------------------------------------------------------------------


def test_a_unit_is_switched_off_and_on(session: Session) -> None:
    state = tell(session, SwitchUnit(seq=1, twin="convolutional", layer=2, unit=3, off=True))
    assert state.settings["convolutional_off"] == ((2, 3),)
    state = tell(session, SwitchUnit(seq=2, twin="plain", layer=1, unit=4, off=True))
    assert (state.settings["plain_off"], state.run) == (((1, 4),), 1)
    assert tell(session, SwitchUnit(seq=3, twin="plain", layer=2, unit=1, off=True)).field == "plain_off"
    state = tell(session, SwitchUnit(seq=4, twin="convolutional", layer=2, unit=3, off=False))
    assert state.settings["convolutional_off"] == ()


def test_a_unit_is_edited_and_restored(session: Session) -> None:
    is_stepped(session)
    before = session.trainer.unit("convolutional", 2, 1)
    place: dict[str, Any] = {"twin": "convolutional", "layer": 2, "unit": 2}
    state = tell(session, SetUnit(seq=1, weights=tuple(range(18)), bias=0.5, **place))
    assert (state.facts["plain_edited"], state.facts["convolutional_edited"]) == ((), ((2, 2),))
    weights, bias = session.trainer.unit("convolutional", 2, 1)
    assert (weights.ravel().tolist(), bias) == (list(range(18)), 0.5)
    tell(session, SetUnit(seq=2, weights=(0,) * 18, bias=0, **place))
    assert tell(session, RestoreUnit(seq=3, **place)).facts["convolutional_edited"] == ()
    assert_array_equal(session.trainer.unit("convolutional", 2, 1)[0], before[0])
    assert session.trainer.unit("convolutional", 2, 1)[1] == before[1]
    tell(session, SetUnitsWeight(seq=4, place=17, value=7, **place))  # the last: row 3, column 3, of the second map
    assert session.trainer.model.networks["convolutional"].tensor(2, "weights")[2, 2, 1, 1] == 7
    tell(session, RestoreUnit(seq=5, **place))
    assert_array_equal(session.trainer.unit("convolutional", 2, 1)[0], before[0])
    for refused in (
        RestoreUnit(seq=6, **place),
        SetUnit(seq=7, weights=(1,), bias=0, **place),
        SetUnitsWeight(seq=8, place=18, value=0, **place),
    ):
        assert isinstance(tell(session, refused), Rejected)


@pytest.mark.parametrize("layer", [1, 2])
def test_a_plain_unit_is_edited_and_restored_and_the_accuracy_follows(
    session: Session, clock: Clock, layer: int
) -> None:
    is_stepped(session, 100)
    weights, bias = session.trainer.unit("plain", layer, 2)
    accuracy = frame_of(session, clock).tensors["accuracy"]
    place: dict[str, Any] = {"twin": "plain", "layer": layer, "unit": 3}
    tell(session, SetUnitsWeight(seq=session.handled + 1, place=1, value=1.5, **place))
    state = tell(session, SetUnitsWeight(seq=session.handled + 1, place=None, value=bias - 40, **place))
    assert state.facts["plain_edited"] == ((layer, 3),)
    weights[1] = 1.5
    assert_array_equal(session.trainer.unit("plain", layer, 2)[0], weights)
    assert session.trainer.unit("plain", layer, 2)[1] == pytest.approx(bias - 40)
    model = session.trainer.model
    survey = Survey(np.arange(2000))
    survey.advance(model, 2000)
    after = frame_of(session, clock).tensors["accuracy"]
    assert after[0] == pytest.approx(survey.accuracy("plain")[0])
    assert after[0] != accuracy[0]
    assert after[1] == accuracy[1]
    assert tell(session, RestoreUnit(seq=session.handled + 1, **place)).facts["plain_edited"] == ()
    assert_array_equal(frame_of(session, clock).tensors["accuracy"], accuracy)


def test_new_weights_pause_and_begin_anew(session: Session) -> None:
    tell(session, Play(seq=1))
    before = session.trainer.saved()
    state = tell(session, NewSeed(seq=2))
    assert (state.playing, state.run, session.trainer.epoch) == (False, 2, 0)
    assert (session.trainer.saved() != before).any()


def test_larger_networks_than_the_server_allows_are_refused(clock: Clock) -> None:
    session = Session(link_for(DIGITS, SMALL), clock, parameter_limit=1_000)
    session.attach()
    assert tell(session, Change(seq=1, settings={"hidden": [64]})).field == "filters"
    assert session.trainer.settings.hidden == (4,)
    wide = Session(link_for(DIGITS, "#lab=digits&v=1&hidden=64&learning_rate=0.01"), clock, parameter_limit=1_000)
    assert wide.trainer.settings == replace(DigitsSettings(), learning_rate=0.01)
    assert DIGITS.most_parameters == MAX_PARAMETERS


# -- links, checkpoints, terminal --------------------------------------------------------------------------------------


def test_a_link_comes_back_with_all_and_the_weights(session: Session) -> None:
    view = DigitsView(shift_map=True, inside_plain=True, layer=2, hide=("pad",))
    settings = DigitsSettings(hidden=(), filters=(3,), shifts=2, plain_off=(), convolutional_off=((1, 2),))
    text = write_link(Experiment(settings, view))
    assert text.startswith("#lab=digits&v=1&")
    link = read_link(text)
    assert (link.experiment, link.repairs, link.lab) == (Experiment(settings, view), (), DIGITS)
    assert read_link(SMALL + "&layer=9").repairs == ("layer: “9” came, expected a whole number from 0 to 5",)
    is_stepped(session)
    shared = tell(session, Share(seq=1, weights=True))
    assert isinstance(shared, Shared)
    other = Session(link_for(DIGITS, shared.link), lambda: 1.0)
    assert_array_equal(other.trainer.saved(), session.trainer.saved())
    cut = write_link(Experiment(settings, view, Trained(1, np.zeros(2, np.float32))))
    assert read_link(cut).repairs[0].startswith("weights: 2 finite numbers came")


def packed(*runs: tuple[int, int] | bytes) -> str:
    """Runs as docs/protocol.md has them: pixels of one kind, 0 or 64, and how many; or any pixels."""
    raw = b""
    for run in runs:
        raw += bytes([127 + len(run)]) + run if isinstance(run, bytes) else bytes([run[0] + run[1] - 1])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_drawing_in_a_link_is_runs_of_pixels() -> None:
    runs: list[tuple[int, int] | bytes] = [*[(0, 64)] * 11, bytes([9, 200]), (0, 13), (64, 64), (64, 1)]
    assert unpacked(packed(*runs)) == bytes(704) + bytes([9, 200]) + bytes(13) + b"\xff" * 65
    for wrong in ("A", "?", "\xe9", "AAAA", packed(*runs, (0, 1)), packed(*[(0, 64)] * 12) + "Pw", "_" * 100_000):
        assert not is_ink(wrong), wrong
    assert is_ink("")


def test_a_link_carries_the_drawing_and_the_test_digit_with_its_place(session: Session) -> None:
    ink = packed(*[(0, 64)] * 12, (64, 16))
    state = tell(session, Show(seq=1, ink=ink, right=3, down=-4, turn=-15, size=85))
    assert state.link == f"{SMALL}&right=3&down=-4&turn=-15&size=85&ink={ink}"
    link = read_link(state.link)
    assert (link.repairs, link.experiment.view) == ((), session.view)
    assert link.experiment.view.ink == ink
    state = tell(session, Show(seq=2, ink="", test_digit=2000))
    assert state.link == f"{SMALL}&test_digit=2000&right=3&down=-4&turn=-15&size=85"
    for refused in ({"ink": "AAAA"}, {"ink": 5}, {"test_digit": 2001}, {"size": 49}, {"turn": 181}):
        assert tell(session, Show(seq=session.handled + 1, **refused)).field == next(iter(refused))
    repaired = read_link(SMALL + "&ink=12&test_digit=2001")
    assert repaired.experiment.view == DigitsView()
    assert [repair.split(":")[0] for repair in repaired.repairs] == ["test_digit", "ink"]


def test_a_checkpoint_of_before_links_had_drawings_opens(session: Session) -> None:
    frozen = session.freeze()
    said = asdict(frozen.view)
    for name in ("ink", "test_digit", "right", "down", "turn", "size"):
        del said[name]
    assert TypeAdapter(DigitsView).validate_python(said) == frozen.view


def test_a_checkpoint_goes_on_bit_for_bit(session: Session) -> None:
    is_stepped(session)
    frozen = unpack(pack(session.freeze()))
    other = Session(link_for(DIGITS, ""), lambda: 1.0)
    other.thaw(frozen)
    for each in (session, other):
        each.trainer.train_steps(20)
    assert_array_equal(other.trainer.saved(), session.trainer.saved())
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)


def test_train_prints_an_object_for_each_twin() -> None:
    flags = ["--digits", "500", "--filters", "2,3", "--filter-size", "3", "--hidden", "4", "--epochs", "2", "--json"]
    result = CliRunner().invoke(cli, ["train", "--lab", "digits", *flags])
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    final = printed["final"]
    assert set(final) == {*TWINS, *(f"{kind}_{name}" for kind in ("loss", "accuracy") for name in LOSSES)}
    assert [len(layer) for layer in final["plain"]["biases"]] == [4, 10]
    assert np.shape(final["convolutional"]["weights"][1]) == (3, 3, 2, 3)
    assert (printed["config"]["filters"], printed["config"]["plain_parameters"]) == ([2, 3], 3190)
    assert final["loss_plain_train"] < printed["initial"]["loss_plain_train"]
    assert printed["losses"] == {name: final[f"loss_{name}"] for name in LOSSES}
    assert set(printed["metrics"]) == {"plain", "convolutional"}
    assert printed["metrics"]["plain"]["accuracy_test"] == final["accuracy_plain_test"]


# -- the verdict -------------------------------------------------------------------------------------------------------


def judged(cnn: list[float], now: tuple[float, ...] = (0.1, 0.11, 0.3, 0.33), *, diverged: bool = False) -> Any:
    """The verdict on a run whose CNN had these training losses after each epoch."""
    samples = np.array([(epoch, loss, *now[1:]) for epoch, loss in enumerate(cnn)])
    return json.loads(verdict_of(samples, now, len(cnn) - 1, diverged=diverged))


def test_the_verdict_follows_from_the_losses() -> None:
    assert judged([2.3])["kind"] == "early"
    assert judged([2.3, 0.4])["kind"] == "early"
    learns = judged([2.3, 0.4, 0.2, 0.15, 0.1])
    assert (learns["kind"], learns["cause"]) == ("learning", "convolutional")
    assert learns["figures"] == {"fall": pytest.approx(0.5), "epochs": 2}
    assert judged([2.3, 0.4, 0.1, 0.1, 0.0995])["kind"] == "slow"
    settled = judged([2.3, 0.4, 0.1, 0.2, 0.3])
    assert (settled["kind"], settled["figures"]) == ("settled", {"epochs": 2})
    assert judged([2.3, 0.4, 0.2], diverged=True) == {
        "kind": "diverged", "epoch": 2, "cause": "", "figures": {}, "remedy": None,
    }  # fmt: skip


def test_the_verdict_names_the_network_that_learns_by_heart() -> None:
    falling = [2.3, 0.4, 0.2]
    assert judged(falling, (0.1, 0.19, 0.2, 0.39))["cause"] == "convolutional"
    by_heart = judged(falling, (0.1, 0.21, 0.1, 0.31))
    assert (by_heart["cause"], by_heart["figures"]["times"]) == ("by-heart-plain", pytest.approx(3.1))
    assert judged(falling, (0.1, 0.21, 0.2, 0.3))["cause"] == "by-heart-convolutional"
    assert judged(falling, (0.0, 0.21, float("nan"), 0.3))["cause"] == "convolutional"


def test_a_frame_has_the_verdict(session: Session, clock: Clock) -> None:
    assert json.loads(frame_of(session, clock).about["health"])["kind"] == "start"
    tell(session, Step(seq=1, unit="batch"))
    assert json.loads(frame_of(session, clock).about["health"])["kind"] == "early"
