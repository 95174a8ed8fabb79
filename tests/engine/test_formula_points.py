"""formula_points.py: places as drawn sets have them, labels by NumPy, and all that may surprise is said."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.choices import Refused
from engine.labs.plane.formula_points import label_by_formula
from engine.labs.plane.generators import square
from engine.labs.plane.given import MAX_POINTS
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.vectors.seedrandom import SeedRandom


def said(text: str, count: int = 500) -> list[str]:
    return list(label_by_formula(text, "a", count).notices)


@pytest.mark.parametrize("noise", [0, 25])
def test_points_are_drawn_as_those_of_sets_all_over_the_plane(noise: float) -> None:
    """The same numbers in the same order: a place, then how noise moves it to decide the label."""
    drawn = np.array(list(square(6, lambda x, y: x * y / 36)(300, noise / 100, SeedRandom("a"))))
    made = label_by_formula("z = x*y/40", "a", 300, noise)
    assert made.targets == "values"
    assert made.columns == ("x", "y", "z")
    assert_allclose(made.examples["points"], drawn[:, :2], atol=0.000501)
    assert_allclose(made.examples["labels"], drawn[:, 2] * 36 / 40, atol=0.001)


def test_without_noise_labels_are_those_of_the_rounded_places() -> None:
    examples = label_by_formula("1000x != floor(1000x + 0.5)\ny > 2sin(x)", "b", 1_000).examples
    x, y = examples["points"].T
    assert_array_equal(
        examples["labels"], np.where(1000 * x != np.floor(1000 * x + 0.5), 0, np.where(y > 2 * np.sin(x), 1, 2))
    )


@pytest.mark.parametrize("text", ["x > y", "z = x/7"])
def test_numbers_are_whole_thousandths(text: str) -> None:
    for numbers in label_by_formula(text, "c").examples.values():
        assert_array_equal(numbers, np.rint(numbers * 1000.0) / 1000.0)


def test_zeros_have_no_sign() -> None:
    labels = label_by_formula("z = x^3", "c").examples["labels"]
    zeros = labels[labels == 0]
    assert len(zeros) > 20  # half of them from just below zero
    assert not np.signbit(zeros).any()


def test_the_seed_draws_the_points() -> None:
    refs = [label_by_formula("x > y", seed).ref for seed in ("a", "a", "b")]
    assert refs[0] == refs[1] != refs[2]
    assert refs[0].count == 500


def test_classes_are_named_by_their_conditions() -> None:
    made = label_by_formula("x > 3\n  y > 0", "a")
    assert made.classes == ("x > 3", "y > 0", "else")
    x, y = made.examples["points"].T
    assert_array_equal(made.examples["labels"], np.select([x > 3, y > 0], [0, 1], 2))
    assert made.notices == ()


def test_there_is_no_class_of_the_rest_if_no_point_is_left() -> None:
    made = label_by_formula("y > 0\ny <= 0", "a")
    assert made.classes == ("y > 0", "y <= 0")
    assert made.notices == ()


def test_ten_classes_are_the_most() -> None:
    stripes = "\n".join(f"x < {edge}" for edge in range(-5, 4))
    assert len(label_by_formula(stripes, "a").classes) == 10
    assert len(label_by_formula(f"{stripes}\nx >= 3", "a").classes) == 10
    with pytest.raises(Refused, match="expected at most 10 classes, with that of all other points"):
        label_by_formula(f"{stripes}\nx > 4", "a")


def test_a_long_condition_is_a_name_in_short() -> None:
    names = label_by_formula("x > 0" + " + 0" * 50, "a").classes
    assert len(names[0]) == 100
    assert names[0].endswith("0 +…")


def test_an_empty_class_is_said() -> None:
    assert said("x > 7\ny > 0\nx > 100") == [
        "No point is in the class of x > 7.",
        "No point is in the class of x > 100.",
    ]


def test_conditions_without_a_value_are_said() -> None:
    points = label_by_formula("x > y", "a").examples["points"]
    count = int((points[:, 0] < 0).sum())
    assert said("y > log(x)") == [f"A condition has no value at {count} points and counts as false there."]
    assert said("x > 0 and y > log(x)") == []


def test_points_without_a_finite_value_are_left_out_and_said() -> None:
    points = label_by_formula("x > y", "a").examples["points"]
    kept = points[points[:, 0] >= 1]
    examples = label_by_formula("z = 0.01 log(floor(x))", "a").examples
    assert_array_equal(examples["points"], kept)
    assert_allclose(examples["labels"], 0.01 * np.log(np.floor(kept[:, 0])), atol=0.0005)
    assert said("z = 0.01 log(floor(x))") == [
        f"The formula has no finite value at {500 - len(kept)} points, which are left out."
    ]


def test_values_beyond_one_are_divided_and_that_is_said() -> None:
    made = label_by_formula("z = -x^2", "a")
    squares = made.examples["points"][:, 0] ** 2
    assert_allclose(made.examples["labels"], -squares / squares.max(), atol=0.0005)
    assert said("z = -x^2") == [f"Values are divided by {squares.max():.6g}, so that they lie from -1 to 1."]
    assert said("z = x/6") == []
    assert np.abs(label_by_formula("z = 1e300 x^3", "a").examples["labels"]).max() == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y > 9", "'y > 9' came, expected a condition that divides the points: none satisfies this one"),
        ("y < 9", "'y < 9' came, expected a condition that divides the points: all satisfy this one"),
        ("y < 9\nx > 0", "expected conditions that divide the points: all are in the class of y < 9"),
        ("y > 9\nx > 9", "expected conditions that divide the points: all are in the class of else"),
        ("z = log(-9 - x)", "expected a finite value at some of the points"),
        ("z = x/100000", "expected values that differ: all are 0, rounded to thousandths"),
        ("z = x/x", "expected values that differ: all are 1, rounded to thousandths"),
        ("z = 3", "'z = 3' came, expected x or y in it"),
        ("foo", "'foo' came, expected one of x, y, pi"),
    ],
)
def test_formulas_that_label_nothing_are_refused(text: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        label_by_formula(text, "a")
    assert refused.value.field == "formula"
    assert expected in str(refused.value)


def test_count_and_noise_have_bounds() -> None:
    for count in (0, MAX_POINTS + 1):
        with pytest.raises(Refused, match=r"count: .* came, expected 1 to 1,200 points"):
            label_by_formula("x > 0", "a", count)
    for noise in (-1, 81, float("nan")):
        with pytest.raises(Refused, match=r"noise: .* came, expected a number from 0 to 80"):
            label_by_formula("x > 0", "a", noise=noise)


@pytest.mark.parametrize("text", ["y > sin(x)", "x > 2\ny > 0", "z = sin(x)"])
def test_they_are_learned(text: str) -> None:
    trainer = Trainer(Settings(learning_rate=0.1))
    trainer.learn(label_by_formula(text, "a"))
    before = trainer.losses()
    trainer.train(200)
    assert trainer.losses() != before
