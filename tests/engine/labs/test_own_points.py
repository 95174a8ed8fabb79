"""own_points.py: points that a visitor draws lie on a grid; strokes add, erase and move them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from engine.choices import Refused
from engine.labs.plane.datasets import draw_data
from engine.labs.plane.given import MAX_POINTS, give_classes
from engine.labs.plane.own_points import MOST, Names, is_own, own_points, owned, with_added, with_moved, without
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

PLACES = np.array([(0, 0), (1, 0), (0, 1), (-3, 2.5)])
FOUR = own_points("classes", PLACES, [0, 1, 1, 0], Names(("a", "b", "c"), ("no", "yes")))


def test_points_move_to_the_nearest_step() -> None:
    points = own_points("values", [(1.23449, -0.0004), (2.0005001, 32.767)], [0.1234, -2])
    assert_array_equal(points.examples["points"], [(1.234, 0), (2.001, 32.767)])
    assert_array_equal(points.examples["labels"], [0.123, -2])
    assert not np.signbit(points.examples["points"]).any()
    assert is_own(points)
    assert not is_own(give_classes([(1.23449, 0)], [0]))
    assert not is_own(give_classes([(33.0, 0)], [0]))


@pytest.mark.parametrize("came", [MOST + 0.001, -40, float("nan"), float("inf")])
def test_points_far_away_are_refused(came: float) -> None:
    with pytest.raises(Refused, match=r"points: .* came, expected numbers from -32.767 to 32.767"):
        own_points("classes", [(0, came)], [0])
    with pytest.raises(Refused, match=r"values: "):
        own_points("values", [(0, 0)], [came])


def test_what_has_no_form_is_refused() -> None:
    for points in ([(0, 0), (1,)], "points", [(0, "x")]):
        with pytest.raises(Refused, match="points: "):
            own_points("classes", points, [0, 0])


@pytest.mark.parametrize("settings", [Settings(), Settings(dataset="rings", classes=4), Settings(dataset="reg-plane")])
def test_a_drawn_set_becomes_an_own_one_with_the_same_colours(settings: Settings) -> None:
    drawn = draw_data(settings)
    own = owned(drawn, settings.class_count)
    trainer = Trainer(settings)
    trainer.learn(own)
    assert trainer.settings.class_count == settings.class_count
    before, after = (np.concatenate([data.train, data.test]) for data in (drawn, trainer.data))
    before, after = (rows[np.lexsort(np.round(rows, 3).T)] for rows in (before, after))
    np.testing.assert_allclose(after, before, atol=0.0005 + 1e-12)


def test_points_are_added_at_the_end() -> None:
    more = with_added(FOUR, [(2.00049, 3, 1), (4, 4, 0)])
    assert_array_equal(more.examples["points"], [*PLACES, (2, 3), (4, 4)])
    assert_array_equal(more.examples["labels"], [0, 1, 1, 0, 1, 0])
    assert (more.columns, more.classes) == (("a", "b", "c"), ("no", "yes"))
    assert with_added(FOUR, [(0, 0, 2)]).classes == ()


def test_no_more_points_than_the_plane_takes() -> None:
    with pytest.raises(Refused, match=f"points: {MAX_POINTS + 1} came, expected at most 1,200 points"):
        with_added(FOUR, [(0, 0, 0)] * (MAX_POINTS - 3))


@pytest.mark.parametrize(
    ("path", "radius", "left"),
    [
        ([(0, 0)], 0.5, [1, 2, 3]),
        ([(0, 0)], 1.0, [3]),  # the edge is inside
        ([(0.5, 3), (0.5, -3)], 0.4, [0, 1, 2, 3]),
        ([(0.5, 3), (0.5, -3)], 0.6, [3]),
        ([(-6, 2.5), (6, 2.5)], 0.1, [0, 1, 2]),  # between two places of the path
        ([(5, 5), (5, 4), (-3, 2.5), (-3, 2.5)], 0.01, [0, 1, 2]),
    ],
)
def test_an_eraser_takes_what_it_touches_on_its_way(
    path: list[tuple[float, float]], radius: float, left: list[int]
) -> None:
    assert_array_equal(without(FOUR, path, radius).examples["points"], PLACES[left])


place = st.tuples(*[st.integers(-6000, 6000).map(lambda step: step / 1000)] * 2)


@drawn(st.lists(place, min_size=1, max_size=6), st.floats(0.01, 5))
def test_an_eraser_touches_as_many_small_steps_would(path: list[tuple[float, float]], radius: float) -> None:
    places = np.random.default_rng(1).uniform(-6, 6, (60, 2)).round(3)
    points = own_points("classes", places, np.zeros(60))
    ends = np.array(path if len(path) > 1 else path * 2)
    steps = np.concatenate([np.linspace(a, b, 4000) for a, b in pairwise(ends)])
    nearest = np.array([np.hypot(*(steps - each).T).min() for each in places])
    sure = np.abs(nearest - radius) > 0.01
    if (nearest > radius + 0.01).any():
        left = {tuple(row) for row in without(points, path, radius).examples["points"].tolist()}
        is_left = np.array([tuple(row) in left for row in places.tolist()])
        assert_array_equal(is_left[sure], (nearest > radius)[sure])


def test_the_last_point_stays() -> None:
    with pytest.raises(Refused, match="points: 0 came, expected at least one point that is left"):
        without(FOUR, [(0, 0)], 12)


def test_the_nearest_point_moves() -> None:
    moved = with_moved(FOUR, (-2, 2), (5.5554, -6))
    assert_array_equal(moved.examples["points"], [*PLACES[:3], (5.555, -6)])
    assert_array_equal(FOUR.examples["points"], PLACES)
