"""program.py, operations/: softmax, batch norm, dropout, residual and dense connections, lesions, layers of their own.

Whole random programs against finite differences; training against PyTorch, in float64.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from engine.labs.plane.examples import Examples
from engine.labs.plane.settings import ACTIVATIONS, CONNECTIONS
from engine.labs.plane.weights import draw_weights
from engine.machine.architecture import Activation, Architecture, Objective
from engine.machine.methods import Method
from engine.machine.network import Network, Rule
from engine.machine.operations import Operation
from engine.machine.program import compile_program
from engine.machine.weights import LayerWeights
from engine.vectors.splitmix import random_below
from tests.engine.test_methods import TORCH_ACTIVATIONS

SOFTMAX: Objective = "categorical-cross-entropy"
FEATURES = ("x", "y", "xTimesY")
SMOOTH = [name for name in ACTIVATIONS if "relu" not in name]


def labels_for(architecture: Architecture, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    classes = architecture.shape[-1]
    return rng.integers(0, classes, count).astype(float) if classes > 1 else rng.choice([-1.0, 1.0], count)


def make(architecture: Architecture, count: int, seed: int = 5) -> tuple[Network, NDArray[np.float64]]:
    """A network with random weights, scales, shifts and statistics, and points for it."""
    rng = np.random.default_rng(seed)
    layers = [
        LayerWeights(
            layer.matrix,
            np.stack([rng.uniform(0.5, 1.5, n), rng.normal(0, 0.3, n), rng.normal(0, 0.2, n), rng.uniform(0.5, 2, n)]),
        )
        for layer in draw_weights(architecture, lambda units, inputs: rng.normal(0, 0.7, (units, inputs + 1)))
        for n in [len(layer.matrix)]
    ]
    points = np.column_stack([rng.uniform(-2, 2, (count, 2)), labels_for(architecture, count, rng)])
    return Network(compile_program(architecture), layers, np.float64), points


def examples_of(architecture: Architecture, points: NDArray[np.float64]) -> Examples:
    return Examples(points, FEATURES[: architecture.shape[0]], 0, np.float64)


def loss_of(outputs: NDArray[np.float64], labels: NDArray[np.float64], objective: Objective) -> float:
    """Of the rows that the loss reads, (outputs, examples), by NumPy."""
    if objective == "squared-error":
        return float(((outputs[0] - labels) ** 2).mean() / 2)
    if objective == "cross-entropy":
        return float(np.logaddexp(0, -outputs[0] * labels).mean())
    right = outputs[labels.astype(int), np.arange(len(labels))]
    return float((np.logaddexp.reduce(outputs, axis=0) - right).mean())


@st.composite
def architectures(draw: Any, activations: Any = SMOOTH) -> Architecture:
    hidden = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    if draw(st.booleans()):
        hidden = [hidden[0]] * len(hidden)  # so that residual links exist
    classes = draw(st.sampled_from([1, 1, 3, 5]))
    objectives = ["squared-error", "cross-entropy"] if classes == 1 else [SOFTMAX]
    units = [(layer, unit) for layer, n in enumerate(hidden, start=1) for unit in range(n + 1)]
    return Architecture(
        shape=(draw(st.integers(0, 3)), *hidden, classes),
        activations=tuple(draw(st.sampled_from(activations)) for _ in hidden),
        objective=draw(st.sampled_from(objectives)),
        connections=draw(st.sampled_from(CONNECTIONS)),
        batch_norm=draw(st.booleans()),
        dropout=draw(st.booleans()),
        lesions=tuple(sorted(draw(st.sets(st.sampled_from(units), max_size=2)))),
    )


@given(architecture=architectures(), count=st.integers(2, 40), seed=st.integers(0, 999))
def test_backward_is_the_gradient_of_a_training_step(architecture: Architecture, count: int, seed: int) -> None:
    """Batch statistics and dropout included: the loss is that of the values of the step itself."""
    network, points = make(architecture, count, seed)
    examples, rule = examples_of(architecture, points), Rule(0.1, count, dropout=0.4, seed=seed)
    output = network.program.layers[-1].units

    def loss() -> float:
        values = network.look(examples, rule, run_step=seed).values
        return loss_of(values[output : output + architecture.shape[-1]], points[:, 2], architecture.objective)

    ours = network.look(examples, rule, run_step=seed).gradient.copy()
    numeric, step = np.empty_like(ours), 1e-5
    for place in range(len(ours)):
        value = network.parameters[place]
        network.parameters[place] = value + step
        above = loss()
        network.parameters[place] = value - step
        numeric[place] = (above - loss()) / (2 * step)
        network.parameters[place] = value
    assert_allclose(ours, numeric, rtol=1e-4, atol=3e-7)


@dataclass
class Peer:
    """The same network by PyTorch's own modules."""

    architecture: Architecture
    linears: list[torch.nn.Linear]
    norms: list[torch.nn.BatchNorm1d]
    dropout: float = 0.0
    seed: int = 0
    label_smoothing: float = 0.0
    lowest: tuple[int, ...] = ()  # row of values of each layer's dropout, which its random numbers depend on

    @classmethod
    def of(cls, network: Network, architecture: Architecture, rule: Rule) -> "Peer":
        linears, norms = [], []
        for layer in network.layers:
            linear = torch.nn.Linear(layer.matrix.shape[1] - 1, len(layer.matrix), dtype=torch.float64)
            linear.weight.data[:] = torch.tensor(layer.matrix[:, :-1])
            linear.bias.data[:] = torch.tensor(layer.matrix[:, -1])
            norm = torch.nn.BatchNorm1d(len(layer.matrix), dtype=torch.float64)
            norm.weight.data[:], norm.bias.data[:] = torch.tensor(layer.norm[0]), torch.tensor(layer.norm[1])
            norm.running_mean[:] = torch.tensor(layer.norm[2])  # type: ignore[index]
            norm.running_var[:] = torch.tensor(layer.norm[3])  # type: ignore[index]
            linears.append(linear)
            norms.append(norm)
        lowest = tuple(int(row["target"]) for row in network.program.rows if row["operation"] == Operation.DROPOUT)
        return cls(architecture, linears, norms, rule.dropout, rule.seed, rule.label_smoothing, lowest)

    def logits(self, inputs: torch.Tensor, step: int | None) -> torch.Tensor:
        """In training mode at a step, or by running statistics and without dropout."""
        a, seen = self.architecture, [inputs]
        for number, (linear, norm) in enumerate(zip(self.linears, self.norms, strict=True), start=1):
            z = linear(torch.cat([seen[layer] for layer in a.reads(number)], dim=1))
            if number == len(self.linears):
                return torch.tanh(z) if a.objective == "squared-error" else z
            if a.batch_norm:
                z = norm.train(step is not None)(z)
            value = TORCH_ACTIVATIONS[a.activations[number - 1]](z)
            if a.dropout and step is not None:
                value = value * self._kept(number, value.shape, step)
            off = [neuron for layer, neuron in a.lesions if layer == number]
            mask = torch.ones(value.shape[1], dtype=torch.float64)
            mask[[neuron - 1 for neuron in off if neuron]] = 0
            value = value * (0 if 0 in off else mask)
            if a.connections == "residual" and value.shape == seen[-1].shape:
                value = value + seen[-1]
            seen.append(value)
        raise AssertionError

    def _kept(self, layer: int, shape: torch.Size, step: int) -> torch.Tensor:
        """What a step leaves in, by the numbers that the engine draws; test_dropout_is_fair looks at those."""
        row = self.lowest[layer - 1]
        drawn = [
            [random_below(self.seed, (step << 32) + ((row + unit) << 12) + e, 1 << 24) for unit in range(shape[1])]
            for e in range(shape[0])
        ]
        return torch.tensor(np.array(drawn) >= int(self.dropout * (1 << 24)), dtype=torch.float64) / (1 - self.dropout)

    def loss(self, inputs: torch.Tensor, labels: torch.Tensor, step: int | None) -> torch.Tensor:
        logits, objective = self.logits(inputs, step), self.architecture.objective
        if objective == "squared-error":
            return ((logits[:, 0] - labels) ** 2).mean() / 2
        smoothing = 0.0 if step is None else self.label_smoothing
        if objective == "cross-entropy":  # a sigmoid is the softmax of the logit and 0
            logits, labels = torch.stack([torch.zeros_like(logits[:, 0]), logits[:, 0]], 1), (labels + 1) / 2
        return torch.nn.functional.cross_entropy(logits, labels.long(), label_smoothing=smoothing)

    def trained(self) -> list[Any]:
        norms = self.norms[:-1] if self.architecture.batch_norm else []
        return [p for module in (*self.linears, *norms) for p in (module.weight, module.bias)]

    def parameters(self) -> NDArray[np.float64]:
        """In the engine's order."""
        weights = [np.column_stack([li.weight.detach(), li.bias.detach()]).ravel() for li in self.linears]
        norms = [p.detach().numpy() for p in self.trained()[2 * len(self.linears) :]]
        return np.concatenate([*weights, *norms])


