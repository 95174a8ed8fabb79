"""The losses of a whole run in bounded memory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

CAPACITY = 1024


class History:
    """Train and test loss at every `stride`-th epoch from 0 on.

    When it is full, every second sample is dropped and the stride doubles: so which epochs are kept follows from the
    epoch alone, not from how fast the run was watched.
    """

    def __init__(self) -> None:
        self.stride = 1
        self._count = 0
        self._losses = np.zeros((CAPACITY, 2), np.float32)

    @property
    def losses(self) -> NDArray[np.float32]:
        """(n, 2): train and test loss at epochs 0, stride, 2 stride, …"""
        return self._losses[: self._count]

    def next_epoch(self) -> int:
        """The epoch of the next sample."""
        return self._count * self.stride

    def add(self, train: float, test: float) -> None:
        """Take the sample of `next_epoch()`."""
        if self._count == CAPACITY:
            self._halve()
        self._losses[self._count] = train, test
        self._count += 1

    def _halve(self) -> None:
        kept: NDArray[Any] = self._losses[::2].copy()
        self._losses[: len(kept)] = kept
        self._count = len(kept)
        self.stride *= 2
