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
