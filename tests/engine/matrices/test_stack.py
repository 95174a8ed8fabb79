"""engine/matrices: stacks of wide layers, their gradients and steps, against PyTorch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.matrices.layers import Activation, Dense
from engine.matrices.products import row_length
from engine.matrices.stack import Stack
from engine.matrices.stack_kernels import Lesson

BATCH, EXAMPLES = 7, 21  # no multiples of what a register block holds
RATE, KEEP, DECAY = 0.01, 0.8, 0.05
SHAPES: dict[str, tuple[int, ...]] = {
    "narrow": (2, 8, 1, 8, 2),
    "uneven": (37, 300, 17, 3, 17, 300, 37),  # sums that are cut, columns that fill no vector
    "whole vectors": (64, 32, 16, 32, 64),
    "no hidden layer": (20, 2, 20),
}


def stack(widths: tuple[int, ...], activation: Activation, *, entropy: bool) -> Stack:
    """With biases that are not zero."""
    kinds: list[Activation] = [activation] * (len(widths) - 1)
    kinds[len(widths) // 2 - 1] = "linear"
    kinds[-1] = "sigmoid" if entropy else "linear"
    layers = [Dense(units, kind) for units, kind in zip(widths[1:], kinds, strict=True)]
    made = Stack(widths[0], layers, BATCH, np.random.default_rng(0), np.float64)
    rng = np.random.default_rng(1)
    for layer in range(1, len(layers) + 1):
        made.tensor(layer, "biases")[:] = rng.normal(0, 0.3, widths[layer])
    return made


def lesson(inputs: int, *, entropy: bool) -> Lesson:
    rng = np.random.default_rng(2)
    examples = rng.random((EXAMPLES, inputs), np.float32)
    return Lesson(examples, rng.permutation(EXAMPLES), np.zeros(EXAMPLES), entropy)


class Peer:
    """PyTorch's stack with the same weights."""

    def __init__(self, own: Stack, data: Lesson) -> None:
        kinds = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda z: z}
        self.activations: list[Callable[[Any], Any]] = [kinds[layer.activation] for layer in own.layers]
        self.parameters: list[Any] = [
            torch.tensor(np.array(each), requires_grad=True) for each in own.named_tensors().values()
        ]
        self.data = data
        self.examples = torch.from_numpy(data.examples.astype(np.float64))

    def says(self, examples: Any) -> Any:
        values = examples
        for layer, activation in enumerate(self.activations):
            values = activation(values @ self.parameters[2 * layer] + self.parameters[2 * layer + 1])
        return values

    def loss(self, step: int) -> Any:
        """The mean over the batch of a step, of sums over what an example has."""
        in_epoch = EXAMPLES // BATCH
        first = step % in_epoch * BATCH
        batch = self.examples[self.data.order[first : first + BATCH]]
        values = self.says(batch)
        if self.data.is_entropy:
            return torch.nn.functional.binary_cross_entropy(values, batch, reduction="sum") / BATCH
        return ((values - batch) ** 2).sum() / BATCH


