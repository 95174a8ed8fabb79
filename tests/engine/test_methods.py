"""methods.py: every training method and schedule against PyTorch, in float64; the order of examples."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from engine.labs.plane.examples import Examples
from engine.labs.plane.settings import ACTIVATIONS, METHODS, ORDERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Activation, Architecture
from engine.machine.methods import Method
from engine.machine.network import Network, Rule
from engine.machine.orders import Order, shuffle
from engine.machine.program import compile_program
from engine.machine.schedules import Schedule
from engine.machine.weights import without_history
from engine.vectors.splitmix import random_below

RATE, KEEP, DECAY = 0.02, 0.8, 0.05
SHAPE = (2, 5, 3, 1)

TORCH_ACTIVATIONS: dict[Activation, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "leaky-relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "elu": torch.nn.functional.elu,
    "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "swish": torch.nn.functional.silu,
    "mish": torch.nn.functional.mish,
    "sine": torch.sin,
    "linear": lambda z: z,
}


class Peer:
    """The same network in PyTorch: tanh output, squared error halved."""

    def __init__(self, matrices: list[NDArray[np.float64]], activation: Activation = "tanh") -> None:
        self.weights = [torch.tensor(matrix[:, :-1], requires_grad=True) for matrix in matrices]
        self.biases = [torch.tensor(matrix[:, -1], requires_grad=True) for matrix in matrices]
        self._activate = TORCH_ACTIVATIONS[activation]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Biases do not decay here."""
        return [{"params": self.weights}, {"params": self.biases, "weight_decay": 0.0}]

    def loss(self, points: NDArray[np.float64]) -> torch.Tensor:
        values = torch.tensor(points[:, :2])
        for number, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            values = values @ weights.T + biases
            values = torch.tanh(values) if number == len(self.weights) else self._activate(values)
        return ((values[:, 0] - torch.tensor(points[:, 2])) ** 2).mean() / 2

    def parameters(self) -> NDArray[np.float64]:
        layers = zip(self.weights, self.biases, strict=True)
        return np.concatenate([np.column_stack([w.detach(), b.detach()]).ravel() for w, b in layers])


def make(activation: Activation = "tanh") -> tuple[Network, Peer, NDArray[np.float64]]:
    rng = np.random.default_rng(3)
    matrices = [rng.normal(0, 0.7, (units, inputs + 1)) for inputs, units in pairwise(SHAPE)]
    points = np.column_stack([rng.uniform(-2, 2, (20, 2)), rng.choice([-1.0, 1.0], 20)])
    program = compile_program(Architecture(SHAPE, (activation,) * (len(SHAPE) - 2)))
    network = Network(program, [without_history(matrix) for matrix in matrices], np.float64)
    return network, Peer(matrices, activation), points


def optimizer(method: Method, peer: Peer, decay: float) -> torch.optim.Optimizer:
    makers: dict[Method, Callable[[], torch.optim.Optimizer]] = {
        Method.SGD: lambda: torch.optim.SGD(peer.groups, RATE, weight_decay=decay),
        Method.MOMENTUM: lambda: torch.optim.SGD(peer.groups, RATE, KEEP, weight_decay=decay),
        Method.NESTEROV: lambda: torch.optim.SGD(peer.groups, RATE, KEEP, weight_decay=decay, nesterov=True),
        Method.ADAGRAD: lambda: torch.optim.Adagrad(peer.groups, RATE, weight_decay=decay),
        Method.RMSPROP: lambda: torch.optim.RMSprop(peer.groups, RATE, weight_decay=decay),
        Method.ADAM: lambda: torch.optim.Adam(peer.groups, RATE, (KEEP, 0.999), weight_decay=decay),
        Method.ADAMW: lambda: torch.optim.AdamW(peer.groups, RATE, (KEEP, 0.999), weight_decay=decay),
    }
    return makers[method]()


def train_peer(peer: Peer, points: NDArray[np.float64], steps: int, batch: int, **choices: Any) -> list[float]:
    """Take steps over the points in their order; returns each step's rate."""
    method = optimizer(choices["method"], peer, choices.get("decay", 0.0))
    schedule = choices["schedule"](method) if "schedule" in choices else None
    rates = []
    for step in range(steps):
        first = step * batch % len(points)
        method.zero_grad()
        peer.loss(points[first : first + batch]).backward()  # type: ignore[no-untyped-call]
        if "clip" in choices:
            torch.nn.utils.clip_grad_norm_([*peer.weights, *peer.biases], choices["clip"])
        rates.append(method.param_groups[0]["lr"])
        method.step()
        if schedule:
            schedule.step()
    return rates


