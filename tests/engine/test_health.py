"""health.py: real runs of each kind, and runs that go well, which must raise no alarm."""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.labs.plane import checkup
from engine.labs.plane.checkup import examine, vitals
from engine.labs.plane.health import Health, diagnose
from engine.labs.plane.settings import ACTIVATIONS, DATASETS, INITIALIZATIONS, METHODS, REGULARIZATIONS, Settings
from engine.labs.plane.trainer import Trainer

NOISY = Settings(
    dataset="xor", noise=50, train_share=20, hidden=(16, 16), loss="cross-entropy", learning_rate=0.003, method="adam"
)
DEEP = Settings(hidden=(8,) * 20, loss="cross-entropy", batch_size=30, order="shuffle")


def moments(last: int) -> Iterator[int]:
    epoch = 1
    while epoch < last:
        yield epoch
        epoch = max(epoch + 1, int(epoch * 1.3))
    yield last


def trained(settings: Settings, epochs: int, prepare: Callable[[Trainer], None] | None = None) -> Trainer:
    trainer = Trainer(settings)
    if prepare:
        prepare(trainer)
    trainer.train(epochs)
    return trainer


def apply(trainer: Trainer, health: Health) -> None:
    """Apply the remedy, as the page's button does."""
    remedy = health.remedy
    assert remedy is not None
    if remedy.type == "add-layer":
        trainer.add_layer(remedy.layer, remedy.neurons)
    else:
        wish: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in remedy.settings.items()
        }
        trainer.change(replace(trainer.settings, **wish))


def kill(trainer: Trainer) -> None:
    for unit in range(4):
        trainer.set_parameter(3 * unit + 2, -100.0)


def saturate(trainer: Trainer) -> None:
    for place in range(8 * 3):
        trainer.set_parameter(place, 300.0 * trainer.parameters[place])


STUCK: dict[str, tuple[Settings, int, Callable[[Trainer], None] | None, str]] = {
    "twenty sigmoid layers": (replace(DEEP, activation="sigmoid", learning_rate=0.1), 150, None, "vanishing"),
    "a perceptron on XOR": (Settings(dataset="xor", hidden=(), loss="cross-entropy"), 1500, None, "linear"),
    "linear layers on XOR": (Settings(dataset="xor", hidden=(4,), activation="linear"), 1500, None, "linear"),
    "a line on two hills": (Settings(dataset="reg-gauss", hidden=()), 1500, None, "linear"),
    "lines on four arms": (Settings(dataset="spiral", classes=4, hidden=()), 1500, None, "linear"),
    "4-2 on the spiral": (Settings(dataset="spiral"), 7523, None, "size"),
    "weights of zero": (Settings(initialization="zeros"), 100, None, "symmetric"),
    "weights of zero, ReLU": (Settings(initialization="zeros", activation="relu"), 100, None, "symmetric"),
    "a rate of 0.00001": (Settings(learning_rate=0.00001), 100, None, "rate"),
    "a rate of nothing": (Settings(learning_rate=0), 100, None, "rate"),
    "dead units": (Settings(activation="relu", hidden=(4,)), 100, kill, "dead"),
    "no inputs": (Settings(inputs=()), 20, None, "inputs"),
    "L1": (Settings(regularization="L1", regularization_rate=0.1), 1500, None, "regularization"),
    "L2": (Settings(regularization="L2", regularization_rate=0.3), 1500, None, "regularization"),
    "no test points": (Settings(dataset="xor", hidden=(), train_share=100), 1500, None, "linear"),
    "saturated units": (Settings(dataset="spiral", hidden=(8, 2)), 4000, saturate, "saturated"),
}


@pytest.mark.parametrize(("settings", "epochs", "prepare", "cause"), STUCK.values(), ids=STUCK)
def test_a_run_that_is_stuck_is_told_with_its_cause_and_the_remedy_helps(
    settings: Settings, epochs: int, prepare: Callable[[Trainer], None] | None, cause: str
) -> None:
    trainer = trained(settings, epochs, prepare)
    health = examine(trainer)
    assert (health.kind, health.cause) == ("stuck", cause)
    assert health.figures["epochs"] <= trainer.epoch
    before = trainer.losses()[0]
    apply(trainer, health)
    trainer.train(2000)
    assert trainer.losses()[0] < 0.75 * before
    assert examine(trainer).kind != "stuck"


def test_the_figures_are_those_of_the_network() -> None:
    deep = trained(STUCK["twenty sigmoid layers"][0], 150)
    gradients = vitals(deep).layers[:, 0]
    assert examine(deep).figures["share"] == gradients[0] / gradients[-1]
    assert examine(deep).figures["share"] < 1e-12
    assert examine(trained(Settings(learning_rate=0.00001), 100)).figures["move"] < 1e-5
    assert examine(trained(STUCK["dead units"][0], 100, kill)).figures == {"epochs": 100, "layer": 1, "share": 1}


