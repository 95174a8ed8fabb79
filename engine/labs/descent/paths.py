"""Remembers the ways of racers in little memory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 400  # places of each way: as many as a picture can show


class Paths:
    """Where each racer was: after every step at first, then after every second, fourth, …"""

    def __init__(self, racers: int, weights: int) -> None:
        self.places = np.full((racers, MOST, weights), np.nan)  # NaN where it is no longer under way
        self.count = 0
        self.interval = 1  # steps between two places

    def begin(self) -> None:
        """Forget all."""
        self.places[:] = np.nan
        self.count, self.interval = 0, 1

    def note(self, step: int, places: NDArray[Any]) -> None:
        """After step number `step`, from 0 on without a gap: where all are, (racers, weights)."""
        if step % self.interval:
            return
        if self.count == MOST:
            self.places[:, : MOST // 2] = self.places[:, ::2].copy()
            self.places[:, MOST // 2 :] = np.nan
            self.count, self.interval = MOST // 2, 2 * self.interval
        self.places[:, self.count] = places
        self.count += 1

    @property
    def known(self) -> NDArray[np.float64]:
        """(racers, count, weights)."""
        return self.places[:, : self.count]
