"""Lays out inputs and targets for the machine: feature by feature, the examples along the lanes."""

from math import isqrt

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.vectors.memory import aligned_zeros, lanes_for


class Inputs:
    """inputs [feature * stride + e] for example e of `columns` (features, examples)."""

    before = 0

    def __init__(self, columns: NDArray[np.float64], dtype: DTypeLike) -> None:
        features, self.count = columns.shape
        self.stride = lanes_for(self.count)
        self.inputs = aligned_zeros(features * self.stride, dtype)
        rows = self.inputs[: features * self.stride].reshape(features, self.stride)
        rows[:, : self.count] = columns


class Grid(Inputs):
    """The pixels of a square picture, row by row from the top."""

    def __init__(self, columns: NDArray[np.float64], dtype: DTypeLike) -> None:
        super().__init__(columns, dtype)
        self.size = isqrt(self.count)  # pixels per side


class Labelled(Inputs):
    """inputs [feature * stride + before + e], targets [before + e] for example e.

    `columns` is (features, before + examples), with as many targets; the last `before` examples are repeated in front.
    """

    def __init__(
        self, columns: NDArray[np.float64], targets: NDArray[np.float64], before: int, dtype: DTypeLike
    ) -> None:
        super().__init__(columns, dtype)
        self.targets = aligned_zeros(self.stride, dtype)
        self.targets[: self.count] = targets
        self.count -= before
        self.before = before
        self.sequence = np.zeros(self.count, np.int64)  # scratch for the order of an epoch
