"""The model of the descent lab: racers that start at one place, and take their steps at the same time.

A step is one step of each racer, whatever points it looks at. A racer that diverges stays where it was and takes no
more steps; the others go on.
"""

import math
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.descent.paths import MOST, Paths
from engine.labs.descent.problems import Floats, distance, problem_of
from engine.labs.descent.racer import Descent, rule_of
from engine.labs.descent.settings import MOST_RACERS, DescentSettings, Racer
from engine.runs.moment import Place, State

LOSSES = tuple(f"racer_{number}" for number in range(1, MOST_RACERS + 1))
"""In the order of `DescentModel.losses`; NaN for racers that there are not."""
NEAR = 0.01  # share of the start's distance from a minimum at which a racer has arrived
REST = 10  # steps that all must have been there before the race is over: momentum only passes by at first
_TOO_HIGH = 1e6  # times the start's error, or above this: the racer has diverged

Steps = NDArray[np.int64]


class DescentModel:
    """An `engine.runs.run.Model`. Not for two threads at once."""

    steps_in_epoch = 1  # what other labs call an epoch is a step here

    def __init__(self, settings: DescentSettings, dtype: DTypeLike = np.float64) -> None:
        self.settings = settings
        self._dtype = np.dtype(dtype)
        self.draw_first()

    def draw_first(self) -> None:
        """The error and its points, and all racers at the start."""
        settings = self.settings
        self.problem = problem_of(settings)
        self.racers: tuple[Racer, ...] = settings.racers
        self.descents = [Descent(self.problem, self._dtype) for _ in self.racers]
        self.paths = Paths(len(self.racers), settings.weights)
        self.arrived: Steps = np.full(len(self.racers), -1)  # since which step it is near a minimum; -1: it is not
        self.diverged: Steps = np.full(len(self.racers), -1)  # the step that led too high; -1: none
        self.taken = 0  # steps by the present method
        self.take_rule()
        self._stand(np.array([settings.start or self.problem.start] * len(self.racers)))

    def _stand(self, places: Floats, step: int = 0) -> None:
        """All are somewhere, and nothing is remembered of a way there."""
        for descent, place in zip(self.descents, places, strict=True):
            descent.weights[:] = place
        start = np.array(self.settings.start or self.problem.start)
        away = [distance(start, minimum) for minimum in self.problem.minima]
        self._near = NEAR * min(away, default=0.0)
        self._highest = _TOO_HIGH * max(1.0, abs(float(self.problem.error(start))))
        self.paths.begin()
        self.paths.note(0, self.places)
        self._look(step)

    def take_rule(self) -> None:
        """The way of descending that the settings ask for."""
        self.racers = self.settings.racers
        points = len(self.problem.points)
        seed = crc32(f"{self.settings.seed}, order".encode())
        for descent, racer in zip(self.descents, self.racers, strict=True):
            descent.take_rule(rule_of(self.settings, racer, points, seed))

    def forget(self) -> None:
        """Another method begins: what the last one remembers of gradients is gone."""
        for descent in self.descents:
            descent.moments[:] = 0
        self.taken = 0

    # -- descending ---------------------------------------------------------------------------------------------------

    def take(self, place: Place, steps: int) -> bool:
        """Take so many steps from a place of the run on. What is learned is always finite."""
        with np.errstate(over="ignore", invalid="ignore"):
            for number in range(steps):
                self._take_one(place.step + number, place.batch_step + number)
        return True

    def _take_one(self, step: int, batch_step: int) -> None:
        for k, descent in enumerate(self.descents):
            if self.diverged[k] >= 0:
                continue
            before = descent.weights.copy()
            descent.take(batch_step, self.taken, step)
            if not abs(descent.error()) <= self._highest:  # NaN is not
                descent.weights[:] = before
                self.diverged[k] = step + 1
        self.taken += 1
        self._look(step + 1)
        self.paths.note(step + 1, np.where(self.diverged[:, None] >= 0, np.nan, self.places))

    def _look(self, step: int) -> None:
        """Which racers have arrived."""
        for k, descent in enumerate(self.descents):
            if self.nearest(descent.place)[1] > self._near:
                self.arrived[k] = -1
            elif self.arrived[k] < 0:
                self.arrived[k] = step

    def nearest(self, place: Floats) -> tuple[int, float]:
        """The number of the nearest minimum, and how far it is; -1 and infinity where there is none."""
        away = [distance(place, minimum) for minimum in self.problem.minima]
        return min(enumerate(away), key=lambda each: each[1], default=(-1, math.inf))

    def is_over(self, step: int) -> bool:
        """Whether all have been at a minimum for a while, or have diverged."""
        is_there = (self.arrived >= 0) & (step - self.arrived >= REST)
        return bool((is_there | (self.diverged >= 0)).all())

    @property
    def can_move(self) -> bool:
        """Whether somebody has not diverged."""
        return bool((self.diverged < 0).any())

    # -- where they are -----------------------------------------------------------------------------------------------

    @property
    def places(self) -> Floats:
        """(racers, weights)."""
        return np.array([descent.place for descent in self.descents])

    def errors(self) -> list[float]:
        """Of each racer, over all points."""
        return [descent.error() for descent in self.descents]

    def losses(self) -> tuple[float, ...]:
        """Those of `LOSSES`."""
        errors = self.errors()
        return (*errors, *[math.nan] * (MOST_RACERS - len(errors)))

    def loss(self) -> float:
        """The first racer's."""
        return self.descents[0].error()

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        """The least error, where one ends the run, and no accuracy."""
        return (min(losses[: len(self.racers)]) if self.settings.stop_loss else math.nan), math.nan

    def largest(self) -> tuple[int, float]:
        """The largest weight, in the only layer there is."""
        return 1, float(np.abs(self.places).max())

    # -- as a whole ---------------------------------------------------------------------------------------------------

    def state(self) -> State:
        """A copy of all that descending changes."""
        tensors = {
            "weights": np.array([descent.weights for descent in self.descents]),
            "moments": np.array([descent.moments for descent in self.descents]),
            "paths": self.paths.places.copy(),
            "arrived": self.arrived.copy(),
            "diverged": self.diverged.copy(),
        }
        counts = {"taken": self.taken, "path_count": self.paths.count, "path_interval": self.paths.interval}
        return State(tensors, counts)

    def restore(self, state: State) -> None:
        """Take one over that a model of the same settings gave."""
        tensors, counts = state
        for k, descent in enumerate(self.descents):
            descent.weights[:], descent.moments[:] = tensors["weights"][k], tensors["moments"][k]
        self.paths.places[:] = tensors["paths"]
        self.arrived[:], self.diverged[:] = tensors["arrived"], tensors["diverged"]
        self.taken, self.paths.count = counts["taken"], counts["path_count"]
        self.paths.interval = counts["path_interval"]

    def check(self, state: State) -> None:
        """Raises Refused, or KeyError, unless `restore` can take it: it comes from outside."""
        for name, own in self.state().tensors.items():
            came = state.tensors[name]
            if came.dtype != own.dtype or came.shape != own.shape:
                raise Refused(name, f"{came.dtype} {came.shape}", f"{own.dtype} {own.shape}")
        if not np.isfinite(state.tensors["weights"]).all():
            raise Refused("weights", "some that are not finite", "finite numbers")
        if not (0 < state.counts["path_count"] <= MOST and state.counts["path_interval"] > 0):
            raise Refused("path_count", state.counts["path_count"], f"1 to {MOST} places")

    @property
    def nbytes(self) -> int:
        """Of a state: its paths, about; it is asked for before each turn."""
        return self.paths.places.nbytes

    def saved(self) -> NDArray[Any]:
        """What a link keeps: where all are, racer by racer."""
        return self.places.ravel()

    def load(self, saved: NDArray[Any], step: int) -> None:
        """Begin with numbers that `saved` returned after so many steps. Raises Refused."""
        count = len(self.racers) * self.settings.weights
        if len(saved) != count:
            raise Refused("weights", len(saved), f"{count} numbers for these racers")
        self.draw_first()
        with np.errstate(over="ignore"):
            self._stand(np.asarray(saved, np.float64).reshape(len(self.racers), -1), step)
            if not np.isfinite(self.errors()).all():
                raise Refused("weights", "some whose error is not finite", "finite numbers")
