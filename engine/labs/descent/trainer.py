"""A run of the descent lab: a race of which it is known when it is over, and what a visitor can change in it."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.contract import LabRun
from engine.labs.descent.model import DescentModel
from engine.labs.descent.settings import DescentSettings
from engine.runs.moment import Moment


class DescentRun(LabRun):
    """Not for two threads at once. A race that is over and is played again begins again."""

    model: DescentModel

    def __init__(self, settings: DescentSettings, dtype: DTypeLike = np.float64) -> None:
        super().__init__(DescentModel(settings, dtype), budget=0)  # it never diverges as a whole
        self.starts = 1  # how often it began at step 0
        self._was_over = False  # when it was last armed
        self.begin(epoch=0)

    @property
    def settings(self) -> DescentSettings:
        """Of the run as it is."""
        return self.model.settings

    @property
    def step_since_layout(self) -> int:
        """The number of the next step, since points were last laid in order."""
        return self._batch_step

    @property
    def is_over(self) -> bool:
        """Whether all have arrived for good, or have diverged."""
        return self.model.is_over(self.step)

    @property
    def has_ended(self) -> bool:
        """Whether it stops by itself; not again where it was over before."""
        return super().has_ended or (self.is_over and not self._was_over)

    def arm(self) -> None:
        """Watch the stop conditions from now on, the race's end among them."""
        super().arm()
        self._was_over = self.is_over

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """A race that is over begins again, when it is played."""
        if self._was_over and self.is_over:
            self.reset()
        return super().train_for(seconds, epochs)

    def change(self, settings: DescentSettings) -> bool:
        """Take other settings and keep what can be kept; True when it started over. Raises Refused.

        A change of the way to descend starts a race that is over again: nobody would move any more.
        """
        model, is_over = self.model, self.is_over
        old, model.settings = model.settings, settings
        costs = old.costs_of(settings)
        if "run" in costs or (is_over and costs - {"nothing"}):
            self.reset()
            return True
        if [racer.method for racer in old.racers] != [racer.method for racer in settings.racers]:
            model.forget()
        model.take_rule()
        if "batches" in costs:
            self.lay_out()
        if costs:
            self.go_on()
        return False

    def reset(self) -> None:
        """Back to the start."""
        self.model.draw_first()
        self.starts += 1
        self.begin(epoch=0)

    def saved(self) -> NDArray[Any]:
        """What a link keeps, for `load`."""
        return self.model.saved()

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin after `epoch` steps where `saved` says. Raises Refused."""
        self.model.load(saved, epoch)
        self.begin(epoch)

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another run with these settings. Raises Refused, KeyError."""
        self.model.check(moment.state)
        super().resume(moment)
