"""Keeps moments of a run, from which each of its epochs can be had again, bit for bit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from engine.runs.history import History
from engine.runs.moment import Moment

BUDGET = 2 * 2**20  # bytes of all moments of a timeline
_BESIDE = 1_500  # bytes of a moment beside its arrays: objects of Python


@dataclass(frozen=True)
class Keyframe:
    """A moment that is kept."""

    number: int  # of all that were ever added to the timeline
    moment: Moment
    is_change: bool  # something but training led here, so that no earlier one leads beyond it

    @cached_property
    def nbytes(self) -> int:
        """About what it takes; examples that somebody gave are counted where they were given."""
        given = self.moment.given if self.is_change else None
        examples = sum(each.nbytes for each in given.examples.values()) if given else 0
        return _BESIDE + sum(each.nbytes for each in self.moment.state.tensors.values()) + examples


class Timeline:
    """The moments of one run, from its beginning to where it is. `budget`: their bytes, at most.

    Each sample of the history adds one, and each change to the model or its training. When there are too many, every
    second sample's is dropped: samples lie evenly in the logarithm of the epoch, and training repeats what is between.
    What changes led to cannot be repeated: when these alone are too many, the timeline begins later.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.length = 0  # how many were ever added: a place on it, for `until`
        self.nbytes = 0
        self._kept: list[Keyframe] = []
        self._apart = 1  # samples from one that is kept to the next

    @property
    def keyframes(self) -> tuple[Keyframe, ...]:
        """All that are kept, in their order."""
        return tuple(self._kept)

    @property
    def first(self) -> int | None:
        """The first epoch that can be had again; None if not a single moment fits."""
        return self._kept[0].moment.place.epoch if self._kept else None

    def add(self, moment: Moment, *, is_change: bool = False) -> None:
        """Keep where the run is now. Of changes that follow each other without training, the last counts."""
        last = self._kept[-1] if self._kept else None
        if is_change and last and last.is_change and last.moment.place.step == moment.place.step:
            self._drop_last()
        if is_change or moment.samples % self._apart == 0 or not self._kept:
            self._keep(Keyframe(self.length, moment, is_change or not self._kept))
        self.length += 1

    def before(self, epoch: int) -> Keyframe | None:
        """The last from which training leads to an epoch, or that lies in it; None if there is none."""
        return next((each for each in reversed(self._kept) if each.moment.place.epoch <= epoch), None)

    def until(self, length: int, history: History | None = None) -> "Timeline":
        """A timeline of its own of the first `length` that were added, which goes on with another history."""
        first = Timeline(self.budget)
        first._apart = self._apart
        for each in self._kept:
            if each.number < length:
                moment = replace(each.moment, history=history) if history else each.moment
                first._keep(replace(each, moment=moment))
        first.length = length
        return first

    @classmethod
    def of(cls, keyframes: Iterable[tuple[Moment, bool]], budget: int = BUDGET) -> "Timeline":
        """One with these moments, in their order; with each, whether a change led to it."""
        timeline = cls(budget)
        for moment, is_change in keyframes:
            timeline._keep(Keyframe(timeline.length, moment, is_change))
            timeline.length += 1
        return timeline

    def thinned(self, budget: int) -> "Timeline":
        """A copy with fewer."""
        copy = self.until(self.length)
        copy.shrink(budget)
        return copy

    def shrink(self, budget: int) -> None:
        """Keep fewer: the run has left this line, and may come back to it."""
        self.budget = budget
        self._trim()

    def _keep(self, keyframe: Keyframe) -> None:
        self._kept.append(keyframe)
        self.nbytes += keyframe.nbytes
        self._trim()

    def _drop_last(self) -> None:
        self.nbytes -= self._kept.pop().nbytes

    def _trim(self) -> None:
        while self.nbytes > self.budget:
            self._apart *= 2
            kept = [each for each in self._kept if each.is_change or each.moment.samples % self._apart == 0]
            if len(kept) == len(self._kept) and self._apart > max(each.moment.samples for each in kept):
                kept = self._from_second_change()
            self._kept = kept
            self.nbytes = sum(each.nbytes for each in kept)

    def _from_second_change(self) -> list[Keyframe]:
        """All but the oldest that a change led to, and those that training led to from it."""
        return next((self._kept[at:] for at in range(1, len(self._kept)) if self._kept[at].is_change), [])
