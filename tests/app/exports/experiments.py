"""Experiments of the plane, drawn at random so that all settings come up, and trained to somewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.given import give_classes, give_values
from engine.labs.plane.settings import (
    ACTIVATIONS,
    CONNECTIONS,
    DATASETS,
    FEATURES,
    INITIALIZATIONS,
    LOSSES,
    METHODS,
    ORDERS,
    REGULARIZATIONS,
    SCHEDULES,
    Feature,
    Settings,
)
from engine.labs.plane.trainer import Trainer
from engine.machine.methods import Method
from engine.runs.data import Given

COVERING = (9, 50, 159, 290, 73, 149, 246, 121, 83, 447, 8, 314, 151, 351, 37, 275, 71, 140, 357, 489, 462, 13, 16)
"""Seeds of experiments that together use every setting, and are not ill-conditioned."""

OWN_INPUTS = (
    "sin(x*y)",
    "tanh(x)^2 - |y|/3 + e",
    "max(x, 0) + min(2, y)",
    "hypot(x, y) - cos(2pi)",
    "atan2(y, x)",
    "exp(-(x^2 + y^2)/4)",
    "mod(x, 2) + floor(y)/3 - ceil(x)/3",
    "log(x) + sqrt(y) + tan(x/4)",
    "sign(x - y)",
)
"""Formulas with every operation."""

RATES = {
    "sgd": 0.03,
    "momentum": 0.003,
    "nesterov": 0.003,
    "adagrad": 0.03,
    "rmsprop": 0.003,
    "adam": 0.01,
    "adamw": 0.01,
}


def drawn_settings(rng: np.random.Generator) -> Settings:
    """Any, with rates of learning that are usual."""

    def one(choices: Any) -> Any:
        return choices[rng.integers(len(choices))]

    # Own inputs came later: numbers of their own keep the experiments as they were.
    other = np.random.default_rng(rng.bit_generator.state["state"]["state"] % 2**32)

    def rarely(value: Any, otherwise: Any = 0) -> Any:
        return value if rng.random() < 0.3 else otherwise

    def with_own(inputs: tuple[Feature, ...]) -> tuple[Feature, ...]:
        return (*inputs[:-1], "own") if inputs and other.random() < 0.3 else inputs

    depth = int(rng.integers(0, 5))
    width = int(rng.integers(1, 9))
    hidden = tuple(width if rng.random() < 0.5 else int(rng.integers(1, 9)) for _ in range(depth))
    method = one(METHODS)
    batch_size = one((1, 7, 10, 30, 100, "all"))
    shares = (1, 5, 10) if batch_size in {1, 7} else (1, 10, 37, 50, 90, 100)  # PyTorch takes 3,000 steps a second
    lesions = {(layer, int(rng.integers(0, units + 1))) for layer, units in enumerate(hidden, 1) if rng.random() < 0.1}
    return Settings(
        dataset=one(DATASETS),
        noise=float(rarely(rng.integers(0, 51))),
        train_share=float(one(shares)),
        classes=int(one((2, 2, 3, 5, 10))),
        seed=str(rng.integers(1000)),
        draw=int(rarely(rng.integers(5))),
        inputs=with_own(tuple(name for name in FEATURES if name != "own" and rng.random() < 0.5)),
        own_input=OWN_INPUTS[int(other.integers(len(OWN_INPUTS)))],
        hidden=hidden,
        initialization=one([name for name in INITIALIZATIONS if name != "large"]),
        activation=one(ACTIVATIONS),
        activations=rarely(tuple(one(("same", *ACTIVATIONS)) for _ in hidden), ()),
        connections=one(CONNECTIONS),
        batch_norm=bool(rarely(True, False)),
        dropout=float(rarely(one((0.1, 0.25, 0.5)))),
        lesions=tuple(sorted(lesions)),
        loss=one(LOSSES),
        learning_rate=RATES[method] * float(one((0.3, 1, 1))),
        batch_size=batch_size,
        regularization=one(REGULARIZATIONS),
        regularization_rate=float(one((0, 0.001, 0.01, 0.1))),
        method=method,
        momentum=float(one((0, 0.5, 0.9))),
        weight_decay=float(rarely(one((0.001, 0.1)))),
        label_smoothing=float(rarely(0.1)),
        clip=float(rarely(one((0.1, 1)))),
        schedule=one(SCHEDULES),
        schedule_epochs=int(one((5, 20, 100))),
        order=one(ORDERS),
    )


def drawn_given(rng: np.random.Generator) -> Given:
    """Somebody's own points."""
    points = rng.uniform(-6, 6, (int(rng.integers(1, 60)), 2)).round(3)
    if rng.random() < 0.5:
        return give_values(points, rng.uniform(-1, 1, len(points)).round(3))
    count = int(rng.integers(2, 5))
    names = [f'"{number}"\n' + "\\" * number for number in range(count)] if rng.random() < 0.5 else []
    return give_classes(points, rng.integers(0, count, len(points)), names=names)


