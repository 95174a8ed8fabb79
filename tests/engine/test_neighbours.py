"""neighbours.py: compared with NumPy."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.labs.plane.neighbours import nearest


@pytest.mark.parametrize("count", [10, 11, 250, 1200])
def test_the_nearest_others_come_in_order_of_their_distance(count: int) -> None:
    points = np.random.default_rng(count).uniform(-6, 6, (count, 3))
    places = points[:, :2]
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert_array_equal(nearest(points), np.argsort(distances, axis=1)[:, :5])


def test_points_that_lie_on_each_other_are_neighbours_but_none_is_its_own() -> None:
    found = nearest(np.zeros((20, 3)))
    assert found.shape == (20, 5)
    assert all(len({*row, number}) == 6 for number, row in enumerate(found.tolist()))


def test_too_few_points_have_no_neighbours() -> None:
    assert nearest(np.zeros((9, 3))).shape == (9, 0)
