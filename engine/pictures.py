"""How a value becomes a byte of a picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def quantize(values: NDArray[Any]) -> NDArray[np.uint8]:
    """-1 and below to 0, 1 and above to 255, zero to 128; what is not a number counts as zero."""
    scaled = np.nan_to_num(values, nan=0.0) * 127.5 + 128.0
    return np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)
