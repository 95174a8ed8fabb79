"""Computes the input features: functions of a point's x and y."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.kinds import Domain
from engine.labs.plane.own_input import own_values
from engine.machine.pictures import quantize

_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "x": lambda x, _: x,
    "y": lambda _, y: y,
    "xSquared": lambda x, _: x * x,
    "ySquared": lambda _, y: y * y,
    "xTimesY": lambda x, y: x * y,
    "sinX": lambda x, _: np.sin(x),
    "sinY": lambda _, y: np.sin(y),
}


def evaluate_features(features: Sequence[str], x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """The features of n points, (features, n): each a name, or the formula of an own input (`Settings.features`)."""
    rows = [_FUNCTIONS[name](x, y) if name in _FUNCTIONS else own_values(name, x, y) for name in features]
    return np.array(rows, np.float64).reshape(len(features), len(x))


@lru_cache(maxsize=64)
def grid_features(features: tuple[str, ...], size: int, domain: Domain) -> NDArray[np.float64]:
    """The features at the pixels of a size x size picture of a domain, row by row from the top, (features, size²)."""
    low, high = domain
    steps = (np.arange(size) + 0.5) * ((high - low) / size)
    x, y = np.meshgrid(steps + low, high - steps)
    result = evaluate_features(features, x.ravel(), y.ravel())
    result.flags.writeable = False
    return result


@lru_cache(maxsize=16)
def pictures(domain: Domain, formula: str, size: int = 50) -> NDArray[np.uint8]:
    """Every feature's picture, that of the own input last, (8, size, size)."""
    features = (*_FUNCTIONS, formula)
    return quantize(grid_features(features, size, domain)).reshape(len(features), size, size)
