"""Allocates arrays for the kernels: aligned, with room for a vector behind the end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.vectors.lanes import LANES

Tensors = dict[str, NDArray[Any]]  # by name

_CACHE_LINE = 64  # bytes; a vector across two lines costs two loads


def lanes_for(count: int) -> int:
    """`count` rounded up to whole vectors."""
    return -(-count // LANES) * LANES


def aligned_zeros(count: int, dtype: DTypeLike) -> NDArray[Any]:
    """Zeros from the start of a cache line, with a vector's overhang behind them: (count + LANES,)."""
    kind = np.dtype(dtype)
    size = (count + LANES) * kind.itemsize
    memory = np.zeros(size + _CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    return memory[start : start + size].view(kind)


def aligned_parts(counts: Sequence[int], dtype: DTypeLike) -> tuple[NDArray[Any], list[slice]]:
    """One array that holds arrays like those of `aligned_zeros`, and their slices; one copy copies them all."""
    rooms = [lanes_for(count) + LANES for count in counts]
    starts = [sum(rooms[:place]) for place in range(len(rooms))]
    parts = [slice(start, start + count + LANES) for start, count in zip(starts, counts, strict=True)]
    return aligned_zeros(sum(rooms), dtype), parts