def inputs_of(examples: Examples, architecture: Architecture) -> torch.Tensor:
    features = architecture.shape[0]
    return torch.tensor(
        examples.inputs[: features * examples.stride].reshape(features, examples.stride)[:, : examples.count].T.copy()
    )


def biases_before_norm(network: Network) -> NDArray[np.bool_]:
    """Parameters whose slope is nothing but rounding, which differs from processor to processor, and which Adam divides
    by its own size."""
    chosen = np.zeros(len(network.parameters))
    for layer, biased in zip(network.program.layers, network.by_layer(chosen), strict=True):
        biased[:, -1] = layer.norm is not None
    return chosen.astype(bool)


CASES = [
    Architecture((2, 5, 3), ("tanh",), objective=SOFTMAX),
    Architecture((3, 6, 6, 10), ("relu", "gelu"), objective=SOFTMAX, batch_norm=True),
    Architecture((2, 4, 4, 4, 1), ("tanh",) * 3, connections="residual"),
    Architecture((2, 2, 2, 1), ("elu", "swish"), connections="residual", batch_norm=True, objective="cross-entropy"),
    Architecture((2, 5, 3, 4, 1), ("sigmoid", "leaky-relu", "sine"), connections="dense"),
    Architecture((2, 5, 3, 4), ("tanh",) * 2, objective=SOFTMAX, connections="dense", batch_norm=True),
    Architecture((2, 8, 8, 1), ("relu", "tanh"), dropout=True),
    Architecture((2, 6, 6, 6, 3), ("tanh",) * 3, "tanh", SOFTMAX, "residual", True, True, ((2, 3),)),
    Architecture((2, 5, 5, 1), ("linear", "tanh"), connections="residual", lesions=((1, 2), (2, 0))),
]


