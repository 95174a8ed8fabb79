"""Lets all training methods go down from one start, while two weights alone move and all others are frozen."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.trainer import Trainer
from engine.machine.methods import Method
from engine.machine.partly_frozen import PartlyFrozen
from engine.machine.terrain import Terrain

STEPS = 250


class Race:
    """Every path lies exactly in the plane of the two weights: its height is the loss that the terrain has there."""

    def __init__(self, run: Trainer, terrain: Terrain, weights: tuple[int, int], start: tuple[float, float]) -> None:
        """`terrain`: of the plane in which only these weights change. Rate, batches and the rest are the run's own."""
        self._terrain = terrain
        moves = np.array(weights, np.int64)
        model, network = run.model, run.network
        self._descents = [
            PartlyFrozen(network, model.train_examples, replace(model.rule, method=each), moves) for each in Method
        ]
        for descent in self._descents:
            descent.place = np.array(start)
        self._paths = np.full((len(Method), STEPS + 1, 3), np.nan)
        self.steps = -1  # so far
        self._note()

    @property
    def is_over(self) -> bool:
        """Whether all steps are taken."""
        return self.steps >= STEPS

    @property
    def paths(self) -> NDArray[np.float64]:
        """Both weights and the loss of each method after each step, from the start on, (methods, steps + 1, 3).

        A method that overflows ends where it does: NaN from there on.
        """
        return self._paths[:, : self.steps + 1]

    def advance(self) -> None:
        """One step of each."""
        for descent in self._descents:
            descent.step()
        self._note()

    def _note(self) -> None:
        places = np.array([descent.place for descent in self._descents])
        self.steps += 1
        self._paths[:, self.steps, :2] = places
        self._paths[:, self.steps, 2] = self._terrain.heights(places)
        self._paths[~np.isfinite(self._paths[:, self.steps]).all(axis=1), self.steps] = np.nan
