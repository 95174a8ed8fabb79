"""engine/matrices: operations, losses and whole networks against PyTorch, finite differences and plain loops."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.matrices.kernels import Batches, Examples
from engine.matrices.layers import ACTIVATIONS, Activation, Convolution, Dense, Dropout, Layer, Pool
from engine.matrices.network import Network
from tests.engine.matrices.networks import (
    DEEP_VALID,
    PLAIN,
    STANDARD,
    UNEVEN,
    Array,
    examples,
    for_torch,
    in_torch,
    inputs_of,
    network,
    train,
)

RATE, KEEP, DECAY = 0.01, 0.8, 0.05
STILL = Rule(learning_rate=0, batch_size=8)
NETWORKS = pytest.mark.parametrize(
    "layers", [STANDARD, UNEVEN, DEEP_VALID, PLAIN], ids=["standard", "uneven", "valid", "plain"]
)


def classes_of(layers: Sequence[Layer]) -> int:
    last = layers[-1]
    assert isinstance(last, Dense)
    return last.units


@NETWORKS
def test_losses_and_gradients_are_those_of_pytorch(layers: tuple[Layer, ...]) -> None:
    net, data = network(layers), examples(8, 28, classes_of(layers))
    peer = in_torch(net)
    _, losses, said = train(net, data, STILL)
    images, labels = inputs_of(data)
    logits = peer(images)
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    expected.sum().backward()  # type: ignore[no-untyped-call]
    assert_allclose(losses, expected.detach(), rtol=1e-9)
    assert_array_equal(said, logits.argmax(1))
    for own, theirs in zip(for_torch(net, gradients=True), peer.parameters(), strict=True):
        assert theirs.grad.abs().max() > 0
        assert_allclose(own, theirs.grad, rtol=1e-9, atol=1e-12)


@NETWORKS
def test_what_it_says_and_every_map_are_those_of_pytorch(layers: tuple[Layer, ...]) -> None:
    net, data = network(layers), examples(11, 28, classes_of(layers))
    images, labels = inputs_of(data)
    values, maps = images, []
    for module in in_torch(net):
        values = module(values)
        if not isinstance(module, torch.nn.Conv2d | torch.nn.Linear | torch.nn.Flatten):
            maps.append(values.detach().numpy())
    losses, said, probabilities = net.look(data, np.arange(11))
    assert_allclose(losses, torch.nn.functional.cross_entropy(values, labels, reduction="none").detach(), rtol=1e-9)
    assert_allclose(probabilities, torch.softmax(values, 1).detach(), rtol=1e-9, atol=1e-15)
    assert_array_equal(said, values.argmax(1))
    # pooling comes before the activation here, which is the same; after each comes a map
    after = [each for each, following in zip(maps, [*maps[1:], None], strict=True) if not is_pooled(each, following)]
    for layer, expected in enumerate(after, start=1):
        one = expected[10].transpose(1, 2, 0) if expected.ndim == 4 else expected[10]
        net.look(data, np.array([10]))
        assert_allclose(net.values(layer), one, rtol=1e-9, atol=1e-14)


def is_pooled(maps: Array, following: Array | None) -> bool:
    """Whether what follows is the same maps, pooled."""
    if following is None or following.ndim != 4:
        return False
    return maps.shape[1] == following.shape[1] and bool(np.isin(following, maps).all())


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("same", [True, False])
def test_a_convolution_is_its_sum(size: int, same: bool) -> None:
    layers = (Convolution(3, size, same, "2x2", "linear"), Convolution(2, size, same, "none", "linear"), Dense(2))
    net, data = network(layers, side=14, batch=1), examples(1, 14, 2)
    net.look(data, np.arange(1))
    source = data.images.reshape(14, 14, 1) / 255
    for layer, window in ((1, 2), (2, 1)):
        w, b = net.tensor(layer, "weights"), net.tensor(layer, "biases")
        border = size // 2 if same else 0
        padded = np.pad(source, ((border, border), (border, border), (0, 0)))
        side = len(padded) - size + 1
        sums = np.zeros((side, side, w.shape[3]))
        for y in range(side):
            for x in range(side):
                for o in range(w.shape[3]):
                    sums[y, x, o] = (padded[y : y + size, x : x + size] * w[:, :, :, o]).sum() + b[o]
        assert_allclose(net.sums(layer), sums, rtol=1e-12, atol=1e-12)
        half = side // window
        blocks = sums[: half * window, : half * window].reshape(half, window, half, window, -1)
        source = blocks.max((1, 3))
        assert_allclose(net.values(layer), source, rtol=1e-12, atol=1e-12)


def optimizer_of(method: Method, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
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
def test_a_hundred_steps_lead_where_pytorch_goes(method: Method) -> None:
    layers = (
        Convolution(3, 3, True, "2x2", "relu"),
        Convolution(5, 3, False, "2x2", "tanh"),
        Dense(6, "relu"),
        Dense(3),
    )
    net, data = network(layers, side=12), examples(24, 12, 3)
    peer = in_torch(net)
    weights = [each for each in peer.parameters() if each.ndim > 1]
    biases = [each for each in peer.parameters() if each.ndim == 1]
    groups = [{"params": weights, "weight_decay": DECAY}, {"params": biases, "weight_decay": 0.0}]
    optimizer = optimizer_of(method, groups)
    images, labels = inputs_of(data)
    for step in range(100):
        batch = slice(step % 3 * 8, step % 3 * 8 + 8)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(peer(images[batch]), labels[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    rule = Rule(learning_rate=RATE, batch_size=8, method=method, momentum=KEEP, weight_decay=DECAY)
    is_finite, _, _ = train(net, data, rule, steps=100)
    assert is_finite
    for own, theirs in zip(for_torch(net, gradients=False), peer.parameters(), strict=True):
        assert_allclose(own, theirs.detach(), rtol=1e-8, atol=1e-8)


@st.composite
def random_layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """Smooth ones: at a kink a difference is no slope."""
    smooth: st.SearchStrategy[Activation] = st.sampled_from(["tanh", "sigmoid", "linear"])
    pools: st.SearchStrategy[Pool] = st.sampled_from(["none", "2x2", "global"])
    size, same = draw(st.sampled_from([3, 5])), draw(st.booleans())
    layers: list[Layer] = []
    side = 13
    for _ in range(draw(st.integers(0, 2))):
        side = side if same else side - size + 1
        pool = draw(pools) if side > 1 else "none"
        side = {"none": side, "2x2": side // 2, "global": 1}[pool]
        layers.append(Convolution(draw(st.integers(1, 9)), size, same, pool, draw(smooth)))
        if side < (1 if same else size):
            break
    layers += [Dense(draw(st.integers(1, 20)), draw(smooth)) for _ in range(draw(st.integers(0, 2)))]
    return (*layers, Dense(draw(st.integers(2, 10))))


@given(layers=random_layers(), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_the_gradient_of_a_random_network_is_its_difference_quotient(layers: tuple[Layer, ...], seed: int) -> None:
    net, data = network(layers, side=13, batch=3, seed=seed), examples(3, 13, classes_of(layers), seed)
    train(net, data, Rule(learning_rate=0, batch_size=3))
    memory, size = net.memory, 1e-6
    direction = np.random.default_rng(seed).normal(size=memory.parameters.shape)
    for tensor in net.program.tensors:  # what is only there to fill vectors stays zero
        tensor.of(direction)[...] += 10
    direction = np.where(direction > 5, direction - 10, 0)
    slope = memory.gradients @ direction
    memory.parameters[:] += size * direction
    above = net.look(data, np.arange(3))[0].sum()
    memory.parameters[:] -= 2 * size * direction
    below = net.look(data, np.arange(3))[0].sum()
    assert_allclose(slope, (above - below) / (2 * size), rtol=2e-6, atol=2e-7)


def test_numbers_that_only_fill_vectors_stay_zero() -> None:
    net, data = network(UNEVEN, batch=8), examples(8, 28, 4)
    train(net, data, Rule(learning_rate=0.1, batch_size=8, method=Method.ADAM), steps=20)
    filled = np.ones(net.memory.parameters.shape, bool)
    for tensor in net.program.tensors:
        tensor.of(filled)[...] = False
    assert filled.sum() > 100
    assert not net.memory.parameters[filled].any()


def test_digits_are_read_the_same_alone_and_together() -> None:
    net, data = network(STANDARD, batch=8), examples(13, 28, 10)
    together = net.look(data, np.arange(13))[2]
    alone = np.concatenate([net.look(data, np.array([number]))[2] for number in range(13)])
    assert_array_equal(together, alone)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_unit_that_is_off_says_nothing_and_learns_nothing(activation: Activation) -> None:
    layers = (Convolution(3, 3, True, "2x2", activation), Dense(4, activation), Dense(3))
    net, cut = network(layers, side=8), network(layers, side=8)
    data = examples(8, 8, 3)
    cut.tensor(2, "weights")[:, :, 1] = 0  # from the second filter
    cut.tensor(3, "weights")[2] = 0  # from the third unit
    net.switch_off([(1, 1), (2, 2)])
    assert_array_equal(net.look(data, np.arange(8))[2], cut.look(data, np.arange(8))[2])
    before = net.tensor(1, "weights").copy()
    train(net, data, Rule(learning_rate=1, batch_size=8))
    moved = np.abs(net.tensor(1, "weights") - before).max((0, 1, 2))
    assert moved[1] == 0
    assert (moved[[0, 2]] > 0).all()
    net.switch_off([])
    assert not np.allclose(net.look(data, np.arange(8))[2], cut.look(data, np.arange(8))[2])


@pytest.mark.parametrize(("right", "down"), [(3, 0), (-2, 5), (0, -4), (0, 0)])
def test_a_moved_image_is_looked_at(right: int, down: int) -> None:
    net, data = network(STANDARD), examples(3, 28, 10)
    moved = np.zeros((3, 28, 28), np.uint8)
    for y in range(28):
        for x in range(28):
            if 0 <= y - down < 28 and 0 <= x - right < 28:
                moved[:, y, x] = data.images.reshape(3, 28, 28)[:, y - down, x - right]
    expected = net.look(data._replace(images=moved.ravel()), np.arange(3))[2]
    assert_array_equal(net.look(data, np.arange(3), right, down)[2], expected)


def test_training_with_shifts_moves_each_image_each_time() -> None:
    net = network((Dense(2),), side=9, batch=1)
    image = np.zeros((9, 9), np.uint8)
    image[4, 4] = 255
    data = Examples(image.ravel(), np.zeros(1, np.uint8), np.arange(81), 9)
    seen = np.zeros((9, 9))
    for step in range(400):
        train(net, data, Rule(learning_rate=0, batch_size=1), step=step, shift=2)
        seen += net.memory.values[:81].reshape(9, 9)
    inside = seen[2:7, 2:7]
    assert inside.sum() == seen.sum() == 400
    assert inside.min() > 4  # 16 are expected of each


def test_pixels_in_another_order_are_the_same_to_a_plain_network() -> None:
    net, other = network(PLAIN), network(PLAIN)
    data, order = examples(5, 28, 10), np.random.default_rng(0).permutation(784)
    w = net.tensor(1, "weights")
    other.tensor(1, "weights")[order] = w
    shuffled = data._replace(pixels=order)
    assert_allclose(other.look(shuffled, np.arange(5))[2], net.look(data, np.arange(5))[2], rtol=1e-12)


def test_dropout_leaves_out_its_share_and_makes_up_for_it() -> None:
    layers = (Dense(200, "sigmoid"), Dropout(), Dense(3))
    net, data = network(layers, side=8), examples(8, 8, 3)
    rule = Rule(learning_rate=0, batch_size=8, dropout=0.25, seed=7)
    train(net, data, rule)
    row = net.program.rows[1]
    values, kept = (net.memory.values[row[name] : row[name] + 8 * 200].copy() for name in ("source", "target"))
    factors = kept / values
    assert set(np.round(factors, 12)) == {0, round(1 / 0.75, 12)}
    assert 0.2 < (factors == 0).mean() < 0.3
    w = net.tensor(2, "weights")
    slopes = net.memory.slopes[net.maps[1].offset : net.maps[1].offset + 8 * 16].reshape(8, 16)[:, :3]
    behind = net.memory.slopes[row["source"] : row["source"] + 8 * 200].reshape(8, 200)
    y = values.reshape(8, 200)
    assert_allclose(behind, slopes @ w.T * factors.reshape(8, 200) * y * (1 - y), rtol=1e-12, atol=1e-15)
    net.look(data, np.arange(8))
    assert_array_equal(net.memory.values[row["target"] : row["target"] + 8 * 200], values)


def test_training_tells_when_it_leaves_the_finite_numbers() -> None:
    net, data = network(STANDARD), examples(8, 28, 10)
    net.tensor(3, "weights")[0, 0, 0, 0] = np.inf
    is_finite, _, _ = train(net, data, Rule(learning_rate=0.1, batch_size=8))
    assert not is_finite


def test_single_precision_computes_the_same() -> None:
    exact = network(STANDARD)
    quick = Network(28, STANDARD, 8, np.random.default_rng(0), np.float32)
    quick.memory.parameters[:] = exact.memory.parameters
    data = examples(8, 28, 10)
    rule = Rule(learning_rate=0, batch_size=8)
    losses, said = np.zeros(8, np.float32), np.zeros(8, np.uint8)
    quick.train(data, Batches(np.arange(8), 8, 0), rule, 0, 0, 0, losses, said)
    _, expected, _ = train(exact, data, rule)
    assert_allclose(losses, expected, rtol=1e-5)
    assert_allclose(quick.memory.gradients, exact.memory.gradients, rtol=1e-3, atol=1e-4)