@pytest.mark.parametrize("decay", [0.0, DECAY])
@pytest.mark.parametrize("method", list(Method))
def test_a_method_takes_pytorchs_steps(method: Method, decay: float) -> None:
    network, peer, points = make()
    network.train(
        Examples(points, ("x", "y"), 0, np.float64),
        Rule(RATE, 5, method=method, momentum=KEEP, weight_decay=decay),
        0,
        100,
    )
    train_peer(peer, points, 100, 5, method=method, decay=decay)
    assert_allclose(network.parameters, peer.parameters(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("clip", [0.001, 0.05, 10.0])
def test_a_gradient_is_clipped_as_in_pytorch(clip: float) -> None:
    network, peer, points = make()
    rule = Rule(RATE, 5, method=Method.MOMENTUM, momentum=KEEP, clip=clip)
    network.train(Examples(points, ("x", "y"), 0, np.float64), rule, 0, 60)
    train_peer(peer, points, 60, 5, method=Method.MOMENTUM, clip=clip)
    assert_allclose(network.parameters, peer.parameters(), rtol=1e-8, atol=1e-12)


STEPS = 40
SCHEDULES: dict[Schedule, Callable[[torch.optim.Optimizer], Any]] = {
    Schedule.STEP: lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [STEPS // 2, STEPS * 3 // 4]),
    Schedule.COSINE: lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS),
    Schedule.WARM_UP: lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda step: min(1.0, step / (STEPS / 10))),
    Schedule.ONE_CYCLE: lambda o: torch.optim.lr_scheduler.OneCycleLR(
        o, RATE, STEPS + 1, pct_start=(0.3 * STEPS + 1) / (STEPS + 1), cycle_momentum=False
    ),
}


@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_a_schedule_is_pytorchs(schedule: Schedule) -> None:
    network, peer, points = make()
    rule = Rule(RATE, 5, schedule=schedule, horizon=STEPS)
    network.train(Examples(points, ("x", "y"), 0, np.float64), rule, 0, STEPS)
    train_peer(peer, points, STEPS, 5, method=Method.SGD, schedule=SCHEDULES[schedule])
    assert_allclose(network.parameters, peer.parameters(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_and_its_slope_are_pytorchs(activation: Activation) -> None:
    network, peer, points = make(activation)
    examples = Examples(points, ("x", "y"), 0, np.float64)
    assert network.loss(examples) == pytest.approx(peer.loss(points).item(), rel=1e-12)
    before = network.parameters.copy()
    network.train(examples, Rule(1.0, 20), 0, 1)
    peer.loss(points).backward()  # type: ignore[no-untyped-call]
    slopes = [np.column_stack([w.grad, b.grad]).ravel() for w, b in zip(peer.weights, peer.biases, strict=True)]  # type: ignore[list-item]
    assert_allclose(before - network.parameters, np.concatenate(slopes), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_in_float32_is_near_that_in_float64(activation: Activation) -> None:
    settings = Settings(activation=activation, hidden=(8, 8), inputs=("x", "y", "xSquared"), initialization="large")
    exact, quick = Trainer(settings, np.float64), Trainer(settings, np.float32)
    assert_allclose(quick.losses(), exact.losses(), rtol=2e-4)
    exact.train(1)
    quick.train(1)
    assert np.isfinite(quick.losses()).all()


def test_a_shuffle_is_a_permutation_and_another_each_epoch() -> None:
    orders = []
    for epoch in range(3):
        order = np.zeros(50, np.int64)
        shuffle(order, 50, 7, epoch)
        assert sorted(order) == list(range(50))
        orders.append(order.tolist())
    assert orders[0] != orders[1] != orders[2]


def test_random_examples_are_drawn_evenly() -> None:
    counts = np.bincount([random_below(5, number, 10) for number in range(20_000)], minlength=10)
    assert counts.min() > 1_850
    assert counts.max() < 2_150


@pytest.mark.parametrize("order", [Order.SHUFFLE, Order.RANDOM])
def test_batches_in_another_order_are_those_examples(order: Order) -> None:
    """Compares a step over a batch in the engine's order with PyTorch's step over the same examples."""
    network, peer, points = make()
    rule = Rule(RATE, 6, order=order, seed=11)
    network.train(Examples(points, ("x", "y"), 0, np.float64), rule, 0, 7)
    sgd = optimizer(Method.SGD, peer, 0.0)
    for step in range(7):
        epoch, position = divmod(step, 3)
        if order == Order.SHUFFLE:
            whole = np.zeros(20, np.int64)
            shuffle(whole, 20, 11, epoch)
            chosen = whole[position * 6 : position * 6 + 6]
        else:
            chosen = np.array([random_below(11, step * 6 + e, 20) for e in range(6)])
        sgd.zero_grad()
        peer.loss(points[chosen]).backward()  # type: ignore[no-untyped-call]
        sgd.step()
    assert_allclose(network.parameters, peer.parameters(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("order", ORDERS)
def test_a_run_is_the_same_however_it_is_watched(method: Any, order: Any) -> None:
    settings = Settings(method=method, order=order, learning_rate=0.003, schedule="cosine", schedule_epochs=30)
    whole, pieces = Trainer(settings), Trainer(settings)
    whole.train(20)
    for epochs in (1, 2, 3, 14):
        pieces.train(epochs)
    assert (whole.parameters == pieces.parameters).all()


def test_a_method_begins_without_the_memory_of_another() -> None:
    trainer = Trainer(Settings(method="momentum"), np.float64)
    trainer.train(5)
    fresh = Network(trainer.network.program, trainer.network.layers, np.float64)
    trainer.change(Settings(method="adam"))
    fresh.train(trainer.model.train_examples, trainer.model.rule, 5 * 25, 25)
    trainer.train(1)
    assert_allclose(trainer.parameters, fresh.parameters, rtol=1e-12)


def test_switching_the_method_keeps_the_weights() -> None:
    trainer = Trainer(Settings())
    trainer.train(5)
    before = trainer.parameters
    trainer.change(Settings(method="adam"))
    assert (trainer.parameters == before).all()
    assert trainer.epoch == 5
    trainer.train(1)
    assert trainer.losses()[0] < 0.5
