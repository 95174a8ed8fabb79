"""The digits lab: two networks in step, the same bit for bit however a run is cut, saved or resumed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.choices import Refused
from engine.labs.digits.insights import Excitements, ReadOut, answers
from engine.labs.digits.mnist import TEST_DIGITS, TRAIN_DIGITS, training_digits, unseen_digits
from engine.labs.digits.model import LOSSES, DigitsModel
from engine.labs.digits.settings import TWINS, DigitsSettings
from engine.labs.digits.surveys import Survey
from engine.labs.digits.trainer import DigitsTrainer
from engine.runs.history import History
from engine.runs.moment import Place, State
from engine.warm_up import compiled_signatures, warm_up

SMALL = DigitsSettings(digits=500, filters=(2, 3), filter_size=3, hidden=(4,), batch_size=20)
VARIED = replace(SMALL, dropout=0.2, shifts=2, shuffled_pixels=True, activation="tanh", head="global-max")


def tensors(trainer: DigitsTrainer) -> dict[str, Any]:
    return trainer.model.state().tensors


def assert_same(one: DigitsTrainer, other: DigitsTrainer) -> None:
    assert (one.epoch, one.step, one.step_in_epoch) == (other.epoch, other.step, other.step_in_epoch)
    for name, tensor in tensors(one).items():
        assert_array_equal(tensor, tensors(other)[name], err_msg=name)
    assert_array_equal(one.history.samples, other.history.samples)


def test_the_digits_are_all_there() -> None:
    for digits, count in ((training_digits(), TRAIN_DIGITS), (unseen_digits(), TEST_DIGITS)):
        assert digits.images.shape == (count, 784)
        assert digits.labels.shape == (count,)
        assert not digits.images.flags.writeable
        assert np.bincount(digits.labels).min() > count * 0.08
    counted = np.bincount(np.concatenate([training_digits().labels, unseen_digits().labels]))
    assert counted.tolist() == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]  # of MNIST's first 10,000
    assert training_digits() is training_digits()


@pytest.mark.parametrize("chosen", [SMALL, VARIED], ids=["small", "varied"])
@given(cuts=st.lists(st.integers(1, 20), max_size=4))
@settings(max_examples=8)
def test_a_run_is_the_same_however_it_is_cut(chosen: DigitsSettings, cuts: list[int]) -> None:
    whole, cut = DigitsTrainer(chosen), DigitsTrainer(chosen)
    whole.train_steps(60)
    for steps in cuts:
        cut.train_steps(min(steps, 60 - cut.step))
    cut.train_steps(60 - cut.step)
    assert_same(whole, cut)


def test_a_call_of_many_steps_is_many_calls_of_one() -> None:
    one, other = DigitsModel(VARIED), DigitsModel(VARIED)
    one.take(Place(0, 0, 0), 30)
    for step in range(30):
        other.take(Place(0, step, step), 1)
    for name, tensor in one.state().tensors.items():
        assert_array_equal(tensor, other.state().tensors[name], err_msg=name)


@pytest.mark.parametrize("chosen", [SMALL, VARIED], ids=["small", "varied"])
def test_a_run_goes_on_elsewhere_bit_for_bit(chosen: DigitsSettings) -> None:
    run, other = DigitsTrainer(chosen), DigitsTrainer(chosen)
    run.train_steps(33)
    moment = run.moment()
    other.model.check(moment.state)
    other.resume(moment)
    assert_same(run, other)
    run.train_steps(40)
    other.train_steps(40)
    assert_same(run, other)


def test_the_same_seed_gives_the_same_networks_and_another_gives_others() -> None:
    one, same, other = (DigitsTrainer(replace(SMALL, seed=seed)) for seed in ("a", "a", "b"))
    assert_same(one, same)
    for twin in TWINS:
        name = f"{twin} parameters"
        assert not np.array_equal(tensors(one)[name], tensors(other)[name])


def test_each_digit_is_learned_from_once_an_epoch_and_each_test_digit_looked_at_in_turn() -> None:
    model = DigitsModel(SMALL)
    for looks in (model.train_looks, model.test_looks):
        assert [int((~np.isnan(looks[twin].losses)).sum()) for twin in TWINS] == [100, 100]
    model.take(Place(0, 0, 0), 25)
    for twin in TWINS:
        assert not np.isnan(model.train_looks[twin].losses).any()
        assert int((~np.isnan(model.test_looks[twin].losses)).sum()) == 25 * 20
    model.take(Place(1, 25, 25), 75)
    for twin in TWINS:
        assert not np.isnan(model.test_looks[twin].losses).any()


def test_with_all_digits_every_test_digit_is_looked_at_in_an_epoch() -> None:
    model = DigitsModel(replace(SMALL, digits=8000, batch_size=100, filters=(1,), filter_size=3))
    model.take(Place(0, 0, 0), model.steps_in_epoch)
    assert not np.isnan(model.test_looks["plain"].losses).any()


def test_losses_and_accuracies_are_those_of_the_latest_looks() -> None:
    trainer = DigitsTrainer(replace(SMALL, learning_rate=0, method="sgd"))
    trainer.train(5)  # nothing is learned, so looking again gives the same
    model = trainer.model
    named, shares = model.named_losses(), model.accuracies()
    assert tuple(named) == LOSSES
    for twin in TWINS:
        for kind, examples, labels in (
            ("train", model.train_examples, training_digits().labels[:500]),
            ("test", model.test_examples, unseen_digits().labels),
        ):
            losses, said, probabilities = model.networks[twin].look(examples, np.arange(len(labels)))
            assert_allclose(named[f"{twin}_{kind}"], losses.mean(dtype=np.float64), rtol=1e-6)
            assert_allclose(losses, -np.log(probabilities[np.arange(len(labels)), labels]), rtol=1e-4, atol=1e-5)
            assert shares[f"{twin}_{kind}"] == (said == labels).mean()
        confusion = model.test_looks[twin].confusion()
        assert confusion.sum() == TEST_DIGITS
        assert np.trace(confusion) == round(shares[f"{twin}_test"] * TEST_DIGITS)
        assert_array_equal(confusion.sum(1), np.bincount(unseen_digits().labels))
    assert trainer.history.samples.shape[1] == 5
    assert_allclose(trainer.history.samples[-1, 1:], model.losses())


def test_both_networks_learn_to_read() -> None:
    trainer = DigitsTrainer(DigitsSettings(digits=2000, stop_accuracy=90))
    trainer.train(20)
    assert trainer.stop is not None
    assert trainer.stop.reason == "accuracy"
    shares = trainer.model.accuracies()
    assert shares["convolutional_test"] >= 0.9
    assert shares["plain_test"] > 0.8


def test_a_run_that_diverges_goes_back_to_its_good_weights() -> None:
    trainer = DigitsTrainer(replace(SMALL, method="sgd", learning_rate=0.01))
    trainer.train(2)
    good = tensors(trainer)
    trainer.change(replace(trainer.settings, learning_rate=1000, weight_decay=100))
    trainer.train(40)
    assert trainer.divergence is not None
    assert trainer.epoch == 2
    for name, tensor in tensors(trainer).items():
        assert_array_equal(tensor, good[name], err_msg=name)
    trainer.recover()
    trainer.change(replace(trainer.settings, learning_rate=0.01, weight_decay=0))
    assert trainer.train(1) == 1


def test_a_change_keeps_what_can_be_kept() -> None:
    trainer = DigitsTrainer(SMALL)
    trainer.train_steps(30)
    before = tensors(trainer)
    for change in (
        {"dropout": 0.5}, {"batch_size": 64}, {"shifts": 3}, {"learning_rate": 0.1}, {"weight_decay": 0.1},
        {"convolutional_off": ((1, 2),)}, {"plain_off": ((1, 1), (1, 3))}, {"stop_epochs": 9}, {"dropout": 0.0},
    ):  # fmt: skip
        assert not trainer.change(replace(trainer.settings, **change))
        for name, tensor in tensors(trainer).items():
            assert_array_equal(tensor, before[name], err_msg=f"{change}: {name}")
    trainer.change(replace(trainer.settings, method="momentum"))
    assert not tensors(trainer)["plain moments"].any()
    trainer.train(1)
    assert trainer.change(replace(trainer.settings, filters=(3, 3)))
    assert (trainer.epoch, trainer.starts) == (0, 2)


def test_units_that_are_off_are_off_in_a_network_that_is_made_anew() -> None:
    trainer = DigitsTrainer(replace(SMALL, convolutional_off=((2, 1), (2, 2), (2, 3))))
    trainer.change(replace(trainer.settings, dropout=0.5))
    probabilities = trainer.model.networks["convolutional"].look(trainer.model.test_examples, np.arange(9))[2]
    assert_array_equal(probabilities, np.tile(probabilities[:1], (9, 1)))  # nothing comes through
    trainer.change(replace(trainer.settings, convolutional_off=()))
    probabilities = trainer.model.networks["convolutional"].look(trainer.model.test_examples, np.arange(9))[2]
    assert np.ptp(probabilities, axis=0).max() > 0


def test_a_filter_is_edited_and_restored() -> None:
    trainer = DigitsTrainer(SMALL)
    before = tensors(trainer)
    kept = trainer.unit("convolutional", 2, 1)
    assert kept[0].shape == (3, 3, 2)
    trainer.set_unit("convolutional", 2, 1, np.zeros((3, 3, 2)), 0.5)
    trainer.set_parameter("plain", 1, "weights", (300, 2), 1.5)
    assert trainer.model.networks["plain"].tensor(1, "weights")[300, 2] == 1.5
    after = tensors(trainer)
    changed = {name for name in after if not np.array_equal(after[name], before[name], equal_nan=True)}
    assert changed == {"convolutional parameters", "plain parameters"}
    trainer.set_unit("convolutional", 2, 1, *kept)
    assert_array_equal(tensors(trainer)["convolutional parameters"], before["convolutional parameters"])


@pytest.mark.parametrize(
    ("edit", "arguments"),
    [
        ("set_parameter", ("plain", 3, "weights", (0, 0), 1.0)),
        ("set_parameter", ("plain", 1, "weights", (784, 0), 1.0)),
        ("set_parameter", ("plain", 1, "weights", (-1, 0), 1.0)),
        ("set_parameter", ("plain", 1, "weights", (0,), 1.0)),
        ("set_parameter", ("plain", 1, "weights", (0, 0), np.inf)),
        ("set_parameter", ("plain", 1, "weights", (0, 0), 1e39)),
        ("set_unit", ("convolutional", 1, 0, np.zeros((5, 5, 1)), 0.0)),
        ("set_unit", ("convolutional", 1, 2, np.zeros((3, 3, 1)), 0.0)),
        ("set_unit", ("convolutional", 1, 0, np.full((3, 3, 1), np.nan), 0.0)),
    ],
)
def test_an_edit_that_cannot_be_is_refused(edit: str, arguments: tuple[Any, ...]) -> None:
    trainer = DigitsTrainer(SMALL)
    before = tensors(trainer)
    with pytest.raises(Refused):
        getattr(trainer, edit)(*arguments)
    for name, tensor in tensors(trainer).items():
        assert_array_equal(tensor, before[name])


def test_a_state_from_outside_is_checked() -> None:
    model = DigitsModel(SMALL)
    good = model.state()
    model.check(good)
    for name, spoilt in (
        ("plain parameters", good.tensors["plain parameters"][:-1]),
        ("plain parameters", good.tensors["plain parameters"] * np.float32(np.nan)),
        ("convolutional moments", good.tensors["convolutional moments"].astype(np.float64)),
        ("plain test said", good.tensors["plain test said"] + np.uint8(10)),
    ):
        with pytest.raises(Refused, match=name):
            model.check(State({**good.tensors, name: spoilt}, good.counts))
    with pytest.raises(KeyError):
        model.check(State({}, good.counts))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter_size", 4), ("filters", ()), ("filters", (65,)), ("filters", (64, 64, 64, 64)), ("hidden", (0,)),
        ("hidden", (300,)), ("digits", 499), ("shifts", 7), ("batch_size", 129), ("plain_off", ((2, 1),)),
        ("convolutional_off", ((1, 9),)), ("convolutional_off", ((2, 1), (1, 1))), ("seed", "x" * 65),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(name: str, value: Any) -> None:
    with pytest.raises(Refused, match=name):
        DigitsSettings(**{name: value})


def test_maps_that_vanish_are_refused() -> None:
    DigitsSettings(filters=(2, 2, 2, 2), padding="same")
    with pytest.raises(Refused, match="nothing is left"):
        DigitsSettings(filters=(2, 2, 2), padding="valid")
    assert DigitsSettings(filters=(2, 2), padding="valid", filter_size=5).map_sides() == (12, 4)


@pytest.mark.parametrize("chosen", [DigitsSettings(), SMALL, VARIED, replace(SMALL, padding="valid", pooling="none")])
def test_the_maps_of_a_network_are_as_large_as_the_settings_say(chosen: DigitsSettings) -> None:
    model = DigitsModel(replace(chosen, digits=500))
    maps = model.networks["convolutional"].maps[:-1]
    assert tuple(each.shape[0] for each in maps) == chosen.map_sides()
    assert [each.shape[2] for each in maps] == list(chosen.filters)


def test_a_history_has_as_many_losses_as_its_model() -> None:
    samples = np.array([[0.0, 1, 2, 3, 4], [1, 1, 2, 3, 4]])
    assert_array_equal(History.of(samples, series=4).until(2).samples, samples)
    with pytest.raises(Refused):
        History.of(samples)


@given(data=st.data())
@settings(max_examples=10)
def test_nothing_compiles_whatever_a_visitor_chooses_and_asks(data: st.DataObject) -> None:
    warm_up()
    before = compiled_signatures()
    trainer = DigitsTrainer(
        DigitsSettings(
            digits=500,
            hidden=tuple(data.draw(st.lists(st.integers(1, 20), max_size=3))),
            filters=tuple(data.draw(st.lists(st.integers(1, 10), min_size=1, max_size=3))),
            filter_size=data.draw(st.sampled_from([3, 5])),
            pooling=data.draw(st.sampled_from(["none", "2x2"])),
            head=data.draw(st.sampled_from(["flatten", "global-max"])),
            method=data.draw(st.sampled_from(["sgd", "adam"])),
            batch_size=data.draw(st.sampled_from([1, 16, 100])),
            shifts=data.draw(st.integers(0, 6)),
            dropout=data.draw(st.sampled_from([0, 0.5])),
        )
    )
    model = trainer.model
    trainer.train_steps(2)
    answers(model, np.zeros((28, 28), np.uint8))
    Survey(np.arange(9), [(1, 0)]).advance(model, 5)
    for network in model.networks.values():
        Excitements(network).advance(network, model.test_examples, 5)
        ReadOut(network, 1).advance(model, network, 5)
    assert compiled_signatures() == before
