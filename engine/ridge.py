"""A linear read-out of values: ridge regression in closed form."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARE = 0.1  # of the penalty in the mean square of the values; with many features, 0.001 to 10 do about as well


def ridge(values: NDArray[Any], targets: NDArray[np.float64], share: float = SHARE) -> NDArray[np.float64]:
    """(features, targets): the weights of least squared error plus a penalty, by whichever equations are fewer.

    values: (examples, features); targets: (examples, targets).
    """
    x = values.astype(np.float64)
    penalty = share * float((x * x).mean()) * len(x)
    if x.shape[0] < x.shape[1]:
        return np.asarray(x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(len(x)), targets))
    return np.asarray(np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ targets))
