"""metrics.py: counted one by one, and by the definitions."""

import numpy as np
import pytest

from engine.metrics import confusion, regression
from engine.settings import LOSSES, Loss, Settings
from engine.trainer import Trainer


def test_a_confusion_is_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    said, labels = rng.normal(size=200), rng.choice([-1.0, 1.0], 200)
    counted = [0, 0, 0, 0]
    for value, label in zip(said, labels, strict=True):
        counted[(0 if value > 0 else 1) if label > 0 else (2 if value > 0 else 3)] += 1
    assert confusion(said, labels).tolist() == counted


def test_r2_is_one_minus_the_unexplained_share_of_the_variance() -> None:
    rng = np.random.default_rng(3)
    targets = rng.normal(size=500)
    said = targets + rng.normal(0, 0.3, 500)
    rmse, r2 = regression(said, targets)
    assert rmse == pytest.approx(np.sqrt(np.mean((said - targets) ** 2)))
    assert r2 == pytest.approx(1 - np.mean((said - targets) ** 2) / np.var(targets))
    assert regression(np.full(500, targets.mean()), targets)[1] == pytest.approx(0, abs=1e-12)


def test_nothing_can_be_said_of_no_points() -> None:
    nothing = np.empty(0)
    assert confusion(nothing, nothing).tolist() == [0, 0, 0, 0]
    assert np.isnan(regression(nothing, nothing)).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_trainer_counts_what_its_picture_shows(loss: Loss) -> None:
    """Beside each point lies a pixel of the picture, whose sign is what the network says there."""
    trainer = Trainer(Settings(loss=loss, batch_size=7, train_share=30))
    trainer.train(40)
    picture = trainer.output_picture(1200)
    for points, counts in zip((trainer.data.train, trainer.data.test), trainer.metrics(), strict=True):
        column = np.clip(((points[:, 0] + 6) * 100).astype(int), 0, 1199)
        row = np.clip(((6 - points[:, 1]) * 100).astype(int), 0, 1199)
        seen = confusion(picture[row, column].astype(float) - 127.5, points[:, 2])
        assert np.abs(seen - counts).max() <= 1
        assert counts.sum() == len(points)


def test_a_regression_is_measured_too() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(), noise=5), np.float64)
    trainer.train(20)
    (rmse, r2), (_, r2_test) = trainer.metrics()
    assert 0.9 < r2 < 1
    assert 0.9 < r2_test < 1
    assert rmse == pytest.approx(np.sqrt(2 * trainer.losses()[0]), rel=1e-12)
