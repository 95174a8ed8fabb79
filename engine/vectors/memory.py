"""Arrays as the kernels want them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.vectors.lanes import LANES

Tensors = dict[str, NDArray[Any]]  # by name

_CACHE_LINE = 64  # a vector that lies in two lines costs two loads


def lanes_for(count: int) -> int:
    """The whole vectors that hold `count` examples, in lanes."""
    return -(-count // LANES) * LANES


def aligned_zeros(count: int, dtype: DTypeLike) -> NDArray[Any]:
    """`count` zeros at the start of a cache line, with room behind them for one vector's overhang."""
    kind = np.dtype(dtype)
    size = (count + LANES) * kind.itemsize
    memory = np.zeros(size + _CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    return memory[start : start + size].view(kind)


def aligned_parts(counts: Sequence[int], dtype: DTypeLike) -> tuple[NDArray[Any], list[slice]]:
    """Where arrays as `aligned_zeros` makes them lie in one, and that one: a copy of it is a copy of them all."""
    rooms = [lanes_for(count) + LANES for count in counts]
    starts = [sum(rooms[:place]) for place in range(len(rooms))]
    parts = [slice(start, start + count + LANES) for start, count in zip(starts, counts, strict=True)]
    return aligned_zeros(sum(rooms), dtype), parts
