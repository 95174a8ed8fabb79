"""Computes the input features: functions of a point's x and y."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.kinds import Domain
from engine.labs.plane.settings import FEATURES, Feature
from engine.machine.pictures import quantize

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
def grid_features(features: tuple[Feature, ...], size: int, domain: Domain) -> NDArray[np.float64]:
    """The features at the pixels of a size x size picture of a domain, row by row from the top, (features, size²)."""
    low, high = domain
    steps = (np.arange(size) + 0.5) * ((high - low) / size)
    x, y = np.meshgrid(steps + low, high - steps)
    result = evaluate_features(features, x.ravel(), y.ravel())
    result.flags.writeable = False
    return result


@lru_cache(maxsize=8)
def pictures(domain: Domain, size: int = 50) -> NDArray[np.uint8]:
    """Every feature's picture, (7, size, size)."""
    return quantize(grid_features(FEATURES, size, domain)).reshape(len(FEATURES), size, size)
