"""explain.py, differences.py, vanishing.py: every number of a step against PyTorch, and the step the run's own."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.plane.answers import value_at
from engine.labs.plane.examples import Examples
from engine.labs.plane.explanation import explain_example, explain_point, explain_step
from engine.labs.plane.settings import ACTIVATIONS, METHODS, ORDERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Architecture, Connections, Objective
from engine.machine.explain import explain, explain_batch
from engine.machine.explanation import Explanation, LayerStep
from engine.machine.methods import Method
from engine.machine.network import Network, Rule
from engine.machine.orders import Order
from engine.machine.program import compile_program
from engine.machine.schedules import Schedule
from engine.machine.vanishing import chain_of
from engine.machine.weights import LayerWeights, without_history
from engine.warm_up import compiled_signatures, warm_up
from tests.engine.test_methods import TORCH_ACTIVATIONS

CASES = 200
FEATURES = ("x", "y", "xTimesY")
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}


@dataclass
class Case:
    """A network somewhere in its training, the points it learns and the rule by which."""

    architecture: Architecture
    rule: Rule
    network: Network
    examples: Examples
    step: int  # that comes next


def random_case(seed: int, dtype: Any) -> Case:
    """Of all that there is: the seed walks through methods and objectives, and draws the rest."""
    rng = np.random.default_rng(seed)
    method = list(Method)[seed % len(Method)]
    objective: Objective = get_args(Objective)[seed % 3]
    hidden = [int(rng.integers(1, 6)) for _ in range(rng.integers(0, 5))]
    if rng.random() < 0.5:
        hidden = hidden[:1] * len(hidden)  # so that residual links exist
    units = [(layer, unit) for layer, count in enumerate(hidden, start=1) for unit in range(count + 1)]
    lesions = [units[place] for place in rng.permutation(len(units))[: rng.integers(0, 3)]]
    architecture = Architecture(
        shape=(int(rng.integers(1, 4)), *hidden, 4 if objective == "categorical-cross-entropy" else 1),
        activations=tuple(ACTIVATIONS[rng.integers(len(ACTIVATIONS))] for _ in hidden),
        output="linear" if rng.random() < 0.5 else "tanh",
        objective=objective,
        connections=get_args(Connections)[rng.integers(3)],
        batch_norm=bool(rng.random() < 0.4),
        dropout=bool(rng.random() < 0.4),
        lesions=tuple(sorted(lesions)),
    )
    rule = Rule(
        learning_rate=float(rng.uniform(0.001, 0.02)),
        batch_size=int(rng.integers(3, 20)),
        l1=float(rng.choice([0, 0, 0.1])),
        l2=float(rng.choice([0, 0, 0.1])),
        method=method,
        momentum=float(rng.uniform(0.5, 0.95)),
        weight_decay=float(rng.choice([0, 0.1])),
        clip=float(rng.choice([0, 0.05])),
        dropout=0.3 if architecture.dropout else 0.0,
        label_smoothing=float(rng.choice([0, 0.2])),
        schedule=list(Schedule)[rng.integers(len(Schedule))],
        horizon=40,
        order=list(Order)[rng.integers(len(Order))],
        seed=seed,
    )
    layers = []
    fans_in = [sum(architecture.shape[read] for read in architecture.reads(n + 1)) for n in range(len(hidden) + 1)]
    for fan_in, count in zip(fans_in, architecture.shape[1:], strict=True):
        norm = [rng.uniform(0.5, 1.5, count), rng.normal(0, 0.3, count), rng.normal(0, 0.2, count)]
        layers.append(
            LayerWeights(rng.normal(0, 0.7, (count, fan_in + 1)), np.stack([*norm, rng.uniform(0.5, 2, count)]))
        )
    classes = architecture.shape[-1]
    labels = rng.integers(0, classes, 50).astype(float) if classes > 1 else rng.choice([-1.0, 1.0], 50)
    points = np.column_stack([rng.uniform(-2, 2, (50, 2)), labels])
    network = Network(compile_program(architecture), layers, dtype)
    left_over = 50 % rule.batch_size if rule.order == Order.SEQUENCE else 0
    features: Any = FEATURES[: architecture.shape[0]]
    case = Case(architecture, rule, network, Examples(points, features, left_over, dtype), int(rng.integers(0, 12)))
    assert network.train(case.examples, rule, 0, case.step)
    return case


@dataclass
class Peer:
    """The same step in PyTorch, in float64; what it meets on the way keeps its gradient."""

    weights: list[torch.Tensor] = field(default_factory=list)
    biases: list[torch.Tensor] = field(default_factory=list)
    scales: list[torch.Tensor] = field(default_factory=list)
    shifts: list[torch.Tensor] = field(default_factory=list)
    sums: list[torch.Tensor] = field(default_factory=list)  # (examples, units)
    normed: list[torch.Tensor] = field(default_factory=list)
    activated: list[torch.Tensor] = field(default_factory=list)
    values: list[torch.Tensor] = field(default_factory=list)
    losses: torch.Tensor = field(default_factory=lambda: torch.empty(0))

    def parameters(self, of: Any = lambda tensor: tensor.detach()) -> NDArray[np.float64]:
        """Some figure of each parameter, in the engine's order."""
        matrices = [
            np.column_stack([of(w).numpy(), of(b).numpy()]).ravel()
            for w, b in zip(self.weights, self.biases, strict=True)
        ]
        norms = [of(each).numpy() for pair in zip(self.scales, self.shifts, strict=True) for each in pair]
        return np.concatenate([*matrices, *norms])


