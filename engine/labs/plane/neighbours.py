"""What a point's five nearest neighbours tell of it: how much there is to learn of points that overlap."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.kernel import exact_kernel
from engine.labs.plane.datasets import Points

_COUNT = 5


def nearest(points: Points) -> NDArray[np.int64]:
    """Of each point the five nearest others, the nearest first, (n, 5); (n, 0) where there are not twice as many."""
    if len(points) < 2 * _COUNT:
        return np.empty((len(points), 0), np.int64)
    found = np.empty((len(points), _COUNT), np.int64)
    find_nearest(np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), found, np.empty(_COUNT))
    return found


@exact_kernel
def find_nearest(
    x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int64], distances: NDArray[np.float64]
) -> None:
    """Set found[i] (n, k) to the k nearest others of point i, by comparing all; `distances` (k,) is room.

    1,200 points take 3 ms. By a matrix product and a partial sort, as NumPy does it, 600 took 20 ms where a class came
    at once: a turn so long that its session waited three seconds for the next.
    """
    count, most = found.shape
    for i in range(count):
        distances[:] = np.inf
        for j in range(count):
            distance = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
            if j == i or distance >= distances[-1]:
                continue
            place = most - 1
            while place > 0 and distances[place - 1] > distance:
                distances[place], found[i, place] = distances[place - 1], found[i, place - 1]
                place -= 1
            distances[place], found[i, place] = distance, j


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
