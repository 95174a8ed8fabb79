"""The points of the plane as arrays."""

from typing import Any, NamedTuple

from numpy.typing import NDArray


class Points(NamedTuple):
    """Points (n, 3): x, y and label, which of two classes is 1 (blue) or -1, of more the class from 0, else a value."""

    train: NDArray[Any]
    test: NDArray[Any]
