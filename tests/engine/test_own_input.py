"""own_input.py: an input that a visitor makes by a formula learns as the built-in ones do."""

from dataclasses import replace

import numpy as np
import pytest

from engine.choices import Refused
from engine.labs.plane.features import evaluate_features, pictures
from engine.labs.plane.own_input import own_values
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

TWINS = {"xSquared": "x^2", "ySquared": "y*y", "xTimesY": "xy", "sinX": "sin(x)", "sinY": "sin(y)"}


@pytest.mark.parametrize("name", TWINS)
def test_a_formula_of_a_built_in_input_gives_the_same_run(name: str) -> None:
    theirs = Trainer(Settings(inputs=("x", name)), np.float64)  # type: ignore[arg-type]
    own = Trainer(Settings(inputs=("x", "own"), own_input=TWINS[name]), np.float64)
    for run in (theirs, own):
        run.train(20)
    assert own.network.parameters.tobytes() == theirs.network.parameters.tobytes()
    assert own.losses() == theirs.losses()


def test_another_formula_keeps_the_weights_and_the_epoch() -> None:
    run = Trainer(Settings(inputs=("x", "own"), own_input="x*y"), np.float64)
    run.train(5)
    weights, loss = run.network.parameters.copy(), run.losses()
    assert not run.change(replace(run.settings, own_input="cos(x*y)"))
    assert run.epoch == 5
    np.testing.assert_array_equal(run.network.parameters, weights)
    assert run.losses() != loss
    run.change(replace(run.settings, own_input="x*y"))
    assert run.losses() == loss


def test_a_formula_of_an_input_that_is_off_changes_nothing() -> None:
    runs = [Trainer(Settings(own_input=text), np.float64) for text in ("x*y", "exp(x)")]
    for run in runs:
        run.train(5)
    assert runs[0].network.parameters.tobytes() == runs[1].network.parameters.tobytes()


def test_what_has_no_value_is_0_and_what_is_too_large_is_bounded() -> None:
    x, y = np.array([-1.0, 0.0, 4.0, 1e300]), np.zeros(4)
    np.testing.assert_array_equal(own_values("sqrt(x) + y", x, y), [0, 0, 2, 100])
    np.testing.assert_array_equal(own_values("-1/x + y", x, y)[[0, 1, 2]], [1, -100, -0.25])
    np.testing.assert_array_equal(evaluate_features(("y", "log(x) + y"), x[:2], y[:2]), [[0, 0], [0, -100]])


def test_its_picture_is_the_last_one() -> None:
    made = pictures((-6.0, 6.0), "xy")
    assert made.shape == (8, 50, 50)
    np.testing.assert_array_equal(made[7], made[4])


@pytest.mark.parametrize(
    ("text", "expected", "place"),
    [
        ("x > y", "a number such as sin(x*y), without conditions", (0, 5)),
        ("x * (y > 1)", "a number such as sin(x*y), without conditions", (0, 11)),
        ("2pi", "x or y in it", (0, 3)),
        ("x +", "a number, x, y, a function or an opening bracket behind +, at position 4", (3, 3)),
        ("z*x", "one of x, y, pi", (0, 1)),
        ("", "a number, x, y, a function or an opening bracket", (0, 0)),
        ("x" + "+x" * 100, "at most 200 characters, not 201", None),
        ("__import__('os')", "", None),
    ],
)
def test_what_is_no_number_of_a_point_is_refused(text: str, expected: str, place: tuple[int, int] | None) -> None:
    with pytest.raises(Refused) as caught:
        Settings(own_input=text)
    assert caught.value.field == "own_input"
    assert expected in caught.value.expected
    if place:
        assert caught.value.place == place
