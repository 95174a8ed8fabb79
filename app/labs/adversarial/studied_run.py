"""A run of the adversarial lab with what is shown of it, and with the sixteen seeds that go on between its turns."""

import time

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.adversarial.measures import SAMPLES, Best, Judge, Score, score_of
from engine.labs.adversarial.seeds import Seeds
from engine.labs.adversarial.settings import MAX_PARAMETERS, AdversarialSettings
from engine.labs.adversarial.trainer import AdversarialRun
from engine.runs.history import History
from engine.runs.moment import Moment


class StudiedGame(AdversarialRun):
    """Not for two threads at once. What is measured and tried is not in checkpoints."""

    def __init__(
        self, settings: AdversarialSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        self.seeds: Seeds | None = None
        self._asked = -1  # the number of the question that they answer
        self._measured: tuple[object, Score, Best] | None = None
        self._changes = 0  # how often something but training has changed the networks
        self._dtype = dtype
        super().__init__(settings, dtype, parameter_limit)

    def begin(self, epoch: int) -> None:
        """Other points, perhaps, and other networks."""
        self.judge = Judge(self.model.mixture)
        self._changes += 1
        super().begin(epoch)

    def go_on(self) -> None:
        """Something has changed."""
        super().go_on()
        self._changes += 1

    def stand_at(self, moment: Moment, history: History) -> None:
        """The same."""
        super().stand_at(moment, history)
        self._changes += 1

    def measured(self) -> tuple[Score, Best]:
        """The numbers of the generator as it is, and the best discriminator against it."""
        key = (self.step, self._changes)
        if self._measured is None or self._measured[0] != key:
            fakes = self.counted_fakes()
            self._measured = key, score_of(self.model.mixture, fakes), self.judge.best(fakes)
        return self._measured[1:]

    def counted_fakes(self) -> NDArray[np.generic]:
        """Those that numbers are taken from, (2, 2500)."""
        return self.model.fakes(self.model.noises(SAMPLES, "noise to count"))

    # -- sixteen seeds ------------------------------------------------------------------------------------------------

    def is_trying(self, number: int) -> bool:
        """Whether question `number` is not answered yet."""
        return number != self._asked or not (self.seeds and self.seeds.is_done)

    def try_seeds(self, rounds: int, number: int, seconds: float) -> None:
        """Go on with the sixteen of that question for about so long; a new question begins them anew."""
        if number != self._asked or self.seeds is None:
            self.seeds, self._asked = Seeds(self.settings, rounds, self._dtype), number
        end = time.perf_counter() + seconds
        while not self.seeds.is_done:
            self.seeds.advance()
            if time.perf_counter() >= end:
                break