@pytest.mark.parametrize("entropy", [False, True], ids=["squared", "entropy"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("widths", SHAPES.values(), ids=SHAPES.keys())
def test_gradients_and_errors_are_those_of_pytorch(
    widths: tuple[int, ...], activation: Activation, entropy: bool
) -> None:
    own, data = stack(widths, activation, entropy=entropy), lesson(widths[0], entropy=entropy)
    peer = Peer(own, data)
    peer.loss(0).backward()
    before = {name: tensor.copy() for name, tensor in own.named_tensors().items()}
    assert own.train(data, Rule(learning_rate=1, batch_size=BATCH), 0, 0, 0)
    for (name, tensor), theirs in zip(own.named_tensors().items(), peer.parameters, strict=True):
        gradient = before[name] - tensor  # a step of plain gradient descent at rate 1
        assert theirs.grad.abs().max() > 0
        assert_allclose(gradient, theirs.grad, rtol=1e-9, atol=1e-12)
    chosen = data.order[:BATCH]
    expected = ((Peer(stack(widths, activation, entropy=entropy), data).says(peer.examples) - peer.examples) ** 2).sum(
        1
    )
    assert_allclose(data.errors[chosen], expected.detach()[chosen], rtol=1e-9)
    assert_array_equal(np.delete(data.errors, chosen), 0)


def optimizer_of(method: Method, parameters: list[Any]) -> torch.optim.Optimizer:
    groups = [
        {"params": parameters[::2], "weight_decay": DECAY},
        {"params": parameters[1::2], "weight_decay": 0.0},  # biases do not decay
    ]
    made: dict[Method, Callable[[], torch.optim.Optimizer]] = {
        Method.SGD: lambda: torch.optim.SGD(groups, RATE),
        Method.MOMENTUM: lambda: torch.optim.SGD(groups, RATE, momentum=KEEP),
        Method.NESTEROV: lambda: torch.optim.SGD(groups, RATE, momentum=KEEP, nesterov=True),
        Method.ADAGRAD: lambda: torch.optim.Adagrad(groups, RATE),
        Method.RMSPROP: lambda: torch.optim.RMSprop(groups, RATE),
        Method.ADAM: lambda: torch.optim.Adam(groups, RATE, betas=(KEEP, 0.999)),
        Method.ADAMW: lambda: torch.optim.AdamW(groups, RATE, betas=(KEEP, 0.999)),
    }
    return made[method]()


@pytest.mark.parametrize("method", Method)
def test_a_hundred_steps_are_those_of_pytorch(method: Method) -> None:
    own, data = stack((37, 20, 3, 20, 37), "tanh", entropy=True), lesson(37, entropy=True)
    peer = Peer(own, data)
    optimizer = optimizer_of(method, peer.parameters)
    rule = Rule(learning_rate=RATE, batch_size=BATCH, method=method, momentum=KEEP, weight_decay=DECAY)
    for step in range(100):
        optimizer.zero_grad()
        peer.loss(step).backward()
        optimizer.step()
    assert own.train(data, rule, 0, 0, 0, 0, 100 * own.phases)
    for tensor, theirs in zip(own.named_tensors().values(), peer.parameters, strict=True):
        assert_allclose(tensor, theirs.detach(), rtol=1e-8, atol=1e-10)


def test_steps_in_parts_are_the_same_steps() -> None:
    rule = Rule(learning_rate=RATE, batch_size=BATCH, method=Method.ADAM)
    whole, cut = (stack((37, 20, 3, 20, 37), "relu", entropy=True) for _ in range(2))
    data = lesson(37, entropy=True)
    whole.train(data, rule, 0, 0, 0, 0, 3 * whole.phases)
    for step in range(3):
        before = cut.state["parameters"].copy()
        for phase in range(cut.phases_without_learning):
            cut.train(data, rule, step, step, step, phase, phase + 1)
        assert_array_equal(cut.state["parameters"], before)
        cut.train(data, rule, step, step, step, cut.phases_without_learning)
    for name, tensor in whole.state.items():
        assert_array_equal(cut.state[name], tensor)


def test_what_no_unit_has_stays_zero() -> None:
    """Else states of the same run would differ by what else was in memory."""
    own, data = stack((37, 64, 3, 64, 37), "relu", entropy=False), lesson(37, entropy=False)
    rule = Rule(learning_rate=RATE, batch_size=BATCH, method=Method.ADAM)
    own.train(data, rule, 0, 0, 0, 0, 5 * own.phases)
    stray = own.state["parameters"].copy()
    for tensor in own.tensors:
        tensor.of(stray)[...] = 0
    assert_array_equal(stray, 0)


def test_parts_of_the_way_forward_make_the_whole() -> None:
    own, data = stack((37, 20, 3, 20, 37), "relu", entropy=True), lesson(37, entropy=True)
    peer = Peer(own, data)
    codes = own.run(data.examples, 0, 2)
    assert codes.shape == (EXAMPLES, 3)
    assert_allclose(own.run(codes, 2), peer.says(peer.examples).detach(), rtol=1e-9, atol=1e-14)
    assert_array_equal(own.run(codes, 2), own.run(data.examples))


def test_a_divergence_is_told() -> None:
    own, data = stack((37, 20, 3, 20, 37), "linear", entropy=False), lesson(37, entropy=False)
    assert not own.train(data, Rule(learning_rate=1e9, batch_size=BATCH), 0, 0, 0, 0, 40 * own.phases)


def test_rows_are_an_odd_number_of_vectors() -> None:
    assert [row_length(count) for count in (1, 16, 17, 256, 784, 1000, 1024)] == [16, 16, 48, 272, 784, 1008, 1040]
