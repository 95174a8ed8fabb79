"""sections.py: directions and shares against NumPy's singular value decomposition and projections."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine import sections


def cloud(points: int, parameters: int) -> np.ndarray:
    rng = np.random.default_rng(points + parameters)
    return rng.normal(size=(points, 3)) @ rng.normal(size=(3, parameters)) + 0.1 * rng.normal(size=(points, parameters))


@pytest.mark.parametrize("shape", [(40, 7), (7, 40), (2, 9), (60, 60)])
def test_the_plane_of_a_path_is_that_of_the_decomposition(shape: tuple[int, int]) -> None:
    points, centre = cloud(*shape), np.random.default_rng(1).normal(size=shape[1])
    section = sections.along_path(centre, points, [])
    _, sizes, axes = np.linalg.svd(points - centre)
    for own, axis in zip(section.axes, axes[:2], strict=True):
        assert abs(own @ axis) == pytest.approx(1, abs=1e-9)
    assert section.share(points, centre) == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum(), abs=1e-9)


def test_a_share_is_that_of_the_projection_and_coordinates_are_those_of_least_squares() -> None:
    points, centre = cloud(30, 9), np.arange(9.0)
    rng = np.random.default_rng(2)
    section = sections.at_random(centre, [rng.normal(size=9), 3 * rng.normal(size=9)])
    assert section.axes[0] @ section.axes[1] == pytest.approx(0, abs=1e-12)
    basis, _ = np.linalg.qr(section.axes.T)
    moved = points - centre
    assert section.share(points, centre) == pytest.approx(
        (moved @ basis).var(axis=0, mean=0).sum() / (moved**2).mean(0).sum()
    )
    solved, *_ = np.linalg.lstsq(section.axes.T, moved.T, rcond=None)
    assert_allclose(section.coordinates(points), solved.T, atol=1e-12)


def test_two_weights_hold_what_those_two_have_moved() -> None:
    points, centre = cloud(30, 9), np.zeros(9)
    section = sections.of_weights(centre, (4, 2))
    assert section.share(points, centre) == pytest.approx((points[:, [4, 2]] ** 2).sum() / (points**2).sum())
    assert_array_equal(section.coordinates(points), points[:, [4, 2]])


def test_a_path_without_two_directions_gets_others() -> None:
    line = np.outer(np.arange(5.0), [1.0, 2.0, 0.0, 0.0])
    other = np.array([0.0, 0.0, 3.0, 4.0])
    section = sections.along_path(np.zeros(4), line, [other])
    assert_allclose(section.axes, [[1 / 5**0.5, 2 / 5**0.5, 0, 0], [0, 0, 0.6, 0.8]], atol=1e-12)
    assert section.share(line, np.zeros(4)) == pytest.approx(1)
    still = sections.along_path(np.zeros(4), np.zeros((3, 4)), [other, np.array([1.0, 0, 0, 0])])
    assert_allclose(still.axes[0], other / 5)
    assert np.isnan(still.share(np.zeros((3, 4)), np.zeros(4)))


def test_filter_normalised_directions_are_as_large_as_the_weights_of_each_unit() -> None:
    run = Trainer(Settings(hidden=(4, 3), batch_norm=True), np.float64)
    program, parameters = run.network.program, run.network.parameters
    direction = sections.filter_normalised(np.random.default_rng(5).normal(size=len(parameters)), program, parameters)
    for layer in program.layers:
        own, drawn = layer.weights.of(parameters), layer.weights.of(direction)
        assert_allclose(np.linalg.norm(drawn[:, :-1], axis=1), np.linalg.norm(own[:, :-1], axis=1))
        assert not drawn[:, -1].any()
    assert not direction[program.layers[-1].weights.end :].any()
