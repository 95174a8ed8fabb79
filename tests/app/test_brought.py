"""brought.py: arrays of a program are read as the same table in a file would be."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.labs.plane.brought import arrays, examples
from engine.choices import Refused

POINTS = np.random.default_rng(3).normal(size=(40, 2)).round(3)
SIDES = np.where(POINTS[:, 0] > 0, "right", "left")
MANY = np.random.default_rng(4).normal(size=(3000, 2)).round(3)


@pytest.mark.parametrize("how", ["none", "fit", "axes"])
@pytest.mark.parametrize(
    "labels",
    [SIDES, list(SIDES), np.where(SIDES == "left", -1, 1), np.arange(40) % 5, POINTS[:, 1] / 2, np.arange(40) % 20],
    ids=["text", "list", "signs", "five", "values", "too many for classes"],
)
def test_arrays_are_read_as_a_table_of_them_is(labels: Any, how: str) -> None:
    rows = (f"{x},{y},{label}" for (x, y), label in zip(POINTS, labels, strict=True))
    table = "\n".join(["x,y,label", *rows])
    brought, read = arrays(POINTS, labels, how), examples(table, how=how)
    assert brought.given == read.given
    assert (brought.scaling, brought.notes) == (read.scaling, read.notes)


def test_they_stay_where_they_are_unless_told() -> None:
    given = arrays(POINTS * 5, SIDES == "left").given
    assert_array_equal(given.examples["points"], (POINTS * 5).round(3))
    assert given.classes == ("1", "0")  # the greater of two numbers is blue
    assert_array_equal(given.examples["labels"], (SIDES != "left").astype(int))


def test_of_many_points_a_sample_is_taken_and_said() -> None:
    brought = arrays(MANY, MANY[:, 0] > 0)
    assert len(brought.given.examples["points"]) == 1200
    assert brought.notes == ("1,200 of 3,000 rows were drawn at random, of each part its share",)


@pytest.mark.parametrize(
    ("points", "labels", "how", "said"),
    [
        (POINTS, SIDES[1:], None, "labels: '39 labels of 40 points' came, expected a label for each point"),
        (POINTS[:, 0], SIDES, None, r"points: \(40,\) came, expected two coordinates for each point, \(n, 2\)"),
        (np.zeros((0, 2)), [], None, r"points: \(0, 2\) came"),
        ([["a", "b"]], [1], None, "points: .* came, expected numbers, two for each point"),
        ([[1, np.nan]], [1], None, "y: nan came, expected finite numbers"),
        ([[1, 2]], [np.inf], None, "label: inf came, expected finite numbers"),
        ([[1, 2]], [[1]], None, r"labels: \(1, 1\) came, expected one for each point"),
        ([[1, 200]], [1], None, "scaling: '200 in column y, row 1' came, expected numbers from -32.767 to 32.767"),
        (POINTS, SIDES, "full", "scaling: 'full' came, expected one of fit, axes, none"),
        (POINTS[:11], list("abcdefghijk"), None, "classes: .* came, expected at most 10"),
    ],
)
def test_what_are_no_points_is_refused_by_name(points: Any, labels: Any, how: str | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        arrays(points, labels, how)
