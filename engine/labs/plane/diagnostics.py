"""Measures a layer: the size of its values, and the shares of flat and dead activations."""

import numpy as np
from numpy.typing import NDArray

from engine.machine.architecture import Activation

_FLAT = 0.05  # a slope below this share of the steepest one


def size(values: NDArray[np.floating]) -> float:
    """Root mean square; 0 without values."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))) if values.size else 0.0


def flat_share(activation: Activation, values: NDArray[np.floating]) -> float:
    """The share of values (units, examples) where the activation is flat; NaN for activations that never are."""
    if activation == "tanh":
        return float(np.mean(1 - values**2 < _FLAT))
    if activation == "sigmoid":
        return float(np.mean(4 * values * (1 - values) < _FLAT))
    if activation == "elu":
        return float(np.mean(values < _FLAT - 1))
    return float("nan")


def dead_share(activation: Activation, values: NDArray[np.floating]) -> float:
    """The share of ReLU units (units, examples) that are zero for every example; NaN for other activations."""
    return float(np.mean(values.max(axis=1, initial=0) <= 0)) if activation == "relu" else float("nan")
