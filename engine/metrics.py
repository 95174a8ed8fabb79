"""How well a network does, in the figures that people report."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def confusion(said: Values, labels: Values) -> NDArray[np.float64]:
    """(true positives, false negatives, false positives, true negatives); labels are 1 or -1, above zero means 1."""
    positive, taken = labels > 0, said > 0
    return np.array(
        [
            np.sum(positive & taken),
            np.sum(positive & ~taken),
            np.sum(~positive & taken),
            np.sum(~positive & ~taken),
        ],
        np.float64,
    )


def regression(said: Values, targets: Values) -> NDArray[np.float64]:
    """(root mean squared error, R²); NaN where there is nothing to compare or to explain."""
    if len(targets) == 0:
        return np.array([np.nan, np.nan])
    squares = np.sum((said - targets) ** 2)
    spread = np.sum((targets - targets.mean()) ** 2)
    return np.array([np.sqrt(squares / len(targets)), 1 - squares / spread if spread else np.nan])
