"""Points as the machine wants them: feature by feature, the examples along the lanes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from engine.datasets import Points
from engine.features import evaluate_features
from engine.memory import aligned_zeros, lanes_for
from engine.settings import Feature


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
