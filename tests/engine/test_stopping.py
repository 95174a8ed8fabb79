"""stopping.py: training ends at its stop conditions, however it is watched, and continues when told again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.choices import Refused
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.settings import StopSet
from engine.runs.stopping import Stop, Watch

EASY = Settings(dataset="gauss", hidden=(4,), learning_rate=0.1)


def run(settings: Settings, piece: int = 5000) -> Trainer:
    trainer = Trainer(settings)
    while trainer.epoch < 5000 and not trainer.has_ended:
        trainer.train(min(piece, 5000 - trainer.epoch))
    return trainer


def test_at_an_epoch() -> None:
    trainer = run(replace(EASY, stop_epochs=1037))  # not a sample of the history
    assert trainer.epoch == 1037
    assert trainer.stop is not None
    assert trainer.stop.reason == "epochs"
    assert trainer.train(10) == 0
    trainer.arm()
    assert trainer.train(10) == 10


@pytest.mark.parametrize("stop_set", ["train", "test"])
def test_at_a_loss(stop_set: StopSet) -> None:
    trainer = run(replace(EASY, stop_loss=0.01, stop_set=stop_set))
    assert trainer.stop is not None
    assert trainer.stop.reason == "loss"
    losses = trainer.history.samples[:, 1 if stop_set == "train" else 2]
    assert trainer.stop.value == losses[-1] <= 0.01 < losses[:-1].min()


def test_at_an_accuracy() -> None:
    trainer = run(Settings(dataset="xor", stop_accuracy=95, hidden=(6,), learning_rate=0.1))
    assert trainer.stop is not None
    assert trainer.stop.reason == "accuracy"
    said = trainer.network.outputs(trainer.model.test_examples)[0]
    assert trainer.stop.value == np.mean((said > 0) == (trainer.data.test[:, 2] > 0)) >= 0.95


def test_at_a_plateau() -> None:
    trainer = run(Settings(dataset="xor", hidden=(), learning_rate=0.1, stop_plateau=50))
    assert trainer.stop is not None
    assert trainer.stop.reason == "plateau"
    assert 50 <= trainer.epoch < 200
    assert trainer.stop.value == trainer.history.samples[:, 2].min()


@pytest.mark.parametrize("settings", [replace(EASY, stop_loss=0.01), replace(EASY, stop_plateau=40)], ids=str)
def test_the_same_epoch_however_it_is_watched(settings: Settings) -> None:
    assert run(settings).epoch == run(settings, piece=7).epoch


def test_what_is_met_already_does_not_stop_it_again() -> None:
    trainer = run(replace(EASY, stop_loss=0.01))
    trainer.arm()
    assert trainer.train(20) == 20


def test_a_loss_of_0_from_the_beginning_stops_nothing() -> None:
    watch = Watch(Settings(), epoch=0, loss=0.0, accuracy=float("nan"))
    assert watch.look(1, 0.0, float("nan")) is None


def test_without_test_points_the_training_points_count() -> None:
    trainer = run(replace(EASY, stop_loss=0.01, train_share=100))
    assert trainer.stop is not None
    assert trainer.stop.value == trainer.losses()[0]


def test_a_change_begins_to_look_anew() -> None:
    trainer = run(replace(EASY, stop_loss=0.01))
    trainer.change(replace(trainer.settings, learning_rate=0.03))
    assert not trainer.has_ended
    assert trainer.train(1) == 1


def test_less_than_a_thousandth_is_no_gain() -> None:
    watch = Watch(Settings(stop_plateau=10), epoch=0, loss=1.0, accuracy=float("nan"))
    stops = [watch.look(epoch, 1 - epoch / 20_000, float("nan")) for epoch in range(1, 11)]
    assert stops[:9] == [None] * 9
    assert stops[9] == Stop("plateau", 10, 1.0)
    watch = Watch(Settings(stop_plateau=10), epoch=0, loss=1.0, accuracy=float("nan"))
    assert not any(watch.look(epoch, 0.998**epoch, float("nan")) for epoch in range(1, 100))


OVERFITS = Settings(dataset="moons", noise=30, train_share=10, hidden=(16, 16), learning_rate=0.03, stop_plateau=60)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"method": "adam", "learning_rate": 0.01},
        {"method": "momentum", "schedule": "cosine", "order": "shuffle"},
        {"batch_norm": True, "dropout": 0.1, "order": "random"},
    ],
    ids=str,
)
def test_after_a_stop_without_gain_the_best_epoch_comes_back_bit_for_bit(changes: dict[str, Any]) -> None:
    """Weights, losses and the method's memory return: training continues as if it had never gone too far."""
    settings = replace(OVERFITS, **changes)
    trainer = run(settings, piece=11)
    assert trainer.stop is not None
    assert trainer.stop.reason == "plateau"
    best, value = trainer.best_epoch, trainer.stop.value
    assert best is not None
    assert 0 < best <= trainer.epoch - 60
    trainer.go_to_best()
    fresh = Trainer(replace(settings, stop_plateau=0))
    fresh.train(best)
    assert trainer.epoch == best
    assert trainer.losses() == fresh.losses()
    assert trainer.losses()[1] == value
    for more in (0, 7):
        assert trainer.train(more) == fresh.train(more) == more
        np.testing.assert_array_equal(trainer.parameters, fresh.parameters)
        np.testing.assert_array_equal(trainer.history.samples, fresh.history.samples)


def test_there_is_no_best_epoch_to_go_to_before_a_stop_without_gain() -> None:
    trainer = Trainer(replace(OVERFITS, stop_epochs=20))
    with pytest.raises(Refused, match="without gain"):
        trainer.go_to_best()
    trainer.train(20)
    assert trainer.stop is not None
    assert trainer.stop.reason == "epochs"
    assert trainer.best_epoch is None


def test_after_a_resume_the_best_weights_are_gone_and_none_are_offered() -> None:
    trainer = run(OVERFITS)
    assert trainer.best_epoch is not None
    other = Trainer(OVERFITS)
    other.resume(trainer.moment())
    assert other.stop == trainer.stop
    assert other.best_epoch is None