@pytest.mark.parametrize("method", [Method.SGD, Method.ADAM], ids=lambda method: method.name)
@pytest.mark.parametrize("architecture", CASES, ids=lambda a: f"{a.connections}-{'-'.join(map(str, a.shape))}")
def test_a_hundred_steps_are_pytorchs(architecture: Architecture, method: Method) -> None:
    check_a_hundred_steps(architecture, Rule(0.02, 12, method=method, dropout=0.3 if architecture.dropout else 0.0))


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
@pytest.mark.parametrize(
    ("shape", "objective"), [((2, 5, 1), "cross-entropy"), ((2, 5, 2), SOFTMAX), ((2, 5, 7), SOFTMAX)]
)
def test_smoothed_labels_are_pytorchs(shape: tuple[int, ...], objective: Objective, smoothing: float) -> None:
    """In training; the loss that is shown is that of the true labels."""
    architecture = Architecture(shape, ("tanh",), objective=objective)
    check_a_hundred_steps(architecture, Rule(0.02, 12, label_smoothing=smoothing))


def check_a_hundred_steps(architecture: Architecture, rule: Rule) -> None:
    """Values and gradients to 1e-9, parameters and running statistics after 100 steps to 1e-8."""
    rule = replace(rule, seed=77)
    batch, batches = rule.batch_size, 5
    network, points = make(architecture, batch * batches)
    examples = examples_of(architecture, points)
    peer = Peer.of(network, architecture, rule)
    inputs, labels = inputs_of(examples, architecture), torch.tensor(points[:, 2])
    make_method: Any = torch.optim.Adam if rule.method == Method.ADAM else torch.optim.SGD
    optimizer = make_method(peer.trained(), 0.02)
    for step in range(100):
        part = slice(step % batches * batch, (step % batches + 1) * batch)
        optimizer.zero_grad()
        loss = peer.loss(inputs[part], labels[part], step)
        loss.backward()  # type: ignore[no-untyped-call]
        if step == 0:
            first = Examples(points[:batch], FEATURES[: architecture.shape[0]], 0, np.float64)
            look = network.look(first, rule, 0)
            slopes = replace(peer, linears=[gradient_of(linear) for linear in peer.linears])
            weights = np.concatenate([matrix.ravel() for matrix in network.by_layer(look.gradient)])
            assert_allclose(weights, slopes.parameters()[: len(weights)], rtol=1e-9, atol=1e-12)
        optimizer.step()
    network.train(examples, rule, 0, 100)
    noise = biases_before_norm(network)
    ours, theirs = network.parameters, peer.parameters()
    assert_allclose(ours[~noise], theirs[~noise], rtol=1e-8, atol=1e-10)
    assert_allclose(ours[noise], theirs[noise], rtol=1e-8, atol=1e-8)
    for running, norm in zip(network.running, peer.norms, strict=False):
        assert norm.running_mean is not None
        assert norm.running_var is not None
        assert_allclose(running[0], norm.running_mean, rtol=1e-8, atol=1e-8)
        assert_allclose(running[1], norm.running_var, rtol=1e-8, atol=1e-8)
    with torch.no_grad():
        assert network.loss(examples) == pytest.approx(float(peer.loss(inputs, labels, None)), rel=1e-9)
        assert_allclose(network.outputs(examples), said_by(peer, inputs), rtol=1e-8, atol=1e-10)


