"""machine.py, program.py, operations/: any program's losses and gradients, against NumPy and finite differences."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.labs.plane.examples import Examples, grid_for
from engine.labs.plane.settings import ACTIVATIONS, FEATURES, LOSSES, Loss
from engine.machine.architecture import Activation, Architecture
from engine.machine.network import Network, Rule
from engine.machine.pictures import quantize
from engine.machine.program import compile_program
from engine.machine.weights import LayerWeights, without_history
from tests.engine.test_methods import TORCH_ACTIVATIONS

Matrices = list[NDArray[np.float64]]


def make_points(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.column_stack([rng.uniform(-2, 2, (count, 2)), rng.choice([-1.0, 1.0], count)])


def inputs_of(points: NDArray[np.float64], features: int) -> NDArray[np.float64]:
    """The first features, computed by their definitions, (n, features)."""
    x, y = points[:, 0], points[:, 1]
    return np.column_stack([x, y, x**2, y**2, x * y, np.sin(x), np.sin(y)])[:, :features]


def forward(matrices: Matrices, inputs: NDArray[np.float64], activation: Activation, output: Activation) -> Matrices:
    """The activations of every layer, by NumPy and PyTorch."""
    layers, values = [], inputs
    for number, matrix in enumerate(matrices, start=1):
        z = values @ matrix[:, :-1].T + matrix[:, -1]
        values = TORCH_ACTIVATIONS[output if number == len(matrices) else activation](torch.tensor(z)).numpy()
        layers.append(values)
    return layers


def mean_loss(logits: NDArray[np.float64], targets: NDArray[np.float64], loss: str) -> float:
    if loss == "squared-error":
        return float(((np.tanh(logits) - targets) ** 2).mean() / 2)
    expected = (targets + 1) / 2  # log p = -log(1 + exp(-z)), as NumPy's log of a rounded p is too coarse
    return float((expected * np.logaddexp(0, -logits) + (1 - expected) * np.logaddexp(0, logits)).mean())


def make_network(shape: Sequence[int], activation: Activation, loss: Loss, rng: np.random.Generator) -> Network:
    program = compile_program(Architecture(tuple(shape), (activation,) * (len(shape) - 2), objective=loss))
    drawn = [without_history(rng.normal(0, 0.7, (o, i + 1))) for i, o in pairwise(shape)]
    return Network(program, drawn, np.float64)


def gradient(network: Network, examples: Examples) -> NDArray[np.float64]:
    """The mean gradient over all examples, which a step of rate 1 subtracts."""
    before = network.parameters.copy()
    network.train(examples, Rule(1.0, examples.count, 0.0, 0.0), 0, 1)
    taken: NDArray[np.float64] = before - network.parameters
    network.parameters[:] = before
    return taken


def numeric_gradient(network: Network, examples: Examples, step: float = 1e-5) -> NDArray[np.float64]:
    result = np.empty_like(network.parameters)
    for place in range(len(result)):
        value = network.parameters[place]
        network.parameters[place] = value + step
        above = network.loss(examples)
        network.parameters[place] = value - step
        below = network.loss(examples)
        network.parameters[place] = value
        result[place] = (above - below) / (2 * step)
    return result


hidden_layers = st.lists(st.integers(1, 20), max_size=4)


@given(
    features=st.integers(0, 7),
    hidden=hidden_layers,
    activation=st.sampled_from(ACTIVATIONS),
    loss=st.sampled_from(LOSSES),
    count=st.integers(1, 70),
    seed=st.integers(0, 999),
)
def test_losses_are_numpys(
    features: int, hidden: list[int], activation: Activation, loss: Loss, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    network = make_network([features, *hidden, 1], activation, loss, rng)
    points = make_points(count, rng)
    logits = forward(network.matrices, inputs_of(points, features), activation, "linear")[-1][:, 0]
    ours = network.loss(Examples(points, FEATURES[:features], 0, np.float64))
    assert ours == pytest.approx(mean_loss(logits, points[:, 2], loss), rel=1e-10)


@given(
    features=st.integers(0, 7),
    hidden=hidden_layers,
    activation=st.sampled_from([name for name in ACTIVATIONS if "relu" not in name]),
    loss=st.sampled_from(LOSSES),
    count=st.integers(1, 40),
    seed=st.integers(0, 999),
)
def test_backward_is_the_gradient_of_forward(
    features: int, hidden: list[int], activation: Activation, loss: Loss, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    network = make_network([features, *hidden, 1], activation, loss, rng)
    examples = Examples(make_points(count, rng), FEATURES[:features], 0, np.float64)
    assert_allclose(gradient(network, examples), numeric_gradient(network, examples), rtol=1e-5, atol=1e-8)


@given(hidden=hidden_layers, count=st.integers(1, 40), seed=st.integers(0, 999))
def test_backward_through_relu_is_numpys(hidden: list[int], count: int, seed: int) -> None:
    """Finite differences fail at the kink, so the chain rule is written out."""
    rng = np.random.default_rng(seed)
    network = make_network([2, *hidden, 1], "relu", "squared-error", rng)
    points = make_points(count, rng)
    layers = [inputs_of(points, 2), *forward(network.matrices, inputs_of(points, 2), "relu", "tanh")]
    slopes = (layers[-1] - points[:, 2:]) * (1 - layers[-1] ** 2)
    expected: list[NDArray[np.float64]] = []
    for number in range(len(network.matrices) - 1, -1, -1):
        below = layers[number]
        expected.insert(0, np.column_stack([slopes.T @ below, slopes.sum(0)]).ravel() / count)
        slopes = (slopes @ network.matrices[number][:, :-1]) * (below > 0)
    ours = gradient(network, Examples(points, ("x", "y"), 0, np.float64))
    assert_allclose(ours, np.concatenate(expected), rtol=1e-9, atol=1e-12)


@given(hidden=hidden_layers, batch=st.integers(1, 60), seed=st.integers(0, 99))
def test_many_steps_at_once_are_the_same_steps(hidden: list[int], batch: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = make_network([2, *hidden, 1], "tanh", "squared-error", rng)
    examples = Examples(make_points(60, rng), ("x", "y"), 60 % batch, np.float64)
    rule = Rule(0.1, batch, 0.0, 0.01)
    first = network.snapshot()
    network.train(examples, rule, 0, 7)
    together = network.parameters.copy()
    network.restore(first)
    for step in range(7):
        network.train(examples, rule, step, 1)
    assert (network.parameters == together).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("value", "is_finite"), [(np.nan, False), (np.inf, False), (-np.inf, False), (1e38, True), (-3e38, True)]
)
def test_a_step_tells_whether_all_is_finite(value: float, is_finite: bool, dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(3)
    network = Network(compile_program(Architecture((2, 30, 1), ("tanh",))), draw(rng), dtype)
    examples = Examples(make_points(20, rng), ("x", "y"), 0, dtype)
    for place in (0, 50, len(network.parameters) - 1):
        before = network.snapshot()
        assert network.train(examples, Rule(0.0, 10), 0, 1)
        network.parameters[place] = value
        assert network.train(examples, Rule(0.0, 10), 0, 1) == is_finite
        network.restore(before)


def draw(rng: np.random.Generator) -> list[LayerWeights]:
    return [without_history(rng.normal(size=shape)) for shape in ((30, 3), (1, 31))]


@pytest.mark.parametrize("loss", LOSSES)
def test_a_field_holds_every_unit_at_every_point(loss: Loss) -> None:
    rng = np.random.default_rng(1)
    network = make_network([2, 5, 3, 1], "tanh", loss, rng)
    points = make_points(150, rng)
    grid = grid_for(("x", "y"), 13, np.dtype(np.float64), (-6, 6))  # not a multiple of the lanes
    points = grid.inputs[: 2 * grid.stride].reshape(2, -1)[:, : grid.count].T
    program = network.program
    pictures = network.pictures(grid, np.concatenate([program.pictured, program.outputs]), program.hidden)
    output: Activation = "tanh" if loss == "squared-error" else "sigmoid"
    *hidden, said = forward(network.matrices, points, "tanh", output)
    expected = np.concatenate([*(layer.T for layer in hidden), (said.T if output == "tanh" else 2 * said.T - 1)])
    assert_array_equal(pictures.reshape(len(expected), -1), quantize(expected))


def test_cross_entropy_stays_finite_where_the_probability_rounds_to_one() -> None:
    program = compile_program(Architecture((2, 1), (), objective="cross-entropy"))
    network = Network(program, [without_history(np.array([[900.0, 0, 0]]))], np.float64)
    examples = Examples(np.array([[1.0, 0.0, -1.0]]), ("x", "y"), 0, np.float64)
    assert network.loss(examples) == pytest.approx(900.0)