def test_the_default_learns_and_then_has_learnt() -> None:
    trainer = Trainer(Settings())
    assert examine(trainer).kind == "start"
    trainer.train(3)
    assert examine(trainer).kind == "early"
    trainer.train(37)
    learning = examine(trainer)
    assert learning.kind == "learning"
    history = trainer.history.samples
    if "halved" in learning.figures:
        then = history[history[:, 0] == trainer.epoch - learning.figures["halved"], 1]
        assert then >= 2 * history[-1, 1]
    trainer.train(400)
    learnt = examine(trainer)
    assert (learnt.kind, learnt.figures["right"]) == ("learnt", 1)


def test_overfitting_is_told_since_the_epoch_with_the_best_test_loss_and_the_remedy_helps() -> None:
    trainer = trained(NOISY, 600)
    health = examine(trainer)
    assert health.kind == "overfitting"
    history = trainer.history.samples
    assert health.figures["since"] == history[history[:, 2].argmin(), 0]
    assert health.figures["best"] == history[:, 2].min()
    assert health.figures["now"] > 1.1 * health.figures["best"]
    before = trainer.losses()[1]
    apply(trainer, health)
    trainer.train(1500)
    assert trainer.losses()[1] < before


def test_without_test_points_nobody_speaks_of_overfitting() -> None:
    trainer = Trainer(replace(NOISY, train_share=100))
    for epoch in moments(600):
        trainer.train(epoch - trainer.epoch)
        assert examine(trainer).kind != "overfitting"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(dataset="spiral", hidden=(8, 8), method="adam", learning_rate=0.3),
        Settings(dataset="spiral", hidden=(8, 8), learning_rate=1),
        Settings(hidden=(4, 2), learning_rate=3),
        Settings(dataset="reg-gauss", hidden=(8, 8), method="adam", learning_rate=0.1),
    ],
    ids=["adam", "sgd", "circle", "regression"],
)
def test_a_rate_that_is_too_large_makes_the_loss_jump(settings: Settings) -> None:
    trainer = Trainer(settings)
    verdicts = []
    for epoch in moments(1000):
        trainer.train(epoch - trainer.epoch)
        verdicts.append(examine(trainer))
    jumping = [health for health in verdicts if health.kind == "jumping"]
    assert jumping
    assert max(jumping[-1].figures["jump"], jumping[-1].figures["above"]) > 0.08
    before = trainer.losses()[0]
    trainer.reset()
    apply(trainer, jumping[-1])
    trainer.train(1000)
    assert trainer.losses()[0] < before


def test_a_loss_that_rises_is_told_before_it_diverges() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(), learning_rate=0.3, batch_size="all"))
    first, kinds = trainer.losses()[0], []
    for _ in range(40):
        trainer.train(1)
        health = examine(trainer)
        kinds.append(health.kind)
    assert kinds == ["early"] * 2 + ["rising"] * 38
    assert health.figures["times"] == pytest.approx(trainer.losses()[0] / first, rel=1e-5)
    trainer.reset()
    apply(trainer, health)
    trainer.train(40)
    assert trainer.losses()[0] < 0.1 * first


def test_a_divergence_is_told() -> None:
    trainer = trained(Settings(dataset="reg-plane", hidden=(), learning_rate=1), 50)
    assert examine(trainer).kind == "diverged"


def test_noise_that_nothing_can_learn_is_no_reason_to_call_a_network_stuck() -> None:
    trainer = Trainer(Settings(dataset="gauss", noise=50, hidden=(), loss="cross-entropy"))
    kinds = set()
    for epoch in moments(5000):
        trainer.train(epoch - trainer.epoch)
        kinds.add(examine(trainer).kind)
    assert kinds <= {"early", "learning", "slow", "learnt", "settled"}


