"""How a value becomes a byte of a picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import kernel


def quantize(values: NDArray[Any]) -> NDArray[np.uint8]:
    """-1 and below to 0, 1 and above to 255, zero to 128; what is not a number counts as zero."""
    result = np.empty(values.shape, np.uint8)
    quantize_kernel(np.ascontiguousarray(values, np.float32).reshape(-1), result.reshape(-1))
    return result


@kernel
def quantize_kernel(values: Any, result: Any) -> None:
    for at in range(len(values)):
        value = values[at]
        value = value if value == value else np.float32(0)
        value = min(max(value, np.float32(-1)), np.float32(1))
        result[at] = np.uint8(value * np.float32(127.5) + np.float32(128))


def winners(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Of probabilities (classes, points) the number of the largest, and how far it stands out, (2, points).

    0 means that all classes are as probable, 255 that the others are impossible; what is not a number counts as zero.
    """
    result = np.empty((2, values.shape[1]), np.uint8)
    winners_kernel(np.ascontiguousarray(values, np.float32), result)
    return result


@kernel
def winners_kernel(values: Any, result: Any) -> None:
    classes, points = values.shape
    even = np.float32(1 / classes)
    for point in range(points):
        best, largest = 0, np.float32(0)
        for k in range(classes):
            if values[k, point] > largest:
                best, largest = k, values[k, point]
        result[0, point] = best
        result[1, point] = np.uint8(max(largest - even, np.float32(0)) / (1 - even) * np.float32(255) + np.float32(0.5))
