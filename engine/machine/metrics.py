"""How well a network does, in the figures that people report."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import inlined

Confusion = NDArray[np.int64]  # how many points of each class (rows) are taken for which (columns)


@inlined
def count_classes(
    values: Any, width: int, count: int, outputs: Any, are_likely: bool, labels: Any, start: int, counts: Any
) -> None:
    """Add `count` examples to a confusion, if there is room for one.

    The largest of several outputs names the class by its number; of a single one, what is above the border is class 0,
    and so is label 1.
    """
    classes = max(len(outputs), 2)
    border = 0.5 if are_likely else 0.0
    for e in range(count if len(counts) > 0 else 0):
        label = labels[start + e]
        if len(outputs) == 1:
            said = 0 if values[outputs[0] * width + e] > border else 1
            true = 0 if label > 0 else 1
        else:
            said, true = 0, int(label)
            for k in range(1, len(outputs)):
                if values[outputs[k] * width + e] > values[outputs[said] * width + e]:
                    said = k
        counts[true * classes + said] += 1


def accuracy(counts: Confusion) -> float:
    """The share of points whose class is right; NaN of none."""
    points = counts.sum()
    return float(np.trace(counts) / points) if points else math.nan


def regression(loss: float, variance: float) -> tuple[float, float]:
    """(root mean squared error, R²) by the loss, half the mean square, and the variance of the targets; NaN where there
    is nothing to explain."""
    return math.sqrt(2 * loss), 1 - 2 * loss / variance if variance else math.nan
