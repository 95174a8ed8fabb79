"""How well a network does, in the figures that people report."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Classes = NDArray[np.int64]  # numbers of classes, from 0


def said_classes(values: Values, border: float) -> Classes:
    """The classes that outputs (outputs, points) name: the largest; of a single one, 0 if it is above the border."""
    classes: Classes = np.argmax(values, axis=0) if len(values) > 1 else ~(values[0] > border)
    return classes.astype(np.int64)


def labelled_classes(labels: Values, classes: int) -> Classes:
    """The classes of points: of two classes label 1 is class 0 and label -1 is class 1."""
    return labels.astype(np.int64) if classes > 2 else (labels <= 0).astype(np.int64)


def confusion(said: Classes, labels: Classes, classes: int) -> NDArray[np.float64]:
    """How many points of each class (rows) are taken for which (columns)."""
    counts = np.bincount(labels * classes + said, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.float64)


def accuracy(said: Classes, labels: Classes) -> float:
    """The share of points whose class is right; NaN of none."""
    return float(np.mean(said == labels)) if len(labels) else float("nan")


def regression(said: Values, targets: Values) -> NDArray[np.float64]:
    """(root mean squared error, R²); NaN where there is nothing to compare or to explain."""
    if len(targets) == 0:
        return np.array([np.nan, np.nan])
    squares = np.sum((said - targets) ** 2)
    spread = np.sum((targets - targets.mean()) ** 2)
    return np.array([np.sqrt(squares / len(targets)), 1 - squares / spread if spread else np.nan])