def leaf(values: NDArray[Any]) -> torch.Tensor:
    return torch.tensor(values.astype(np.float64), requires_grad=True)


def walk_through(case: Case, explanation: Explanation, labels: NDArray[np.float64] | None) -> Peer:
    """Forward and back over the explanation's examples. Only the mask of dropout is taken from the engine."""
    a, peer = case.architecture, Peer()
    for layer in case.network.layers:
        peer.weights.append(leaf(layer.matrix[:, :-1]))
        peer.biases.append(leaf(layer.matrix[:, -1]))
    seen = [torch.tensor(explanation.inputs.T.astype(np.float64))]
    for number in range(1, len(peer.weights) + 1):
        z = torch.cat([seen[read] for read in a.reads(number)], dim=1) @ peer.weights[number - 1].T
        peer.sums.append(z + peer.biases[number - 1])
        if number < len(peer.weights):
            seen.append(hidden_values(case, explanation, peer, number, seen[-1]))
        else:
            output = a.output if a.objective == "squared-error" else "linear"
            seen.append(TORCH_ACTIVATIONS[output](peer.sums[-1]) * 1)  # PyTorch's linear activation is its own input
            peer.activated.append(seen[-1])
    peer.values += seen[1:]
    for kept in (*peer.sums, *peer.activated, *peer.values):
        kept.retain_grad()
    if labels is not None:
        peer.losses = losses(case, peer.values[-1], torch.tensor(labels))
        peer.losses.sum().backward()  # type: ignore[no-untyped-call]
    return peer


def hidden_values(case: Case, explanation: Explanation, peer: Peer, number: int, before: torch.Tensor) -> torch.Tensor:
    """From the sums of hidden layer `number` to what later layers read."""
    a, value = case.architecture, peer.sums[-1]
    if a.batch_norm:
        value = normalise(peer, value, case.network.layers[number - 1].norm, explanation.trains)
    value = TORCH_ACTIVATIONS[a.activations[number - 1]](value) * 1
    peer.activated.append(value)
    stage = explanation.layers[number - 1].stage("dropout")
    if a.dropout and explanation.trains:
        assert stage
        assert stage.slope is not None
        value = value * torch.tensor(stage.slope.T != 0) / (1 - case.rule.dropout)
    mask = torch.ones(value.shape[1], dtype=torch.float64)
    for layer, neuron in a.lesions:
        if layer == number:
            mask[slice(None) if neuron == 0 else neuron - 1] = 0
    value = value * mask
    return value + before if a.connections == "residual" and value.shape == before.shape else value


