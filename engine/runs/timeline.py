"""Keeps moments of a run, from which each of its epochs can be had again, bit for bit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.runs.history import History
from engine.runs.moment import Moment, State

BUDGET = 2 * 2**20  # bytes of all moments of a timeline, but of large models room for FEWEST
FEWEST = 4
LARGEST = 6 * 2**20  # bytes of a moment; larger ones are not kept
_BESIDE = 1_200  # bytes of a moment beside its arrays: objects of Python


@dataclass(frozen=True)
class Keyframe:
    """A moment that is kept."""

    number: int  # of all that were ever added to the timeline
    moment: Moment
    is_change: bool  # something but training led here, so that no earlier one leads beyond it

    @property
    def step(self) -> int:
        """When it was."""
        return self.moment.place.step


class Timeline:
    """The moments of one run, from its beginning to where it is. `budget`: their bytes, at most.

    Each sample of the history adds one, and each change to the model or its training. When there are too many, those
    that are nearest to each other are dropped, so that training has about as much to repeat everywhere. What changes
    led to cannot be repeated: when these alone are too many, the timeline begins later.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.length = 0  # how many were ever added: a place on it, for `until`
        self.nbytes = 0
        self._kept: list[Keyframe] = []
        self._apart = 1  # steps from one to the next, at least

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
        if is_change and last and last.is_change and last.step == moment.place.step:
            self._kept.pop()
        if is_change or not last or moment.place.step >= last.step + self._apart:
            own = _compact(moment, last.moment if last else None)
            self._kept.append(Keyframe(self.length, own, is_change or not last))
            self.budget = max(self.budget, room_for(bytes_of([moment])))
            self.nbytes += _bytes_of(
                self._kept[-1:], set(map(id, last.moment.state.tensors.values())) if last else set()
            )
            self._trim()
        self.length += 1

    def before(self, epoch: int) -> Keyframe | None:
        """The last from which training leads to an epoch, or that lies in it; None if there is none."""
        return next((each for each in reversed(self._kept) if each.moment.place.epoch <= epoch), None)

    def until(self, length: int, history: History) -> "Timeline":
        """A timeline of its own of the first `length` that were added, which goes on with another history."""
        kept = [
            replace(each, moment=replace(each.moment, history=history)) for each in self._kept if each.number < length
        ]
        return self._with(kept, length)

    @classmethod
    def of(cls, keyframes: Iterable[tuple[Moment, bool]]) -> "Timeline":
        """One with these moments, in their order; with each, whether a change led to it."""
        kept = [Keyframe(number, *each) for number, each in enumerate(keyframes)]
        return cls()._with(kept, len(kept))

    def sparse(self, count: int) -> Sequence[Keyframe]:
        """About so many of them, evenly, and all that changes led to."""
        stride = -(-len(self._kept) // max(count, 1))
        return [each for at, each in enumerate(self._kept) if at % stride == 0 or each.is_change]

    def shrink(self, budget: int) -> None:
        """Keep fewer: the run has left this line, and may come back to it."""
        self.budget = budget
        self._trim()

    def _with(self, kept: list[Keyframe], length: int) -> "Timeline":
        other = Timeline(self.budget)
        other.length, other._kept, other._apart, other.nbytes = length, kept, self._apart, _bytes_of(kept)
        other._trim()
        return other

    def _trim(self) -> None:
        while self.nbytes > self.budget:
            self._apart *= 2
            kept = _thinned(self._kept, self._apart)
            if len(kept) == len(self._kept) and self._apart > kept[-1].step - kept[0].step:
                kept = self._from_second_change()
            self._kept, self.nbytes = kept, _bytes_of(kept)

    def _from_second_change(self) -> list[Keyframe]:
        """All but the oldest that a change led to, and those that training led to from it."""
        return next((self._kept[at:] for at in range(1, len(self._kept)) if self._kept[at].is_change), [])


def room_for(size: int) -> int:
    """The budget that moments of so many bytes need beyond the usual one; 0 if they need none, or are too large."""
    return FEWEST * size if BUDGET // FEWEST < size <= LARGEST else 0


def bytes_of(moments: Iterable[Moment]) -> int:
    """About what they take, each with the examples that somebody gave."""
    return _bytes_of([Keyframe(0, moment, is_change=True) for moment in moments])


def _thinned(keyframes: Sequence[Keyframe], apart: int) -> list[Keyframe]:
    """Those that changes led to, and of the others those that are so many steps behind the one before."""
    kept: list[Keyframe] = []
    for each in keyframes:
        if each.is_change or not kept or each.step >= kept[-1].step + apart:
            kept.append(each)
    return kept


def _compact(moment: Moment, before: Moment | None) -> Moment:
    """With arrays of its own, which keep nothing else alive, or those of the moment before where they are the same: the
    memory of methods, say, never changes in a method without one."""
    known = before.state.tensors if before else {}
    tensors = {
        name: known[name] if name in known and np.array_equal(known[name], array) else np.array(array)
        for name, array in moment.state.tensors.items()
    }
    return replace(moment, state=State(tensors, moment.state.counts))


def _bytes_of(keyframes: Sequence[Keyframe], known: Iterable[int] = ()) -> int:
    """About what they take. Arrays that several share count once, those in `known` (by `id`) not at all, and examples
    that somebody gave where the run began to learn them."""
    seen, size = set(known), _BESIDE * len(keyframes)
    for each in keyframes:
        given = each.moment.given if each.is_change else None
        for array in (*each.moment.state.tensors.values(), *(given.examples.values() if given else ())):
            if id(array) not in seen:
                seen.add(id(array))
                size += array.nbytes
    return size
