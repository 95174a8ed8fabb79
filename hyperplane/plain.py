"""Numbers and arrays of NumPy as what messages and settings are made of."""

from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The same as Python's own numbers and lists, however deep."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value
