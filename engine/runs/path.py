"""Keeps the places of a run in the space of its parameters, few of them and evenly apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 64  # places; half of them stay when there are more
_BUDGET = 2 * 2**20  # bytes of all places
_LEAST = 8  # a run whose network has no room for so many keeps none


@dataclass(frozen=True)
class Passage:
    """A part of a path. Its arrays are shared: do not write to them."""

    steps: NDArray[np.int64]  # (n,)
    losses: NDArray[np.float64]  # of all training examples there, (n,)
    places: NDArray[Any]  # (n, parameters)


class Path:
    """The places where a run was, by its steps. `size`: bytes of one place."""

    def __init__(self, size: int) -> None:
        self.most = min(_MOST, _BUDGET // max(size, 1))
        self._apart = 1  # steps between two places, at least
        self._places: list[tuple[int, float, NDArray[Any]]] = []

    @property
    def is_kept(self) -> bool:
        """Whether there is room for a path at all."""
        return self.most >= _LEAST

    def add(self, step: int, loss: float, parameters: NDArray[Any]) -> None:
        """Note where the run is, unless the last place is near."""
        self.cut(step - 1)
        if not self.is_kept or (self._places and step < self._places[-1][0] + self._apart):
            return
        self._places.append((step, loss, parameters.copy()))
        while len(self._places) > self.most:
            self._apart *= 2
            self._thin()

    def cut(self, step: int) -> None:
        """Forget what lies behind a step: the run has gone back to it."""
        while self._places and self._places[-1][0] > step:
            self._places.pop()

    def until(self, step: int) -> Passage:
        """The path up to a step."""
        places = [place for place in self._places if place[0] <= step]
        steps = np.array([place[0] for place in places], np.int64)
        losses = np.array([place[1] for place in places], np.float64)
        return Passage(steps, losses, np.array([place[2] for place in places]))

    def _thin(self) -> None:
        """Keep the first place, and of the others those that are far enough from the one kept before."""
        kept = self._places[:1]
        for place in self._places[1:]:
            if place[0] >= kept[-1][0] + self._apart:
                kept.append(place)
        self._places = kept
