"""answers.py: compared with forward passes in NumPy and PyTorch, and with a frame's losses and confusion."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from engine.labs.plane.answers import answers, value_at
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.figures import metrics
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

Values = NDArray[Any]

EXPERIMENTS = {
    "tanh": Settings(dataset="xor", noise=30),
    "cross-entropy": Settings(dataset="circle", noise=30, loss="cross-entropy", inputs=("x", "ySquared", "sinX")),
    "softmax": Settings(dataset="spiral", classes=4, hidden=(6, 5), noise=20),
    "regression": Settings(dataset="reg-gauss", hidden=(3,), noise=10),
    "no test points": Settings(dataset="gauss", train_share=100, noise=40, loss="cross-entropy"),
    "no inputs": Settings(inputs=(), hidden=(), loss="cross-entropy"),
}


def hidden_values(trainer: Trainer, x: Values, y: Values) -> list[Values]:
    """The values of each layer by NumPy, those of the last one without activation."""
    values = [evaluate_features(trainer.settings.inputs, x, y).T]
    layers = trainer.layers()
    for number, (weights, biases) in enumerate(layers, start=1):
        sums = values[-1] @ weights.T + biases
        values.append(np.tanh(sums) if number < len(layers) else sums)
    return values[1:]


def outputs(trainer: Trainer, sums: Values) -> Values:
    objective = trainer.settings.objective
    if objective == "squared-error":
        said: Values = np.tanh(sums) if trainer.settings.class_count else sums
    elif objective == "cross-entropy":
        said = 1 / (1 + np.exp(-sums))
    else:
        shares = np.exp(sums - sums.max(axis=1, keepdims=True))
        said = shares / shares.sum(axis=1, keepdims=True)
    return said


@pytest.mark.parametrize("settings", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_the_value_at_a_place_is_that_of_a_forward_pass(settings: Settings) -> None:
    trainer = Trainer(settings, np.float64)
    trainer.train(20)
    for x, y in [(0.0, 0.0), (-6.0, 6.0), (1.25, -3.4)]:
        *hidden, sums = hidden_values(trainer, np.array([x]), np.array([y]))
        assert_allclose(value_at(trainer, x, y), outputs(trainer, sums)[0], rtol=1e-9, atol=1e-12)
        if hidden:
            assert value_at(trainer, x, y, (1, 2))[-1] == pytest.approx(hidden[0][0, 1], rel=1e-9)
        if settings.class_count > 2:
            layer = len(settings.hidden) + 1
            assert value_at(trainer, x, y, (layer, 3))[-1] == value_at(trainer, x, y)[2]


@pytest.mark.parametrize("settings", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_each_points_answer_is_that_of_a_forward_pass(settings: Settings) -> None:
    trainer = Trainer(settings, np.float64)
    trainer.train(20)
    points = np.concatenate([trainer.data.train, trainer.data.test])
    said = outputs(trainer, hidden_values(trainer, points[:, 0], points[:, 1])[-1])
    found = answers(trainer)
    assert found.shape == (len(points), 4)
    labels = points[:, 2]
    if settings.class_count > 2:
        assert (found[:, 0] == said.argmax(axis=1)).all()
        assert_allclose(found[:, 1], said.max(axis=1), rtol=1e-9)
        assert (found[:, 3] == (said.argmax(axis=1) != labels)).all()
    else:
        assert_allclose(found[:, 0], said[:, 0], rtol=1e-8, atol=1e-12)
    if settings.problem == "regression":
        assert np.isnan(found[:, [1, 3]]).all()
    elif settings.objective == "cross-entropy":
        assert_allclose(found[:, 1], np.maximum(said[:, 0], 1 - said[:, 0]), rtol=1e-9)
        assert (found[:, 3] == ((said[:, 0] > 0.5) != (labels > 0))).all()
    elif settings.class_count == 2:
        assert np.isnan(found[:, 1]).all()
        assert (found[:, 3] == ((said[:, 0] > 0) != (labels > 0))).all()


@pytest.mark.parametrize("settings", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_the_mean_of_the_points_losses_is_the_loss_that_is_shown(settings: Settings) -> None:
    trainer = Trainer(settings)
    trainer.train(50)
    losses, count = answers(trainer)[:, 2], len(trainer.data.train)
    shown = trainer.losses()
    assert losses[:count].mean() == pytest.approx(shown[0], rel=1e-6, abs=1e-6)
    if len(trainer.data.test):
        assert losses[count:].mean() == pytest.approx(shown[1], rel=1e-6, abs=1e-6)


@given(
    dataset=st.sampled_from(["circle", "xor", "spiral", "checkerboard"]),
    classes=st.sampled_from([2, 3, 5]),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    noise=st.sampled_from([0, 50]),
    epochs=st.integers(0, 40),
)
def test_wrong_points_are_those_that_the_confusion_counts(
    dataset: str, classes: int, loss: str, noise: int, epochs: int
) -> None:
    trainer = Trainer(Settings(dataset=dataset, classes=classes, loss=loss, noise=noise))  # type: ignore[arg-type]
    trainer.train(epochs)
    wrong, count = answers(trainer)[:, 3], len(trainer.data.train)
    for part, confusion in zip((wrong[:count], wrong[count:]), metrics(trainer), strict=True):
        assert part.sum() == confusion.sum() - np.trace(confusion)


def test_the_loss_of_a_point_is_pytorchs() -> None:
    two = Trainer(EXPERIMENTS["cross-entropy"], np.float64)
    four = Trainer(EXPERIMENTS["softmax"], np.float64)
    for trainer in (two, four):
        trainer.train(30)
        points = np.concatenate([trainer.data.train, trainer.data.test])
        logits = torch.tensor(hidden_values(trainer, points[:, 0], points[:, 1])[-1])
        labels = torch.tensor(points[:, 2])
        if trainer is two:
            theirs = torch.nn.functional.binary_cross_entropy_with_logits(
                logits[:, 0], (labels + 1) / 2, reduction="none"
            )
        else:
            theirs = torch.nn.functional.cross_entropy(logits, labels.long(), reduction="none")
        assert_allclose(answers(trainer)[:, 2], theirs.numpy(), rtol=1e-7, atol=1e-12)


def test_a_sure_mistake_has_a_finite_loss() -> None:
    """Computed from its probability, which is zero in float32, the loss would be infinite."""
    trainer = Trainer(Settings(dataset="gauss", hidden=(), loss="cross-entropy"))
    for index, value in enumerate((100.0, 100.0, 0.0)):
        trainer.set_parameter(index, value)
    losses = answers(trainer)[:, 2]
    assert np.isfinite(losses).all()
    trainer.set_parameter(2, 1e6)
    assert answers(trainer)[:, 2].max() > 1e5


def test_looking_changes_nothing() -> None:
    watched, alone = Trainer(EXPERIMENTS["tanh"]), Trainer(EXPERIMENTS["tanh"])
    for _ in range(5):
        watched.train(1)
        answers(watched)
        value_at(watched, 1.0, 1.0, (1, 1))
    alone.train(5)
    assert (watched.parameters == alone.parameters).all()
