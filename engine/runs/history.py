"""Keeps the losses of a whole run in little memory."""

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused

_PER_E_FOLD = 256  # samples while the epoch grows by a factor of e: as many as a chart has pixels


class History:
    """Losses, often train and test, at every epoch at first, then at growing intervals.

    The interval grows with the epoch, so a billion epochs have five thousand samples. It depends on the epoch alone,
    not on how fast the run was watched.
    """

    def __init__(self, first: int = 0, series: int = 2) -> None:
        """`first`: the epoch of the first sample; `series`: losses in each."""
        self._first = first
        self._count = 0
        self._samples = np.zeros((_PER_E_FOLD, 1 + series))

    @classmethod
    def of(cls, samples: NDArray[np.float64], series: int = 2) -> "History":
        """A history with these samples (n, 1 + series). Raises Refused if their form or epochs are wrong."""
        if samples.ndim != 2 or samples.shape[1] != 1 + series or samples.dtype != np.float64:
            came = f"{samples.dtype} {samples.shape}"
            raise Refused("history", came, f"epochs and {series} losses, float64 (n, {1 + series})")
        if not np.isfinite(samples[:, 0]).all():
            raise Refused("history", "epochs that are no numbers", "whole numbers")
        history = cls(int(samples[0, 0]) if samples.size else 0, series)
        expected = history._first
        for epoch in samples[:, 0].tolist():
            if epoch != expected:
                raise Refused("history", epoch, f"epoch {expected}")
            expected = _after(expected)
        history._samples, history._count = np.concatenate([samples, np.zeros((_PER_E_FOLD, 1 + series))]), len(samples)
        return history

    @property
    def samples(self) -> NDArray[np.float64]:
        """(n, 1 + series): epoch, then the losses. Only ever grows at the end."""
        return self._samples[: self._count]

    def until(self, count: int) -> "History":
        """A new history of the first `count` samples."""
        first = History(self._first, self._samples.shape[1] - 1)
        first._samples, first._count = self._samples.copy(), count
        return first

    def count_at(self, epoch: int) -> int:
        """How many samples there were at an epoch."""
        return int(np.searchsorted(self.samples[:, 0], epoch, side="right"))

    @property
    def last_epoch(self) -> int:
        """The epoch of the last sample; without samples, that of the first to come."""
        return int(self._samples[self._count - 1, 0]) if self._count else self._first

    def next_epoch(self) -> int:
        """The epoch of the next sample."""
        if self._count == 0:
            return self._first
        return _after(self.last_epoch)

    def add(self, *losses: float) -> None:
        """Append the losses of `next_epoch()`."""
        if self._count == len(self._samples):
            self._samples = np.concatenate([self._samples, np.zeros_like(self._samples)])
        self._samples[self._count] = self.next_epoch(), *losses
        self._count += 1


def _after(epoch: int) -> int:
    """The epoch of the sample after the one at `epoch`."""
    return epoch + max(1, epoch // _PER_E_FOLD)
