"""The input features: functions of a point's x and y that a network may be given."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pictures import quantize
from engine.settings import FEATURES, Feature

EXTENT = 6.0  # pictures show -6 to 6 in both directions

_FUNCTIONS: dict[Feature, Callable[[Any, Any], Any]] = {
    "x": lambda x, _: x,
    "y": lambda _, y: y,
    "xSquared": lambda x, _: x * x,
    "ySquared": lambda _, y: y * y,
    "xTimesY": lambda x, y: x * y,
    "sinX": lambda x, _: np.sin(x),
    "sinY": lambda _, y: np.sin(y),
}


def evaluate_features(features: Sequence[Feature], x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """The features of n points, (features, n)."""
    return np.array([_FUNCTIONS[feature](x, y) for feature in features], np.float64).reshape(len(features), len(x))


@lru_cache(maxsize=64)
def grid_features(features: tuple[Feature, ...], size: int) -> NDArray[np.float64]:
    """The features at the pixels of a size x size picture, row by row from the top, (features, size²)."""
    centers = (np.arange(size) + 0.5) * (2 * EXTENT / size) - EXTENT
    x, y = np.meshgrid(centers, -centers)
    result = evaluate_features(features, x.ravel(), y.ravel())
    result.flags.writeable = False
    return result


@lru_cache(maxsize=4)
def pictures(size: int = 50) -> NDArray[np.uint8]:
    """Every feature's picture, (7, size, size)."""
    return quantize(grid_features(FEATURES, size)).reshape(len(FEATURES), size, size)
