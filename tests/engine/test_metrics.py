"""metrics.py: counted one by one, and by the definitions."""

import numpy as np
import pytest

from engine.figures import metrics, output_picture
from engine.metrics import confusion, labelled_classes, regression, said_classes
from engine.settings import LOSSES, Loss, Settings
from engine.trainer import Trainer


def test_a_confusion_is_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    said, labels = rng.normal(size=200), rng.choice([-1.0, 1.0], 200)
    counted = [[0, 0], [0, 0]]
    for value, label in zip(said, labels, strict=True):
        counted[0 if label > 0 else 1][0 if value > 0 else 1] += 1
    assert confusion(said_classes(said[None], 0), labelled_classes(labels, 2), 2).tolist() == counted


def test_of_more_classes_the_largest_output_counts() -> None:
    rng = np.random.default_rng(4)
    said, labels = rng.normal(size=(5, 300)), rng.integers(0, 5, 300).astype(float)
    counted = np.zeros((5, 5))
    for values, label in zip(said.T, labels, strict=True):
        counted[int(label), max(range(5), key=lambda k: values[k])] += 1
    assert (confusion(said_classes(said, 0), labelled_classes(labels, 5), 5) == counted).all()


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
    assert confusion(said_classes(nothing[None], 0), labelled_classes(nothing, 2), 2).tolist() == [[0, 0], [0, 0]]
    assert np.isnan(regression(nothing, nothing)).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_trainer_counts_what_its_picture_shows(loss: Loss) -> None:
    """Beside each point lies a pixel of the picture, whose sign is what the network says there."""
    trainer = Trainer(Settings(loss=loss, batch_size=7, train_share=30))
    trainer.train(40)
    picture = output_picture(trainer, 1200)
    for points, counts in zip((trainer.data.train, trainer.data.test), metrics(trainer), strict=True):
        column = np.clip(((points[:, 0] + 6) * 100).astype(int), 0, 1199)
        row = np.clip(((6 - points[:, 1]) * 100).astype(int), 0, 1199)
        said = said_classes(picture[row, column].astype(float)[None], 127.5)
        seen = confusion(said, labelled_classes(points[:, 2], 2), 2)
        assert np.abs(seen - counts).max() <= 1
        assert counts.sum() == len(points)


def test_a_regression_is_measured_too() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(), noise=5), np.float64)
    trainer.train(20)
    (rmse, r2), (_, r2_test) = metrics(trainer)
    assert 0.9 < r2 < 1
    assert 0.9 < r2_test < 1
    assert rmse == pytest.approx(np.sqrt(2 * trainer.losses()[0]), rel=1e-12)
