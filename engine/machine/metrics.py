"""Computes the figures that people report of a network: confusion, accuracy, error and R²."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import inlined

Confusion = NDArray[np.int64]  # points by true class (rows) and predicted class (columns)


@inlined
def count_classes(
    values: Any, width: int, count: int, outputs: Any, are_likely: bool, labels: Any, start: int, counts: Any
) -> None:
    """Add `count` examples to a confusion, unless `counts` is empty.

    The largest of several outputs is the predicted class. A single output predicts class 0, which has label 1, if it is
    above the border.
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
    """The share of points whose class is right; NaN without points."""
    points = counts.sum()
    return float(np.trace(counts) / points) if points else math.nan


def regression(loss: float, variance: float) -> tuple[float, float]:
    """(root mean squared error, R²) from the loss, which is half the mean square, and the variance of the targets; R²
    is NaN if that is zero."""
    return math.sqrt(2 * loss), 1 - 2 * loss / variance if variance else math.nan
