"""Defines the weights of a network's layers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]  # a dense layer's parameters, (units, inputs + 1), the last column is the bias


def no_norm(units: int) -> Matrix:
    """Scale 1, shift 0, running mean 0, running variance 1: a batch norm that changes nothing yet."""
    return np.repeat([[1.0], [0.0], [0.0], [1.0]], units, axis=1)


@dataclass(frozen=True)
class LayerWeights:
    """The weights of a dense layer and of its batch norm, which counts only if the network has one."""

    matrix: Matrix
    norm: Matrix  # (4, units): scales, shifts, running means and variances


def without_history(matrix: Matrix) -> LayerWeights:
    """A layer with a fresh batch norm."""
    return LayerWeights(matrix, no_norm(len(matrix)))
