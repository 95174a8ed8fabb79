"""Places of a run from which its last steps can be taken again, bit for bit."""

from dataclasses import dataclass

from engine.network import Snapshot


@dataclass(frozen=True)
class Mark:
    """Where a run stood."""

    snapshot: Snapshot
    epoch: int  # whole ones
    step: int
    batch_step: int


@dataclass(frozen=True)
class Kept:
    """Where a run can go back to, with the losses until there."""

    mark: Mark
    samples: int  # of the history


class Marks:
    """At most three: copies of large networks are large."""

    def __init__(self, apart: int) -> None:
        """`apart`: how many steps back one wants to be able to go, where the run is old enough."""
        self.epoch: Mark | None = None  # at the start of an epoch; the history has no sample after it
        self._apart = apart
        self._far: list[Mark] = []  # two, at least so far apart

    def add(self, mark: Mark, *, begins_epoch: bool) -> None:
        """Training goes on from here."""
        if begins_epoch:
            self.epoch = mark
        if not self._far or mark.step >= self._far[-1].step + self._apart:
            self._far = [*self._far[-1:], mark]

    def forget(self) -> None:
        """Something has changed: the same steps would lead elsewhere."""
        self.epoch, self._far = None, []

    def before(self, step: int) -> Mark | None:
        """The last one at or before a step, or the first of all."""
        marks = sorted([*self._far, *([self.epoch] if self.epoch else [])], key=lambda mark: mark.step)
        return next((mark for mark in reversed(marks) if mark.step <= step), marks[0] if marks else None)