def normalise(peer: Peer, value: torch.Tensor, norm: NDArray[Any], trains: bool) -> torch.Tensor:
    module = torch.nn.BatchNorm1d(value.shape[1], dtype=torch.float64).train(trains)
    module.weight.data[:], module.bias.data[:] = torch.tensor(norm[0]), torch.tensor(norm[1])
    module.running_mean[:], module.running_var[:] = torch.tensor(norm[2]), torch.tensor(norm[3])  # type: ignore[index]
    value = module(value)
    peer.scales.append(module.weight)
    peer.shifts.append(module.bias)
    peer.normed.append(value)
    return value


def losses(case: Case, said: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    smoothing = case.rule.label_smoothing
    if case.architecture.objective == "squared-error":
        return (said[:, 0] - labels) ** 2 / 2
    if case.architecture.objective == "cross-entropy":  # a sigmoid is the softmax of the logit and 0
        said, labels = torch.stack([torch.zeros_like(said[:, 0]), said[:, 0]], 1), (labels + 1) / 2
    return torch.nn.functional.cross_entropy(said, labels.long(), label_smoothing=smoothing, reduction="none")


def labels_of(case: Case, explanation: Explanation) -> NDArray[np.float64]:
    return case.examples.labels[explanation.numbers]


def near(ours: Any, theirs: torch.Tensor | NDArray[np.float64] | None, tolerance: float) -> None:
    """Relative to the largest of them, and to 1 where all are smaller."""
    assert ours is not None
    assert theirs is not None
    expected = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    assert_allclose(ours, expected, rtol=0, atol=tolerance * scale)


def check_layers(explanation: Explanation, peer: Peer, tolerance: float) -> None:
    for place, layer in enumerate(explanation.layers):
        near(layer.sums.T, peer.sums[place], tolerance)
        near(layer.values.T, peer.values[place], tolerance)
        near(layer.d_values.T, peer.values[place].grad, tolerance)  # type: ignore[union-attr]
        near(layer.d_sums.T, peer.sums[place].grad, tolerance)  # type: ignore[union-attr]
        activation, norm = layer.stage("activation"), layer.stage("batch-norm")
        if activation:
            near(activation.after.T, peer.activated[place], tolerance)
            near(activation.d_after.T, peer.activated[place].grad, tolerance)  # type: ignore[union-attr]
        if norm:
            near(norm.after.T, peer.normed[place], tolerance)
    near(explanation.loss.losses, peer.losses, tolerance)  # type: ignore[union-attr]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_number_of_a_step_is_pytorchs(dtype: Any) -> None:
    """Over a batch as in training, and over one example as in evaluation."""
    for seed in range(CASES):
        case = random_case(seed, dtype)
        batch = explain_batch(case.network, case.examples, case.rule, case.step, case.step)
        for explanation in (batch, explain_one(case, seed % 50)):
            peer = walk_through(case, explanation, labels_of(case, explanation))
            tolerance = TOLERANCE[dtype] * conditioning(explanation)
            check_layers(explanation, peer, tolerance)
            check_update(case, explanation, peer, tolerance)


def explain_one(case: Case, number: int) -> Explanation:
    examples, features = case.examples, case.network.program.inputs
    columns = examples.inputs[: features * examples.stride].reshape(features, -1)
    at = slice(examples.before + number, examples.before + number + 1)
    targets = examples.targets[at]
    return explain(case.network, case.rule, columns[:, at], targets, case.step, np.array([number]))


def conditioning(explanation: Explanation) -> float:
    """By how much batch norm multiplies what is rounded before it: up to 316 where all examples have the same value."""
    return max([1.0, *(float((1 / layer.norm.deviations).max()) for layer in explanation.layers if layer.norm)])


def check_update(case: Case, explanation: Explanation, peer: Peer, tolerance: float) -> None:
    """Gradient, learning rate, moments and new weights. PyTorch's optimizer begins with the engine's moments."""
    update, rule, count = explanation.update, case.rule, explanation.inputs.shape[1]
    assert update
    tensors = [*peer.weights, *peer.biases, *peer.scales, *peer.shifts]
    for tensor in tensors:
        tensor.grad = (torch.zeros_like(tensor) if tensor.grad is None else tensor.grad) / count
    near(update.gradient, peer.parameters(lambda tensor: tensor.grad), tolerance)
    near(update.before, peer.parameters(), tolerance)
    norm = torch.linalg.vector_norm(torch.cat([tensor.grad.ravel() for tensor in tensors]))  # type: ignore[union-attr]
    near(update.norm, norm, tolerance)
    for tensor, part in places(case, peer):  # an adaptive method divides a gradient, rounding included, by its size
        tensor.grad = torch.tensor(part(update.gradient).astype(np.float64))
    if rule.clip:
        torch.nn.utils.clip_grad_norm_(tensors, rule.clip)
        near(update.clip, min(1.0, rule.clip / (float(norm) + 1e-6)) * np.ones(1), tolerance)
    assert update.rate == pytest.approx(rate_of(rule, case.step), rel=1e-9)
    optimizer = optimizer_of(rule, peer, update.rate)
    set_moments(case, peer, optimizer, update.moments, update.taken)
    before = peer.parameters()
    optimizer.step()
    check_moments(rule, peer, optimizer, update, tolerance)
    stepped = peer.parameters()
    near((update.after - update.regularized), stepped, tolerance)
    near(update.after, regularised(case, before, stepped), tolerance)


def rate_of(rule: Rule, step: int) -> float:
    """By PyTorch's schedules."""
    tensor = torch.zeros(1, requires_grad=True)
    sgd = torch.optim.SGD([tensor], rule.learning_rate)
    horizon, scheduler = rule.horizon, torch.optim.lr_scheduler
    makers: dict[Schedule, Any] = {
        Schedule.STEP: lambda: scheduler.MultiStepLR(sgd, [horizon // 2, horizon * 3 // 4]),
        Schedule.COSINE: lambda: scheduler.CosineAnnealingLR(sgd, horizon),
        Schedule.WARM_UP: lambda: scheduler.LambdaLR(sgd, lambda at: min(1.0, at / (horizon / 10))),
        Schedule.ONE_CYCLE: lambda: scheduler.OneCycleLR(
            sgd, rule.learning_rate, horizon + 1, pct_start=(0.3 * horizon + 1) / (horizon + 1), cycle_momentum=False
        ),
    }
    if rule.schedule != Schedule.CONSTANT:
        schedule = makers[rule.schedule]()
        for _ in range(step):
            sgd.step()
            schedule.step()
    return float(sgd.param_groups[0]["lr"])


def optimizer_of(rule: Rule, peer: Peer, rate: float) -> torch.optim.Optimizer:
    rest = [*peer.biases, *peer.scales, *peer.shifts]
    groups: Any = [{"params": peer.weights}, {"params": rest, "weight_decay": 0.0}]
    decay, betas = rule.weight_decay, (rule.momentum, 0.999)
    makers: dict[Method, Any] = {
        Method.SGD: lambda: torch.optim.SGD(groups, rate, weight_decay=decay),
        Method.MOMENTUM: lambda: torch.optim.SGD(groups, rate, rule.momentum, weight_decay=decay),
        Method.NESTEROV: lambda: torch.optim.SGD(groups, rate, rule.momentum, weight_decay=decay, nesterov=True),
        Method.ADAGRAD: lambda: torch.optim.Adagrad(groups, rate, weight_decay=decay),
        Method.RMSPROP: lambda: torch.optim.RMSprop(groups, rate, weight_decay=decay),
        Method.ADAM: lambda: torch.optim.Adam(groups, rate, betas, weight_decay=decay),
        Method.ADAMW: lambda: torch.optim.AdamW(groups, rate, betas, weight_decay=decay),
    }
    optimizer: torch.optim.Optimizer = makers[rule.method]()
    return optimizer


FIRST: dict[Method, str] = {
    Method.MOMENTUM: "momentum_buffer",
    Method.NESTEROV: "momentum_buffer",
    Method.ADAM: "exp_avg",
    Method.ADAMW: "exp_avg",
}
SECOND: dict[Method, str] = {
    Method.ADAGRAD: "sum",
    Method.RMSPROP: "square_avg",
    Method.ADAM: "exp_avg_sq",
    Method.ADAMW: "exp_avg_sq",
}


def places(case: Case, peer: Peer) -> Iterator[tuple[torch.Tensor, Any]]:
    """Each of PyTorch's tensors, and a function that takes its part out of an array of all parameters."""
    for layer, weights, biases in zip(case.network.program.layers, peer.weights, peer.biases, strict=True):
        yield weights, lambda array, layer=layer: layer.weights.of(array)[:, :-1]
        yield biases, lambda array, layer=layer: layer.weights.of(array)[:, -1]
    norms = [layer.norm for layer in case.network.program.layers if layer.norm]
    for norm, scales, shifts in zip(norms, peer.scales, peer.shifts, strict=True):
        yield scales, lambda array, norm=norm: norm.scales.of(array)
        yield shifts, lambda array, norm=norm: norm.shifts.of(array)


def set_moments(case: Case, peer: Peer, optimizer: torch.optim.Optimizer, moments: NDArray[Any], taken: int) -> None:
    method = case.rule.method
    for tensor, part in places(case, peer):
        state: dict[str, Any] = {}
        if method in FIRST:
            state[FIRST[method]] = torch.tensor(part(moments[0]).astype(np.float64))
        if method in SECOND:
            state[SECOND[method]] = torch.tensor(part(moments[1]).astype(np.float64))
            state["step"] = torch.tensor(float(taken))
        optimizer.state[tensor] = state


def check_moments(rule: Rule, peer: Peer, optimizer: torch.optim.Optimizer, update: Any, tolerance: float) -> None:
    for kept, names in ((update.moments_after[0], FIRST), (update.moments_after[1], SECOND)):
        if rule.method in names:
            name = names[rule.method]
            near(kept, peer.parameters(lambda tensor, name=name: optimizer.state[tensor][name]), tolerance)


def regularised(case: Case, before: NDArray[np.float64], stepped: NDArray[np.float64]) -> NDArray[np.float64]:
    """L1 and L2 as docs/decisions.md has them: a step of their own, on weights only, by the weight before the step in
    plain gradient descent; a weight that L1 would take across zero is zero."""
    rule = case.rule
    is_weight = np.zeros(len(before))
    for matrix in case.network.by_layer(is_weight):
        matrix[:, :-1] = 1
    is_plain = rule.method == Method.SGD and rule.weight_decay == 0
    base = before if is_plain else stepped
    rate = rate_of(rule, case.step)
    after = stepped - is_weight * rate * (rule.l1 * np.sign(base) + rule.l2 * base)
    if rule.l1:
        after[(stepped * after < 0) & (is_weight == 1)] = 0
    return after


def random_settings(seed: int) -> Settings:
    rng = np.random.default_rng(seed)

    def one(*choices: Any) -> Any:
        return choices[rng.integers(len(choices))]

    hidden = one((), (3,), (4, 2), (3, 3, 3), (8,) * 4)
    return Settings(
        dataset=one("xor", "spiral", "reg-gauss"),
        classes=one(2, 2, 3),
        hidden=hidden,
        activation=one(*ACTIVATIONS),
        inputs=one(("x", "y"), ("x", "y", "xSquared", "sinX")),
        connections=one("plain", "residual", "dense"),
        batch_norm=one(True, False),
        dropout=one(0, 0.3),
        lesions=one((), ((1, 1),)) if hidden else (),
        loss=one("squared-error", "cross-entropy"),
        label_smoothing=one(0, 0.2),
        method=METHODS[seed % len(METHODS)],
        learning_rate=0.003,
        regularization=one("none", "L1", "L2"),
        regularization_rate=0.01,
        weight_decay=one(0, 0.01),
        clip=one(0, 0.1),
        schedule=one("constant", "cosine", "warm-up"),
        schedule_epochs=3,
        order=ORDERS[seed % len(ORDERS)],
        batch_size=one(1, 7, 10, 40, "all"),
    )


def bytes_of(trainer: Trainer) -> dict[str, bytes]:
    """All that a checkpoint would hold."""
    tensors, counts = trainer.model.state()
    return {**{name: tensor.tobytes() for name, tensor in tensors.items()}, "counts": repr(counts).encode()}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_new_weights_are_those_after_the_runs_next_step_bit_for_bit(dtype: Any) -> None:
    for seed in range(42):
        trainer = Trainer(random_settings(seed), dtype)
        trainer.train_steps(seed * 5)
        first = explain_step(trainer)
        assert first.update
        assert_array_equal(first.update.before, trainer.parameters)
        trainer.train_steps(1)
        state = trainer.network.state
        assert first.update.after.tobytes() == trainer.parameters.tobytes()
        assert_array_equal(first.update.alive, state["alive"][: len(trainer.parameters)])
        then = explain_step(trainer)
        assert then.update
        assert_array_equal(first.update.moments_after, then.update.moments)
        for before, after in zip(first.layers, then.layers, strict=True):
            if before.norm and after.norm:
                assert_array_equal(before.norm.running_after, after.norm.running)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_rows_one_by_one_give_the_bits_of_the_whole_step(dtype: Any) -> None:
    """The kernels that are looked into, against the one that trains: the gradients and the weights that follow."""
    for seed in range(42):
        trainer = Trainer(replace(random_settings(seed), batch_norm=False, dropout=0), dtype)
        trainer.train_steps(seed * 5)
        whole = explain_step(trainer)
        targets = trainer.model.train_examples.labels[whole.numbers]
        rule, network = trainer.model.rule, trainer.network
        parts = explain(network, rule, whole.inputs, targets, trainer.step, whole.numbers)
        assert whole.update
        assert parts.update
        assert parts.update.gradient.tobytes() == whole.update.gradient.tobytes()
        assert parts.update.after.tobytes() == whole.update.after.tobytes()


def test_explaining_changes_nothing() -> None:
    for seed in range(21):
        explained, alone = Trainer(random_settings(seed)), Trainer(random_settings(seed))
        for _ in range(4):
            explained.train_steps(5)
            alone.train_steps(5)
            before = bytes_of(explained)
            explain_step(explained).check()
            explain_example(explained, 3)
            explain_point(explained, 1, 2)
            chain_of(explain_step(explained))
            assert bytes_of(explained) == before
        assert bytes_of(explained) == bytes_of(alone)


def test_an_explanation_stays_as_it_is_while_training_goes_on() -> None:
    trainer = Trainer(Settings(batch_norm=True))
    explanation = explain_step(trainer)
    before = [layer.matrix.copy() for layer in explanation.layers]
    trainer.train(1)
    for layer, matrix in zip(explanation.layers, before, strict=True):
        assert_array_equal(layer.matrix, matrix)


def test_the_batch_holds_the_examples_that_the_step_trains_on() -> None:
    """In sequence the first batch of an epoch takes along what the epoch before left over."""
    trainer = Trainer(Settings(batch_size=40))  # of 250 points
    assert explain_step(trainer).numbers.tolist() == list(range(40))  # type: ignore[union-attr]
    trainer.train_steps(5)
    assert explain_step(trainer).numbers.tolist() == list(range(200, 240))  # type: ignore[union-attr]
    trainer.train_steps(1)
    assert explain_step(trainer).numbers.tolist() == [*range(240, 250), *range(40)]  # type: ignore[union-attr]
    for order in ORDERS:
        explanation = explain_step(Trainer(Settings(order=order)))
        points = Trainer(Settings(order=order)).data.train[explanation.numbers]
        assert_allclose(explanation.inputs, points[:, :2].T, rtol=1e-6)


def test_mazurs_example() -> None:
    """https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example: two inputs, hidden units and outputs,
    sigmoids, squared errors, a learning rate of 0.5, and biases that do not learn."""
    program = compile_program(Architecture((2, 2, 2), ("sigmoid",), output="sigmoid"))
    hidden, output = np.array([[0.15, 0.2, 0.35], [0.25, 0.3, 0.35]]), np.array([[0.4, 0.45, 0.6], [0.5, 0.55, 0.6]])
    network = Network(program, [without_history(hidden), without_history(output)], np.float64)
    for alive in network.by_layer(network.state["alive"]):
        alive[:, -1] = 0
    inputs, targets, rule = np.array([[0.05], [0.1]]), np.array([[0.01], [0.99]]), Rule(0.5, 1)
    before = explain(network, rule, inputs, targets, 0, None)
    assert before.loss
    assert before.update
    assert before.loss.mean == pytest.approx(0.298371109, abs=5e-10)
    assert_allclose(before.layers[0].values[:, 0], [0.593269992, 0.596884378], atol=5e-10)
    assert_allclose(before.outputs[:, 0], [0.75136507, 0.772928465], atol=5e-10)
    assert before.layers[1].d_sums[0, 0] == pytest.approx(0.138498562, abs=5e-10)  # type: ignore[index]
    network.parameters[:] = before.update.after
    assert_allclose(
        network.matrices[1][:, :-1].ravel(), [0.35891648, 0.408666186, 0.511301270, 0.561370121], atol=5e-10
    )
    assert_allclose(network.matrices[0][:, :-1].ravel(), [0.149780716, 0.19956143, 0.24975114, 0.29950229], atol=5e-9)
    after = explain(network, rule, inputs, targets, 1, None)
    assert after.loss
    assert after.loss.mean == pytest.approx(0.29102777369359933, rel=1e-15)


def test_central_differences_are_the_gradients() -> None:
    for seed in range(CASES // 2):
        case = random_case(seed, np.float64)
        has_kinks = any("relu" in name for name in case.architecture.activations)
        batch = explain_batch(case.network, case.examples, case.rule, case.step, case.step)
        for explanation in (batch, explain_one(case, seed % 50)):
            assert explanation.update
            differences = explanation.check()
            scale = conditioning(explanation) ** 3  # of the third derivative, which bends a difference
            if not has_kinks:
                assert_allclose(differences, explanation.update.gradient, rtol=1e-7, atol=1e-9 * scale)
            some = np.arange(len(differences))[::3]
            assert_array_equal(explanation.check(some), differences[some])


def test_a_wrong_gradient_is_found() -> None:
    explanation = explain_step(Trainer(Settings(), np.float64))
    assert explanation.update
    doubled = replace(explanation.setup, targets=-explanation.setup.targets)
    assert np.abs(replace(explanation, setup=doubled).check() - explanation.update.gradient).max() > 1e-3


def test_a_probe_says_what_the_pictures_show() -> None:
    for seed in range(21):
        trainer = Trainer(random_settings(seed))
        trainer.train_steps(20)
        probe = explain_point(trainer, 1.5, -2.25)
        assert_array_equal(probe.outputs[:, 0], value_at(trainer, 1.5, -2.25))
        for layer in probe.layers[:-1]:
            said = value_at(trainer, 1.5, -2.25, (layer.number, 1))[-1]
            assert layer.values[0, 0] == said
        assert probe.loss is None
        assert probe.update is None
        assert probe.layers[0].d_sums is None


def test_a_slope_is_what_comes_back_times_the_slopes_of_the_stages() -> None:
    for seed in range(CASES):
        case = random_case(seed, np.float64)
        explanation = explain_batch(case.network, case.examples, case.rule, case.step, case.step)
        for layer in explanation.layers:
            came = layer.d_values
            assert came is not None
            if layer.number < len(explanation.layers):
                assert_allclose(sum(each.slopes for each in layer.returns), came, rtol=1e-9, atol=1e-12)
            for stage in reversed(layer.stages):
                assert_array_equal(stage.d_after, came)
                assert stage.d_before is not None
                if stage.slope is not None:
                    assert_allclose(stage.d_before, came * stage.slope, rtol=1e-9, atol=1e-13)
                came = stage.d_before
            assert_array_equal(layer.d_sums, came)
            check_forward(layer)


def check_forward(layer: LayerStep) -> None:
    """Each stage begins where the one before it ended."""
    ones = np.ones((1, layer.inputs.shape[1]))
    assert_allclose(layer.sums, layer.matrix @ np.concatenate([layer.inputs, ones]), rtol=1e-9, atol=1e-12)
    value = layer.sums
    for stage in layer.stages:
        assert_array_equal(stage.before, value)
        if stage.added is not None:
            assert_array_equal(stage.after, stage.before + stage.added)
        value = stage.after
    assert layer.d_sums is not None
    each = [layer.gradient_of(example) for example in range(layer.inputs.shape[1])]
    assert_allclose(np.mean(each, axis=0), layer.d_matrix, rtol=1e-9, atol=1e-12)  # type: ignore[arg-type]


def test_inputs_name_the_units_that_they_come_from() -> None:
    for connections in get_args(Connections):
        explanation = explain_step(Trainer(Settings(hidden=(3, 3), connections=connections)))
        values = {(0, unit): explanation.inputs[unit - 1] for unit in (1, 2)}
        for layer in explanation.layers:
            for read, given in zip(layer.reads, layer.inputs, strict=True):
                assert_array_equal(given, values[read])
            values |= {(layer.number, unit + 1): row for unit, row in enumerate(layer.values)}
        assert len(explanation.layers[-1].reads) == (8 if connections == "dense" else 3)


def test_the_factors_of_ten_sigmoid_layers_multiply_to_the_whole_fall() -> None:
    deep = Settings(hidden=(8,) * 10, activation="sigmoid")
    chain = chain_of(explain_step(Trainer(deep, np.float64)))
    assert math.prod(link.factor for link in chain.links) == pytest.approx(chain.ratio, rel=1e-12)
    assert chain.ratio < 1e-6
    assert chain.cause == "slopes"
    assert {link.cause for link in chain.links} == {"slopes"}
    assert all(link.slopes <= 0.25 for link in chain.links)


def test_the_chain_names_the_cause() -> None:
    small = Trainer(Settings(hidden=(4,) * 6, activation="linear"))
    small.network.parameters[:] *= 0.1
    assert chain_of(explain_step(small)).cause == "weights"
    dead = Trainer(Settings(hidden=(4, 4, 4), activation="relu"))
    for unit in range(3):
        dead.network.matrices[1][unit, -1] = -1000
    chain = chain_of(explain_step(dead))
    assert chain.links[1].dead == 0.75
    assert chain.links[1].cause in {"dead", ""}
    dead.network.matrices[1][3, -1] = -1000
    assert chain_of(explain_step(dead)).cause == "dead"
    healthy = Trainer(Settings(hidden=(8,) * 6, activation="relu", initialization="he-normal"))
    assert chain_of(explain_step(healthy)).cause == ""


def test_explaining_compiles_nothing() -> None:
    warm_up()
    before = compiled_signatures()
    for seed in range(21):
        trainer = Trainer(random_settings(seed))
        trainer.train_steps(seed)
        explain_step(trainer).check()
        explain_example(trainer, 0)
        explain_point(trainer, 0.5, -1)
        explain_point(trainer, 0.5, -1, 1)
    assert compiled_signatures() == before


def test_the_loss_of_the_true_labels_is_the_one_that_is_shown() -> None:
    for classes in (2, 3):
        settings = Settings(
            dataset="spiral", classes=classes, loss="cross-entropy", label_smoothing=0.3, batch_size="all"
        )
        trainer = Trainer(settings, np.float64)
        loss = explain_step(trainer).loss
        assert loss
        assert loss.true_losses.mean() == pytest.approx(trainer.losses()[0], rel=1e-12)
        assert abs(loss.mean - trainer.losses()[0]) > 1e-5


@pytest.mark.parametrize(
    ("dataset", "classes", "label"), [("xor", 2, 0), ("spiral", 3, -1), ("reg-plane", 2, math.nan)]
)
def test_a_label_that_no_point_could_have_is_refused(dataset: Any, classes: int, label: float) -> None:
    trainer = Trainer(Settings(dataset=dataset, classes=classes))
    with pytest.raises(Refused, match="label"):
        explain_point(trainer, 0, 0, label)


def test_a_point_or_an_example_that_is_not_there_is_refused() -> None:
    trainer = Trainer(Settings())
    with pytest.raises(Refused, match="point"):
        explain_point(trainer, math.inf, 0)
    with pytest.raises(Refused, match="example"):
        explain_example(trainer, 250)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_example_is_the_step_of_a_batch_of_one(dtype: Any) -> None:
    """Descent in sequence with one example a step, as the lecture has it."""
    settings = Settings(batch_size=1, method="adam", regularization="L1", regularization_rate=0.01)
    trainer = Trainer(settings, dtype)
    trainer.train_steps(7)
    alone, step = explain_example(trainer, 7), explain_step(trainer)
    assert alone.update
    assert step.update
    assert alone.update.after.tobytes() == step.update.after.tobytes()
