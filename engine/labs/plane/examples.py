"""Converts points and the pixels of pictures into inputs of the machine."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.plane.datasets import Points
from engine.labs.plane.features import evaluate_features, grid_features
from engine.labs.plane.kinds import Domain
from engine.labs.plane.neighbours import nearest
from engine.machine.examples import Grid, Labelled


class Examples(Labelled):
    """Points (n, 3): some features of x and y are a network's inputs, the third column is its target."""

    def __init__(self, points: Points, features: Sequence[str], before: int, dtype: DTypeLike) -> None:
        rows = np.concatenate([points[len(points) - before :], points])
        super().__init__(evaluate_features(features, rows[:, 0], rows[:, 1]), rows[:, 2], before, dtype)
        self._points = points

    @property
    def labels(self) -> NDArray[np.float64]:
        """The targets as they were drawn, (count,)."""
        return self._points[:, 2]

    @cached_property
    def nearest(self) -> NDArray[np.int64]:
        """The indexes of each point's five nearest others, (count, 5)."""
        return nearest(self._points)

    @cached_property
    def variance(self) -> float:
        """Variance of the targets; 0 without points."""
        return float(self._points[:, 2].var()) if self.count else 0.0


@lru_cache(maxsize=64)
def grid_for(features: tuple[str, ...], size: int, dtype: np.dtype[np.floating], domain: Domain) -> Grid:
    """The centres of a picture's pixels. Callers share it: do not write to it."""
    return Grid(grid_features(features, size, domain), dtype)
