"""The same experiment with sixteen seeds, a little at a time: how often does it collapse?"""

from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.adversarial.measures import SAMPLES, Score, score_of
from engine.labs.adversarial.model import AdversarialModel
from engine.labs.adversarial.settings import AdversarialSettings
from engine.runs.moment import Place

COUNT = 16
SHOWN = 200  # fakes of each
_LOOKS = 20  # at the fakes of each, while it plays: to count modes takes as long as some rounds
_WORK = 3_000_000  # products before a call returns, about: a millisecond


class Seeds:
    """Seeds "1" to "16", which all take so many rounds. Not for two threads at once."""

    def __init__(self, settings: AdversarialSettings, rounds: int, dtype: DTypeLike = np.float32) -> None:
        self.rounds = rounds
        self.settings = settings
        self._dtype = dtype
        self._models: list[AdversarialModel | None] = [None] * COUNT
        self._steps = max(_WORK // max(settings.work // (settings.turns + 1), 1), 1)  # of a call
        self._total = rounds * (settings.turns + 1)
        self._taken = [0] * COUNT  # steps
        self.has_diverged = [False] * COUNT
        self.fakes: NDArray[np.float32] = np.full((COUNT, SHOWN, 2), np.nan, np.float32)
        self.scores: list[Score | None] = [None] * COUNT  # of those that have begun

    @property
    def is_done(self) -> bool:
        """Whether all have taken their rounds, or have diverged."""
        return all(self._is_over(k) for k in range(COUNT))

    @property
    def share(self) -> float:
        """Of the work that is done, 0 to 1."""
        return sum(1.0 if self._is_over(k) else self._taken[k] / self._total for k in range(COUNT)) / COUNT

    @property
    def finished(self) -> int:
        """How many are done."""
        return sum(self._is_over(k) for k in range(COUNT))

    @property
    def collapsed(self) -> int:
        """How many of those that are done cover fewer modes than there are."""
        return sum(self._is_over(k) and has_collapsed(self.scores[k]) for k in range(COUNT))

    def rounds_of(self, number: int) -> int:
        """How many rounds one has taken, from 0."""
        return self._taken[number] // (self.settings.turns + 1)

    def advance(self) -> None:
        """About a millisecond of the one that is farthest behind."""
        number = min(range(COUNT), key=lambda k: (self._is_over(k), self._taken[k]))
        if self._is_over(number):
            return
        model = self._models[number] or AdversarialModel(replace(self.settings, seed=str(number + 1)), self._dtype)
        self._models[number] = model
        taken = self._taken[number]
        steps = min(self._steps, self._total - taken)
        self.has_diverged[number] = not model.take(Place(0, taken, taken), steps)
        self._taken[number] += steps
        if self._is_over(number) or taken * _LOOKS // self._total != self._taken[number] * _LOOKS // self._total:
            self._look(number, model)

    def _look(self, number: int, model: AdversarialModel) -> None:
        fakes = model.fakes(model.noises(SAMPLES, "noise to count"))
        self.fakes[number] = fakes[:, :SHOWN].T
        self.scores[number] = score_of(model.mixture, fakes)
        if self._is_over(number):
            self._models[number] = None  # its memory

    def _is_over(self, number: int) -> bool:
        return self.has_diverged[number] or self._taken[number] >= self._total


def has_collapsed(score: Score | None) -> bool:
    """Whether a generator leaves out modes."""
    return score is not None and score.covered < score.modes
