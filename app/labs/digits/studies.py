"""What takes longer than a frame: surveys of the test digits, the strongest digits of units, read-outs of layers.

All of it goes on some digits at a time. A study is settled once every digit has been looked at since the networks last
changed; while they learn it goes round and round, and each number is that of the latest look.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.labs.digits.insights import Excitements, ReadOut
from engine.labs.digits.mnist import TEST_DIGITS
from engine.labs.digits.model import DigitsModel
from engine.labs.digits.settings import TWINS, Twin
from engine.labs.digits.surveys import Survey, by_shift

CHUNK = 25  # digits at once, fewer than networks have room for: under a millisecond with the default ones
_READ_OUT = 1_000  # digits to fit a read-out with, where there are so many, and to score it with

Key = tuple[int, int]  # of the networks as they are: step, and how often something but training has changed them


class Round:
    """How far a study is that is done in so many parts, again and again.

    `begun`: parts that may have to be finished first, when the networks change while a result is being made of several.
    """

    def __init__(self, parts: int, advance: Callable[[Key], object], begun: int = 0) -> None:
        self.parts = parts
        self._begun = begun
        self.done = 0  # parts since it began
        self._advance = advance
        self._key: Key | None = None
        self._left = parts

    def is_settled(self, key: Key) -> bool:
        """Whether all parts were done since the networks are as they are."""
        return key == self._key and self._left == 0

    def go_on(self, key: Key) -> None:
        """The next part."""
        if key != self._key:
            self._key, self._left = key, self.parts + self._begun
        self._advance(key)
        self._left = max(self._left - 1, 0)
        self.done += 1

    @property
    def share(self) -> float:
        """Of the parts that were done at least once."""
        return min(self.done / self.parts, 1.0)


class Studies:
    """Of one run, until it begins anew. Made when they are first wanted."""

    def __init__(self, model: DigitsModel) -> None:
        self._model = model
        self._seen: Key | None = None
        self.by_shift: Survey | None = None
        self.all_digits = Survey(np.arange(TEST_DIGITS))
        self.excitements: dict[Twin, Excitements] = {}
        self.scores: dict[Twin, NDArray[np.float64]] = {
            twin: np.full(network.layer_count, np.nan) for twin, network in model.networks.items()
        }
        self.pixels_score = np.nan  # of the image itself, which both networks see
        self._known = min(_READ_OUT, model.settings.digits)  # digits that a read-out is fitted to
        layers = [(twin, layer) for twin in TWINS for layer in range(1, len(self.scores[twin]) + 1)]
        self._read_outs: list[tuple[Twin, int]] = [("plain", 0), *layers]
        self._read_out: ReadOut | None = None
        self._next_read_out = 0
        self.tests = Round(TEST_DIGITS // CHUNK, lambda _: self.all_digits.advance(model, CHUNK))
        self.shifts: Round | None = None
        self.strongest: dict[Twin, Round] = {}
        self.read_outs: Round | None = None

    # -- what is wanted -----------------------------------------------------------------------------------------------

    def wanted(self, *, shift_map: bool, strongest: Twin | None, read_outs: bool) -> list[Round]:
        """The studies for these wishes; the confusion of the networks as they stand is always one.

        strongest: the network whose units' strongest digits are wanted.
        """
        rounds = [self.tests]
        if shift_map:
            rounds.append(self._shifts())
        if strongest:
            rounds.append(self._strongest(strongest))
        if read_outs:
            rounds.append(self._scores())
        return rounds

    def has_work(self, key: Key, rounds: list[Round]) -> bool:
        """Whether one of them is not settled."""
        return not all(each.is_settled(key) for each in rounds)

    def work(self, key: Key, rounds: list[Round], seconds: float) -> None:
        """Go on with those that are not settled, in turns, at least one part of one.

        While the networks learn, the run's own looks say how they read the test digits: that study waits. Else it comes
        first, as those looks are of networks before an edit.
        """
        is_still, self._seen = key == self._seen, key
        todo = [each for each in rounds if not each.is_settled(key) and (is_still or each is not self.tests)]
        end = time.perf_counter() + seconds
        while todo:
            todo.sort(key=lambda each: (each is not self.tests, each.done / each.parts))
            todo[0].go_on(key)
            todo = [each for each in todo if not each.is_settled(key)]
            if time.perf_counter() >= end:
                break

    def renewed(self, key: Key) -> NDArray[np.bool_]:
        """(shifts,): whether each was measured less than an epoch ago, and since the networks were last edited."""
        step, changes = key
        stamps = self.by_shift.stamps if self.by_shift else []
        since = step - self._model.steps_in_epoch
        return np.array([isinstance(at, tuple) and at[1] == changes and at[0] > since for at in stamps], np.bool_)

    # -- single ones --------------------------------------------------------------------------------------------------

    def _shifts(self) -> Round:
        if self.shifts is None:
            survey = self.by_shift = by_shift()
            parts = len(survey.moves) * -(-len(survey.digits) // CHUNK)
            self.shifts = Round(parts, lambda key: survey.advance(self._model, CHUNK, key))
        return self.shifts

    def _strongest(self, twin: Twin) -> Round:
        if twin not in self.strongest:
            model = self._model
            excitements = self.excitements[twin] = Excitements(model.networks[twin])
            self.strongest[twin] = Round(
                TEST_DIGITS // CHUNK, lambda _: excitements.advance(model.networks[twin], model.test_examples, CHUNK)
            )
        return self.strongest[twin]

    def _scores(self) -> Round:
        if self.read_outs is None:
            parts = -(-self._known // CHUNK) + _READ_OUT // CHUNK
            self.read_outs = Round(len(self._read_outs) * parts, self._advance_read_out, parts)
        return self.read_outs

    def _advance_read_out(self, _: Key) -> None:
        twin, layer = self._read_outs[self._next_read_out]
        network = self._model.networks[twin]
        self._read_out = self._read_out or ReadOut(network, layer, self._known, _READ_OUT)
        if self._read_out.advance(self._model, network, CHUNK):
            score = self._read_out.score()
            if layer:
                self.scores[twin][layer - 1] = score
            else:
                self.pixels_score = score
            self._read_out, self._next_read_out = None, (self._next_read_out + 1) % len(self._read_outs)
