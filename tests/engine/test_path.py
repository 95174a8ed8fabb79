"""path.py: few places of a run, evenly apart, and none that it has gone back from."""

import numpy as np
from numpy.testing import assert_array_equal

from engine.runs.path import Path


def walked(steps: int, size: int = 8) -> Path:
    path = Path(size)
    for step in range(steps):
        path.add(step, float(step), np.array([step, -step], np.float32))
    return path


def test_a_short_path_is_kept_whole() -> None:
    passage = walked(50).until(49)
    assert_array_equal(passage.steps, np.arange(50))
    assert_array_equal(passage.losses, np.arange(50.0))
    assert_array_equal(passage.places, np.stack([np.arange(50.0), -np.arange(50.0)], axis=1))


def test_a_long_path_is_thinned_evenly() -> None:
    path = walked(100_000)
    steps = path.until(100_000).steps
    assert 32 <= len(steps) <= path.most == 64
    gaps = np.diff(steps)
    assert gaps.min() == gaps.max()
    assert steps[0] == 0
    assert steps[-1] > 100_000 - gaps.max() - 1


def test_places_that_the_run_went_back_from_are_forgotten() -> None:
    path = walked(50)
    assert path.until(20).steps[-1] == 20
    path.add(15, 7.0, np.zeros(2))
    passage = path.until(30)
    assert_array_equal(passage.steps, np.arange(16))
    assert passage.losses[-1] == 7.0


def test_a_large_network_has_a_shorter_path_or_none() -> None:
    assert Path(600_000).most == 3
    assert not Path(600_000).is_kept
    assert Path(40_000).most == 52


def test_a_place_is_a_copy() -> None:
    path, place = Path(8), np.zeros(2)
    path.add(0, 1.0, place)
    place[:] = 5
    assert_array_equal(path.until(0).places, [[0, 0]])
