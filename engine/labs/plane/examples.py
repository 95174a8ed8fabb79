"""Points as the machine wants them: feature by feature, the examples along the lanes."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.plane.datasets import Points
from engine.labs.plane.features import evaluate_features, grid_features
from engine.labs.plane.kinds import Domain
from engine.labs.plane.neighbours import nearest
from engine.labs.plane.settings import Feature
from engine.vectors.memory import aligned_zeros, lanes_for


class Examples:
    """inputs [feature * stride + before + e], targets [before + e] for example e.

    In front of the first example stand the last `before` once more.
    """

    def __init__(self, points: Points, features: Sequence[Feature], before: int, dtype: DTypeLike) -> None:
        rows = np.concatenate([points[len(points) - before :], points])
        self.count = len(points)
        self.before = before
        self.stride = lanes_for(len(rows))
        self.sequence = np.zeros(self.count, np.int64)  # room for an order
        self.inputs = aligned_zeros(len(features) * self.stride, dtype)
        self.targets = aligned_zeros(self.stride, dtype)
        columns = self.inputs[: len(features) * self.stride].reshape(len(features), self.stride)
        columns[:, : len(rows)] = evaluate_features(features, rows[:, 0], rows[:, 1])
        self.targets[: len(rows)] = rows[:, 2]
        self._points = points

    @property
    def labels(self) -> NDArray[np.float64]:
        """The targets as they were drawn, (count,)."""
        return self._points[:, 2]

    @cached_property
    def nearest(self) -> NDArray[np.int64]:
        """Of each point the five nearest others, (count, 5)."""
        return nearest(self._points)

    @cached_property
    def variance(self) -> float:
        """Of the targets; 0 of none."""
        return float(self._points[:, 2].var()) if self.count else 0.0


class Grid:
    """The middles of a picture's pixels, row by row from the top: inputs [feature * stride + pixel]."""

    before = 0

    def __init__(self, features: tuple[Feature, ...], size: int, dtype: DTypeLike, domain: Domain) -> None:
        self.size = size
        self.count = size * size
        self.stride = lanes_for(self.count)
        self.inputs = aligned_zeros(len(features) * self.stride, dtype)
        rows = self.inputs[: len(features) * self.stride].reshape(len(features), self.stride)
        rows[:, : self.count] = grid_features(features, size, domain)


@lru_cache(maxsize=64)
def grid_for(features: tuple[Feature, ...], size: int, dtype: np.dtype[np.floating], domain: Domain) -> Grid:
    """One for all who want the same; nobody may write to it."""
    return Grid(features, size, dtype, domain)
