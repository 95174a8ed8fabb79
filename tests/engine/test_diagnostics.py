"""diagnostics.py: each layer's figures, compared with PyTorch's gradients and with units counted one by one."""

import numpy as np
import pytest
import torch

from engine.labs.plane.figures import layer_figures
from engine.labs.plane.settings import ORDERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Activation
from tests.engine.test_methods import Peer


def rms(values: torch.Tensor | None) -> float:
    assert values is not None
    return float(values.square().mean().sqrt())


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_gradients_are_pytorchs(activation: Activation) -> None:
    trainer = Trainer(Settings(hidden=(6, 5, 4), activation=activation, learning_rate=0.1), np.float64)
    trainer.train(2)
    before = trainer.parameters
    peer = Peer(trainer.network.matrices, activation)
    peer.loss(trainer.data.train[:64]).backward()  # type: ignore[no-untyped-call]
    figures = layer_figures(trainer)
    for (gradient, update, _, _), weights in zip(figures, peer.weights, strict=True):
        assert gradient == pytest.approx(rms(weights.grad), rel=1e-9)
        assert update == pytest.approx(0.1 * rms(weights.grad) / rms(weights.detach()), rel=1e-9)
    assert (trainer.parameters == before).all()


def test_looking_does_not_disturb_a_method_with_memory() -> None:
    watched, alone = Trainer(Settings(method="adam")), Trainer(Settings(method="adam"))
    for _ in range(5):
        watched.train(1)
        layer_figures(watched)
    alone.train(5)
    assert (watched.parameters == alone.parameters).all()


def test_saturated_and_dead_units_are_counted() -> None:
    flat = Trainer(Settings(hidden=(4,), activation="tanh"))
    for place in range(12):
        flat.set_parameter(place, 1000.0)
    assert layer_figures(flat)[0, 2] > 0.95
    assert np.isnan(layer_figures(flat)[0, 3])
    dead = Trainer(Settings(hidden=(4,), activation="relu"))
    for unit in (0, 1):
        dead.set_parameter(3 * unit + 2, -1000.0)  # the bias
    assert layer_figures(dead)[0, 3] == 0.5
    assert np.isnan(layer_figures(dead)[0, 2])


def test_the_gradient_vanishes_through_eight_sigmoid_layers_and_not_through_relu_and_he() -> None:
    deep = Settings(hidden=(8,) * 8, activation="sigmoid")
    vanishing = layer_figures(Trainer(deep))[:, 0]
    assert vanishing[0] < vanishing[-1] * 1e-4
    cured = layer_figures(Trainer(Settings(hidden=(8,) * 8, activation="relu", initialization="he-normal")))[:, 0]
    assert cured[0] > cured[-1] * 1e-2


def test_a_gradient_that_is_not_finite_moves_nothing() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(2,), activation="linear"))
    for place in range(6):
        trainer.set_parameter(place, 1e30)
    before = trainer.parameters
    assert not np.isfinite(trainer.losses()[0])
    layer_figures(trainer)
    assert (trainer.parameters == before).all()


def test_the_same_points_are_looked_at_in_whatever_order_they_are_trained() -> None:
    figures = [layer_figures(Trainer(Settings(order=order))) for order in ORDERS]
    for other in figures[1:]:
        np.testing.assert_array_equal(figures[0], other)


def test_the_next_step_is_the_methods_own() -> None:
    """In Adam's first step every parameter moves by about the rate, whatever its gradient."""
    trainer = Trainer(Settings(method="adam", learning_rate=0.001, hidden=(4,)), np.float64)
    update = layer_figures(trainer)[:, 1]
    sizes = [np.sqrt((weights**2).mean()) for weights, _ in trainer.layers()]
    assert update * sizes == pytest.approx([0.001, 0.001], rel=1e-3)