def gradient_of(linear: torch.nn.Linear) -> torch.nn.Linear:
    """The gradients in the place of the weights."""
    result = torch.nn.Linear(linear.in_features, linear.out_features, dtype=torch.float64)
    assert linear.weight.grad is not None
    assert linear.bias.grad is not None
    result.weight.data[:], result.bias.data[:] = linear.weight.grad, linear.bias.grad
    return result


def said_by(peer: Peer, inputs: torch.Tensor) -> NDArray[np.float64]:
    """Probabilities, or the output of a tanh."""
    logits, objective = peer.logits(inputs, None), peer.architecture.objective
    if objective == SOFTMAX:
        logits = torch.softmax(logits, 1)
    elif objective == "cross-entropy":
        logits = torch.sigmoid(logits)
    said: NDArray[np.float64] = logits.T.numpy()
    return said


@pytest.mark.parametrize(("activation", "dtype"), list(product(ACTIVATIONS, [np.float64, np.float32])))
def test_both_precisions_train_the_same_deep_network(activation: Activation, dtype: Any) -> None:
    architecture = Architecture((2, 4, 4, 4, 3), (activation,) * 3, "tanh", SOFTMAX, "residual", True)
    exact, points = make(architecture, 60)
    network = Network(exact.program, exact.layers, dtype)
    for each, kind in ((exact, np.float64), (network, dtype)):
        each.train(Examples(points, ("x", "y"), 0, kind), Rule(0.03, 12), 0, 50)
    assert_allclose(network.parameters, exact.parameters, atol=2e-4)


def test_softmax_stays_finite_where_probabilities_round_to_zero_and_one() -> None:
    program = compile_program(Architecture((2, 3), (), objective=SOFTMAX))
    matrix = np.array([[900.0, 0, 0], [0, 0, 0], [-900.0, 0, 0]])
    for dtype in (np.float64, np.float32):
        network = Network(program, [LayerWeights(matrix, np.zeros((4, 3)))], dtype)
        wrong = Examples(np.array([[1.0, 0.0, 2.0]]), ("x", "y"), 0, dtype)
        assert network.loss(wrong) == pytest.approx(1800)
        assert_allclose(network.outputs(wrong)[:, 0], [1, 0, 0], atol=1e-6)
        assert network.train(wrong, Rule(0.1, 1), 0, 1)


def test_dropout_is_fair() -> None:
    """Over many steps each unit of each example is left out as often as the rate says, and independently."""
    places = product(range(40), range(20), range(16))
    drawn = np.array([random_below(11, (step << 32) + (row << 12) + e, 1 << 24) for step, row, e in places])
    left_out = (drawn < 0.3 * (1 << 24)).reshape(40, 320)
    assert left_out.mean() == pytest.approx(0.3, abs=0.015)
    correlations = np.corrcoef(left_out[:, :40].T.astype(float))
    assert np.abs(correlations[~np.eye(40, dtype=bool)]).mean() < 0.17  # 0.126 is what chance gives for 40 draws


def test_lesions_take_part_in_nothing() -> None:
    """A neuron that is switched off is one with no outgoing weights, and keeps its own weights for later."""
    architecture = Architecture((2, 5, 4, 1), ("tanh", "tanh"), lesions=((1, 3),))
    network, points = make(architecture, 30)
    examples = examples_of(architecture, points)
    kept = network.matrices[0][2].copy()
    whole = Network(compile_program(replace(architecture, lesions=())), network.layers, np.float64)
    whole.matrices[1][:, 2] = 0
    assert network.loss(examples) == pytest.approx(whole.loss(examples), rel=1e-12)
    network.train(examples, Rule(0.1, 10), 0, 20)
    assert (network.matrices[0][2] == kept).all()
