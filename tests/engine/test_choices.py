"""choices.py, settings.py: a setting's declarations are true, and are checked."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
import pytest

from engine.choices import Choices, Cost, Group, Refused, Setting, in_groups, setting, settings_of
from engine.labs.plane.settings import DATASETS, SETTINGS, Settings
from engine.labs.plane.trainer import Trainer

OTHERS: dict[str, Any] = {
    "dataset": "xor", "noise": 5, "train_share": 40, "seed": "b", "draw": 1, "inputs": ("x",), "hidden": (3,),
    "own_input": "x + y",
    "initialization": "zeros", "classes": 3, "connections": "dense", "batch_norm": True, "activation": "relu",
    "activations": ("relu", "same"), "dropout": 0.5, "lesions": ((1, 1),), "loss": "cross-entropy",
    "learning_rate": 1.0, "batch_size": 5, "regularization": "L1", "regularization_rate": 1.0,
    "method": "adam", "momentum": 0.5, "weight_decay": 0.1, "label_smoothing": 0.1,
    "clip": 1.0, "schedule": "cosine", "schedule_epochs": 5, "order": "shuffle",
    "stop_epochs": 5, "stop_loss": 0.1, "stop_accuracy": 50.0, "stop_plateau": 5, "stop_set": "train",
}  # fmt: skip
BOUNDED = [each for each in SETTINGS.values() if each.low is not None]


def by_name(each: Any) -> str:
    return each.name if isinstance(each, Setting) else str(each)


def cost_of(change: Callable[[Trainer], bool]) -> Cost:
    """What a change has really rebuilt in a run under way."""
    inputs: Any = ("x", "y", "own")
    trainer = Trainer(Settings(dataset="spiral", inputs=inputs, regularization="L2", regularization_rate=0.01))
    trainer.train(1)
    network, examples, rule, weights = (
        trainer.network,
        trainer.model.train_examples,
        trainer.model.rule,
        trainer.parameters,
    )
    if change(trainer):
        return "run"
    if trainer.network is not network:
        return "network" if np.array_equal(trainer.parameters, weights) else "weights"
    assert np.array_equal(trainer.parameters, weights)
    if trainer.model.train_examples is not examples:
        return "batches"
    return "nothing" if trainer.model.rule == rule else "rule"


@pytest.mark.parametrize("each", SETTINGS.values(), ids=by_name)
def test_a_change_costs_what_is_declared(each: Setting) -> None:
    def change(trainer: Trainer) -> bool:
        return trainer.change(replace(trainer.settings, **{each.name: OTHERS[each.name]}))

    assert cost_of(change) == each.costs


@pytest.mark.parametrize("each", SETTINGS.values(), ids=by_name)
def test_no_cost_is_too_low(each: Setting) -> None:
    """After a change, points, batches and rule equal those of a run that began with these settings."""
    inputs: Any = ("x", "y", "own")
    before = Settings(dataset="spiral", inputs=inputs, batch_size=30, train_share=55)  # the last points fill no batch
    after = replace(before, **{each.name: OTHERS[each.name]})
    changed, fresh = Trainer(before), Trainer(after)
    changed.train(1)
    changed.change(after)
    assert np.array_equal(changed.data.train, fresh.data.train)
    assert np.array_equal(changed.model.train_examples.inputs, fresh.model.train_examples.inputs)
    assert (changed.steps_in_epoch, changed.model.rule) == (fresh.steps_in_epoch, fresh.model.rule)


def test_costs_are_those_of_what_differs() -> None:
    standard = Settings()
    assert standard.costs_of(Settings()) == set()
    assert standard.costs_of(Settings(stop_loss=1, order="random", dropout=0.5)) == {"nothing", "batches", "network"}


@pytest.mark.parametrize("each", [each for each in SETTINGS.values() if each.choices], ids=by_name)
def test_each_choice_has_a_label(each: Setting) -> None:
    assert sorted(each.choices) == sorted(each.values)


def test_an_unlisted_word_is_allowed_and_nowhere_offered() -> None:
    dataset = SETTINGS["dataset"]
    assert dataset.unlisted == ("own", "reg-own")
    assert dataset.values == DATASETS
    assert Settings(dataset="own").problem == "classification"
    with pytest.raises(Refused, match=r"expected one of circle, .*reg-logic-or$"):
        Settings(dataset="owned")  # type: ignore[arg-type]


@pytest.mark.parametrize("each", SETTINGS.values(), ids=by_name)
def test_what_the_page_offers_is_allowed(each: Setting) -> None:
    for value in (
        each.default,
        *each.offers,
        *each.words,
        *((each.slider.low, each.slider.high) if each.slider else ()),
    ):
        Settings(**{each.name: value})
    needs_offers = each.group and not each.choices and not each.slider and each.kind is not bool
    assert bool(each.offers) == bool(needs_offers)
    assert each.default in each.offers or not needs_offers


@pytest.mark.parametrize("each", BOUNDED, ids=by_name)
def test_what_lies_outside_the_bounds_is_refused(each: Setting) -> None:
    assert each.low is not None
    assert each.high is not None
    bounds: list[Any] = [each.low, each.high]
    for value in bounds:
        Settings(**{each.name: value})
    wrong: list[Any] = [each.low - 1, each.high + 1, math.nan, True]
    for value in wrong:
        with pytest.raises(Refused, match=rf"^{each.name}: {value} came, expected a number from "):
            Settings(**{each.name: value})


def test_a_refusal_says_what_was_expected() -> None:
    def said(**settings: Any) -> str:
        with pytest.raises(Refused) as error:
            Settings(**settings)
        return str(error.value)

    assert said(noise=90) == "noise: 90 came, expected a number from 0 to 80"
    assert said(batch_size=0) == 'batch_size: 0 came, expected a number from 1 to 1200, or "all"'
    assert said(regularization="L3") == "regularization: 'L3' came, expected one of none, L1, L2"


def test_the_page_has_a_place_for_each_setting_with_a_control() -> None:
    placed = in_groups(Settings, *get_args(Group))
    assert sorted(each.name for each in placed) == sorted(each.name for each in SETTINGS.values() if each.group)


def test_a_setting_stands_after_the_one_that_it_names() -> None:
    @dataclass(frozen=True)
    class Few(Choices):
        a: int = setting(1, label="A", hint="A.", costs="rule", group="stop", after="c")
        b: int = setting(2, label="B", hint="B.", costs="rule", group="stop", after="a")
        c: int = setting(3, label="C", hint="C.", costs="rule", group="stop")
        d: int = setting(4, label="D", hint="D.", costs="rule", group="data")

    assert [each.name for each in in_groups(Few, "data", "stop")] == ["d", "c", "a", "b"]
    assert [(each.name, each.default) for each in settings_of(Few).values()] == [("a", 1), ("b", 2), ("c", 3), ("d", 4)]
