"""Guesses each point by its five nearest neighbours, to see how well overlapping points can be learnt."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.kernel import exact_kernel
from engine.labs.plane.datasets import Points

_COUNT = 5


def nearest(points: Points) -> NDArray[np.int64]:
    """The indexes of each point's five nearest others, nearest first, (n, 5); (n, 0) if n < 10."""
    if len(points) < 2 * _COUNT:
        return np.empty((len(points), 0), np.int64)
    found = np.empty((len(points), _COUNT), np.int64)
    find_nearest(np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), found, np.empty(_COUNT))
    return found


@exact_kernel
def find_nearest(
    x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int64], distances: NDArray[np.float64]
) -> None:
    """Set found[i] (n, k) to the k nearest others of point i, by comparing all; `distances` (k,) is scratch.

    1,200 points take 3 ms. With NumPy's matrix product and partial sort 600 took 20 ms when a class arrived at once,
    a turn so long that the session waited three seconds for its next.
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
    """The share of points whose neighbours are mostly of another class; in a regression (no classes) half the mean
    squared error of guessing the neighbours' mean. NaN without neighbours."""
    if not neighbours.size:
        return math.nan
    around = labels[neighbours]
    if classes == 0:
        return float(np.mean((around.mean(axis=1) - labels) ** 2) / 2)
    names = np.unique(labels)
    votes = (around[:, :, None] == names).sum(axis=1)
    return float(np.mean(names[votes.argmax(axis=1)] != labels))
