"""metrics.py: compared with counts one by one, and with the definitions."""

import numpy as np
import pytest

from engine.labs.plane.examples import Examples
from engine.labs.plane.figures import figures, metrics
from engine.labs.plane.settings import LOSSES, Loss, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Architecture, Objective
from engine.machine.metrics import accuracy, regression
from engine.machine.network import Network
from engine.machine.program import compile_program
from engine.machine.weights import LayerWeights


def linear(outputs: int, rng: np.random.Generator) -> Network:
    """A linear network of two inputs."""
    objective: Objective = "categorical-cross-entropy" if outputs > 1 else "squared-error"
    matrix = rng.normal(size=(outputs, 3))
    norm = np.zeros((4, outputs))
    return Network(
        compile_program(Architecture((2, outputs), (), "tanh", objective)), [LayerWeights(matrix, norm)], float
    )


def test_a_confusion_is_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    network, points = linear(1, rng), np.column_stack([rng.normal(size=(200, 2)), rng.choice([-1.0, 1.0], 200)])
    examples, counted = Examples(points, ("x", "y"), 7, float), [[0, 0], [0, 0]]
    for value, label in zip(network.outputs(examples)[0], points[:, 2], strict=True):
        counted[0 if label > 0 else 1][0 if value > 0 else 1] += 1
    assert network.confusion(examples).tolist() == counted


def test_of_more_classes_the_largest_output_counts() -> None:
    rng = np.random.default_rng(4)
    network, points = linear(5, rng), np.column_stack([rng.normal(size=(300, 2)), rng.integers(0, 5, 300)])
    examples, counted = Examples(points, ("x", "y"), 0, float), np.zeros((5, 5))
    for values, label in zip(network.outputs(examples).T, points[:, 2], strict=True):
        counted[int(label), max(range(5), key=lambda k: values[k])] += 1
    assert (network.confusion(examples) == counted).all()


def test_accuracy_is_the_share_on_the_diagonal() -> None:
    assert accuracy(np.array([[3, 1], [2, 4]])) == 0.7
    assert np.isnan(accuracy(np.zeros((2, 2), np.int64)))


def test_r2_is_one_minus_the_unexplained_share_of_the_variance() -> None:
    rng = np.random.default_rng(3)
    targets = rng.normal(size=500)
    said = targets + rng.normal(0, 0.3, 500)
    rmse, r2 = regression(float(np.mean((said - targets) ** 2)) / 2, float(targets.var()))
    assert rmse == pytest.approx(np.sqrt(np.mean((said - targets) ** 2)))
    assert r2 == pytest.approx(1 - np.mean((said - targets) ** 2) / np.var(targets))
    assert regression(float(np.var(targets)) / 2, float(np.var(targets)))[1] == pytest.approx(0, abs=1e-12)


def test_nothing_can_be_said_of_no_points() -> None:
    nothing = Examples(np.empty((0, 3)), ("x", "y"), 0, float)
    network = linear(1, np.random.default_rng(1))
    assert network.confusion(nothing).tolist() == [[0, 0], [0, 0]]
    assert np.isnan(network.loss(nothing))
    assert np.isnan(regression(network.loss(nothing), nothing.variance)).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_trainer_counts_what_its_picture_shows(loss: Loss) -> None:
    """The pixel next to each point has the sign of the network's output there."""
    trainer = Trainer(Settings(loss=loss, batch_size=7, train_share=30))
    trainer.train(40)
    picture = figures(trainer, 1200).large[0]
    for points, counts in zip((trainer.data.train, trainer.data.test), metrics(trainer), strict=True):
        column = np.clip(((points[:, 0] + 6) * 100).astype(int), 0, 1199)
        row = np.clip(((6 - points[:, 1]) * 100).astype(int), 0, 1199)
        said, labels = (picture[row, column] < 128).astype(int), (points[:, 2] <= 0).astype(int)
        seen = np.bincount(labels * 2 + said, minlength=4).reshape(2, 2)
        assert np.abs(seen - counts).max() <= 1
        assert counts.sum() == len(points)


def test_a_regression_is_measured_too() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(), noise=5), np.float64)
    trainer.train(20)
    (rmse, r2), (_, r2_test) = metrics(trainer)
    assert 0.9 < r2 < 1
    assert 0.9 < r2_test < 1
    assert rmse == pytest.approx(np.sqrt(2 * trainer.losses()[0]), rel=1e-12)