WELL: dict[str, tuple[Settings, int]] = {
    "circle": (Settings(), 5000),
    "xor": (Settings(dataset="xor"), 3000),
    "xor, ReLU": (Settings(dataset="xor", hidden=(8,), activation="relu", loss="cross-entropy"), 2000),
    "gauss, one neuron": (Settings(dataset="gauss", hidden=(), loss="cross-entropy"), 3000),
    "xor by its product": (Settings(dataset="xor", hidden=(), inputs=("xTimesY",), loss="cross-entropy"), 3000),
    "spiral, deep": (Settings(dataset="spiral", hidden=(8, 8, 8, 8), learning_rate=0.01), 4000),
    "spiral, Adam": (Settings(dataset="spiral", hidden=(8, 8), method="adam", learning_rate=0.01), 800),
    "small steps": (Settings(learning_rate=0.0001), 30000),
    "four arms": (
        Settings(dataset="spiral", classes=4, hidden=(16, 16), activation="relu", method="adam", learning_rate=0.003),
        500,
    ),
    "one point at a time": (Settings(dataset="xor", noise=25, batch_size=1, learning_rate=0.1), 2000),
    "all points at once": (Settings(dataset="circle", batch_size="all", learning_rate=0.1), 3000),
    "plane": (Settings(dataset="reg-plane"), 2000),
    "two hills": (Settings(dataset="reg-gauss", hidden=(8, 8)), 4000),
    "moons": (Settings(dataset="moons", noise=20, hidden=(8,)), 2000),
    "rings": (Settings(dataset="rings", classes=3, hidden=(8,), activation="relu"), 1500),
    "He, twenty layers": (replace(DEEP, activation="relu", initialization="he-normal", learning_rate=0.01), 300),
    "weight decay": (replace(NOISY, method="adamw", weight_decay=0.3), 2000),
}


@pytest.mark.parametrize(("settings", "epochs"), WELL.values(), ids=WELL)
def test_no_alarm_is_raised_about_a_run_that_goes_well(settings: Settings, epochs: int) -> None:
    trainer = Trainer(settings)
    for epoch in moments(epochs):
        trainer.train(epoch - trainer.epoch)
        health = examine(trainer)
        assert health.kind not in {"stuck", "overfitting", "jumping", "rising", "diverged"}, health
    assert health.kind in {"learning", "learnt", "settled"}


def test_a_change_lets_a_verdict_begin_anew() -> None:
    trainer = trained(Settings(dataset="xor", hidden=(), loss="cross-entropy"), 1500)
    assert examine(trainer).kind == "stuck"
    trainer.add_layer(1, 8)
    assert examine(trainer).kind == "early"
    other = Trainer(trainer.settings)
    other.resume(trainer.moment())
    assert other.changed == 1500
    assert examine(other).kind == "early"


def test_right_after_a_change_no_look_at_the_network_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each click of a class would cost a look at the network, only to say “too early”."""
    trainer = Trainer(Settings())
    trainer.train(20)
    trainer.add_neuron(1)
    expected = Health("early", 20)
    assert diagnose(vitals(trainer)) == expected
    monkeypatch.setattr(checkup, "vitals", lambda _: pytest.fail("a look was taken"))
    assert examine(trainer) == expected


def test_the_same_run_has_the_same_verdict_and_is_not_changed_by_it() -> None:
    watched, alone = Trainer(NOISY), Trainer(NOISY)
    for _ in range(20):
        watched.train(10)
        examine(watched)
    alone.train(200)
    assert examine(watched) == examine(alone)
    assert (watched.parameters == alone.parameters).all()


experiments = st.builds(
    Settings,
    dataset=st.sampled_from(DATASETS),
    noise=st.sampled_from([0, 80]),
    train_share=st.sampled_from([1, 3, 50, 100]),
    classes=st.integers(2, 10),
    inputs=st.sampled_from([(), ("x",), ("x", "y", "sinX")]),
    hidden=st.lists(st.integers(1, 5), max_size=4).map(tuple),
    activation=st.sampled_from(ACTIVATIONS),
    initialization=st.sampled_from(INITIALIZATIONS),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    method=st.sampled_from(METHODS),
    learning_rate=st.sampled_from([0, 1e-9, 0.03, 1, 1000]),
    regularization=st.sampled_from(REGULARIZATIONS),
    regularization_rate=st.sampled_from([-10, 0, 0.1, 1000]),
    weight_decay=st.sampled_from([0, 100]),
    batch_norm=st.booleans(),
    dropout=st.sampled_from([0, 0.9]),
    batch_size=st.sampled_from([1, 10, "all"]),
)


@hypothesis_settings(max_examples=200)
@given(settings=experiments, epochs=st.integers(0, 80), value=st.sampled_from([None, 0.0, 1e6, -1e6]))
def test_whatever_the_run_the_verdict_is_finite(settings: Settings, epochs: int, value: float | None) -> None:
    trainer = Trainer(settings)
    trainer.train(epochs)
    if value is not None:
        for index in range(settings.parameter_count):
            trainer.set_parameter(index, value)
        trainer.train(epochs)
    health: dict[str, Any] = asdict(examine(trainer))
    assert all(math.isfinite(figure) for figure in health["figures"].values())
    assert health["epoch"] == trainer.epoch
    if health["remedy"] and health["remedy"]["type"] == "change":
        assert health["remedy"]["settings"]
    assert np.isfinite(trainer.parameters).all()
