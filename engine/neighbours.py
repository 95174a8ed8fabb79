"""What a point's five nearest neighbours tell of it: how much there is to learn of points that overlap."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.datasets import Points

_COUNT = 5


def nearest(points: Points) -> NDArray[np.int64]:
    """Of each point the five nearest others, (n, 5); (n, 0) where there are not twice as many."""
    if len(points) < 2 * _COUNT:
        return np.empty((len(points), 0), np.int64)
    places = points[:, :2].astype(np.float32)
    squares = (places**2).sum(axis=1)
    distances = squares - 2 * places @ places.T  # without the square of the point itself, the same in a row
    np.fill_diagonal(distances, np.inf)
    found: NDArray[np.int64] = np.argpartition(distances, _COUNT, axis=1)[:, :_COUNT].astype(np.int64)
    return found


def misled(labels: NDArray[np.float64], neighbours: NDArray[np.int64], classes: int) -> float:
    """The share of points whose neighbours are mostly of another class; in a regression, with no classes, half the mean
    squared error of their mean. NaN without neighbours."""
    if not neighbours.size:
        return math.nan
    around = labels[neighbours]
    if classes == 0:
        return float(np.mean((around.mean(axis=1) - labels) ** 2) / 2)
    names = np.unique(labels)
    votes = (around[:, :, None] == names).sum(axis=1)
    return float(np.mean(names[votes.argmax(axis=1)] != labels))