def drawn_run(seed: int, dtype: Any) -> Trainer:
    """A run that has been trained, and that somebody may have changed meanwhile."""
    rng = np.random.default_rng(seed)
    run = Trainer(drawn_settings(rng), dtype)
    if rng.random() < 0.2:
        run.learn(drawn_given(rng))
    run.train(int(rng.integers(0, 13)))
    changes: tuple[Callable[[], Any], ...] = (
        lambda: run.change(replace(run.settings, method=METHODS[rng.integers(len(METHODS))], learning_rate=0.003)),
        lambda: run.change(replace(run.settings, batch_size=int(rng.integers(1, 40)))),
        lambda: run.add_layer(1, 3),
        lambda: run.train_steps(int(rng.integers(1, 60))),
        lambda: run.load(run.saved(), run.epoch),
    )
    if rng.random() < 0.4 and not run.has_ended:
        changes[rng.integers(len(changes))]()
        run.train_steps(int(rng.integers(0, 2 * run.steps_in_epoch)))
    return run


def drawn_points(seed: int, count: int = 100) -> NDArray[np.float64]:
    """Points of the plane (n, 2), not those of a run."""
    return np.random.default_rng(seed).uniform(-6, 6, (count, 2))


def facts_of(run: Trainer) -> set[tuple[str, object]]:
    """What of the settings an experiment tries out, and what of its past."""
    settings, model, place = run.settings, run.model, run.place
    rule = model.rule
    is_plain = rule.method == Method.SGD and not rule.weight_decay
    chosen = ("connections", "method", "schedule", "order", "objective", "batch_norm")
    left_over = model.train_examples.before > 0
    return {
        *((name, getattr(settings, name)) for name in chosen),
        *(("input", name) for name in settings.inputs),
        *(("activation", name) for name in live_activations(run)),
        ("problem", settings.problem),
        ("memory", (settings.method, run.network.taken > 0)),
        ("decay", (settings.method, rule.weight_decay > 0)),
        ("regularization", (settings.regularization, is_plain) if rule.l1 or rule.l2 else "none"),
        ("inputs", len(settings.inputs) if len(settings.inputs) < 2 else "several"),
        ("no inputs", settings.connections if settings.hidden and not settings.inputs else ""),
        ("layers", min(len(settings.hidden), 3)),
        ("batch of one", (rule.batch_size == 1, settings.batch_norm and len(settings.hidden) > 0)),
        ("left over", left_over),
        ("taken along next", left_over and place.batch_step % run.steps_in_epoch == 0),
        ("inside an epoch", place.batch_step % run.steps_in_epoch > 0),
        ("new batches", place.batch_step != place.step),
        ("test points", model.test_examples.count > 0),
        ("given", (run.given.targets, bool(run.given.classes)) if run.given else False),
        ("smoothing", rule.label_smoothing > 0 and settings.objective),
        ("clip", rule.clip > 0),
        ("dropout", settings.dropout > 0 and len(settings.hidden) > 0),
        ("off", "a layer" if any(not unit for _, unit in settings.lesions) else len(settings.lesions) > 0),
        (
            "dead",
            any((layer.weights.of(run.network.state["alive"]) == 0).any() for layer in run.network.program.layers),
        ),
        *(("residual", number) for number in (1, 2) if is_residual(settings, number)),
        ("no momentum", rule.momentum == 0 and settings.method),
    }


def is_residual(settings: Settings, number: int) -> bool:
    """Whether a link goes around this layer."""
    widths = settings.shape[:-1][number - 1 : number + 1]
    return settings.connections == "residual" and len(widths) == 2 and widths[0] == widths[1]


def live_activations(run: Trainer) -> set[str]:
    """Those of layers whose values differ from point to point, and are read by weights that are not 0."""
    network, examples = run.network, run.model.train_examples
    layers = network.program.layers
    found: set[str] = set()
    for name, layer, reader in zip(run.settings.layer_activations, layers, network.matrices[1:], strict=False):
        values = network.values(examples, np.arange(layer.units, layer.units + layer.fan_out))
        if np.ptp(values, axis=1).max() > 0.1 and np.abs(reader[:, :-1]).max() > 0.1:
            found.add(name)
    return found
